"""What a class answered: the files and codes that students sent, as one table, by named mistake."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from backpropviz.autodiff.text_table import html_table, text_table
from backpropviz.charts.mistake_chart import mistake_figure
from backpropviz.errors import InputError
from backpropviz.exercises.results import is_of_sheet, score_of, tries_of_record
from backpropviz.exercises.sent_results import sent_codes, sent_in
from backpropviz.exercises.sheet import Sheet
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.exercises.results import Results, Try


_LONGEST = 160
"""Characters of a cell."""
_BY_CHANCE = 3
"""Tries from which on the same answers, each after the same tenths of seconds, are no chance."""


class HasResults(Protocol):
    """An exercise in a notebook."""

    @property
    def results(self) -> Results:
        """What was tried on its sheet."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One sheet of results, sent as a file or as a code.

    Parameters
    ----------
    source : str
        The file's place in the folder, with ``/`` between folders; of a code also its line, and the name before it.
    exercise : str
        Level and seed of a generated exercise, else the graph and its inputs.
    score : float
        Share of the blanks that were answered right without having been revealed, counted again from the tries.
    tries : int
        How many answers were given; a blank that was revealed is none.
    mistakes : tuple of str
        Of each answer that a typical error gives, the errors that give it, in the order of time by blank.
    same_as : str
        Where the same answers, given after the same seconds, stand already: it was sent twice, or handed on. Empty
        where it is the first, or where nothing was tried.
    """

    source: str
    exercise: str
    score: float
    tries: int
    mistakes: tuple[str, ...]
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class NamedMistake:
    """How often one typical error was made.

    Parameters
    ----------
    kind : str
        Its name.
    sheets : int
        How many sheets hold it: the students who made it, where each sent one.
    tries : int
        How many answers it gave. An answer that two errors give counts for both.
    """

    kind: str
    sheets: int
    tries: int


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """The results of a class; made by :func:`answers`.

    Attributes
    ----------
    rows : tuple of AnswerRow
        One for each file or code that was read, in the order of files and lines.
    unread : tuple of (str, str)
        What was not read, each place with the reason.
    """

    rows: tuple[AnswerRow, ...]
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def mistakes(self) -> tuple[NamedMistake, ...]:
        """Every typical error that was made, those of most sheets first."""
        tries = Counter(kind for row in self.rows for kind in row.mistakes)
        sheets = Counter(kind for row in self.rows for kind in set(row.mistakes))
        ordered = sorted(sheets, key=lambda kind: (-sheets[kind], -tries[kind], kind))
        return tuple(NamedMistake(kind, sheets[kind], tries[kind]) for kind in ordered)

    def figure(self) -> Any:
        """Draw the class by named mistake, as a plotly ``Figure``: on how many sheets each was made."""
        return mistake_figure({each.kind: (each.sheets, each.tries) for each in self.mistakes}, len(self.rows))

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        tables = [text_table(head, rows) for head, rows in self._tables() if rows]
        return "\n\n".join([self._heading(), *tables])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        tables = "".join(html_table(head, rows) for head, rows in self._tables() if rows)
        return f"<p><strong>{escape(self._heading())}</strong></p>{tables}"

    def _heading(self) -> str:
        read = f"{len(self.rows)} sheet{'' if len(self.rows) == 1 else 's'} of results"
        if not self.rows:
            return read
        mean = sum(row.score for row in self.rows) / len(self.rows)
        return f"{read}, mean score {mean:.0%}"

    def _tables(self) -> list[tuple[Sequence[str], list[list[str]]]]:
        again = any(row.same_as for row in self.rows)
        sheets = [
            [row.source, row.exercise, f"{row.score:.0%}", str(row.tries), *([row.same_as] if again else [])]
            for row in self.rows
        ]
        return [
            (
                ("mistake", "sheets", "answers"),
                [[each.kind, str(each.sheets), str(each.tries)] for each in self.mistakes],
            ),
            (("sheet", "exercise", "score", "tries", *(["same as"] if again else [])), sheets),
            (("not read", "because"), [list(each) for each in self.unread]),
        ]


def answers(sent: str | Path | Iterable[str], *, exercise: Sheet | HasResults | None = None) -> ClassAnswers:
    """Read what a class sent: files of *Save results*, or codes of *Copy code*; both hold the same.

    Parameters
    ----------
    sent : str, Path or iterable of str
        A folder, of which every ``.json`` file of results and every ``.txt`` file of codes is read, those in its
        folders too. Or the codes themselves. A code stands on one line, which may name its student first: a column
        pasted from a form, or two columns of a spreadsheet saved as text.
    exercise : Exercise or Sheet, optional
        What the class was given; results of any other exercise are then not counted, and are named.

    Returns
    -------
    ClassAnswers
        A table, a chart, and the files and lines that could not be read, with the reason. What students may have
        written is shown as text, and their score is counted again from their tries.

    Raises
    ------
    InputError
        Where there is no such folder.

    Examples
    --------
    >>> from backpropviz import answers
    >>> answers(["bpv1.eJyNU0", "Ben: see my mail"]).unread[1]
    ('code 2', 'there is no code here: a code begins with bpv1. and stands on one line')
    """
    asked = exercise if exercise is None or isinstance(exercise, Sheet) else getattr(exercise, "results", exercise)
    asked = getattr(asked, "sheet", asked)
    if not (asked is None or isinstance(asked, Sheet)):
        raise InputError(f"exercise is what bpv.exercise() gave, or its sheet; not {exercise!r}.", actual=exercise)
    if not isinstance(sent, Iterable | Path):
        raise InputError(f"Answers are a folder, a file or a list of codes; not {sent!r}.", actual=sent)
    rows, unread = [], []
    first: dict[tuple[Try, ...], str] = {}
    for place, read in sent_in(sent) if isinstance(sent, str | Path) else sent_codes(sent):
        source = _on_a_line(place)
        try:
            rows.append(_row(source, read(), asked, first))
        except (OSError, ValueError, RecursionError) as fault:
            reason = "it is no JSON text" if isinstance(fault, json.JSONDecodeError | UnicodeError) else str(fault)
            unread.append((source, _on_a_line(reason or type(fault).__name__)))
    return ClassAnswers(tuple(rows), tuple(unread))


def _row(source: str, plain: Any, asked: Sheet | None, first: dict[tuple[Try, ...], str]) -> AnswerRow:
    blanks, tries = tries_of_record(plain)
    if asked is not None and not is_of_sheet(plain, asked):
        raise ValueError(
            f"it answers another exercise ({_exercise_name(plain)}). Ask for answers to the one that was given."
        )
    given = [each for each in tries if each.status != "revealed"]
    return AnswerRow(
        source,
        _exercise_name(plain),
        score_of(tries, blanks),
        len(given),
        tuple(_on_a_line(kind) for each in given if each.status == "mistaken" for kind in each.kinds),
        "" if len(tries) < _BY_CHANCE or (earlier := first.setdefault(tries, source)) == source else earlier,
    )


def _exercise_name(plain: dict[str, Any]) -> str:
    if plain.get("level"):
        return _on_a_line(f"{plain['level']}, seed {plain.get('seed')}")
    inputs = plain.get("inputs")
    point = ", ".join(f"{name} = {_told(value)}" for name, value in inputs.items()) if isinstance(inputs, dict) else ""
    return _on_a_line(f"{plain.get('program', '')} at {point}" if point else plain.get("program", ""))


def _told(value: Any) -> Any:
    match value:
        case {"shape": [*shape]}:
            return shape_text(tuple(shape))
    return value


def _on_a_line(text: object) -> str:
    """Write what anybody may have made up into a cell of a table."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in str(text))
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
