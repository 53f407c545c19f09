"""The parts of sentences that several kinds of steps share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.plan import plan_of
from backpropviz.ops import REGISTRY
from backpropviz.steps.formulas import contribution_of, definition_of
from backpropviz.steps.segments import Segments, joined, on_edge, shape_text, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph

LONGEST_LEDGER = 8
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Wording:
    """Words and formulas for one graph.

    Parameters
    ----------
    graph : Graph
        Whose names and operations are meant.
    shapes : mapping of str to tuple of int, optional
        Shape of every node's value; without it every node is a scalar.
    """

    def __init__(self, graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None = None) -> None:
        self.graph = graph
        self.shapes = shapes or {}
        self.place = plan_of(graph).place

    def is_scalar(self, node: str) -> bool:
        """Tell whether a node's value is one number."""
        return self.shapes.get(node, ()) == ()

    def heading(self, node: str) -> Segments:
        """Give a node and its definition, ``b = ln x``."""
        if not self.graph.arguments(node):
            return [["v", node]]
        return [["v", node], " = ", *definition_of(self.graph, node)]

    def product(self, consumer: str, slot: int) -> Segments:
        """Give one contribution in symbols: upstream gradient times local partial, or a product of matrices."""
        product = contribution_of(self.graph, consumer, slot)
        return ["Σ ", *product] if self.repeated(consumer, slot) else product

    def repeated(self, consumer: str, slot: int) -> bool:
        """Tell whether broadcasting used an argument's entries several times, so that what comes back is summed."""
        argument = self.graph.arguments(consumer)[slot]
        elementwise = REGISTRY[self.graph.op(consumer)].elementwise
        return elementwise and self.shapes.get(argument, ()) != self.shapes.get(consumer, ())

    def shapes_of_product(self, consumer: str, slot: int) -> str:
        """Write ``[3×4]·[4×2]``: the transposed other factor and the upstream gradient, in their order."""
        if self.graph.op(consumer) != "matmul":
            return ""
        left, right = (self.shapes.get(name, ()) for name in self.graph.arguments(consumer))
        upstream = self.shapes.get(consumer, ())
        if not len(left) == len(right) == len(upstream) == 2:
            return ""
        factors = (upstream, right[::-1]) if slot == 0 else (left[::-1], upstream)
        return "·".join(shape_text(shape) for shape in factors)

    def ledger_line(self, consumer: str, slot: int) -> dict[str, Any]:
        """Give one contribution as a line of the ledger; of a product of matrices with the shapes that meet."""
        factors = self.shapes_of_product(consumer, slot)
        own = shape_text(self.shapes.get(self.graph.arguments(consumer)[slot], ()))
        return {
            **({"shapes": f"{own} = {factors}"} if factors else {}),
            "label": ["from ", ["v", consumer], f" ({REGISTRY[self.graph.op(consumer)].symbol}"]
            + ([f", {self.slot_words(consumer, slot)}"] if len(self.graph.arguments(consumer)) > 1 else [])
            + [")"],
            "formula": self.product(consumer, slot),
            "number": on_edge("contribution", self.place[consumer], slot),
            "kind": "gradient",
        }

    def notes(self, node: str) -> list[dict[str, Any]]:
        """Give what is to be said of a gate where a convention bites, or where a value first stops being finite.

        Each note has the condition under which it is true, and one or two words for the mark on the node.
        """
        if not self.graph.arguments(node):
            return []
        arguments = [value(self.place[name]) for name in self.graph.arguments(node)]
        out = value(self.place[node])
        kinks = REGISTRY[self.graph.op(node)].kinks
        found = [
            {"when": kink.when(out, *arguments), "text": [["v", node], ": ", kink.text], "sign": kink.sign}
            for kink in kinks
        ]
        broke = ["all", ["not", ["finite", out]], *(["finite", each] for each in arguments)]
        left = ["The values first leave the finite numbers at ", ["v", node], " = ", out, "."]
        return [*found, {"when": broke, "text": left, "sign": "not finite"}]

    def argument_words(self, node: str) -> Segments:
        """List the arguments of a gate, as words are listed."""
        return joined([[["v", name]] for name in self.graph.arguments(node)[:LONGEST_LEDGER]], ", ", " and ")

    def slot_words(self, node: str, slot: int) -> str:
        """Name a slot: "second input"."""
        if len(self.graph.arguments(node)) == 1:
            return "its input"
        return f"{ORDINALS[slot]} input" if slot < len(ORDINALS) else f"input {slot + 1}"


def count_words(count: int) -> str:
    """Write a small count as a word."""
    return _NUMBER_WORDS[count] if count < len(_NUMBER_WORDS) else str(count)
