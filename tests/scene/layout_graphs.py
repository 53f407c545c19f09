"""Graphs that the layout is measured on, as boxes and arrows."""

from __future__ import annotations

import random

from backpropviz.scene.layout import Box

Drawing = tuple[list[Box], list[tuple[int, int, int]]]

INPUT = Box(60, 104, source=True)
GATE = Box(60, 120, round=True)


def from_arguments(arguments: list[tuple[int, ...]]) -> Drawing:
    """A graph told by the arguments of each node; those without are inputs."""
    boxes = [GATE if found else INPUT for found in arguments]
    arrows = [(source, target, slot) for target, found in enumerate(arguments) for slot, source in enumerate(found)]
    return boxes, arrows


def lecture(*, binary: bool = True) -> Drawing:
    """x, z, a = x*z, b = ln x, c = sin b, d = exp a, e = a/b, f = c/a, and their sum."""
    begin: list[tuple[int, ...]] = [(), (), (0, 1), (0,), (3,), (2,), (2, 3), (4, 2)]
    return from_arguments([*begin, (5, 6), (8, 7)] if binary else [*begin, (5, 6, 7)])


def perceptron(*widths: int) -> Drawing:
    """A scalar multi-layer perceptron with every weight, bias, product and partial sum a node."""
    arguments: list[tuple[int, ...]] = [() for _ in range(widths[0])]

    def node(*found: int) -> int:
        arguments.append(found)
        return len(arguments) - 1

    units = list(range(widths[0]))
    for width in widths[1:]:
        following = []
        for _ in range(width):
            products = [node(node(), unit) for unit in units]
            total = products[0]
            for product in products[1:]:
                total = node(total, product)
            following.append(node(node(total, node())))
        units = following
    if len(units) > 1:
        node(*units)
    return from_arguments(arguments)


def chain(length: int) -> Drawing:
    return from_arguments([()] + [(index,) for index in range(length - 1)])


def scattered(count: int, seed: int = 1) -> Drawing:
    """A random graph: each node uses one or two earlier ones, mostly near."""
    pick = random.Random(seed)  # noqa: S311
    arguments: list[tuple[int, ...]] = [(), (), ()]
    for index in range(3, count):
        found = [max(0, index - 1 - int(pick.expovariate(1 / 8))) for _ in range(pick.choice((1, 2, 2)))]
        arguments.append(tuple(found))
    return from_arguments(arguments)


def parallel() -> Drawing:
    """x*x, then the same three times over as one sum, then a skip back to x."""
    return from_arguments([(), (0, 0), (1, 1, 1), (2, 0)])


def neuron() -> Drawing:
    """sigmoid(w0 x0 + w1 x1 + w2) written out in gates, with the constants folded away."""
    return from_arguments([(), (), (), (), (), (0, 1), (2, 3), (5, 6), (7, 4), (8,), (9,), (10,), (11,)])
