"""One step of a run as every picture shows it: texts, states of edges, rings and labels, independent of the format."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.export.contribution_labels import ContributionLabel, place_labels
from backpropviz.export.edge_gradients import EdgeGradients
from backpropviz.export.shown_grids import ShownGrid, shown_grids
from backpropviz.graph import CONSTANT
from backpropviz.scene.edge_curves import Cubics, read_path
from backpropviz.steps.records import Accumulate, Evaluate, Propagate, Push, Seed
from backpropviz.steps.run_numbers import RunNumbers
from backpropviz.steps.segments import NOTATIONS, number_text
from backpropviz.steps.veil import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backpropviz.graph import Number
    from backpropviz.scene.drawing import Mark, Scene
    from backpropviz.steps import Timeline
    from backpropviz.steps.sequence import State

_BAR = "\u0304"
_MOST_AXES = 4


@dataclass(frozen=True, slots=True)
class MarkTexts:
    """What stands around a mark.

    Parameters
    ----------
    name : str
        Outside, upper left; empty where the label says it.
    value, slope : str
        Above and below; empty while unknown.
    summing : bool
        Whether contributions are still to come.
    ring : {"", "current", "sending"}
        Whether the step happens here, or comes from here.
    broken : bool
        Whether the value is no finite number.
    grids : tuple of ShownGrid
        Of an array: its numbers, which then stand inside and not around.
    """

    name: str
    value: str
    slope: str
    summing: bool
    ring: str
    broken: bool
    grids: tuple[ShownGrid, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a run on a scene.

    Parameters
    ----------
    step, steps : int
        Which, of how many.
    texts : mapping of int to MarkTexts
        By position of the node.
    edges : mapping of (int, int) to str
        ``"future"``, ``"forward"``, ``"tangent"`` or ``"backward"``, by (consumer, slot).
    active : frozenset of (int, int)
        Edges along which something travels in this step.
    curves : mapping of (int, int) to Cubics
        Their geometry.
    labels : tuple of ContributionLabel
        Contributions, on their edges.
    weights : mapping of (int, int) to float
        In a network: what each edge weighs, divided by the largest there is, from -1 to 1.
    on_edges : EdgeGradients
        What edges show of gradients at this step.
    """

    step: int
    steps: int
    texts: Mapping[int, MarkTexts]
    edges: Mapping[tuple[int, int], str]
    active: frozenset[tuple[int, int]]
    curves: Mapping[tuple[int, int], Cubics]
    labels: tuple[ContributionLabel, ...]
    weights: Mapping[tuple[int, int], float]
    on_edges: EdgeGradients = field(default_factory=EdgeGradients)


def shown_step_of(
    scene: Scene,
    timeline: Timeline,
    step: int | None = None,
    notation: str = NOTATIONS[0],
    on_edges: EdgeGradients | None = None,
) -> ShownStep:
    """Look at one step of a run.

    Parameters
    ----------
    scene : Scene
        Where everything stands.
    timeline : Timeline
        The run.
    step : int, optional
        Which step; default the last. There nothing travels any more: the picture has every number and no ring.
    notation : str
        How gradients are written.
    on_edges : EdgeGradients, optional
        What edges show of gradients at the end.
    """
    step = len(timeline) if step is None else step
    state = timeline.state(step)
    names = timeline.graph.nodes
    constants = {name: timeline.tape.primals[name] for name in timeline.graph.constants}
    values = {**constants, **state.primals, **state.parameters}
    node, sender, active = _focus(timeline, step, {name: index for index, name in enumerate(names)})
    # In a network a unit stands for its weights and sums.
    happening = ((sender, "sending"), (node, "current"))
    rings = {scene.owners.get(each, each): ring for each, ring in happening if each is not None}
    edges = _edge_states(scene, timeline, state)
    curves = {curve.key: read_path(curve.path) for curve in scene.curves}
    texts = {}
    for mark in scene.marks:
        texts[mark.node] = _texts(mark, timeline, state, values, rings.get(mark.node, ""), notation)
    on_edges = on_edges or EdgeGradients()
    told = {key for key in active if edges.get(key) == "backward"}
    return ShownStep(
        step,
        len(timeline),
        texts,
        edges,
        frozenset(active),
        curves,
        _labels(scene, timeline, told, curves, on_edges.labels),
        _weights(scene, timeline, names),
        EdgeGradients(
            tuple(label for label in on_edges.labels if names[label.key[0]] in state.primals),
            {key: width for key, width in on_edges.widths.items() if edges[key] in ("backward", "tangent")},
        ),
    )


