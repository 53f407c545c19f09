"""What a class answered: the files that students sent, as one table, by named mistake."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.text_table import html_table, text_table
from backpropviz.charts.mistake_chart import mistake_figure
from backpropviz.errors import InputError
from backpropviz.exercises.results import score_of, tries_of_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST = 4_000_000
"""Bytes of a file; results of an exercise have some kB."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One file of results.

    Parameters
    ----------
    file : str
        Its place in the folder, with ``/`` between folders.
    exercise : str
        Level and seed of a generated exercise, else the graph and its inputs.
    score : float
        Share of the blanks that were answered right without having been revealed, counted again from the tries.
    tries : int
        How many answers were given; a blank that was revealed is none.
    mistakes : tuple of str
        Of each answer that a typical error gives, the errors that give it, in the order of time by blank.
    """

    file: str
    exercise: str
    score: float
    tries: int
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedMistake:
    """How often one typical error was made.

    Parameters
    ----------
    kind : str
        Its name.
    files : int
        How many files hold it: the students who made it, where each sent one.
    tries : int
        How many answers it gave. An answer that two errors give counts for both.
    """

    kind: str
    files: int
    tries: int


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """The results of a class; made by :func:`answers`.

    Attributes
    ----------
    rows : tuple of AnswerRow
        One for each file that was read, in the order of their names.
    unread : tuple of (str, str)
        Files that were not read, each with the reason.
    """

    rows: tuple[AnswerRow, ...]
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def mistakes(self) -> tuple[NamedMistake, ...]:
        """Every typical error that was made, those of most files first."""
        tries = Counter(kind for row in self.rows for kind in row.mistakes)
        files = Counter(kind for row in self.rows for kind in set(row.mistakes))
        ordered = sorted(files, key=lambda kind: (-files[kind], -tries[kind], kind))
        return tuple(NamedMistake(kind, files[kind], tries[kind]) for kind in ordered)

    def figure(self) -> Any:
        """Draw the class by named mistake, as a plotly ``Figure``: in how many files each was made."""
        return mistake_figure({each.kind: (each.files, each.tries) for each in self.mistakes}, len(self.rows))

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
        read = f"{len(self.rows)} file{'' if len(self.rows) == 1 else 's'} of results"
        if not self.rows:
            return read
        mean = sum(row.score for row in self.rows) / len(self.rows)
        return f"{read}, mean score {mean:.0%}"

    def _tables(self) -> list[tuple[Sequence[str], list[list[str]]]]:
        return [
            (
                ("mistake", "files", "answers"),
                [[each.kind, str(each.files), str(each.tries)] for each in self.mistakes],
            ),
            (
                ("file", "exercise", "score", "tries"),
                [[row.file, row.exercise, f"{row.score:.0%}", str(row.tries)] for row in self.rows],
            ),
            (("not read", "because"), [list(each) for each in self.unread]),
        ]


def answers(folder: str | Path) -> ClassAnswers:
    """Read what a class sent: files that *Save results* or :meth:`~backpropviz.exercises.Results.to_json` wrote.

    Parameters
    ----------
    folder : str or Path
        Every ``.json`` file in it and in its folders is read.

    Returns
    -------
    ClassAnswers
        A table, a chart, and the files that could not be read, with the reason. What students may have written into
        a file is shown as text, and their score is counted again from their tries.

    Raises
    ------
    InputError
        Where there is no such folder.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise InputError(f"{place} is no folder. Give the folder into which the files of results were put.")
    rows, unread = [], []
    for path in sorted(place.rglob("*.json")):
        name = path.relative_to(place).as_posix()
        try:
            rows.append(_row(name, path))
        except (OSError, ValueError, RecursionError) as fault:
            reason = "it is no JSON text" if isinstance(fault, json.JSONDecodeError | UnicodeError) else str(fault)
            unread.append((name, reason or type(fault).__name__))
    return ClassAnswers(tuple(rows), tuple(unread))


def _row(name: str, path: Path) -> AnswerRow:
    if path.stat().st_size > _LARGEST:
        raise ValueError("it is too large for results of an exercise")
    plain = json.loads(path.read_text(encoding="utf-8"))
    blanks, tries = tries_of_file(plain)
    given = [each for each in tries if each.status != "revealed"]
    return AnswerRow(
        name,
        _exercise_name(plain),
        score_of(tries, blanks),
        len(given),
        tuple(kind for each in given if each.status == "mistaken" for kind in each.kinds),
    )


def _exercise_name(plain: dict[str, Any]) -> str:
    if plain.get("level"):
        return f"{plain['level']}, seed {plain.get('seed')}"
    inputs = plain.get("inputs")
    point = ", ".join(f"{name} = {value}" for name, value in inputs.items()) if isinstance(inputs, dict) else ""
    return f"{plain.get('program', '')} at {point}" if point else str(plain.get("program", ""))
