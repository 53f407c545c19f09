"""What travels along one edge, in symbols: a contribution on its way back, a tangent on its way forward.

A scalar's contribution is the upstream gradient times a local partial, as the chain rule is taught. Arrays are told as
they are computed: a matrix product by the transposed other factor, an elementwise gate entry by entry (⊙), and what a
gate only passes on as itself, never as a shape times 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backpropviz.graph import CONSTANT
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.ops import REGISTRY
from backpropviz.ops.roles import MOVER
from backpropviz.steps.formulas import (
    UPSTREAM,
    bind,
    bind_latex,
    bracketed_pattern,
    definition_latex,
    definition_of,
    marked_slots,
    marker,
    partial_latex,
    partial_of,
    partial_pattern,
)
from backpropviz.steps.segments import Segments, joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.graph.notation.printing import Style

    Shapes = Mapping[str, tuple[int, ...]]

_LINEAR_REDUCTIONS = {"sum", "mean"}
_FACTOR = re.compile(r"[\w.]+|.")
_SIGNS: dict[Style, tuple[str, str]] = {"unicode": (" ⊙ ", "·"), "latex": (r" \odot ", r" \cdot ")}


def contribution_of(graph: Graph, shapes: Shapes, consumer: str, slot: int) -> Segments:
    """Write what one edge carries back in names, ``g_b·cos a``; of arrays ``g_h·Wᵀ`` or ``g_h ⊙ cos a``."""
    if _is_scalar_gate(graph, shapes, consumer):
        return [["g", consumer], "·", *partial_of(graph, consumer, slot)]
    summed = ["Σ "] if is_repeated(graph, shapes, consumer, slot) else []
    return [*summed, *bind(graph, consumer, _array_pattern(graph, shapes, consumer, slot, "unicode"))]


def contribution_latex(graph: Graph, shapes: Shapes, consumer: str, slot: int, upstream: str) -> str:
    """Write what one edge carries back in LaTeX; `upstream` is the symbol of the consumer's gradient."""
    if _is_scalar_gate(graph, shapes, consumer):
        return rf"{upstream} \cdot {partial_latex(graph, consumer, slot)}"
    summed = r"\sum " if is_repeated(graph, shapes, consumer, slot) else ""
    return summed + bind_latex(graph, consumer, _array_pattern(graph, shapes, consumer, slot, "latex"), upstream)


def tangent_formula(graph: Graph, shapes: Shapes, node: str) -> Segments:
    """Write a gate's tangent in its arguments' tangents, ``b·ȧ + a·ḃ``; of a matrix product ``Ẋ·W + X·Ẇ``."""
    if _is_linear(graph, shapes, node):
        arguments = set(graph.arguments(node))
        return [
            ["t", each[1]] if isinstance(each, list) and each[0] == "v" and each[1] in arguments else each
            for each in definition_of(graph, node)
        ]
    return joined([push_of(graph, shapes, node, slot) for slot in moving_slots(graph, node)], " + ")


def tangent_latex(graph: Graph, shapes: Shapes, node: str) -> str:
    """Write a gate's tangent in LaTeX."""
    terms = []
    for slot in moving_slots(graph, node):
        name = graph.arguments(node)[slot]
        moving = rf"\dot{{{latex_name(name)}}}"
        if _is_scalar_gate(graph, shapes, node):
            terms.append(rf"{partial_latex(graph, node, slot)} \cdot {moving}")
        elif _is_linear(graph, shapes, node):
            terms.append(definition_latex(graph, node).replace(latex_name(name), moving))
        elif is_matrix_product(graph, shapes, node):
            factors = [latex_name(each) for each in graph.arguments(node)]
            factors[slot] = moving
            terms.append(r" \, ".join(factors))
        elif REGISTRY[graph.op(node)].elementwise:
            pattern = _scaled(graph, shapes, node, slot, "latex")
            terms.append(bind_latex(graph, node, pattern, moving))
        else:
            terms.append(rf"\frac{{\partial {latex_name(node)}}}{{\partial {latex_name(name)}}} \, {moving}")
    return " + ".join(dict.fromkeys(terms))


