"""From boxes and arrows to a placement: columns, order, heights, ports and curves, in that sequence; part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.scene.layout.frames import Framed, framed
from backpropviz.scene.layout.layers import Placement, Spacing
from backpropviz.scene.layout.order import best_order
from backpropviz.scene.layout.routes import Bezier, Corridor, fan, path, rim, straight, through
from backpropviz.scene.layout.rows import heights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Arrow, Box, Lanes


def components(count: int, arrows: Sequence[Arrow]) -> list[list[int]]:
    """Return the members of every connected part, the largest part first.

    Examples
    --------
    >>> components(4, [(1, 3, 0)])
    [[1, 3], [0], [2]]
    """
    ties: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in arrows:
        ties[source].append(target)
        ties[target].append(source)
    seen = [False] * count
    parts = []
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        part = [first]
        for member in part:  # grows while it is read
            for other in ties[member]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: -len(part))


STEEPNESS = 4.5
"""Rise per px of gap beyond which a gap is widened."""
WIDEST = 2.2
"""How much wider than usual a gap may become."""


def centre_columns(
    boxes: Sequence[Box], lanes: Lanes, layers: list[list[int]], y: Sequence[float], spacing: Spacing
) -> list[tuple[float, float]]:
    """Return the left and right end of every column, the first at 0.

    Parameters
    ----------
    boxes, spacing
        As in ``place``.
    lanes : Lanes
        What was ordered; a gap with a long way up or down in it is widened.
    layers : list of list of int
        The members of each column.
    y : sequence of float
        Their heights.
    """
    columns: list[tuple[float, float]] = []
    left = 0.0
    for members in layers:
        width = max((boxes[member].width for member in members if member < lanes.count), default=0.0)
        columns.append((left, left + width))
        rise = max((abs(y[member] - y[end]) for member in members for end in lanes.right[member]), default=0.0)
        left += width + min(max(spacing.column_gap, rise / STEEPNESS), WIDEST * spacing.column_gap)
    return columns


CLEARANCE = 3.0
"""What a curve keeps free above and below a box, in px."""
BULGE = 26.0
"""How far apart parallel arrows swing, in px."""
DEFAULT = Spacing()


def place(
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    spacing: Spacing = DEFAULT,
    groups: Sequence[Sequence[int]] = (),
) -> Placement:
    """Place a computation graph from left to right.

    Parameters
    ----------
    boxes : sequence of Box
        What is to be placed.
    arrows : sequence of (int, int, int)
        Source, target and slot; parallel arrows differ in their slot.
    spacing : Spacing
        The distances to keep.
    groups : sequence of sequence of int
        Boxes that stand together in a frame, those of each frame arguments first.

    Returns
    -------
    Placement
        The same for the same arguments, on every machine.

    Raises
    ------
    ValueError
        The arrows form a cycle.

    Examples
    --------
    >>> from backpropviz.scene.layout import Box
    >>> drawing = place([Box(60, 120), Box(60, 120)], [(0, 1, 0)])
    >>> drawing.centres
    ((54.0, 84.0), (219.0, 84.0))
    >>> drawing.paths
    ('M84,84C136.5,84 136.5,84 189,84',)
    """
    centres: list[tuple[float, float]] = [(0.0, 0.0)] * len(boxes)
    curves: list[list[Bezier]] = [[] for _ in arrows]
    width = height = 0.0
    top = spacing.margin
    standing = framed(boxes, arrows, groups, spacing)
    members: list[list[int]] = [[] for _ in standing.outer]
    for box, home in enumerate(standing.homes):
        members[home].append(box)
    ways = [(standing.homes[source], standing.homes[target], slot) for source, target, slot in arrows]
    parts = components(len(standing.outer), [way for way in ways if way[0] != way[1]])
    home_of = {outer: number for number, part in enumerate(parts) for outer in part}
    belonging: list[list[int]] = [[] for _ in parts]
    for index, (source, _, _) in enumerate(ways):
        belonging[home_of[source]].append(index)
    frames = dict.fromkeys(standing.homes[group[0]] for group in groups)
    found: dict[int, tuple[float, float]] = {}
    for part, indices in zip(parts, belonging, strict=True):
        inside = [box for outer in part for box in members[outer]]
        local = {box: number for number, box in enumerate(inside)}
        own = [(local[arrows[index][0]], local[arrows[index][1]], arrows[index][2]) for index in indices]
        place_of = {outer: number for number, outer in enumerate(part)}
        homes = tuple(place_of[standing.homes[box]] for box in inside)
        here = Framed(
            tuple(standing.outer[outer] for outer in part), homes, tuple(standing.offsets[box] for box in inside)
        )
        places, pieces = _place_part([boxes[box] for box in inside], own, spacing, here)
        reach = [
            y + sign * standing.outer[outer].height / 2
            for outer, (_, y) in zip(part, places, strict=True)
            for sign in (-1, 1)
        ]
        reach += [point[1] for curve in pieces for piece in curve for point in piece]
        high, low = min(reach), max(reach)
        shift = top - high
        for outer, (x, y) in zip(part, places, strict=True):
            for box in members[outer]:
                right, down = standing.offsets[box]
                centres[box] = (round(x + right + spacing.margin, 1), round(y + down + shift, 1))
            found[outer] = (round(x + spacing.margin, 1), round(y + shift, 1))
            width = max(width, x + standing.outer[outer].width / 2)
        for index, curve in zip(indices, pieces, strict=True):
            curves[index] = [_moved(piece, spacing.margin, shift) for piece in curve]
        height = low + shift
        top = height + spacing.row_gap
    return Placement(
        tuple(centres),
        tuple(path(curve) for curve in curves),
        round(width + 2 * spacing.margin, 1),
        round(max(height, spacing.margin) + spacing.margin, 1),
        tuple((*found[outer], standing.outer[outer].width, standing.outer[outer].height) for outer in frames),
    )


def _moved(piece: Bezier, right: float, down: float) -> Bezier:
    first, second, third, fourth = ((x + right, y + down) for x, y in piece)
    return first, second, third, fourth


def _place_part(
    boxes: list[Box], arrows: list[Arrow], spacing: Spacing, standing: Framed
) -> tuple[list[tuple[float, float]], list[list[Bezier]]]:
    """Place one connected part somewhere: centres of frames and single boxes, and pieces of the arrows."""
    homes, offsets, outer = standing.homes, standing.offsets, standing.outer
    apart = [index for index, (source, target, _) in enumerate(arrows) if homes[source] != homes[target]]
    ways = [(homes[arrows[index][0]], homes[arrows[index][1]], arrows[index][2]) for index in apart]
    layer, lanes, layers = best_order(outer, ways)
    rooms = [box.height + spacing.row_gap for box in outer]
    rooms += [spacing.lane_gap] * (len(lanes.left) - len(outer))
    middle = heights(lanes, layers, rooms)
    columns = centre_columns(outer, lanes, layers, middle, spacing)
    corridors = _corridors(outer, lanes, layers, middle, columns)
    chains: list[list[int]] = [[] for _ in arrows]  # none between boxes of one frame
    for index, chain in zip(apart, lanes.chains, strict=True):
        chains[index] = chain
    y = [middle[home] + down for home, (_, down) in zip(homes, offsets, strict=True)]
    x = [sum(columns[layer[home]]) / 2 + right for home, (right, _) in zip(homes, offsets, strict=True)]
    ends = []
    for (source, target, _), chain in zip(arrows, chains, strict=True):
        ends.append((middle[chain[0]], middle[chain[-1]]) if chain else (y[target], y[source]))
    leaving, arriving = fan(boxes, arrows, ends, y, spacing)
    bulges = _bulges(arrows, leaving)
    curves = []
    for index, ((source, target, _), chain) in enumerate(zip(arrows, chains, strict=True)):
        first = (x[source] + rim(boxes[source], leaving[index]), y[source] + leaving[index])
        last = (x[target] - rim(boxes[target], arriving[index]), y[target] + arriving[index])
        (left, right), (far, other) = columns[layer[homes[source]]], columns[layer[homes[target]]]
        # A shape narrower than its column is left and reached level, past its wider neighbours.
        apart_here = homes[source] != homes[target]
        begin = (right, first[1]) if apart_here and boxes[source].width < right - left - CLEARANCE else first
        finish = (far, last[1]) if apart_here and boxes[target].width < other - far - CLEARANCE else last
        pieces = through(begin, [corridors[point] for point in chain], finish, bulges[index])
        if begin != first:
            pieces.insert(0, straight(first, begin))
        if finish != last:
            pieces.append(straight(finish, last))
        curves.append(pieces)
    return [(sum(columns[layer[home]]) / 2, middle[home]) for home in range(len(outer))], curves


def _corridors(
    boxes: Sequence[Box], lanes: Lanes, layers: list[list[int]], y: list[float], columns: list[tuple[float, float]]
) -> dict[int, Corridor]:
    """Return for every lane point the room between the boxes above and below it."""
    result = {}
    for members, (left, right) in zip(layers, columns, strict=True):
        top = float("-inf")
        waiting: list[tuple[int, float]] = []
        for member in members:
            if member >= lanes.count:
                waiting.append((member, top))
                continue
            half = boxes[member].height / 2 + CLEARANCE
            for point, above in waiting:
                result[point] = Corridor(left, right, y[point], above, y[member] - half)
            waiting = []
            top = y[member] + half
        for point, above in waiting:
            result[point] = Corridor(left, right, y[point], above, float("inf"))
    return result


def _bulges(arrows: Sequence[Arrow], leaving: list[float]) -> list[float]:
    """Return how far each arrow swings aside from others with the same ends."""
    twins: dict[tuple[int, int], list[int]] = {}
    for index, (source, target, _) in enumerate(arrows):
        twins.setdefault((source, target), []).append(index)
    bulges = [0.0] * len(arrows)
    for found in twins.values():
        found.sort(key=leaving.__getitem__)
        for rank, index in enumerate(found):
            bulges[index] = (rank - (len(found) - 1) / 2) * BULGE
    return bulges
