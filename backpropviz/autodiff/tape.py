"""The forward sweep and its record."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.closed_runs import adjoints_of, tangents_of, values_of
from backpropviz.autodiff.forward import Tangents, forward_sweep
from backpropviz.autodiff.input_values import number, own_copy, read_point, seed_of_shape
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.reverse import Adjoints, reverse_sweep, written_rules
from backpropviz.autodiff.rule_errors import located, misfit
from backpropviz.autodiff.spent_memory import read_once, written_over
from backpropviz.errors import BackpropvizError, SeedError
from backpropviz.ops import Elementwise
from backpropviz.ops.sweeps import run_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.ops.plan import Instruction


class Tape:
    """The ordered primal record of one run.

    Made by :meth:`backpropviz.Graph.evaluate`. Sweeps read it and never change it: running one twice gives the same
    bits. Nor does anybody else: inputs are copied, and the arrays in it are read-only.

    Attributes
    ----------
    graph : Graph
        What was run.

    Examples
    --------
    >>> from backpropviz import parse
    >>> tape = parse("a = x*z; y = exp(a)").evaluate(x=0.5, z=2)
    >>> float(tape.primals["a"])
    1.0
    >>> float(tape.reverse()["x"]) == 2 * float(tape.value)
    True
    """

    def __init__(self, graph: Graph, values: list[Any], below: Tape | None = None) -> None:
        self.graph = graph
        self.below = below  # where gates are closed or opened, the run of the graph they were closed or opened in
        self.values = values  # by position in ``graph.nodes``
        for value in values:
            if type(value) is np.ndarray:
                value.flags.writeable = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what was run and what came out; views of it are made anew."""
        return type(self), (self.graph, self.values, self.below)

    def __repr__(self) -> str:
        shape = np.shape(self.value)
        return f"<Tape of {self.graph!r}, value {f'of shape {shape}' if shape else self.value}>"

    @cached_property
    def primals(self) -> Mapping[str, Number]:
        """Value of every node."""
        return MappingProxyType(dict(zip(self.graph.nodes, self.values, strict=True)))

    @property
    def value(self) -> Number:
        """Value of the output."""
        value: Number = self.values[plan_of(self.graph).output]
        return value

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every node's value; ``()`` for scalars."""
        return {name: np.shape(value) for name, value in self.primals.items()}

    @cached_property
    def non_finite(self) -> str | None:
        """Name of the first node, in topological order, whose value is NaN or infinite."""
        for name, value in self.primals.items():
            if not np.isfinite(value).all():
                return name
        return None

    def partials(self, node: str) -> tuple[Number, ...]:
        """Local partials of an elementwise gate at this point, one per slot.

        Raises
        ------
        BackpropvizError
            For an operation on whole arrays, whose partials are matrices; its contributions are in
            :attr:`Adjoints.contributions`.
        """
        plan = plan_of(self.graph)
        instruction = next(step for step in plan.instructions if step.place == plan.place[node])
        if not instruction.op.elementwise:
            raise BackpropvizError(
                f"{node} is a {instruction.op.name}: its local partials form a matrix. Read its contributions instead.",
                node=node,
                op=instruction.op.name,
            )
        return self.partials_at(instruction)

    def partials_at(self, instruction: Instruction) -> tuple[Number, ...]:
        """Local partials of one elementwise instruction of the plan, one per slot."""
        assert isinstance(instruction.op, Elementwise)  # noqa: S101  callers ask first
        arguments = [self.values[place] for place in instruction.arguments]
        with np.errstate(all="ignore"):
            partials = instruction.op.partials(self.values[instruction.place], *arguments, **instruction.parameters)
        return tuple(number(partial) for partial in partials)

    def reverse(self, seed: object = None) -> Adjoints:
        """Run the reverse sweep.

        Parameters
        ----------
        seed : number or array, optional
            Cotangent of the output, of its shape; 1 by default for a scalar output.

        Returns
        -------
        Adjoints
            Adjoint of every node, and every contribution on the way.

        Raises
        ------
        SeedError
            For an array output without a seed, or a seed of another shape.
        """
        given = read_seed(self, seed)
        if self.below is not None:
            return adjoints_of(self.graph, self.values, given, self.below.reverse(given))
        return reverse_sweep(self.graph, self.values, given)

    def forward(self, tangents: Mapping[str, object] | None = None, /, **directions: object) -> Tangents:
        """Run the forward-mode sweep along one direction of the inputs.

        Parameters
        ----------
        tangents : mapping of str to number or array, optional
            Tangents by input name; inputs left out have tangent 0.
        **directions : number or array
            The same as keywords: ``tape.forward(x=1)`` is the derivative by x.

        Returns
        -------
        Tangents
            Tangent of every node.

        Raises
        ------
        SeedError
            For an unknown input or a tangent of another shape.
        """
        given = {**(tangents or {}), **directions}
        if self.below is not None:
            return tangents_of(self.graph, self.values, self.below.forward(given))
        return forward_sweep(self.graph, self.values, given)


