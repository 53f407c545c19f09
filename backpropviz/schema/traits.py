"""Traits of the widgets, as the page reads and writes them."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from backpropviz.schema import PageType
from backpropviz.schema.picture import Specification
from backpropviz.schema.story import KernelNumbers, PlainSheet, PlainTry
from backpropviz.schema.training import PicturePlan, PlainDataset, PlainRace, PlainRecording
from backpropviz.schema.training_step import PlainBatch
from backpropviz.schema.vocabulary import KnownNames

ThemeName = Annotated[Literal["auto", "light", "dark"], PageType('"auto" | "light" | "dark"', "Theme")]
Size = Annotated[Literal["normal", "large"], PageType('"normal" | "large"', "Size")]
EdgesShow = Annotated[Literal["plain", "local", "width"], PageType('"plain" | "local" | "width"', "EdgesShow")]
Bytes = Annotated[bytes, PageType("DataView<ArrayBuffer>", "Bytes")]


class Message(TypedDict, total=False):
    """What the strip says, and the place in a text that it is about."""

    text: str
    start: int
    end: int
    source: str
    hint: str
    replacement: str


class Hidden(TypedDict, total=False):
    """What a lecturer hides; see the page's Veil."""

    gradients: bool
    nodes: list[str]
    shown: list[str]


class PlainTable(TypedDict):
    """One titled table of text."""

    title: str
    head: list[str]
    rows: list[list[str]]


class TablesContent(TypedDict, total=False):
    """Tables under a heading, with notes."""

    heading: str
    tables: list[PlainTable]
    notes: list[str]


class BlockList(TypedDict, total=False):
    """The blocks of a model, and which one is walked into."""

    path: str
    around: list[str]
    inside: list[str]
    known: Annotated[list[list[object]], PageType("[name: string, parameters: number, cellOf: string][]")]


class ExplorerTraits(TypedDict, total=False):
    """Of an explorer, an exercise and their exported pages."""

    program: Bytes
    aids: Bytes
    spec: Annotated[Specification, PageType("Bytes | Specification")]
    words: Bytes
    numbers: KernelNumbers
    still_id: str
    inputs: dict[str, object]
    step: int
    playing: bool
    speed: float
    mode: str
    direction: dict[str, float]
    drawing: str
    notation: str
    selected: str
    expression: str
    assignments: str
    editable: bool
    names: KnownNames
    message: Message
    theme: ThemeName
    size: Size
    follow: bool | None
    present: bool
    edges: EdgesShow
    blocks: BlockList
    health: TablesContent
    hidden: Hidden
    sheet: PlainSheet
    tries: list[PlainTry]


class TrainerTraits(TypedDict):
    """Of a trainer."""

    still_id: NotRequired[str]
    plan: PicturePlan
    points: Bytes
    earlier: Annotated[list[list[list[float]]], PageType("[epoch: number, loss: number][][]")]
    opened: str | None
    unit: NotRequired[list[int]]
    batch: NotRequired[PlainBatch | None]
    playing: bool
    learning_rate: float
    batch_size: int
    l2: float
    activation: str
    activations: list[str]
    hidden: list[int]
    epochs: int
    epochs_per_second: float
    steps_per_second: float
    log_scale: bool
    example: int
    message: Message
    theme: ThemeName
    size: Size
    dataset: NotRequired[PlainDataset]
    datasets: NotRequired[list[str]]
    race: NotRequired[PlainRace]


class ReplayTraits(TypedDict):
    """Of a replay and its exported page."""

    still_id: NotRequired[str]
    recording: PlainRecording
    frames: Bytes
    epoch: int
    playing: bool
    speed: float
    log_scale: bool
    theme: ThemeName
    size: Size
    example: int


class TablesTraits(TypedDict):
    """Of a widget of tables."""

    still_id: NotRequired[str]
    content: TablesContent
    names: list[str]
    chosen: str
    width: int
    dark: bool
    theme: ThemeName
    size: Size
