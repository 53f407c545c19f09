"""A graph, its run as steps, and the words of each step."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from backpropviz.schema import PageType

NumberReference = Annotated[list[object], PageType('["q", string, ...number[]]', "NumberReference")]
"""``["q", kind, node]`` or ``["q", kind, consumer, slot]``; ``["q", "literal", number]``."""
PageCondition = Annotated[list[object], PageType("[string, ...(NumberReference | Condition)[]]", "Condition")]
"""A word, such as ``"zero"`` or ``"all"``, with the numbers or the conditions that it is about."""
Segment = Annotated[
    str | list[object],
    PageType('string | ["v" | "g" | "t", string] | NumberReference | ["i", Segment[], Condition]', "Segment"),
]
"""Text, or a variable, gradient or tangent by name, a number, or segments that only a condition shows."""


PlainTally = Annotated[list[object], PageType("[one: string, several: string, axes: number[]]", "PlainTally")]
"""What an entry of a block's argument meets, and the axes of the value that tell one from another."""


class GraphNode(TypedDict):
    """A node; arguments by position. A block tells by slot what an entry of that argument meets."""

    name: str
    op: str
    arguments: NotRequired[list[int]]
    program: NotRequired[int]
    meets: NotRequired[Annotated[list[object], PageType("((string | PlainTally)[] | null)[]")]]
    shape: NotRequired[list[int]]
    value: NotRequired[Annotated[object, PageType("number | string | { shape: number[]; data: (number | string)[] }")]]


class Nodes(TypedDict):
    """Nodes in topological order, and the position of the output."""

    nodes: list[GraphNode]
    output: int


class Standing(TypedDict):
    """How closed gates stand to what they stand for; see :func:`backpropviz.scene.specification.basis_entries`."""

    standing: list[int]
    carried: Annotated[list[list[list[int]] | None], PageType("([number, number][] | null)[]")]
    inside: dict[str, list[int]]


class Basis(Nodes, Standing):
    """What closed gates stand for."""

    programs: list[object]


class PlainGraph(Nodes):
    """A graph; with ``kernel`` the page does not compute it."""

    programs: NotRequired[list[object]]
    kernel: NotRequired[bool]
    basis: NotRequired[Basis]


StepRecord = Annotated[list[object], PageType("[kind: string, node: number, slot: number]", "StepRecord")]
"""``[kind, node]``, ``[kind, consumer, slot]`` or ``["update", node, learning rate]``."""


class PlainStep(TypedDict):
    """An entry of the timeline."""

    phase: str
    records: list[StepRecord]


class LedgerLine(TypedDict):
    """One term of a sum, or the sum."""

    label: list[Segment]
    formula: NotRequired[list[Segment]]
    shapes: NotRequired[str]
    number: NumberReference
    kind: str


class Note(TypedDict):
    """A convention or a warning, where its condition holds."""

    when: NotRequired[PageCondition | None]
    text: list[Segment]
    sign: NotRequired[str]


class PlainTemplate(TypedDict, total=False):
    """Words with places for numbers; what is empty is left out."""

    title: list[Segment]
    role: list[Segment]
    sentence: list[Segment]
    equation: list[Segment]
    numeric: list[Segment]
    ledger: list[LedgerLine]
    total: LedgerLine | None
    notes: list[Note]


class Outline(TypedDict):
    """Sentences of which a run is told at any step."""

    opening: str
    nodes: list[str]
    value: str
    slope: str
    waiting: str


class WrittenNumber(TypedDict):
    """A number that JSON or one line has no room for, as text."""

    text: str
    full: str
    finite: NotRequired[bool]
    hidden: NotRequired[bool]


class KernelNumbers(TypedDict, total=False):
    """Numbers that the kernel computed, by node or by ``"consumer,slot"``."""

    primals: dict[str, float | WrittenNumber]
    adjoints: dict[str, float | WrittenNumber]
    tangents: dict[str, float | WrittenNumber]
    partials: dict[str, float | WrittenNumber]
    contributions: dict[str, float | WrittenNumber]
    pushes: dict[str, float | WrittenNumber]
    before: dict[str, float | WrittenNumber]
    updated: dict[str, float | WrittenNumber]
    moves: dict[str, float | WrittenNumber]


PlainVerdict = Annotated[list[object], PageType("[status: string, sentence: string, kinds: string[]]", "PlainVerdict")]
"""What is said of an answer."""


class PlainProduct(TypedDict):
    """Every product of the factors at hand, judged; see :class:`backpropviz.exercises.products.ProductTable`."""

    names: dict[str, str]
    ranks: dict[str, int]
    scale: float
    choices: list[str]
    verdicts: list[PlainVerdict]
    forms: dict[str, int]


class PlainBlank(TypedDict):
    """What a learner fills in: a number, an array with its numbers, a shape or a product."""

    node: int
    kind: str
    answer: NotRequired[float]
    mistakes: NotRequired[Annotated[list[list[object]], PageType("[kind: string, sentence: string, number: number][]")]]
    entry: NotRequired[list[int]]
    shape: NotRequired[list[int]]
    numbers: NotRequired[list[float]]
    arrayMistakes: NotRequired[
        Annotated[list[list[object]], PageType("[kind: string, sentence: string, numbers: number[]][]")]
    ]
    told: NotRequired[str]
    shapeMistakes: NotRequired[
        Annotated[list[list[object]], PageType("[kind: string, sentence: string, shape: number[]][]")]
    ]
    consumer: NotRequired[int]
    product: NotRequired[PlainProduct]


class PlainSheet(TypedDict):
    """An exercise."""

    tolerance: float
    level: str
    seed: int
    program: str
    inputs: dict[str, object]
    blanks: list[PlainBlank]


class PlainTry(TypedDict):
    """An answer that was given."""

    blank: int
    text: str
    status: str
    kinds: list[str]
    said: str
    seconds: float
    credit: NotRequired[float]
    entries: NotRequired[list[str]]
