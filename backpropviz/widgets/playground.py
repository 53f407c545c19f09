"""The playground: a network that learns in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from backpropviz.errors import InputError
from backpropviz.export.training_pages import LearningPage
from backpropviz.learn.datasets.recipes import Recipe, made_sets, recipe_of
from backpropviz.learn.examples import read_examples
from backpropviz.learn.mlp import MLP
from backpropviz.learn.splitting import training_of
from backpropviz.learn.traced_network import TracedNetwork
from backpropviz.ops.counting import counted
from backpropviz.runs.page_run import playground_to_plain, usual_race
from backpropviz.static import read_text
from backpropviz.widgets.live_view import OfflineView, free_with_cell
from backpropviz.widgets.opened_step import step_to_plain
from backpropviz.widgets.trainer_state import TrainerState

if TYPE_CHECKING:
    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.training import Training

_LOOK = ("epochs", "epochs_per_second", "steps_per_second", "log_scale", "example", "theme", "size")
_OF_THE_RUN = ("learning_rate", "batch_size", "l2")
_SETTINGS = (*_LOOK, *_OF_THE_RUN, "activation", "hidden", "dataset", "race")
_GIVEN = "given"
_MOST_NUMBERS = 1_000_000
_LARGEST_SEED = 2**53 - 1
"""What a page can do; see ``problemWith`` in web/src/training/run_settings.ts."""
_FEWEST_MADE = 100
_USUALLY_MADE = 200
"""Examples that a set made in the page has, where those that came with it are few."""


class Playground(TrainerState, OfflineView):
    """A widget in which a network learns without a kernel.

    Made by :func:`backpropviz.playground`. What a person sets in the page is a trait here, and what is set here is
    shown there: ``playground.learning_rate = 0.3``, ``playground.playing = True``.

    Parameters
    ----------
    training : Training
        The run at its start, with an MLP.
    recipe : Recipe, optional
        How its examples are made; then the page makes them, and does not carry them.
    held_out : float
        Share of the examples that is held out, for sets that the page makes.
    landscape : bool
        Whether the loss is shown as a landscape, with a race of optimisers on it.
    **settings : object
        Any trait of :class:`backpropviz.widgets.trainer_state.TrainerState`.

    Attributes
    ----------
    dataset : dict
        The examples: ``name`` of the set, "given" for those that came along; ``count``, ``noise``, ``seed`` and
        ``heldOut``.
    datasets : list of str
        Sets that may be chosen.
    race : dict
        What is chosen of a race on the landscape: ``racers``, each with ``name`` and ``rate``; the ``slice`` of the
        loss, "downhill", "weights" or "path"; the places of the two ``weights``; how often another direction was drawn.
    playground : dict
        The run, its rules as programs, and the plan of its pictures.
    """

    # The text itself, not a path: with a path, closed widgets are never freed.
    _esm = read_text("playground.js")
    _css = read_text(
        "view.css", "following.css", "arrays.css", "training.css", "images.css", "landscape.css", "kernels.css"
    )

    playground: Any = traitlets.Dict().tag(sync=True)
    dataset: Any = traitlets.Dict().tag(sync=True)
    datasets = traitlets.List(traitlets.Unicode()).tag(sync=True)
    race: Any = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        training: Training,
        recipe: Recipe | None = None,
        held_out: float = 0.25,
        *,
        landscape: bool = False,
        **settings: Any,
    ) -> None:
        network: Any = training.network
        is_traced = isinstance(network, TracedNetwork)
        if is_traced and (landscape or network.l2):
            raise InputError("A playground of a traced network has neither a landscape nor a penalty.")
        numbers = sum(value.size for value in network.parameters.values())
        if numbers > _MOST_NUMBERS:
            raise InputError(
                f"This network has {numbers} weights; a page trains up to {_MOST_NUMBERS}.", actual=numbers
            )
        if not isinstance(training.seed, int | np.integer) or training.seed > _LARGEST_SEED:
            told = f"The seed is {training.seed!r}; a page takes a whole number up to {_LARGEST_SEED}."
            raise InputError(told, actual=training.seed)
        sizes = "-".join(map(str, network.sizes))
        self._told = f"a network of {counted(numbers, 'number')}" if is_traced else f"a {sizes} network"
        plain: Any = {**playground_to_plain(training, landscape=landscape)}
        if not is_traced:
            plain["step"] = step_to_plain(training)
        if recipe is not None:
            plain["run"] |= {"train": None, "validation": None}
        super().__init__(playground=plain)
        self.begin_with(training, plain["plan"]["picture"])
        count = self._examples_count if recipe or self._examples_count >= _FEWEST_MADE else _USUALLY_MADE
        self.dataset = {
            "name": recipe.name if recipe else _GIVEN,
            "count": count,
            "noise": recipe.noise if recipe else 0.0,
            "seed": training.seed,
            "heldOut": held_out,
        }
        self.race = usual_race() if landscape else {}
        if not is_traced:
            self.datasets = [*(() if recipe else (_GIVEN,)), *made_sets(network)]
        carried = () if is_traced else ("identity", *self.playground["run"]["programs"])
        self.activations = [name for name in self.activations if name in carried]
        self.begin_as(settings, ("playing", *_LOOK))
        self.observe(self._leave_soon, ["playing", *_SETTINGS])
        free_with_cell(self)

    def __repr__(self) -> str:
        return f"<Playground of {self._told}>"

    def _exported(self, title: str) -> LearningPage:
        names = [*_SETTINGS, "activations", "message", *(["datasets"] if self.datasets else [])]
        # A page begins at rest, with no step opened: neither needs to be said. No landscape, no race.
        settings = {name: getattr(self, name) for name in names if name != "race" or self.race} | {"earlier": []}
        return LearningPage(self.playground, settings, title or f"{self._told[0].upper()}{self._told[1:]} learns")


def playground(
    mlp: MLP | TracedNetwork,
    data: object,
    optimizer: Optimizer | str | float | None = None,
    *,
    batch_size: int | str | None = None,
    seed: int = 0,
    validation: object = None,
    held_out: float = 0.25,
    landscape: bool = False,
    **settings: Any,
) -> Playground:
    """Let a network learn in the page: no kernel trains it, so that it learns in a slide and on the web, too.

    Parameters
    ----------
    mlp : MLP or TracedNetwork
        Where to start; it stays as it is. A :class:`backpropviz.TracedNetwork` learns as it is given: its kernels are
        shown, batch size and structure stay.
    data : pair (X, y)
        Examples; see :class:`backpropviz.MLP` for how they must fit the network.
    optimizer : SGD, RMSProp or Adam, str or float, optional
        ``SGD(0.1)`` by default; also ``"adam"``, ``"rmsprop"``, or a learning rate for :class:`SGD`.
    batch_size : int or "all", optional
        Examples per step; 32 by default, or all where there are fewer.
    seed : int
        Of the shuffles, and of the choice of held-out examples.
    validation : pair (X, y), optional
        Held-out examples.
    held_out : float
        Share of `data` that is held out where `validation` is not given and there are at least 20 examples; 0 trains on
        all.
    landscape : bool
        Whether to show the loss as a landscape, too: a slice of it, the path of the run, and a race of up to three
        optimisers from one start. It makes a page about 20 kB larger.
    **settings : object
        What the view begins with, as ``log_scale=True`` or ``epochs_per_second=0`` for full speed.

    Returns
    -------
    Playground
        A widget; a cell that ends with it shows it. ``playground(...).to_html(path)`` writes a page.

    Raises
    ------
    DatasetError
        For examples that cannot be learned from, or do not fit the network.
    InputError
        For a network of another kind, or settings that do not fit.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> network = bpv.MLP((2, 8, 1), output="sigmoid")
    >>> bpv.playground(network, bpv.datasets.moons(200), bpv.SGD(0.1), batch_size=10)
    <Playground of a 2-8-1 network>
    """
    if not isinstance(mlp, MLP | TracedNetwork):
        kind = type(mlp).__name__
        raise InputError(f"playground() shows an MLP or a TracedNetwork; this is {kind}.", actual=mlp)
    training = training_of(mlp, data, optimizer, batch_size, seed, validation, held_out)
    recipe = recipe_of(mlp, read_examples(data), seed) if validation is None and isinstance(mlp, MLP) else None
    return Playground(training, recipe, held_out, landscape=landscape, **settings)
