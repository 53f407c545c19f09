"""A tape planned for one set of shapes, whose buffers are used again at every call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.rule_calls import Place, Recorded, Recorder, same
from backpropviz.autodiff.fast.source import build
from backpropviz.autodiff.fast.terms import OPAQUE
from backpropviz.autodiff.input_values import number
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate
from backpropviz.ops.sweeps import pull_back, run_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.autodiff.fast.rule_calls import Call
    from backpropviz.graph import Graph, Number
    from backpropviz.ops.sweeps import Instruction


class PlannedTape:
    """Both sweeps of an array graph as a list of NumPy calls into buffers that stay.

    Planning runs the rules once on recorded arrays. What NumPy calls they make depends on shapes only, so the same
    calls compute the gradient of any inputs of those shapes, and give the tape's results to the bit. A rule that
    cannot be recorded, or whose record does not repeat its result, is called as it is.

    Parameters
    ----------
    graph : Graph
        With a scalar output.
    point : mapping of str to float64 or array
        Inputs with the shapes to plan for, in the graph's order.
    """

    def __init__(self, graph: Graph, point: Mapping[str, Number]) -> None:
        self.shapes = shapes_of(point)
        self._names = graph.inputs
        self._busy = threading.Lock()  # two calls at a time would write into the same buffers
        with np.errstate(all="ignore"):
            recorder, inputs, value, gradient = record_sweeps(graph, point)
            self._values = _program(recorder, inputs, [value])
            self._sweeps = _program(recorder, inputs, [value, *gradient])

    def value(self, point: Mapping[str, Number]) -> Any:
        """Compute the value; None while another thread uses the buffers."""
        results = self._call(self._values, point)
        return None if results is None else results[0]

    def gradient(self, point: Mapping[str, Number]) -> tuple[Any, dict[str, Any]] | None:
        """Compute value and gradient, in memory that is the caller's; None while another thread uses the buffers."""
        results = self._call(self._sweeps, point)
        return None if results is None else (results[0], dict(zip(self._names, results[1:], strict=True)))

    def _call(self, program: Callable[..., Any], point: Mapping[str, Number]) -> Any:
        if not self._busy.acquire(blocking=False):
            return None
        try:
            with np.errstate(all="ignore"):
                return program(*point.values())
        finally:
            self._busy.release()


def shapes_of(point: Mapping[str, Number]) -> tuple[tuple[int, ...], ...]:
    """Shapes of inputs, in order."""
    return tuple(np.shape(value) for value in point.values())


def record_sweeps(graph: Graph, point: Mapping[str, Number]) -> tuple[Recorder, list[Place], Place, list[Place]]:
    """Record both sweeps; give the places of the inputs, of the value, and of the adjoints of the inputs."""
    plan = plan_of(graph)
    numbers = evaluate(graph, None, point)
    if np.ndim(numbers.value):
        numbers.reverse()  # raises, and says why
    recorder = Recorder()
    leaves = {name: recorder.leaf(value) for name, value in point.items()}
    inputs = [leaf.place for leaf in leaves.values()]
    recorded = plan.leaves(leaves)
    for place, constant in plan.constants:
        recorded[place] = recorder.leaf(constant)
    run_forward(plan, recorded, lambda step, arguments: _value(step, arguments, numbers.values[step.place]))
    sums = pull_back(plan, recorded, recorder.leaf(np.float64(1.0)), _contributions)
    gradient = []
    for name, value in point.items():
        total = sums[plan.place[name]]
        gradient.append(recorder.call(np.zeros, np.shape(value)).place if total is None else total.place)
    return recorder, inputs, recorded[plan.output].place, gradient


def _value(step: Instruction, arguments: Sequence[Recorded], expected: Any) -> Recorded:
    try:
        traced = step.value(arguments)
        if same([traced], [expected]):
            return traced  # type: ignore[no-any-return]  # `same` has looked
    except OPAQUE:
        pass

    def as_it_is(*numbers: Any) -> Any:
        return number(step.value(numbers))

    return arguments[0].recorder.call(as_it_is, *arguments)


def _contributions(
    step: Instruction, cotangent: Recorded, out: Recorded, arguments: Sequence[Recorded]
) -> list[Recorded]:
    def as_it_is(cotangent: Any, out: Any, *numbers: Any) -> list[Any]:
        return list(map(number, step.contributions(cotangent, out, numbers)))

    expected = as_it_is(cotangent.number, out.number, *(argument.number for argument in arguments))
    try:
        traced = step.contributions(cotangent, out, arguments)
        if same(traced, expected):
            return traced
    except OPAQUE:
        pass
    together = cotangent.recorder.call(as_it_is, cotangent, out, *arguments)
    return [together[index] for index in range(len(step.slots))]


def _program(recorder: Recorder, inputs: Sequence[Place], roots: Sequence[Place]) -> Callable[..., Any]:
    """Write the calls that the roots need; buffers, functions and literals are bound by number."""
    needed = set(roots)
    for place in range(len(recorder.calls) - 1, -1, -1):
        call = recorder.calls[place]
        if place in needed and call is not None:
            needed.update(item for item in call.arguments if type(item) is Place)
    bound: dict[str, Any] = {"copy": np.array}
    lines = []
    fresh = set()
    for place, call in enumerate(recorder.calls):
        if place not in needed:
            continue
        if call is None:
            if place not in inputs:
                bound[f"t{place}"] = recorder.values[place]
            continue
        options = dict(call.options)
        if _writes_into_buffer(call, recorder.values[place]):
            if place in roots:
                fresh.add(place)  # what leaves the program is the caller's
            else:
                options["out"] = np.empty_like(recorder.values[place])
        texts = [f"t{item}" if type(item) is Place else _bind(bound, item) for item in call.arguments]
        texts += [f"{name}={_bind(bound, value)}" for name, value in options.items()]
        lines.append(f" t{place}={_bind(bound, call.function)}({','.join(texts)})")
    results = [
        f"t{root}" if root in fresh or np.ndim(recorder.values[root]) == 0 else f"copy(t{root})" for root in roots
    ]
    repeated = [f"copy({text})" if text in results[:index] else text for index, text in enumerate(results)]
    head = f"def run({','.join(f't{place}' for place in inputs)}):"
    return build("run", [head, *lines, f" return {','.join(repeated)},"], bound)


def _writes_into_buffer(call: Call, result: Any) -> bool:
    owner = getattr(call.function, "__self__", None)
    return (isinstance(call.function, np.ufunc) or isinstance(owner, np.ufunc)) and isinstance(result, np.ndarray)


def _bind(bound: dict[str, Any], value: Any) -> str:
    name = f"n{len(bound)}"
    bound[name] = value
    return name
