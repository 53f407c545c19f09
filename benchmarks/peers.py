"""Value and whole gradient of a program in other libraries, each used as its own documentation does."""

from __future__ import annotations

import math
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from programs import Program

    Run = Callable[[], tuple[float, list[float]]]


def micrograd(program: Program) -> Run:
    """Scalars with closures; its four missing functions are added in its own style."""
    from micrograd.engine import Value  # noqa: PLC0415  a peer may be missing

    sys.setrecursionlimit(100_000)  # its backward walks by recursion

    def unary(function: Callable[[float], float], slope: Callable[[float, float], float]) -> Callable[[Any], Any]:
        def apply(x: Any) -> Any:
            out = Value(function(x.data), (x,), function.__name__)

            def backward() -> None:
                x.grad += slope(x.data, out.data) * out.grad

            out._backward = backward  # noqa: SLF001  as its own operations do
            return out

        return apply

    m = SimpleNamespace(
        exp=unary(math.exp, lambda _x, out: out),
        log=unary(math.log, lambda x, _out: 1.0 / x),
        sin=unary(math.sin, lambda x, _out: math.cos(x)),
        tanh=unary(math.tanh, lambda _x, out: 1.0 - out * out),
    )
    leaves = [Value(value) for value in program.point]

    def run() -> tuple[float, list[float]]:
        for leaf in leaves:
            leaf.grad = 0
        out = program.function(m, leaves)
        out.backward()
        return out.data, [leaf.grad for leaf in leaves]

    return run


def autograd(program: Program) -> Run:
    """HIPS autograd on float64 scalars."""
    import autograd.numpy as anp  # noqa: PLC0415
    from autograd import value_and_grad  # noqa: PLC0415

    count = len(program.point)
    both = value_and_grad(lambda *inputs: program.function(anp, inputs), argnum=tuple(range(count)))

    def run() -> tuple[float, list[float]]:
        value, adjoints = both(*program.point)
        return value, list(adjoints)

    return run


def pytorch(program: Program) -> Run:
    """PyTorch eager, one thread, float64 scalars."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in program.point]

    def run() -> tuple[float, list[float]]:
        out = program.function(torch, leaves)
        adjoints = torch.autograd.grad(out, leaves, allow_unused=True)
        return out.item(), list(adjoints)

    return run


def jax(program: Program) -> Run:
    """JAX jit of value_and_grad, float64; the inputs as one vector, which it takes faster than many scalars."""
    import jax as library  # noqa: PLC0415
    import jax.numpy as jnp  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    library.config.update("jax_enable_x64", True)
    count = len(program.point)
    both = library.jit(
        library.value_and_grad(lambda vector: program.function(jnp, [vector[index] for index in range(count)]))
    )
    vector = np.array(program.point)

    def run() -> tuple[float, list[float]]:
        value, adjoints = both(vector)
        return float(value), adjoints.block_until_ready()

    return run


PEERS = {"micrograd": micrograd, "PyTorch eager": pytorch, "autograd": autograd, "JAX jit": jax}
