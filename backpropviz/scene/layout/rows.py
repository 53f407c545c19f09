"""Heights: the vertical position of every member, its order in the layer kept.

Each layer in turn is moved to where its neighbours pull it, with the least sum of squared deviations that keeps the
members apart. For one layer that is an isotonic regression, solved exactly by pooling.

References
----------
Gansner, Koutsofios, North, Vo (1993), A technique for drawing directed graphs.
Barlow, Bartholomew, Bremner, Brunk (1972), Statistical inference under order restrictions.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Lanes

_ROUNDS = 10
_FEWER_ROUNDS = 4
MANY = 1_000
"""Members from which there are fewer: arguments have the last word, and more has not made long arrows straighter."""
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
    offsets = [0.0, *accumulate(gaps[1:])]
    placed = _in_order([wish - offset for wish, offset in zip(wishes, offsets, strict=True)], weights)
    return [mean + offset for mean, offset in zip(placed, offsets, strict=True)]


def _in_order(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the numbers nearest to the wishes of which none is less than the one before."""
    means: list[float] = []
    heavy: list[float] = []
    sizes: list[int] = []
    for wish, weight in zip(wishes, weights, strict=True):
        mean, total, size = wish, weight, 1
        while means and means[-1] > mean:
            other = heavy.pop()
            mean = (mean * total + means.pop() * other) / (total + other)
            total += other
            size += sizes.pop()
        means.append(mean)
        heavy.append(total)
        sizes.append(size)
    return (
        means
        if len(means) == len(wishes)
        else [mean for mean, size in zip(means, sizes, strict=True) for _ in range(size)]
    )


def heights(lanes: Lanes, layers: list[list[int]], rooms: Sequence[float]) -> list[float]:
    """Return the vertical centre of every box and lane point.

    Parameters
    ----------
    lanes : Lanes
        Who is tied to whom.
    layers : list of list of int
        The members of each layer, from top to bottom.
    rooms : sequence of float
        Height that each member needs, half of the gap to its neighbours included.
    """
    gaps = [[0.0, *((rooms[upper] + rooms[lower]) / 2 for upper, lower in pairwise(members))] for members in layers]
    offsets = [list(accumulate(gap)) for gap in gaps]
    y = [0.0] * len(rooms)
    for members, offset in zip(layers, offsets, strict=True):
        for member, down in zip(members, offset, strict=True):
            y[member] = down - offset[-1] / 2
    left, right = _ties(lanes)
    sides = [[here or there for here, there in zip(*pair, strict=True)] for pair in ((left, right), (right, left))]
    pulls = [
        _Pulls(layers, ties) for ties in (*sides, [[*here, *there] for here, there in zip(left, right, strict=True)])
    ]
    rounds = _ROUNDS if len(rooms) < MANY else _FEWER_ROUNDS
    for turn in range(rounds):
        # First to and fro, so that far pulls arrive; then both sides at once.
        counting = pulls[2 if turn >= rounds // 2 else turn % 2]
        order = range(len(layers)) if turn % 2 == 0 else range(len(layers) - 1, -1, -1)
        for index in order:
            _move(y, layers[index], counting.shares[index], counting.weights[index], offsets[index])
    # At last each by its arguments, which stand still: a node is centred among them and a chain is level.
    even = _Pulls(
        layers,
        [[(other, 1.0) for other in near or far] for near, far in zip(lanes.left, lanes.right, strict=True)],
        1.0,
    )
    for index, members in enumerate(layers):
        _move(y, members, even.shares[index], even.weights[index], offsets[index])
    return y


Tie: TypeAlias = tuple[int, float]
"""A neighbour, and how strongly it pulls."""


def _ties(lanes: Lanes) -> tuple[list[list[Tie]], list[list[Tie]]]:
    """Return the neighbours left and right of every member with the weight of their hops."""
    count = lanes.count

    def tied(side: list[list[int]]) -> list[list[Tie]]:
        return [
            [(other, WEIGHTS[(member >= count) + (other >= count)]) for other in near]
            for member, near in enumerate(side)
        ]

    return tied(lanes.left), tied(lanes.right)


class _Pulls:
    """How every member is pulled, layer by layer: neighbours with their shares, and the weight of them all.

    A neighbour alone stands as its number: most members are lane points, which have one on each side.
    """

    def __init__(self, layers: list[list[int]], ties: list[list[Tie]], beside: float = 0.0) -> None:
        self.shares: list[list[int | list[Tie]]] = []
        self.weights: list[list[float]] = []
        for members in layers:
            shares: list[int | list[Tie]] = []
            weights = []
            for member in members:
                near = ties[member]
                if not near:  # it stays
                    shares.append(member)
                    weights.append(FAINT)
                    continue
                total = sum([pull for _, pull in near])
                weights.append(beside + total)
                shares.append(near[0][0] if len(near) == 1 else [(other, pull / total) for other, pull in near])
            self.shares.append(shares)
            self.weights.append(weights)


def _move(
    y: list[float], members: list[int], shares: list[int | list[Tie]], weights: list[float], offsets: list[float]
) -> None:
    """Move the members of one layer, in place, as near to where they are pulled as their offsets allow."""
    wishes = [
        (y[near] if isinstance(near, int) else sum([y[other] * share for other, share in near])) - offset
        for near, offset in zip(shares, offsets, strict=True)
    ]
    for member, height, offset in zip(members, _in_order(wishes, weights), offsets, strict=True):
        y[member] = height + offset
