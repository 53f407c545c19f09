"""Recurrent cells: one step in time each."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.ops.blocks.dense import linear
from backpropviz.ops.dispatch import Function
from backpropviz.ops.registry import REGISTRY

_sigmoid, _relu = (Function(REGISTRY[name]) for name in ("sigmoid", "relu"))


def rnn_cell(
    x: Any,
    hidden: Any,
    weight: Any,
    recurrent: Any,
    bias: Any = None,
    recurrent_bias: Any = None,
    activation: str = "tanh",
) -> Any:
    """Give the next hidden state of a simple recurrent network.

    Parameters
    ----------
    x : array, shape (batch, n_in)
        Input of this step.
    hidden : array, shape (batch, n)
        State so far.
    weight : array, shape (n, n_in)
        Of the input.
    recurrent : array, shape (n, n)
        Of the state.
    bias, recurrent_bias : array, shape (n,), optional
        Added.
    activation : {"tanh", "relu"}
        Over the sum.

    References
    ----------
    Elman (1990), Finding structure in time.
    """
    total = linear(x, weight, bias) + linear(hidden, recurrent, recurrent_bias)
    return np.tanh(total) if activation == "tanh" else _relu(total)


def lstm_cell(
    x: Any, hidden: Any, memory: Any, weight: Any, recurrent: Any, bias: Any = None, recurrent_bias: Any = None
) -> tuple[Any, Any]:
    """Give the next hidden state and memory of a long short-term memory.

    Parameters
    ----------
    x, hidden, weight, recurrent, bias, recurrent_bias
        As in :func:`rnn_cell`; rows of weights stand for the gates input, forget, candidate, output, in this order.
    memory : array, shape (batch, n)
        What is remembered so far; the hidden state may have fewer entries, where it is projected after each step.

    Returns
    -------
    hidden, memory : array, shape (batch, n)

    References
    ----------
    Hochreiter and Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber and Cummins (2000).
    """
    gates = linear(x, weight, bias) + linear(hidden, recurrent, recurrent_bias)
    size = np.shape(memory)[-1]
    taken, kept, candidate, shown = (gates[..., k * size : (k + 1) * size] for k in range(4))
    remembered = _sigmoid(kept) * memory + _sigmoid(taken) * np.tanh(candidate)
    return _sigmoid(shown) * np.tanh(remembered), remembered


def gru_cell(x: Any, hidden: Any, weight: Any, recurrent: Any, bias: Any = None, recurrent_bias: Any = None) -> Any:
    """Give the next hidden state of a gated recurrent unit.

    Parameters
    ----------
    x, hidden, weight, recurrent, bias, recurrent_bias
        As in :func:`rnn_cell`; rows of weights stand for the gates reset, update, candidate, in this order.

    References
    ----------
    Cho et al. (2014), Learning phrase representations using RNN encoder-decoder for statistical machine translation.
    """
    given, held = linear(x, weight, bias), linear(hidden, recurrent, recurrent_bias)
    size = np.shape(hidden)[-1]
    first, second, third = (slice(k * size, (k + 1) * size) for k in range(3))
    reset = _sigmoid(given[..., first] + held[..., first])
    update = _sigmoid(given[..., second] + held[..., second])
    candidate = np.tanh(given[..., third] + reset * held[..., third])
    return (1.0 - update) * candidate + update * hidden
