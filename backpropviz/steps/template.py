"""What a step says, as it is written (numbers left open) and as it is read (numbers put in)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from backpropviz.schema.story import LedgerLine, Note, PlainTemplate
    from backpropviz.steps.segments import Segments


@dataclass(frozen=True, slots=True)
class Template:
    """What a step says, with the numbers left open; see :mod:`backpropviz.steps.segments`.

    Parameters
    ----------
    title, role, sentence, equation, numeric : segments
        Heading, the gate's role, one or two sentences, the equation in symbols and in numbers.
    ledger : list of dict
        Lines of label, formula, number and kind; `total` is the line under the rule.
    notes : list of dict
        Sentences with the condition under which they are true.
    """

    title: Segments
    role: Segments
    sentence: Segments
    equation: Segments = field(default_factory=list)
    numeric: Segments = field(default_factory=list)
    ledger: list[LedgerLine] = field(default_factory=list)
    total: LedgerLine | None = None
    notes: list[Note] = field(default_factory=list)

    def to_plain(self) -> PlainTemplate:
        """Give the template as the browser reads it; what is empty is left out."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return cast("PlainTemplate", {name: part for name, part in plain.items() if part})


@dataclass(frozen=True, slots=True)
class Narration:
    """A step told in words and numbers.

    Parameters
    ----------
    sentence : str
        What happens, with the numbers in.
    latex : str
        The equation in LaTeX, in symbols and then in numbers.
    equation : str
        The same as plain text.
    notes : tuple of str
        Conventions and warnings that apply at this point.
    """

    sentence: str
    latex: str
    equation: str
    notes: tuple[str, ...]
