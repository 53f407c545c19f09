"""Very large graphs: equal operations of one level are one NumPy call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backpropviz.autodiff.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Graph
    from backpropviz.graph.node import Array
    from backpropviz.ops import Op
    from backpropviz.ops.plan import Instruction, Plan

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class EqualGates:
    """Gates of one level that do the same.

    Parameters
    ----------
    op : Op
        What they do.
    parameters : mapping
        What the operation is given.
    rows : slice
        Where their values stand; a batch is contiguous.
    arguments : array of int, shape (slots, gates)
        Where the arguments stand.
    outgoing : array of int, shape (slots that receive contributions, gates)
        Places of the contributions in the level's list.
    slots : tuple of int
        The slots that receive contributions.
    vjp : callable
        The reverse rule to use.
    """

    op: Op
    parameters: Mapping[str, Any]
    rows: slice
    arguments: Places
    outgoing: Places
    slots: tuple[int, ...]
    vjp: Callable[..., list[Any]]

    def value(self, arguments: Array) -> Any:
        """Compute the values of all its gates."""
        if self.op.name == "add":
            # A sum may have thousands of terms. Accumulating adds them one by one, as the rule does, in one call.
            return np.add.accumulate(arguments)[-1]
        return self.op.value(*arguments, **self.parameters)

    def propagate(self, cotangents: Array, out: Array, arguments: Array, contributions: Array) -> None:
        """Write the contributions of all its gates into the level's list."""
        if self.op.name == "add":  # its partials are 1, also where a guard would look at them
            contributions[self.outgoing] = cotangents
            return
        received = self.vjp(cotangents, out, tuple(arguments), self.parameters, self.slots)
        for places, contribution in zip(self.outgoing, received, strict=True):
            contributions[places] = contribution


@dataclass(frozen=True, slots=True)
class Level:
    """Gates of one depth, and where their contributions go, in the order in which the tape adds them."""

    batches: tuple[EqualGates, ...]
    targets: Places


class Levels:
    """A graph of elementwise operations on scalars, level by level.

    The sums are those of the tape, term by term in the same order, so the results are the same to the bit, save where
    NumPy's loop over an array rounds otherwise than its loop over one number, as it does for some powers.

    Parameters
    ----------
    graph : Graph
        Only gates that the output depends on are run.
    """

    def __init__(self, graph: Graph) -> None:
        plan = plan_of(graph)
        levels = _by_level(plan)
        keys = [list(dict.fromkeys(_key(step) for step in level)) for level in levels]
        inputs = [plan.place[name] for name in graph.inputs]
        row = {place: index for index, place in enumerate([*inputs, *(place for place, _ in plan.constants)])}
        self._constants = np.array([constant for _, constant in plan.constants], dtype=np.float64)
        self._leaves = len(row)
        for level, order in zip(levels, keys, strict=True):
            members: dict[Any, list[Instruction]] = {key: [] for key in order}
            for step in level:
                members[_key(step)].append(step)
            for key in order:
                for step in members[key]:
                    row[step.place] = len(row)
        self.size = len(row)
        self.inputs = len(inputs)
        self.levels = tuple(_level(level, row) for level in levels)
        self.calls = sum(len(level.batches) for level in self.levels)
        self._output = row[plan.place[graph.output]]
        reached = {place for step in plan.backward for place in step.arguments} | {plan.place[graph.output]}
        self._unreached = np.array([row[place] for place in inputs if place not in reached], dtype=np.intp)

    def value(self, point: Array) -> Any:
        """Run the forward sweep alone."""
        with np.errstate(all="ignore"):
            values, _ = self._forward(point)
        return values[self._output]

    def gradient(self, point: Array) -> tuple[Any, Array]:
        """Run both sweeps.

        Parameters
        ----------
        point : array, shape (inputs,) or (inputs, points)
            Input values, in the graph's order.

        Returns
        -------
        value : float64, or array of shape (points,)
            Of the output.
        gradient : array, the shape of `point`
            Adjoints of the inputs.
        """
        with np.errstate(all="ignore"):
            values, gathered = self._forward(point)
            adjoints = np.full(values.shape, -0.0)  # the one number that changes no bit of what is added to it
            adjoints[self._output] = 1.0
            for level in reversed(self.levels):
                contributions = np.empty((len(level.targets), *point.shape[1:]))
                for batch in level.batches:
                    batch.propagate(adjoints[batch.rows], values[batch.rows], gathered.pop(), contributions)
                np.add.at(adjoints, level.targets, contributions)
        adjoints[self._unreached] = 0.0
        return values[self._output], adjoints[: self.inputs]

    def _forward(self, point: Array) -> tuple[Array, list[Array]]:
        values = np.empty((self.size, *point.shape[1:]))
        values[: self.inputs] = point
        values[self.inputs : self._leaves] = self._constants.reshape(-1, *[1] * (point.ndim - 1))
        gathered = []
        for level in self.levels:
            for batch in level.batches:
                arguments = values.take(batch.arguments, axis=0)
                values[batch.rows] = batch.value(arguments)
                gathered.append(arguments)
            # The reverse sweep meets the levels from the end, but the batches of one level from the front.
            count = len(level.batches)
            gathered[-count:] = gathered[: -count - 1 : -1]
        return values, gathered


def _by_level(plan: Plan) -> list[list[Instruction]]:
    """Gates that the output depends on, by depth, each level in the order of the reverse sweep."""
    depth = [0] * len(plan.nodes)
    for step in plan.instructions:
        depth[step.place] = 1 + max(depth[place] for place in step.arguments)
    levels: list[list[Instruction]] = [[] for _ in range(max(depth))]
    for step in plan.backward:
        levels[depth[step.place] - 1].append(step)
    return [level for level in levels if level]


def _key(step: Instruction) -> tuple[Any, ...]:
    return (step.op.name, len(step.arguments), step.slots, step.guarded, tuple(sorted(step.parameters.items())))


def _level(level: Sequence[Instruction], row: dict[int, int]) -> Level:
    targets: list[int] = []
    groups: dict[Any, list[tuple[Instruction, int]]] = {}
    for step in level:
        groups.setdefault(_key(step), []).append((step, len(targets)))
        targets.extend(row[step.arguments[slot]] for slot in step.slots)
    batches = []
    for members in groups.values():
        first = members[0][0]
        starts = np.array([start for _, start in members], dtype=np.intp)
        begin = row[first.place]
        batches.append(
            EqualGates(
                op=first.op,
                parameters=first.parameters,
                rows=slice(begin, begin + len(members)),
                arguments=np.ascontiguousarray(
                    np.array([[row[place] for place in step.arguments] for step, _ in members], dtype=np.intp).T
                ),
                outgoing=np.arange(len(first.slots), dtype=np.intp)[:, None] + starts,
                slots=first.slots,
                vjp=first.kind.vjp,
            )
        )
    return Level(tuple(batches), np.array(targets, dtype=np.intp))
