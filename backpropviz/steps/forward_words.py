"""What is said while values, and in forward mode tangents, are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph import INPUT
from backpropviz.steps.formulas import definition_of, partial_of
from backpropviz.steps.segments import Segments, bracketed, joined, on_edge, tangent, value
from backpropviz.steps.template import Template
from backpropviz.steps.wording import LONGEST_LEDGER

if TYPE_CHECKING:
    from backpropviz.steps.wording import Wording


def evaluated(words: Wording, node: str) -> Template:
    """Tell that a value becomes known."""
    here = words.place[node]
    if words.graph.op(node) == INPUT:
        return Template(
            title=[["v", node]],
            role=["input"],
            sentence=[["v", node], " is an input; its value is ", value(here), "."],
            equation=[["v", node], " = ", value(here)],
            focus={"nodes": [here], "edges": []},
        )
    arguments = words.graph.arguments(node)
    sentence: Segments = [["v", node], " takes ", *words.argument_words(node), ": ", ["v", node], " = "]
    sentence += [*definition_of(words.graph, node, numeric=True), " = ", value(here), "."]
    return Template(
        title=words.heading(node),
        role=[f"{words.graph.op(node)}: the value is computed"],
        sentence=sentence,
        equation=words.heading(node),
        numeric=["= ", *definition_of(words.graph, node, numeric=True), " = ", value(here)],
        ledger=[
            {
                "label": [words.slot_words(node, slot)],
                "formula": [["v", name]],
                "number": value(words.place[name]),
                "kind": "value",
            }
            for slot, name in enumerate(arguments[:LONGEST_LEDGER])
        ],
        total={"label": [["v", node]], "number": value(here), "kind": "value"},
        notes=words.notes(node),
        focus={"nodes": [here], "edges": [[here, slot] for slot in range(len(arguments))]},
    )


def pushed(words: Wording, node: str) -> Template:
    """Tell that a value and a tangent become known."""
    here = words.place[node]
    if words.graph.op(node) == INPUT:
        moves: Segments = [["v", node], " is an input: value ", value(here), ", tangent ", tangent(here), "."]
        return Template(
            title=[["v", node]],
            role=["input and its direction"],
            sentence=moves,
            equation=[["t", node], " = ", tangent(here)],
            focus={"nodes": [here], "edges": []},
        )
    moving = [
        (slot, name) for slot, name in enumerate(words.graph.arguments(node)) if name not in words.graph.constants
    ]
    symbols = joined([[*partial_of(words.graph, node, slot), "·", ["t", name]] for slot, name in moving], " + ")
    numeric = joined(
        [
            [*bracketed(on_edge("partial", here, slot)), "·", *bracketed(tangent(words.place[name]))]
            for slot, name in moving
        ],
        " + ",
    )
    return Template(
        title=words.heading(node),
        role=["value and tangent together"],
        sentence=[
            *(["v", node], " = ", value(here), " moves at the rate ", ["t", node], " = "),
            *(*numeric, " = ", tangent(here), "."),
        ],
        equation=[["t", node], " = ", *symbols],
        numeric=["= ", *numeric, " = ", tangent(here)],
        ledger=[
            {
                "label": [f"through {words.slot_words(node, slot)}"],
                "formula": [*partial_of(words.graph, node, slot), " · ", ["t", name]],
                "number": on_edge("push", here, slot),
                "kind": "tangent",
            }
            for slot, name in moving[:LONGEST_LEDGER]
        ],
        total={"label": [["t", node]], "number": tangent(here), "kind": "tangent"},
        notes=words.notes(node),
        focus={"nodes": [here], "edges": [[here, slot] for slot, _ in moving]},
    )
