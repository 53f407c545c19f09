"""The layered graph that ordering and placing work on: every arrow cut into hops of one layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.shapes import Arrow

LANE_BUDGET = 20_000


@dataclass(frozen=True, slots=True)
class Lanes:
    """Boxes and lane points in layers; a lane point is where an arrow passes through a column.

    Parameters
    ----------
    count : int
        Number of boxes; indices from here on are lane points.
    layers : list of list of int
        The members of each layer, in their first order.
    left, right : list of list of int
        Neighbours of every member in the layer before and after, with repetitions.
    chains : list of list of int
        For every arrow the lane points it passes, source and target not among them.
    """

    count: int
    layers: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    chains: list[list[int]]


def cut(layer: Sequence[int], arrows: Sequence[Arrow]) -> Lanes:
    """Cut the arrows at every layer they pass.

    Arrows are cut from the shortest to the longest until the budget of lane points is spent; what is longer still
    is drawn in one swing, so that an input used all along a chain of thousands does not cost its square.
    """
    count = len(layer)
    layers: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for box, index in enumerate(layer):
        layers[index].append(box)
    left: list[list[int]] = [[] for _ in range(count)]
    right: list[list[int]] = [[] for _ in range(count)]
    chains: list[list[int]] = [[] for _ in arrows]
    spans = [layer[target] - layer[source] for source, target, _ in arrows]
    spent = 0
    whole = set()
    for index in sorted(range(len(arrows)), key=lambda index: spans[index]):
        spent += spans[index] - 1
        if spent > LANE_BUDGET:
            whole.add(index)
    for index, (source, target, _) in enumerate(arrows):
        if index in whole:
            continue
        previous = source
        for column in range(layer[source] + 1, layer[target]):
            point = len(left)
            left.append([previous])
            right.append([])
            right[previous].append(point)
            layers[column].append(point)
            chains[index].append(point)
            previous = point
        right[previous].append(target)
        left[target].append(previous)
    return Lanes(count, layers, left, right, chains)
