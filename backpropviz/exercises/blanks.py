"""What is left blank: a number, an array, a shape, or the product that gives a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.exercises.answers import judge
from backpropviz.exercises.array_answers import judge_grid, judge_shape
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.exercises.answers import Verdict
    from backpropviz.exercises.mistakes import Mistake
    from backpropviz.exercises.products import ProductTable
    from backpropviz.schema.story import PlainBlank

VALUE, GRADIENT, SHAPE, PRODUCT = "value", "gradient", "shape", "product"


@dataclass(frozen=True, slots=True)
class Blank:
    """One number to be filled in.

    Parameters
    ----------
    node : str
        Of which node.
    kind : {"value", "gradient"}
        Which of its numbers.
    answer : float
        The right one.
    mistakes : tuple of Mistake
        Typical errors that give another number.
    entry : tuple of int
        Which entry of an array, from 0; empty for a scalar.
    """

    node: str
    kind: str
    answer: float
    mistakes: tuple[Mistake, ...]
    entry: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The number by name, ``W[2,0]``."""
        return f"{self.node}[{','.join(map(str, self.entry))}]" if self.entry else self.node

    def judge(self, text: str) -> Verdict:
        """Judge an answer as it was typed."""
        return judge(text, self.answer, self.mistakes)

    def plain_answer(self) -> object:
        """Give the answer as JSON has it."""
        return self.answer

    def to_plain(self, place: Mapping[str, int]) -> PlainBlank:
        """Give the blank as the page reads it."""
        plain: PlainBlank = {
            "node": place[self.node],
            "kind": self.kind,
            "answer": self.answer,
            "mistakes": [[mistake.kind, mistake.text, mistake.number] for mistake in self.mistakes],
        }
        if self.entry:
            plain["entry"] = list(self.entry)
        return plain


class _WholeBlank:
    """What is asked of a node as a whole: it is called by the node."""

    __slots__ = ()
    node: str

    @property
    def name(self) -> str:
        """The node."""
        return self.node


@dataclass(frozen=True, slots=True)
class GridBlank(_WholeBlank):
    """A whole array to be filled in, entry by entry.

    Parameters
    ----------
    node : str
        Of which node.
    kind : {"value", "gradient"}
        Which of its arrays.
    shape : tuple of int
        Its shape.
    answer : tuple of float
        The right entries, in C order.
    mistakes : tuple of Mistake
        Typical errors that give another array.
    """

    node: str
    kind: str
    shape: tuple[int, ...]
    answer: tuple[float, ...]
    mistakes: tuple[Mistake, ...]

    def judge(self, text: str) -> Verdict:
        """Judge the entries as they were typed, one in a line, in C order."""
        texts = [*text.split("\n"), *([""] * len(self.answer))][: len(self.answer)]
        names = [",".join(map(str, entry)) for entry in np.ndindex(self.shape)]
        return judge_grid(texts, self.answer, self.mistakes, names)

    def plain_answer(self) -> object:
        """Give the answer as JSON has it."""
        return list(self.answer)

    def to_plain(self, place: Mapping[str, int]) -> PlainBlank:
        """Give the blank as the page reads it."""
        return {
            "node": place[self.node],
            "kind": self.kind,
            "shape": list(self.shape),
            "numbers": list(self.answer),
            "arrayMistakes": [[each.kind, each.text, list(each.number)] for each in self.mistakes],
        }


@dataclass(frozen=True, slots=True)
class ShapeBlank(_WholeBlank):
    """The shape of a gradient, to be written.

    Parameters
    ----------
    node : str
        Of which node.
    answer : tuple of int
        The shape.
    mistakes : tuple of Mistake
        Typical errors that give another one.
    """

    node: str
    answer: tuple[int, ...]
    mistakes: tuple[Mistake, ...]
    kind: str = SHAPE

    def judge(self, text: str) -> Verdict:
        """Judge a shape as it was typed."""
        return judge_shape(text, self.answer, self.mistakes)

    def plain_answer(self) -> object:
        """Give the answer as JSON has it."""
        return list(self.answer)

    def to_plain(self, place: Mapping[str, int]) -> PlainBlank:
        """Give the blank as the page reads it."""
        return {
            "node": place[self.node],
            "kind": self.kind,
            "shape": list(self.answer),
            "told": shape_text(self.answer),
            "shapeMistakes": [[each.kind, each.text, list(each.number)] for each in self.mistakes],
        }


@dataclass(frozen=True, slots=True, eq=False)
class ProductBlank(_WholeBlank):
    """The product that gives a gradient, to be chosen or typed.

    Parameters
    ----------
    node : str
        Of which node.
    consumer : str
        The gate that it goes into: its gradient is the upstream gradient of the product.
    upstream : str
        What that is called here.
    table : ProductTable
        Every product of the factors, judged.
    """

    node: str
    consumer: str
    upstream: str
    table: ProductTable
    kind: str = PRODUCT

    @property
    def answer(self) -> str:
        """A right product."""
        return self.table.answer

    def judge(self, text: str) -> Verdict:
        """Judge a product as it was typed."""
        return self.table.judge(text)

    def plain_answer(self) -> object:
        """Give the answer as JSON has it."""
        return self.answer

    def to_plain(self, place: Mapping[str, int]) -> PlainBlank:
        """Give the blank as the page reads it."""
        verdicts, forms = self.table.plain_verdicts()
        return {
            "node": place[self.node],
            "kind": self.kind,
            "consumer": place[self.consumer],
            "told": self.answer,
            "product": {
                "names": self.table.names,
                "ranks": self.table.ranks,
                "scale": self.table.scale,
                "choices": list(self.table.choices),
                "verdicts": verdicts,
                "forms": forms,
            },
        }


AnyBlank = Blank | GridBlank | ShapeBlank | ProductBlank
"""What a sheet may ask for; all judge a text and know their node and kind."""
