"""Layers of networks: convolutions, pools, norms, attention, embedding, dropout."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.reductions import Unfollowed
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _batched(x: Any, rank: int, layer: Callable[[Any], Any]) -> Any:
    """Give a single example, without an axis for the batch, one of size 1 for as long as the layer runs."""
    if np.ndim(x) > rank:
        return layer(x)
    found = layer(np.expand_dims(x, 0))
    return np.reshape(found, np.shape(found)[1:])


def _around(padding: Any, kernel: Sequence[int], dilation: Sequence[int]) -> tuple[list[int], list[int]]:
    if not isinstance(padding, str):
        sides = list(padding) * (len(kernel) if len(padding) == 1 else 1)
        return sides, sides
    if padding == "valid":
        return [0] * len(kernel), [0] * len(kernel)
    whole = [gap * (size - 1) for gap, size in zip(list(dilation) * len(kernel), kernel, strict=False)]
    return [each // 2 for each in whole], [each - each // 2 for each in whole]


def _convolution(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sequence[int] = (1,),
    padding: Any = (0,),
    dilation: Sequence[int] = (1,),
    groups: int = 1,
) -> Any:
    from backpropviz.ops.blocks.convolutions import padded  # noqa: PLC0415  beside its only use

    rank = np.ndim(weight) - 2
    low, high = _around(padding, np.shape(weight)[2:], dilation)
    settings: dict[str, Any] = {"stride": tuple(stride), "dilation": tuple(dilation), "groups": groups}
    if low == high:
        settings["padding"] = tuple(low)

    def layer(x: Any) -> Any:
        return ops.convolution(x if low == high else padded(x, tuple(low), tuple(high)), weight, bias, **settings)

    return _batched(input, rank + 1, layer)


def _transposed_convolution(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
    output_padding: Sequence[int] = (0,),
    groups: int = 1,
    dilation: Sequence[int] = (1,),
) -> Any:
    def layer(x: Any) -> Any:
        return ops.conv_transpose(
            x, weight, bias, tuple(stride), tuple(padding), tuple(output_padding), groups, tuple(dilation)
        )

    return _batched(input, np.ndim(weight) - 1, layer)


def _every(setting: Any, rank: int) -> tuple[int, ...]:
    values = (setting,) if isinstance(setting, int) else tuple(setting)
    return values * rank if len(values) == 1 else values


def _max_pool(rank: int) -> Callable[..., Any]:
    def layer(
        self: Any,
        kernel_size: Any,
        stride: Any = (),
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
    ) -> Any:
        steps = _every(stride, rank) if stride or stride == 0 else None
        return ops.max_pool(
            self, _every(kernel_size, rank), steps, _every(padding, rank), _every(dilation, rank), ceil_mode
        )

    return layer


def _with_places(layer: Callable[..., Any]) -> Callable[..., Any]:
    """Give a second result, the places of the largest entries, which are no part of a graph."""
    return functools.wraps(layer)(lambda *given, **settings: (layer(*given, **settings), Unfollowed()))


def _average_pool(rank: int) -> Callable[..., Any]:
    def layer(
        self: Any,
        kernel_size: Any,
        stride: Any = (),
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Any:
        steps = _every(stride, rank) if stride else None
        return ops.average_pool(
            self,
            _every(kernel_size, rank),
            steps,
            _every(padding, rank),
            ceil_mode,
            count_include_pad,
            divisor_override,
        )

    return layer


def _adaptive(pool: Callable[..., Any], rank: int) -> Callable[..., Any]:
    def layer(self: Any, output_size: Any) -> Any:
        sizes = np.shape(self)[np.ndim(self) - rank :]
        wanted = [size if each is None else each for each, size in zip(_every(output_size, rank), sizes, strict=True)]
        return pool(self, tuple(wanted))

    return layer


def _batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = False,
) -> Any:
    of_batch = training or running_mean is None
    mean, variance = (None, None) if of_batch else (running_mean, running_var)
    return ops.batch_norm(input, weight, bias, mean, variance, eps)


def _layer_norm(
    input: Any,
    normalized_shape: Sequence[int],
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Any:
    return ops.layer_norm(input, len(normalized_shape), weight, bias, eps)


def _rms_norm(
    input: Any,
    normalized_shape: Sequence[int],
    weight: Any = None,
    eps: float | None = None,
) -> Any:
    return ops.rms_norm(input, len(normalized_shape), weight, float(np.finfo(np.float64).eps) if eps is None else eps)


def _group_norm(
    input: Any,
    num_groups: int,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Any:
    return ops.group_norm(input, num_groups, weight, bias, eps)


def _instance_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    use_input_stats: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = False,
) -> Any:
    if use_input_stats:
        return ops.group_norm(input, np.shape(input)[1], weight, bias, eps)
    return ops.batch_norm(input, weight, bias, running_mean, running_var, eps)


def _attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    drawn: Any = None,
) -> Any:
    kept = None if not dropout_p else drawn
    if enable_gqa:  # a head of keys and values answers several of queries
        shared = np.shape(query)[-3] // np.shape(key)[-3]
        key, value = (np.repeat(each, shared, axis=-3) for each in (key, value))
    return ops.scaled_dot_product_attention(query, key, value, attn_mask, is_causal, scale, kept)


def _refuse_scaled(by_frequency: bool) -> None:
    if by_frequency:
        raise AdoptionError("An embedding whose gradient is scaled by frequency is no gradient. Leave the option out.")


def _embedding(
    weight: Any,
    indices: Any,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
    drawn: Any = None,
) -> Any:
    _refuse_scaled(scale_grad_by_freq)
    found = ops.embedding(indices, weight)
    padding = np.asarray(indices) == padding_idx
    if padding_idx < 0 or not padding.any():
        return found
    # The row that pads is looked up like the others, but it does not learn: it is held at its value.
    kept = np.where(padding, 0.0, 1.0)[..., None]
    return found * kept + (1.0 - kept) * drawn


def _embedding_bag(
    weight: Any,
    indices: Any,
    offsets: Any,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Any, ...]:
    _refuse_scaled(scale_grad_by_freq)
    rows = ops.embedding(indices, weight)
    places, starts = np.asarray(indices), np.asarray(offsets)
    bounds = [*starts.tolist(), *([] if include_last_offset else [len(places)])]
    pads = -1 if padding_idx is None else padding_idx
    bags = [[place for place in range(*ends) if places[place] != pads] for ends in pairwise(bounds)]
    if mode == 2:
        empty = np.zeros(np.shape(weight)[-1])
        found = np.stack([ops.first_max(rows[np.array(bag)], axis=0) if bag else empty for bag in bags])
    else:
        share = np.zeros((len(bags), len(places)))
        for row, bag in zip(share, bags, strict=True):
            row[bag] = 1.0 if mode == 0 else 1.0 / max(1, len(bag))
        found = share @ (rows if per_sample_weights is None else rows * np.expand_dims(per_sample_weights, -1))
    return found, Unfollowed(), Unfollowed(), Unfollowed()


def _dropout(input: Any, p: float, train: bool, drawn: Any = None) -> Any:
    return ops.dropout(input, drawn, 0.0) if train and p else input


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "linear": lambda input, weight, bias=None: ops.linear(input, weight, bias),
    **{f"conv{rank}d": _convolution for rank in (1, 2, 3)},
    "conv_transpose1d": _transposed_convolution,
    "conv_transpose2d": _transposed_convolution,
    "conv_transpose3d": _transposed_convolution,
    **{f"max_pool{rank}d": _max_pool(rank) for rank in (1, 2, 3)},
    **{f"max_pool{rank}d_with_indices": _with_places(_max_pool(rank)) for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": _average_pool(rank) for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": _adaptive(ops.adaptive_average_pool, rank) for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": _with_places(_adaptive(ops.adaptive_max_pool, rank)) for rank in (1, 2, 3)},
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "scaled_dot_product_attention": _attention,
    "embedding": _embedding,
    "embedding_bag": _embedding_bag,
    **dict.fromkeys(("dropout", "feature_dropout"), _dropout),
}
