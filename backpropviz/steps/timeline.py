"""What record() gives: the steps of a run with their sentences, their trace table, and their form for a page."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.steps import narrative, table
from backpropviz.steps.records import Accumulate, Propagate, Update
from backpropviz.steps.sequence import StepSequence

if TYPE_CHECKING:
    from backpropviz.schema.story import PlainStep, StepRecord
    from backpropviz.steps.records import Record
    from backpropviz.steps.segments import Narration
    from backpropviz.steps.table import TraceTable
    from backpropviz.steps.veil import Veil


class Timeline(StepSequence):
    """A run told as data: frozen steps, replayable to any point.

    Made by :func:`backpropviz.record`. Step ``k`` of `state` and `narrate` counts from 0, before anything has
    happened, to ``len(timeline)``.

    Attributes
    ----------
    graph : Graph
        What was run.
    tape : Tape
        Its primals.
    mode : {"reverse", "forward"}
        Which sweeps are told.
    adjoints : Adjoints or None
        In reverse mode.
    tangents : Tangents or None
        In forward mode.
    """

    def narrate(self, k: int, notation: str = narrative.DEFAULT_NOTATION) -> Narration:
        """Tell step `k` in one sentence and one equation, with the numbers in.

        Parameters
        ----------
        k : int
            From 0, before anything, to ``len(timeline)``.
        notation : {"g_x", "dL/dx", "x̄", "δ"}
            How gradients are written.

        Raises
        ------
        IndexError
            For a step before 0 or after the last.
        InputError
            For an unknown notation.
        """
        self.require(k)
        return narrative.narrate(self, k, notation)

    def describe(self, k: int, notation: str = narrative.DEFAULT_NOTATION) -> str:
        """Tell the graph in sentences, node by node, with the numbers that are known at step `k`.

        Parameters
        ----------
        k : int
            From 0, before anything, to ``len(timeline)``.
        notation : {"g_x", "dL/dx", "x̄", "δ"}
            How gradients are written.

        Raises
        ------
        IndexError
            For a step before 0 or after the last.
        """
        self.require(k)
        return narrative.step_sentences(self, k, notation)

    def veiled(self, veil: Veil) -> Timeline:
        """Give the same run with numbers hidden: sentences, equations and pictures have question marks for them."""
        if veil == self.veil:
            return self
        other = copy.copy(self)
        other.veil = veil
        return other

    def table(self) -> TraceTable:
        """Give the trace table: one row per node, with expression, primal, local partials, tangent or adjoint."""
        return table.trace_table(self)

    def to_plain(self) -> list[PlainStep]:
        """Give the steps by node positions, without numbers, as the browser replays them."""
        place = plan_of(self.graph).place
        return [
            {"phase": step.phase, "records": [_plain(record, place) for record in step.records]} for step in self._steps
        ]

    def to_json(self) -> str:
        """Write :meth:`to_plain` as JSON text."""
        return json.dumps(self.to_plain(), separators=(",", ":"))


def _plain(record: Record, place: dict[str, int]) -> StepRecord:
    kind = type(record).__name__.lower()
    if isinstance(record, (Propagate, Accumulate)):
        return [kind, place[record.consumer], record.slot]
    if isinstance(record, Update):
        return [kind, place[record.node], record.learning_rate]
    return [kind, place[record.node]]
