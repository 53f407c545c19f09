"""Layers of networks, written in operations of the registry: they open to their gates.

Each is a function of numbers, arrays and tracers alike, as the operations are: ``from backpropviz.ops import conv2d``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOMES: Mapping[str, str] = {
    "adaptive_average_pool": "pools",
    "adaptive_max_pool": "pools",
    "average_pool": "pools",
    "batch_norm": "normalisations",
    "conv1d": "convolutions",
    "conv2d": "convolutions",
    "conv_transpose": "convolutions",
    "convolution": "convolutions",
    "cross_entropy": "classes",
    "dropout": "dense",
    "embedding": "dense",
    "group_norm": "normalisations",
    "gru_cell": "cells",
    "layer_norm": "normalisations",
    "linear": "dense",
    "lstm_cell": "cells",
    "max_pool": "pools",
    "multi_head_attention": "attentions",
    "rms_norm": "normalisations",
    "rnn_cell": "cells",
    "scaled_dot_product_attention": "attentions",
}
"""Every block, and the module that holds it."""


def block(name: str) -> Callable[..., object]:
    """Give a block by its name."""
    found: Callable[..., object] = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    return found
