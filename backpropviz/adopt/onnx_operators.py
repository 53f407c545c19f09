"""ONNX's operators in operations of the registry."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.elementwise import HANDLERS as ELEMENTWISE
from backpropviz.adopt.aten.places import filled, grid_of
from backpropviz.adopt.aten.shapes import HANDLERS as SHAPES
from backpropviz.adopt.onnx_layers import ONNX_LAYERS
from backpropviz.adopt.onnx_recurrent import ONNX_RECURRENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _binary(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return function


def _whole(values: Any) -> list[int]:
    return [int(each) for each in np.ravel(values)]


def _gemm(
    a: Any, b: Any, c: Any = None, alpha: float = 1.0, beta: float = 1.0, transA: int = 0, transB: int = 0
) -> Any:
    total = (np.transpose(a) if transA else a) @ (np.transpose(b) if transB else b)
    total = total if alpha == 1.0 else alpha * total
    return total if c is None else total + (c if beta == 1.0 else beta * c)


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(x: Any, over: Any = None, axes: Any = None, keepdims: int = 1, noop_with_empty_axes: int = 0) -> Any:
        chosen = over if over is not None else axes
        if chosen is None and noop_with_empty_axes:
            return x
        axis = None if chosen is None else tuple(each % np.ndim(x) for each in _whole(chosen))
        return function(x, axis=axis, keepdims=bool(keepdims))

    return reduce


def _reshape(x: Any, shape: Any, allowzero: int = 0) -> Any:
    wanted = _whole(shape)
    sizes = np.shape(x)
    return np.reshape(x, tuple(sizes[k] if each == 0 and not allowzero else each for k, each in enumerate(wanted)))


def _flatten(x: Any, axis: int = 1) -> Any:
    shape = np.shape(x)
    place = axis % (len(shape) + 1) if axis < 0 else axis
    return np.reshape(x, (int(np.prod(shape[:place])), int(np.prod(shape[place:]))))


def _squeeze(x: Any, over: Any = None, axes: Any = None) -> Any:
    chosen = over if over is not None else axes
    shape = np.shape(x)
    gone = [k for k, n in enumerate(shape) if n == 1] if chosen is None else [a % len(shape) for a in _whole(chosen)]
    return np.reshape(x, tuple(size for place, size in enumerate(shape) if place not in gone))


def _unsqueeze(x: Any, over: Any = None, axes: Any = None) -> Any:
    return np.expand_dims(x, tuple(_whole(over if over is not None else axes)))


def _slice(x: Any, starts: Any, ends: Any, axes: Any = None, steps: Any = None) -> Any:
    index: list[Any] = [slice(None)] * np.ndim(x)
    firsts, lasts = _whole(starts), _whole(ends)
    places = list(range(len(firsts))) if axes is None else _whole(axes)
    strides = [1] * len(firsts) if steps is None else _whole(steps)
    for first, last, place, step in zip(firsts, lasts, places, strides, strict=True):
        length = np.shape(x)[place]
        begin, end, _ = slice(first, last, step).indices(length)
        index[place] = slice(begin, None if end < 0 else end, step)
    return x[tuple(index)]


def _gather(x: Any, indices: Any, axis: int = 0) -> Any:
    places = np.asarray(indices)
    return x[(*(slice(None),) * (axis % np.ndim(x)), places if places.ndim else int(places))]


def _split(x: Any, sizes: Any = None, axis: int = 0, num_outputs: int | None = None, split: Any = None) -> Any:
    place, given = axis % np.ndim(x), sizes if sizes is not None else split
    length = np.shape(x)[place]
    if given is None:
        count = num_outputs or 2
        step = -(-length // count)
        given = [min(step, length - k * step) for k in range(count)]
    ends = np.cumsum([0, *_whole(given)]).tolist()
    return [x[(*(slice(None),) * place, slice(a, b))] for a, b in pairwise(ends)]


def _clip(x: Any, low: Any = None, high: Any = None, min: Any = None, max: Any = None) -> Any:  # noqa: A002  ONNX's names
    return ELEMENTWISE["clamp"](x, low if low is not None else min, high if high is not None else max)


def _power(x: Any, exponent: Any) -> Any:
    return x * x if np.ndim(exponent) == 0 and not hasattr(exponent, "builder") and exponent == 2 else x**exponent


def _expand(x: Any, shape: Any) -> Any:
    return np.broadcast_to(x, np.broadcast_shapes(np.shape(x), tuple(_whole(shape))))


def _pad(x: Any, pads: Any, value: Any = None, axes: Any = None, mode: str = "constant") -> Any:
    both, rank = _whole(pads), np.ndim(x)
    places = list(range(rank)) if axes is None else [each % rank for each in _whole(axes)]
    low, high = [0] * rank, [0] * rank
    for count, place in enumerate(places):
        low[place], high[place] = both[count], both[len(places) + count]
    if mode == "constant":
        return filled(x, tuple(low), tuple(high), 0.0 if value is None else float(value))
    from_the_last = [side for place in reversed(range(rank)) for side in (low[place], high[place])]
    kinds = {"edge": "replicate", "wrap": "circular"}
    return SHAPES["pad"](x, from_the_last, kinds.get(mode, mode))


def _top(x: Any, _k: Any, axis: int = -1, drawn: Any = None, **_settings: Any) -> list[Any]:
    return [x[grid_of(drawn, axis % np.ndim(x))], drawn]


def order_of_top(x: Any, k: Any, axis: int = -1, largest: int = 1, **_settings: Any) -> Any:
    """Give the places of the largest or smallest entries, which TopK takes and which are held."""
    order = np.argsort(-x if largest else x, axis=axis, kind="stable")
    return np.take(order, np.arange(int(np.ravel(k)[0])), axis)


def _loss(
    scores: Any, labels: Any, weights: Any = None, reduction: str = "mean", ignore_index: int | None = None
) -> Any:
    return ops.cross_entropy(scores, labels, weights, ignore_index, 0.0, reduction, 1)


def _joined(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def join(*terms: Any) -> Any:
        found = terms[0]
        for each in terms[1:]:
            found = function(found, each)
        return found

    return join


ONNX_OPERATORS: Mapping[str, Callable[..., Any]] = {
    **ONNX_LAYERS,
    **ONNX_RECURRENT,
    "Add": _binary(lambda x, y: x + y),
    "Sub": _binary(lambda x, y: x - y),
    "Mul": _binary(lambda x, y: x * y),
    "Div": _binary(lambda x, y: x / y),
    "Pow": _power,
    "Sum": _joined(lambda x, y: x + y),
    "Max": _joined(np.maximum),
    "Min": _joined(np.minimum),
    "MatMul": _binary(lambda x, y: x @ y),
    "Gemm": _gemm,
    "Neg": lambda x: -x,
    "Reciprocal": lambda x: 1.0 / x,
    "Exp": np.exp,
    "Log": np.log,
    "Sqrt": np.sqrt,
    "Abs": abs,
    "Sin": np.sin,
    "Cos": np.cos,
    "Tan": np.tan,
    "Asin": np.arcsin,
    "Acos": np.arccos,
    "Atan": np.arctan,
    "Sinh": np.sinh,
    "Cosh": np.cosh,
    "Tanh": np.tanh,
    "Erf": ops.erf,
    "Sign": np.sign,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Round": np.round,
    "Asinh": np.arcsinh,
    "Acosh": np.arccosh,
    "Atanh": np.arctanh,
    "Softsign": lambda x: x / (1.0 + abs(x)),
    "HardSigmoid": lambda x, alpha=0.2, beta=0.5: ops.clip(alpha * x + beta, 0.0, 1.0),
    "Celu": lambda x, alpha=1.0: ELEMENTWISE["celu"](x, alpha),
    "ThresholdedRelu": lambda x, alpha=1.0: np.where(np.greater(x, alpha), x, 0.0),
    "Mean": lambda *terms: _joined(lambda x, y: x + y)(*terms) / float(len(terms)),
    "Einsum": lambda *terms, equation: np.einsum(equation.replace(" ", ""), *terms),
    "Sigmoid": ops.sigmoid,
    "Relu": ops.relu,
    "LeakyRelu": lambda x, alpha=0.01: ops.leaky_relu(x, slope=alpha),
    "PRelu": _binary(lambda x, slope: np.where(np.greater(x, 0.0), x, slope * x)),
    "Elu": lambda x, alpha=1.0: ELEMENTWISE["elu"](x, alpha),
    "Selu": ELEMENTWISE["selu"],
    "Softplus": ops.softplus,
    "Gelu": lambda x, approximate="none": ELEMENTWISE["gelu"](x, approximate),
    "HardSwish": ELEMENTWISE["hardswish"],
    "Mish": ELEMENTWISE["mish"],
    "Clip": _clip,
    "Where": np.where,
    "Greater": np.greater,
    "Less": np.less,
    "Equal": np.equal,
    "LessOrEqual": np.less_equal,
    "GreaterOrEqual": np.greater_equal,
    "TopK": _top,
    "Det": np.linalg.det,
    "Not": ELEMENTWISE["logical_not"],
    "And": ELEMENTWISE["logical_and"],
    "Or": np.maximum,
    "Xor": np.not_equal,
    "IsNaN": lambda x: np.not_equal(x, x),
    "Softmax": lambda x, axis=-1: ops.softmax(x, axis=axis),
    "LogSoftmax": lambda x, axis=-1: ops.log_softmax(x, axis=axis),
    "ReduceSum": _reduced(np.sum),
    "ReduceMean": _reduced(np.mean),
    "ReduceMax": _reduced(np.max),
    "ReduceMin": _reduced(np.min),
    "ReduceProd": _reduced(np.prod),
    "ReduceL1": _reduced(lambda x, **over: np.sum(abs(x), **over)),
    "ReduceL2": _reduced(ops.norm),
    "ReduceLogSum": _reduced(lambda x, **over: np.log(np.sum(x, **over))),
    "ReduceSumSquare": _reduced(lambda x, **over: np.sum(x * x, **over)),
    "ReduceLogSumExp": _reduced(ops.logsumexp),
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Transpose": lambda x, perm=None: np.transpose(x, None if perm is None else tuple(perm)),
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Concat": lambda *parts, axis: np.concatenate(list(parts), axis=axis),
    "Split": _split,
    "Slice": _slice,
    "Gather": _gather,
    "Expand": _expand,
    "Pad": _pad,
    "Shape": lambda x: np.array(np.shape(x)),
    "SoftmaxCrossEntropyLoss": _loss,
    **dict.fromkeys(("Identity", "Cast", "Dropout"), lambda x, *_more, **_settings: x),
}
"""By type: called with a node's inputs and attributes."""
