"""The same seed gives the same bits: in nine runs, in three processes, whatever Python's hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "everything_seeded.py"


@pytest.fixture(scope="module")
def outputs():
    """What the program prints under each hash seed; the three processes run side by side."""
    running = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for seed in ("0", "1", "2")
    ]
    finished = [process.communicate(timeout=200) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], finished
    return [dict(line.split(": ") for line in text.splitlines()) for text, _ in finished]


def test_nine_runs_in_three_processes_give_the_same_bits(outputs):
    first, *others = outputs
    for other in others:
        assert {name for name in first if other.get(name) != first[name]} == set()
        assert other.keys() == first.keys()


def test_one_of_everything_was_made(outputs):
    names = " ".join(outputs[0])
    parts = "circuit, networkx, LaTeX, specification, gradient, to_html, to_svg, moons, Adam, replay, exercise vector"
    for part in parts.split(", "):
        assert part in names
    assert len(set(outputs[0].values())) > 0.8 * len(outputs[0])
