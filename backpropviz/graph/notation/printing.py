"""Graphs as text: expressions, definitions of single gates, programs."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.notation.constants import Style, constant_text, exact_number
from backpropviz.graph.notation.gate_latex import latex_gate, latex_name
from backpropviz.graph.notation.gate_text import ATOM, PRODUCT, SIGNED, FormulaPiece, text_gate
from backpropviz.graph.text.functions import CONSTANTS, NUMBERS, functions
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Node
    from backpropviz.graph.structure import Structure
    from backpropviz.ops.composite import Body

__all__ = ["LONGEST", "Style", "constant_text", "definition", "exact_number", "expression", "program"]

LONGEST = 20_000
"""Characters that a written-out expression may have; sharing can make it exponentially long."""
LONGEST_INSIDE = 60
"""Characters up to which a closed gate is written out for reading."""


def expression(graph: Structure, node: str | None = None, style: Style = "text") -> str:
    """Write a node out in terms of the inputs.

    Parameters
    ----------
    graph : Graph
        Where the node is.
    node : str, optional
        Which node; default the output.
    style : {"text", "unicode", "latex"}
        Text can be read again by :func:`backpropviz.parse`, as long as all operations act entry by entry and no input
        is called like a constant or a function, and gives the same structure. :func:`program` declares such inputs.

    Raises
    ------
    GraphError
        Beyond 20,000 characters: what is shared is written out at each use.
    """
    root = graph.output if node is None else graph.node(node).name
    needed = _ancestors(graph, root)
    pieces: dict[str, FormulaPiece] = {}
    for name in graph.nodes:
        if name not in needed:
            continue
        record = graph.node(name)
        piece = _gate(graph, record, [pieces[argument] for argument in record.arguments], style)
        if len(piece.text) > LONGEST:
            raise GraphError(
                f"Written out, node {root!r} has more than {LONGEST:,} characters, since shared parts are written at "
                "each use. Use program(), which names them once.",
                node=root,
            )
        pieces[name] = piece
    return pieces[root].text


def definition(graph: Structure, node: str, style: Style = "text") -> str:
    """Write one gate in terms of its arguments' names; constants by their number.

    Parameters
    ----------
    graph : Graph
        Where the node is.
    node : str
        Which node. An input gives its name, a constant its number.
    style : {"text", "unicode", "latex"}
        How.
    """
    return _definition(graph, node, style, {})


def _definition(graph: Structure, node: str, style: Style, names: Mapping[str, str]) -> str:
    record = graph.node(node)
    arguments = [_named(graph, argument, style, names) for argument in record.arguments]
    return _gate(graph, record, arguments, style).text


def program(graph: Structure) -> str:
    """Write all gates as assignments, separated by ``;``, the output last.

    :func:`backpropviz.parse` reads them back with the same names, as long as names are identifiers, operations act
    entry by entry and constants are numbers. The inputs are declared where reading would else miss one: it is not
    used, or called like a constant or a function. A gate called like one of those is written with a number behind its
    name.
    """
    names = _free_names(graph)
    lines = [
        f"{names.get(name, name)} = {_definition(graph, name, 'text', names)}"
        for name in graph.nodes
        if graph.op(name) not in (INPUT, CONSTANT)
    ]
    declared = [f"input {', '.join(graph.inputs)}"] if _needs_declaring(graph) else []
    # The last statement is the output: a node that is deeper but unused must not stand there.
    output = _definition(graph, graph.output, "text", names)
    called = names.get(graph.output, graph.output)
    last = f"{called} = {output}"
    if last not in lines:
        return "; ".join([*declared, *lines, output])
    if lines[-1] != last:
        lines.append(called)
    return "; ".join([*declared, *lines])


def _needs_declaring(graph: Structure) -> bool:
    if not all(name.isidentifier() for name in graph.inputs):
        return False  # then it cannot be read in any case
    taken = {*functions(), *CONSTANTS}
    unused = [name for name in graph.inputs if not graph.consumers(name) and name != graph.output]
    return bool(unused) or any(name in taken for name in graph.inputs)


def _free_names(graph: Structure) -> dict[str, str]:
    """Give gates another name in text where a function or a number has theirs."""
    taken = {*functions(), *NUMBERS, "π"}
    free: dict[str, str] = {}
    for name in graph.nodes:
        if name in taken and graph.op(name) not in (INPUT, CONSTANT):
            candidates = (f"{'pi' if name == 'π' else name}_{number}" for number in count(1))
            free[name] = next(each for each in candidates if each not in graph and each not in free.values())
    return free


def _ancestors(graph: Structure, root: str) -> set[str]:
    waiting, found = [root], {root}
    while waiting:
        fresh = {argument for argument in graph.arguments(waiting.pop()) if argument not in found}
        found |= fresh
        waiting.extend(sorted(fresh))
    return found


def _named(graph: Structure, name: str, style: Style, names: Mapping[str, str]) -> FormulaPiece:
    record = graph.node(name)
    if record.op == CONSTANT:
        return _gate(graph, record, [], style)
    return FormulaPiece(latex_name(name) if style == "latex" else names.get(name, name))


def _gate(graph: Structure, record: Node, arguments: list[FormulaPiece], style: Style) -> FormulaPiece:
    if record.op == INPUT:
        return FormulaPiece(latex_name(record.name) if style == "latex" else record.name)
    if record.op == CONSTANT:
        text = constant_text(record, style, taken=graph)
        if isinstance(record.value, np.ndarray) and style == "latex":
            text = latex_name(text)
        level = SIGNED if text[0] in "-−" else PRODUCT if "10" in text and ("·" in text or "cdot" in text) else ATOM
        return FormulaPiece(text, level, CONSTANT)
    parameters = dict(record.parameters)
    if record.op in COMPOSITES:
        return _closed(graph, parameters["body"], arguments, style)
    if style == "latex":
        return latex_gate(record.op, arguments, parameters)
    return text_gate(record.op, arguments, parameters, style)


def _closed(graph: Structure, body: Body, arguments: list[FormulaPiece], style: Style) -> FormulaPiece:
    """Write a closed gate by what is inside, or as a function of its arguments where that is long."""
    pieces = dict(zip(body.arguments, arguments, strict=True))
    longest = LONGEST if style == "text" else LONGEST_INSIDE
    for part in body.parts:
        inside = _gate(graph, part, [pieces[argument] for argument in part.arguments], style)
        if len(inside.text) > longest:
            break  # parts that are used twice are written twice: a deep block would double at every connection past it
        pieces[part.name] = inside
    else:
        return inside
    listed = ", ".join(piece.text for piece in arguments)
    called = body.kind or "gate"
    if style == "latex":
        return FormulaPiece(rf"\operatorname{{{called.replace('_', ' ')}}}\left({listed}\right)")
    return FormulaPiece(f"{called}({listed})")
