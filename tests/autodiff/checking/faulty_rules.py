"""Rules that are wrong on purpose, each as a faulty copy of a right one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops import REGISTRY
from backpropviz.ops.axes import restored
from backpropviz.ops.singular_values import singular_parts

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Fault:
    """A wrong rule and a point at which the graph is checked."""

    what: str
    op: str
    changes: dict[str, Any]
    arguments: tuple[Any, ...]
    parameters: dict[str, Any]

    def __str__(self):
        return f"{self.op}: {self.what}"

    def faulty(self):
        return replace(REGISTRY[self.op], **self.changes)


FAULTS: list[Fault] = []


def _partials(op: str, what: str, rule: Callable[..., Any], *arguments: Any, **parameters: Any) -> None:
    FAULTS.append(Fault(what, op, {"partials": rule}, arguments, parameters))


def _reverse(op: str, what: str, rule: Callable[..., Any], *arguments: Any, slot: int = 0, **parameters: Any) -> None:
    rules = list(REGISTRY[op].vjp_rules)
    rules[slot] = rule
    FAULTS.append(Fault(what, op, {"vjp_rules": tuple(rules)}, arguments, parameters))


def _forward(op: str, what: str, rule: Callable[..., Any], *arguments: Any, slot: int = 0, **parameters: Any) -> None:
    rules = list(REGISTRY[op].jvp_rules)
    rules[slot] = rule
    FAULTS.append(Fault(what, op, {"jvp_rules": tuple(rules)}, arguments, parameters))


def _together(op: str, what: str, rule: Callable[..., Any], *arguments: Any, **parameters: Any) -> None:
    FAULTS.append(Fault(what, op, {"vjp_together": rule}, arguments, parameters))


# -- one number at a time: wrong sign, factor, argument, power; wrong on one side only; nearly right ----------

_partials("add", "forgets the second term", lambda _o, *a: (1.0, 0.0, *a[2:]), 1.0, 2.0)
_partials("add", "halves each", lambda _o, *a: (0.5,) * len(a), 1.0, 2.0)
_partials("subtract", "adds", lambda _o, _x, _y: (1.0, 1.0), 1.0, 2.0)
_partials("negate", "keeps the sign", lambda _o, _x: (1.0,), 2.0)
_partials("multiply", "does not swap", lambda _o, x, y: (x, y), 3.0, 2.0)
_partials("multiply", "does not swap, at equal factors", lambda _o, x, y: (x, y), 2.0, 2.0)
_partials("divide", "sign of the divisor's part", lambda _o, x, y: (1 / y, x / (y * y)), 1.0, 2.0)
_partials("divide", "forgets a square, at y = 1", lambda _o, x, y: (1 / y, -x / y), 2.0, 1.0)
_partials("reciprocal", "forgets the sign", lambda _o, x: (1 / (x * x),), 2.0)
_partials("square", "forgets the 2", lambda _o, x: (x,), 3.0)
_partials("square", "slope of x³ at the one point where both agree", lambda _o, x: (3 * x * x,), 2.0 / 3.0)
_partials("power", "keeps the exponent", lambda o, x, y: (y * x**y, o * np.log(x)), 2.0, 3.0)
_partials("power", "forgets the logarithm", lambda o, x, y: (y * x ** (y - 1), o), 2.0, 3.0)
_partials("sqrt", "forgets the half", lambda o, _x: (1 / o,), 2.0)
_partials("exp", "uses x", lambda _o, x: (x,), 2.0)
_partials("exp", "off in the tenth digit", lambda o, _x: (o * (1 + 3e-9),), 1.0)
_partials("ln", "uses the value", lambda o, _x: (o,), 2.0)
_partials("log2", "slope of ln", lambda _o, x: (1 / x,), 2.0)
_partials("log10", "wrong base", lambda _o, x: (1 / (x * np.log(2.0)),), 2.0)
_partials("sin", "sign", lambda _o, x: (-np.cos(x),), 1.0)
_partials("sin", "slope 1, checked at 0", lambda _o, _x: (1.0,), 0.0)
_partials("cos", "sign", lambda _o, x: (np.sin(x),), 1.0)
_partials("cos", "sign, checked at 0", lambda _o, x: (np.sin(x),), 0.0)
_partials("tan", "1 - out²", lambda o, _x: (1 - o * o,), 1.0)
_partials("asin", "slope of acos", lambda _o, x: (-1 / np.sqrt(1 - x * x),), 0.5)
_partials("acos", "forgets the root", lambda _o, x: (-1 / (1 - x * x),), 0.5)
_partials("atan", "1 - x²", lambda _o, x: (1 / (1 - x * x),), 0.5)
_partials("sinh", "sign for negative x", lambda _o, x: (np.sign(x) * np.cosh(x),), 1.0)
_partials("cosh", "right for positive x only", lambda _o, x: (np.abs(np.sinh(x)),), 1.0)
_partials("tanh", "1 + out²", lambda o, _x: (1 + o * o,), 0.5)
_partials("tanh", "uses x for out, checked near 0", lambda _o, x: (1 - x * x,), 1e-3)
_partials("atan2", "slots exchanged", lambda _o, x, y: (-x / (x * x + y * y), y / (x * x + y * y)), 1.0, 1.0)
_partials("hypot", "not divided by the length", lambda _o, x, y: (x, y), 0.6, 0.8)
_partials("sigmoid", "slope of tanh", lambda o, _x: (1 - o * o,), 1.0)
_partials("sigmoid", "forgets 1 - out", lambda o, _x: (o,), -2.0)
_partials("softplus", "slope of the sigmoid", lambda _o, x: (np.exp(-x) / (1 + np.exp(-x)) ** 2,), 1.0)
_partials("relu", "always open", lambda _o, _x: (1.0,), 2.0)
_partials("relu", "open on the wrong side", lambda _o, x: (np.where(x < 0, 1.0, 0.0),), 2.0)
_partials("leaky_relu", "no leak", lambda _o, x, slope=0.01: (np.where(x > 0, 1.0, 0.0),), 2.0)
_partials("leaky_relu", "ignores its parameter", lambda _o, x, slope=0: (np.where(x > 0, 1, 0.01),), 2.0, slope=0.3)
_partials("gelu", "forgets the density", lambda _o, x: (0.5 * (1 + np.tanh(0.8 * x)),), 1.0)
_partials("erf", "forgets 2/√π", lambda _o, x: (np.exp(-x * x),), 0.5)
_partials("abs", "slope 1 on both sides", lambda _o, _x: (1.0,), 2.0)
_partials("max", "sends to the loser", lambda o, x, y: (np.equal(y, o) * 1.0, np.equal(x, o) * 1.0), 3.0, 1.0)
_partials("max", "always to the first", lambda _o, *a: (1.0,) + (0.0,) * (len(a) - 1), 3.0, 1.0)
_partials("max", "always shared", lambda _o, *a: (1 / len(a),) * len(a), 2.0, 2.0)
_partials("min", "sends to all", lambda _o, *a: (1.0,) * len(a), 3.0, 1.0, 2.0)
_partials(
    "where", "to the branch not taken", lambda _o, c, _x, _y: (0.0, np.where(c, 0, 1), np.where(c, 1, 0)), 1, 2, 3
)
_partials("where", "to both branches", lambda _o, _c, _x, _y: (0.0, 1.0, 1.0), 0.0, 2.0, 3.0)
_partials("where", "to the condition", lambda _o, c, _x, _y: (1.0, np.where(c, 1, 0), np.where(c, 0, 1)), 1.0, 2.0, 3.0)
_partials("clip", "never closes", lambda _o, _x, _l, _h: (1.0, 0.0, 0.0), 0.5, 0.0, 1.0)
_partials("sign", "passes", lambda _o, _x: (1.0,), 2.0)
_partials("greater", "passes", lambda _o, _x, _y: (1.0, -1.0), 2.0, 1.0)
_partials("equal", "passes", lambda _o, _x, _y: (1.0, 0.0), 2.0, 1.0)

# -- whole arrays: transposed, summed or scaled wrongly, one direction only ----------------------------------

A = np.array([[1.0, 2.0, -1.0], [0.5, -1.5, 3.0]])
B = np.array([[2.0, 1.0], [-1.0, 0.5], [0.3, 0.7]])
S = np.array([[3.0, 1.0], [0.5, 2.0]])
V = np.array([1.0, -2.0, 0.5])

_reverse("matmul", "not transposed", lambda g, _o, _x, y: g @ y, S, S)
_reverse("matmul", "right factor not transposed", lambda g, _o, x, _y: x @ g, S, S, slot=1)
_reverse("matmul", "shape of the transpose", lambda g, _o, _x, y: (g @ y.T).T, A, B)
_forward("matmul", "order exchanged", lambda t, _o, _x, y: y @ t, S, S)
_reverse("dot", "own argument", lambda g, _o, x, _y: g * x, V, V[::-1].copy())
_reverse("outer", "not summed", lambda g, _o, _x, _y: g[:, 0], V, V)
_reverse(
    "transpose",
    "ignores the order",
    lambda g, _o, _x, axes=None: np.transpose(g, axes),
    np.arange(8.0).reshape(2, 2, 2),
    axes=(1, 2, 0),
)
_reverse("norm", "not divided", lambda g, _o, x, axis=None, keepdims=False: g * x, V)
_forward("norm", "of the tangent", lambda t, _o, _x, axis=None, keepdims=False: np.sqrt(np.sum(t * t)), V)
_reverse("sum", "a mean", lambda g, _o, x, axis=None, keepdims=False: np.full(x.shape, g / x.size), V)
_reverse(
    "sum",
    "along the wrong axis",
    lambda g, _o, x, axis=0, keepdims=False: np.broadcast_to(g[:, None], x.shape),
    S,
    axis=0,
)
_reverse("mean", "a sum", lambda g, _o, x, axis=None, keepdims=False: np.full(x.shape, g), V)
_reverse(
    "mean",
    "divides by all entries",
    lambda g, _o, x, axis=0, keepdims=False: np.broadcast_to(g / x.size, x.shape),
    A,
    axis=0,
)
_reverse("prod", "divides by a zero", lambda g, o, x, axis=None, keepdims=False: g * o / x, np.array([0.0, 2.0, 3.0]))
_reverse("reduce_max", "to all", lambda g, _o, x, axis=None, keepdims=False: np.full(x.shape, g), V)
_reverse("reduce_max", "to the first", lambda g, _o, x, axis=None, keepdims=False: np.eye(1, x.size)[0] * g, V)
_reverse("reduce_min", "to the largest", lambda g, _o, x, axis=None, keepdims=False: g * (x == x.max()), V)
_reverse("variance", "forgets the mean", lambda g, _o, x, axis=None, keepdims=False, ddof=0: 2 * g * x / x.size, V)
_reverse(
    "variance",
    "ignores ddof",
    lambda g, _o, x, axis=None, keepdims=False, ddof=0: 2 * g * (x - x.mean()) / x.size,
    V,
    ddof=1,
)
_reverse(
    "std", "of the variance", lambda g, _o, x, axis=None, keepdims=False, ddof=0: 2 * g * (x - x.mean()) / x.size, V
)
_reverse("logsumexp", "not normalised", lambda g, _o, x, axis=None, keepdims=False: g * np.exp(x), V)
_reverse("reshape", "reversed", lambda g, _o, x, shape=(): np.reshape(np.ravel(g)[::-1], x.shape), A, shape=(6,))
_reverse("broadcast_to", "takes one instead of summing", lambda g, _o, _x, shape=(): g[0], V, shape=(2, 3))
_reverse("getitem", "a repeated index counts once", lambda g, _o, x, index="": _overwritten(g, x), V, index="[0, 2, 2]")
_reverse(
    "scatter", "to other places", lambda g, _o, x, index="", shape=(): g[: x.size], V, index="[1, 2, 3]", shape=(5,)
)
_together("concatenate", "parts exchanged", lambda slots, g, _o, *a, axis=0: [g[3:], g[:3]], V, V)
_together("stack", "the first for all", lambda slots, g, _o, *a, axis=0: [g[0] for _ in slots], V, V)
_together(
    "solve",
    "not transposed",
    lambda slots, g, o, x, _y: [-np.outer(np.linalg.solve(x, g), o), np.linalg.solve(x, g)],
    S,
    V[:2],
)
_reverse("inverse", "sign", lambda g, o, _x: o.T @ g @ o.T, S)
_reverse("inverse", "not transposed", lambda g, o, _x: -(o @ g @ o), S)
_reverse("logdet", "not transposed", lambda g, _o, x: g * np.linalg.inv(x), S)
_reverse("svdvals", "left and right exchanged", lambda g, _o, x: np.tensordot(g, singular_parts(x), 1).T, S)
_reverse("singular_parts", "not mixed", lambda g, o, _x: np.sum(g * o, axis=-3), S)
_reverse("softmax", "diagonal only", lambda g, o, _x, axis=-1: g * o * (1 - o), V)
_reverse("softmax", "over all axes", lambda g, o, _x, axis=-1: o * (g - np.sum(g * o)), A)
_reverse("log_softmax", "forgets the sum", lambda g, o, _x, axis=-1: g - np.exp(o) * g, V)
_reverse(
    "squared_error", "forgets the 2", lambda g, _o, x, y, reduction="mean": g * (x - y) / x.size, V, V[::-1].copy()
)
_reverse("squared_error", "sum for mean", lambda g, _o, x, y, reduction="mean": 2 * g * (x - y), V, V[::-1].copy())
_reverse(
    "binary_cross_entropy_with_logits",
    "no sigmoid",
    lambda g, _o, x, y, reduction="mean": g * (x - y) / x.size,
    V,
    np.array([0.0, 1.0, 1.0]),
)
_reverse(
    "cross_entropy_with_logits",
    "sign",
    lambda g, _o, x, y, reduction="mean": g * (y - np.exp(x) / np.exp(x).sum()),
    V,
    np.array([0.0, 1.0, 0.0]),
)

# -- rules that are no rules: not linear, not repeatable, not of the argument's shape -------------------------

_reverse("sum", "the size of the cotangent", lambda g, _o, x, axis=None, keepdims=False: np.full(x.shape, np.abs(g)), V)
_reverse(
    "mean",
    "the square of the cotangent",
    lambda g, _o, x, axis=None, keepdims=False: np.full(x.shape, g * g / x.size),
    V,
)
_reverse(
    "logsumexp",
    "cotangents are cut at 2",
    lambda g, o, x, axis=None, keepdims=False: np.clip(restored(g, axis, keepdims), -2, 2) * np.exp(x - o),
    V,
)
_reverse(
    "sum",
    "other bits each time",
    lambda g, _o, x, axis=None, keepdims=False: g * (1 + 1e-15 * np.random.default_rng().normal(size=x.shape)),
    V,
)
_reverse("sum", "a scalar for an array", lambda g, _o, _x, axis=None, keepdims=False: g, V)
_reverse("mean", "raises", lambda g, _o, x, axis=None, keepdims=False: g @ x, V)


def _overwritten(g, x):
    out = np.zeros(x.shape)
    out[[0, 2, 2]] = g
    return out
