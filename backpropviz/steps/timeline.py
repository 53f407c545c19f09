"""A run as a sequence of steps, and its replay to any of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from backpropviz.autodiff.plan import plan_of
from backpropviz.steps import description, narrative, table
from backpropviz.steps.records import Accumulate, Evaluate, Propagate, Push, Seed, Settle, Step, Update

if TYPE_CHECKING:
    from backpropviz.autodiff import Adjoints, Tangents, Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.steps.records import Record
    from backpropviz.steps.table import TraceTable
    from backpropviz.steps.template import Narration


@dataclass(slots=True)
class State:
    """What is known at one step.

    Attributes
    ----------
    step : int
        How many steps have happened.
    primals, tangents : dict of str to number
        Values and tangents known so far.
    sums : dict of str to number
        What each node has received so far; its adjoint once it is settled.
    received : dict of str to int
        How many contributions each node has received.
    settled : set of str
        Nodes whose adjoint is complete.
    travelled : set of (str, int)
        Edges, by (consumer, slot), along which a contribution has come back.
    parameters : dict of str to number
        Parameters that have been updated, with their new values.
    """

    step: int = 0
    primals: dict[str, Number] = field(default_factory=dict)
    tangents: dict[str, Number] = field(default_factory=dict)
    sums: dict[str, Number] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    travelled: set[tuple[str, int]] = field(default_factory=set)
    parameters: dict[str, Number] = field(default_factory=dict)

    def do(self, step: Step) -> None:
        """Let one step happen."""
        for record in step.records:
            self._do(record)
        self.step += 1

    def undo(self, step: Step) -> None:
        """Take the latest step back; the state is then exactly what it was before."""
        for record in reversed(step.records):
            self._undo(record)
        self.step -= 1

    def _do(self, record: Record) -> None:
        match record:
            case Evaluate(node, primal):
                self.primals[node] = primal
            case Push(node, tangent):
                self.tangents[node] = tangent
            case Seed(node, seed):
                self.sums[node] = seed
            case Propagate(consumer, slot):
                self.travelled.add((consumer, slot))
            case Accumulate(node=node, after=after):
                self.sums[node] = after
                self.received[node] = self.received.get(node, 0) + 1
            case Settle(node):
                self.settled.add(node)
            case Update(node=node, after=after):
                self.parameters[node] = after

    def _undo(self, record: Record) -> None:
        match record:
            case Evaluate(node):
                del self.primals[node]
            case Push(node):
                del self.tangents[node]
            case Seed(node):
                del self.sums[node]
            case Propagate(consumer, slot):
                self.travelled.discard((consumer, slot))
            case Accumulate(node=node, before=before):
                self.received[node] -= 1
                if self.received[node]:
                    self.sums[node] = before
                else:  # the first contribution found no sum at all, which is not the same as a sum of zero
                    del self.sums[node], self.received[node]
            case Settle(node):
                self.settled.discard(node)
            case Update(node=node):
                del self.parameters[node]


class Timeline(Sequence[Step]):
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

    def __init__(
        self,
        tape: Tape,
        steps: tuple[Step, ...],
        *,
        mode: str,
        adjoints: Adjoints | None = None,
        tangents: Tangents | None = None,
    ) -> None:
        self.graph: Graph = tape.graph
        self.tape = tape
        self.mode = mode
        self.adjoints = adjoints
        self.tangents = tangents
        self._steps = steps

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps)

    def __repr__(self) -> str:
        return f"<Timeline of {len(self)} steps, {self.mode} mode, through {self.graph!r}>"

    def state(self, k: int) -> State:
        """Replay the first `k` steps.

        Raises
        ------
        IndexError
            For a step before 0 or after the last.
        """
        self._require(k)
        state = State()
        for step in self._steps[:k]:
            state.do(step)
        return state

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
        self._require(k)
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
        self._require(k)
        return description.describe(self, k, notation)

    def table(self) -> TraceTable:
        """Give the trace table: one row per node, with expression, primal, local partials, tangent or adjoint."""
        return table.trace_table(self)

    def to_plain(self) -> list[dict[str, Any]]:
        """Give the steps by node positions, without numbers, as the browser replays them."""
        place = plan_of(self.graph).place
        return [
            {"phase": step.phase, "records": [_plain(record, place) for record in step.records]} for step in self._steps
        ]

    def to_json(self) -> str:
        """Write :meth:`to_plain` as JSON text."""
        return json.dumps(self.to_plain(), separators=(",", ":"))

    def _require(self, k: int) -> None:
        if not 0 <= k <= len(self):
            raise IndexError(f"Step {k} does not exist: this timeline has the steps 0 to {len(self)}.")


def _plain(record: Record, place: dict[str, int]) -> list[Any]:
    kind = type(record).__name__.lower()
    if isinstance(record, (Propagate, Accumulate)):
        return [kind, place[record.consumer], record.slot]
    if isinstance(record, Update):
        return [kind, place[record.node], record.learning_rate]
    return [kind, place[record.node]]
