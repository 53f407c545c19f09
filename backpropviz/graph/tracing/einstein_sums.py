"""Einstein's sums: letters beside each other stay, letters that nobody keeps are summed."""

from __future__ import annotations

from string import ascii_letters
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence


def _einsum(*operands: Any, **options: Any) -> Any:
    if options.get("out") is not None:
        raise TraceError("np.einsum cannot be traced with out=…. Leave it out.", op="einsum")
    text, given = (operands[0], operands[1:]) if isinstance(operands[0], str) else _in_letters(operands)
    spelled, wanted = _spelled(text.replace(" ", ""), given)
    arrays, terms = _without_ones(given, spelled)
    x, letters = _on_its_own(arrays[0], terms[0], wanted + "".join(terms[1:]))
    for place, (other, term) in enumerate(zip(arrays[1:], terms[1:], strict=True), 1):
        later = wanted + "".join(terms[place + 1 :])
        y, its = _on_its_own(other, term, letters + later)
        x, letters = _on_its_own(*_met(x, letters, y, its, later), later)
    return x if letters == wanted else np.transpose(x, [letters.index(letter) for letter in wanted])


def _in_letters(operands: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Read the other way to call it, ``np.einsum(x, [0, 1], y, [1, 2], [0, 2])``."""
    arrays, places = operands[0 : len(operands) // 2 * 2 : 2], operands[1::2]
    terms = [
        "".join("..." if each is Ellipsis else ascii_letters[each] for each in places[k]) for k in range(len(arrays))
    ]
    if len(operands) % 2:
        wanted = "".join("..." if each is Ellipsis else ascii_letters[each] for each in operands[-1])
        return f"{','.join(terms)}->{wanted}", arrays
    return ",".join(terms), arrays


def _spelled(text: str, arrays: Sequence[Any]) -> tuple[list[str], str]:
    """Give the letters of each operand and of the result, the axes of an ellipsis among them."""
    left, arrow, wanted = text.partition("->")
    terms = left.split(",")
    spare = [letter for letter in ascii_letters if letter not in text]
    hidden = [np.ndim(x) - len(term.replace("...", "")) for term, x in zip(terms, arrays, strict=False)]
    if len(terms) != len(arrays) or any(
        count < 0 or (count > 0 and "..." not in term) for count, term in zip(hidden, terms, strict=True)
    ):
        raise TraceError(f"{text!r} does not fit arrays of {[np.ndim(x) for x in arrays]} axes.", op="einsum")
    most = max(hidden)
    kept = "".join(letter for letter in sorted(set(left) - set(",.")) if left.count(letter) == 1)
    wanted = wanted if arrow else ("..." if "..." in left else "") + kept
    # The axes of an ellipsis are counted from the last one, as broadcasting does.
    full = "".join(spare[:most])
    spelled = [term.replace("...", full[most - count :]) for count, term in zip(hidden, terms, strict=True)]
    return spelled, wanted.replace("...", full)


def _without_ones(arrays: Sequence[Any], terms: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Leave out axes of one entry where another operand has more, which is what stretching them comes to."""
    sizes: dict[str, int] = {}
    for x, term in zip(arrays, terms, strict=True):
        for letter, size in zip(term, np.shape(x), strict=True):
            if 1 not in (size, sizes.get(letter, 1)) and size != sizes[letter]:
                raise TraceError(
                    f"np.einsum: the letter {letter!r} has {counted(sizes[letter], 'entry', 'entries')} in one "
                    f"operand and {size} in "
                    "another. Give both one size.",
                    op="einsum",
                )
            sizes[letter] = size if sizes.get(letter, 1) == 1 else sizes[letter]
    squeezed, left = [], []
    for x, term in zip(arrays, terms, strict=True):
        gone = tuple(k for k, size in enumerate(np.shape(x)) if size == 1 and sizes[term[k]] != 1)
        squeezed.append(np.squeeze(x, gone) if gone else x)
        left.append("".join(letter for k, letter in enumerate(term) if k not in gone))
    return squeezed, left


def _on_its_own(x: Any, letters: str, needed: str) -> tuple[Any, str]:
    """Take diagonals of letters that stand twice, and sum over those that nobody else needs."""
    for letter in sorted(set(letters)):
        while letters.count(letter) > 1:
            first, second = [place for place, each in enumerate(letters) if each == letter][:2]
            x = np.diagonal(x, 0, first, second)
            letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + letter
    gone = tuple(place for place, letter in enumerate(letters) if letter not in needed)
    return (np.sum(x, axis=gone), "".join(each for each in letters if each in needed)) if gone else (x, letters)


def _met(x: Any, one: str, y: Any, other: str, later: str) -> tuple[Any, str]:
    """Multiply two operands: letters of both that are needed later stay side by side, the rest is a matrix product."""
    shared = [letter for letter in one if letter in other]
    beside = [letter for letter in shared if letter in later]
    summed = [letter for letter in shared if letter not in later]
    rows = [letter for letter in one if letter not in shared]
    columns = [letter for letter in other if letter not in shared]
    sizes = dict(zip(one, np.shape(x), strict=True)) | dict(zip(other, np.shape(y), strict=True))
    left = _ordered(x, one, [*beside, *rows, *summed], (beside, rows, summed), sizes)
    right = _ordered(y, other, [*beside, *summed, *columns], (beside, summed, columns), sizes)
    result = [*beside, *rows, *columns]
    return np.reshape(left @ right, [sizes[letter] for letter in result]), "".join(result)


def _ordered(x: Any, letters: str, order: list[str], groups: Sequence[list[str]], sizes: dict[str, int]) -> Any:
    moved = np.transpose(x, [letters.index(letter) for letter in order]) if list(letters) != order else x
    beside, *matrix = groups
    shape = [*(sizes[each] for each in beside), *(int(np.prod([sizes[each] for each in group])) for group in matrix)]
    return np.reshape(moved, shape) if tuple(shape) != np.shape(moved) else moved


ARRAY_FUNCTIONS[np.einsum] = _einsum
