"""The reverse sweep: from the output's seed back to every input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.faults import located
from backpropviz.autodiff.grouped import adjoints_of
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.point import number
from backpropviz.errors import BackpropvizError, NodeNotFoundError, SeedError
from backpropviz.graph import CONSTANT

if TYPE_CHECKING:
    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Number


class Adjoints(Mapping[str, "Number"]):
    """Adjoint of every node: the derivative of the output by it.

    Attributes
    ----------
    contributions : mapping of (str, int) to float64 or array
        What flowed back on each edge, by (consumer, slot). The contributions to a node sum to its adjoint.
    """

    def __init__(self, adjoints: dict[str, Number], contributions: dict[tuple[str, int], Number]) -> None:
        self._adjoints = adjoints
        self.contributions = contributions

    def __getitem__(self, node: str) -> Number:
        try:
            return self._adjoints[node]
        except KeyError:
            raise NodeNotFoundError(
                f"No adjoint for {node!r}: it is no node of the graph, or a constant.", node=node
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._adjoints)

    def __len__(self) -> int:
        return len(self._adjoints)

    def __repr__(self) -> str:
        return f"Adjoints({self._adjoints!r})"


def reverse_sweep(tape: Tape, seed: object = None) -> Adjoints:
    """Propagate a seed backwards; see :meth:`Tape.reverse`.

    Consumers come before their arguments, so each node's adjoint is complete before it is passed on. A node that the
    output does not depend on has adjoint 0.
    """
    graph = tape.graph
    if tape.below is not None:
        return Adjoints(*adjoints_of(tape, reverse_sweep(tape.below, read_seed(tape, seed))))
    plan = plan_of(graph)
    values = tape.values
    sums: list[Any] = [None] * len(values)
    sums[plan.place[graph.output]] = read_seed(tape, seed)
    contributions: dict[tuple[str, int], Number] = {}
    with np.errstate(all="ignore"):
        for step in plan.backward:
            arguments = [values[place] for place in step.arguments]
            try:
                received = step.vjp(sums[step.place], values[step.place], arguments, step.parameters, step.slots)
            except BackpropvizError as fault:
                raise located(fault, graph, step, arguments) from None
            for slot, contribution in zip(step.slots, received, strict=True):
                place = step.arguments[slot]
                amount = number(contribution)
                contributions[plan.nodes[step.place], slot] = amount
                sums[place] = amount if sums[place] is None else sums[place] + amount
    adjoints = {
        name: np.zeros_like(value)[()] if total is None else total
        for name, value, total in zip(plan.nodes, values, sums, strict=True)
        if graph.op(name) != CONSTANT
    }
    return Adjoints(adjoints, contributions)


def read_seed(tape: Tape, seed: object) -> Number:
    """Check a seed against the output's shape; 1 where a scalar output is given none.

    Raises
    ------
    SeedError
        As :meth:`Tape.reverse` says.
    """
    output = tape.graph.output
    shape = np.shape(tape.value)
    if seed is None:
        if shape != ():
            raise SeedError(
                f"The output {output} has shape {shape}, so its gradient needs a seed of that shape. "
                f"Give one to reverse(seed=...), or add a sum to the graph.",
                node=output,
                expected=(),
                actual=shape,
            )
        return np.float64(1.0)
    try:
        given = number(seed)
    except (TypeError, ValueError):
        raise SeedError(f"The seed of {output} must be numbers, not {seed!r}.", node=output) from None
    if np.shape(given) != shape:
        raise SeedError(
            f"The seed has shape {np.shape(given)}, but the output {output} has shape {shape}.",
            node=output,
            expected=shape,
            actual=np.shape(given),
        )
    return given
