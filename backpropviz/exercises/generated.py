"""Graphs drawn at random, by level, with friendly numbers."""

from __future__ import annotations

import random
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT, GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.graph.builder import Reference

LEVELS = ("chain", "branch", "all gates", "max and ties", "vector")
"""What the graphs of a level are about, the easiest first."""

_WHOLE = (-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0)
_LARGEST = 200.0
_SMALLEST = 0.01
_TRIES = 2_000
_PATIENCE = 40  # draws, until any whose numbers are finite will do
_CURVED = ("exp", "ln", "sigmoid", "tanh", "reciprocal", "sqrt", "sin", "cos", "square")


def level_name(level: str | int) -> str:
    """Give the name of a level that is named or numbered from 1.

    Raises
    ------
    InputError
        For an unknown level.
    """
    if isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= len(LEVELS):
        return LEVELS[level - 1]
    if level in LEVELS:
        return str(level)
    listed = ", ".join(f"{number} {name!r}" for number, name in enumerate(LEVELS, 1))
    raise InputError(f"Unknown level {level!r}. Levels: {listed}.")


def generate(level: str | int, seed: int) -> tuple[Graph, dict[str, float], str]:
    """Draw a graph and a point.

    Parameters
    ----------
    level : str or int
        One of :data:`LEVELS`, or its number from 1.
    seed : int
        The same seed gives the same graph.

    Returns
    -------
    graph : Graph
        With intermediates v1, v2, ... and output f.
    point : dict of str to float
        Value of every input.
    level : str
        Its name.

    Examples
    --------
    >>> graph, point, level = generate(1, 0)
    >>> level, graph == generate("chain", 0)[0]
    ('chain', True)
    """
    name = level_name(level)
    for attempt in range(_TRIES):
        chance = random.Random(f"{name}/{seed}/{attempt}")  # noqa: S311  exercises, not secrets
        graph, point = _DRAWN[name](chance)
        if _is_friendly(graph, point, name):
            return graph, point, name
    raise InputError(f"No exercise of level {name!r} was found for seed {seed}. Choose another seed.")


