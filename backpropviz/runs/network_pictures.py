"""The changing part of a trainer's pictures, as arrays of bytes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from backpropviz.autodiff import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from backpropviz.graph.node import Array
    from backpropviz.learn.mlp import MLP
    from backpropviz.runs.picture_plan import TrainingPlan

    Parts = dict[str, npt.NDArray[Any]]

_GRID = 50
_CURVE = 200
_BLOCK = 625  # points: what a layer makes of so many stays in the processor's cache
_BINS = 41
_LARGEST_ODDS = 8.0  # natural logarithm; beyond, a probability is within 0.04 % of certain


class NetworkState(Protocol):
    """A state of a run: the present one of a training, or one that was recorded."""

    @property
    def parameters(self) -> dict[str, Array]:
        """Weights and biases."""

    @property
    def gradient_norms(self) -> Mapping[str, float]:
        """Euclidean length of the last gradient, by parameter."""


class TrainingPictures:
    """Makes pictures of one training run.

    Parameters
    ----------
    plan : TrainingPlan
        Which pictures.
    mlp : MLP
        Its sizes and names; the weights come from the run.
    """

    def __init__(self, plan: TrainingPlan, mlp: MLP) -> None:
        self.plan = plan
        self.mlp = mlp
        self._reach = 0.0
        if plan.picture == "boundary":
            across, up = (np.linspace(*axis, _GRID) for axis in plan.axes)
            self._grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
        else:
            self._grid = np.linspace(*plan.axes[0], _CURVE)[:, None]
        # Made once: a graph is cheap to run and dear to build.
        self._blocks = [self._grid[start : start + _BLOCK] for start in range(0, len(self._grid), _BLOCK)]
        self._answer = mlp.prediction_graph(len(self._blocks[0])) if plan.picture in ("boundary", "fit") else None
        self._one = mlp.prediction_graph()

    def picture(self, state: NetworkState, example: int | None = None) -> Parts:
        """Make what changes visibly from one painting to the next: the boundary, the fit, or the images.

        Parameters
        ----------
        state : NetworkState
            Of a run; its weights are drawn.
        example : int, optional
            Which image is shown with its features and scores; without one there are the weights alone.
        """
        parameters = state.parameters
        with np.errstate(all="ignore"):
            if self.plan.picture == "boundary":
                return self._heat(parameters)
            if self.plan.picture == "fit":
                return {"curve": self._predict(parameters)[:, 0].astype(np.float32)}
            if self.plan.picture == "images":
                shown = {} if example is None else self.one_image(state, example)
                return self._weight_images(parameters) | shown
        return {}

    def one_image(self, state: NetworkState, example: int) -> Parts:
        """Make what the network makes of one image: the image, its features, its scores and the answer."""
        image = self.plan.features[example]
        with np.errstate(all="ignore"):
            tape = evaluate(self._one, {"x": image, **state.parameters}, {})
        hidden = np.asarray(tape.primals[list(self.mlp.hidden)[-1]])
        return {
            "image": _signed(image).reshape(1, self.plan.image_side, self.plan.image_side),
            "features": _signed(hidden).reshape(-1, 1, 1),
            "scores": np.nan_to_num(np.asarray(tape.primals["o"])).astype(np.float32),
            "answer": np.nan_to_num(np.asarray(tape.value)).astype(np.float32),
        }

    def details(self, state: NetworkState) -> Parts:
        """Make what stands beside the picture: weights of the drawing, sizes of gradients, the histogram."""
        parameters, norms = state.parameters, state.gradient_norms
        with np.errstate(all="ignore"):
            return {
                "weights": self._shown_weights(parameters),
                "gradients": np.array([norms[name] for name in self.mlp.penalised], dtype=np.float32),
                "histogram": self._histogram(parameters),
            }

    @property
    def reach(self) -> float:
        """Where the axis of the histogram ends, to both sides of zero."""
        return self._reach or 1.0

    def _layer(self, parameters: dict[str, Array], layer: int) -> tuple[Array, Array]:
        matrix = parameters[f"W{layer}"]
        return (matrix[1:], matrix[0]) if self.mlp.bias_in_first_row else (matrix, parameters[f"b{layer}"])

    def _shown_weights(self, parameters: dict[str, Array]) -> npt.NDArray[np.float32]:
        blocks = []
        for layer in range(1, self.mlp.layers + 1):
            before, after = self.plan.shown[layer - 1], self.plan.shown[layer]
            matrix, biases = self._layer(parameters, layer)
            # The shown units are the first ones of a layer.
            blocks += [matrix[: len(before), : len(after)].reshape(-1), biases[: len(after)]]
        return np.nan_to_num(np.concatenate(blocks)).astype(np.float32)

    def _histogram(self, parameters: dict[str, Array]) -> npt.NDArray[np.float32]:
        weights = np.concatenate(
            [self._layer(parameters, layer)[0].reshape(-1) for layer in range(1, self.mlp.layers + 1)]
        )
        weights = weights[np.isfinite(weights)]
        largest = float(np.max(np.abs(weights), initial=0.0))
        # The axis jumps rarely: it grows when it must and shrinks when most of it is empty.
        if not 0.3 * self._reach < largest <= self._reach:
            self._reach = _round_up(largest)
        places = ((weights / self.reach + 1.0) * (0.5 * _BINS)).astype(np.intp)
        return np.bincount(np.clip(places, 0, _BINS - 1), minlength=_BINS).astype(np.float32)

    def _predict(self, parameters: dict[str, Array]) -> Array:
        assert self._answer is not None  # noqa: S101  made for the pictures that ask
        graph = self._answer
        return np.concatenate([evaluate(graph, {"X": block, **parameters}, {}).value for block in self._blocks])

    def _heat(self, parameters: dict[str, Array]) -> Parts:
        answers = self._predict(parameters)
        if answers.shape[1] > 2:
            winner = np.argmax(np.nan_to_num(answers), axis=1)
            sure = np.take_along_axis(answers, winner[:, None], axis=1)[:, 0]
            chance = 1.0 / answers.shape[1]
            return {
                "heat": _bytes((sure - chance) / (1.0 - chance)).reshape(_GRID, _GRID),
                "winner": winner.astype(np.uint8),
            }
        value = answers[:, -1]
        if self.plan.classes == 0:
            low, high = float(self.plan.targets.min()), float(self.plan.targets.max())
            value = (value - low) / (high - low or 1.0)
        elif self.plan.classes == 2:
            # Log-odds are nearly linear between grid points, where probabilities jump, and the root of a byte is finest
            # near even odds: the page draws a smooth line, also for a network that tells the classes hardly apart.
            odds = (np.log(value) - np.log1p(-value)) / _LARGEST_ODDS
            value = 0.5 + 0.5 * np.sign(odds) * np.sqrt(np.abs(odds))
        return {"heat": _bytes(value).reshape(_GRID, _GRID)}

    def _weight_images(self, parameters: dict[str, Array]) -> Parts:
        side = self.plan.image_side
        first, _ = self._layer(parameters, 1)
        last, _ = self._layer(parameters, self.mlp.layers)
        return {
            "tiles": _signed(first.T).reshape(-1, side, side),
            "outputs": _signed(last.T).reshape(1, *last.T.shape),
        }


def _bytes(shares: Array) -> npt.NDArray[np.uint8]:
    """Turn shares from 0 to 1 into bytes; what is no number into the middle."""
    return np.clip(np.nan_to_num(shares, nan=0.5) * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)


def _signed(values: Array) -> npt.NDArray[np.int8]:
    """Turn numbers into signed bytes, the largest size into 127."""
    values = np.nan_to_num(values)
    largest = float(np.max(np.abs(values), initial=0.0))
    return np.ascontiguousarray(np.round(values * (127.0 / (largest or 1.0))).astype(np.int8))


def _round_up(value: float) -> float:
    """Give the next round number: 1, 2 or 5 times a power of ten."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value)
