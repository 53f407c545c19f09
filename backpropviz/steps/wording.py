"""The parts of sentences that several kinds of steps share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.ops import REGISTRY
from backpropviz.steps.array_words import example_nodes, product_shapes, product_words, repeated_use
from backpropviz.steps.block_words import block_words
from backpropviz.steps.edge_formulas import contribution_of, is_matrix_product, is_repeated, tangent_formula
from backpropviz.steps.formulas import definition_of
from backpropviz.steps.segments import Segments, joined, on_edge, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.schema.story import LedgerLine, Note
    from backpropviz.steps.block_words import BlockWords

LONGEST_LEDGER = 8
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_MOST_LISTED = 4
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _listed(names: list[Segments]) -> Segments:
    shown = names[:_MOST_LISTED]
    return joined([*shown, *([[f"{len(names) - len(shown)} more"]] if len(names) > len(shown) else [])], ", ", " and ")


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
        self.examples = example_nodes(graph, self.shapes)
        # A long run tells each several times: in its step, in the sum it belongs to, and of the node beside.
        self._headings: dict[str, Segments] = {}
        self._products: dict[tuple[str, int], Segments] = {}
        self._blocks: dict[str, BlockWords | None] = {}

    def is_scalar(self, node: str) -> bool:
        """Tell whether a node's value is one number."""
        return self.shapes.get(node, ()) == ()

    def heading(self, node: str) -> Segments:
        """Give a node and its definition, ``b = ln x``."""
        if node not in self._headings:
            defined = [" = ", *definition_of(self.graph, node)] if self.graph.arguments(node) else []
            self._headings[node] = [["v", node], *defined]
        return list(self._headings[node])

    def product(self, consumer: str, slot: int) -> Segments:
        """Give one contribution in symbols: upstream gradient times local partial, or a product of matrices."""
        if (consumer, slot) not in self._products:
            self._products[consumer, slot] = contribution_of(self.graph, self.shapes, consumer, slot)
        return list(self._products[consumer, slot])

    def repeated(self, consumer: str, slot: int) -> bool:
        """Tell whether broadcasting used an argument's entries several times, so that what comes back is summed."""
        return is_repeated(self.graph, self.shapes, consumer, slot)

    def is_array_step(self, node: str) -> bool:
        """Tell whether a gate gives or takes arrays, so that it is told in shapes and not in numbers."""
        return any(not self.is_scalar(name) for name in (node, *self.graph.arguments(node)))

    def is_elementwise(self, node: str) -> bool:
        """Tell whether a gate works entry by entry."""
        return REGISTRY[self.graph.op(node)].elementwise

    def is_product(self, node: str) -> bool:
        """Tell whether a gate multiplies matrices or vectors."""
        return is_matrix_product(self.graph, self.shapes, node)

    def shapes_met(self, consumer: str, slot: int | None = None) -> str:
        """Write the shapes of a matrix product, or of what it sends back: ``[3×2] = [3×4]·[4×2]``."""
        return product_shapes(self.graph, self.shapes, consumer, slot) if self.is_product(consumer) else ""

    def tangent(self, node: str) -> Segments:
        """Give a gate's tangent in symbols."""
        return tangent_formula(self.graph, self.shapes, node)

    def repeated_use(self, consumer: str, slot: int) -> tuple[str, str]:
        """Say how often a gate uses each entry of an argument, and over what its gradient is therefore summed."""
        argument = self.graph.arguments(consumer)[slot]
        return repeated_use(self.shapes.get(argument, ()), self.shapes.get(consumer, ()))

    def block(self, node: str) -> BlockWords | None:
        """Give the words of a closed gate that is a layer, attention or a cell."""
        if node not in self._blocks:
            self._blocks[node] = block_words(self.graph, node, self.shapes)
        return self._blocks[node]

    def leaving(self, node: str, receiver: str = "") -> Segments:
        """Say that several values leave a closed gate's block, and what that means for a receiver, or all of them."""
        grouping = self.graph.grouping
        block = node if grouping is None else grouping.block_of(node)
        if grouping is None or block == node:
            return []
        ports = grouping.ports[block]
        used = (
            [receiver] * 2
            if receiver
            else [name for port in ports for name in dict.fromkeys(self.graph.arguments(port))]
        )
        shared = [name for name in dict.fromkeys(used) if used.count(name) > 1 and name not in self.graph.constants]
        told = _listed([[["v", port]] for port in ports])
        gets = [
            ", and ",
            *_listed([[["v", name]] for name in shared]),
            f" {'get' if len(shared) > 1 else 'gets'} the sum",
        ]
        over = f" over {'both' if len(ports) == 2 else f'all {count_words(len(ports))}'}" if shared else ""
        between = f" leave {block} here; each brings its own upstream gradient back"
        return [*told, between, *(gets if shared else []), f"{over}."]

    def role_name(self, node: str) -> str:
        """Name what a gate does with gradients; a block goes by what it is."""
        block = self.block(node)
        return REGISTRY[self.graph.op(node)].role.name if block is None else block.telling.title

    def meeting(self, consumer: str, slot: int) -> Segments:
        """Say how upstream gradient and arguments meet in a contribution, and over what is summed."""
        block = self.block(consumer)
        if block is not None:
            return self._met_by_block(block, consumer, slot)
        if self.is_product(consumer):
            return product_words(self.graph, self.shapes, self.examples, consumer, slot)
        if not self.repeated(consumer, slot):
            return []
        times, over = self.repeated_use(consumer, slot)
        name = self.graph.arguments(consumer)[slot]
        return [" ", ["v", consumer], " uses ", ["v", name], f" {times}, so what comes back is the sum over {over}."]

    def _met_by_block(self, block: BlockWords, consumer: str, slot: int) -> Segments:
        """Say what a block sends back, and for an entry in the middle what it met."""
        name = self.graph.arguments(consumer)[slot]
        back = block.backward(slot)
        told: Segments = [f" What comes back: {back}."] if back else []
        shape = self.shapes[name]
        middle = tuple(size // 2 for size in shape)
        if met := block.met(slot, middle):
            entry = f"[{','.join(map(str, middle))}]" if shape else ""
            told += [" Its entry ", ["v", name], entry, f" {met}."]
        return told

    def ledger_line(self, consumer: str, slot: int) -> LedgerLine:
        """Give one contribution as a line of the ledger; of a product of matrices with the shapes that meet."""
        met = self.shapes_met(consumer, slot)
        label: Segments = ["from ", ["v", consumer], f" ({REGISTRY[self.graph.op(consumer)].symbol}"]
        label += [f", {self.slot_words(consumer, slot)}"] if len(self.graph.arguments(consumer)) > 1 else []
        line: LedgerLine = {
            "label": [*label, ")"],
            "formula": self.product(consumer, slot),
            "number": on_edge("contribution", self.place[consumer], slot),
            "kind": "gradient",
        }
        if met:
            line["shapes"] = met
        return line

    def notes(self, node: str) -> list[Note]:
        """Give what is to be said of a gate where a convention bites, or where a value first stops being finite.

        Each note has the condition under which it is true, and one or two words for the mark on the node.
        """
        if not self.graph.arguments(node):
            return []
        arguments = [value(self.place[name]) for name in self.graph.arguments(node)]
        out = value(self.place[node])
        kinks = REGISTRY[self.graph.op(node)].kinks
        found: list[Note] = [
            {"when": kink.when(out, *arguments), "text": [["v", node], ": ", kink.text], "sign": kink.sign}
            for kink in kinks
        ]
        broke: Segments = ["all", ["not", ["finite", out]], *(["finite", each] for each in arguments)]
        left: Segments = ["The values first leave the finite numbers at ", ["v", node], " = ", out, "."]
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
