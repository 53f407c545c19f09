"""A run in sentences: the graph node by node, with what is known of each node at one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph import CONSTANT
from backpropviz.graph.describing import opening, sentences
from backpropviz.steps.numbers import RunNumbers
from backpropviz.steps.segments import Segments, adjoint, plain_text, tangent, value

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.steps.timeline import Timeline

WAITING = "Its gradient is not complete yet."


def outline(graph: Graph, mode: str) -> dict[str, Any]:
    """Give the sentences with their numbers left open, as the page fills them; see :mod:`backpropviz.steps.segments`.

    Parameters
    ----------
    graph : Graph
        What is told.
    mode : {"reverse", "forward"}
        Whether nodes have gradients or tangents.

    Returns
    -------
    dict
        ``opening``; ``waiting``, said of a node that has received a part of its gradient; and ``nodes``, in the order
        of evaluation: what each is, and what is said of it once its value, and once its gradient or tangent is known.
    """
    place = plan_of(graph).place
    nodes = []
    for name, sentence in sentences(graph).items():
        here = place[name]
        slope = ["Its tangent is ", tangent(here)] if mode == "forward" else ["Its gradient is ", adjoint(here)]
        constant = graph.op(name) == CONSTANT
        nodes.append([[sentence], *([[], []] if constant else [["Its value is ", value(here), "."], [*slope, "."]])])
    return {"opening": opening(graph), "waiting": WAITING, "nodes": nodes}


def describe(timeline: Timeline, k: int, notation: str) -> str:
    """Tell a whole run at one step; see :meth:`backpropviz.steps.Timeline.describe`."""
    numbers = RunNumbers(timeline)
    told = outline(timeline.graph, timeline.mode)
    state = timeline.state(k)
    narration = timeline.narrate(k, notation)

    def text(segments: Segments) -> str:
        return plain_text(segments, numbers, notation)

    lines = [told["opening"], f"Step {k} of {len(timeline)}: {' '.join([narration.sentence, *narration.notes])}"]
    for name, (what, primal, slope) in zip(timeline.graph.nodes, told["nodes"], strict=True):
        said = [text(what)]
        if name in state.primals:
            said.append(text(primal))
        if name in state.settled or name in state.tangents:
            said.append(text(slope))
        elif name in state.sums:
            said.append(told["waiting"])
        lines.append(" ".join(part for part in said if part))
    return "\n".join(lines)
