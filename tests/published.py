"""Worked examples with printed digits from the literature, and what this package gives for each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import backpropviz as bpv

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "reference" / "published_examples.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Figure:
    """One printed number: what it is, its digits, ours, and how many units of the last place may lie between."""

    what: str
    printed: str
    ours: float
    units: float

    @property
    def apart(self) -> float:
        """Distance in units of the last printed place."""
        decimals = len(self.printed.partition(".")[2])
        return abs(self.ours - float(self.printed)) * 10.0**decimals

    @property
    def rounds_to_it(self) -> bool:
        """Whether ours, rounded, is what is printed."""
        return self.apart <= 0.5 + 1e-6


def figures(example: dict[str, Any]) -> Iterator[Figure]:
    """Give every printed number of an example beside ours."""
    graph, point, printed = bpv.parse(example["program"]), example["inputs"], example["printed"]
    units = example.get("units", {})

    def figure(what: str, name: str, text: str, ours: object) -> Figure:
        return Figure(what, text, float(ours), units.get(name, 0.5))  # type: ignore[arg-type]

    tape = graph.evaluate(point)
    adjoints, tangents = tape.reverse(), tape.forward({graph.inputs[0]: 1.0})
    for name, text in printed.get("values", {}).items():
        yield figure(name, name, text, tape.primals[name])
    for name, text in printed.get("tangents", {}).items():
        yield figure(f"tangent of {name}", name, text, tangents[name])
    for name, text in printed.get("gradients", {}).items():
        yield figure(f"∂{graph.output}/∂{name}", name, text, adjoints[name])
    for name, texts in printed.get("higher", {}).items():
        derived = graph
        for order, text in enumerate(texts, 1):
            derived = derived.gradient_graph(name)
            yield figure(f"derivative {order} by {name}", name, text, derived.evaluate(point).value)
    yield from _hessian(graph, example, figure)
    yield from _after_a_step(graph, example, adjoints, figure)


def _hessian(graph: bpv.Graph, example: dict[str, Any], figure: Any) -> Iterator[Figure]:
    if "hessian" in example["printed"]:
        matrix = bpv.hessian(graph, example["inputs"]).matrix
        for row, texts in enumerate(example["printed"]["hessian"]):
            for column, text in enumerate(texts):
                yield figure(f"Hessian, {row + 1}, {column + 1}", "", text, matrix[row, column])


def _after_a_step(graph: bpv.Graph, example: dict[str, Any], adjoints: Any, figure: Any) -> Iterator[Figure]:
    """Move the inputs against their gradients; a negative rate moves them along."""
    steps = example["printed"].get("steps")
    if steps is None:
        return
    moved = list(steps.get("inputs", graph.inputs))
    point = {
        name: value - steps["rate"] * float(adjoints[name]) if name in moved else value
        for name, value in example["inputs"].items()
    }
    for name, text in steps.get("inputs", {}).items():
        yield figure(f"{name} after the step", name, text, point[name])
    tape = graph.evaluate(point)
    for name, text in steps.get("nodes", {}).items():
        yield figure(f"{name} after the step", name, text, tape.primals[name])
