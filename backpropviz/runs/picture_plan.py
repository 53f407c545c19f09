"""Which pictures a network and its examples call for, and where things lie in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from backpropviz.graph.notation.small_digits import lowered

if TYPE_CHECKING:
    from backpropviz.graph.node import Array
    from backpropviz.learn.examples import Examples
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.network import Network
    from backpropviz.schema.training import Picture, PicturePlan

_MOST_UNITS = 16
_SHOWN_OF_MANY = 10
_MOST_POINTS = 2000
_SMALLEST_IMAGE = 16
_MARGIN = 0.08
_AXES_OF_KERNELS = 4
_TITLES = {
    "boundary": ("Decision boundary", "hollow marks: held out"),
    "fit": ("Fit", "hollow marks: held out"),
    "images": ("Weights of the hidden units", "blue positive, orange negative"),
    "none": ("", ""),
}


class Shown(Protocol):
    """Examples of a run, whether it trains or is replayed."""

    @property
    def train(self) -> Examples:
        """To train on."""

    @property
    def validation(self) -> Examples | None:
        """Held out."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingPlan:
    """What does not change while a network of given sizes learns from given examples.

    Attributes
    ----------
    picture : {"boundary", "fit", "images", "none"}
        For two features, one feature, square images, and everything else.
    features, targets : array
        All examples, training examples first.
    trained : int
        How many of them are trained on.
    axes : tuple of (low, high)
        Of the first feature, and of the second feature or the values.
    shown : tuple of tuple of int
        Units of each layer that the network drawing shows.
    classes : int
        How many classes there are; 0 where values are fitted.
    """

    picture: Picture
    features: Array
    targets: Array
    trained: int
    axes: tuple[tuple[float, float], ...]
    shown: tuple[tuple[int, ...], ...]
    classes: int

    @property
    def image_side(self) -> int:
        """Width and height of an image, in pixels."""
        return math.isqrt(self.features.shape[1])

    @property
    def point_step(self) -> int:
        """Of how many examples one is drawn."""
        return -(-len(self.features) // _MOST_POINTS)

    def labels(self) -> Array:
        """Class of every example; for two-valued or fitted targets 0 below the middle and 1 above."""
        if self.targets.ndim == 2 and self.targets.shape[1] > 1:
            winners: Array = np.argmax(self.targets, axis=1).astype(np.float64)
            return winners
        flat = self.targets.reshape(-1)
        if self.classes > 2:
            return flat
        above: Array = (flat > (flat.min() + flat.max()) / 2).astype(np.float64)
        return above

    def points(self) -> bytes:
        """Give the marks of the picture; see :class:`backpropviz.widgets.trainer_view.TrainerView`."""
        if self.picture not in ("boundary", "fit"):
            return b""
        second = (
            self.features[:, 1] if self.picture == "boundary" else self.targets.reshape(len(self.features), -1)[:, 0]
        )
        held = np.arange(len(self.features)) >= self.trained
        rows = np.column_stack([self.features[:, 0], second, self.labels(), held])
        return rows[:: self.point_step].astype(np.float32).tobytes()

    def to_plain(self, mlp: MLP, number: int) -> PicturePlan:
        """Give what the page has to know."""
        held = len(self.features) - self.trained
        known = f"0 to {self.trained - 1} are trained on" + (
            f", {self.trained} to {len(self.features) - 1} are held out" if held else ""
        )
        title, note = _TITLES[self.picture]
        return {
            "round": number,
            "picture": self.picture,
            "pictureTitle": title,
            "pictureNote": note if held or self.picture == "images" else "",
            "sizes": list(mlp.sizes),
            "classes": self.classes,
            "axes": {
                "x": list(self.axes[0]),
                "y": list(self.axes[1]),
                "names": ["x₁", "x₂"] if self.picture == "boundary" else ["x", "y"],
            },
            "layers": [
                {
                    "units": list(units),
                    "hidden": size - len(units),
                    "names": [_unit_name(mlp, layer, unit) for unit in units],
                }
                for layer, (units, size) in enumerate(zip(self.shown, mlp.sizes, strict=True))
            ],
            "bars": list(mlp.penalised),
            "examples": len(self.features),
            "exampleNote": known,
            "pointStep": self.point_step,
        }


def traced_plan(network: Network, shown: Shown) -> PicturePlan:
    """Write what a page draws of a network that a function told: kernels, and images on their way."""
    held = 0 if shown.validation is None else len(shown.validation.features)
    has_kernels = any(value.ndim == _AXES_OF_KERNELS for value in network.parameters.values())
    title, note = ("Kernels", _TITLES["images"][1]) if has_kernels else ("", "")
    return {
        "round": 0,
        "picture": "images" if has_kernels else "none",
        "pictureTitle": title,
        "pictureNote": note,
        "sizes": [network.input_count, network.output_count],
        "classes": network.output_count if network.output_count > 1 else 2,
        "axes": {"x": [0.0, 1.0], "y": [0.0, 1.0], "names": ["x", "y"]},
        "layers": [],
        "bars": list(network.penalised),
        "examples": len(shown.train.features) + held,
        "exampleNote": "",
        "pointStep": 1,
    }


def plan_training(mlp: MLP, shown: Shown) -> TrainingPlan:
    """Choose the pictures for a run."""
    parts = [shown.train] + ([shown.validation] if shown.validation is not None else [])
    features = np.concatenate([part.features for part in parts])
    targets = np.concatenate([part.targets for part in parts])
    classes = _classes(mlp)
    axes = [_reach(features[:, 0])]
    axes.append(_reach(features[:, 1] if mlp.input_count == 2 else targets))
    return TrainingPlan(
        picture=_picture(mlp),
        features=features,
        targets=targets,
        trained=len(shown.train.features),
        axes=tuple(axes),
        shown=tuple(tuple(range(size if size <= _MOST_UNITS else _SHOWN_OF_MANY)) for size in mlp.sizes),
        classes=classes,
    )


def _picture(mlp: MLP) -> Picture:
    inputs = mlp.input_count
    if inputs == 2:
        return "boundary" if mlp.output_count == 1 or mlp.output == "softmax" else "none"
    if inputs == 1:
        return "fit" if mlp.output_count == 1 else "none"
    hidden = mlp.layers > 1
    return "images" if hidden and inputs >= _SMALLEST_IMAGE and math.isqrt(inputs) ** 2 == inputs else "none"


def _classes(mlp: MLP) -> int:
    if mlp.loss == "cross_entropy" or mlp.output == "softmax":
        return mlp.output_count
    return 2 if mlp.output == "sigmoid" else 0


def _reach(values: Array) -> tuple[float, float]:
    low, high = float(np.min(values)), float(np.max(values))
    margin = (high - low) * _MARGIN or 1.0
    return low - margin, high + margin


def _unit_name(mlp: MLP, layer: int, unit: int) -> str:
    if layer == 0:
        letter, count = "x", mlp.input_count
    elif layer == mlp.layers:
        letter, count = ("o" if mlp.output == "identity" else "p"), mlp.output_count
    else:
        letter, count = "h", mlp.sizes[layer]
    return letter if count == 1 else letter + lowered(unit + 1)
