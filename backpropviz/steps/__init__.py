"""A run told as data: records, replay, words and equations.

A graph at a point (``run``) is recorded (``recording``) as steps of records (``records``), which can be replayed
(``sequence``); ``timeline`` adds what is said of them. That is written once, as templates (``segments`` is their
language, ``template`` what one consists of): ``forward_words``, ``backward_words`` and ``update_words`` for the three
sweeps, ``narrative`` for a whole run, ``explanation`` for a selected node, ``description`` where no picture is seen.
"""

from __future__ import annotations

from backpropviz.steps.recording import record
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
from backpropviz.steps.sequence import State
from backpropviz.steps.template import Narration
from backpropviz.steps.timeline import Timeline

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
