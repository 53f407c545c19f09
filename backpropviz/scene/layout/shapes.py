"""The values that go into a layout and come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Arrow: TypeAlias = tuple[int, int, int]
"""Source, target and slot: parallel arrows differ in their slot."""


@dataclass(frozen=True, slots=True)
class Box:
    """The room one node needs; its identity is its place in the sequence handed to ``place``.

    Parameters
    ----------
    width : float, px
        Width of the drawn shape: arrows leave and arrive at its sides.
    height : float, px
        Height of the shape together with the text above and below it.
    source : bool
        An input, weight or constant: it may stand as late as its first use.
    round : bool
        The shape is a circle of diameter ``width``, so that ports follow its rim.
    """

    width: float
    height: float
    source: bool = False
    round: bool = False


@dataclass(frozen=True, slots=True)
class Spacing:
    """The distances of a drawing, in px.

    Parameters
    ----------
    column_gap : float
        Least distance between the shapes of neighbouring columns.
    row_gap : float
        Least distance between two boxes of one column.
    lane_gap : float
        Room for an arrow that passes between two boxes, and between two such arrows.
    port_gap : float
        Distance of the arrow ends at one side of one node.
    margin : float
        Free border around the drawing.
    """

    column_gap: float = 105.0
    row_gap: float = 40.0
    lane_gap: float = 22.0
    port_gap: float = 11.0
    margin: float = 24.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everything stands.

    Parameters
    ----------
    centres : tuple of (float, float)
        Centre of each box, in the order of the boxes.
    paths : tuple of str
        SVG path of each arrow, in the order of the arrows.
    width, height : float, px
        Size of the drawing with its margins.
    frames : tuple of (float, float, float, float)
        Centre and size of each frame, in the order of the groups.
    """

    centres: tuple[tuple[float, float], ...]
    paths: tuple[str, ...]
    width: float
    height: float
    frames: tuple[tuple[float, float, float, float], ...] = ()
