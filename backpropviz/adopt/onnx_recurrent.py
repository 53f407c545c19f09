"""ONNX's recurrent layers, unrolled in time as PyTorch's are: they differ in the order of gates and axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.aten.recurrent import HANDLERS
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _layer(layer: str, order: Sequence[int], usual: Sequence[str]) -> Callable[..., Any]:
    """Give an operator; `order` tells where each gate of PyTorch's stands, `usual` which functions are known."""

    def run(
        x: Any,
        w: Any,
        r: Any,
        b: Any = None,
        lengths: Any = None,
        hidden: Any = None,
        memory: Any = None,
        peepholes: Any = None,
        *,
        hidden_size: int,
        direction: str = "forward",
        linear_before_reset: int = 0,
        activations: Sequence[bytes] | None = None,
        **settings: Any,
    ) -> list[Any]:
        ways = np.shape(w)[0]
        functions = [each.decode() for each in activations] if activations else list(usual) * ways
        shortest = np.shape(x)[0] if lengths is None else int(np.min(lengths))
        if (
            (direction == "reverse" or peepholes is not None or shortest < np.shape(x)[0] or settings)
            or (layer == "gru.input" and not linear_before_reset)
            or functions not in ([*usual] * ways, ["Relu"] * ways)
        ):
            raise AdoptionError(
                "A recurrent layer of ONNX is brought along as PyTorch exports it: forward or both ways, whole "
                "sequences, its own functions, linear_before_reset=1. Export it so."
            )
        rows = np.concatenate([np.arange(gate * hidden_size, (gate + 1) * hidden_size) for gate in order])
        params = []
        for way in range(ways):
            params += [w[way][rows], r[way][rows]]
            if b is not None:
                params += [b[way][rows], b[way][len(rows) + rows]]
        nothing = np.zeros((ways, np.shape(x)[1], hidden_size))
        states = [nothing if each is None else each for each in (hidden, memory)]
        handler = HANDLERS["rnn_relu.input" if functions[0] == "Relu" else layer]
        out, *last = handler(
            x, states if layer == "lstm.input" else states[0], params, b is not None, 1, 0.0, False, ways == 2, False
        )
        apart = np.reshape(out, (*np.shape(out)[:2], ways, hidden_size))
        return [np.transpose(apart, (0, 2, 1, 3)), *last]

    return run


ONNX_RECURRENT: Mapping[str, Callable[..., Any]] = {
    "LSTM": _layer("lstm.input", (0, 2, 3, 1), ("Sigmoid", "Tanh", "Tanh")),
    "GRU": _layer("gru.input", (1, 0, 2), ("Sigmoid", "Tanh")),
    "RNN": _layer("rnn_tanh.input", (0,), ("Tanh",)),
}
"""By type: called with a node's inputs and attributes."""
