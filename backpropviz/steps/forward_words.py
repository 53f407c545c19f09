"""What is said while values, and in forward mode tangents, are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph import INPUT
from backpropviz.steps.edge_formulas import moving_slots, push_of
from backpropviz.steps.formulas import definition_of
from backpropviz.steps.segments import Segments, Template, bracketed, joined, on_edge, tangent, value
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
        )
    arguments = words.graph.arguments(node)
    block = words.block(node)
    takes: Segments = [["v", node], " takes ", *words.argument_words(node), ": "]
    return Template(
        title=words.heading(node),
        role=[f"{block.telling.title if block else words.graph.op(node)}: the value is computed"],
        sentence=[*takes, *_computed(words, node)],
        equation=words.heading(node),
        numeric=_numeric(words, node),
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
    )


def _computed(words: Wording, node: str) -> Segments:
    """Tell the value: a scalar in numbers, a matrix product in shapes, another array by what happens to its entries."""
    number = value(words.place[node])
    block = words.block(node)
    if block is not None and (done := block.forward()):
        return [f"it {done}. ", ["v", node], " = ", number, "."]
    if not words.is_array_step(node):
        return [["v", node], " = ", *definition_of(words.graph, node, numeric=True), " = ", number, "."]
    if met := words.shapes_met(node):
        product: Segments = [*words.heading(node), ", ", met]
        if words.is_scalar(node):
            product += [" = ", number]
        rows = words.shapes.get(node, ())[:1]
        each = "Its one row" if rows == (1,) else f"Each of its {rows[0]} rows" if rows else ""
        examples = [f" {each} is an example."] if node in words.examples else []
        return [*product, ".", *examples]
    if not words.is_elementwise(node):
        return [*words.heading(node), " = ", number, "."]
    used = {
        name: words.repeated_use(node, slot)[0]
        for slot, name in enumerate(words.graph.arguments(node))
        if words.repeated(node, slot) and name not in words.graph.constants
    }
    spread = [part for name, times in used.items() for part in (" ", ["v", name], f" is used {times}.")]
    return [*words.heading(node), ", entry by entry: ", number, ".", *spread]


def _numeric(words: Wording, node: str) -> Segments:
    number = value(words.place[node])
    if not words.is_array_step(node):
        return ["= ", *definition_of(words.graph, node, numeric=True), " = ", number]
    met = words.shapes_met(node)
    if not met:
        return ["= ", number]
    return [met, *([" = ", number] if words.is_scalar(node) else [])]


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
        )
    slots = moving_slots(words.graph, node)
    if not slots:
        return Template(
            title=words.heading(node),
            role=["value and tangent together"],
            sentence=[
                ["v", node],
                " = ",
                value(here),
                " depends on no input, so ",
                ["t", node],
                " = ",
                tangent(here),
                ".",
            ],
            equation=[["t", node], " = ", tangent(here)],
            notes=words.notes(node),
        )
    numeric: Segments = []
    if not words.is_array_step(node):
        arguments = words.graph.arguments(node)
        numeric = joined(
            [
                [*bracketed(on_edge("partial", here, slot)), "·", *bracketed(tangent(words.place[arguments[slot]]))]
                for slot in slots
            ],
            " + ",
        )
    result: Segments = [*numeric, " = ", tangent(here)] if numeric else [tangent(here)]
    symbols = [] if numeric else [*words.tangent(node), " = "]
    return Template(
        title=words.heading(node),
        role=["value and tangent together"],
        sentence=[["v", node], " = ", value(here), " moves at the rate ", ["t", node], " = ", *symbols, *result, "."],
        equation=[["t", node], " = ", *words.tangent(node)],
        numeric=["= ", *result],
        ledger=[
            {
                "label": [f"through {words.slot_words(node, slot)}"],
                "formula": push_of(words.graph, words.shapes, node, slot),
                "number": on_edge("push", here, slot),
                "kind": "tangent",
            }
            for slot in slots[:LONGEST_LEDGER]
        ],
        total={"label": [["t", node]], "number": tangent(here), "kind": "tangent"},
        notes=words.notes(node),
    )
