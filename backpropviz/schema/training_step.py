"""One step of training: its gates on one example, and its batch."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from backpropviz.schema import PageType
from backpropviz.schema.vocabulary import TypedOperation


class PlainArrayStep(TypedDict):
    """One step as a graph of whole arrays, laid out: see :func:`backpropviz.widgets.opened_step.step_to_plain`."""

    spec: Annotated[dict[str, object], PageType('import("../story/specification.js").FoldedSpecification')]
    rate: float
    inputs: Annotated[
        dict[str, list[object]],
        PageType('Record<string, [from: "parameters" | "features" | "targets", start: number, shape: number[]]>'),
    ]


class PlainOpenedStep(TypedDict):
    """What a page makes the graph of a step from; of a network with many weights it comes with one of arrays."""

    operations: dict[str, TypedOperation]
    arrays: NotRequired[PlainArrayStep]


class PlainBatchRow(TypedDict):
    """One weight in a step: its gradients of the batch's mean loss, of the penalty, and of each example's loss."""

    name: str
    before: float
    mean: float
    penalty: float | None
    after: float
    own: list[float]


class PlainBatch(TypedDict):
    """The batch of the next step, which has `size` of `total` examples; its first, and the weights that move most."""

    step: int
    size: int
    total: int
    weights: int
    examples: list[int]
    losses: list[float]
    loss: float
    penalty: float | None
    rows: list[PlainBatchRow]
