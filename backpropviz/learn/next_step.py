"""A training step before it is made: what each example of its batch asks for, and where the step leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.graph.builder import GraphBuilder
from backpropviz.learn.examples import targets_for
from backpropviz.learn.objective import add_penalty
from backpropviz.learn.training import Training

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Array
    from backpropviz.learn.network import Network


@dataclass(frozen=True, eq=False)
class NextStep:
    """What the next step is made of; rows have all parameters, one after the other.

    Attributes
    ----------
    examples : tuple of int
        The batch.
    losses : tuple of float
        Of its examples, without penalty.
    gradients : tuple of array, each of shape (parameters,)
        Of these losses.
    penalty : tuple of (float, array) or None
        What the weights cost, and its gradient; None without a penalty.
    before, after : array, shape (parameters,)
        The parameters, and where the run's optimiser takes them.
    """

    examples: tuple[int, ...]
    losses: tuple[float, ...]
    gradients: tuple[Array, ...]
    penalty: tuple[float, Array] | None
    before: Array
    after: Array


def next_step(training: Training) -> NextStep:
    """Tell what the next step of a run is made of; the run goes on as it would.

    Raises
    ------
    DivergenceError
        Where the loss is no finite number: no step is made then.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> training = bpv.Training(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.xor(), batch_size=2)
    >>> foreseen = next_step(training)
    >>> training.step()
    >>> len(foreseen.examples), float(abs(foreseen.after - next_step(training).before).max())
    (2, 0.0)
    """
    network, known = training.network, training.snapshot()
    twin = Training(network, training.train, training.optimizer, training.batch_size)
    twin.restore(known)
    twin.step()
    start = round(training.epoch_progress * len(known.order))
    chosen = twin.snapshot().order[start : start + training.batch_size]
    graph, targets = network.with_l2(0.0).graph(1), targets_for(network, training.train)
    losses, gradients = [], []
    with np.errstate(all="ignore"):
        for example in chosen:
            batch = {"X": training.train.features[[example]], "y": targets[[example]]}
            tape = evaluate(graph, {**batch, **network.parameters}, {})
            losses.append(float(tape.value))
            adjoints = tape.reverse()
            gradients.append(_row(network, {name: adjoints[name] for name in network.parameters}))
    examples = tuple(int(example) for example in chosen)
    before, after = _row(network, network.parameters), _row(network, twin.parameters)
    return NextStep(examples, tuple(losses), tuple(gradients), _penalty(network), before, after)


def _penalty(network: Network) -> tuple[float, Array] | None:
    if not network.l2:
        return None
    builder = GraphBuilder()
    weights = [builder.input(name) for name in network.penalised]
    nothing = builder.constant(0.0)
    cost = add_penalty(builder, nothing, weights, network.l2, skip_first_row=network.bias_in_first_row)
    tape = evaluate(builder.build(cost), {name: network.parameters[name] for name in network.penalised}, {})
    adjoints = tape.reverse()
    return float(tape.value), _row(network, {name: adjoints[name] for name in network.penalised})


def _row(network: Network, values: Mapping[str, Any]) -> Array:
    """Write values of parameters one after the other; 0 where there are none."""
    return np.concatenate([np.ravel(values.get(name, np.zeros_like(own))) for name, own in network.parameters.items()])
