"""What is said of a closed gate that is a block of a known kind: a layer, attention, a cell."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops import REGISTRY
from backpropviz.ops.blocks.telling import TELLINGS
from backpropviz.ops.composite import CLOSED_GATES
from backpropviz.ops.counting import counted
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.ops.axes import Shape
    from backpropviz.ops.blocks.tally import Tally
    from backpropviz.ops.blocks.telling import Telling


class BlockWords:
    """Words of one block.

    Parameters
    ----------
    graph : Graph
        In which it is one gate.
    node : str
        The gate.
    shapes : mapping of str to tuple of int
        Shape of every node's value.
    """

    def __init__(self, graph: Graph, node: str, shapes: Mapping[str, Shape]) -> None:
        self.body = graph.parameters(node)["body"]
        self.telling: Telling = TELLINGS[self.body.kind]
        self._given = [shapes[name] for name in graph.arguments(node)]
        known = dict(zip(self.body.roles, self._given, strict=True))
        self.shapes: dict[str, Shape] = {**known, "made": shapes[node]}

    def forward(self) -> str:
        """Say what it does with its arguments; empty where one of them is held inside."""
        return self._filled(self.telling.leaving.get(self.body.made, self.telling.forward))

    def backward(self, slot: int) -> str:
        """Say what comes back to an argument; empty where nothing is known of it."""
        return self._filled(self.telling.backward.get(self.body.roles[slot], ""))

    def _filled(self, text: str) -> str:
        told = {role: shape_text(shape) for role, shape in self.shapes.items()}
        try:
            return text.format(**told, **self.telling.sizes(self.shapes))
        except (KeyError, IndexError):  # an argument that is held stands inside, and has no shape of its own
            return ""

    def met(self, slot: int, place: tuple[int, ...]) -> str:
        """Say what one entry of an argument met, counted at a point where nothing is 0 by chance; empty for nothing."""
        text = self.telling.meets.get(self.body.roles[slot], "")
        if not text or self.telling.by_numbers:
            return ""
        try:
            where = self.pattern(slot, place)
            if self.body.made and not where.any():  # one of several values may pass by it
                return ""
            counts = {
                name: _count(unit, where, self.shapes) for name, unit in self.telling.units.items() if name in text
            }
        except (KeyError, IndexError):
            return ""
        return text.format(**counts)

    def pattern(self, slot: int, place: tuple[int, ...]) -> np.ndarray[Any, Any]:
        """Tell which entries of the value one entry of an argument moves."""
        chance = np.random.default_rng(0)
        given = [chance.uniform(0.5, 1.5, shape)[()] for shape in self._given]
        moved: list[Any] = [np.zeros(shape)[()] for shape in self._given]
        moved[slot] = np.zeros(self._given[slot])
        moved[slot][place] = 1.0
        gate = REGISTRY[CLOSED_GATES[1]]
        with np.errstate(all="ignore"):
            out = gate.value(*given, body=self.body)
            moves = np.asarray(gate.jvp(moved, out, given, {"body": self.body}))
        size = np.abs(moves)
        # What cancels, as the bias of keys does in a softmax, leaves some last digits.
        largest = max(np.max(size, initial=0.0), np.max(np.abs(out), initial=0.0))
        return np.asarray(~(size <= 1e-14 * largest))

    def pieces(self, slot: int) -> list[str | list[object]] | None:
        """Give what one entry met as a page counts it: words, and units with the axes that tell one from another."""
        text = self.telling.meets.get(self.body.roles[slot], "")
        found: list[str | list[object]] = []
        try:
            for words, unit, *_ in string.Formatter().parse(text):
                found += [words] if words else []
                if unit:
                    known = self.telling.units[unit]
                    found.append([known.one, known.several, list(known.axes(self.shapes))])
        except (KeyError, IndexError):
            return None
        return found or None


def block_words(graph: Graph, node: str, shapes: Mapping[str, Shape]) -> BlockWords | None:
    """Give the words of a closed gate; None for gates that are no block of a known kind."""
    if graph.op(node) not in CLOSED_GATES or not graph.parameters(node)["body"].kind or node not in shapes:
        return None
    return BlockWords(graph, node, shapes)


def _count(unit: Tally, where: np.ndarray[Any, Any], shapes: Mapping[str, Shape]) -> str:
    others = tuple(axis for axis in range(where.ndim) if axis not in unit.axes(shapes))
    return counted(int(np.sum(np.any(where, axis=others))), unit.one, unit.several)
