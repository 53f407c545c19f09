"""A recorded run as frames that a page plays by itself: every picture of every epoch in one packed block of bytes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.export.training_pages import RecordedRun
from backpropviz.runs.network_pictures import TrainingPictures
from backpropviz.runs.picture_plan import plan_training
from backpropviz.runs.recorded_states import RecordedState, RunExamples, read_fitting, recorded_states, state_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.learn.history import History
    from backpropviz.learn.mlp import MLP
    from backpropviz.runs.network_pictures import Parts
    from backpropviz.runs.picture_plan import TrainingPlan

MOST_FRAMES = 120
MOST_BYTES = 1_000_000
MOST_IMAGES = 24
_FEWEST_FRAMES = 2
_MOST_POINTS = 400
_DRAWN = ("epoch", "loss", "validationLoss")


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a page needs to play a run; see ``web/src/training/frames.ts`` for its reader.

    Attributes
    ----------
    plain : dict
        What JSON can hold: the plan of the pictures, the numbers of each frame, the curves, how the bytes are cut.
    packed : bytes
        The arrays, one after the other, in zlib's format. Of bytes, each frame is the difference from the one before.
    name : str
        The network's sizes and the number of epochs.
    """

    plain: dict[str, Any]
    packed: bytes
    name: str

    @property
    def images(self) -> list[int]:
        """Numbers of the examples that can be shown as images, the one to begin with first."""
        return [each["index"] for each in self.plain["examples"]]

    @property
    def epochs(self) -> list[int]:
        """Epochs that have a frame, 0 for the start."""
        return [each["epoch"] for each in self.plain["frames"]]

    def exported(self, title: str, **look: Any) -> RecordedRun:
        """Gather what a page needs; `look` are traits of :class:`backpropviz.Replay`."""
        return RecordedRun(self.plain, self.packed, title or self.name, look)


def make_recording(
    history: History,
    examples: object,
    validation: object = None,
    *,
    start: MLP | None = None,
    example: int | Sequence[int] | None = None,
) -> Recording:
    """Draw a run, frame by frame.

    At most 120 frames, evenly spread with the first and the last among them; fewer where they would take more than a
    megabyte, as of large networks. The curves keep up to 400 points.

    Parameters
    ----------
    history : History
        With snapshots.
    examples : pair (X, y)
        That the run was trained on.
    validation : pair (X, y), optional
        Held-out examples, drawn hollow.
    start : MLP, optional
        As it was before the first epoch: frame 0.
    example : int or sequence of int, optional
        Which image is shown first, training examples first; by default the first held-out one. One of each other class
        can be chosen beside it; a sequence says which, at most 24.

    Raises
    ------
    HistoryError
        Where there is nothing to replay: no epochs, or no snapshots.
    InputError, DatasetError
        For another kind of network, and for examples that do not fit it.
    """
    states = recorded_states(history)
    first = states[0].mlp
    shown = RunExamples(read_fitting(first, examples), None if validation is None else read_fitting(first, validation))
    plan = plan_training(first, shown)
    chosen = _read_examples(plan, example)
    if start is not None:
        states.insert(0, state_before(start, first, shown))
    drawn: list[RecordedState] = _thinned(states, MOST_FRAMES)
    labels = plan.labels()
    pictures = TrainingPictures(plan, first)
    still: Parts = {"points": np.frombuffer(plan.points(), dtype=np.float32).reshape(-1, 4)}
    frames: list[Parts] = []
    reaches: list[float] = []
    for state in drawn:
        frames.append(pictures.picture(state) | pictures.details(state))
        if plan.picture == "images":
            each = [pictures.one_image(state, place) for place in chosen]
            frames[-1] |= {name: np.stack([image[name] for image in each]) for name in each[0]}
        reaches.append(pictures.reach)
    _round_weights(frames, plan)
    places, packed = _fitted(still, frames)
    plain = {
        "plan": plan.to_plain(first, 1),
        "frames": [drawn[place].scores | {"reach": reaches[place]} for place in places],
        "curve": [{name: state.scores[name] for name in _DRAWN} for state in _thinned(states, _MOST_POINTS)],
        "examples": [
            {"index": place, "label": int(labels[place]), "isProbability": first.output != "identity"}
            for place in (chosen if plan.picture == "images" else ())
        ],
        "still": _described(still),
        "moving": _described(frames[0]),
        "divergence": history.divergence,
    }
    sizes = "-".join(map(str, first.sizes))
    count = history[-1].epoch
    return Recording(plain, packed, f"Training of a {sizes} network, {count} epoch{'s' if count != 1 else ''}")


