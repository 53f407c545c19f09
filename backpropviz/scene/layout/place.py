"""From boxes and arrows to a placement: columns, order, heights, ports and curves, in that sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.scene.layout.columns import centre_columns
from backpropviz.scene.layout.components import components
from backpropviz.scene.layout.ordering import best_order
from backpropviz.scene.layout.ports import fan, rim
from backpropviz.scene.layout.routes import Bezier, Corridor, path, straight, through
from backpropviz.scene.layout.rows import heights
from backpropviz.scene.layout.shapes import Placement, Spacing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.lanes import Lanes
    from backpropviz.scene.layout.shapes import Arrow, Box

CLEARANCE = 3.0
"""What a curve keeps free above and below a box, in px."""
BULGE = 26.0
"""How far apart parallel arrows swing, in px."""
DEFAULT = Spacing()


def place(boxes: Sequence[Box], arrows: Sequence[Arrow], spacing: Spacing = DEFAULT) -> Placement:
    """Place a computation graph from left to right.

    Parameters
    ----------
    boxes : sequence of Box
        What is to be placed.
    arrows : sequence of (int, int, int)
        Source, target and slot; parallel arrows differ in their slot.
    spacing : Spacing
        The distances to keep.

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
    parts = components(len(boxes), arrows)
    home = {box: number for number, part in enumerate(parts) for box in part}
    belonging: list[list[int]] = [[] for _ in parts]
    for index, (source, _, _) in enumerate(arrows):
        belonging[home[source]].append(index)
    for part, indices in zip(parts, belonging, strict=True):
        local = {box: number for number, box in enumerate(part)}
        own = [(local[arrows[index][0]], local[arrows[index][1]], arrows[index][2]) for index in indices]
        places, pieces = _place_part([boxes[box] for box in part], own, spacing)
        reach = [y + sign * boxes[box].height / 2 for box, (_, y) in zip(part, places, strict=True) for sign in (-1, 1)]
        reach += [point[1] for curve in pieces for piece in curve for point in piece]
        high, low = min(reach), max(reach)
        shift = top - high
        for box, (x, y) in zip(part, places, strict=True):
            centres[box] = (round(x + spacing.margin, 1), round(y + shift, 1))
            width = max(width, x + boxes[box].width / 2)
        for index, curve in zip(indices, pieces, strict=True):
            curves[index] = [_moved(piece, spacing.margin, shift) for piece in curve]
        height = low + shift
        top = height + spacing.row_gap
    return Placement(
        tuple(centres),
        tuple(path(curve) for curve in curves),
        round(width + 2 * spacing.margin, 1),
        round(max(height, spacing.margin) + spacing.margin, 1),
    )


def _moved(piece: Bezier, right: float, down: float) -> Bezier:
    first, second, third, fourth = ((x + right, y + down) for x, y in piece)
    return first, second, third, fourth


def _place_part(
    boxes: list[Box], arrows: list[Arrow], spacing: Spacing
) -> tuple[list[tuple[float, float]], list[list[Bezier]]]:
    """Place one connected part somewhere: centres of its boxes and pieces of its arrows."""
    layer, lanes, layers = best_order(boxes, arrows)
    rooms = [box.height + spacing.row_gap for box in boxes]
    rooms += [spacing.lane_gap] * (len(lanes.left) - len(boxes))
    y = heights(lanes, layers, rooms)
    columns = centre_columns(boxes, lanes, layers, y, spacing)
    ways = _corridors(boxes, lanes, layers, y, columns)
    ends = []
    for (source, target, _), chain in zip(arrows, lanes.chains, strict=True):
        ends.append((y[chain[0]], y[chain[-1]]) if chain else (y[target], y[source]))
    leaving, arriving = fan(boxes, arrows, ends, y, spacing)
    bulges = _bulges(arrows, leaving)
    curves = []
    for index, ((source, target, _), chain) in enumerate(zip(arrows, lanes.chains, strict=True)):
        (left, right), (far, other) = columns[layer[source]], columns[layer[target]]
        first = ((left + right) / 2 + rim(boxes[source], leaving[index]), y[source] + leaving[index])
        last = ((far + other) / 2 - rim(boxes[target], arriving[index]), y[target] + arriving[index])
        # A shape narrower than its column is left and reached level, past its wider neighbours.
        begin = (right, first[1]) if boxes[source].width < right - left - CLEARANCE else first
        finish = (far, last[1]) if boxes[target].width < other - far - CLEARANCE else last
        pieces = through(begin, [ways[point] for point in chain], finish, bulges[index])
        if begin != first:
            pieces.insert(0, straight(first, begin))
        if finish != last:
            pieces.append(straight(finish, last))
        curves.append(pieces)
    centres = [(sum(columns[layer[box]]) / 2, y[box]) for box in range(len(boxes))]
    return centres, curves


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
