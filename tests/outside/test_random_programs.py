"""Random programs against PyTorch's autograd: scalars of every operation, and arrays in every shape.

Run as ``PROGRAMS=50000 python -m pytest tests/outside/test_random_programs.py`` for as many of each kind as one likes.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from random_expressions import forest, path_scales

import backpropviz as bpv
from backpropviz import ops
from backpropviz.adopt.comparing import difference

torch = pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install torch")

PROGRAMS = int(os.environ.get("PROGRAMS", "2000"))
SIZE = 50

SCALARS = {
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "subtract": lambda x, y: x - y,
    "negate": lambda x: -x,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "reciprocal": torch.reciprocal,
    "square": torch.square,
    "power": torch.pow,
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    # PyTorch takes the slope from the value, which is rounded beside -1.
    "expm1": lambda x: torch.where(x < -1.0, torch.exp(x) - 1.0, torch.expm1(torch.clamp(x, min=-1.0))),
    "ln": torch.log,
    "log1p": torch.log1p,
    "log2": torch.log2,
    "log10": torch.log10,
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "tanh": torch.tanh,
    "atan2": torch.atan2,
    "hypot": torch.hypot,
    "sigmoid": torch.sigmoid,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "gelu": torch.nn.functional.gelu,
    "asinh": torch.asinh,
    "acosh": torch.acosh,
    "atanh": torch.atanh,
    "cbrt": lambda x: torch.sign(x) * torch.abs(x) ** (1.0 / 3.0),
    "logaddexp": torch.logaddexp,
    "copysign": lambda x, y: torch.where(
        y.isnan(), y * x, torch.copysign(x, y)
    ),  # the sign of what is no number is nobody's promise
    "mod": torch.remainder,
    "floor": torch.floor,
    "ceil": torch.ceil,
    "round": torch.round,
    "erfc": torch.erfc,
    "erf": torch.erf,
    "abs": torch.abs,
    "sign": torch.sign,
    "max": lambda *terms: torch.stack(terms).amax(0),  # a tie is shared equally
    "min": lambda *terms: torch.stack(terms).amin(0),
    "where": lambda condition, x, y: torch.where(condition != 0, x, y),
    "clip": lambda x, low, high: torch.minimum(torch.maximum(x, low), high),
    **{
        name: lambda x, y, _name=name: getattr(torch, _name)(x, y).double()
        for name in ("greater", "greater_equal", "less", "less_equal", "not_equal")
    },
    "equal": lambda x, y: torch.eq(x, y).double(),
}


def _in_torch(expressions):
    """Value of each node and gradient of each input, by PyTorch."""
    graph = expressions.graph
    found = {}
    for name in graph.nodes:
        op, arguments = graph.op(name), [found[each] for each in graph.arguments(name)]
        if op == "input":
            found[name] = torch.tensor(float(expressions.point[name]), dtype=torch.float64, requires_grad=True)
        elif op == "constant":
            found[name] = torch.tensor(float(graph.node(name).value), dtype=torch.float64)
        else:
            found[name] = SCALARS[op](*arguments)
    return found


@pytest.mark.parametrize("batch", range(max(1, PROGRAMS // SIZE)))
def test_scalars_agree(batch):
    expressions = forest(10_000 + batch, SIZE)
    tape = expressions.graph.evaluate(expressions.point)
    adjoints, scales = tape.reverse(), path_scales(tape)
    found = _in_torch(expressions)
    compared = 0
    for index, root in enumerate(expressions.roots):
        names = [f"x{k}_{index}" for k in range(3)]
        if not found[root].requires_grad:
            continue
        slopes = torch.autograd.grad(found[root], [found[name] for name in names], allow_unused=True)
        for name, slope in zip(names, slopes, strict=True):
            theirs = 0.0 if slope is None else float(slope)
            if not (np.isfinite(theirs) and np.isfinite(scales[name]) and np.isfinite(tape.primals[root])):
                continue  # where one is not finite, conventions differ: ours are told in docs/conventions.md
            gap = abs(float(adjoints[name]) - theirs)
            # Steep functions enlarge an ulp of each library's own exponential and logarithm.
            assert gap <= 1e-11 * scales[name] * max(1.0, 1e-3 * scales[name]), (root, name, adjoints[name], theirs)
            compared += 1
    assert compared > SIZE


def _hypot(x, y):
    """Give the slope 0 at the origin, as docs/conventions.md has it; PyTorch gives NaN."""
    at_origin = (x == 0) & (y == 0)
    return torch.where(at_origin, 0 * x + 0 * y, torch.hypot(torch.where(at_origin, 1.0, x), y))


UNARY = [
    (np.exp, torch.exp),
    (np.tanh, torch.tanh),
    (np.sin, torch.sin),
    (ops.sigmoid, torch.sigmoid),
    (ops.relu, torch.relu),
    (ops.softplus, lambda x: torch.logaddexp(x, torch.zeros_like(x))),  # torch's own is a straight line beyond 20
    (lambda x: np.log(x * x + 1.0), lambda x: torch.log(x * x + 1.0)),
    (lambda x: np.sqrt(abs(x) + 0.5), lambda x: torch.sqrt(abs(x) + 0.5)),
    (ops.softmax, lambda x: torch.softmax(x, -1)),
    (lambda x: ops.log_softmax(x, axis=0), lambda x: torch.log_softmax(x, 0)),
    (lambda x: np.sum(x, axis=0, keepdims=True), lambda x: x.sum(0, keepdim=True)),
    (lambda x: np.mean(x, axis=-1, keepdims=True), lambda x: x.mean(-1, keepdim=True)),
    (lambda x: np.max(x, axis=-1, keepdims=True), lambda x: x.amax(-1, keepdim=True)),
    (lambda x: np.min(x, axis=0), lambda x: x.amin(0)),
    (lambda x: np.var(x, axis=-1, keepdims=True), lambda x: x.var(-1, keepdim=True, correction=0)),
    (lambda x: np.reshape(x, (-1,)), lambda x: x.reshape(-1)),
    (lambda x: np.swapaxes(x, 0, -1), lambda x: x.transpose(0, -1)),
    (lambda x: x[..., ::2], lambda x: x[..., ::2]),
    (lambda x: x[[0, 0]], lambda x: x[[0, 0]]),
    (lambda x: np.concatenate([x, x * x], axis=0), lambda x: torch.cat([x, x * x], 0)),
    (lambda x: np.stack([x, -x], axis=-1), lambda x: torch.stack([x, -x], -1)),
    (lambda x: np.expand_dims(x, 0), lambda x: x.unsqueeze(0)),
    (lambda x: ops.windows(x, size=(1,)), lambda x: x.unfold(-1, 1, 1)),
    (ops.first_max, lambda x: x.max(-1).values),
]
BINARY = [
    (np.add, torch.add),
    (np.subtract, torch.subtract),
    (np.multiply, torch.multiply),
    (lambda x, y: x / (y * y + 1.0), lambda x, y: x / (y * y + 1.0)),
    (np.maximum, torch.maximum),
    (np.hypot, _hypot),
    (lambda x, y: x @ np.swapaxes(y, -1, -2), lambda x, y: x @ y.mT),
    (lambda x, y: np.where(x > y, x * y, y), lambda x, y: torch.where(x > y, x * y, y)),
    (ops.squared_error, torch.nn.functional.mse_loss),
]


def _array_program(seed):
    """Give a random program twice, and its inputs; steps that do not fit their arguments are left out by PyTorch."""
    source = random.Random(seed)  # noqa: S311  no secret
    generator = np.random.default_rng(seed)
    shapes = [tuple(source.choice([1, 2, 3]) for _ in range(source.randint(1, 3))) for _ in range(3)]
    inputs = [generator.normal(size=shape) for shape in shapes]
    steps = []
    tensors = [torch.tensor(each, requires_grad=True) for each in inputs]
    values = list(tensors)
    while len(steps) < 8:
        table, count = (UNARY, 1) if source.random() < 0.6 else (BINARY, 2)
        step = (source.choice(table), [source.randrange(len(values)) for _ in range(count)])
        if any(values[place].dim() == 0 for place in step[1]):
            continue  # PyTorch gives a scalar an axis where NumPy has none
        try:
            made = step[0][1](*(values[place] for place in step[1]))
        except (RuntimeError, IndexError):
            continue
        if made.numel() > 500 or not made.numel() or made.dim() > 6 or not float(made.detach().abs().max()) < 1e3:
            continue
        if step[0][1] is torch.nn.functional.mse_loss and values[step[1][0]].shape != values[step[1][1]].shape:
            continue
        values.append(made)
        steps.append(step)
    total = sum((each * each).mean() for each in values[-3:])

    def ours(x, y, z):
        held = [x, y, z]
        for (function, _), places in steps:
            held.append(function(*(held[place] for place in places)))
        parts = [np.mean(each * each) for each in held[-3:]]
        return parts[0] + parts[1] + parts[2]

    return ours, inputs, total, tensors


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("batch", range(max(1, PROGRAMS // 10 // SIZE)))
def test_arrays_agree(batch):
    for seed in range(batch * SIZE, (batch + 1) * SIZE):
        ours, inputs, total, tensors = _array_program(seed)
        point = dict(zip("xyz", inputs, strict=True))
        graph = bpv.trace(ours, shapes={name: each.shape for name, each in point.items()})
        total.backward()
        tape = graph.evaluate(point)
        adjoints = tape.reverse()
        value, gradient = graph.compile()(**point)
        assert difference(tape.value, total.detach().numpy()) <= 1e-12, seed
        assert difference(value, total.detach().numpy()) <= 1e-12, seed
        for name, tensor in zip("xyz", tensors, strict=True):
            right = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
            assert difference(adjoints[name], right) <= 1e-11, (seed, name)
            assert difference(gradient[name], right) <= 1e-11, (seed, name)
