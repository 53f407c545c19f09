"""A program that makes one of everything that should repeat itself, and prints its bits."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import backpropviz as bpv
from backpropviz.exercises import LEVELS, generate
from backpropviz.scene.drawing import DRAWINGS, draw, why_not
from backpropviz.scene.specification import specification

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
NAMED = "max(w, x, pi) - leaky_relu(z, 0.1)*e + x*z"
RUNS = 3


def bits(*parts: Any) -> str:
    """Name a value by its bits."""
    plain = [part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode() for part in parts]
    return hashlib.sha256(b"\n".join(plain)).hexdigest()[:20]


def several(x: Any, z: Any, w: Any) -> Any:
    """Compute a graph with much sharing."""
    nodes = [x, z, w]
    for k in range(15):
        nodes.append(np.tanh(nodes[-1] * nodes[(7 * k) % len(nodes)]) + nodes[(3 * k) % len(nodes)])
    return nodes[-1]


def graphs() -> Iterator[tuple[str, str]]:
    """Texts, layouts, specifications, words and numbers of graphs."""
    network = bpv.MLP((3, 4, 4, 1))
    for name, source, point in (
        ("lecture", TEXT, {"x": 2.0, "z": 3.0}),
        ("named", NAMED, {"w": 4.0, "x": 0.5, "z": -2.0}),
        ("traced", bpv.trace(several), {"x": 0.5, "z": -0.25, "w": 1.5}),
        ("network", network.scalar_graph(), network.scalar_point([0.5, -1.0, 2.0], 1.0)),
    ):
        graph = bpv.parse(source) if isinstance(source, str) else source
        for drawing in DRAWINGS:
            if not why_not(graph, drawing):
                yield f"{name}, {drawing}", bits(json.dumps(draw(graph, drawing).to_plain()))
        again = bpv.Graph.from_networkx(graph.to_networkx())
        for how, one in (("read", graph), ("from networkx", again)):
            yield f"{name}, {how}", bits(one.to_json(), one.program(), one.nodes)
        if isinstance(source, str):
            yield f"{name}, LaTeX", bits(graph.expression(style="latex"))
        timeline = bpv.record(graph, point)
        yield f"{name}, specification", bits(json.dumps(specification(timeline, {})))
        yield f"{name}, words", bits(*(timeline.describe(k) for k in (0, 5, len(timeline))))
        yield f"{name}, gradient", bits(*(float(each).hex() for each in bpv.gradient(graph, point).values()))
        value, gradient = graph.compile()(**point)
        yield f"{name}, compiled", bits(float(value).hex(), *(float(each).hex() for each in gradient.values()))


def pages() -> Iterator[tuple[str, str]]:
    """All that an explorer writes as text."""
    explorer = bpv.explore(TEXT, x=2, z=3)
    yield "sent to the page", bits(explorer.spec)
    for step in (0, 9):
        explorer.step = step
        for form in ("to_html", "to_iframe", "to_svg", "to_latex", "to_text"):
            yield f"{form} at step {step}", bits(getattr(explorer, form)())
    explorer.close()


def training() -> Iterator[tuple[str, str]]:
    """Data and parameters after some epochs."""
    moons = bpv.datasets.moons(60, noise=0.1, seed=3)
    yield "moons", bits(*moons)
    for optimizer in (bpv.SGD(0.1), bpv.SGD(0.05, momentum=0.9), bpv.Adam(0.01)):
        network = bpv.MLP((2, 8, 1), output="sigmoid", seed=4)
        *_, last = bpv.fit(network, moons, optimizer, epochs=3, batch_size=7, seed=5)
        parameters = [last.network.weights(layer) for layer in range(1, network.layers + 1)]
        yield f"trained by {optimizer!r}", bits(*(np.ascontiguousarray(each) for pair in parameters for each in pair))


def replays() -> Iterator[tuple[str, str]]:
    """A recorded run as a page."""
    network, moons = bpv.MLP((2, 4, 1), output="sigmoid", seed=1), bpv.datasets.moons(80)
    replay = bpv.replay(bpv.History.collect(bpv.fit(network, moons, bpv.SGD(0.5), epochs=5)), moons, start=network)
    yield "replay", bits(replay.to_html())
    replay.close()


def exercises() -> Iterator[tuple[str, str]]:
    """A few graphs of each level."""
    for level in LEVELS:
        for seed in range(5):
            graph, point, _ = generate(level, seed)
            yield f"exercise {level}, {seed}", bits(graph.to_json(), sorted(point.items()))


def everything() -> list[tuple[str, str]]:
    """One run."""
    return [line for part in (graphs, pages, training, replays, exercises) for line in part()]


if __name__ == "__main__":
    first, *others = (everything() for _ in range(RUNS))
    for again in others:
        if again != first:
            sys.exit(f"Not the same again: {[one for one, two in zip(first, again, strict=True) if one != two]}")
    for name, value in first:
        print(f"{name}: {value}")
