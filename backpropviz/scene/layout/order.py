"""Rows: the order of the members of each layer, with few crossings.

Barycentre sweeps to and fro, the best order kept; then single members moved to a better place (sifting). Among
layerings and starting orders, the one with fewest crossings is chosen.

References
----------
Sugiyama, Tagawa, Toda (1981), Methods for visual understanding of hierarchical system structures.
Matuszewski, Schoenfeld, Molitor (1999), Using sifting for k-layer straightline crossing minimization.
"""

from __future__ import annotations

from bisect import bisect_right
from random import Random
from typing import TYPE_CHECKING

from backpropviz.scene.layout.layers import Lanes, cut, latest, neighbours, shortest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Arrow, Box

SWEEPS = 24
"""At most so many sweeps."""
PATIENCE = 4
"""So many sweeps without an improvement end the search."""


def crossings(layers: list[list[int]], right: list[list[int]]) -> int:
    """Count the crossings of straight hops between neighbouring layers."""
    total = 0
    place = places_in_layers(layers, len(right))
    for members in layers:
        seen: list[int] = []
        for member in members:
            found = right[member]
            # Most members are lane points, with one hop on.
            for end in (place[found[0]],) if len(found) == 1 else sorted([place[other] for other in found]):
                if not seen or end >= seen[-1]:
                    seen.append(end)
                    continue
                above = bisect_right(seen, end)
                total += len(seen) - above
                seen.insert(above, end)
    return total


def places_in_layers(layers: list[list[int]], count: int) -> list[int]:
    """Return the place of every member in its layer."""
    place = [0] * count
    for members in layers:
        for index, member in enumerate(members):
            place[member] = index
    return place


def arrange(lanes: Lanes, start: list[list[int]] | None = None) -> tuple[int, list[list[int]]]:
    """Order every layer so that few hops cross.

    Parameters
    ----------
    lanes : Lanes
        What is to be ordered.
    start : list of list of int, optional
        The order to begin with; the one in ``lanes`` if absent.

    Returns
    -------
    tuple of int and list of list of int
        The number of crossings left, and the members of each layer from top to bottom.
    """
    layers = [list(members) for members in (lanes.layers if start is None else start)]
    best, fewest, idle = [list(members) for members in layers], crossings(layers, lanes.right), 0
    for sweep in range(SWEEPS):
        if not fewest or idle >= PATIENCE:
            break
        _sweep(layers, lanes, rightwards=sweep % 2 == 0, reverse_ties=sweep % 4 >= 2)
        found = crossings(layers, lanes.right)
        if found < fewest:
            best, fewest, idle = [list(members) for members in layers], found, 0
        else:
            idle += 1
    return fewest, best


def _sweep(layers: list[list[int]], lanes: Lanes, *, rightwards: bool, reverse_ties: bool) -> None:
    """Sort each layer by the mean position of its neighbours in the layer just sorted."""
    near = lanes.left if rightwards else lanes.right
    far = lanes.right if rightwards else lanes.left
    place = places_in_layers(layers, len(near))
    order = range(1, len(layers)) if rightwards else range(len(layers) - 2, -1, -1)
    for index in order:
        members = layers[index]
        if len(members) < 2:
            continue
        previous = layers[index - 1] if rightwards else layers[index + 1]
        beyond = index + 1 if rightwards else index - 1
        scale = len(previous) / max(1, len(layers[beyond])) if 0 <= beyond < len(layers) else 1.0
        keys: dict[int, float] = {}
        for rank, member in enumerate(members):
            found = near[member]
            if len(found) == 1:
                keys[member] = place[found[0]]
            elif found:
                keys[member] = sum([place[other] for other in found]) / len(found)
            elif far[member]:
                # Nothing on this side, as with a weight: go by its consumer.
                keys[member] = sum([place[other] for other in far[member]]) / len(far[member]) * scale
            else:
                keys[member] = rank * len(previous) / len(members)
        if reverse_ties:
            members.reverse()
        members.sort(key=keys.__getitem__)
        for rank, member in enumerate(members):
            place[member] = rank


def sift(layers: list[list[int]], lanes: Lanes, reach: int, budget: int) -> int:
    """Move members within their layers, in place, as long as that removes crossings.

    Parameters
    ----------
    layers : list of list of int
        The order to improve.
    lanes : Lanes
        What is ordered.
    reach : int
        How many places a member may move at once.
    budget : int
        How many pairs of members may be compared before the search ends.
    """
    place = places_in_layers(layers, len(lanes.left))
    removed = 0
    awake = set(range(len(layers)))
    while awake and budget > 0:
        stirred: set[int] = set()
        for index in sorted(awake):
            budget -= min(2 * reach, len(layers[index])) * len(layers[index])
            gain = _sift_layer(layers[index], lanes, place, reach)
            if gain:
                removed += gain
                stirred.update((index - 1, index, index + 1))
            if budget <= 0:
                break
        awake = {index for index in stirred if 0 <= index < len(layers)}
    return removed


def _sift_layer(members: list[int], lanes: Lanes, place: list[int], reach: int) -> int:
    """Move each member of one layer to the best of the places within reach."""
    ends = {
        member: (
            sorted([place[found] for found in lanes.left[member]]),
            sorted([place[found] for found in lanes.right[member]]),
        )
        for member in members
    }
    removed = 0
    for member in tuple(members):
        rank = place[member]
        best, gain = rank, 0
        for step in (-1, 1):
            found = 0
            stop = max(-1, rank - reach - 1) if step < 0 else min(len(members), rank + reach + 1)
            for other in range(rank + step, stop, step):
                pair = (ends[members[other]], ends[member])
                upper, lower = pair if step < 0 else pair[::-1]
                found += _inversions(upper[0], lower[0]) - _inversions(lower[0], upper[0])
                found += _inversions(upper[1], lower[1]) - _inversions(lower[1], upper[1])
                if found > gain:
                    best, gain = other, found
        if gain:
            members.insert(best, members.pop(rank))
            for moved in range(min(rank, best), max(rank, best) + 1):
                place[members[moved]] = moved
            removed += gain
    return removed


def _inversions(upper: list[int], lower: list[int]) -> int:
    """Count the crossings of two sorted bundles, the first leaving above the second."""
    if not upper or not lower or upper[-1] <= lower[0]:
        return 0
    total = 0
    for end in lower:
        total += len(upper) - bisect_right(upper, end)
    return total


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
