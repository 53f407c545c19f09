"""The replay: a recorded training run, scrubbed back and forth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.errors import InputError
from backpropviz.runs.frames import make_recording
from backpropviz.static import read_text
from backpropviz.widgets.live_view import OfflineView, free_with_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.export.training_pages import RecordedRun
    from backpropviz.learn.history import History
    from backpropviz.learn.mlp import MLP
    from backpropviz.runs.frames import Recording

_LOOK = ("epoch", "speed", "log_scale", "theme", "size")
_SHOWN = (*_LOOK, "example")


class Replay(OfflineView):
    """A widget that plays a recorded training run.

    Made by :func:`backpropviz.replay`. The page plays by itself; what a person sets there is a trait here, and what is
    set here is shown there: ``replay.epoch = 30``, ``replay.playing = True``.

    Parameters
    ----------
    recording : Recording
        The run, drawn.
    **settings : object
        Any trait below.

    Attributes
    ----------
    epoch : int
        The epoch that is shown. A long run has fewer frames than epochs: of those, the last that is not later.
    playing : bool
        Whether it plays.
    speed : float
        How fast; 1 plays the whole run in some ten seconds.
    log_scale : bool
        Whether the loss is drawn on a logarithmic axis.
    example : int
        Of images, the number of the one that is shown; one of ``images``.
    """

    # The text itself, not a path: with a path, closed widgets are never freed.
    _esm = read_text("replay.js")
    _css = read_text("view.css", "replay.css", "training.css", "images.css")

    recording = traitlets.Dict().tag(sync=True)
    frames = traitlets.Bytes(b"").tag(sync=True)
    # What the page changes fast is not echoed back to it: an echo would overtake the page's next change.
    epoch = traitlets.Int(0).tag(sync=True, echo_update=False)
    playing = traitlets.Bool(False).tag(sync=True, echo_update=False)
    speed = traitlets.Float(1.0).tag(sync=True)
    log_scale = traitlets.Bool(False).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True, echo_update=False)

    def __init__(self, recording: Recording, **settings: Any) -> None:
        self._recording = recording
        super().__init__(recording=recording.plain, frames=recording.packed)
        self.epoch = recording.epochs[0]
        self.example = recording.images[0] if recording.images else 0
        self.begin_as(settings, ("playing", *_LOOK))
        free_with_cell(self)

    @property
    def epochs(self) -> list[int]:
        """Epochs that have a frame, in order; 0 is the network before training."""
        return self._recording.epochs

    @property
    def images(self) -> list[int]:
        """Numbers of the examples that can be shown as images; none for other pictures."""
        return self._recording.images

    def __repr__(self) -> str:
        return f"<Replay of a {self._recording.name[0].lower()}{self._recording.name[1:]}, epoch {self.epoch}>"

    def _exported(self, title: str) -> RecordedRun:
        return self._recording.exported(title, **{name: getattr(self, name) for name in _SHOWN})

    @traitlets.validate("epoch")
    def _valid_epoch(self, proposal: Any) -> int:
        wanted, epochs = int(proposal["value"]), self._recording.epochs
        return max((epoch for epoch in epochs if epoch <= wanted), default=epochs[0])

    @traitlets.validate("example")
    def _valid_example(self, proposal: Any) -> int:
        example, images = int(proposal["value"]), self._recording.images
        if images and example not in images:
            raise InputError(
                f"Example {example} was not recorded as an image; recorded are {', '.join(map(str, images))}.",
                expected=images,
                actual=example,
            )
        return example

    @traitlets.validate("speed")
    def _valid_speed(self, proposal: Any) -> float:
        speed = float(proposal["value"])
        if not 0.0 < speed < float("inf"):
            raise InputError(f"The speed is a number above 0; not {speed!r}.", actual=speed)
        return speed


def replay(
    history: History,
    examples: object,
    validation: object = None,
    *,
    start: MLP | None = None,
    example: int | Sequence[int] | None = None,
    **settings: Any,
) -> Replay:
    """Play a recorded run: scrub its epochs back and forth, in the notebook or in a page.

    The pictures are those of :func:`backpropviz.train`. All frames are sent once and played in the browser: at most
    120, evenly spread with the first and the last epoch among them, and fewer where they would take more than 1 MB. The
    curves keep up to 400 epochs.

    Parameters
    ----------
    history : History
        With snapshots, of an MLP.
    examples : pair (X, y)
        That the run was trained on.
    validation : pair (X, y), optional
        Held-out examples, drawn hollow.
    start : MLP, optional
        The network that :func:`backpropviz.fit` was given: the replay then begins before the first epoch.
    example : int or sequence of int, optional
        Of images, which one is shown first, training examples first; by default the first held-out one. One of each
        other class can be chosen beside it; a sequence says which, at most 24.
    **settings : object
        Traits of the widget, as ``theme="dark"`` or ``log_scale=True``.

    Returns
    -------
    Replay
        A widget; ``replay(...).to_html(path)`` writes a page that needs no kernel.

    Raises
    ------
    HistoryError
        Where there is nothing to replay: no epochs, no snapshots, or networks of different sizes.
    InputError, DatasetError
        For a network of another kind, and for examples that do not fit it.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> network, moons = bpv.MLP((2, 8, 1), output="sigmoid"), bpv.datasets.moons()
    >>> history = bpv.History.collect(bpv.fit(network, moons, bpv.SGD(0.5), epochs=5))
    >>> replay = bpv.replay(history, moons, start=network)
    >>> replay.epochs
    [0, 1, 2, 3, 4, 5]
    """
    return Replay(make_recording(history, examples, validation, start=start, example=example), **settings)
