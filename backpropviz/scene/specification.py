"""Everything the view in the page is told once per graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.collector import collector_waits
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.programs import NoProgramError, graph_programs, plain_number
from backpropviz.graph import CONSTANT
from backpropviz.graph.closing.grouping import inside
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES
from backpropviz.scene.drawing import DRAWINGS, draw, why_not
from backpropviz.steps.block_words import block_words
from backpropviz.steps.explanation import explanations
from backpropviz.steps.formulas import definition_latex
from backpropviz.steps.narrative import Narrator, outline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropviz.graph import Graph
    from backpropviz.graph.closing.regrouping import Grouping
    from backpropviz.schema.picture import Specification, Words
    from backpropviz.schema.story import Basis, GraphNode, PlainGraph, PlainTemplate, Standing
    from backpropviz.steps import Timeline


def basis_entries(graph: Graph) -> Standing:
    """Tell how a view stands to its basis, by positions.

    Returns
    -------
    dict
        ``standing``: for each node of the view the basis node whose numbers it has, -1 for none. ``carried``: for each
        edge of the view, node by node and slot by slot, the edges [consumer, slot] of the basis that it carries, null
        for none. ``inside``: for each closed gate, the basis nodes inside it.
    """
    grouping = graph.grouping
    assert grouping is not None  # noqa: S101  callers ask first
    below = plan_of(grouping.basis).place
    place = plan_of(graph).place
    carried = [
        [[below[consumer], index] for consumer, index in grouping.edges[name, slot]]
        if (name, slot) in grouping.edges
        else None
        for name in graph.nodes
        for slot in range(len(graph.arguments(name)))
    ]
    closed = {
        str(place[name]): sorted(below[each] for each in inside(graph, name))
        for name in graph.nodes
        if graph.op(name) in COMPOSITES
    }
    standing = [below[grouping.nodes[name]] if name in grouping.nodes else -1 for name in graph.nodes]
    return {"standing": standing, "carried": carried, "inside": closed}


_VERSION = 1
MOST_IN_ALL_DRAWINGS = 200
"""Nodes up to which a page gets every drawing at once."""

_RARE_PRIMITIVES = frozenset({"erf", "erfc"})
"""What only few graphs compute with; a view has them where it needs them."""


def specification(
    timeline: Timeline,
    ranges: Mapping[str, tuple[float, float, float]],
    *,
    drawing: str = "circuit",
    origins: Mapping[str, str] | None = None,
) -> Specification:
    """Describe a run to a page.

    Parameters
    ----------
    timeline : Timeline
        The run; only its structure is used, since the page computes its own numbers.
    ranges : mapping of str to (low, high, step)
        Reach of each slider.
    drawing : str
        Which convention to draw by.
    origins : mapping of str to str, optional
        Of gates that come from elsewhere, where from: module and source line.

    Raises
    ------
    LayoutError
        For a graph too large to draw.
    """
    return {**first_sight(timeline, ranges, drawing=drawing), **words_of(timeline, origins)}


@collector_waits()
def first_sight(
    timeline: Timeline, ranges: Mapping[str, tuple[float, float, float]], *, drawing: str = "circuit"
) -> Specification:
    """Describe a run without its words but the first; see :func:`words_of`. Parameters are :func:`specification`'s."""
    graph = timeline.graph
    reasons = {each: reason for each in DRAWINGS if (reason := why_not(graph, each))}
    shapes = timeline.tape.shapes
    described: Specification = {
        "version": _VERSION,
        "mode": timeline.mode,
        "graph": _graph(timeline),
        "ranges": {name: list(bounds) for name, bounds in ranges.items()},
        "timeline": timeline.to_plain(),
        "narration": [Narrator(timeline).template(0).to_plain()],
        "explanations": {},
        "outline": outline(graph, timeline.mode),
        "scene": draw(graph, drawing, shapes).to_plain(),
        "undrawable": reasons,
    }
    if len(graph) <= MOST_IN_ALL_DRAWINGS:
        # Of a small graph the other drawings too, so that the page can switch by itself.
        others = [each for each in DRAWINGS if each != drawing and each not in reasons]
        described["scenes"] = {each: draw(graph, each, shapes).to_plain() for each in others}
        described["latex"] = _latex(graph)
    return described


