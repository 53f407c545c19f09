"""ONNX's layers: convolutions, pooling and norms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.places import filled
from backpropviz.errors import AdoptionError
from backpropviz.ops.blocks.convolutions import padded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _sides(
    pads: Sequence[int] | None, rank: int, auto_pad: str, x: Any, window: Sequence[int], steps: Sequence[int] | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give how wide the borders are; with SAME there are as many places as steps fit into the image."""
    if auto_pad.startswith("SAME"):
        sizes = np.shape(x)[-rank:]
        every = zip(sizes, window, steps or (1,) * rank, strict=True)
        whole = [max(0, (-(-size // step) - 1) * step + taps - size) for size, taps, step in every]
        less, more = tuple(each // 2 for each in whole), tuple(each - each // 2 for each in whole)
        return (less, more) if auto_pad == "SAME_UPPER" else (more, less)
    return _halves(pads, rank)


def _halves(pads: Sequence[int] | None, rank: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    both = tuple(pads or (0,) * (2 * rank))
    return both[:rank], both[rank:]


def _conv(
    x: Any,
    w: Any,
    b: Any = None,
    strides: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    group: int = 1,
    kernel_shape: Any = None,  # noqa: ARG001  the kernel tells it
    auto_pad: str = "NOTSET",
) -> Any:
    rank = np.ndim(w) - 2
    spans = [gap * (size - 1) + 1 for gap, size in zip(dilations or (1,) * rank, np.shape(w)[2:], strict=True)]
    low, high = _sides(pads, rank, auto_pad, x, spans, strides)
    return ops.convolution(
        padded(x, low, high),
        w,
        b,
        stride=tuple(strides or (1,) * rank),
        dilation=tuple(dilations or (1,) * rank),
        groups=group,
    )


def _max_pool(
    x: Any,
    kernel_shape: Sequence[int],
    strides: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    ceil_mode: int = 0,
    auto_pad: str = "NOTSET",
    storage_order: int = 0,  # noqa: ARG001  orders the second result
) -> Any:
    rank = len(kernel_shape)
    low, high = _sides(pads, rank, auto_pad, x, kernel_shape, strides)
    return ops.max_pool(
        filled(x, low, high, -np.inf) if any((*low, *high)) else x,
        tuple(kernel_shape),
        tuple(strides or (1,) * rank),
        0,
        tuple(dilations or (1,) * rank),
        bool(ceil_mode),
    )


def _average_pool(
    x: Any,
    kernel_shape: Sequence[int],
    strides: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    count_include_pad: int = 0,
    ceil_mode: int = 0,
    auto_pad: str = "NOTSET",
) -> Any:
    rank = len(kernel_shape)
    low, high = _sides(pads, rank, auto_pad, x, kernel_shape, strides)
    if low != high:
        raise AdoptionError("An average over a window with uneven borders has no counterpart here. Use even pads.")
    steps = tuple(strides or (1,) * rank)
    return ops.average_pool(x, tuple(kernel_shape), steps, low, bool(ceil_mode), bool(count_include_pad))


def _batch_norm(
    x: Any, scale: Any, bias: Any, mean: Any, variance: Any, epsilon: float = 1e-5, **_settings: Any
) -> Any:
    return ops.batch_norm(x, scale, bias, mean, variance, epsilon)


def _layer_norm(x: Any, scale: Any, bias: Any = None, axis: int = -1, epsilon: float = 1e-5, **_settings: Any) -> Any:
    return ops.layer_norm(x, -axis if axis < 0 else np.ndim(x) - axis, scale, bias, epsilon)


def _pooled_whole(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x: function(x, axis=tuple(range(2, np.ndim(x))), keepdims=True)


def _conv_transpose(
    x: Any,
    w: Any,
    b: Any = None,
    strides: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    group: int = 1,
    kernel_shape: Any = None,  # noqa: ARG001  the kernel tells it
    output_padding: Sequence[int] | None = None,
    auto_pad: str = "NOTSET",
) -> Any:
    rank = np.ndim(w) - 2
    low, high = _halves(pads, rank)
    if low != high or auto_pad != "NOTSET":
        raise AdoptionError("A transposed convolution with uneven borders has no counterpart here. Use even pads.")
    ones, more = (1,) * rank, tuple(output_padding or (0,) * rank)
    return ops.conv_transpose(x, w, b, tuple(strides or ones), low, more, group, tuple(dilations or ones))


ONNX_LAYERS: Mapping[str, Callable[..., Any]] = {
    "Conv": _conv,
    "MaxPool": _max_pool,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _pooled_whole(np.mean),
    "GlobalMaxPool": _pooled_whole(np.max),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "ConvTranspose": _conv_transpose,
    "InstanceNormalization": lambda x, scale, bias, epsilon=1e-5: ops.group_norm(
        x, np.shape(x)[1], scale, bias, epsilon
    ),
    "GroupNormalization": lambda x, scale, bias, num_groups, epsilon=1e-5: ops.group_norm(
        x, num_groups, scale, bias, epsilon
    ),
    "RMSNormalization": lambda x, scale, axis=-1, epsilon=1e-5: ops.rms_norm(
        x, np.ndim(x) - axis % np.ndim(x), scale, epsilon
    ),
}
"""By type: called with a node's inputs and attributes."""
