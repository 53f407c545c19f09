"""Where on its curve an edge's label stands, so that labels keep clear of each other and of the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.scene.edge_curves import point_at, read_path
from backpropviz.scene.labels import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.graph.node import Array
    from backpropviz.scene.marks import Mark

_FACE = 14.0
_HALF_HEIGHT = 9.0
_USUAL = 0.62  # nearer to the end than to the start, where several edges leave one mark side by side
_SHARES = tuple(sorted((number / 50 for number in range(9, 44)), key=lambda share: abs(share - _USUAL)))
_PASSES = 8
_OVER_A_MARK = 50.0  # times as bad as over a label
_STRAYING = 6.0  # square px of overlap that are worth a hundredth of the curve
_NUMBERS_REACH = 24.0  # px above and below a mark, where its numbers stand


def shares(paths: Sequence[str], labels: Sequence[str], marks: Sequence[Mark]) -> list[float]:
    """Choose, for each edge, how far along its curve the label stands.

    Each label takes in turn the place at which it covers least, given where the others stand; some rounds of this
    settle nearly all of them.

    Returns
    -------
    list of float
        Shares of the curves' lengths, from 0 at the start to 1 at the end.
    """
    places = np.array([[point_at(curve, share)[:2] for share in _SHARES] for curve in map(read_path, paths)])
    halves = np.array([text_width(label, _FACE) / 2 + 4 for label in labels])
    fixed = np.array([_cost_of_marks(each, half, marks) for each, half in zip(places, halves, strict=True)])
    chosen = np.zeros(len(labels), dtype=np.intp)
    for _ in range(_PASSES):
        before = chosen.copy()
        for label in range(len(labels)):
            taken = places[np.arange(len(labels)), chosen]
            reach = np.where(np.arange(len(labels)) == label, -np.inf, halves[label] + halves)
            covered = _overlap(places[label], taken, reach, 2 * _HALF_HEIGHT)
            chosen[label] = int(np.argmin(fixed[label] + covered))
        if np.array_equal(before, chosen):
            break
    return [_SHARES[place] for place in chosen]


def overprinted(paths: Sequence[str], labels: Sequence[str], where: Sequence[float]) -> list[bool]:
    """Tell of each label whether its line of text meets that of another."""
    places = np.array([point_at(read_path(path), share)[:2] for path, share in zip(paths, where, strict=True)])
    halves = np.array([text_width(label, _FACE) / 2 for label in labels])
    return [
        bool(
            np.any(
                _overlap(
                    places[label : label + 1],
                    np.delete(places, label, 0),
                    half + np.delete(halves, label),
                    2 * _HALF_HEIGHT,
                )
            )
        )
        for label, half in enumerate(halves)
    ]


def _cost_of_marks(places: Array, half: float, marks: Sequence[Mark]) -> Array:
    """Say what each place of one label costs, whatever the other labels do."""
    centres = np.array([(mark.x, mark.y) for mark in marks])
    reach = np.array([half + mark.width / 2 for mark in marks])
    heights = np.array([_HALF_HEIGHT + mark.height / 2 + _NUMBERS_REACH for mark in marks])
    straying = np.abs(np.array(_SHARES) - _USUAL) * 100.0 * _STRAYING
    covered: Array = straying + _OVER_A_MARK * _overlap(places, centres, reach, heights)
    return covered


def _overlap(places: Array, others: Array, reach: Array | float, heights: Array | float) -> Array:
    """Sum the areas, in square px, that boxes at these places share with boxes elsewhere."""
    apart = np.abs(places[:, None, :] - others[None, :, :])
    wide, high = np.maximum(0.0, reach - apart[..., 0]), np.maximum(0.0, heights - apart[..., 1])
    shared: Array = np.sum(wide * high, axis=1)
    return shared
