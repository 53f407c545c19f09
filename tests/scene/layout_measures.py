"""How good a placement is: crossings of the true curves, curves over boxes, overlapping boxes."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
GRID = 2.0
SAMPLES = np.linspace(0.0, 1.0, 41)


def control_points(path):
    """The control points of a path of one M and several C commands, shape (pieces, 4, 2)."""
    assert re.fullmatch(r"M[^MC]+(C[^MC]+)+", path), path
    numbers = np.array([float(found) for found in NUMBER.findall(path)]).reshape(-1, 2)
    return np.array([numbers[index : index + 4] for index in range(0, len(numbers) - 1, 3)])


def polyline(path):
    """The curve as points, shape (n, 2), from left to right."""
    t = SAMPLES[:, None]
    basis = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3])
    points = [
        sum(weight * corner for weight, corner in zip(basis, piece, strict=True)) for piece in control_points(path)
    ]
    return np.concatenate(points)


def crossings(placement):
    """How often curves cross, counted by how the order of the curves changes from one abscissa to the next."""
    lines = [polyline(path) for path in placement.paths]
    events = {}
    for index, line in enumerate(lines):
        grid = np.arange(np.ceil(line[0, 0] / GRID), np.floor(line[-1, 0] / GRID) + 1)
        for x, y in zip(grid, np.interp(grid * GRID, line[:, 0], line[:, 1]), strict=True):
            events.setdefault(int(x), []).append((float(y), index))
    total = 0
    rank = {}
    for x in sorted(events):
        # Touching curves keep the order they had, so a touch is no crossing, and a crossing counts once.
        present = sorted(events[x], key=lambda entry: (round(entry[0], 1), rank.get(entry[1], -1), entry[1]))
        total += _inversions([rank[index] for _, index in present if index in rank])
        rank = {index: place for place, (_, index) in enumerate(present)}
    return total


def _inversions(sequence):
    values = np.array(sequence)
    if (values[1:] > values[:-1]).all():
        return 0
    return int(sum((values[:index] > value).sum() for index, value in enumerate(values)))


def curves_over_boxes(boxes, arrows, placement, border=1.0):
    """Pairs of an arrow and a foreign box, text included, that the arrow runs over."""
    found = []
    lefts, tops = (np.array([centre[axis] for centre in placement.centres]) for axis in (0, 1))
    widths = np.array([box.width for box in boxes]) / 2 - border
    heights = np.array([box.height for box in boxes]) / 2 - border
    for index, ((source, target, _), path) in enumerate(zip(arrows, placement.paths, strict=True)):
        x, y = polyline(path).T
        hit = ((abs(x[:, None] - lefts) < widths) & (abs(y[:, None] - tops) < heights)).any(axis=0)
        found += [(index, int(box)) for box in np.flatnonzero(hit) if box not in {source, target}]
    return found


def overlapping_boxes(boxes, placement):
    """Pairs of boxes that overlap."""
    entries = sorted(range(len(boxes)), key=lambda box: placement.centres[box])
    found = []
    for upper, lower in pairwise(entries):
        (x, y), (other_x, other_y) = placement.centres[upper], placement.centres[lower]
        apart_x = abs(x - other_x) >= (boxes[upper].width + boxes[lower].width) / 2 - 0.2
        apart_y = abs(y - other_y) >= (boxes[upper].height + boxes[lower].height) / 2 - 0.2
        if not apart_x and not apart_y:
            found.append((upper, lower))
    return found
