"""A network that learns: what does not change while it does, its frames, and a recording of them."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from backpropviz.schema import PageType
from backpropviz.schema.training_step import PlainOpenedStep

PartDescription = Annotated[
    list[object], PageType('[name: string, kind: "uint8" | "int8" | "float32", shape: number[]]', "PartDescription")
]
"""``[name, kind, shape]`` of an array that travels as bytes."""
Reach = Annotated[list[float], PageType("[low: number, high: number]", "Reach")]


Picture = Literal["boundary", "fit", "images", "none"]


class Axes(TypedDict):
    """Of a picture over the features."""

    x: Reach
    y: Reach
    names: Annotated[list[str], PageType("[across: string, up: string]")]


class ShownLayer(TypedDict):
    """Units of one layer that are drawn, and how many are not."""

    units: list[int]
    hidden: int
    names: list[str]


class PicturePlan(TypedDict):
    """Which pictures there are, and where things lie in them."""

    round: int
    picture: Picture
    pictureTitle: str
    pictureNote: str
    sizes: list[int]
    classes: int
    axes: Axes
    layers: list[ShownLayer]
    bars: list[str]
    examples: int
    exampleNote: str
    pointStep: int
    classNames: NotRequired[list[str]]


class ShownExample(TypedDict):
    """The example that is looked at."""

    index: NotRequired[int]
    label: int | None
    isProbability: bool


class PlainChosenWeight(TypedDict):
    """A weight under the hand."""

    title: str
    value: float | None
    gradient: float | None
    loss: float | None
    before: float | None


SettingChange = Annotated[list[object], PageType("[epoch: number, setting: string, value: number]", "SettingChange")]


class PlainFinding(TypedDict):
    """What keeps a network from learning; see :class:`backpropviz.checkup.finding.Finding`."""

    kind: str
    layer: int
    units: list[int]
    text: str
    where: str


class RunFrame(TypedDict):
    """One picture of a live run, without its arrays."""

    round: int
    number: int
    running: bool
    epoch: float
    steps: int
    pace: float
    left: float | None
    loss: float | None
    penalty: float | None
    accuracy: float | None
    validationAccuracy: float | None
    reach: float
    example: ShownExample
    weight: PlainChosenWeight | None
    edited: bool
    findings: list[PlainFinding]
    changes: list[SettingChange]


class RecordedFrame(TypedDict):
    """The numbers of one frame of a recording."""

    epoch: int
    steps: int
    loss: float | None
    penalty: NotRequired[float | None]
    validationLoss: float | None
    accuracy: float | None
    validationAccuracy: float | None
    reach: float


class PlainCurvePoint(TypedDict):
    """A point of the curves."""

    epoch: int
    loss: float | None
    validationLoss: float | None


class PlainRecording(TypedDict):
    """What a page needs to play a run, beside the bytes of its arrays."""

    plan: PicturePlan
    frames: list[RecordedFrame]
    curve: list[PlainCurvePoint]
    examples: list[ShownExample]
    still: list[PartDescription]
    moving: list[PartDescription]
    divergence: str | None


class WrittenArray(TypedDict):
    """An array with every bit; see :mod:`backpropviz.learn.carried_run`."""

    shape: list[int]
    levels: NotRequired[list[float]]
    text: str


class PlainGates(TypedDict):
    """The loss of so many examples as gates: programs, inputs by where they lie in the row of parameters, constants."""

    nodes: Annotated[
        list[dict[str, object]],
        PageType(
            "{ arguments?: number[]; program?: number; shape?: number[]; start?: number; "
            "value?: number | string | { shape: number[]; data: (number | string)[] } }[]"
        ),
    ]
    programs: Annotated[list[object], PageType('import("../story/machine.js").Program[]')]
    features: int
    targets: int
    scores: int
    maps: int | None


class PlainGraphs(TypedDict):
    """A network that a function told: numbers in its row, where weights lie in it, gates by how many examples."""

    count: int
    weights: list[list[int]]
    gates: dict[str, PlainGates]
    kernels: NotRequired[list[int]]
    outputs: NotRequired[list[int]]


class PlainNetwork(TypedDict):
    """A perceptron: its form, and its weights in one row; or another network, with the graphs of it."""

    sizes: list[int]
    activations: list[str]
    output: str
    loss: str
    isFused: bool
    factor: float
    l2: float
    seed: int
    initial: str
    cutting: list[str]
    isBiasFirst: bool
    parameters: WrittenArray
    graphs: NotRequired[PlainGraphs]


class PlainUpdate(TypedDict):
    """An optimiser: its update, how many vectors it keeps, and its rate from which epoch on."""

    routine: Annotated[object, PageType('import("../story/machine.js").Routine')]
    kept: int
    rates: Annotated[list[list[float]], PageType("[epoch: number, rate: number][]")]


class PlainRacer(TypedDict):
    """An optimiser that may race in a page, with its usual learning rate."""

    name: str
    update: PlainUpdate


class PlainEntrant(TypedDict):
    """Who races, and at which learning rate; "nobody" leaves a place free."""

    name: str
    rate: float


class PlainRace(TypedDict):
    """What is chosen of a race: who, and on which slice of the loss."""

    racers: list[PlainEntrant]
    slice: str
    weights: list[int]
    drawing: int


class PlainExamples(TypedDict):
    """Features and targets, coded as the loss takes them."""

    features: WrittenArray
    targets: WrittenArray


class PlainDataset(TypedDict):
    """Examples by how they are made; of those that came with a page, only the seed of weights and shuffles counts."""

    name: str
    count: int
    noise: float
    seed: int
    heldOut: float


class PlainRun(TypedDict):
    """What a page needs to train a network; see :func:`backpropviz.learn.carried_run.run_to_plain`."""

    network: PlainNetwork
    programs: Annotated[dict[str, object], PageType('Record<string, import("../story/machine.js").Program>')]
    penalty: Annotated[object, PageType('import("../story/machine.js").Routine')]
    update: PlainUpdate
    batchSize: int
    seed: int
    train: PlainExamples | None
    validation: PlainExamples | None


class PlainPageRun(TypedDict):
    """A run that a page trains, the pictures of it, and who may race on its landscape, where it has one."""

    run: PlainRun
    plan: PicturePlan
    racers: NotRequired[list[PlainRacer]]


class PlainPlayground(PlainPageRun):
    """A run that a page trains, the pictures of it, and its steps gate by gate, where they can be opened."""

    step: NotRequired[PlainOpenedStep]
