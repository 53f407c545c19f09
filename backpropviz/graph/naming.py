"""Names for intermediates that the user did not name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from backpropviz.errors import InputError
from backpropviz.graph.node import CONSTANT, INPUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_Value = TypeVar("_Value")
_LETTERS = "abcdefghkmnpqrstuvw"  # without i, j, l, o, which read as numbers or indices
_MOST_LETTERS = 10


def folded_name(name: str) -> str:
    """Give a name as Python and expressions read it: NFKC makes one of letters that look alike, as both signs for μ.

    Examples
    --------
    >>> folded_name("µ") == "μ"
    True
    """
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def by_known_name(
    given: Mapping[str, _Value] | None, known: Iterable[str], what: str = "Values of inputs"
) -> dict[str, _Value]:
    """Give a mapping with its keys as the graph has them, however their letters were entered.

    Parameters
    ----------
    given : mapping of str to object, optional
        By name, as the user wrote it; without one there are none.
    known : iterable of str
        Names of the graph; a key that fits none of them stays as it is.
    what : str
        What is given so, as the error says it.

    Raises
    ------
    InputError
        For what is no mapping.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InputError(f"{what} are given by name, as in {{'x': ...}}; not as {given!r}.", actual=given)
    names = dict.fromkeys(known)
    if all(name in names for name in given):
        return dict(given)
    alike = {folded_name(name): name for name in names}
    return {
        name if name in names or not isinstance(name, str) else alike.get(folded_name(name), name): value
        for name, value in given.items()
    }


def names_for(
    ops: Sequence[str],
    arguments: Sequence[tuple[int, ...]],
    given: Sequence[str | None],
    output: int,
    reserved: Iterable[str] = (),
) -> tuple[list[str], list[int]]:
    """Name every node, and say in which order the nodes are told.

    A few intermediates get the letters a, b, c, ..., as one writes at a blackboard; many get v1, v2, ...; the output
    is y. Unnamed intermediates are told by depth, those used most first, then those furthest from the output: the
    reader meets the shared quantities before what is built on them.

    Parameters
    ----------
    ops, arguments, given : sequences, one entry per node in order of creation
        Operation, argument indices, and the name where there is one.
    output : int
        Index of the output.
    reserved : iterable of str, optional
        Further names that the user has given, as second names of a node.

    Returns
    -------
    names : list of str
        By index.
    order : list of int
        Indices in the order of creation that the graph shall have.
    """
    order = _telling_order(ops, arguments, given)
    taken = {name for name in given if name is not None} | set(reserved)
    names = list(given)
    unnamed = [index for index in order if names[index] is None]
    if output in unnamed:
        # The output of a program with named steps is still y unless a step took that name.
        names[output] = _first_free(("y", "f", "output"), taken)
        unnamed.remove(output)
    counters = {"letter": 0, "v": 0, "K": 0}
    letters = [letter for letter in _LETTERS if letter not in taken]
    plain = len(unnamed) <= min(_MOST_LETTERS, len(letters)) and not any(letter in taken for letter in "ab")
    for index in unnamed:
        if ops[index] == CONSTANT:
            names[index] = _count("K", counters, taken)
        elif plain:
            names[index] = letters[counters["letter"]]
            counters["letter"] += 1
            taken.add(str(names[index]))
        else:
            names[index] = _count("v", counters, taken)
    return [str(name) for name in names], order


def _telling_order(ops: Sequence[str], arguments: Sequence[tuple[int, ...]], given: Sequence[str | None]) -> list[int]:
    if any(name is not None for op, name in zip(ops, given, strict=True) if op not in (INPUT, CONSTANT)):
        return list(range(len(ops)))  # the user's own order
    depth = [0] * len(ops)
    height = [0] * len(ops)
    uses = [0] * len(ops)
    for index, slots in enumerate(arguments):  # arguments are made before their consumers
        depth[index] = 1 + max((depth[argument] for argument in slots), default=-1)
        for argument in slots:
            uses[argument] += 1
    for index in range(len(ops) - 1, -1, -1):
        for argument in arguments[index]:
            height[argument] = max(height[argument], height[index] + 1)
    leaves = [index for index in range(len(ops)) if not arguments[index]]
    gates = [index for index in range(len(ops)) if arguments[index]]
    return leaves + sorted(gates, key=lambda index: (depth[index], -uses[index], -height[index], index))


def _first_free(candidates: Sequence[str], taken: set[str]) -> str:
    name = next((name for name in candidates if name not in taken), None)
    number = 1
    while name is None or name in taken:
        name = f"y{number}"
        number += 1
    taken.add(name)
    return name


def _count(stem: str, counters: dict[str, int], taken: set[str]) -> str:
    while True:
        counters[stem] += 1
        name = f"{stem}{counters[stem]}"
        if name not in taken:
            taken.add(name)
            return name
