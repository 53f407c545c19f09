"""Numbers to begin with, for inputs that nobody has given a value yet."""

from __future__ import annotations

import random
from itertools import count, islice
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.tape import evaluate
from backpropviz.errors import BackpropvizError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropviz.graph import Graph

_POOL = (2.0, 3.0, 0.5, 1.5, 4.0, 5.0, 0.25, 0.75, 10.0, 20.0, 0.1, -0.5, -1.0, -2.0, -3.0, -10.0, 100.0, 1.0, 0.0)
"""What is tried beyond the usual numbers: small and large ones, of both signs, on either side of 0, 1 and -1."""
_TRIES = 300
_MOST_NODES = 2_000
"""Up to this many nodes other numbers are looked for; beyond, each try would take long."""


def first_numbers(graph: Graph, known: Mapping[str, object] | None = None) -> dict[str, float]:
    """Choose values for the inputs that have none: 2, 3, -1, 4, -2, ..., or others where these do not fit.

    All are different, also from the known ones, so that a product swaps two numbers that can be told apart and a
    maximum has a winner; all values and gradients are finite, as far as a search finds such a point.

    Parameters
    ----------
    graph : Graph
        Whose inputs are meant; those without a value are scalars.
    known : mapping of str to number or array, optional
        Values that are given.

    Returns
    -------
    dict of str to float
        By input, without the known ones; the same for the same graph.

    Examples
    --------
    >>> from backpropviz import parse
    >>> first_numbers(parse("x*y + z")), first_numbers(parse("acos(x)"))
    ({'x': 2.0, 'y': 3.0, 'z': -1.0}, {'x': 0.5})
    """
    known = dict(known or {})
    missing = [name for name in graph.inputs if name not in known]
    if not missing:
        return {}
    taken = {float(value) for value in known.values() if np.ndim(value) == 0}  # type: ignore[arg-type]
    best: dict[str, float] = {}
    fewest = None
    for numbers in islice(_candidates(len(missing), taken), _TRIES if len(graph) <= _MOST_NODES else 1):
        point = dict(zip(missing, numbers, strict=True))
        faults = _faults(graph, {**known, **point})
        if fewest is None or faults < fewest:
            best, fewest = point, faults
        if not fewest:
            break
    return best


def begun(graph: Graph, given: Mapping[str, object]) -> dict[str, object]:
    """Give the point to begin with: what is given, or first numbers where nothing is.

    A single value that is missing is more likely forgotten than left to us, so it stays missing and is asked for; so
    does every value of a graph that numbers do not fit, such as a product of matrices.

    Examples
    --------
    >>> from backpropviz import parse
    >>> begun(parse("x*y"), {}), begun(parse("x*y"), {"x": 4.0})
    ({'x': 2.0, 'y': 3.0}, {'x': 4.0})
    """
    if given:
        return dict(given)
    try:
        return dict(first_numbers(graph))
    except BackpropvizError:
        return {}


def usual_numbers() -> Iterator[float]:
    """Give 2, 3, -1, 4, -2, 5, -3 and so on: two positive ones first, then of both signs by turns."""
    yield 2.0
    for step in count(1):
        yield step + 2.0
        yield -float(step)


def _candidates(size: int, taken: set[float]) -> Iterator[list[float]]:
    """Give points, the most usual first: all different, and different from what is taken."""
    yield list(islice((each for each in usual_numbers() if each not in taken), size))
    yield list(islice((each for each in map(float, count(2)) if each not in taken), size))
    yield list(islice((each for each in (1.0 / number for number in count(2)) if each not in taken), size))
    free = [each for each in _POOL if each not in taken]
    if size <= len(free):
        for attempt in count():
            yield random.Random(attempt).sample(free, size)  # noqa: S311  the same for all, not secret


def _faults(graph: Graph, point: Mapping[str, object]) -> int:
    """Count the values and gradients that are not finite."""
    tape = evaluate(graph, point, {})
    numbers = [*tape.primals.values()]
    if np.ndim(tape.value) == 0:
        numbers += tape.reverse().values()
    return sum(not np.isfinite(each).all() for each in numbers)
