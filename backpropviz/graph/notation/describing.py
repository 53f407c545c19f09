"""A graph in sentences, for people who hear it, and for places that show no picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.notation.printing import definition

if TYPE_CHECKING:
    from backpropviz.graph.structure import Structure

_MOST_LISTED = 8
_CLOSED = {"composite", "array_composite"}
_TIMES = {1: "", 2: "twice ", 3: "three times "}


def graph_sentences(graph: Structure) -> str:
    """Tell a graph in sentences: first what it computes, then each node, what it is and where it is used.

    Returns
    -------
    str
        One line per node, in the order of evaluation.
    """
    return "\n".join([opening(graph), *sentences(graph).values()])


def opening(graph: Structure) -> str:
    """Say what a graph computes, from what, in how many operations."""
    gates = sum(bool(graph.arguments(name)) for name in graph.nodes)
    operations = "1 operation" if gates == 1 else f"{gates:,} operations"
    if not graph.inputs:
        return f"{graph.output} is computed from constants in {operations}."
    return f"{graph.output} is computed from {_listed(graph.inputs)} in {operations}."


def sentences(graph: Structure) -> dict[str, str]:
    """Give one sentence per node, by name, in the order of evaluation."""
    return {name: f"{_kind(graph, name)}{_use(graph, name)}." for name in graph.nodes}


def _kind(graph: Structure, name: str) -> str:
    record = graph.node(name)
    if record.op == INPUT:
        return f"{name} is an input"
    if record.op == CONSTANT:
        shape = np.shape(record.value)  # type: ignore[arg-type]
        return f"{name} is a constant" + (f" of shape {'×'.join(map(str, shape))}" if shape else "")
    written = definition(graph, name, "unicode")
    if written.startswith(f"{record.op}("):  # its name is said already
        return f"{name} = {written}"
    said = _closed_gate(graph, name) if record.op in _CLOSED else record.op.replace("_", " ")
    return f"{name} = {written} ({said})"


def _closed_gate(graph: Structure, name: str) -> str:
    block = name if graph.grouping is None else graph.grouping.block_of(name)
    return "a closed gate" if block == name else f"a closed gate, one of those that leave {block}"


def _use(graph: Structure, name: str) -> str:
    times: dict[str, int] = {}
    for consumer, _ in graph.consumers(name):
        times[consumer] = times.get(consumer, 0) + 1
    used = f"by {_listed(list(times))}"
    if max(times.values(), default=0) > 1:
        used = _listed([f"{_TIMES.get(count, f'{count} times ')}by {consumer}" for consumer, count in times.items()])
    if name == graph.output:
        return "; it is the output" + (f", also used {used}" if times else "")
    return f"; it is used {used}" if times else "; nothing uses it"


def _listed(parts: list[str] | tuple[str, ...]) -> str:
    """Join words as people do; many are counted, not listed."""
    shown = [*parts[:_MOST_LISTED]]
    if len(parts) > _MOST_LISTED:
        shown.append(f"{len(parts) - _MOST_LISTED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