def push_of(graph: Graph, shapes: Shapes, node: str, slot: int) -> Segments:
    """Write what one edge carries forward: the local partial times the argument's tangent."""
    name = graph.arguments(node)[slot]
    if _is_scalar_gate(graph, shapes, node):
        return [*partial_of(graph, node, slot), "·", ["t", name]]
    if is_matrix_product(graph, shapes, node):
        left, right = graph.arguments(node)
        return [["t", left], "·", ["v", right]] if slot == 0 else [["v", left], "·", ["t", right]]
    if not REGISTRY[graph.op(node)].elementwise:
        return ["∂", ["v", node], "/∂", ["v", name], "·", ["t", name]]
    pattern = _scaled(graph, shapes, node, slot, "unicode")
    return [["t", name] if each == ["g", node] else each for each in bind(graph, node, pattern)]


def moving_slots(graph: Graph, node: str) -> list[int]:
    """Give the slots of a gate whose arguments have a tangent."""
    return [slot for slot, name in enumerate(graph.arguments(node)) if graph.op(name) != CONSTANT]


def is_matrix_product(graph: Graph, shapes: Shapes, node: str) -> bool:
    """Tell whether a gate is a product of matrices or vectors: stacks and scalars have rules of their own."""
    if graph.op(node) not in {"matmul", "dot"}:
        return False
    return all(len(shapes.get(name, ())) in {1, 2} for name in graph.arguments(node))


def is_repeated(graph: Graph, shapes: Shapes, consumer: str, slot: int) -> bool:
    """Tell whether broadcasting used an argument's entries several times, so that what comes back is summed."""
    argument = graph.arguments(consumer)[slot]
    return REGISTRY[graph.op(consumer)].elementwise and shapes.get(argument, ()) != shapes.get(consumer, ())


def _is_scalar_gate(graph: Graph, shapes: Shapes, node: str) -> bool:
    names = (node, *graph.arguments(node))
    return REGISTRY[graph.op(node)].elementwise and all(shapes.get(name, ()) == () for name in names)


def _is_linear(graph: Graph, shapes: Shapes, node: str) -> bool:
    """Tell whether a gate moves tangents exactly as it moves values."""
    if _is_scalar_gate(graph, shapes, node) or REGISTRY[graph.op(node)].elementwise:
        return False
    return REGISTRY[graph.op(node)].role is MOVER or graph.op(node) in _LINEAR_REDUCTIONS


def _array_pattern(graph: Graph, shapes: Shapes, consumer: str, slot: int, style: Style) -> str:
    if is_matrix_product(graph, shapes, consumer):
        return _transposed(graph, shapes, consumer, slot, style)
    if REGISTRY[graph.op(consumer)].elementwise:
        return _scaled(graph, shapes, consumer, slot, style)
    pattern = partial_pattern(graph, consumer, slot, style)
    # What a closed gate sends back has no formula of its own but the chain rule.
    return pattern if UPSTREAM in pattern else f"{UPSTREAM}{_SIGNS[style][1]}{pattern}"


def _transposed(graph: Graph, shapes: Shapes, consumer: str, slot: int, style: Style) -> str:
    """Put the transposed other factor where it belongs; a product of two vectors is a number, so nothing is turned."""
    left, right = (len(shapes.get(name, ())) for name in graph.arguments(consumer))
    turned, times = ("ᵀ", "·") if style == "unicode" else (r"^{\top}", r" \cdot ")
    other = marker(1 - slot)
    if left == right == 1:
        return f"{UPSTREAM}{times}{other}"
    return f"{UPSTREAM}{times}{other}{turned}" if slot == 0 else f"{other}{turned}{times}{UPSTREAM}"


def _scaled(graph: Graph, shapes: Shapes, consumer: str, slot: int, style: Style) -> str:
    """Scale the upstream gradient entry by entry; a slope of 1, −1 or 0 needs no factor."""
    partial = partial_pattern(graph, consumer, slot, style)
    plain = partial.strip().replace("−", "-")
    if plain in {"1", "-1", "0"}:
        return {"1": UPSTREAM, "-1": f"{'−' if style == 'unicode' else '-'}{UPSTREAM}", "0": "0"}[plain]
    entrywise, times = _SIGNS[style]
    met = [shapes.get(name, ()) for name in marked_slots(graph, consumer, partial)]
    one_number = re.fullmatch(r"[-\d.]+", plain) is not None or (met != [] and not any(met))
    factor = bracketed_pattern(partial, style)
    if factor == partial and not _FACTOR.fullmatch(partial) and not one_number and ("·" in partial or "/" in partial):
        factor = f"({partial})"
    return f"{UPSTREAM}{times if one_number else entrywise}{factor}"
