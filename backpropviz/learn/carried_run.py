"""A training run as data: a page takes the same steps from it, with no kernel behind it."""

from __future__ import annotations

import base64
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.programs import NoProgramError, program_of, routine_of
from backpropviz.learn.carried_graphs import graphs_to_plain
from backpropviz.learn.choices import activation_names
from backpropviz.learn.examples import targets_for
from backpropviz.learn.initial import cutting
from backpropviz.learn.objective import misfit_of_one
from backpropviz.learn.schedules import rate_of
from backpropviz.learn.traced_network import TracedNetwork
from backpropviz.learn.update_program import update_program
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from backpropviz.autodiff.programs import Program, Routine
    from backpropviz.graph.node import Array
    from backpropviz.learn.examples import Examples
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.network import Network
    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.training import Training
    from backpropviz.schema.training import PlainExamples, PlainNetwork, PlainRun, PlainUpdate, WrittenArray

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


def array_to_plain(values: Array) -> WrittenArray:
    """Write an array.

    Returns
    -------
    dict
        ``shape``, and ``text``: a sign per entry, which of the ``levels`` it has, where there are at most 64 different
        ones, as of pixels and labels; otherwise the bytes in base64, the lowest of each number first.

    Examples
    --------
    >>> import numpy as np
    >>> array_to_plain(np.array([[0.0, 0.5], [0.5, 1.0]]))
    {'shape': [2, 2], 'levels': [0.0, 0.5, 1.0], 'text': '0112'}
    """
    shape = list(np.shape(values))
    levels, places = np.unique(values, return_inverse=True)
    if len(levels) <= len(_SIGNS):
        text = "".join(_SIGNS[place] for place in places.reshape(-1).tolist())
        return {"shape": shape, "levels": levels.tolist(), "text": text}
    return {"shape": shape, "text": base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode("ascii")}


_TOLD_EPOCHS = 2000
"""As far as a schedule is written down; afterwards its last rate holds."""
_ROWS = np.array([[0.5, 1.5], [-0.5, 0.25], [1.0, 2.0]])
"""Where rules are written down; what counts is that these are rows."""


def run_to_plain(training: Training) -> PlainRun:
    """Write what a page needs to train as :class:`Training` does, from the first step on.

    Returns
    -------
    dict
        See :class:`backpropviz.schema.training.PlainRun`.

    Raises
    ------
    NoProgramError
        For an optimiser whose rule asks for something that no primitive gives.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> plain = run_to_plain(bpv.Training(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.xor()))
    >>> plain["network"]["sizes"], sorted(plain["programs"])
    ([2, 3, 1], ['add', 'gelu', 'leaky_relu', 'matmul', 'misfit', 'relu', 'sigmoid', 'softplus', 'tanh'])
    """
    network: Any = training.network
    held_out = training.validation
    if isinstance(network, TracedNetwork):
        plain, programs = _traced_to_plain(training, network), _output_program(network)
    else:
        plain, programs = network_to_plain(network), perceptron_programs(network)
    return {
        "network": plain,
        "programs": {name: program.to_plain(forward=False) for name, program in programs.items()},
        "penalty": penalty_program().to_plain(),
        "update": update_to_plain(training.optimizer),
        "batchSize": training.batch_size,
        "seed": training.seed,
        "train": _examples_to_plain(network, training.train),
        "validation": None if held_out is None else _examples_to_plain(network, held_out),
    }


def network_to_plain(network: MLP) -> PlainNetwork:
    """Write a perceptron: its form, and its weights in one row, layer by layer."""
    own = {"seed": network.seed, "initial": network.initial, "cutting": list(cutting())}
    return _with_form(network, own)


def _traced_to_plain(training: Training, network: TracedNetwork) -> PlainNetwork:
    """Write a traced network: the gates of its loss, and its parameters in one row."""
    own = {"seed": 0, "initial": "given", "cutting": [], "graphs": graphs_to_plain(training)}
    return _with_form(network, own)


def _with_form(network: MLP | TracedNetwork, own: Any) -> PlainNetwork:
    fused, factor = misfit_of_one(network.loss, network.output_count)
    row = np.concatenate([value.reshape(-1) for value in network.parameters.values()])
    plain: Any = {
        **own,
        "sizes": list(network.sizes),
        "activations": list(network.activations),
        "output": network.output,
        "loss": network.loss,
        "isFused": fused != "squared_error",
        "factor": factor,
        "l2": network.l2,
        "isBiasFirst": network.bias_in_first_row,
        "parameters": array_to_plain(row),
    }
    told: PlainNetwork = plain
    return told


def perceptron_programs(network: MLP) -> dict[str, Program]:
    """Write the rules of all gates of a perceptron, for layers and batches of any size.

    Returns
    -------
    dict of str to Program
        By operation; ``misfit`` sums over all examples and outputs, so that no program depends on their number.
    """
    programs = {
        "matmul": program_of(REGISTRY["matmul"], [_ROWS, _ROWS.T], {}, (0, 1)),
        "add": program_of(REGISTRY["add"], [_ROWS, _ROWS[0]], {}, (0, 1)),
    }
    for name in activation_names():
        if name != "identity":
            # An activation of the user's may ask for more than a page can do; the page then does not offer it.
            with nullcontext() if name in network.activations else suppress(NoProgramError):
                programs[name] = program_of(REGISTRY[name], [_ROWS], {}, (0,))
    op = REGISTRY[misfit_of_one(network.loss, network.output_count)[0]]
    misfit = program_of(op, [_ROWS, _ROWS], {"reduction": "sum"}, (0,))
    return {**programs, **_output_program(network), "misfit": misfit}


def _output_program(network: Network) -> dict[str, Program]:
    """Write how predictions come from scores; nothing where they are the scores."""
    return (
        {}
        if network.output == "identity"
        else {network.output: program_of(REGISTRY[network.output], [_ROWS], {}, (0,))}
    )


def penalty_program() -> Routine:
    """Write the penalty of one weight w of strength s, s/2·w², and its gradient.

    Examples
    --------
    >>> import numpy as np
    >>> [float(each) for each in penalty_program().run(np.float64(3.0), np.float64(0.1))]
    [0.45, 0.30000000000000004]
    """
    square: Any = REGISTRY["square"]

    def rule(weight: Any, strength: Any) -> list[Any]:
        value = square.value(weight)
        (slope,) = square.partials(value, weight)
        return [0.5 * strength * value, 0.5 * strength * slope]

    return routine_of([np.float64(0.5), np.float64(0.1)], rule)


def update_to_plain(optimizer: Optimizer) -> PlainUpdate:
    """Write an optimiser: its update, how many vectors it keeps, and its rate by epoch."""
    return {
        "routine": update_program(optimizer).to_plain(),
        "kept": optimizer.remembered,
        "rates": _rates_to_plain(optimizer.learning_rate),
    }


def _rates_to_plain(learning_rate: Any) -> list[list[float]]:
    """Write ``[epoch, rate]``, where the rate changes; the epochs are counted from 0."""
    told = [[0, rate_of(learning_rate, 0)]]
    for epoch in range(1, _TOLD_EPOCHS if callable(learning_rate) else 1):
        rate = rate_of(learning_rate, epoch)
        if rate != told[-1][1]:
            told.append([epoch, rate])
    return told


def _examples_to_plain(network: Network, examples: Examples) -> PlainExamples:
    targets: Array = targets_for(network, examples)
    return {"features": array_to_plain(examples.features), "targets": array_to_plain(targets)}
