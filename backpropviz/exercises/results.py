"""What one student tried on one sheet, and how it went."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backpropviz.exercises.blanks import Blank
from backpropviz.steps.run import plain_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.exercises.sheet import Sheet

_FORMAT = "backpropviz exercise results"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Try:
    """One answer.

    Parameters
    ----------
    blank : int
        Number of the blank, from 0.
    text : str
        As typed; empty where the answer was revealed.
    status : str
        ``"right"``, ``"mistaken"``, ``"more digits"``, ``"wrong"``, ``"unreadable"`` or ``"revealed"``.
    kinds : tuple of str
        The typical errors that were recognised.
    seconds : float
        Since the exercise was opened.
    credit : float, optional
        Share of an array's entries that were right; without it 1 for a right answer, else 0.
    """

    blank: int
    text: str
    status: str
    kinds: tuple[str, ...]
    seconds: float
    credit: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What was tried on a sheet. Nothing leaves the machine unless it is written and sent by hand.

    Parameters
    ----------
    sheet : Sheet
        The exercise.
    tries : tuple of Try
        In the order of time.
    """

    sheet: Sheet
    tries: tuple[Try, ...]

    @property
    def solved(self) -> tuple[int, ...]:
        """Blanks that were answered right, without having been revealed before."""
        return solved_blanks(self.tries)

    @property
    def score(self) -> float:
        """Share of the blanks that were solved; of an array that was solved in part, that part."""
        return score_of(self.tries, len(self.sheet.blanks))

    def to_plain(self) -> dict[str, Any]:
        """Give all of it as JSON has it."""
        blanks = [
            {
                "node": blank.node,
                "kind": blank.kind,
                **({"entry": list(blank.entry)} if isinstance(blank, Blank) and blank.entry else {}),
                "answer": blank.plain_answer(),
                "solved": number in self.solved,
                "tries": [
                    {name: part for name, part in asdict(each).items() if name != "blank" and part is not None}
                    for each in self.tries
                    if each.blank == number
                ],
            }
            for number, blank in enumerate(self.sheet.blanks)
        ]
        return {
            "format": _FORMAT,
            "version": _VERSION,
            "program": self.sheet.graph.program(),
            "inputs": plain_inputs(self.sheet.point),
            "level": self.sheet.level,
            "seed": self.sheet.seed,
            "score": self.score,
            "seconds": max((each.seconds for each in self.tries), default=0.0),
            "blanks": blanks,
        }

    def to_json(self, path: str | Path | None = None) -> str:
        """Write the results as JSON text, and to a file where one is named."""
        text = json.dumps(self.to_plain(), ensure_ascii=False, indent=1)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text


def solved_blanks(tries: Iterable[Try]) -> tuple[int, ...]:
    """Give the blanks that were answered right, without having been revealed before."""
    seen: dict[int, bool] = {}
    for each in tries:
        if each.status in ("right", "revealed"):
            seen.setdefault(each.blank, each.status == "right")
    return tuple(blank for blank, right in sorted(seen.items()) if right)


def score_of(tries: Iterable[Try], blanks: int) -> float:
    """Give the share of the blanks that was answered right, without having been revealed before."""
    best: dict[int, float] = {}
    revealed = set()
    for each in tries:
        if each.status == "revealed":
            revealed.add(each.blank)
        elif each.blank not in revealed:
            credit = float(each.status == "right") if each.credit is None else min(1.0, max(0.0, each.credit))
            best[each.blank] = max(best.get(each.blank, 0.0), credit)
    return sum(best.values()) / blanks


def tries_of_record(plain: Any) -> tuple[int, tuple[Try, ...]]:
    """Read how many blanks a record of results has, and what was tried at them.

    Raises
    ------
    ValueError
        Where it is none, or is of a later version.
    """
    if not isinstance(plain, dict) or plain.get("format") != _FORMAT:
        raise ValueError("it does not hold the results of an exercise")
    if plain.get("version") != _VERSION:
        raise ValueError("another version of backpropviz wrote it")
    try:
        blanks = [[{**entry, "blank": blank} for entry in each["tries"]] for blank, each in enumerate(plain["blanks"])]
        tries = read_tries(entry for entries in blanks for entry in entries)
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        raise ValueError("a part of its results is missing or is not what it should be") from fault
    if not blanks:
        raise ValueError("it has no blanks")
    return len(blanks), tries


def is_of_sheet(plain: dict[str, Any], sheet: Sheet) -> bool:
    """Say whether a record answers this sheet: the same graph at the same point, with the same blanks."""
    return _asked_by(plain) == _asked_by(Results(sheet, ()).to_plain())


def _asked_by(plain: dict[str, Any]) -> list[Any]:
    blanks = [[blank.get(part) for part in ("node", "kind", "entry")] for blank in plain["blanks"]]
    return [plain.get("program"), plain.get("inputs"), blanks]


def read_tries(entries: Iterable[Mapping[str, Any]]) -> tuple[Try, ...]:
    """Read tries as the page reports them."""
    return tuple(
        Try(
            int(entry["blank"]),
            str(entry.get("text", "")),
            str(entry["status"]),
            tuple(str(kind) for kind in entry.get("kinds", ())),
            float(entry.get("seconds", 0.0)),
            None if entry.get("credit") is None else float(entry["credit"]),
        )
        for entry in entries
    )
