"""Which gradient of a learner's engine is wrong first, and what was probably forgotten."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import AdoptionError, GradientCheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropviz.adopt.adopted import Adopted
    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.graph import Graph

_MOST_WAYS = 12
"""Branches of which all subsets are tried."""
_UNKNOWN = "It is off by"


def find_mistake(adopted: Adopted, values: Mapping[str, Any], grads: Mapping[str, Any], tolerance: float) -> None:
    """Compare an engine's gradients with ours, from the root towards the leaves.

    Parameters
    ----------
    adopted : Adopted
        The engine's graph.
    values, grads : mapping of str to number
        What the engine holds, by node.
    tolerance : float
        Largest difference, as a share of the number; at least 1 counts.

    Raises
    ------
    GradientCheckError
        Naming the first node whose gradient is wrong though those of all its consumers are right.
    AdoptionError
        Where the engine has no gradients yet.
    """
    graph = adopted.graph
    tape = graph.evaluate(adopted.point)
    adjoints = tape.reverse()
    root = graph.output
    if not grads or not any(np.any(np.asarray(grads[name]) != 0.0) for name in values):
        raise AdoptionError("The engine holds no gradients yet. Call backward() on the root, then check().", node=root)
    wrong = [
        name for name in reversed(graph.nodes) if name in grads and _differs(grads[name], adjoints[name], tolerance)
    ]
    if not wrong:
        return
    factor = _one_factor(graph, grads, adjoints, wrong, tolerance)
    name = wrong[0]
    why = factor or _why(graph, tape, adjoints, name, float(np.sum(grads[name])), tolerance)
    if why.startswith(_UNKNOWN) and len(wrong) > 1 and not any(map(graph.arguments, wrong)):
        why = f"{why} Only leaves are wrong: are their gradients stale, not set back to 0 before the sweep?"
    raise GradientCheckError(
        f"{name} = {_shown(graph, name)}: its gradient is {float(np.sum(grads[name])):.6g}, and should be "
        f"{float(np.sum(adjoints[name])):.6g}. {why}",
        node=name,
        op=graph.op(name),
        expected=adjoints[name],
        actual=grads[name],
    )


def _shown(graph: Graph, name: str) -> str:
    return graph.definition(name, "unicode") if graph.arguments(name) else "a leaf"


def _differs(theirs: Any, ours: Any, tolerance: float) -> bool:
    left, right = np.asarray(theirs, dtype=np.float64), np.asarray(ours, dtype=np.float64)
    gap = np.abs(left - right)
    return not bool(np.all((gap <= tolerance * np.maximum(1.0, np.abs(right))) | (np.isnan(left) & np.isnan(right))))


def _one_factor(graph: Graph, grads: Mapping[str, Any], adjoints: Adjoints, wrong: list[str], tolerance: float) -> str:
    """Recognise gradients that are left from before: all of them, or those of the leaves alone, are multiples."""
    root = float(np.sum(grads[graph.output]))
    if graph.output in wrong and root == 0.0:
        return "The root begins with 1, the derivative of a value by itself: set it before the sweep."
    if graph.output in wrong:
        return (
            "The gradient of the root is not 1: backward() ran several times without setting gradients back to 0, or "
            "the root was not set to 1 before the sweep."
        )
    ratios = {
        round(float(np.sum(grads[name])) / float(np.sum(adjoints[name])), 9) for name in wrong if np.sum(adjoints[name])
    }
    leaves = {name for name in wrong if not graph.arguments(name)}
    if leaves == set(wrong) and len(ratios) == 1 and (ratio := ratios.pop()) == round(ratio) and ratio > 1:
        moving = [name for name in graph.inputs if np.sum(adjoints[name])]
        if len(wrong) == len(moving) or len(wrong) > 1:  # a number that is written anew in each run is a leaf as well
            who = "Every leaf holds" if len(wrong) == len(moving) else f"{', '.join(reversed(wrong))} hold"
            return (
                f"{who} {ratio:g} times the right gradient: it is stale: what was there before the sweep was not set "
                "back to 0."
            )
    del tolerance
    return ""


def _why(graph: Graph, tape: Tape, adjoints: Adjoints, name: str, found: float, tolerance: float) -> str:
    ways = [
        (edge, float(np.sum(adjoints.contributions[edge])))
        for edge in graph.consumers(name)
        if edge in adjoints.contributions
    ]
    amounts = [amount for _, amount in ways]
    total = float(np.sum(adjoints[name]))

    def near(number: float) -> bool:
        return not _differs(found, number, max(tolerance, 1e-9))

    if len(ways) > 1 and any(near(amount) for amount in amounts):
        return (
            f"It is used {len(ways)} times, and holds the contribution of one use alone: contributions are added up "
            "at a branch (+=), not written over (=)."
        )
    for (consumer, _), amount in ways:
        upstream = [float(np.sum(adjoints.contributions[edge])) for edge in graph.consumers(consumer)]
        whole = float(np.sum(adjoints[consumer]))
        for part in _parts(upstream):
            if whole and near(total - amount + amount * part / whole):
                return (
                    f"{consumer} passed its gradient on before all contributions to it had arrived: visit the values "
                    "in reverse topological order, each after everything that uses it."
                )
    for (consumer, slot), amount in ways:
        for other, reason in _slips(graph, tape, adjoints, consumer, slot, amount):
            if near(total - amount + other):
                return f"The rule of {consumer} = {_shown(graph, consumer)} {reason}"
    if found == 0.0:
        return "No contribution arrives: it is missing in the list of values that the sweep visits."
    users = ", ".join(dict.fromkeys(consumer for (consumer, _), _ in ways)) or "nothing"
    return f"{_UNKNOWN} {found - total:.6g}. Look at the rules of what uses it: {users}."


def _parts(amounts: list[float]) -> Iterator[float]:
    """Give the sums of all proper parts of the contributions."""
    if not 1 < len(amounts) <= _MOST_WAYS:
        return
    for count in range(1, len(amounts)):
        for chosen in itertools.combinations(amounts, count):
            yield sum(chosen)


def _slips(
    graph: Graph, tape: Tape, adjoints: Adjoints, consumer: str, slot: int, amount: float
) -> Iterator[tuple[float, str]]:
    """Give what a contribution would be after a usual slip, and how to say it."""
    arguments = graph.arguments(consumer)
    upstream = float(np.sum(adjoints[consumer]))
    own = float(np.sum(tape.primals[arguments[slot]]))
    if graph.op(consumer) == "multiply":
        yield upstream * own, "has its factors swapped: each factor receives the upstream gradient times the other one."
    if upstream:
        yield amount / upstream, "leaves the upstream gradient out: multiply the local gradient by out.grad."
    yield -amount, "has the wrong sign."
    if graph.op(consumer) in ("tanh", "sigmoid"):
        x = own
        slope = 1.0 - x * x if graph.op(consumer) == "tanh" else x * (1.0 - x)
        yield upstream * slope, "takes its argument where its own value belongs: the slope is written in the output."
    if graph.op(consumer) == "power" and slot == 0:
        exponent = float(np.sum(tape.primals[arguments[1]]))
        yield upstream * exponent * own**exponent if own else 0.0, "lowers no exponent: the slope of xⁿ is n·xⁿ⁻¹."
        yield upstream * own ** (exponent - 1.0) if own else 0.0, "leaves out the factor n: the slope of xⁿ is n·xⁿ⁻¹."
    if graph.op(consumer) == "exp":
        yield upstream * own, "takes its argument where its own value belongs: the slope of eˣ is eˣ."
    yield upstream, "passes the upstream gradient on unchanged: its local gradient is missing."
    late = ", or it was visited before its own gradient had arrived" if consumer != graph.output else ""
    yield 0.0, f"does not send anything here{late}."
