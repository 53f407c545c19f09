"""No text brings anything but a graph or a refusal."""

from __future__ import annotations

import os
import random
import sys

from fuzzing import check, mutants
from hypothesis import given
from hypothesis import strategies as st

COUNT = int(os.environ.get("BACKPROPVIZ_FUZZ", "20000"))


def test_mutated_texts():
    read = sum(check(text) for text in mutants(seed=0, count=COUNT))
    assert 0.02 * COUNT < read < 0.98 * COUNT  # both kinds were met


@given(st.text(max_size=60))
def test_any_text(text):
    check(text)


def test_every_character_alone_and_in_a_name():
    source = random.Random(1)  # noqa: S311  repeatable, not secret
    points = [*range(0x300), *source.sample(range(0x300, sys.maxunicode + 1), 3000)]
    for point in points:
        check(chr(point))
        check(f"x{chr(point)}y + 1")
