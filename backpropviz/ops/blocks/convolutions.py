"""Convolution in any number of dimensions: windows of the image times the kernel, as one matrix product."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.dispatch import Function
from backpropviz.ops.registry import REGISTRY

Sizes = int | tuple[int, ...]

_windows, _overlap_add, _scatter = (Function(REGISTRY[name]) for name in ("windows", "overlap_add", "scatter"))


def per_axis(setting: Sizes, rank: int) -> tuple[int, ...]:
    """Give a setting for each axis: one number stands for all.

    Examples
    --------
    >>> per_axis(3, 2), per_axis((1, 2), 2)
    ((3, 3), (1, 2))
    """
    values = (setting,) if isinstance(setting, int) else tuple(int(each) for each in setting)
    if len(values) not in (1, rank):
        raise ShapeError(f"{setting} gives {len(values)} numbers for {rank} axes. Give one number, or {rank}.")
    return values * rank if len(values) == 1 else values


def padded(x: Any, before: tuple[int, ...], after: tuple[int, ...]) -> Any:
    """Surround the last axes by zeros.

    Parameters
    ----------
    x : array
        What is surrounded.
    before, after : tuple of int
        How many zeros at the beginning and at the end of each of the last axes.
    """
    if not any(before) and not any(after):
        return x
    shape, rank = np.shape(x), len(before)
    sizes = tuple(size + low + high for size, low, high in zip(shape[len(shape) - rank :], before, after, strict=True))
    inner = ", ".join(f"{low}:{low + size}" for low, size in zip(before, shape[len(shape) - rank :], strict=True))
    return _scatter(x, index=f"..., {inner}", shape=(*shape[: len(shape) - rank], *sizes))


def convolution(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Any:
    """Slide kernels over images; as networks do, without turning the kernel around.

    Parameters
    ----------
    x : array, shape (batch, channels, *sizes)
        Images; sequences for one size.
    weight : array, shape (kernels, channels / groups, *window)
        A kernel for each channel of the result.
    bias : array, shape (kernels,), optional
        Added to each channel of the result.
    stride, padding, dilation : int or tuple of int
        Steps between windows, zeros around the image, distance of a window's entries; in entries, for each axis.
    groups : int
        Into how many groups the channels are split, each with kernels of its own.

    Returns
    -------
    array, shape (batch, kernels, *places)

    Raises
    ------
    ShapeError
        Where kernel and image do not fit.

    Examples
    --------
    >>> convolution(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)))
    array([[[[4., 4.],
             [4., 4.]]]])
    """
    shape, kernel = np.shape(x), np.shape(weight)
    rank = len(kernel) - 2
    if len(shape) != rank + 2 or shape[1] != kernel[1] * groups or kernel[0] % groups:
        raise ShapeError(
            f"Images of shape {shape} do not fit kernels of shape {kernel} in {groups} groups. Expected images of "
            f"shape (batch, {kernel[1] * groups}, ...) with {rank} further axes.",
            expected=kernel[1] * groups,
            actual=shape,
        )
    around, window = per_axis(padding, rank), kernel[2:]
    slid = _windows(
        padded(x, around, around), size=window, stride=per_axis(stride, rank), dilation=per_axis(dilation, rank)
    )
    batch, places = shape[0], np.shape(slid)[2 : 2 + rank]
    space, inside = range(2, 2 + rank), range(2 + rank, 2 + 2 * rank)
    taps, count = kernel[1] * math.prod(window), batch * math.prod(places)
    # A column for each window: neighbours in the image stay neighbours in memory, and all of it is one product.
    if groups == 1:
        columns = np.reshape(np.transpose(slid, (1, *inside, 0, *space)), (taps, count))
        total = np.reshape(weight, (kernel[0], taps)) @ columns
    else:
        slid = np.reshape(slid, (batch, groups, kernel[1], *places, *window))
        order = (1, 2, *(each + 1 for each in inside), 0, *(each + 1 for each in space))
        columns = np.reshape(np.transpose(slid, order), (groups, taps, count))
        total = np.reshape(np.reshape(weight, (groups, kernel[0] // groups, taps)) @ columns, (kernel[0], count))
    total = total if bias is None else total + np.reshape(bias, (kernel[0], 1))
    return np.swapaxes(np.reshape(total, (kernel[0], batch, *places)), 0, 1)


def conv1d(x: Any, weight: Any, bias: Any = None, **settings: Any) -> Any:
    """Slide kernels along sequences, shape (batch, channels, length); see :func:`convolution`."""
    return convolution(x, weight, bias, **settings)


def conv2d(x: Any, weight: Any, bias: Any = None, **settings: Any) -> Any:
    """Slide kernels over images, shape (batch, channels, height, width); see :func:`convolution`."""
    return convolution(x, weight, bias, **settings)


def conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Any:
    """Add up kernels, each scaled by an entry of the image: the way back of :func:`convolution`.

    Parameters
    ----------
    x : array, shape (batch, channels, *places)
        Scales.
    weight : array, shape (channels, kernels / groups, *window)
        What is scaled and added.
    bias, stride, padding, groups, dilation
        As the convolution has them whose way back this is.
    output_padding : int or tuple of int
        Further entries at the end of each axis.

    Examples
    --------
    >>> conv_transpose(np.ones((1, 1, 2)), np.array([[[1.0, 2.0]]]))
    array([[[1., 3., 2.]]])
    """
    shape, kernel = np.shape(x), np.shape(weight)
    rank, made = len(kernel) - 2, kernel[1] * groups
    steps, apart, window = per_axis(stride, rank), per_axis(dilation, rank), kernel[2:]
    around, more = per_axis(padding, rank), per_axis(output_padding, rank)
    places, count, each = shape[2:], shape[0] * math.prod(shape[2:]), shape[1] // groups
    columns = np.swapaxes(x, 0, 1)  # channels first: what is added up stays in order
    columns = np.reshape(columns, (groups, each, count))
    kernels = np.swapaxes(np.reshape(weight, (groups, each, kernel[1] * math.prod(window))), 1, 2)
    scaled = np.reshape(kernels @ columns, (made, *window, shape[0], *places))
    inside, space = range(1, 1 + rank), range(2 + rank, 2 + 2 * rank)
    scaled = np.transpose(scaled, (1 + rank, 0, *space, *inside))
    spans = [
        (size - 1) * step + (taps - 1) * gap + 1
        for size, step, taps, gap in zip(places, steps, window, apart, strict=True)
    ]
    whole = _overlap_add(scaled, shape=tuple(spans), size=window, stride=steps, dilation=apart)
    whole = padded(whole, (0,) * rank, more)
    kept = [slice(cut, span + extra - cut) for cut, span, extra in zip(around, spans, more, strict=True)]
    total = whole[(..., *kept)] if any(around) else whole
    return total if bias is None else total + np.reshape(bias, (made, *(1,) * rank))
