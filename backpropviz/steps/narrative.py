"""One sentence and one equation for each step of a run; and the graph in sentences, where no picture is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph.notation.describing import opening, sentences
from backpropviz.ops.counting import counted
from backpropviz.steps import equations
from backpropviz.steps.backward_words import Terms, harvest, propagated, seeded, updated
from backpropviz.steps.formulas import definition_of
from backpropviz.steps.forward_words import evaluated, pushed
from backpropviz.steps.records import Accumulate, Evaluate, Push, Seed, Settle, Update
from backpropviz.steps.run_numbers import RunNumbers
from backpropviz.steps.segments import (
    NOTATIONS,
    Narration,
    Segments,
    Template,
    gradient_symbol,
    holds,
    number_words,
    plain_text,
)
from backpropviz.steps.wording import Wording

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.schema.story import Outline
    from backpropviz.steps.sequence import StepSequence

DEFAULT_NOTATION = NOTATIONS[0]


def narrate(timeline: StepSequence, k: int, notation: str) -> Narration:
    """Tell one step; see :meth:`backpropviz.steps.Timeline.narrate`."""
    gradient_symbol("x", notation, "y")  # an unknown notation is refused before anything is told
    numbers = RunNumbers(timeline)
    told = Narrator(timeline).template(k)

    def text(segments: Segments) -> str:
        return plain_text(segments, numbers, notation)

    return Narration(
        sentence=text(told.sentence),
        latex=equations.latex(timeline, k, numbers, notation),
        equation=_one_line(text(told.equation), text(told.numeric)),
        notes=tuple(text(note["text"]) for note in told.notes if holds(note["when"], numbers)),
    )


def _one_line(symbols: str, numbers: str) -> str:
    """Write an equation in symbols and then in numbers, or beside the shapes of its arrays."""
    if not symbols or not numbers:
        return symbols or numbers
    return f"{symbols} {numbers}" if numbers.startswith("=") else f"{symbols}, {numbers}"


class Narrator:
    """Templates for the steps of one run.

    Parameters
    ----------
    timeline : Timeline
        The run; the templates depend on its structure and shapes, not on its numbers.
    """

    def __init__(self, timeline: StepSequence) -> None:
        self.mode = timeline.mode
        self.steps = timeline
        self.words = Wording(timeline.graph, timeline.tape.shapes)
        self.swept = sum(step.phase != "update" for step in timeline)
        self.terms: dict[str, Terms] = {}
        for step in timeline:
            for record in step.records:
                if isinstance(record, Accumulate):
                    self.terms.setdefault(record.node, []).append((record.consumer, record.slot))

    def templates(self) -> list[Template]:
        """Give the templates of all steps, the one before anything first."""
        return [self.template(k) for k in range(len(self.steps) + 1)]

    def template(self, k: int) -> Template:
        """Give the template of step `k`."""
        if k == 0:
            return self._start()
        first, *rest = self.steps[k - 1].records
        if isinstance(first, Evaluate):
            forward = bool(rest) and isinstance(rest[0], Push)
            return pushed(self.words, first.node) if forward else evaluated(self.words, first.node)
        if isinstance(first, Seed):
            return seeded(self.words, first.node)
        if isinstance(first, Update):
            return updated(self.words, first.node, first.learning_rate, last=k == len(self.steps))
        assert isinstance(rest[0], Accumulate)  # noqa: S101  a contribution is added where it arrives
        arrival = rest[0]
        settled = isinstance(rest[-1], Settle)
        terms = self.terms[arrival.node]
        told = propagated(self.words, terms, arrival.consumer, arrival.slot, arrival.node, settled=settled)
        if k == self.swept:
            told.notes.append({"when": None, "text": harvest(self.words)})
        return told

    def _start(self) -> Template:
        values = sum(isinstance(step.records[0], Evaluate) for step in self.steps)
        edges = self.swept - values - 1
        updates = len(self.steps) - self.swept
        at_last = _announced(updates)
        sentence = (
            f"The forward sweep will give a value to each node, {values} in all; then the backward sweep sends "
            f"gradients back along {counted(edges, 'edge')}.{at_last}"
            if self.mode == "reverse"
            else f"One sweep will give a value and a tangent to each node, {values} in all."
        )
        graph = self.words.graph
        definition = [" = ", *definition_of(graph, graph.output)] if graph.arguments(graph.output) else []
        return Template(
            title=["Ready"],
            role=["nothing is computed yet"],
            sentence=[sentence],
            equation=[["v", graph.output], *definition],
        )


def _announced(updates: int) -> str:
    if not updates:
        return ""
    one = "one parameter takes a step against its gradient"
    return f" At last {one if updates == 1 else f'{updates} parameters take a step against their gradients'}."


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
