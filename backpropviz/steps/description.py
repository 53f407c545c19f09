"""A run in sentences: the graph node by node, with what is known of each node at one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph.notation.describing import opening, sentences
from backpropviz.steps.narrative import narrate
from backpropviz.steps.segments import number_words

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.schema.story import Outline
    from backpropviz.steps.sequence import StepSequence


def outline(graph: Graph, mode: str) -> Outline:
    """Give the sentences of which a run is told at any step.

    Parameters
    ----------
    graph : Graph
        What is told.
    mode : {"reverse", "forward"}
        Whether nodes have gradients or tangents.

    Returns
    -------
    dict
        ``opening``; ``nodes``, what each is, in the order of evaluation; how their numbers are announced, ``value``
        and ``slope``; and ``waiting``, said of a node that has received a part of its gradient.
    """
    return {
        "opening": opening(graph),
        "nodes": list(sentences(graph).values()),
        "value": "Its value is",
        "slope": "Its tangent is" if mode == "forward" else "Its gradient is",
        "waiting": "Its gradient is not complete yet.",
    }


def step_sentences(timeline: StepSequence, k: int, notation: str) -> str:
    """Tell a whole run at one step; see :meth:`backpropviz.steps.Timeline.describe`."""
    told = outline(timeline.graph, timeline.mode)
    state, veil = timeline.state(k), timeline.veil
    narration = narrate(timeline, k, notation)
    lines = [told["opening"], f"Step {k} of {len(timeline)}: {' '.join([narration.sentence, *narration.notes])}"]
    slopes = state.tangents if timeline.mode == "forward" else {name: state.sums[name] for name in state.settled}
    for name, sentence in zip(timeline.graph.nodes, told["nodes"], strict=True):
        said = [sentence]
        if name in state.primals:
            said.append(f"{told['value']} {number_words(veil.over(state.primals[name], 'value', name))}.")
        if name in slopes:
            said.append(f"{told['slope']} {number_words(veil.over(slopes[name], 'gradient', name))}.")
        elif name in state.sums:
            said.append(told["waiting"])
        lines.append(" ".join(said))
    return "\n".join(lines)
