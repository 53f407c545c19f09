"""Whole arrays and shapes as answers: every entry is judged, and an error that explains them all is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.errors import InputError
from backpropviz.exercises.answers import MISTAKEN, MORE_DIGITS, RIGHT, UNREADABLE, WRONG, Verdict, close, judge, one_of
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.exercises.mistakes import Mistake

EMPTY = "empty"
_ONE_NUMBER = {"()", "[]", "scalar", "number", "a number", "one number"}
_BRACKETS = re.compile(r"[\[({](.*)[\])}]", re.DOTALL)
_BETWEEN = re.compile(r"\s*(?:[x×*·,;]|\s|by)\s*", re.IGNORECASE)


def read_shape(text: str) -> tuple[int, ...]:
    """Read a shape as people write it.

    Raises
    ------
    InputError
        For text that is none.

    Examples
    --------
    >>> read_shape("3x2"), read_shape("(3, 2)"), read_shape("[3]"), read_shape("scalar")
    ((3, 2), (3, 2), (3,), ())
    """
    plain = text.strip().lower()
    if not plain:
        raise InputError("Nothing is written here yet. Write a shape, such as 3x2, (3, 2) or, for one number, ().")
    if plain in _ONE_NUMBER:
        return ()
    bracketed = _BRACKETS.fullmatch(plain)
    inside = (bracketed[1] if bracketed else plain).strip()
    parts = _BETWEEN.split(inside.removesuffix(",").strip())
    if len(parts) > 8 or not all(re.fullmatch(r"[0-9]{1,6}", part) for part in parts):
        raise InputError(f"“{text.strip()}” is no shape. Write its sizes: 3x2, (3, 2) or [3, 2]; (3,) for a vector.")
    return tuple(map(int, parts))


def judge_shape(text: str, answer: tuple[int, ...], mistakes: Sequence[Mistake]) -> Verdict:
    """Judge a shape as it was typed."""
    try:
        shape = read_shape(text)
    except InputError as fault:
        return Verdict(UNREADABLE, str(fault))
    if shape == answer:
        return Verdict(RIGHT, "Right.")
    named = [mistake for mistake in mistakes if mistake.number == shape]
    if named:
        kinds = tuple(dict.fromkeys(mistake.kind for mistake in named))
        return Verdict(MISTAKEN, one_of([mistake.text for mistake in named]), kinds=kinds)
    return Verdict(WRONG, f"That is not it: nothing here has the shape {shape_text(shape)}.")


@dataclass(frozen=True, slots=True)
class GridVerdict(Verdict):
    """What is to be said about a whole array.

    Parameters
    ----------
    entries : tuple of str
        A status for each entry, in C order; "empty" where nothing is written.
    """

    entries: tuple[str, ...] = ()

    @property
    def credit(self) -> float:
        """Share of the entries that are right."""
        return self.entries.count(RIGHT) / max(1, len(self.entries))


def judge_grid(
    texts: Sequence[str], answer: Sequence[float], mistakes: Sequence[Mistake], names: Sequence[str]
) -> GridVerdict:
    """Judge an array, entry by entry.

    Parameters
    ----------
    texts : sequence of str
        As typed, in C order; empty where nothing was.
    answer : sequence of float
        The right entries.
    mistakes : sequence of Mistake
        Typical errors with the arrays they give.
    names : sequence of str
        How the entries are called, ``"2,0"``.
    """
    each = [
        judge(text, number, ()) if text.strip() else Verdict(EMPTY, "")
        for text, number in zip(texts, answer, strict=True)
    ]
    entries = tuple(verdict.status for verdict in each)
    count, right = len(entries), entries.count(RIGHT)
    if right == count:
        return GridVerdict(RIGHT, "Right.", entries=entries)
    if entries.count(EMPTY) == count:
        return GridVerdict(UNREADABLE, "Nothing is written here yet. Fill in the entries.", entries=entries)
    unread = [place for place, status in enumerate(entries) if status == UNREADABLE]
    told = f"{right} of {count} entries {'is' if right == 1 else 'are'} right."
    if unread:
        return GridVerdict(UNREADABLE, f"{told} At [{names[unread[0]]}]: {each[unread[0]].text}", entries=entries)
    missed = [place for place, status in enumerate(entries) if status in (WRONG, MORE_DIGITS)]
    wrong = [place for place in missed if entries[place] == WRONG]
    if not missed:
        return GridVerdict(WRONG, f"{told} Fill in the others.", entries=entries)
    if not wrong:
        text = f"{told} At [{names[missed[0]]}]: {each[missed[0]].text}"
        return GridVerdict(MORE_DIGITS, text, entries=entries)
    numbers = [verdict.number for verdict in each]
    named = [mistake for mistake in mistakes if all(_gives(mistake, place, numbers[place]) for place in wrong)]
    where = f"{told} "
    if not named:
        # No one error explains all: tell what went wrong at the first entry where it is known.
        for place in wrong:
            named = [mistake for mistake in mistakes if _gives(mistake, place, numbers[place])]
            if named:
                where = f"{told} At [{names[place]}]: "
                break
    if named:
        kinds = tuple(dict.fromkeys(mistake.kind for mistake in named))
        text = where + one_of([mistake.text for mistake in named])
        return GridVerdict(MISTAKEN, text, kinds=kinds, entries=entries)
    return GridVerdict(
        WRONG, f"{told} Not right: {', '.join(f'[{names[place]}]' for place in wrong)}.", entries=entries
    )


def _gives(mistake: Mistake, place: int, number: float | None) -> bool:
    return number is not None and close(number, mistake.number[place])