def friendly_point(
    graph: Graph,
    missing: Sequence[str],
    given: Mapping[str, object],
    seed: int,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> dict[str, float | Number]:
    """Draw values for the inputs that have none: numbers, unless `shapes` says other.

    Every number of the sweeps is finite, and where draws allow it of a size that can be worked with: whole numbers
    easily saturate a sigmoid, and its slopes are then too small to write down.

    Raises
    ------
    InputError
        Where none are found; giving the inputs helps.
    """
    if not missing:
        return {}
    finite = None
    for attempt in range(200):
        if finite is not None and attempt >= _PATIENCE:
            break
        chance = random.Random(f"{seed}/{attempt}")  # noqa: S311  exercises, not secrets
        point = {name: _whole(chance, (shapes or {}).get(name, ())) for name in missing}
        tape = evaluate(graph, {**point, **given}, {})
        if tape.non_finite is not None:
            continue
        sizes = np.concatenate([np.abs(np.ravel(each)) for each in tape.reverse().values()])
        if not np.isfinite(sizes).all():
            continue
        moving = sizes[sizes > 0]
        if moving.size and moving.min() >= _SMALLEST and moving.max() <= _LARGEST:
            return point
        finite = finite or point
    if finite is None:
        raise InputError(f"No friendly values were found for {', '.join(missing)}. Give them yourself.")
    return finite


def _whole(chance: random.Random, shape: tuple[int, ...]) -> float | Number:
    if not shape:
        return chance.choice(_WHOLE)
    return np.array(chance.choices(_WHOLE, k=prod(shape))).reshape(shape)


def _is_friendly(graph: Graph, point: Mapping[str, float], level: str) -> bool:
    """Tell whether every number is small enough to work with, and nothing is idle."""
    tape = evaluate(graph, point, {})
    if tape.non_finite is not None:
        return False
    values = [abs(float(value)) for name, value in tape.primals.items() if graph.op(name) != CONSTANT]
    adjoints = {name: abs(float(each)) for name, each in tape.reverse().items()}
    idle = [name for name in graph.nodes if name != graph.output and not graph.consumers(name)]
    if idle or max(values) > _LARGEST or not all(np.isfinite(each) for each in adjoints.values()):
        return False
    if level == "branch" and not any(len(graph.consumers(name)) > 1 for name in graph.nodes if graph.arguments(name)):
        return False
    sizes = [*adjoints.values()] if level != "max and ties" else [each for each in adjoints.values() if each]
    return bool(sizes) and min(sizes) >= _SMALLEST and max(sizes) <= _LARGEST and min(values) >= _SMALLEST


class _Canvas:
    """A graph under construction and the values of its inputs."""

    def __init__(self, chance: random.Random, inputs: Sequence[str], values: Sequence[float] = _WHOLE) -> None:
        self.chance = chance
        self.builder = GraphBuilder()
        self.point = {name: chance.choice(values) for name in inputs}
        self.nodes = [self.builder.input(name) for name in inputs]
        self.count = 0

    def gate(self, op: str, *arguments: Reference) -> Reference:
        before = len(self.builder)
        reference = self.builder.apply(op, *arguments)
        if len(self.builder) > before:
            self.count += 1
            self.builder.name(reference, f"v{self.count}")
            self.nodes.append(reference)
        return reference

    def finish(self, op: str, *arguments: Reference) -> tuple[Graph, dict[str, float]]:
        output = self.builder.apply(op, *arguments)
        if self.builder.node_name(output) is None:
            self.builder.name(output, "f")
        graph = self.builder.build(output)
        return graph, {name: value for name, value in self.point.items() if name in graph.inputs}


def _chain(chance: random.Random) -> tuple[Graph, dict[str, float]]:
    canvas = _Canvas(chance, ("x", "y", "z", "w")[: chance.choice((3, 4))])
    latest, *others = canvas.nodes
    for other in others:
        pair = (latest, other) if chance.random() < 0.5 else (other, latest)
        latest = canvas.gate(chance.choice(("multiply", "multiply", "add", "subtract")), *pair)
    return canvas.finish(chance.choice(("square", "negate", "square")), latest)


def _branch(chance: random.Random) -> tuple[Graph, dict[str, float]]:
    canvas = _Canvas(chance, ("x", "y"))
    shared = canvas.gate(chance.choice(("multiply", "add", "subtract")), *canvas.nodes[:2])
    if chance.random() < 0.3:
        left = canvas.gate("square", shared)
    else:
        left = canvas.gate(chance.choice(("multiply", "add", "subtract")), shared, chance.choice(canvas.nodes))
    right = canvas.gate(chance.choice(("multiply", "add", "subtract")), shared, chance.choice(canvas.nodes[:2]))
    return canvas.finish(chance.choice(("multiply", "add", "subtract")), left, right)


def _all_gates(chance: random.Random) -> tuple[Graph, dict[str, float]]:
    canvas = _Canvas(chance, ("x", "y"), (0.5, 1.0, 2.0, 3.0, -1.0, -2.0))
    for _ in range(2):
        bent = canvas.gate(chance.choice(_CURVED), chance.choice(canvas.nodes))
        joined = chance.choice(("multiply", "add", "subtract", "divide"))
        canvas.gate(joined, bent, chance.choice(canvas.nodes))
    return canvas.finish(chance.choice(("multiply", "add", "divide")), canvas.nodes[-1], canvas.nodes[2])


def _ties(chance: random.Random) -> tuple[Graph, dict[str, float]]:
    canvas = _Canvas(chance, ("x", "y", "z"))
    if chance.random() < 0.4:
        canvas.point["z"] = canvas.point["x"]  # a tie, where the gradient is shared
    x, y, z = canvas.nodes
    chosen = canvas.gate(chance.choice(("max", "min")), x, z)
    product = canvas.gate("multiply", chosen, y)
    other = canvas.gate(chance.choice(("add", "subtract", "multiply")), x, y)
    return canvas.finish(chance.choice(("max", "add", "multiply")), product, other)


def _vector(chance: random.Random) -> tuple[Graph, dict[str, float]]:
    size = chance.choice((2, 3))
    first = [f"x{number}" for number in range(1, size + 1)]
    second = [f"w{number}" for number in range(1, size + 1)]
    squared = chance.random() < 0.3
    canvas = _Canvas(chance, first if squared else [*first, *second])
    features = canvas.nodes[:size]
    pairs = list(zip(features, features if squared else canvas.nodes[size:], strict=True))
    products = [canvas.gate("multiply", *pair) for pair in pairs]
    total = canvas.gate("add", *products)
    return canvas.finish(chance.choice(("square", "relu", "negate")), total)


_DRAWN: dict[str, Callable[[random.Random], tuple[Graph, dict[str, float]]]] = {
    "chain": _chain,
    "branch": _branch,
    "all gates": _all_gates,
    "max and ties": _ties,
    "vector": _vector,
}
