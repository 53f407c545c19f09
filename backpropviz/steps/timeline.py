"""record(): a graph is run, and the run is told step by step."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.autodiff.input_values import single_number
from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT
from backpropviz.graph.naming import by_known_name
from backpropviz.graph.source import claimed, placed
from backpropviz.ops import choose
from backpropviz.steps import narrative, table
from backpropviz.steps.records import Accumulate, Evaluate, Propagate, Push, Record, Seed, Settle, Step, Update
from backpropviz.steps.sequence import StepSequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff import Adjoints, Tangents, Tape
    from backpropviz.graph import Number
    from backpropviz.graph.source import Source
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


MODES = ("reverse", "forward")


def record(
    source: Source,
    point: Mapping[str, object] | None = None,
    /,
    *,
    mode: str = "reverse",
    direction: Mapping[str, object] | None = None,
    seed: object = None,
    updates: Mapping[str, float] | None = None,
    **inputs: object,
) -> Timeline:
    """Run a graph and tell the run step by step.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        What to run.
    point : mapping of str to number or array, optional
        Input values by name.
    mode : {"reverse", "forward"}
        Reverse mode evaluates every node and then sends adjoints back, edge by edge; forward mode gives each node its
        value and its tangent together.
    direction : mapping of str to number or array, optional
        In forward mode, the tangents of the inputs; default 1 for the first input.
    seed : number or array, optional
        In reverse mode, the output's cotangent; default 1.
    updates : mapping of str to float, optional
        In reverse mode, learning rates by input: after the sweeps each of these takes a step, w ← w − γ·g.
    **inputs : number or array
        Input values.

    Raises
    ------
    InputError, SeedError
        For values that do not fit the graph, or an unknown mode.

    Examples
    --------
    >>> from backpropviz import parse
    >>> timeline = record(parse("x*y"), x=-3, y=2)
    >>> len(timeline)
    6
    >>> timeline.narrate(5).sentence
    'x receives one contribution, from f: g_f·y = 1·2 = 2. That is its gradient.'
    """
    graph, values = placed(source, point, inputs)
    mode, direction, seed, updates = claimed(
        graph,
        values,
        mode=(mode, MODES[0]),
        direction=(direction, None),
        seed=(seed, None),
        updates=(updates, None),
    )
    choose("mode", mode, MODES)
    tape = evaluate(graph, values, {})
    if mode == "forward":
        return forward_timeline(tape, direction)
    return reverse_timeline(tape, seed, updates)


def reverse_timeline(tape: Tape, seed: object = None, updates: Mapping[str, float] | None = None) -> Timeline:
    """Tell the forward sweep node by node, the backward sweep edge by edge, and then the updates."""
    adjoints = tape.reverse(seed)
    steps = [Step("forward", (Evaluate(name, tape.primals[name]),)) for name in _evaluated(tape)]
    steps.extend(_backward(tape, adjoints, seed))
    steps.extend(_updates(tape, adjoints, updates))
    return Timeline(tape, tuple(steps), mode="reverse", adjoints=adjoints)


def forward_timeline(tape: Tape, direction: Mapping[str, object] | None = None) -> Timeline:
    """Tell values and tangents together, node by node."""
    if direction is None:
        first = tape.graph.inputs[:1]
        direction = {name: np.ones(np.shape(tape.primals[name])) for name in first}
    tangents: Tangents = tape.forward(direction)
    steps = tuple(
        Step("forward", (Evaluate(name, tape.primals[name]), Push(name, tangents[name]))) for name in _evaluated(tape)
    )
    return Timeline(tape, steps, mode="forward", tangents=tangents)


def _updates(tape: Tape, adjoints: Adjoints, rates: Mapping[str, float] | None) -> list[Step]:
    steps = []
    for name, rate in by_known_name(rates, tape.graph.inputs, "Learning rates").items():
        if name not in tape.graph.inputs:
            raise InputError(f"{name!r} cannot be updated: it is no input of the graph.", node=name)
        before, adjoint = tape.primals[name], adjoints[name]
        length = single_number(rate, f"The learning rate of {name}")
        with np.errstate(all="ignore"):
            after = before - length * adjoint
        steps.append(Step("update", (Update(name, before, length, adjoint, after),)))
    return steps


def _evaluated(tape: Tape) -> list[str]:
    """Nodes that have a step of their own: constants are there from the start."""
    return [name for name in tape.graph.nodes if tape.graph.op(name) != CONSTANT]


def _backward(tape: Tape, adjoints: Adjoints, seed: object) -> list[Step]:
    plan = plan_of(tape.graph)
    output = tape.graph.output
    start: Number = np.float64(1.0) if seed is None else adjoints[output]
    steps = [Step("backward", (Seed(output, start), Settle(output, adjoints[output])))]
    waiting: dict[str, int] = {}
    for instruction in plan.backward:
        for slot in instruction.slots:
            name = plan.nodes[instruction.arguments[slot]]
            waiting[name] = waiting.get(name, 0) + 1
    sums: dict[str, Number] = {}
    for instruction in plan.backward:
        consumer = plan.nodes[instruction.place]
        partials = tape.partials_at(instruction) if instruction.op.elementwise else None
        for slot in instruction.slots:
            name = plan.nodes[instruction.arguments[slot]]
            contribution = adjoints.contributions[consumer, slot]
            before = sums.get(name, np.zeros_like(contribution)[()])
            with np.errstate(all="ignore"):  # ∞ − ∞ is NaN, which is shown, not warned of
                after = contribution if name not in sums else before + contribution
            waiting[name] -= 1
            if waiting[name] == 0 and tape.below is not None:
                # A closed gate adds up inside, in another order: the sum told here may differ in its last place.
                after = adjoints[name]
            sums[name] = after
            partial = None if partials is None else partials[slot]
            records: list[Record] = [
                Propagate(consumer, slot, name, adjoints[consumer], partial, contribution),
                Accumulate(consumer, slot, name, before, contribution, after),
            ]
            if waiting[name] == 0:
                records.append(Settle(name, adjoints[name]))
            steps.append(Step("backward", tuple(records)))
    return steps
