"""What is said while contributions travel back and meet, and while parameters take a step against their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.ops import REGISTRY
from backpropviz.ops.traps import literal
from backpropviz.steps.segments import Segments, Template, adjoint, bracketed, joined, on_edge, value
from backpropviz.steps.wording import LONGEST_LEDGER, ORDINALS, count_words

if TYPE_CHECKING:
    from backpropviz.schema.story import Note
    from backpropviz.steps.wording import Wording

Terms = list[tuple[str, int]]
"""Edges, by (consumer, slot), through which a node receives, in order of arrival."""


def seeded(words: Wording, node: str) -> Template:
    """Tell that the output receives its seed."""
    here = words.place[node]
    return Template(
        title=[["g", node], " = ", adjoint(here)],
        role=["seed: the backward sweep starts"],
        sentence=[
            *("The backward sweep starts at the output ", ["v", node]),
            *(": its gradient by itself is ", adjoint(here), "."),
        ],
        equation=[["g", node], " = ", adjoint(here)],
        total={"label": [["g", node]], "number": adjoint(here), "kind": "gradient"},
    )


def propagated(words: Wording, terms: Terms, consumer: str, slot: int, node: str, *, settled: bool) -> Template:
    """Tell that a contribution arrives, and what the node has received so far."""
    arrived = terms if settled else terms[: terms.index((consumer, slot)) + 1]
    sentence = _reception(words, node, terms, arrived, settled=settled)
    return Template(
        title=words.heading(node),
        role=_receiving_role(words, terms),
        sentence=sentence,
        equation=[["g", node], " = " if settled else " ← ", *joined([words.product(*term) for term in arrived], " + ")],
        numeric=_numeric(words, node, arrived, settled=settled),
        ledger=[words.ledger_line(*term) for term in arrived[-LONGEST_LEDGER:]],
        total={
            "label": [["g", node]] if settled else [["g", node], " so far"],
            "number": _sum(words, node, arrived, settled=settled),
            "kind": "gradient",
        },
        notes=[
            *words.notes(consumer),
            *_overflow(words, consumer, slot),
            *_from_one_block(words, node, arrived),
            *_small_change(words, node, settled=settled),
        ],
    )


def _receiving_role(words: Wording, terms: Terms) -> Segments:
    if len(terms) > 1:
        return ["branch: gradients add up here"]
    consumer, _ = terms[0]
    name = words.role_name(consumer)
    return [f"from {'an' if name[0] in 'aeioL' else 'a'} {name}"]


def _sum(words: Wording, node: str, arrived: Terms, *, settled: bool) -> list[Any]:
    consumer, slot = arrived[-1]
    return adjoint(words.place[node]) if settled else on_edge("after", words.place[consumer], slot)


def _numeric(words: Wording, node: str, arrived: Terms, *, settled: bool) -> Segments:
    if len(arrived) == 1 and (met := words.shapes_met(*arrived[0])):
        return [met]
    return [*_equal_to(_sum_of(words, arrived)), "= ", _sum(words, node, arrived, settled=settled)]


def _sum_of(words: Wording, arrived: Terms) -> Segments:
    if len(arrived) == 1:
        return _numeric_product(words, *arrived[0])
    if not words.is_scalar(words.graph.arguments(arrived[0][0])[arrived[0][1]]):
        return []  # shapes are not added
    return joined([bracketed(on_edge("contribution", words.place[name], slot)) for name, slot in arrived], " + ")


def _equal_to(numbers: Segments) -> Segments:
    return ["= ", *numbers, " "] if numbers else []


def _numeric_product(words: Wording, consumer: str, slot: int) -> Segments:
    """Give upstream times local gradient in numbers; of arrays nothing, since a shape is no factor."""
    if words.is_array_step(consumer) or not words.is_elementwise(consumer):
        return []
    here = words.place[consumer]
    return [*bracketed(adjoint(here)), "·", *bracketed(on_edge("partial", here, slot))]


def _arrival(words: Wording, consumer: str, slot: int) -> Segments:
    """Tell a contribution: its symbols, then its number; of a matrix product the shapes that meet."""
    number = on_edge("contribution", words.place[consumer], slot)
    symbols = words.product(consumer, slot)
    if met := words.shapes_met(consumer, slot):
        return [*symbols, ", ", met]
    return [*symbols, " ", *_equal_to(_numeric_product(words, consumer, slot)), "= ", number]


def _reception(words: Wording, node: str, terms: Terms, arrived: Terms, *, settled: bool) -> Segments:
    told = [
        [*words.product(name, slot), " = ", on_edge("contribution", words.place[name], slot)]
        for name, slot in arrived[-LONGEST_LEDGER:]
    ]
    name, slot = arrived[-1]
    if len(terms) == 1:
        return [
            *(["v", node], " receives one contribution, from ", ["v", name], ": ", *_arrival(words, name, slot), "."),
            *_reason(words, name, slot, node),
        ]
    if settled:
        return [
            *(["v", node], f" receives {count_words(len(terms))} contributions: "),
            *joined(told, ", ", " and "),
            *("; their sum is ", adjoint(words.place[node]), "."),
            *words.meeting(name, slot),
        ]
    position = ORDINALS[len(arrived) - 1] if len(arrived) <= len(ORDINALS) else f"{len(arrived)}th"
    waiting = joined([[["v", other]] for other in _unique(terms[len(arrived) :])], ", ", " and ")
    return [
        *(["v", node], f" receives the {position} of {count_words(len(terms))} contributions, from "),
        *(["v", name], ": ", *_arrival(words, name, slot), ".", *words.meeting(name, slot)),
        *(" It still waits for ", *waiting, "."),
    ]


def _reason(words: Wording, consumer: str, slot: int, node: str) -> Segments:
    """Say why the only contribution of a node is what it is."""
    if words.repeated(consumer, slot):
        times, over = words.repeated_use(consumer, slot)
        return [" ", ["v", node], f" is used {times}, so its gradient is the sum over {over}."]
    return words.meeting(consumer, slot) or [" That is its gradient."]


def _small_change(words: Wording, node: str, *, settled: bool) -> list[Note]:
    if not settled or not words.is_scalar(node):
        return []
    here = adjoint(words.place[node])
    is_one, is_minus_one = ["equal", here, literal(1.0)], ["equal", here, literal(-1.0)]
    change = [
        ["i", ["−"], is_minus_one],
        ["i", [here, "·"], ["not", ["any", is_one, is_minus_one]]],
        "h",
    ]
    text: Segments = [
        *("Increase ", ["v", node], " by a small h: ", ["v", words.graph.output]),
        ["i", [" changes by about ", *change, "."], ["not", ["zero", here]]],
        ["i", [" stays as it is, to first order."], ["zero", here]],
    ]
    return [{"when": ["finite", here], "text": text}]


def _from_one_block(words: Wording, node: str, arrived: Terms) -> list[Note]:
    """Say so once several values of one block have sent back to a node."""
    grouping, last = words.graph.grouping, arrived[-1][0]
    if grouping is None or len(arrived) == 1:
        return []
    ports = grouping.ports.get(grouping.block_of(last), ())
    if not any(name in ports and name != last for name, _ in arrived[:-1]):
        return []
    return [{"when": None, "text": words.leaving(last, node)}]


def _overflow(words: Wording, consumer: str, slot: int) -> list[Note]:
    """Say where gradients, which arrive finite, first stop being so."""
    here = words.place[consumer]
    sent = on_edge("contribution", here, slot)
    broke: Segments = ["all", ["not", ["finite", sent]], ["finite", adjoint(here)]]
    local: Segments = (
        ["the local gradient of ", ["v", consumer], " is ", on_edge("partial", here, slot)]
        if REGISTRY[words.graph.op(consumer)].elementwise
        else ["they arrive finite at ", ["v", consumer], ", and what it sends back is not"]
    )
    text = ["Here gradients leave the finite numbers: ", *local, "."]
    return [{"when": broke, "text": text}]


def harvest(words: Wording) -> Segments:
    """List the gradients of the inputs, once the sweep is complete."""
    inputs = words.graph.inputs
    told = [[["g", name], " = ", adjoint(words.place[name])] for name in inputs[:LONGEST_LEDGER]]
    if len(inputs) > LONGEST_LEDGER:
        told.append([f"{len(inputs) - LONGEST_LEDGER} more"])
    return ["The sweep is complete: ", *joined(told, ", ", " and "), "."]


def _unique(terms: Terms) -> list[str]:
    return list(dict.fromkeys(name for name, _ in terms))


def updated(words: Wording, node: str, learning_rate: float, *, last: bool) -> Template:
    """Tell that a parameter moves: w ← w − γ·g.

    Parameters
    ----------
    words : Wording
        Of the graph.
    node : str
        The parameter.
    learning_rate : float, per step
        γ.
    last : bool
        Whether all others have moved already.
    """
    here = words.place[node]
    rate = literal(learning_rate)
    after = ["q", "updated", here]
    still: Note = {"when": ["zero", adjoint(here)], "text": ["Its gradient is 0: it stays where it is."]}
    notes: list[Note] = [still]
    if last:
        loss = words.graph.output
        text: Segments = ["All parameters have moved. The next forward sweep starts from the new values; ", ["v", loss]]
        notes.append({"when": None, "text": [*text, " should come out smaller, if the learning rate is small enough."]})
    return Template(
        title=[["v", node], " ← ", ["v", node], " − γ·", ["g", node]],
        role=["update: a step against the gradient"],
        sentence=[
            *(["v", node], " takes a step against its gradient, ", rate, " times as long as the gradient is: "),
            *(value(here), " − ", rate, "·", *bracketed(adjoint(here)), " = ", after, "."),
        ],
        equation=[["v", node], " ← ", ["v", node], " − γ·", ["g", node]],
        numeric=["= ", value(here), " − ", rate, "·", *bracketed(adjoint(here)), " = ", after],
        ledger=[
            {"label": ["before"], "formula": [["v", node]], "number": value(here), "kind": "value"},
            {
                "label": ["the step, learning rate γ = ", rate],
                "formula": ["−γ·", ["g", node]],
                "number": ["q", "move", here],
                "kind": "gradient",
            },
        ],
        total={"label": [["v", node], " after"], "number": after, "kind": "value"},
        notes=notes,
    )
