"""The picture of a run that stopped at a gate whose arguments do not fit together: shapes on its edges, and why."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.charts.theme import LIGHT
from backpropviz.errors import BackpropvizError
from backpropviz.export.contribution_labels import place_labels
from backpropviz.export.shown_grids import shown_grids
from backpropviz.export.shown_step import MarkTexts, ShownStep
from backpropviz.export.svg import frame_of, painted
from backpropviz.export.svg_text import svg_text
from backpropviz.graph import CONSTANT
from backpropviz.ops.sweeps import run_forward
from backpropviz.scene.drawing import DRAWINGS, draw
from backpropviz.scene.edge_curves import read_path
from backpropviz.steps.segments import number_text, shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.errors import ShapeError
    from backpropviz.graph import Graph, Number
    from backpropviz.scene.drawing import Mark

_LINE = 20.0
_LETTER = 7.6
_NARROWEST = 320.0


def misfit_picture(
    graph: Graph,
    point: Mapping[str, Number],
    fault: ShapeError,
    *,
    widest: float | None = None,
) -> str:
    """Draw what was computed before a gate refused its arguments.

    Parameters
    ----------
    graph : Graph
        What was run.
    point : mapping of str to number or array
        Value of every input.
    fault : ShapeError
        Which node, and what it said.
    widest : float, optional
        How wide the picture may be, in px.

    Returns
    -------
    str
        A whole SVG document: the gate is ringed, its edges tell the shapes that meet, and the message stands below.
    """
    known = _known(graph, point)
    scene = draw(graph, DRAWINGS[0], {name: np.shape(value) for name, value in known.items()})
    place = plan_of(graph).place
    refused = place[str(fault.node)]
    names = graph.nodes
    active = frozenset((refused, slot) for slot in range(len(graph.arguments(names[refused]))))
    curves = {curve.key: read_path(curve.path) for curve in scene.curves}
    met = [
        (key, curves[key], shape_text(np.shape(known[graph.arguments(names[key[0]])[key[1]]])))
        for key in sorted(active)
        if key in curves
    ]

    def texts_of(mark: Mark) -> MarkTexts:
        name = names[mark.node]
        value = known.get(name)
        ring = "current" if mark.node == refused else ""
        if mark.tile is not None:
            return MarkTexts("", "", "", False, ring, broken=False, grids=shown_grids(mark.tile, value, None))
        return MarkTexts(
            name=name if mark.kind == "gate" and mark.label != name else "",
            value=number_text(value) if value is not None and mark.kind != CONSTANT else "",
            slope="does not fit" if mark.node == refused else "",
            summing=False,
            ring=ring,
            broken=mark.node == refused,
        )

    shown = ShownStep(
        step=0,
        steps=0,
        texts={mark.node: texts_of(mark) for mark in scene.marks},
        edges={curve.key: "forward" if names[curve.key[0]] in known else "future" for curve in scene.curves},
        active=active,
        curves=curves,
        labels=place_labels(met, scene.marks),
        weights={},
    )
    left, top, right, bottom = frame_of(scene, [shown])
    right = max(right, left + _NARROWEST)
    lines = wrap(fault.message, max(20, int((right - left - 20) / _LETTER)))
    below = [
        svg_text(left + 12, bottom + _LINE * (line + 0.6), 14, LIGHT.gradient, text, weight=400, anchor="start")
        for line, text in enumerate(lines)
    ]
    title = f"{fault.node} refuses its arguments"
    return painted(scene, shown, LIGHT, title, (left, top, right, bottom + _LINE * len(lines) + 6), below, widest)


def _known(graph: Graph, point: Mapping[str, Number]) -> dict[str, Number]:
    """Compute what can be computed."""
    plan = plan_of(graph)
    carried = [graph.node(name).value if graph.op(name) == CONSTANT else point.get(name) for name in graph.nodes]
    try:
        with np.errstate(all="ignore"):
            run_forward(plan, carried)
    except (BackpropvizError, ValueError, IndexError):
        pass  # it is known already where it stops
    return {name: value for name, value in zip(graph.nodes, carried, strict=True) if value is not None}
