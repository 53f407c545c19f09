"""What keeps a model from learning, found in one run forward and backward."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.checkup.blocks import uses_of
from backpropviz.checkup.examination import typical
from backpropviz.checkup.finding import (
    FAR_APART,
    SATURATED_SHARE,
    Finding,
    exploding_text,
    saturated_text,
    silent_text,
    vanishing_text,
)
from backpropviz.checkup.idle_units import LOWEST, by_unit, share_saturated, silent_units
from backpropviz.checkup.not_finite import first_gradient, first_value
from backpropviz.ops import REGISTRY
from backpropviz.ops.counting import counted
from backpropviz.ops.roles import MOVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.checkup.examination import Examination

_MANY_EXAMPLES = 16
"""From here on a unit that is silent for all of them is hardly so by chance."""
_OFF_SCALE = 20.0
_SEVERAL = 3
_RECURRENT = 4


def findings_of(seen: Examination) -> tuple[Finding, ...]:
    """Look for everything, the worst first.

    Where numbers are not finite nothing else is looked for, since it would follow from that; what gets no gradient for
    want of a path is told in any case.
    """
    broken = _not_finite(seen)
    if broken:
        return (*broken, *_detached(seen))
    silent = _silent(seen)
    # Behind a layer that is silent as a whole, weights get no gradient: that follows, and has been said.
    is_whole = any(len(each.units) == by_unit(seen.value(each.where)).shape[1] for each in silent)
    dead = [] if is_whole else _dead(seen)
    found = [*_detached(seen), *silent, *dead, *_off_scale(seen), *_repeated(seen)]
    if not any(each.kind in ("vanishing", "exploding", "dead") for each in found):
        found += _unequal(seen)
    return (*found, *_saturated(seen))


def _not_finite(seen: Examination) -> list[Finding]:
    found = first_value(seen.tape) or first_gradient(seen.tape, seen.adjoints)
    if found is None:
        return []
    return [Finding("not finite", 0, (), f"{seen.place(found.node)} {found.text}.", found.node)]


def _detached(seen: Examination) -> list[Finding]:
    """Find parameters from which no path leads to the output."""
    graph = seen.tape.graph
    reaching = {graph.output}
    for name in reversed(graph.nodes):
        if name in reaching:
            reaching.update(graph.arguments(name))
    lost = [name for name in seen.parameters if name not in reaching]
    if not lost:
        return []
    stops = "; ".join(f"{call} ({place})" if place else call for call, place in seen.detached.items())
    why = f"the gradient is stopped at {stops}" if stops else "what they feed is left out, or was computed without them"
    names = ", ".join(lost)
    text = (
        f"No path leads from {names} to {graph.output}: {why}. They are never updated. Take the stop away, or freeze "
        "them on purpose."
    )
    return [Finding("detached", 0, (), text, lost[0])]


def _silent(seen: Examination) -> list[Finding]:
    found = []
    for name in _gates(seen, "relu"):
        values = by_unit(seen.value(name))
        units = tuple(np.flatnonzero(silent_units(values)).tolist())
        total = values.shape[1]
        if not units or (len(values) < _MANY_EXAMPLES and len(units) < total):
            continue
        advice = "another start, with biases that are not below 0; or leaky ReLU, which passes a hundredth"
        text = silent_text(units, total, f"of {seen.place(name)}", counted(len(values), "example"), advice)
        found.append(Finding("silent", 0, units, text, name))
    return found


def _saturated(seen: Examination) -> list[Finding]:
    found = []
    for activation in LOWEST:
        for name in _gates(seen, activation):
            shares = share_saturated(activation, by_unit(seen.value(name)))
            units = tuple(np.flatnonzero(shares >= SATURATED_SHARE).tolist())
            if not units or 2 * len(units) < len(shares):
                continue  # some such units are how a network draws a sharp boundary
            advice = "smaller first weights, or inputs of size about 1"
            text = saturated_text(units, len(shares), f"of {seen.place(name)}", activation, "examples", advice)
            found.append(Finding("saturated", 0, units, text, name))
    return found


def _gates(seen: Examination, op: str) -> list[str]:
    graph = seen.tape.graph
    return [name for name in graph.nodes if graph.op(name) == op]


def _dead(seen: Examination) -> list[Finding]:
    """Find the last gate, on the way back the first, that receives a gradient and passes none on.

    A condition never passes one on, nor does a weight's first use on a state of zeros: what matters is that a parameter
    gets none on any way.
    """
    graph = seen.tape.graph
    learned = set(seen.parameters)
    above = {name: name in learned and not np.any(seen.slope(name)) for name in graph.inputs}
    for name in graph.nodes:
        above.setdefault(name, any(above.get(each, False) for each in graph.arguments(name)))
    for name in reversed(graph.nodes):
        # In a bias the contributions of the examples may cancel each other: that is no fault.
        is_bias = not graph.arguments(name) and seen.value(name).ndim < 2
        if not above[name] or is_bias or np.any(seen.slope(name)):
            continue
        for consumer, slot in graph.consumers(name):
            sent = (consumer, slot) in seen.adjoints.contributions
            is_activation = graph.op(consumer) == "relu"  # what is silent is told as such
            if not sent or is_activation or not np.any(seen.slope(consumer)):
                continue
            others = [each for place, each in enumerate(graph.arguments(consumer)) if place != slot]
            zero = next((each for each in others if not np.any(seen.value(each))), "")
            why = f"{zero} is 0 throughout" if zero else f"the slope of {graph.op(consumer)} is 0 at every entry"
            text = (
                f"{seen.place(consumer)} passes no gradient back to {seen.place(name)}: {why}. Nothing that only feeds "
                "it learns. Start with other numbers there."
            )
            return [Finding("dead", 0, (), text, consumer)]
    return []


def _off_scale(seen: Examination) -> list[Finding]:
    """Compare by how much each weight matrix makes its input larger with how the others do."""
    graph = seen.tape.graph
    gains: dict[str, tuple[float, str]] = {}
    for parameter in seen.parameters:
        if seen.value(parameter).ndim < 2:
            continue
        uses, carriers = uses_of(graph, parameter)
        for consumer, slot in uses:
            arguments = graph.arguments(consumer)
            other = arguments[1 - slot] if len(arguments) == 2 else ""
            if graph.op(consumer) != "matmul" or other in carriers or parameter in gains:
                continue
            before, after = typical(seen.value(other)), typical(seen.value(consumer))
            if before and after:
                gains[parameter] = (after / before, consumer)
    found = []
    middle = statistics.median(gain for gain, _ in gains.values()) if len(gains) >= _SEVERAL else 1.0
    if not 1.0 / _OFF_SCALE <= middle <= _OFF_SCALE:
        names = list(gains)
        text = (
            f"All weights are of another scale: {names[0]} to {names[-1]} make their inputs about {middle:.3g} times "
            "as large, block after block. Try first weights that keep sizes as they are: "
            f"about {typical(seen.value(names[0])) / middle:.2g}."
        )
        found.append(Finding("scale", 0, (), text, names[0]))
    for parameter, (gain, gate) in gains.items():
        others = [each for name, (each, _) in gains.items() if name != parameter]
        usual = statistics.median(others) if len(others) >= _SEVERAL - 1 else 1.0
        if 1.0 / _OFF_SCALE <= gain / usual <= _OFF_SCALE:
            continue
        fitting = typical(seen.value(parameter)) * usual / gain
        whom = "the others make theirs" if len(others) >= _SEVERAL - 1 else "a weight matrix should make it about"
        text = (
            f"{parameter} is of another scale: it makes its input {gain:.3g} times as large, at {seen.place(gate)}, "
            f"where {whom} {usual:.3g} times. Try first weights of about {fitting:.2g}."
        )
        found.append(Finding("scale", 0, (), text, parameter))
    return found


def _repeated(seen: Examination) -> list[Finding]:
    """Follow the gradient back through the uses of one weight, as in a recurrence."""
    worst: tuple[float, Finding] | None = None
    for parameter in seen.parameters:
        graph = seen.tape.graph
        uses = [gate for gate, _ in uses_of(graph, parameter)[0] if REGISTRY[graph.op(gate)].role is not MOVER]
        sizes = [size for gate in uses if (size := typical(seen.slope(gate)))]
        if len(sizes) < _RECURRENT:
            continue
        ratio = sizes[0] / sizes[-1]
        if 1.0 / FAR_APART <= ratio <= FAR_APART:
            continue
        kind, say = ("exploding", exploding_text) if ratio > 1.0 else ("vanishing", vanishing_text)
        fold = ratio ** (1.0 / (len(sizes) - 1))
        text = say(
            f"{sizes[0]:.1e} per entry where {parameter} is used first, at {seen.place(uses[0])}",
            f"{sizes[-1]:.1e} at the last of its {len(sizes)} uses ({fold:.3g} times at each step back)",
        )
        extent = max(ratio, 1.0 / ratio)
        if worst is None or extent > worst[0]:
            worst = extent, Finding(kind, 0, (), text, parameter)
    return [worst[1]] if worst else []


def _unequal(seen: Examination) -> list[Finding]:
    """Compare the gradient per weight of each matrix with that of the last one."""
    matrices = [name for block in seen.blocks for name in block.parameters if seen.value(name).ndim > 1]
    sizes = {name: size for name in matrices if (size := typical(seen.slope(name)))}
    if not sizes:
        return []
    final = list(sizes)[-1]
    ending = f"{sizes[final]:.1e} in {final}, the last"
    found: list[Finding] = []
    looks: tuple[tuple[str, str, bool, Callable[[str, str], str]], ...] = (
        ("vanishing", min(sizes, key=sizes.__getitem__), True, vanishing_text),
        ("exploding", max(sizes, key=sizes.__getitem__), False, exploding_text),
    )
    for kind, name, is_small, say in looks:
        ratio = sizes[final] / sizes[name] if is_small else sizes[name] / sizes[final]
        if ratio > FAR_APART:
            found.append(Finding(kind, 0, (), say(f"{sizes[name]:.1e} per weight in {name}", ending), name))
    return found
