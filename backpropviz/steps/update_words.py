"""What is said while parameters take a step against their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.ops.traps import literal
from backpropviz.steps.segments import Segments, adjoint, bracketed, value
from backpropviz.steps.template import Template

if TYPE_CHECKING:
    from backpropviz.schema.story import Note
    from backpropviz.steps.wording import Wording


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
