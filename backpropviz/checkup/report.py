"""What is told of a model's health: rows, findings, and both as tables."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.text_table import html_table, text_table
from backpropviz.export.still_page import report_page
from backpropviz.export.whole_files import written_text
from backpropviz.ops.counting import counted
from backpropviz.steps.numerals import format_number
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backpropviz.checkup.finding import Finding

_MOST_ROWS = 60
_HEAD = (
    "block",
    "shape",
    "parameters",
    "‖value‖",
    "‖gradient‖",
    "‖W‖",
    "‖∇W‖",
    "update/W",
    "silent",
    "saturated",
    "kept",
)


@dataclass(frozen=True, slots=True)
class BlockHealth:
    """One block of a model at a point.

    Attributes
    ----------
    name : str
        Path of the module, or name of the gate.
    source : str
        File and line, where they are known.
    shape : tuple of int
        Of its value.
    parameters : int
        How many numbers are learned in it.
    value, gradient : float
        Euclidean length of its value, and of the gradient that arrives there.
    weight, weight_gradient : float
        Euclidean length of all its parameters together, and of their gradient.
    update_ratio : float or None
        Length of a step of plain gradient descent over that of the parameters; None without parameters.
    silent, saturated : float or None
        Share of its ReLU units that are 0 for every example; share of its tanh's and sigmoids' values within 2 % of an
        end. None where it has none of these.
    stored : int
        Numbers of it that are stored for the backward sweep.
    """

    name: str
    source: str
    shape: tuple[int, ...]
    parameters: int
    value: float
    gradient: float
    weight: float
    weight_gradient: float
    update_ratio: float | None
    silent: float | None
    saturated: float | None
    stored: int


class Report:
    """What is told of a model in tables and sentences: as text, in a notebook, and as a page."""

    __slots__ = ()

    @abstractmethod
    def content(self) -> dict[str, Any]:
        """Give heading, tables and sentences, as text."""

    def __str__(self) -> str:
        return _as_text(self.content())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _as_html(self.content())

    def to_html(self, path: str | Path | None = None) -> str:
        """Write findings and table as one page that needs no network and runs no script.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.

        Raises
        ------
        ExportError
            Where the file cannot be written.
        """
        return written_text(path, report_page(self.content()))


@dataclass(frozen=True, slots=True, repr=False)
class Health(Report):
    """How a model fares at a point; made by :func:`health`. Prints as a table, and shows as one in a notebook.

    Attributes
    ----------
    blocks : tuple of BlockHealth
        In the order of the forward sweep.
    findings : tuple of Finding
        What keeps it from learning, the worst first; each has ``kind``, ``where`` and ``text``. Empty for a healthy
        model.
    output : float
        Its value at the point.
    first_value, first_gradient : str or None
        The first node, forward and backward, that is NaN or infinite; a mask of −∞ that a softmax turns into 0 is
        none.
    stored : int
        Numbers that are stored at the same time for the backward sweep, at most; 8 bytes each.
    learning_rate : float
        That the update ratios are of.
    """

    blocks: tuple[BlockHealth, ...]
    findings: tuple[Finding, ...]
    output: float
    first_value: str | None
    first_gradient: str | None
    stored: int
    learning_rate: float
    name: str = field(default="")

    def content(self) -> dict[str, Any]:
        """Give heading, table and sentences, as text."""
        learned = sum(block.parameters for block in self.blocks)
        size = (
            f"{counted(learned, 'parameter')}; {counted(self.stored, 'number')} ({_memory(self.stored)}) "
            f"{'is' if self.stored == 1 else 'are'} kept for the backward sweep; update/W is of one step of learning "
            f"rate {self.learning_rate:g}."
        )
        texts = [each.text for each in self.findings] or ["Nothing was found that keeps it from learning."]
        return {
            "heading": f"Gradient health of {self.name}: {_number(self.output)}",
            "tables": [{"title": "Blocks, in forward order", "head": list(_HEAD), "rows": self._rows()}],
            "notes": [*texts, size],
        }

    def _rows(self) -> list[list[str]]:
        return [
            [
                each.name,
                shape_text(each.shape) if each.shape else "number",
                f"{each.parameters:,}" if each.parameters else "",
                _number(each.value),
                _number(each.gradient),
                *((_number(each.weight), _number(each.weight_gradient)) if each.parameters else ("", "")),
                "" if each.update_ratio is None else _number(each.update_ratio),
                "" if each.silent is None else f"{each.silent:.0%}",
                "" if each.saturated is None else f"{each.saturated:.0%}",
                f"{each.stored:,}",
            ]
            for each in self.blocks
        ]


@dataclass(frozen=True, slots=True, repr=False)
class HealthPair(Report):
    """Two runs, or two initialisations, side by side; made by :func:`health`."""

    first: Health
    second: Health

    def content(self) -> dict[str, Any]:
        """Give heading, table and sentences, as text; blocks are matched by name."""
        left = {each.name: each for each in self.first.blocks}
        right = {each.name: each for each in self.second.blocks}
        names = [*left, *(name for name in right if name not in left)]
        whats = {"‖value‖": "value", "‖gradient‖": "gradient", "update/W": "update_ratio"}
        head = ["block", *(f"{what}{which}" for what in whats for which in (" 1", " 2", " 2:1"))]
        rows = [
            [name, *(cell for what in whats.values() for cell in _cells(left, right, name, what))] for name in names
        ]
        sides = (("1", self.first), ("2", self.second))
        notes = [f"{which}: {each.text}" for which, side in sides for each in side.findings]
        return {
            "heading": f"Gradient health of two runs: {_number(self.first.output)} and {_number(self.second.output)}",
            "tables": [{"title": "Blocks, in forward order", "head": head, "rows": rows}],
            "notes": notes or ["Nothing was found in either that keeps it from learning."],
        }


def _number(value: float) -> str:
    return format_number(value, digits=3)


def _memory(count: int) -> str:
    size = 8.0 * count
    for unit in ("bytes", "kB", "MB"):
        if size < 1000.0:
            return f"{size:.3g} {unit}"
        size /= 1000.0
    return f"{size:.3g} GB"


def _cells(left: Mapping[str, BlockHealth], right: Mapping[str, BlockHealth], name: str, what: str) -> list[str]:
    first, second = (getattr(side[name], what) if name in side else None for side in (left, right))
    ratio = _number(second / first) if first and second is not None else ""
    return [*("" if each is None else _number(each) for each in (first, second)), ratio]


def _as_text(content: Mapping[str, Any]) -> str:
    (table,) = content["tables"]
    rows = table["rows"]
    shown = text_table(table["head"], rows[:_MOST_ROWS])
    more = [f"… and {len(rows) - _MOST_ROWS:,} more blocks"] if len(rows) > _MOST_ROWS else []
    return "\n".join([content["heading"], "", shown, *more, "", *(f"- {note}" for note in content["notes"])])


def _as_html(content: Mapping[str, Any]) -> str:
    (table,) = content["tables"]
    notes = "".join(f"<li>{escape(note)}</li>" for note in content["notes"])
    shown = html_table(table["head"], table["rows"])
    return f"<p><strong>{escape(content['heading'])}</strong></p><ul>{notes}</ul>{shown}"