def _read_examples(plan: TrainingPlan, example: int | Sequence[int] | None) -> list[int]:
    """Give the examples that are asked for; beside a single one, of every other class one that was held out."""
    total = len(plan.features)
    held_first = [*range(plan.trained, total), *range(plan.trained)]
    given = np.asarray(held_first[0] if example is None else example)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise InputError(f"example is the number of an image, or several; not {example!r}.", actual=example)
    named = [int(each) for each in given.reshape(-1)]
    for each in named:
        if not 0 <= each < total:
            raise InputError(f"There is no example {each}; examples are 0 to {total - 1}.", actual=each)
    if not 0 < len(named) <= MOST_IMAGES:
        raise InputError(f"A replay shows 1 to {MOST_IMAGES} images, not {len(named)}.", actual=len(named))
    if given.ndim == 0:
        labels = plan.labels()
        of_class = {labels[each]: each for each in reversed(held_first)}  # the first of each class is written last
        of_class.pop(labels[named[0]])
        named += [of_class[label] for label in sorted(of_class)][: MOST_IMAGES - 1]
    return list(dict.fromkeys(named))


def _thinned(items: Sequence[Any], most: int) -> list[Any]:
    """Choose evenly, first and last among them."""
    if len(items) <= most:
        return list(items)
    return [items[place] for place in np.linspace(0, len(items) - 1, most).round().astype(int)]


def _round_weights(frames: Sequence[Parts], plan: TrainingPlan) -> None:
    """Give the drawing its weights as bytes, the largest as 127: it draws widths, relative to the largest."""
    layers = list(zip(plan.shown, plan.shown[1:], strict=False))
    drawn = np.concatenate([np.repeat([1.0, 0.0], [len(before) * len(after), len(after)]) for before, after in layers])
    for frame in frames:
        weights = frame["weights"] * drawn  # biases have no line
        largest = float(np.max(np.abs(weights), initial=0.0)) or 1.0
        frame["weights"] = np.round(weights * (127.0 / largest)).astype(np.int8)


def _fitted(still: Parts, frames: Sequence[Parts]) -> tuple[list[int], bytes]:
    """Pack as many frames as the bytes allow; tell which."""
    places = list(range(len(frames)))
    while True:
        packed = _packed(still, [frames[place] for place in places])
        fewer = min(len(places) - 1, int(len(places) * MOST_BYTES / len(packed)))
        if len(packed) <= MOST_BYTES or fewer < _FEWEST_FRAMES:
            return places, packed
        places = _thinned(places, fewer)


def _packed(still: Parts, frames: Sequence[Parts]) -> bytes:
    pieces = [part.astype(part.dtype.newbyteorder("<")).tobytes() for part in still.values()]
    for name, part in frames[0].items():
        row = np.stack([frame[name] for frame in frames]).reshape(len(frames), -1)
        if part.dtype.itemsize == 1:
            # Modulo 256: from one epoch to the next little changes, and small numbers pack well.
            bare = row.view(np.uint8)
            row = np.concatenate([bare[:1], np.diff(bare, axis=0)])
        pieces.append(row.astype(row.dtype.newbyteorder("<")).tobytes())
    return zlib.compress(b"".join(pieces), 9)


def _described(parts: Parts) -> list[list[Any]]:
    return [[name, part.dtype.name, list(part.shape)] for name, part in parts.items()]
