"""Layers of networks, written in operations of the registry: they open to their gates.

Each is a function of numbers, arrays and tracers alike, as the operations are: ``from backpropviz.ops import conv2d``.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Watcher = Callable[[str, Mapping[str, Any]], Callable[[Any], None]]

_WATCHER: ContextVar[Watcher | None] = ContextVar("who notes which blocks are made", default=None)

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


def block(name: str) -> Callable[..., Any]:
    """Give a block by its name."""
    found: Callable[..., Any] = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)

    @wraps(found)
    def noted(*given: Any, **settings: Any) -> Any:
        watcher = _WATCHER.get()
        if watcher is None:
            return found(*given, **settings)
        finish = watcher(name, inspect.signature(found).bind(*given, **settings).arguments)
        made = found(*given, **settings)
        finish(made)
        return made

    return noted


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Have it noted which blocks are made inside.

    Parameters
    ----------
    watcher : callable
        ``watcher(name, arguments)``, called before a block is made, with its arguments by their names; what it gives is
        called with the block's value, or values, once they are made.
    """
    before = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(before)
