"""No text brings anything but a graph or a refusal."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

from fuzzing import check, check_part
from hypothesis import given
from hypothesis import strategies as st

COUNT = int(os.environ.get("BACKPROPVIZ_FUZZ", "5000"))  # .ci/run reads 200,000 beside
PART = 5_000


def test_mutated_texts():
    counts = [min(PART, COUNT - first) for first in range(0, COUNT, PART)]
    read = check_part(0, counts[0])
    if counts[1:]:
        # Fresh processes: a fork would take over the locks of whatever runs here.
        with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
            read += sum(pool.map(check_part, range(1, len(counts)), counts[1:]))
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
