"""Both sweeps of an array graph, recorded as the NumPy calls that its rules make.

What they call depends on shapes only, so the same calls compute the gradient of any inputs of those shapes, and give
the tape's results to the bit. A rule that cannot be recorded, or whose record does not repeat its result, is called as
it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.rule_calls import CallRecorder, Place, RecordedArray, same
from backpropviz.autodiff.fast.terms import OPAQUE
from backpropviz.autodiff.input_values import number
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate, read_seed
from backpropviz.ops.sweeps import pull_back, run_forward

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.ops.plan import Instruction


def record_sweeps(
    graph: Graph, point: Mapping[str, Number], wanted: Collection[str]
) -> tuple[CallRecorder, list[Place], Place, dict[str, Place]]:
    """Record what the value and the adjoints of some inputs take.

    Parameters
    ----------
    graph : Graph
        With a scalar output, where adjoints are wanted.
    point : mapping of str to float64 or array
        Inputs, in the graph's order.
    wanted : collection of str
        Inputs whose adjoints are wanted; without any, there is no reverse sweep.
    """
    plan = plan_of(graph)
    numbers = evaluate(graph, None, point)
    recorder = CallRecorder()
    leaves = {name: recorder.leaf(value) for name, value in point.items()}
    recorded = plan.leaves(leaves)
    for place, constant in plan.constants:
        recorded[place] = recorder.leaf(constant)
    run_forward(plan, recorded, lambda step, arguments: _value(step, arguments, numbers.values[step.place]))
    adjoints: dict[str, Place] = {}
    if wanted:
        sums = pull_back(plan, recorded, recorder.leaf(read_seed(numbers, None)), _contributions)
        for name in wanted:
            total = sums[plan.place[name]]
            adjoints[name] = recorder.call(np.zeros, np.shape(point[name])).place if total is None else total.place
    return recorder, [leaf.place for leaf in leaves.values()], recorded[plan.output].place, adjoints


def _value(step: Instruction, arguments: Sequence[RecordedArray], expected: Any) -> RecordedArray:
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
    step: Instruction, cotangent: RecordedArray, out: RecordedArray, arguments: Sequence[RecordedArray]
) -> list[RecordedArray]:
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
