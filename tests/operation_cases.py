"""One table for the whole registry: where every operation is tried, and what it must give there."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import operation_oracles as oracles

from backpropviz.errors import ShapeError
from backpropviz.ops import REGISTRY
from backpropviz.ops.broadcasting import broadcast_shape

if TYPE_CHECKING:
    from collections.abc import Callable


COMPOSITES = {"composite", "array_composite"}
"""Gates closed around a graph: they are tried where graphs are closed."""

OPERATIONS = {name: op for name, op in REGISTRY.items() if name not in COMPOSITES}


@dataclass(frozen=True)
class Case:
    """One call of an operation."""

    op: str
    arguments: tuple[Any, ...]
    oracle: Callable[..., Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    fixed: tuple[int, ...] = ()
    """Slots that take whole numbers only, so that no direction exists."""

    def __str__(self):
        shapes = ",".join("x".join(map(str, np.shape(argument))) or "()" for argument in self.arguments)
        options = ",".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.op}({shapes}{';' if options else ''}{options})"

    @property
    def rule(self):
        return REGISTRY[self.op]

    def value(self):
        with np.errstate(all="ignore"):
            return np.asarray(self.rule.value(*self.arguments, **self.parameters), dtype=np.float64)[()]

    def expected(self):
        return np.asarray(self.oracle(*map(np.asarray, self.arguments), **self.parameters), dtype=np.float64)


def sample(generator, interval, shape):
    """Numbers within an interval; of both signs where the operation bears it."""
    return np.asarray(generator.uniform(interval.low, interval.high, shape))[()]


def _elementwise():
    generator = np.random.default_rng(1)
    for name, op in OPERATIONS.items():
        if not op.elementwise:
            continue

        def oracle(*arguments, _name=name):
            spread = np.broadcast_arrays(*arguments)
            out = np.empty(spread[0].shape)
            for place in np.ndindex(out.shape):
                out[place] = oracles.scalar(_name, *(array[place] for array in spread))
            return out

        for arity in (op.arity,) if op.arity else (2, 3):
            layouts = [((),) * arity, ((2, 3),) * arity, ((0, 3),) * arity]
            if arity > 1:
                layouts += [((2, 1), (3,), ())[:arity], ((), (2,), (3, 1))[:arity], ((1, 3), (0, 1), (3,))[:arity]]
            for shapes in layouts:
                arguments = tuple(sample(generator, op.interval(slot), shape) for slot, shape in enumerate(shapes))
                yield Case(name, arguments, oracle)
            if not any(op.interval(slot).low > 0 for slot in range(arity)) or name in ("relu", "leaky_relu", "abs"):
                mirrored = tuple(-sample(generator, op.interval(slot), (4,)) for slot in range(arity))
                yield Case(name, mirrored, oracle)


def _array(*shape):
    # Fractions of a prime are spread out, never tie and never vanish.
    count = math.prod(shape)
    return (np.modf((np.arange(count) + 1) * 0.754877666)[0] * 3.0 - 1.4).reshape(shape)


def _matrix(*shape):
    return _array(*shape) + 3.0 * np.eye(shape[-1])


_VECTORS = [(4,), (3, 4), (2, 3, 4), (2, 1, 3, 4)]
_AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": (-1, 1), "keepdims": True}, {"keepdims": True}]
_REDUCTIONS = {
    "sum": math.fsum,
    "mean": oracles.mean,
    "prod": math.prod,
    "reduce_max": max,
    "reduce_min": min,
    "variance": oracles.variance,
    "std": lambda entries, ddof=0: math.sqrt(oracles.variance(entries, ddof)),
    "logsumexp": oracles.logsumexp,
    "norm": lambda entries: math.sqrt(math.fsum(entry * entry for entry in entries)),
}


def _linear_algebra():
    for left in _VECTORS:
        for right in [(4,), (4, 2), (2, 4, 3), (3, 1, 4, 2)]:
            with contextlib.suppress(ShapeError):
                broadcast_shape(left[:-2], right[:-2])
                yield Case("matmul", (_array(*left), _array(*right)), oracles.matmul)
            yield Case("dot", (_array(*left), _array(*right)), oracles.dot)
    yield Case("matmul", (_array(1, 2, 3), _array(4, 3, 2)), oracles.matmul)
    yield Case("matmul", (np.ones((0, 3)), _array(3, 2)), oracles.matmul)
    yield Case("matmul", (np.ones((2, 0)), np.ones((0, 3))), oracles.matmul)
    yield Case("dot", (np.float64(2.5), _array(3)), oracles.dot)
    yield Case("dot", (_array(2, 2), np.float64(-1.5)), oracles.dot)
    yield Case("dot", (np.ones((0,)), np.ones((0,))), oracles.dot)
    yield Case("outer", (_array(3), _array(2)), oracles.outer)
    yield Case("outer", (_array(2, 2), _array(3)), oracles.outer)
    for matrix, right in [
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3,)),
        ((2, 3, 3), (2, 3, 1)),
        ((2, 2), (3, 2, 2)),
    ]:
        yield Case("solve", (_matrix(*matrix), _array(*right)), oracles.solve)
    for matrix in [(1, 1), (3, 3), (2, 3, 3)]:
        yield Case("inverse", (_matrix(*matrix),), oracles.inverse)
        yield Case("logdet", (_matrix(*matrix),), oracles.logdet)
        yield Case("logdet", (-_matrix(*matrix),), oracles.logdet)
        yield Case("cholesky", (_matrix(*matrix) + 2.0 * np.eye(matrix[-1]),), oracles.cholesky)
    yield Case("solve", (np.ones((0, 0)), np.ones((0,))), lambda _x, y: y)
    for matrix in [(3, 3), (2, 3, 2), (1, 3)]:
        yield Case("svdvals", (_array(*matrix),), oracles.svdvals)
        yield Case("singular_parts", (_array(*matrix),), oracles.singular_parts)


_OF_NOTHING = {"mean": math.nan, "variance": math.nan, "std": math.nan, "logsumexp": -math.inf, "prod": 1.0}


def _of_nothing(name, x, axis):
    return np.full(x.shape[1 - axis], _OF_NOTHING.get(name, 0.0))


def _reductions():
    for name, function in _REDUCTIONS.items():
        oracle = oracles.over_axes(function)
        for parameters in _AXES:
            yield Case(name, (_array(2, 3, 4),), oracle, parameters)
        yield Case(name, (np.float64(1.3),), oracle)
        yield Case(name, (_array(5),), oracle, {"axis": 0})
        if name not in ("reduce_max", "reduce_min"):
            yield Case(name, (np.ones((0, 2)),), partial(_of_nothing, name), {"axis": 0})
        yield Case(name, (np.ones((0, 2)),), lambda _x, **_options: np.ones(0), {"axis": 1})
    for name in ("variance", "std"):
        yield Case(name, (_array(4, 3),), oracles.over_axes(_REDUCTIONS[name]), {"axis": 0, "ddof": 1})
    for parameters in ({}, {"axis": 0}, {"axis": (0, 2)}, {"axis": -1}):
        yield Case("product_of_others", (_array(2, 3, 2),), oracles.others, parameters)
    for zeros in ([0.0, 2.0, 3.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]):
        yield Case("prod", (np.array(zeros),), oracles.over_axes(math.prod))
        yield Case("product_of_others", (np.array(zeros),), oracles.others)


def _shaping():
    x = _array(2, 3, 4)
    flat = x.ravel().tolist()
    yield Case("reshape", (x,), lambda _x, shape: np.array(flat).reshape(4, 6), {"shape": (4, -1)})
    yield Case("reshape", (np.float64(2.0),), lambda x, shape: np.array([[float(x)]]), {"shape": (1, 1)})
    yield Case(
        "broadcast_to",
        (_array(3, 1),),
        lambda x, shape: np.array([[[float(x[i, 0])] * 4 for i in range(3)]] * 2),
        {"shape": (2, 3, 4)},
    )
    yield Case("broadcast_to", (np.float64(2.0),), lambda _x, shape: np.full(3, 2.0), {"shape": (3,)})
    yield Case("expand_dims", (x,), lambda _x, axis: np.array(flat).reshape(1, 2, 3, 4, 1), {"axis": (0, -1)})
    yield Case(
        "transpose", (x,), lambda x: np.array([[[x[k, j, i] for k in range(2)] for j in range(3)] for i in range(4)])
    )
    yield Case(
        "transpose",
        (x,),
        lambda x, axes: np.array([[[x[k, i, j] for k in range(2)] for j in range(4)] for i in range(3)]),
        {"axes": (1, -1, 0)},
    )
    yield Case(
        "swapaxes", (x,), lambda x: np.array([[[x[i, k, j] for k in range(3)] for j in range(4)] for i in range(2)])
    )
    for index, places in _PICKED.items():
        yield Case("getitem", (_array(3, 2),), lambda x, index, places=places: _pick(x, places), {"index": index})
    yield Case(
        "scatter",
        (_array(3),),
        lambda x, index, shape: np.array([x[0], 0.0, x[1] + x[2], 0.0]),
        {"index": "[0, 2, 2]", "shape": (4,)},
    )
    yield Case(
        "scatter",
        (_array(2),),
        lambda x, index, shape: np.array([[0.0, x[0]], [0.0, x[1]]]),
        {"index": ":, 1", "shape": (2, 2)},
    )
    yield Case(
        "concatenate",
        (_array(2, 3), _array(2, 1)),
        lambda x, y, axis: np.array([[*x[i], *y[i]] for i in range(2)]),
        {"axis": -1},
    )
    yield Case("concatenate", (_array(2), np.ones(0), _array(1)), lambda x, _y, z: np.array([*x, *z]))
    yield Case("concatenate", (_array(2),), lambda x: x)
    yield Case("stack", (_array(2), -_array(2), _array(2) + 1), lambda x, y, z: np.array([list(x), list(y), list(z)]))
    yield Case(
        "stack", (_array(2), -_array(2)), lambda x, y, axis: np.array([[x[0], y[0]], [x[1], y[1]]]), {"axis": -1}
    )
    yield Case("stack", (np.float64(1.0), np.float64(2.0)), lambda _x, _y: np.array([1.0, 2.0]))


_PICKED = {
    "0": [(0, 0), (0, 1)],
    "-1, 0": (2, 0),
    ":, None, 1": [[(0, 1)], [(1, 1)], [(2, 1)]],
    "..., 0": [(0, 0), (1, 0), (2, 0)],
    "::-2, 1": [(2, 1), (0, 1)],
    "[0, 2, 2]": [[(0, 0), (0, 1)], [(2, 0), (2, 1)], [(2, 0), (2, 1)]],
    "[[0], [1]], [1, 1]": [[(0, 1), (0, 1)], [(1, 1), (1, 1)]],
    "3:, 0": [],
}


def _pick(x, places):
    return float(x[places]) if isinstance(places, tuple) else np.array([_pick(x, place) for place in places])


def _orders():
    for axis in (0, 1, -1):
        yield Case("cumsum", (_array(2, 3, 4),), oracles.along(oracles.running_sums), {"axis": axis})
        yield Case("sort", (_array(2, 3, 4),), oracles.along(sorted), {"axis": axis})
    for name in ("cumsum", "sort"):
        yield Case(name, (np.ones((2, 0)),), lambda x: x)


def _losses():
    for axis in (-1, 0):
        yield Case("softmax", (_array(3, 4),), lambda x, axis: np.exp(oracles.log_softmax(x, axis)), {"axis": axis})
        yield Case("log_softmax", (_array(3, 4),), oracles.log_softmax, {"axis": axis})
    labels = np.array([0.0, 2.0, 2.0])
    shares = np.array([[0.2, 0.8], [1.0, 0.0]])
    for reduction in ("mean", "sum", "none"):
        options = {"reduction": reduction}
        yield Case("squared_error", (_array(3, 2), _array(2)), oracles.squared_error, options)
        yield Case("squared_error", (np.float64(0.5), np.float64(2.0)), oracles.squared_error, options)
        yield Case(
            "binary_cross_entropy_with_logits", (_array(2, 3), shares[:, :1]), oracles.binary_cross_entropy, options
        )
        yield Case("cross_entropy_with_logits", (_array(3, 4), labels), oracles.cross_entropy, options, fixed=(1,))
        yield Case("cross_entropy_with_logits", (_array(2, 2), shares), oracles.cross_entropy, options)
        yield Case(
            "cross_entropy_with_logits", (_array(4), np.float64(3.0)), oracles.cross_entropy, options, fixed=(1,)
        )
    yield Case(
        "cross_entropy_with_logits",
        (_array(2, 3, 2), np.array([[0.0, 1, 1], [1, 0, 0]])),
        oracles.cross_entropy,
        fixed=(1,),
    )
    yield Case(
        "cross_entropy_with_logits",
        (np.ones((0, 3)), np.ones(0)),
        oracles.cross_entropy,
        {"reduction": "sum"},
        fixed=(1,),
    )


def _sliding():
    for options in (
        {"size": (2,)},
        {"size": (3,), "stride": (2,)},
        {"size": (2, 3)},
        {"size": (2, 2), "stride": (2, 1), "dilation": (1, 3)},
        {"size": (5,), "dilation": (1,)},
        {},
    ):
        x = _array(2, 4, 5)
        yield Case("windows", (x,), oracles.windows, options)
        slid = oracles.windows(x, **options)
        shape = x.shape[x.ndim - len(options.get("size", ())) :]
        yield Case("overlap_add", (_array(*slid.shape),), oracles.overlap_add, {"shape": shape, **options})
    for axis in (0, 1, -1):
        yield Case("first_max", (_array(2, 3, 4),), oracles.over_axes(max), {"axis": axis})


CASES = [*_elementwise(), *_linear_algebra(), *_reductions(), *_shaping(), *_orders(), *_losses(), *_sliding()]
