"""A run told as data: records, replay, words and equations."""

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
