"""Recurrent layers, unrolled in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CellState = tuple[Any, ...]
CellStep = Callable[[Any, CellState, Sequence[Any]], CellState]


def _cells(params: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (params[start : start + size] for start in range(0, len(params), size))


def _unrolled(
    step: CellStep,
    x: Any,
    states: Sequence[Any],
    params: Sequence[Any],
    *,
    size: int,
    layers: int,
    both_ways: bool,
    batch_first: bool,
    drawn: Sequence[Any] | None,
) -> tuple[Any, ...]:
    """Run layers over time; `states` has a row for each layer and way."""
    if batch_first:
        x = np.swapaxes(x, 0, 1)
    length = np.shape(x)[0]
    sequence = [x[place] for place in range(length)]
    cells = list(_cells(params, size))
    ways = 2 if both_ways else 1
    last: list[CellState] = []
    for layer in range(layers):
        found: list[list[Any]] = []
        for way in range(ways):
            row = layer * ways + way
            state: CellState = tuple(each[row] for each in states)
            shown: list[Any] = [None] * length
            for place in reversed(range(length)) if way else range(length):
                state = step(sequence[place], state, cells[row])
                shown[place] = state[0]
            found.append(shown)
            last.append(state)
        sequence = [np.concatenate(parts, axis=-1) if both_ways else parts[0] for parts in zip(*found, strict=True)]
        if drawn is not None and layer < layers - 1:
            sequence = [each * mask for each, mask in zip(sequence, drawn[layer], strict=True)]
    out = np.stack(sequence, axis=1 if batch_first else 0)
    return (out, *(np.stack([each[k] for each in last], axis=0) for k in range(len(last[0]))))


def _layer(cell: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    """Give the handler of layers of a cell, which gives a state of its own or a tuple of them."""

    def step(x: Any, state: CellState, weights: Sequence[Any]) -> CellState:
        found = cell(x, *state, *weights, **settings)
        return found if isinstance(found, tuple) else (found,)

    def projected(x: Any, state: CellState, weights: Sequence[Any]) -> CellState:
        hidden, memory = step(x, state, weights[:-1])
        return hidden @ np.swapaxes(weights[-1], 0, 1), memory

    def layer(
        input: Any,
        hx: Any,
        params: Sequence[Any],
        has_biases: bool,
        num_layers: int,
        dropout: float,
        train: bool,
        bidirectional: bool,
        batch_first: bool,
        drawn: Sequence[Any] | None = None,
    ) -> tuple[Any, ...]:
        states = hx if isinstance(hx, (list, tuple)) else [hx]
        is_projected = len({np.shape(each)[-1] for each in states}) > 1
        return _unrolled(
            projected if is_projected else step,
            input,
            states,
            params,
            size=(4 if has_biases else 2) + is_projected,
            layers=num_layers,
            both_ways=bidirectional,
            batch_first=batch_first,
            drawn=drawn if train and dropout else None,
        )

    return layer


def _single(cell: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    return lambda input, hx, w_ih, w_hh, b_ih=None, b_hh=None: cell(
        input, *(hx if isinstance(hx, (list, tuple)) else (hx,)), w_ih, w_hh, b_ih, b_hh, **settings
    )


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "lstm.input": _layer(ops.lstm_cell),
    "gru.input": _layer(ops.gru_cell),
    "rnn_tanh.input": _layer(ops.rnn_cell),
    "rnn_relu.input": _layer(ops.rnn_cell, activation="relu"),
    "lstm_cell": _single(ops.lstm_cell),
    "gru_cell": _single(ops.gru_cell),
    "rnn_tanh_cell": _single(ops.rnn_cell),
    "rnn_relu_cell": _single(ops.rnn_cell, activation="relu"),
}
