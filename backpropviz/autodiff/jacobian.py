"""Full Jacobians: by rows in reverse mode, by columns in forward mode."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from backpropviz.autodiff.tape import evaluate
from backpropviz.graph.source import claimed, placed
from backpropviz.ops import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph.source import Source

Mode = Literal["reverse", "forward"]


@dataclass(frozen=True, slots=True, eq=False)
class Jacobian:
    """All first derivatives of an output by all inputs.

    Parameters
    ----------
    output : str
        Name of what is differentiated.
    output_shape : tuple of int
        Its shape; ``()`` for a scalar.
    input_shapes : mapping of str to tuple of int
        Shape of every input.
    blocks : mapping of str to array
        By input: derivatives of shape ``output_shape + input_shape``, so rows belong to the output (the numerator).
    mode : {"reverse", "forward"}
        How it was found.
    sweeps : int
        How many sweeps that took: one per output entry in reverse mode, one per input entry in forward mode.
    """

    output: str
    output_shape: tuple[int, ...]
    input_shapes: Mapping[str, tuple[int, ...]]
    blocks: Mapping[str, npt.NDArray[np.float64]]
    mode: str
    sweeps: int

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """One row per output entry, one column per input entry, inputs side by side in the graph's order."""
        rows = math.prod(self.output_shape)
        sizes = {name: math.prod(shape) for name, shape in self.input_shapes.items()}
        blocks = [block.reshape(rows, sizes[name]) for name, block in self.blocks.items()]
        return np.concatenate([np.zeros((rows, 0)), *blocks], axis=1)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of :attr:`matrix`."""
        return math.prod(self.output_shape), sum(math.prod(shape) for shape in self.input_shapes.values())

    def __str__(self) -> str:
        rows, columns = self.shape
        plural = "s" if self.sweeps != 1 else ""
        title = f"Jacobian of {self.output} {self.output_shape}: {rows} × {columns}"
        lines = [f"{title}, {self.sweeps} {self.mode} sweep{plural}"]
        lines += [f"  by {name} {self.input_shapes[name]}: {block.shape}" for name, block in self.blocks.items()]
        return "\n".join(lines)


def jacobian(
    source: Source, point: Mapping[str, object] | None = None, /, *, mode: Mode = "reverse", **inputs: object
) -> Jacobian:
    """Differentiate every entry of the output by every entry of every input.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With an output of any shape.
    point, **inputs : number or array
        Where.
    mode : {"reverse", "forward"}
        Reverse mode takes one sweep per output entry and gives rows, forward mode one per input entry and gives
        columns: the cheaper one has fewer of them.

    Returns
    -------
    Jacobian
        Blocks by input, the whole as a matrix, and the number of sweeps.

    Raises
    ------
    InputError
        For inputs that do not fit, or an unknown mode.

    Examples
    --------
    >>> from backpropviz import parse
    >>> jacobian(parse("x*y"), x=-3, y=2).matrix
    array([[ 2., -3.]])
    """
    graph, values = placed(source, point, inputs)
    (mode,) = claimed(graph, values, mode=(mode, "reverse"))
    choose("mode", mode, get_args(Mode))
    tape = evaluate(graph, values, {})
    return _by_rows(tape) if mode == "reverse" else _by_columns(tape)


def unit_arrays(shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Give each index of a shape with the array that is 1 there and 0 elsewhere."""
    for index in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[index] = 1.0
        yield index, unit[()]


def entry_block(index: tuple[int, ...]) -> Any:
    """Index the entries of a block that belong to one entry of the input: all of the output's, in front."""
    return (..., *index)


def _by_rows(tape: Tape) -> Jacobian:
    graph, shapes = tape.graph, tape.shapes
    output_shape = shapes[graph.output]
    blocks = {name: np.zeros(output_shape + shapes[name]) for name in graph.inputs}
    sweeps = 0
    for index, seed in unit_arrays(output_shape):
        adjoints = tape.reverse(seed)
        sweeps += 1
        for name, block in blocks.items():
            block[index] = adjoints[name]
    return _made(tape, blocks, "reverse", sweeps)


def _by_columns(tape: Tape) -> Jacobian:
    graph, shapes = tape.graph, tape.shapes
    blocks = {name: np.zeros(shapes[graph.output] + shapes[name]) for name in graph.inputs}
    sweeps = 0
    for name, block in blocks.items():
        for index, direction in unit_arrays(shapes[name]):
            block[entry_block(index)] = tape.forward({name: direction}).value
            sweeps += 1
    return _made(tape, blocks, "forward", sweeps)


def _made(tape: Tape, blocks: dict[str, npt.NDArray[np.float64]], mode: str, sweeps: int) -> Jacobian:
    graph, shapes = tape.graph, tape.shapes
    return Jacobian(
        output=graph.output,
        output_shape=shapes[graph.output],
        input_shapes={name: shapes[name] for name in graph.inputs},
        blocks=blocks,
        mode=mode,
        sweeps=sweeps,
    )