def evaluate(graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Tape:
    """Run the forward sweep; see :meth:`backpropviz.Graph.evaluate`."""
    if graph.grouping is not None:
        below = evaluate(graph.grouping.basis, point, inputs)
        return Tape(graph, values_of(graph, below.primals), below)
    plan = plan_of(graph)
    rule = _value_rule(graph)
    own = {name: own_copy(value) for name, value in read_point(graph, point, inputs).items()}
    carried = plan.leaves(own)
    rules = written_rules(graph, plan, carried)
    with np.errstate(all="ignore"):
        if rules is None:
            return Tape(graph, run_forward(plan, carried, rule))
        return Tape(graph, run_forward(plan, carried, rule, rules.value))


def values_at(graph: Graph, point: Mapping[str, object], names: Iterable[str]) -> dict[str, Number]:
    """Run the forward sweep for the sake of some nodes: the memory of the others is used again once they are read.

    Returns
    -------
    dict of str to float64 or array
        Their values, those that a tape would hold.

    Raises
    ------
    InputError
        For a missing, unknown or non-numeric input.
    """
    wanted = tuple(names)
    if graph.grouping is not None:
        primals = evaluate(graph, point, {}).primals
        return {name: primals[name] for name in wanted}
    plan = plan_of(graph)
    rule = _value_rule(graph)
    carried = plan.leaves(read_point(graph, point, {}))
    last = {place: step.place for step in plan.instructions for place in step.arguments}
    for name in wanted:
        last.pop(plan.place[name], None)
    done: dict[int, list[int]] = {}
    for place, reader in last.items():
        done.setdefault(reader, []).append(place)
    passed: list[int] = []
    spent = read_once(plan.instructions, [plan.place[name] for name in wanted])

    def forgetting(step: Instruction, arguments: Sequence[Any]) -> Number:
        for place in passed:
            carried[place] = None
        passed[:] = done.get(step.place, ())
        result = written_over(step, arguments) if step.arguments[0] in spent else None
        return rule(step, arguments) if result is None else result

    with np.errstate(all="ignore"):
        run_forward(plan, carried, forgetting)
    return {name: carried[plan.place[name]] for name in wanted}


def _value_rule(graph: Graph) -> Callable[[Instruction, Sequence[Any]], Number]:
    """Give the rule of the forward sweep on numbers, whose errors name the nodes."""
    float64 = np.float64

    def rule(step: Instruction, arguments: Sequence[Any]) -> Number:
        try:
            kind = step.kind
            value = kind.op.value(*arguments, **kind.parameters)
            return value if type(value) is float64 else number(value)
        except BackpropvizError as fault:
            raise located(fault, graph, step, arguments) from None
        except (ValueError, IndexError) as cause:
            raise misfit(graph, step, arguments, cause) from None

    return rule


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
    return seed_of_shape(output, seed, shape)