@collector_waits()
def words_of(timeline: Timeline, origins: Mapping[str, str] | None = None) -> Words:
    """Tell every step of a run, and every node; parameters are :func:`specification`'s."""
    narrator = Narrator(timeline)
    place = plan_of(timeline.graph).place
    told = explanations(narrator.words, narrator.terms, mode=timeline.mode)
    return {
        "narration": [template.to_plain() for template in narrator.templates()],
        "explanations": {
            str(place[name]): _with_origin(template.to_plain(), (origins or {}).get(name, ""))
            for name, template in told.items()
        },
    }


def _with_origin(plain: PlainTemplate, origin: str) -> PlainTemplate:
    """Say beside a gate's role where it comes from."""
    if origin:
        plain["role"] = [*plain.get("role", []), f" · {origin}"]
    return plain


def _latex(graph: Graph) -> list[list[str]]:
    """Give each node's name and definition in LaTeX, for tables copied from the page."""
    return [
        [latex_name(name), definition_latex(graph, name) if graph.arguments(name) else latex_name(name)]
        for name in graph.nodes
    ]


def _graph(timeline: Timeline) -> PlainGraph:
    """Describe the graph, with the programs that compute it; ``kernel`` where a rule cannot be written as one."""
    graph, tape = timeline.graph, timeline.tape
    scalar = all(shape == () for shape in tape.shapes.values())
    try:
        if graph.grouping is None:
            return _computed(graph, tape.primals)
        grouping, below = graph.grouping, tape.below
        if not grouping.opened and below is not None:
            # Every number of such a view is one of its basis, or a sum of some.
            plain = _nodes(graph, tape.primals)
            plain["basis"] = _basis(graph, grouping, below.primals)
            return plain
        if scalar:
            numbers = dict.fromkeys(grouping.basis.nodes, np.float64(0.5))
            plain = _computed(graph, tape.primals)
            plain["basis"] = _basis(graph, grouping, numbers)
            return plain
    except NoProgramError:
        pass  # an operation of the user's own that branches on numbers
    plain = _nodes(graph, tape.primals)
    plain["kernel"] = True
    return plain


def _basis(graph: Graph, grouping: Grouping[Graph], values: Mapping[str, Any]) -> Basis:
    computed = _computed(grouping.basis, values)
    return {
        "nodes": computed["nodes"],
        "output": computed["output"],
        "programs": computed["programs"],
        **basis_entries(graph),
    }


def _computed(graph: Graph, values: Mapping[str, Any]) -> PlainGraph:
    programs, gates = graph_programs(graph, [values[name] for name in graph.nodes])
    plain = _nodes(graph, values)
    for place, program in gates.items():
        plain["nodes"][place]["program"] = program
    plain["programs"] = [program.to_plain() for program in programs]
    return plain


def _nodes(graph: Graph, values: Mapping[str, Any]) -> PlainGraph:
    place = plan_of(graph).place
    shapes = {name: np.shape(value) for name, value in values.items()}
    nodes: list[GraphNode] = []
    for name in graph.nodes:
        node = graph.node(name)
        plain: GraphNode = {"name": name, "op": node.op}
        if node.arguments:
            plain["arguments"] = [place[argument] for argument in node.arguments]
            if (block := block_words(graph, name, shapes)) is not None:
                plain["meets"] = [block.pieces(slot) for slot in range(len(node.arguments))]
        elif node.op == CONSTANT:
            plain["value"] = plain_number(node.value)
        elif np.ndim(values[name]):
            plain["shape"] = list(np.shape(values[name]))
        nodes.append(plain)
    return {"nodes": nodes, "output": place[graph.output]}


def has_rare_parts(described: Mapping[str, Any]) -> bool:
    """Tell of gates that were closed or opened, drawings as networks and singular values, in a specification."""
    graph, drawings = described["graph"], {described["scene"]["drawing"], *described.get("scenes", ())}
    return "basis" in graph or "network" in drawings or _calls(graph, {"singular_parts"})


def has_arrays(graph: Mapping[str, Any]) -> bool:
    """Tell of arrays in a specification's graph, and of functions that few graphs have and that come with them."""
    if any("shape" in node or isinstance(node.get("value"), dict) for node in graph["nodes"]):
        return True
    return _calls(graph, _RARE_PRIMITIVES)


def _calls(graph: Mapping[str, Any], primitives: Collection[str]) -> bool:
    routines = (routine for program in graph.get("programs", ()) for routine in program.values())
    return any(primitive in primitives for routine in routines for primitive, *_ in routine["lines"])
