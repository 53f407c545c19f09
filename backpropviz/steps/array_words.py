"""What is said of arrays beside their symbols: shapes of products, examples of a batch, what broadcasting repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph import INPUT
from backpropviz.ops import REGISTRY
from backpropviz.ops.counting import counted
from backpropviz.steps.segments import Segments, shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph

_EXAMPLES = {"batch", "data", "examples", "features", "images", "input", "inputs", "points", "samples"}


def example_nodes(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> frozenset[str]:
    """List the matrices whose rows are examples.

    They are the inputs that people name so, X or ``inputs``, and what is computed from them row by row.
    """
    found: set[str] = set()
    for name in graph.nodes:
        shape = shapes.get(name, ())
        if len(shape) != 2:
            continue
        arguments = graph.arguments(name)
        if graph.op(name) == INPUT:
            if name in {"X", "x"} or name.lower() in _EXAMPLES:
                found.add(name)
        elif graph.op(name) == "matmul":
            if arguments[0] in found:
                found.add(name)
        elif REGISTRY.get(graph.op(name)) and any(each in found and shapes[each] == shape for each in arguments):
            found.add(name)
    return frozenset(found)


def product_shapes(graph: Graph, shapes: Mapping[str, tuple[int, ...]], consumer: str, slot: int | None) -> str:
    """Write the shapes of a matrix product, ``[3×2] = [3×4]·[4×2]``; `slot` is None on the way forward.

    Empty where the product is a number.
    """
    left, right = (shapes[name] for name in graph.arguments(consumer))
    here = shapes[consumer]
    if not here:  # a number has no shape to write
        return ""
    if slot is None:
        result, factors = here, (left, right)
    elif slot == 0:
        # A vector stands as a column to the right of a matrix, as a row to its left.
        outer = len(right) == 1
        result, factors = left, ((*here, 1) if outer else here, (1, *right) if outer else right[::-1])
    else:
        outer = len(left) == 1
        result, factors = right, ((*left, 1) if outer else left[::-1], (1, *here) if outer else here)
    return f"{shape_text(result)} = {'·'.join(map(shape_text, factors))}"


def product_words(
    graph: Graph, shapes: Mapping[str, tuple[int, ...]], examples: frozenset[str], consumer: str, slot: int
) -> Segments:
    """Say which rows and columns meet in what a matrix product sends back, and over what is summed."""
    left, right = graph.arguments(consumer)
    if len(shapes[left]) != 2 or len(shapes[right]) != 2:
        return []
    rows, columns = shapes[consumer]
    upstream: Segments = [["g", consumer]]
    if slot == 0:
        whose = "each example's row" if left in examples else "each row"
        over = counted(columns, "column")
        return [f" Summed over {over}: {whose} of ", *upstream, " meets each row of ", ["v", right], "."]
    if left in examples:
        over = counted(rows, "example")
        return [f" Summed over {over}: each row of ", ["v", left], " meets its row of ", *upstream, "."]
    over = counted(rows, "row")
    return [f" Summed over {over}: each column of ", ["v", left], " meets each column of ", *upstream, "."]


def repeated_use(given: tuple[int, ...], whole: tuple[int, ...]) -> tuple[str, str]:
    """Say how often broadcasting uses each entry of an array, and over what its gradient is therefore summed.

    Examples
    --------
    >>> repeated_use((2,), (4, 2))
    ('once per row', 'the 4 rows')
    >>> repeated_use((), (4, 2))
    ('for every entry', 'all 8 entries')
    """
    padded = (1,) * (len(whole) - len(given)) + given
    axes = [axis for axis, (own, all_) in enumerate(zip(padded, whole, strict=True)) if own != all_]
    count = 1
    for axis in axes:
        count *= whole[axis]
    if all(size == 1 for size in padded):
        return "for every entry", f"all {counted(count, 'entry', 'entries')}"
    if len(whole) == 2:
        line = "row" if axes == [0] else "column"
        return f"once per {line}", f"the {counted(count, line)}"
    along = f"along {'axis' if len(axes) == 1 else 'axes'} {' and '.join(map(str, axes))}"
    return f"{counted(count, 'time')} {along}", f"the {counted(count, 'use')}"
