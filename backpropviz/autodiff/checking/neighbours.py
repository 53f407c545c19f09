"""Where and along what a rule is checked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_UNITS = 24
"""Entries up to which every one gets a direction of its own; beyond, random directions are taken."""

_RANDOM = 3


def points_around(given: Sequence[Any], generator: np.random.Generator) -> Iterator[list[Any]]:
    """Give a gate's point and others that lie on the other sides of its kinks.

    Yields
    ------
    list of float64 or array
        As given; each argument with its sign turned, then all; arguments in reverse order, which moves the winner of
        a maximum; all stretched and shrunk, where rules that agree at 1 part, and shifted, where those that agree at
        0 do; arrays with random signs and shifts.
    """
    arguments = list(given)
    yield arguments
    count = len(arguments)
    if count <= 4:
        for slot in range(count):
            yield [-argument if index == slot else argument for index, argument in enumerate(arguments)]
    if count > 1:
        yield [-argument for argument in arguments]
        if len({np.shape(argument) for argument in arguments}) == 1:
            yield arguments[::-1]
    for factor in (0.37, 2.3):
        yield [factor * argument for argument in arguments]
    yield [argument + shift for argument, shift in zip(arguments, generator.uniform(0.2, 0.6, count), strict=True)]
    if any(np.ndim(argument) for argument in arguments):
        yield [argument * generator.choice([-1.0, 1.0], np.shape(argument)) for argument in arguments]
        yield [argument + generator.normal(0.0, 0.3, np.shape(argument)) for argument in arguments]


def directions(shape: tuple[int, ...], generator: np.random.Generator) -> Iterator[Any]:
    """Give tangents that find the full Jacobian, or random ones where it is large."""
    if math.prod(shape) <= _MOST_UNITS:
        yield from _units(shape)
    else:
        for _ in range(_RANDOM):
            yield generator.normal(size=shape)


def cotangents(shape: tuple[int, ...], generator: np.random.Generator) -> Iterator[Any]:
    """Give cotangents of both signs and of several sizes: a rule must be linear in them."""
    if 1 < math.prod(shape) <= _MOST_UNITS:
        yield from _units(shape)
    for size in (1.0, -1.0, -30.0):
        yield np.asarray(size * generator.uniform(0.5, 1.5, shape))[()]
    yield np.asarray(generator.normal(size=shape))[()]


def _units(shape: tuple[int, ...]) -> Iterator[Any]:
    for place in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[place] = 1.0
        yield unit[()]
