"""A drawing of a graph, and the whole of what an explorer's page needs."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from backpropviz.schema import PageType
from backpropviz.schema.story import Outline, PlainGraph, PlainStep, PlainTemplate


class TileGeometry(TypedDict):
    """The grids of an array, as `backpropviz.scene.tiles` measures them; tops from the middle of the tile."""

    shape: list[int]
    caption: str
    rows: int
    columns: int
    sheets: int
    cell: Annotated[list[float], PageType("[width: number, height: number]")]
    numbers: bool
    tops: list[float]
    gap: float


class SceneNode(TypedDict):
    """A node where it is drawn, in px."""

    id: int
    x: float
    y: float
    width: float
    height: float
    shape: str
    kind: str
    label: str
    name: str
    output: NotRequired[bool]
    tile: NotRequired[TileGeometry]


class SceneEdge(TypedDict):
    """A curve from an argument to its consumer, as SVG writes it."""

    source: int
    target: int
    slot: int
    path: str
    label: NotRequired[str]
    share: NotRequired[float]
    crowded: NotRequired[bool]
    through: NotRequired[int]
    weight: NotRequired[int]


class SceneFrame(TypedDict):
    """A line around the marks of one block that several values leave; x and y are its upper left corner."""

    title: str
    nodes: list[int]
    x: float
    y: float
    width: float
    height: float


class PlainScene(TypedDict):
    """One drawing of a graph."""

    drawing: str
    width: float
    height: float
    nodes: list[SceneNode]
    edges: list[SceneEdge]
    owners: NotRequired[dict[str, int]]
    frames: NotRequired[list[SceneFrame]]
    inside: NotRequired[list[SceneNode]]


class Words(TypedDict):
    """What is said of each step, and of each node by its place."""

    narration: list[PlainTemplate]
    explanations: dict[str, PlainTemplate]


class FoldedTemplates(TypedDict):
    """Sentences as they travel: each shape once, with numbers as holes for nodes, and what fills them in each place."""

    shapes: list[PlainTemplate]
    told: Annotated[list[list[int]], PageType("[shape: number, ...nodes: number[]][]")]


class FoldedExplanations(FoldedTemplates):
    """The same of nodes, and which these are."""

    of: list[int]


class FoldedWords(TypedDict):
    """Words as they travel."""

    narration: FoldedTemplates
    explanations: FoldedExplanations


class Specification(TypedDict):
    """All that a page needs to draw, play, recompute and explain a graph."""

    version: int
    mode: str
    graph: PlainGraph
    ranges: Annotated[dict[str, list[float]], PageType("Record<string, [low: number, high: number, step: number]>")]
    scene: PlainScene
    undrawable: dict[str, str]
    scenes: NotRequired[dict[str, PlainScene]]
    latex: NotRequired[Annotated[list[list[str]], PageType("[symbol: string, definition: string][]")]]
    timeline: list[PlainStep]
    narration: list[PlainTemplate]
    explanations: dict[str, PlainTemplate]
    outline: Outline
