"""The equation of a step in LaTeX, in symbols and then in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.steps.edge_formulas import contribution_latex, tangent_latex
from backpropviz.steps.formulas import definition_latex
from backpropviz.steps.numerals import latex_number
from backpropviz.steps.records import Accumulate, Evaluate, Push, Seed, Settle, Update
from backpropviz.steps.segments import is_short_vector
from backpropviz.steps.veil import HIDDEN, QUESTION

if TYPE_CHECKING:
    from backpropviz.graph import Number
    from backpropviz.steps.run_numbers import RunNumbers
    from backpropviz.steps.sequence import StepSequence


def gradient_latex(name: str, notation: str, output: str) -> str:
    r"""Write the symbol of a gradient in LaTeX.

    Examples
    --------
    >>> gradient_latex("b", "dL/dx", "y")
    '\\frac{\\partial y}{\\partial b}'
    """
    symbol = latex_name(name)
    if notation == "dL/dx":
        return rf"\frac{{\partial {latex_name(output)}}}{{\partial {symbol}}}"
    if notation == "x̄":
        return rf"\bar{{{symbol}}}"
    letter = r"\delta" if notation == "δ" else "g"
    return rf"{letter}_{{{symbol}}}"


def latex(timeline: StepSequence, k: int, numbers: RunNumbers, notation: str) -> str:
    """Write the equation of step `k`."""
    graph = timeline.graph
    if k == 0:
        return f"{latex_name(graph.output)} = {definition_latex(graph, graph.output)}"
    first, *rest = timeline[k - 1].records
    place = plan_of(graph).place

    def told(kind: str, node: str, *slot: int) -> str:
        return _shown(numbers.number(kind, place[node], *slot))

    if isinstance(first, Evaluate):
        name = latex_name(first.node)
        definition = f" = {definition_latex(graph, first.node)}" if graph.arguments(first.node) else ""
        equation = f"{name}{definition} = {told('value', first.node)}"
        if rest and isinstance(rest[0], Push):
            equation += rf", \quad {_tangent(timeline, first.node)} = {told('tangent', first.node)}"
        return equation
    if isinstance(first, Seed):
        return f"{gradient_latex(first.node, notation, graph.output)} = {told('gradient', first.node)}"
    if isinstance(first, Update):
        name, symbol = latex_name(first.node), gradient_latex(first.node, notation, graph.output)
        slope = _bracketed(told("gradient", first.node))
        moved = rf"{told('value', first.node)} - {latex_number(first.learning_rate)} \cdot {slope}"
        return rf"{name} \leftarrow {name} - \gamma \, {symbol} = {moved} = {told('updated', first.node)}"
    arrival = rest[0]
    assert isinstance(arrival, Accumulate)  # noqa: S101  a contribution is added where it arrives
    arrived = _arrived(timeline, k, arrival.node)
    symbol = gradient_latex(arrival.node, notation, graph.output)
    products = [
        contribution_latex(graph, timeline.tape.shapes, name, slot, gradient_latex(name, notation, graph.output))
        for name, slot in arrived
    ]
    sign = "=" if isinstance(rest[-1], Settle) else r"\leftarrow"
    terms = [_bracketed(told("contribution", name, slot)) for name, slot in arrived]
    total = told("after", arrival.consumer, arrival.slot)
    middle = f" = {' + '.join(terms)}" if len(terms) > 1 else ""
    return f"{symbol} {sign} {' + '.join(products)}{middle} = {total}"


def _tangent(timeline: StepSequence, node: str) -> str:
    told = tangent_latex(timeline.graph, timeline.tape.shapes, node) if timeline.graph.arguments(node) else ""
    return rf"\dot{{{latex_name(node)}}}" + (f" = {told}" if told else "")


def _arrived(timeline: StepSequence, k: int, node: str) -> list[tuple[str, int]]:
    return [
        (record.consumer, record.slot)
        for step in timeline[:k]
        for record in step.records
        if isinstance(record, Accumulate) and record.node == node
    ]


def _shown(number: Number) -> str:
    if number is HIDDEN:
        return QUESTION
    if np.ndim(number) == 0:
        return latex_number(float(number))
    if is_short_vector(number):
        return "[" + ", ".join(map(latex_number, np.asarray(number).tolist())) + "]"
    return "[" + r" \times ".join(map(str, np.shape(number))) + "]"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
