"""Every operation of the registry on numbers and arrays: the page's run of its program against the Python rule."""

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import CASES

from backpropviz.autodiff.programs import plain_number, program_of, read_plain

BODY = """
  const { structural } = array_primitives.ARRAY_PRIMITIVES;
  primitives.usePrimitives({
    ...array_primitives.ARRAY_PRIMITIVES, structural: { ...structural, ...singular_values.SINGULAR_VALUES },
  });
  return cases.map(({ graph, inputs, direction }) => {
    const run = engine.compileGraph(graph).runForward(inputs, direction);
    const plain = (each) => typeof each === "number" ? each : { shape: each.shape, data: Array.from(each.data) };
    return { value: plain(run.primals.at(-1)), contributions: Array.from(run.contributions, plain),
             tangent: plain(run.tangents.at(-1)) };
  });"""


def described(case):
    arguments = [np.asarray(each, dtype=np.float64)[()] for each in case.arguments]
    slots = [slot for slot in range(len(arguments)) if slot not in case.fixed]
    leaves = [
        {"name": f"x{slot}", "op": "input", "shape": list(np.shape(each))}
        if slot in slots
        else {"name": f"x{slot}", "op": "constant", "value": plain_number(each)}
        for slot, each in enumerate(arguments)
    ]
    top = {"name": "y", "op": case.op, "arguments": list(range(len(arguments))), "program": 0}
    program = program_of(case.rule, arguments, case.parameters, slots).to_plain()
    directions = {
        slot: np.cos(np.arange(np.size(arguments[slot])) + 0.3).reshape(np.shape(arguments[slot])) for slot in slots
    }
    return {
        "graph": {"nodes": [*leaves, top], "output": len(arguments), "programs": [program]},
        "inputs": {f"x{slot}": plain_number(each) for slot, each in enumerate(arguments)},
        "direction": {f"x{slot}": plain_number(each) for slot, each in directions.items()},
    }


@pytest.fixture(scope="module")
def told(javascript):
    modules = ["story/engine", "story/primitives", "story/array_primitives", "story/singular_values"]
    return javascript(BODY, modules=modules, cases=[described(case) for case in CASES])


def assert_close(found, expected):
    found, expected = np.asarray(read_plain(found)), np.asarray(expected, dtype=np.float64)
    assert found.shape == expected.shape
    scale = max(1.0, np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale, equal_nan=True)


@pytest.mark.parametrize("index", range(len(CASES)), ids=lambda index: str(CASES[index]))
def test_the_page_computes_what_the_rule_computes(told, index):
    case, run = CASES[index], told[index]
    op, parameters = case.rule, case.parameters
    arguments = [np.asarray(each, dtype=np.float64)[()] for each in case.arguments]
    slots = [slot for slot in range(len(arguments)) if slot not in case.fixed]
    out = case.value()
    assert_close(run["value"], out)
    with np.errstate(all="ignore"):
        seed = np.ones(np.shape(out))[()]
        for slot, expected in zip(slots, op.vjp(seed, out, arguments, parameters, slots), strict=True):
            assert_close(run["contributions"][slot], expected)
        moving = [
            np.cos(np.arange(np.size(each)) + 0.3).reshape(np.shape(each))[()] if slot in slots else None
            for slot, each in enumerate(arguments)
        ]
        if slots:
            assert_close(run["tangent"], op.jvp(moving, out, arguments, parameters))
