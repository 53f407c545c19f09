"""What is differentiated in the benchmarks: the same program for every library.

A program is written once, for any library: it is given the library's functions as `m`, with the names of the math
module, and the library's numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from backpropviz.graph import GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz import Graph

MLP_SIZES = (3, 4, 4, 1)
UNARY = ("tanh", "sin")
BINARY = ("add", "subtract", "multiply")


@dataclass(frozen=True)
class Program:
    """A function of scalars.

    Parameters
    ----------
    name : str
        For the table.
    function : callable
        ``function(m, inputs)``.
    point : list of float
        Where it is differentiated.
    graph : Graph
        The same function as a graph; its inputs are in the order of `point`.
    """

    name: str
    function: Callable[[Any, Any], Any]
    point: list[float]
    graph: Graph


def lecture(m: Any, inputs: Any) -> Any:
    """Lecture example, 8 operations."""
    x, z = inputs
    a = x * z
    b = m.log(x)
    return m.exp(a) + a / b + m.sin(b) / a


def mlp(m: Any, inputs: Any) -> Any:
    """Perceptron 3-4-4-1 in 73 scalar operations: each neuron sums n products and a bias, and takes tanh."""
    values = list(inputs[: MLP_SIZES[0]])
    place = MLP_SIZES[0]
    for size, width in pairwise(MLP_SIZES):
        following = []
        for _ in range(width):
            total = inputs[place + size]
            for weight, value in zip(inputs[place : place + size], values, strict=True):
                total = total + weight * value
            following.append(m.tanh(total))
            place += size + 1
        values = following
    return values[0]


def random_program(count: int, width: int, inputs: int, seed: int = 0) -> Program:
    """Random operations on recent values, all of them needed: what nobody used is summed in the end."""
    generator = random.Random(seed)  # noqa: S311  no secret
    steps: list[tuple[str, tuple[int, ...]]] = []
    used: set[int] = set()
    level = list(range(inputs))
    while len(steps) < count - width:
        following = []
        for _ in range(width):
            op = generator.choice(UNARY + BINARY)
            fresh = [place for place in generator.sample(level, min(4, len(level))) if place not in used] or level
            arguments = tuple(generator.choice(fresh) for _ in range(1 if op in UNARY else 2))
            used.update(arguments)
            following.append(inputs + len(steps))
            steps.append((op, arguments))
        level = following if width > 1 else (level + following)[-20:]
    ends = [place for place in range(inputs + len(steps)) if place not in used]
    while len(ends) > 1:
        # A balanced sum: micrograd walks its graph by recursion, and a long chain would end it.
        ends.append(inputs + len(steps))
        steps.append(("add", (ends.pop(0), ends.pop(0))))

    def function(m: Any, numbers: Any) -> Any:
        values = list(numbers)
        for op, arguments in steps:
            if op == "multiply":
                values.append(values[arguments[0]] * values[arguments[1]])
            elif op == "add":
                values.append(values[arguments[0]] + values[arguments[1]])
            elif op == "subtract":
                values.append(values[arguments[0]] - values[arguments[1]])
            else:
                values.append((m.tanh if op == "tanh" else m.sin)(values[arguments[0]]))
        return values[-1]

    point = [0.3 + 0.9 * generator.random() for _ in range(inputs)]
    name = f"random, {len(steps):,} operations" + (f", {width:,} wide" if width > 1 else "")
    return Program(name, function, point, _graph(steps, inputs))


def lecture_program() -> Program:
    """Give the lecture example at x = 2, z = 3."""
    return Program("lecture example, 8 operations", lecture, [2.0, 3.0], traced(lecture, 2))


def mlp_program() -> Program:
    """Give the perceptron at a random point."""
    generator = random.Random(1)  # noqa: S311  no secret
    count = MLP_SIZES[0] + sum((size + 1) * width for size, width in pairwise(MLP_SIZES))
    return Program(
        "perceptron, 73 operations", mlp, [generator.uniform(-1.0, 1.0) for _ in range(count)], traced(mlp, count)
    )


def traced(function: Callable[[Any, Any], Any], count: int) -> Graph:
    """Trace a program of this many inputs."""
    import numpy as np  # noqa: PLC0415  the peers' threads are limited first

    import backpropviz as bpv  # noqa: PLC0415

    return bpv.trace(lambda *inputs: function(np, inputs), *(f"x{index}" for index in range(count)))


def _graph(steps: list[tuple[str, tuple[int, ...]]], inputs: int) -> Graph:
    builder = GraphBuilder()
    places = [builder.input(f"x{index}") for index in range(inputs)]
    for op, arguments in steps:
        places.append(builder.apply(op, *(places[argument] for argument in arguments)))
    return builder.build(places[-1])
