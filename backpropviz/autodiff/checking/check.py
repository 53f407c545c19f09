"""An independent check of every derivative rule of a graph."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from backpropviz.autodiff.checking.columns import Columns, rows_of, sums_along
from backpropviz.autodiff.checking.independent import derivative_along
from backpropviz.autodiff.checking.neighbours import cotangents, directions, points_around
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate
from backpropviz.errors import BackpropvizError, GradientCheckError
from backpropviz.graph.source import placed
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph.source import Source
    from backpropviz.ops.plan import Instruction


def check(source: Source, point: Mapping[str, object] | None = None, /, **inputs: object) -> None:
    """Compare the rules of every gate with derivatives found without them.

    Each gate is checked alone, so a wrong rule is found at the gate that has it: its full Jacobian, along random
    directions where it is large, by the complex step, by Richardson's extrapolation where the operation is not
    analytic; forwards and backwards, with cotangents of both signs and several sizes; at the point itself, at points
    mirrored into the other side of each kink, and at stretched ones; and twice, which must give the same bits.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        What to check.
    point, **inputs : number or array
        Where to check. At a kink there is no derivative to compare with: it is checked on both sides instead.

    Raises
    ------
    GradientCheckError
        Naming the node, its operation and the slot whose rule is wrong.

    Examples
    --------
    >>> from backpropviz import parse
    >>> check(parse("sin(x)*max(x, 1)"), x=0.3)
    """
    graph, values = placed(source, point, inputs)
    tape = evaluate(graph, values, {})
    generator = np.random.default_rng(0)
    alike: dict[Hashable, list[Instruction]] = {}
    for step in plan_of(graph).instructions:
        alike.setdefault(_kind(step, tape), []).append(step)

    def alone(step: Instruction) -> None:
        for arguments in points_around([tape.values[place] for place in step.arguments], generator):
            _Gate(graph.nodes[step.place], step, arguments, generator).check()

    with np.errstate(all="ignore"):
        for first, *others in alike.values():
            alone(first)
            if others and not _all_right(others, tape, generator):
                for step in others:
                    alone(step)


def _kind(step: Instruction, tape: Tape) -> Hashable:
    """Tell which gates do the same to numbers; any other gate is a kind of its own."""
    places = (step.place, *step.arguments)
    if not step.op.elementwise or step.op.name in COMPOSITES or any(np.ndim(tape.values[place]) for place in places):
        return step.place
    return (step.op.name, len(step.arguments), repr(sorted(step.parameters.items())))


def _all_right(steps: list[Instruction], tape: Tape, generator: np.random.Generator) -> bool:
    """Check gates that do the same together, as the entries of one array; what looks wrong is to be checked alone."""
    rows = [[tape.values[place] for place in step.arguments] for step in steps]
    try:
        for arguments in points_around(list(np.array(rows).T), generator):
            _Entries("", steps[0], arguments, generator).check()
    except Exception:  # noqa: BLE001  whatever a rule makes of an array: the gates are asked one by one then
        return False
    return True


class _Gate:
    """One gate at one point.

    Parameters
    ----------
    name : str
        Of the node.
    step : Instruction
        What it does.
    arguments : list of float64 or array
        The point.
    generator : numpy.random.Generator
        Draws cotangents and directions.
    """

    def __init__(self, name: str, step: Instruction, arguments: list[Any], generator: np.random.Generator) -> None:
        self.name = name
        self.op = step.op
        self.parameters = step.parameters
        self.arguments = arguments
        self.generator = generator

    def check(self) -> None:
        """Check value, shape, and both rules of all slots; a point outside the domain is passed over."""
        try:
            out, again = (_real(self.op.value(*self.arguments, **self.parameters)) for _ in range(2))
        except (BackpropvizError, ValueError, IndexError):
            return
        if not np.isfinite(out).all():
            return
        self._same_bits("value", None, out, again)
        predicted = self.op.shape(*map(np.shape, self.arguments), **self.parameters)
        if predicted != np.shape(out):
            self._complain("the shape", None, f"says {predicted}", f"the value has {np.shape(out)}")
        columns = [self._columns(slot, out) for slot in range(len(self.arguments))]
        self._check_reverse(out, list(cotangents(np.shape(out), self.generator)), columns)

    def _columns(self, slot: int, out: Any) -> Columns:
        """Check the forward rule along each direction, and keep the derivatives for the reverse rule."""
        found: list[tuple[Any, Any, Any]] = []
        pushed: list[Any] = []
        for direction in directions(np.shape(self.arguments[slot]), self.generator):
            try:
                expected, tolerance = derivative_along(self.op, self.arguments, self.parameters, slot, direction)
            except (BackpropvizError, ValueError, IndexError):
                # Labels and the like cannot move by a little: the gradient is zero there.
                expected, tolerance = np.zeros(np.shape(out)), np.full(np.shape(out), 1e-10)
            tangents = [direction if index == slot else None for index in range(len(self.arguments))]
            rule = partial(self.op.jvp, tangents, out, self.arguments, self.parameters)
            pushed.append(self._call("forward", slot, rule))
            if not _fits(np.shape(pushed[-1]), np.shape(out)):
                self._complain("the forward rule", slot, f"gives shape {np.shape(pushed[-1])}", str(np.shape(out)))
            found.append((direction, expected, tolerance))
        if not self.op.elementwise and not all(np.isfinite(expected).all() for _, expected, _ in found):
            # At a kink one direction may have a derivative that none of the rules near it has: entries that tie.
            found = [(direction, np.full_like(expected, np.nan), trust) for direction, expected, trust in found]
        undefined = ~np.all([np.isfinite(expected) for _, expected, _ in found], axis=0) if found else False
        for moved, (_, expected, tolerance) in zip(pushed, found, strict=True):
            # An entry that moves along another direction, without a derivative there: 0 times its slope may be NaN.
            told = np.where(undefined & np.isnan(moved), np.nan, expected)
            self._compare("forward", slot, moved, told, tolerance, np.abs(expected))
        return Columns.of(found, np.size(self.arguments[slot]), np.size(out))

    def _check_reverse(self, out: Any, seeds: list[Any], columns: list[Columns]) -> None:
        """Call the reverse rule with each cotangent, and compare all that came slot by slot."""
        slots = range(len(self.arguments))
        contributions: list[list[Any]] = [[] for _ in slots]
        guarded: list[list[Any]] = [[] for _ in slots]
        for cotangent in seeds:
            ask = (cotangent, out, self.arguments, self.parameters, slots)
            received = self._call("reverse", None, partial(self.op.vjp, *ask))
            repeated = self._call("reverse", None, partial(self.op.vjp, *ask))
            kept = self._call("guarded reverse", None, partial(self.op.guarded_vjp, *ask))
            for slot, contribution in enumerate(received):
                shape = np.shape(self.arguments[slot])
                if np.shape(contribution) != shape:
                    self._complain("the reverse rule", slot, f"gives shape {np.shape(contribution)}", str(shape))
                self._same_bits("reverse rule", slot, contribution, repeated[slot])
                contributions[slot].append(contribution)
                guarded[slot].append(kept[slot])
        rows = rows_of(seeds)
        for slot in slots:
            self._compare_along(slot, rows, columns[slot], rows_of(contributions[slot]), rows_of(guarded[slot]))

    def _compare_along(self, slot: int, seeds: Any, column: Columns, contributions: Any, guarded: Any) -> None:
        """Compare <contribution, direction> with <cotangent, derivative along it>, for a row of each at once."""
        known = np.isfinite(column.derivatives)
        derivatives = np.where(known, column.derivatives, 0.0).T
        # An entry without a derivative counts only where the cotangent reaches it.
        reached = np.not_equal(seeds, 0.0) @ ~known.T
        expected, scale = np.where(reached, np.nan, seeds @ derivatives), np.abs(seeds) @ np.abs(derivatives)
        for sweep, amounts in (("reverse", contributions), ("guarded reverse", guarded)):
            along = sums_along(amounts, column.directions)
            # 0 times an undefined slope may spoil the sum over entries, and only then is NaN no fault.
            told = column.whole | np.isfinite(along)
            self._compare(sweep, slot, along, np.where(told, expected, np.nan), column.trust, scale, axis=1)

    def _call(self, sweep: str, slot: int | None, rule: Callable[[], Any]) -> Any:
        try:
            return rule()
        except Exception as cause:  # noqa: BLE001  whatever a wrong rule raises, the node is to be named
            self._complain(f"the {sweep} rule", slot, f"fails: {cause}", "a derivative")

    def _compare(
        self,
        sweep: str,
        slot: int,
        actual: Any,
        expected: Any,
        tolerance: Any,
        scale: Any,
        *,
        axis: int | None = None,
    ) -> None:
        """Compare numbers; those along `axis`, or all, are entries of one result."""
        known = np.isfinite(expected)
        # A closed gate, as of a normalisation, may take away what it added: last digits of numbers of size 1 are left.
        allowed = tolerance * (
            scale + 1e-3 * self._largest(scale, axis) + (1.0 if self.op.name in COMPOSITES else 1e-3)
        )
        if np.any(wrong := known & ~(np.abs(actual - expected) <= allowed)):
            place = tuple(int(each[0]) for each in np.nonzero(np.atleast_1d(wrong)))
            said, right = (
                float(np.broadcast_to(np.atleast_1d(each), np.atleast_1d(wrong).shape)[place])
                for each in (actual, expected)
            )
            self._complain(f"the {sweep} rule", slot, f"gives {said:.12g}", f"an independent derivative {right:.12g}")

    def _largest(self, scale: Any, axis: int | None) -> Any:
        """Entries of one gate share a scale."""
        return np.max(np.abs(scale), axis=axis, keepdims=axis is not None, initial=0.0, where=np.isfinite(scale))

    def _same_bits(self, what: str, slot: int | None, first: Any, second: Any) -> None:
        if np.asarray(first).tobytes() != np.asarray(second).tobytes():
            self._complain(f"the {what}", slot, "gives other bits when it is called again", "the same")

    def _complain(self, what: str, slot: int | None, said: str, right: str) -> NoReturn:
        where = "" if slot is None else f", slot {slot}"
        shown = ", ".join(_shown(argument) for argument in self.arguments)
        raise GradientCheckError(
            f"{self.op.name} (node {self.name}){where}: {what} {said}, expected {right}, at ({shown}). "
            "Correct the rule.",
            node=self.name,
            op=self.op.name,
            slot=slot,
            expected=right,
            actual=said,
        )


class _Entries(_Gate):
    """Gates on numbers that do the same, as entries of arrays: each entry has its own derivative and its own scale."""

    def check(self) -> None:
        """Check value and both rules, entry by entry; entries outside the domain are passed over."""
        out, again = (_real(self.op.value(*self.arguments, **self.parameters)) for _ in range(2))
        self._same_bits("value", None, out, again)
        whole = np.isfinite(out)
        ones, slots = np.ones(out.shape), range(len(self.arguments))
        found = []
        for slot in slots:
            derivative, tolerance = derivative_along(self.op, self.arguments, self.parameters, slot, ones)
            expected = np.where(whole, derivative, np.nan)
            found.append((expected, np.where(np.isfinite(derivative), tolerance, 0.0)))
            tangents = [ones if index == slot else None for index in slots]
            pushed = self.op.jvp(tangents, out, self.arguments, self.parameters)
            self._compare("forward", slot, pushed, expected, tolerance, np.abs(expected))
        for size in (1.0, -1.0, -30.0):
            cotangent = size * self.generator.uniform(0.5, 1.5, out.shape)
            for rule in (self.op.vjp, self.op.guarded_vjp):
                received, repeated = (rule(cotangent, out, self.arguments, self.parameters, slots) for _ in range(2))
                for slot, (expected, tolerance) in enumerate(found):
                    self._same_bits("reverse rule", slot, received[slot], repeated[slot])
                    along = cotangent * expected
                    self._compare("reverse", slot, received[slot], along, np.maximum(tolerance, 1e-10), np.abs(along))

    def _largest(self, scale: Any, axis: int | None) -> Any:
        del axis
        return np.abs(scale)


def _real(value: Any) -> Any:
    return np.asarray(value, dtype=np.float64)[()]


def _fits(shape: tuple[int, ...], into: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, into) == into
    except ValueError:
        return False


def _shown(argument: Any) -> str:
    if math.prod(np.shape(argument)) > 6:
        return f"array of shape {np.shape(argument)}"
    return np.array2string(np.asarray(argument), precision=6, separator=", ")
