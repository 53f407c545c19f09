"""What a picture consists of, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backpropviz.scene.edge_curves import point_at, read_path

if TYPE_CHECKING:
    from backpropviz.scene.tiles import Tile
    from backpropviz.schema.picture import PlainScene, SceneEdge, SceneFrame, SceneNode

GATE_WIDTH = 60.0
"""Diameter of a gate, in px at 100 %."""
INPUT_HEIGHT = 46.0
CONSTANT_HEIGHT = 32.0
TEXT_ROOM = 27.0
"""Room for the number above a mark, and for the one below, in px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A node on the picture.

    Parameters
    ----------
    node : int
        Position of the node in ``graph.nodes``.
    name, label : str
        Its name, and what stands inside.
    kind : {"input", "constant", "gate"}
        What it is.
    shape : {"circle", "box"}
        How it is drawn.
    x, y, width, height : float
        Centre and size, in px.
    output : bool
        Whether it is the output.
    tile : Tile or None
        Of an array: its grids.
    """

    node: int
    name: str
    label: str
    kind: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    output: bool
    tile: Tile | None = None

    def to_plain(self) -> SceneNode:
        """Give the mark as the browser reads it."""
        plain: SceneNode = {
            "id": self.node,
            "x": self.x,
            "y": self.y,
            "width": self.width,
            "height": self.height,
            "shape": self.shape,
            "kind": self.kind,
            "label": self.label,
            "name": self.name,
        }
        if self.tile is not None:
            plain["tile"] = self.tile.to_plain()
        if self.output:
            plain["output"] = True
        return plain


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge on the picture, from an argument to its consumer.

    Parameters
    ----------
    source, target, slot : int
        Positions of argument and consumer, and which argument it is.
    path : str
        As SVG writes it; it starts at the argument.
    label : str
        What is written on it; only networks write on their edges.
    share : float
        How far along the curve the label stands, from 0 to 1.
    through : int or None
        Where the curve leads over a node that is not drawn: its position. Then `slot` is an argument of that node.
    crowded : bool
        Whether the label has no room of its own: it is shown for a selected node only.
    weight : int or None
        In a network: position of the node whose value the edge weighs with.
    """

    source: int
    target: int
    slot: int
    path: str
    label: str = ""
    share: float = 0.5
    through: int | None = None
    crowded: bool = False
    weight: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """The edge of the graph that the curve shows, as (consumer, slot)."""
        return (self.target if self.through is None else self.through, self.slot)

    @property
    def still_label(self) -> str:
        """What a picture in which nothing can be selected writes on it."""
        return "" if self.crowded else self.label

    @property
    def label_place(self) -> tuple[float, float]:
        """Where the middle of the label stands, in px."""
        return point_at(read_path(self.path), self.share)[:2]

    def to_plain(self) -> SceneEdge:
        """Give the curve as the browser reads it."""
        plain: SceneEdge = {"source": self.source, "target": self.target, "slot": self.slot, "path": self.path}
        if self.label:
            plain["label"], plain["share"] = self.label, self.share
        if self.crowded:
            plain["crowded"] = True
        if self.weight is not None:
            plain["weight"] = self.weight
        if self.through is not None:
            plain["through"] = self.through
        return plain


@dataclass(frozen=True, slots=True)
class Frame:
    """A line around the marks of one block that several values leave.

    Parameters
    ----------
    title : str
        What stands above them.
    nodes : tuple of int
        Positions of the nodes inside.
    x, y, width, height : float
        Centre and size, in px.
    """

    title: str
    nodes: tuple[int, ...]
    x: float
    y: float
    width: float
    height: float

    @property
    def corner(self) -> tuple[float, float]:
        """Upper left, in px."""
        return round(self.x - self.width / 2, 1), round(self.y - self.height / 2, 1)

    @property
    def title_place(self) -> tuple[float, float]:
        """Where the title begins, on its base line, in px."""
        left, top = self.corner
        return left + 12.0, top + 21.0

    def to_plain(self) -> SceneFrame:
        """Give the frame as the browser reads it."""
        left, top = self.corner
        return {
            "title": self.title,
            "nodes": list(self.nodes),
            "x": left,
            "y": top,
            "width": round(self.width, 1),
            "height": round(self.height, 1),
        }


@dataclass(frozen=True, slots=True)
class Scene:
    """One drawing of a graph.

    Parameters
    ----------
    drawing : str
        Which convention.
    width, height : float
        In px at 100 %.
    marks : tuple of Mark
        The nodes.
    curves : tuple of Curve
        The edges.
    owners : dict of int to int
        For nodes that have no mark of their own, the node whose mark stands for them.
    frames : tuple of Frame
        Around the marks of blocks that several values leave; they lie below everything else.
    inside : tuple of Mark
        Tiles of the arrays that closed gates hold, which a panel shows.
    """

    drawing: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    owners: dict[int, int] = field(default_factory=dict)
    frames: tuple[Frame, ...] = ()
    inside: tuple[Mark, ...] = ()

    def to_plain(self) -> PlainScene:
        """Give the scene as the browser reads it."""
        plain: PlainScene = {
            "drawing": self.drawing,
            "width": self.width,
            "height": self.height,
            "nodes": [mark.to_plain() for mark in self.marks],
            "edges": [curve.to_plain() for curve in self.curves],
        }
        if self.owners:
            plain["owners"] = {str(node): owner for node, owner in self.owners.items()}
        if self.inside:
            plain["inside"] = [mark.to_plain() for mark in self.inside]
        if self.frames:
            plain["frames"] = [frame.to_plain() for frame in self.frames]
        return plain
