"""What edges of a picture show of gradients, as in the page: each its local one, or by its width how much flows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.export.contribution_labels import ContributionLabel, place_labels
from backpropviz.scene.edge_curves import read_path
from backpropviz.steps.run_numbers import RunNumbers
from backpropviz.steps.segments import number_text
from backpropviz.steps.veil import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.scene.drawing import Scene
    from backpropviz.scene.edge_curves import Cubics
    from backpropviz.steps import Timeline

_WIDEST, _THINNEST = 9.0, 1.0  # px
_STEP = 2.0  # px, for a tenth


@dataclass(frozen=True, slots=True)
class EdgeGradients:
    """What edges show at the end of a run; before it, those that have come so far.

    Parameters
    ----------
    labels : tuple of ContributionLabel
        Local gradients, which are known once the value behind them is.
    widths : mapping of (int, int) to float
        How wide edges are, in px, once their gradient has come through.
    """

    labels: tuple[ContributionLabel, ...] = ()
    widths: Mapping[tuple[int, int], float] = field(default_factory=dict)


def edge_gradients(scene: Scene, timeline: Timeline, wanted: str) -> EdgeGradients:
    """Gather what edges show of gradients.

    Parameters
    ----------
    scene : Scene
        Where everything stands; the edges of a network show what they weigh.
    timeline : Timeline
        Its numbers.
    wanted : {"plain", "local", "width"}
        See :class:`backpropviz.widgets.explorer_state.ExplorerState`.
    """
    if wanted == "plain" or scene.drawing == "network":
        return EdgeGradients()
    curves = {curve.key: read_path(curve.path) for curve in scene.curves}
    if wanted == "width":
        return EdgeGradients(widths=_flow_widths(timeline, curves))
    return EdgeGradients(_local_gradients(scene, timeline, curves))


def _local_gradients(
    scene: Scene, timeline: Timeline, curves: Mapping[tuple[int, int], Cubics]
) -> tuple[ContributionLabel, ...]:
    """Write the local gradient of every edge between numbers, clear of marks and of each other."""
    numbers, graph = RunNumbers(timeline), timeline.graph
    told = []
    for key, curve in curves.items():
        consumer, slot = key
        local = numbers.number("partial", consumer, slot)
        fixed = graph.arguments(graph.nodes[consumer])[slot] in graph.constants
        if _is_scalar(local) and not fixed:
            told.append((key, curve, f"×{number_text(local)}"))
    return place_labels(told, scene.marks, on_lines=True)


def _flow_widths(timeline: Timeline, curves: Mapping[tuple[int, int], Cubics]) -> dict[tuple[int, int], float]:
    """Measure gradients, in forward mode tangents, on one scale of powers of ten for the whole run."""
    numbers = RunNumbers(timeline)
    kind = "contribution" if timeline.mode == "reverse" else "push"
    found = {key: numbers.number(kind, *key) for key in curves}
    sizes = {key: abs(float(flow)) for key, flow in found.items() if _is_scalar(flow)}
    largest = max((size for size in sizes.values() if math.isfinite(size)), default=0.0)
    return {key: _width(size, largest) for key, size in sizes.items()}


def _is_scalar(number: Any) -> bool:
    return number is not None and number is not HIDDEN and np.ndim(number) == 0


def _width(size: float, largest: float) -> float:
    if not math.isfinite(size):
        return _WIDEST
    return max(_THINNEST, _WIDEST - _STEP * math.log10(largest / size)) if size > 0.0 else _THINNEST
