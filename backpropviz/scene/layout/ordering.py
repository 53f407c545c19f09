"""The choice among layerings and starting orders: the one with fewest crossings."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from backpropviz.scene.layout.lanes import Lanes, cut
from backpropviz.scene.layout.layers import latest, neighbours, shortest
from backpropviz.scene.layout.order import arrange, sift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.shapes import Arrow, Box

SMALL = 40
"""Up to so many boxes the inputs stand in the first column if that costs no crossing."""
STARTS = 6
MEMBERS = 560
"""So many starting orders are tried, and so many members in all of them together."""
REACH = 16
PAIRS = 100_000
"""How far members are sifted, and how many pairs may be compared for it."""


def best_order(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> tuple[list[int], Lanes, list[list[int]]]:
    """Choose layers and order.

    Returns
    -------
    tuple of list of int, Lanes and list of list of int
        The layer of each box, the lanes, and the members of each layer from top to bottom.
    """
    arguments, consumers = neighbours(len(boxes), arrows)
    loose = [box.source for box in boxes]
    layerings = [latest(arguments, consumers, loose), shortest(arguments, consumers, loose)]
    if len(boxes) <= SMALL:
        layerings.insert(0, shortest(arguments, consumers, [False] * len(boxes)))
    found = []
    for rank, layer in enumerate(layerings):
        if layer in layerings[:rank]:
            continue
        lanes = cut(layer, arrows)
        found.append((*arrange(lanes), rank, lanes))
    fewest, order, rank, lanes = min(found, key=lambda entry: (entry[0], entry[2]))
    shuffle = Random(1)  # noqa: S311 - the same sequence on every machine, nothing secret
    for _ in range(min(STARTS, MEMBERS // len(lanes.left)) if fewest else 0):
        start = [list(members) for members in lanes.layers]
        for members in start:
            shuffle.shuffle(members)
        crossings, other = arrange(lanes, start)
        if crossings < fewest:
            fewest, order = crossings, other
    if fewest:
        sift(order, lanes, REACH, PAIRS)
    return layerings[rank], lanes, order
