"""What the panel says of the selected node, at any step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph import CONSTANT
from backpropviz.ops import REGISTRY
from backpropviz.steps.edge_formulas import push_of
from backpropviz.steps.formulas import partial_of
from backpropviz.steps.segments import Segments, Template, adjoint, on_edge, value
from backpropviz.steps.wording import LONGEST_LEDGER, Wording, count_words

if TYPE_CHECKING:
    from backpropviz.schema.story import LedgerLine, Note
    from backpropviz.steps.backward_words import Terms

_INPUT_ROLE = "input: you choose its value"


def explanations(words: Wording, terms: dict[str, Terms], *, mode: str = "reverse") -> dict[str, Template]:
    """Explain every node: its role, its formula, its local partials, and all that it receives.

    Parameters
    ----------
    words : Wording
        Of the graph whose nodes are explained.
    terms : dict of str to list of (consumer, slot)
        Edges through which each node receives contributions, in order of arrival.
    mode : {"reverse", "forward"}
        Whether gradients or tangents are on screen.
    """
    return {name: explain(words, name, terms.get(name, []), mode=mode) for name in words.graph.nodes}


def explain(words: Wording, node: str, terms: Terms, *, mode: str = "reverse") -> Template:
    """Explain one node."""
    graph = words.graph
    here = words.place[node]
    if graph.op(node) == CONSTANT:
        return Template(title=[node], role=["constant"], sentence=["A constant: it has a value and no gradient."])
    gate = bool(graph.arguments(node))
    op = REGISTRY[graph.op(node)] if gate else None
    ledger = [_partial_line(words, node, slot, mode=mode) for slot in range(len(graph.arguments(node)))][
        :LONGEST_LEDGER
    ]
    total: LedgerLine | None = None
    if mode == "reverse":
        ledger += [words.ledger_line(*term) for term in terms[-LONGEST_LEDGER:]]
        if terms or node == graph.output:
            total = {"label": [["g", node]], "number": adjoint(here), "kind": "gradient"}
    block = words.block(node)
    done = "" if block is None else block.forward()
    sentence: Segments = [op.role.sentence] if op else [["v", node], " is an input; its value is ", value(here), "."]
    sentence = [f"It {done}."] if done else sentence
    sentence += _use(words, node, terms, mode)
    return Template(
        title=words.heading(node),
        role=[words.role_name(node) if gate else _INPUT_ROLE],
        sentence=sentence,
        equation=words.heading(node),
        numeric=["= ", value(here)],
        ledger=ledger,
        total=total,
        notes=[*words.notes(node), *_sent_back(words, node), *_origin(words, node)],
    )


def _partial_line(words: Wording, node: str, slot: int, *, mode: str) -> LedgerLine:
    """Give a local partial; of a gate that mixes entries there is none, so what the edge carries."""
    graph = words.graph
    argument = graph.arguments(node)[slot]
    symbol: Segments = [argument] if graph.op(argument) == CONSTANT else [["v", argument]]
    here = words.place[node]
    if words.is_elementwise(node) or graph.op(argument) == CONSTANT:
        return {
            "label": ["local gradient ∂", ["v", node], "/∂", *symbol],
            "formula": partial_of(graph, node, slot),
            "number": on_edge("partial", here, slot),
            "kind": "value",
        }
    if mode == "forward":
        formula, number = push_of(graph, words.shapes, node, slot), on_edge("push", here, slot)
        return {"label": ["from ", *symbol], "formula": formula, "number": number, "kind": "tangent"}
    return {
        "label": ["sends back to ", *symbol],
        "formula": words.product(node, slot),
        "number": on_edge("contribution", here, slot),
        "kind": "gradient",
    }


def _sent_back(words: Wording, node: str) -> list[Note]:
    """Say what a block sends back to each argument, also to weights that stand inside it."""
    notes: list[Note] = [{"when": None, "text": together}] if (together := words.leaving(node)) else []
    if words.block(node) is None:
        return notes
    told = {name: words.meeting(node, slot) for slot, name in enumerate(words.graph.arguments(node)[:LONGEST_LEDGER])}
    return notes + [{"when": None, "text": ["To ", ["v", name], ":", *back]} for name, back in told.items() if back]


def _origin(words: Wording, node: str) -> list[Note]:
    """Show the line of the user's own function on which the node was written."""
    source = words.graph.node(node).source
    return [{"when": None, "text": [f"Written on {source}"]}] if source else []


def _use(words: Wording, node: str, terms: Terms, mode: str) -> Segments:
    """Say in how many places the node is used."""
    if node == words.graph.output:
        return [f" It is the output{': the backward sweep starts here' if mode == 'reverse' else ''}."]
    uses = len(words.graph.consumers(node))
    if uses == 0:
        return [f" The output does not depend on it{': its gradient is 0' if mode == 'reverse' else ''}."]
    if len(terms) > 1:
        times = "twice" if uses == 2 else f"{count_words(uses)} times"
        return [f" It is used {times}, so its gradient is the sum of {count_words(len(terms))} contributions."]
    return []
