"""The lecture examples with values to 25 digits, made without this package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backpropviz import Graph, parse

EXAMPLES: dict[str, dict[str, Any]] = {
    example["id"]: example
    for example in json.loads((Path(__file__).parent / "reference" / "worked_examples.json").read_text("utf-8"))
}


def lecture_graph(name: str) -> Graph:
    """An example as a graph, with the notes' names for its intermediates."""
    return parse("; ".join(f"{step['name']} = {step['expression']}" for step in EXAMPLES[name]["steps"]))


def lecture_point(name: str) -> dict[str, float]:
    """Its point."""
    return EXAMPLES[name]["inputs"]


def exact(name: str, kind: str, node: str) -> float:
    """A value or adjoint of the reference."""
    return float(EXAMPLES[name][kind][node])
