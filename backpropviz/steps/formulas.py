"""Definitions and local partials as templates in the names of a gate's arguments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import ExpressionError
from backpropviz.graph import CONSTANT, INPUT, Graph, Node, parse
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.graph.notation.printing import definition, expression
from backpropviz.ops import REGISTRY
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES
from backpropviz.steps.numerals import format_number, latex_number
from backpropviz.steps.segments import Segments, bracketed, value

if TYPE_CHECKING:
    from backpropviz.graph.notation.printing import Style

# Private-use characters stand for the arguments while a formula is laid out: no printer changes them.
_FIRST = 0xE000
_OUT = chr(0xF8FF)
UPSTREAM = chr(0xF8FE)
_MARKERS = re.compile(f"([{chr(_FIRST)}-{_OUT}])")
# A function of one name alone is written without brackets, as at a blackboard: −sin x.
_LONE_FUNCTION = re.compile(f"^(−?(?:sin|cos|tan|sinh|cosh|tanh|ln|log₂|log₁₀|exp))\\(([{chr(_FIRST)}-{_OUT}])\\)$")
_LETTERS = {"x": chr(_FIRST), "y": chr(_FIRST + 1), "out": _OUT, "g": UPSTREAM}
_LETTER = re.compile(r"(?<![A-Za-z_])(x|y|out|g)(?![A-Za-z_0-9])")  # ᵀ may follow: to \b it is a letter
_IN_LATEX = {
    "·": r" \cdot ",
    "⁻ᵀ": r"^{-\top}",
    "ᵀ": r"^{\top}",
    "⁻¹": "^{-1}",
    "−": "-",
    "Σ": r"\sum ",
    "σ": r"\sigma ",
}


def definition_of(graph: Graph, node: str, *, numeric: bool = False) -> Segments:
    """Write one gate in its arguments' names, ``a/b``, or in their values, ``6/0.6931``."""
    return bind(graph, node, _definition(graph, node, "unicode"), numeric=numeric)


def definition_latex(graph: Graph, node: str) -> str:
    """Write one gate in LaTeX, in its arguments' names."""
    return bind_latex(graph, node, _definition(graph, node, "latex"))


def _definition(graph: Graph, node: str, style: Style) -> str:
    constants = tuple(_scalar_constant(graph, argument) for argument in graph.arguments(node))
    return _definition_pattern(graph.op(node), constants, graph.node(node).parameters, style)


def _scalar_constant(graph: Graph, name: str) -> tuple[str, float] | None:
    record = graph.node(name)
    return (name, float(record.value)) if record.op == CONSTANT and np.ndim(record.value) == 0 else None  # type: ignore[arg-type]


def partial_of(graph: Graph, consumer: str, slot: int) -> Segments:
    """Write the local partial of one edge in names, ``−a/b²``, bracketed where it is to be multiplied."""
    text = partial_pattern(graph, consumer, slot, "unicode")
    segments = bind(graph, consumer, text)
    return ["(", *segments, ")"] if _needs_brackets(text) else segments


def partial_latex(graph: Graph, consumer: str, slot: int) -> str:
    """Write the local partial of one edge in LaTeX."""
    text = partial_pattern(graph, consumer, slot, "latex")
    bound = bind_latex(graph, consumer, text)
    return rf"\left({bound}\right)" if _needs_brackets(text) else bound


def marker(slot: int) -> str:
    """Give what stands for an argument in a pattern."""
    return chr(_FIRST + slot)


def marked_slots(graph: Graph, node: str, pattern: str) -> list[str]:
    """List the nodes whose values a pattern names."""
    arguments = graph.arguments(node)
    found = [each for each in _MARKERS.findall(pattern) if each != UPSTREAM]
    return [node if each == _OUT else arguments[ord(each) - _FIRST] for each in found]


def bracketed_pattern(pattern: str, style: Style) -> str:
    """Put a pattern in brackets where it is to be multiplied and would else be read wrongly."""
    if not _needs_brackets(pattern):
        return pattern
    return rf"\left({pattern}\right)" if style == "latex" else f"({pattern})"


@lru_cache(maxsize=4096)
def _definition_pattern(
    op: str,
    constants: tuple[tuple[str, float] | None, ...],
    parameters: tuple[tuple[str, object], ...],
    style: Style,
) -> str:
    """Lay out one gate with a marker for each argument; scalar constants stand as themselves, so that c² is written."""
    arguments = [constant[0] if constant else chr(_FIRST + slot) for slot, constant in enumerate(constants)]
    nodes = {
        name: Node(name, CONSTANT, value=np.float64(constant[1])) if constant else Node(name, INPUT)
        for name, constant in zip(arguments, constants, strict=True)
    }
    gate = Node("out", op, tuple(arguments), parameters)
    return definition(Graph([*nodes.values(), gate], "out"), "out", style)


