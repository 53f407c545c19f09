"""Values found another way: 50-digit arithmetic for scalars, plain loops for arrays."""

from __future__ import annotations

import itertools
import math

import mpmath
import numpy as np

mpmath.mp.dps = 50


def _variadic(function):
    return lambda *arguments: function(arguments)


SCALAR = {
    "add": lambda *terms: mpmath.fsum(terms),
    "subtract": lambda x, y: x - y,
    "negate": lambda x: -x,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "power": mpmath.power,
    "sqrt": mpmath.sqrt,
    "exp": mpmath.exp,
    "ln": mpmath.log,
    "log2": lambda x: mpmath.log(x, 2),
    "log10": mpmath.log10,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "log1p": lambda x: mpmath.log(1 + x),
    "expm1": mpmath.expm1,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "logaddexp": lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)),
    "erfc": mpmath.erfc,
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "round": mpmath.nint,
    "mod": lambda x, y: x - y * mpmath.floor(x / y),
    "copysign": lambda x, y: abs(x) if y >= 0 else -abs(x),
    "atan2": mpmath.atan2,
    "hypot": mpmath.hypot,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "relu": lambda x: x if x > 0 else mpmath.mpf(0),
    "leaky_relu": lambda x: x if x > 0 else mpmath.mpf(0.01) * x,
    "gelu": lambda x: x * mpmath.ncdf(x),
    "erf": mpmath.erf,
    "abs": abs,
    "max": _variadic(max),
    "min": _variadic(min),
    "where": lambda condition, x, y: x if condition != 0 else y,
    "clip": lambda x, low, high: min(max(x, low), high),
    "sign": mpmath.sign,
    "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y,
    "less": lambda x, y: x < y,
    "less_equal": lambda x, y: x <= y,
    "equal": lambda x, y: x == y,
    "not_equal": lambda x, y: x != y,
}


def scalar(name, *arguments):
    """Value of an elementwise operation for floats, rounded once at the end."""
    return float(SCALAR[name](*(mpmath.mpf(float(argument)) for argument in arguments)))


def partial(name, slot, *arguments):
    """Local partial of an elementwise operation for floats, in 50-digit differences."""
    exact = [mpmath.mpf(float(argument)) for argument in arguments]
    function = SCALAR[name]
    return float(mpmath.diff(lambda x: mpmath.mpf(function(*exact[:slot], x, *exact[slot + 1 :])), exact[slot]))


# -- arrays, entry by entry ----------------------------------------------------------------------------------


def _entries(shape):
    return itertools.product(*(range(size) for size in shape))


def _built(shape, entry):
    out = np.empty(shape)
    for place in _entries(shape):
        out[place] = entry(place)
    return out


def matmul(x, y):
    left = x[None, :] if x.ndim == 1 else x
    right = y[:, None] if y.ndim == 1 else y
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])

    def entry(place):
        *where, row, column = place

        def pick(array, last):
            head = [0 if size == 1 else each for size, each in zip(array.shape[-3::-1], where[::-1], strict=False)]
            return array[(*head[::-1], *last)]

        return math.fsum(pick(left, (row, k)) * pick(right, (k, column)) for k in range(left.shape[-1]))

    full = _built((*batch, left.shape[-2], right.shape[-1]), entry)
    if x.ndim == 1:
        full = full[..., 0, :]
    return full[..., 0] if y.ndim == 1 else full


def dot(x, y):
    if not x.ndim or not y.ndim:
        return x * y
    if y.ndim == 1:
        return _built(x.shape[:-1], lambda place: math.fsum(a * b for a, b in zip(x[place], y, strict=True)))
    kept = len(x.shape) - 1
    return _built(
        (*x.shape[:-1], *y.shape[:-2], y.shape[-1]),
        lambda place: math.fsum(x[(*place[:kept], k)] * y[(*place[kept:-1], k, place[-1])] for k in range(x.shape[-1])),
    )


def outer(x, y):
    return np.array([[a * b for b in y.ravel().tolist()] for a in x.ravel().tolist()])


def over_axes(function):
    """Apply a function of a list to all entries that meet in one entry of the result."""

    def reduce(x, axis=None, *, keepdims=False, **more):
        gone = range(x.ndim) if axis is None else [each % x.ndim for each in np.atleast_1d(axis)]
        groups = {}
        for place in _entries(x.shape):
            key = tuple(0 if index in gone else each for index, each in enumerate(place))
            groups.setdefault(key, []).append(float(x[place]))
        shape = tuple(1 if index in gone else size for index, size in enumerate(x.shape))
        out = _built(shape, lambda place: function(groups.get(place, []), **more))
        return out if keepdims else out.reshape([size for index, size in enumerate(x.shape) if index not in gone])

    return reduce


def mean(entries):
    return math.fsum(entries) / len(entries)


def variance(entries, ddof=0):
    middle = mean(entries)
    return math.fsum((entry - middle) ** 2 for entry in entries) / (len(entries) - ddof)


def logsumexp(entries):
    return float(mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(entry)) for entry in entries)))


