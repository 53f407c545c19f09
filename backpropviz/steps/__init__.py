"""A run told as data: records, replay, words and equations.

A graph at a point (``run``) is recorded (``timeline``) as steps of records (``records``), which can be replayed
(``sequence``). What is said of them is written once, as templates (``segments`` is their
language): ``forward_words`` and ``backward_words`` for the sweeps and the step that may follow, ``narrative`` for a
whole run, also where no picture is seen, ``explanation`` for a selected node.
"""

from __future__ import annotations

from backpropviz.steps.records import (
    Accumulate,
    Evaluate,
    Propagate,
    Push,
    Record,
    Seed,
    Settle,
    Step,
    Update,
)
from backpropviz.steps.segments import Narration
from backpropviz.steps.sequence import State
from backpropviz.steps.timeline import Timeline, record

__all__ = [
    "Accumulate",
    "Evaluate",
    "Narration",
    "Propagate",
    "Push",
    "Record",
    "Seed",
    "Settle",
    "State",
    "Step",
    "Timeline",
    "Update",
    "record",
]