def partial_pattern(graph: Graph, consumer: str, slot: int, style: Style) -> str:
    """Lay out a local partial, or what an array operation sends back, with a marker for each argument."""
    op = graph.op(consumer)
    arguments = graph.arguments(consumer)
    if op == "power" and slot == 0 and graph.op(arguments[1]) == CONSTANT:
        return _power_rule(float(graph.node(arguments[1]).value), style)  # type: ignore[arg-type]
    if op in COMPOSITES:
        argument = chr(_FIRST + slot)
        return rf"\frac{{\partial {_OUT}}}{{\partial {argument}}}" if style == "latex" else f"∂{_OUT}/∂{argument}"
    return formula_pattern(REGISTRY[op].formula(slot), style)


@lru_cache(maxsize=1024)
def _power_rule(exponent: float, style: Style) -> str:
    """Write ``c·x^(c−1)`` as people do: 2·x for a square, not 2·x^(2−1)."""
    if exponent == 2:
        formula = "2*x"
    elif exponent == 1:
        formula = "1"
    elif exponent == 0:
        formula = "0"
    else:
        formula = f"{exponent!r}*x**{exponent - 1!r}".replace(".0*", "*").removesuffix(".0")
    return formula_pattern(formula, style)


@lru_cache(maxsize=4096)
def formula_pattern(formula: str, style: Style) -> str:
    """Lay out a declared formula, with markers for ``x``, ``y``, ``out`` and the upstream gradient ``g``."""
    try:
        # The parser would take a raised T for a letter of the name before it.
        graph = None if "ᵀ" in formula else parse(formula)
    except ExpressionError:
        graph = None
    if graph is None:
        # Words, such as "1 if largest, else 0": set upright, with the letters replaced.
        text = _LETTER.sub(lambda found: _LETTERS[found[0]], formula)
        if style != "latex":
            return text
        return _mixed_latex(text) if UPSTREAM in text else rf"\text{{{text}}}"
    names = {name: _LETTERS.get(name, name) for name in graph.nodes}
    nodes = [
        Node(names[node.name], node.op, tuple(names[name] for name in node.arguments), node.parameters, node.value)
        for node in graph.creation_order()
    ]
    return expression(Graph(nodes, names[graph.output]), None, style)


def _mixed_latex(text: str) -> str:
    """Set the words of a contribution upright and its signs as mathematics."""
    text = re.sub("[A-Za-z]{2}[A-Za-z ,]*", lambda found: rf"\text{{ {found[0].rstrip()} }}", text)
    for sign, command in _IN_LATEX.items():
        text = text.replace(sign, command)
    return text


def _needs_brackets(text: str) -> bool:
    """Tell whether a sign, a sum or words stand outside every bracket of a factor."""
    if re.fullmatch(r"[\d.]+|.", text):
        return False
    if text[0] in "−-":
        return True
    depth = 0
    for character in text:
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif depth == 0 and character in "+−-/ ,":
            return character != " " or not text.startswith(_FUNCTION_STARTS)
    return False


_FUNCTION_STARTS = ("\\", "sin ", "cos ", "tan ", "ln ", "exp ", "cosh ", "sinh ", "sign ")


def bind(graph: Graph, node: str, text: str, *, numeric: bool = False) -> Segments:
    """Put names, or values, into a pattern."""
    arguments = graph.arguments(node)
    place = plan_of(graph).place
    segments: Segments = []
    parts = _MARKERS.split(_LONE_FUNCTION.sub(r"\1 \2", text))
    for index, part in enumerate(parts):
        if not _MARKERS.match(part):
            if part:
                segments.append(part)
            continue
        if part == UPSTREAM:
            segments.append(["g", node])
            continue
        name = node if part == _OUT else arguments[ord(part) - _FIRST]
        record = graph.node(name)
        if record.op == CONSTANT and record.value is not None and not getattr(record.value, "ndim", 0):
            constant = float(record.value)
            shown = name if name in "πℯ" else format_number(constant)
            segments.append(f"({shown})" if constant < 0 else shown)
        elif numeric:
            number = value(place[name])
            segments.extend([number] if _stands_free(parts[index - 1], parts[index + 1]) else bracketed(number))
        else:
            segments.append(["v", name])
    return segments


def _stands_free(before: str, after: str) -> bool:
    """Tell whether a negative number may stand here without brackets of its own."""
    if before == "":
        return after == "" or after[0] in " ·/"
    return before[-1] in "(, |" and after[:1] in (")", ",", "|")


def bind_latex(graph: Graph, node: str, text: str, upstream: str = "g") -> str:
    """Put names into a pattern for LaTeX."""
    arguments = graph.arguments(node)

    def replace(found: re.Match[str]) -> str:
        if found[0] == UPSTREAM:
            return upstream
        name = node if found[0] == _OUT else arguments[ord(found[0]) - _FIRST]
        record = graph.node(name)
        if record.op == CONSTANT and record.value is not None and not getattr(record.value, "ndim", 0):
            number = latex_number(float(record.value))
            return f"({number})" if record.value < 0 else number
        return latex_name(name)

    return _MARKERS.sub(replace, text)
