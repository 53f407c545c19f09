"""Heights: the vertical position of every member, its order in the layer kept.

Each layer in turn is moved to where its neighbours pull it, with the least sum of squared deviations that keeps the
members apart. For one layer that is an isotonic regression, solved exactly by pooling.

References
----------
Gansner, Koutsofios, North, Vo (1993), A technique for drawing directed graphs.
Barlow, Bartholomew, Bremner, Brunk (1972), Statistical inference under order restrictions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Lanes

_ROUNDS = 10
WEIGHTS = (1.0, 3.0, 9.0)
"""Pull of a hop by how many of its two ends are lane points: long arrows want to be straight."""
FAINT = 0.01
"""Weight of a member that nothing pulls."""


def spread_apart(wishes: Sequence[float], gaps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the positions nearest to the wishes that keep their order and their gaps.

    Parameters
    ----------
    wishes : sequence of float
        Where each member would like to be.
    gaps : sequence of float
        Least distance of each member to the one before; the first is not used.
    weights : sequence of float
        How much a deviation of each counts.

    Examples
    --------
    >>> spread_apart([0.0, 0.0, 50.0], [0.0, 10.0, 10.0], [1.0, 1.0, 1.0])
    [-5.0, 5.0, 50.0]
    """
    offset = 0.0
    offsets = []
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for index, wish in enumerate(wishes):
        offset += gaps[index] if index else 0.0
        offsets.append(offset)
        mean, weight, size = wish - offset, weights[index], 1
        while pools and pools[-1][0] > mean:
            other, heavy, members = pools.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight += heavy
            size += members
        pools.append((mean, weight, size))
    result = [mean for mean, _, size in pools for _ in range(size)]
    return [mean + moved for mean, moved in zip(result, offsets, strict=True)]


def heights(lanes: Lanes, layers: list[list[int]], rooms: Sequence[float], rounds: int = _ROUNDS) -> list[float]:
    """Return the vertical centre of every box and lane point.

    Parameters
    ----------
    lanes : Lanes
        Who is tied to whom.
    layers : list of list of int
        The members of each layer, from top to bottom.
    rooms : sequence of float
        Height that each member needs, half of the gap to its neighbours included.
    rounds : int
        How often all layers are gone through.
    """
    pulling = [_pulling(_ties(member, lanes)) for member in range(len(rooms))]
    gaps = [[0.0, *((rooms[upper] + rooms[lower]) / 2 for upper, lower in pairwise(members))] for members in layers]
    y = [0.0] * len(rooms)
    for members, gap in zip(layers, gaps, strict=True):
        total = -sum(gap) / 2
        for member, step in zip(members, gap, strict=True):
            total += step
            y[member] = total
    for turn in range(rounds):
        # First to and fro, so that far pulls arrive; then both sides at once.
        counting = 2 if turn >= rounds // 2 else turn % 2
        order = range(len(layers)) if turn % 2 == 0 else range(len(layers) - 1, -1, -1)
        for index in order:
            pulls = [_pull(y, pulling[member][counting], y[member]) for member in layers[index]]
            _move(y, layers[index], pulls, gaps[index])
    # At last each by its arguments, which stand still: a node is centred among them and a chain is level.
    for members, gap in zip(layers, gaps, strict=True):
        pulls = [_even(y, lanes.left[member] or lanes.right[member], y[member]) for member in members]
        _move(y, members, pulls, gap)
    return y


Ties = tuple[list[tuple[int, float]], list[tuple[int, float]]]
Pull = tuple[list[tuple[int, float]], float]


def _ties(member: int, lanes: Lanes) -> Ties:
    """Return the neighbours left and right with the weight of their hops."""

    def weigh(other: int) -> float:
        return WEIGHTS[(member >= lanes.count) + (other >= lanes.count)]

    return (
        [(other, weigh(other)) for other in lanes.left[member]],
        [(other, weigh(other)) for other in lanes.right[member]],
    )


def _pulling(ties: Ties) -> tuple[Pull, Pull, Pull]:
    """Return the hops that count, with their weight: those left, or right if there are none; the other way; all."""
    left, right = ties
    return _weighed(left or right), _weighed(right or left), _weighed(left + right)


def _weighed(near: list[tuple[int, float]]) -> Pull:
    return near, sum([pull for _, pull in near])


def _pull(y: list[float], pulling: Pull, stay: float) -> tuple[float, float]:
    """Return where the neighbours pull a member, and how strongly."""
    near, weight = pulling
    if not weight:
        return stay, FAINT
    return sum([y[other] * pull for other, pull in near]) / weight, weight


def _even(y: list[float], near: list[int], stay: float) -> tuple[float, float]:
    """Return the same with every neighbour counting alike."""
    return (sum([y[other] for other in near]) / len(near), 1.0 + len(near)) if near else (stay, FAINT)


def _move(y: list[float], members: list[int], pulls: list[tuple[float, float]], gap: list[float]) -> None:
    """Move the members of one layer, in place, as near to where they are pulled as their gaps allow."""
    wishes, weights = zip(*pulls, strict=True)
    for member, height in zip(members, spread_apart(wishes, gap, weights), strict=True):
        y[member] = height
