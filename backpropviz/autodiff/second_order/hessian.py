"""Second derivatives: tangents pushed through the reverse sweep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.jacobian import entry_block, unit_arrays
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.second_order.dual import Dual, primal_of, tangent_of
from backpropviz.autodiff.tape import evaluate, read_seed
from backpropviz.graph.source import placed
from backpropviz.ops.sweeps import pull_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from backpropviz.autodiff.forward import Tangents
    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph.source import Source
    from backpropviz.ops.plan import Instruction


@dataclass(frozen=True, slots=True, eq=False)
class Hessian:
    """All second derivatives of a scalar output.

    Parameters
    ----------
    output : str
        Name of what is differentiated.
    input_shapes : mapping of str to tuple of int
        Shape of every input.
    blocks : mapping of (str, str) to array
        By two inputs (a, b): derivative by b of the gradient by a, of shape ``a_shape + b_shape``.
    sweeps : int
        Reverse sweeps that carried a tangent: one per input entry.
    """

    output: str
    input_shapes: Mapping[str, tuple[int, ...]]
    blocks: Mapping[tuple[str, str], npt.NDArray[np.float64]]
    sweeps: int

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """Square and symmetric; rows and columns are input entries, inputs in the graph's order."""
        sizes = {name: math.prod(shape) for name, shape in self.input_shapes.items()}
        if not sizes:
            return np.zeros((0, 0))
        return np.block([[self.blocks[a, b].reshape(sizes[a], sizes[b]) for b in sizes] for a in sizes])

    def __str__(self) -> str:
        size = sum(math.prod(shape) for shape in self.input_shapes.values())
        lines = [f"Hessian of {self.output}: {size} × {size}, {self.sweeps} forward-over-reverse sweeps"]
        lines += [f"  by {a}, then {b}: {block.shape}" for (a, b), block in self.blocks.items()]
        return "\n".join(lines)


def hessian(source: Source, point: Mapping[str, object] | None = None, /, **inputs: object) -> Hessian:
    """Differentiate the gradient again, forward over reverse.

    For each input entry, a forward sweep gives every primal a tangent, and the reverse sweep runs on pairs of value
    and tangent: its tangents are one column of the Hessian. Nothing is approximated.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With a scalar output.
    point, **inputs : number or array
        Where.

    Returns
    -------
    Hessian
        Blocks by two inputs, the whole as a matrix, and the number of sweeps.

    Raises
    ------
    InputError, SeedError
        For inputs that do not fit, or an output that is not a scalar.

    References
    ----------
    Pearlmutter (1994), Fast exact multiplication by the Hessian.

    Examples
    --------
    >>> from backpropviz import parse
    >>> hessian(parse("x*x*y"), x=3, y=2).matrix
    array([[4., 6.],
           [6., 0.]])
    """
    graph, values = placed(source, point, inputs)
    tape = evaluate(graph, values, {})
    read_seed(tape, None)
    shapes = {name: tape.shapes[name] for name in graph.inputs}
    blocks = {(a, b): np.zeros(shapes[a] + shapes[b]) for a in shapes for b in shapes}
    sweeps = 0
    for b, shape in shapes.items():
        for index, direction in unit_arrays(shape):
            moved = reverse_tangents(tape, tape.forward({b: direction}))
            sweeps += 1
            for a in shapes:
                blocks[a, b][entry_block(index)] = moved[a]
    return Hessian(graph.output, shapes, blocks, sweeps)


def reverse_tangents(tape: Tape, tangents: Tangents) -> dict[str, Any]:
    """Push tangents of the primals through the reverse sweep: the Hessian times a direction, by input."""
    graph = tape.graph
    plan = plan_of(graph)
    # A constant zero tangent stays a plain number: inf * 0 would spoil a second derivative that does not exist there.
    carried: list[Any] = [
        Dual(value, tangents[name]) if np.any(tangents[name]) else value
        for name, value in zip(plan.nodes, tape.values, strict=True)
    ]
    with np.errstate(all="ignore"):
        sums = pull_back(plan, carried, np.float64(1.0), _contributions)
    return {
        name: np.zeros_like(tape.primals[name]) if total is None else tangent_of(total)
        for name, total in ((name, sums[plan.place[name]]) for name in graph.inputs)
    }


def _contributions(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Any]:
    if step.op.elementwise:
        return step.contributions(cotangent, out, arguments)
    # A reverse rule is linear in its cotangent, so the cotangent's own tangent passes through the plain rule.
    moved = step.contributions(primal_of(cotangent), out, arguments)
    if isinstance(cotangent, Dual):
        pushed = step.contributions(cotangent.tangent, primal_of(out), [primal_of(each) for each in arguments])
        return [Dual(primal_of(each), tangent_of(each) + more) for each, more in zip(moved, pushed, strict=True)]
    return list(moved)