def _texts(
    mark: Mark, timeline: Timeline, state: State, values: Mapping[str, Number], ring: str, notation: str
) -> MarkTexts:
    """Write what is known of a node, as far as it is not hidden."""
    name, veil = timeline.graph.nodes[mark.node], timeline.veil
    backward = timeline.mode == "reverse"
    value = veil.over(values.get(name), "value", name)
    slope = veil.over(state.sums.get(name) if backward else state.tangents.get(name), "gradient", name)
    summing = backward and slope is not None and name not in state.settled
    if mark.tile is not None:
        grids = shown_grids(mark.tile, _seen(value), _seen(slope), summing=summing, backward=backward)
        return MarkTexts("", "", "", summing, ring, broken=False, grids=grids)
    is_told = value is not None and mark.kind != CONSTANT
    sign = _sign(name, notation) if backward else "▷ "
    return MarkTexts(
        name=name if mark.kind == "gate" and mark.label != name else "",
        value=number_text(value) if is_told else "",
        slope=sign + number_text(slope) + (" + …" if summing else "") if slope is not None else "",
        summing=summing,
        ring=ring,
        broken=is_told and value is not HIDDEN and not np.isfinite(np.asarray(value)).all(),
    )


def _edge_states(scene: Scene, timeline: Timeline, state: State) -> dict[tuple[int, int], str]:
    """Tell what has travelled along each edge so far."""
    states = {}
    for curve in scene.curves:
        consumer = timeline.graph.nodes[curve.key[0]]
        if (consumer, curve.slot) in state.travelled:
            states[curve.key] = "backward"
        elif timeline.mode == "forward" and consumer in state.tangents:
            states[curve.key] = "tangent"
        else:
            states[curve.key] = "forward" if consumer in state.primals else "future"
    return states


def _weights(scene: Scene, timeline: Timeline, names: Sequence[str]) -> dict[tuple[int, int], float]:
    weighed = {c.key: names[c.weight] for c in scene.curves if c.weight is not None}
    told = {key: name for key, name in weighed.items() if not timeline.veil.hides("value", name)}
    sizes = {key: float(timeline.tape.primals[name]) for key, name in told.items()}
    largest = max((abs(size) for size in sizes.values() if math.isfinite(size)), default=0.0) or 1.0
    return {key: size / largest if math.isfinite(size) else 0.0 for key, size in sizes.items()}


def _seen(number: Any) -> Any:
    """Give an array; a hidden one is drawn as one that is not there yet."""
    return None if number is HIDDEN else number


def _sign(name: str, notation: str) -> str:
    if notation == "δ":
        return "δ "
    barred = unicodedata.normalize("NFD", notation) == f"x{_BAR}"
    return f"{name}{_BAR} = " if barred and len(name) <= 2 else "▽ "


def _focus(
    timeline: Timeline, step: int, place: Mapping[str, int]
) -> tuple[int | None, int | None, set[tuple[int, int]]]:
    """Where the step happens, where it comes from, and along which edges."""
    if not 0 < step < len(timeline):
        return None, None, set()
    active: set[tuple[int, int]] = set()
    node = sender = None
    for record in timeline[step - 1].records:
        if isinstance(record, Propagate):
            node, sender = place[record.node], place[record.consumer]
            active.add((sender, record.slot))
        elif isinstance(record, (Evaluate, Push, Seed)):
            node = place[record.node]
            if not isinstance(record, Seed):
                active |= {(node, slot) for slot in range(len(timeline.graph.arguments(record.node)))}
    if sender is not None:
        # The whole ledger of the node so far, not only its newest line.
        for done in timeline[: step - 1]:
            active |= {
                (place[each.consumer], each.slot)
                for each in done.records
                if isinstance(each, Accumulate) and place[each.node] == node
            }
    return node, sender, active


def _labels(
    scene: Scene,
    timeline: Timeline,
    keys: set[tuple[int, int]],
    curves: Mapping[tuple[int, int], Cubics],
    others: Iterable[ContributionLabel],
) -> tuple[ContributionLabel, ...]:
    if not keys:
        return ()
    numbers: Any = RunNumbers(timeline)
    told = [(key, curves[key], _on_a_label(numbers.number("contribution", *key))) for key in sorted(keys)]
    return place_labels(told, scene.marks, others)


def _on_a_label(number: Any) -> str:
    """Write a contribution; of an array of many axes the first and last sizes: an edge has no room for all."""
    sizes = np.shape(number)
    if len(sizes) <= _MOST_AXES:
        return number_text(number)
    return f"[{sizes[0]}×{sizes[1]}×…×{sizes[-1]}]"