def others(x, axis=None):
    gone = range(x.ndim) if axis is None else [each % x.ndim for each in np.atleast_1d(axis)]
    return _built(
        x.shape,
        lambda place: math.prod(
            float(x[other])
            for other in _entries(x.shape)
            if other != place and all(i in gone or other[i] == place[i] for i in range(x.ndim))
        ),
    )


def log_softmax(x, axis=-1):
    return x - over_axes(logsumexp)(x, axis, keepdims=True)


def solve(matrix, right):
    """By elimination in 50 digits."""
    columns = right[:, None] if right.ndim == 1 else right
    batch = np.broadcast_shapes(matrix.shape[:-2], columns.shape[:-2])
    left = np.broadcast_to(matrix, (*batch, *matrix.shape[-2:]))
    spread = np.broadcast_to(columns, (*batch, *columns.shape[-2:]))
    out = np.empty(spread.shape)
    for place in _entries(batch):
        found = mpmath.inverse(mpmath.matrix(left[place].tolist())) * mpmath.matrix(spread[place].tolist())
        out[place] = np.array(found.tolist(), dtype=float)
    return out[..., 0] if right.ndim == 1 else out


def inverse(matrix):
    return solve(matrix, np.eye(matrix.shape[-1]))


def logdet(matrix):
    return _built(
        matrix.shape[:-2], lambda place: float(mpmath.log(abs(mpmath.det(mpmath.matrix(matrix[place].tolist())))))
    )


def reduced(losses, reduction):
    flat = losses.ravel().tolist()
    return {"none": losses, "sum": math.fsum(flat), "mean": math.fsum(flat) / max(len(flat), 1)}[reduction]


def squared_error(x, y, reduction="mean"):
    left, right = np.broadcast_arrays(x, y)
    return reduced(_built(left.shape, lambda place: (left[place] - right[place]) ** 2), reduction)


def binary_cross_entropy(x, y, reduction="mean"):
    left, right = np.broadcast_arrays(x, y)

    def entry(place):
        score, target = mpmath.mpf(left[place]), mpmath.mpf(right[place])
        likely = 1 / (1 + mpmath.exp(-score))
        return float(-target * mpmath.log(likely) - (1 - target) * mpmath.log(1 - likely))

    return reduced(_built(left.shape, entry), reduction)


def cross_entropy(x, y, reduction="mean"):
    scores = log_softmax(x)
    if y.ndim == x.ndim:
        losses = -over_axes(math.fsum)(y * scores, -1)
    else:
        losses = _built(y.shape, lambda place: -scores[(*place, int(y[place]))])
    return reduced(losses, reduction)


def windows(x, size=(), stride=None, dilation=None):
    """Each entry of each window, looked up by its place."""
    rank = len(size)
    stride, dilation = stride or (1,) * rank, dilation or (1,) * rank
    lead, sizes = x.shape[: x.ndim - rank], x.shape[x.ndim - rank :]
    places = [
        len(range(0, length - (window - 1) * apart, step))
        for length, window, step, apart in zip(sizes, size, stride, dilation, strict=True)
    ]
    out = np.empty((*lead, *places, *size))
    for index in np.ndindex(out.shape):
        front, window, inside = index[: len(lead)], index[len(lead) : len(lead) + rank], index[len(lead) + rank :]
        out[index] = x[(*front, *(w * s + k * d for w, s, k, d in zip(window, stride, inside, dilation, strict=True)))]
    return out


def overlap_add(x, shape=(), size=(), stride=None, dilation=None):
    """Each entry of each window, added at the place that it was looked up from."""
    rank = len(size)
    lead = x.shape[: x.ndim - 2 * rank]
    whole = (*lead, *shape)
    places = windows(np.arange(float(math.prod(whole))).reshape(whole), size, stride, dilation)
    found = [[] for _ in range(math.prod(whole))]
    for place, entry in zip(places.ravel(), x.ravel(), strict=True):
        found[int(place)].append(float(entry))
    return np.array([math.fsum(each) for each in found]).reshape(whole)


def running_sums(entries):
    return [math.fsum(entries[: count + 1]) for count in range(len(entries))]


def along(function):
    """Each lane along an axis by itself."""

    def oracle(x, axis):
        out = np.empty(x.shape)
        lanes, results = np.moveaxis(x, axis, -1), np.moveaxis(out, axis, -1)
        for place in _entries(lanes.shape[:-1]):
            results[place] = function(lanes[place].tolist())
        return out

    return oracle


def cholesky(x):
    """Of the symmetric part, in 50 digits."""
    out = np.zeros(x.shape)
    for place in _entries(x.shape[:-2]):
        out[place] = mpmath.cholesky(mpmath.matrix(((x[place] + x[place].T) / 2).tolist())).tolist()
    return out


def singular_parts(x):
    def entry(place):
        left, _, right = mpmath.svd_r(mpmath.matrix(x[place[:-3]].tolist()))
        return float(left[place[-2], place[-3]] * right[place[-3], place[-1]])

    return _built((*x.shape[:-2], min(x.shape[-2:]), *x.shape[-2:]), entry)


def svdvals(x):
    parts = singular_parts(x)
    return _built(parts.shape[:-2], lambda place: math.fsum((parts[place] * x[place[:-1]]).ravel()))
