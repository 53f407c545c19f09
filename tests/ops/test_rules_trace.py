"""Rules run on tracers too: so the reverse sweep can itself become a graph."""

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import CASES

from backpropviz.graph import GraphBuilder
from backpropviz.graph.tracing.shape_inference import declare_shape
from backpropviz.graph.tracing.tracer import Tracer, lift


def _stand_ins(values):
    builder = GraphBuilder()
    tracers = {}
    for name, value in values.items():
        tracers[name] = Tracer(builder, builder.input(name))
        declare_shape(builder, tracers[name].reference, np.shape(value))
    return builder, tracers


@pytest.mark.parametrize("case", CASES, ids=str)
def test_traced_reverse_rule_gives_what_the_rule_gives(case):
    generator = np.random.default_rng(0)
    out = case.value()
    values = {"g": np.asarray(generator.normal(size=np.shape(out)))[()], "out": out}
    values |= {f"x{slot}": argument for slot, argument in enumerate(case.arguments)}
    slots = [slot for slot in range(len(case.arguments)) if slot not in case.fixed]
    with np.errstate(all="ignore"):
        expected = case.rule.vjp(values["g"], out, case.arguments, case.parameters, slots)
        builder, tracers = _stand_ins(values)
        arguments = [tracers[f"x{slot}"] for slot in range(len(case.arguments))]
        traced = case.rule.vjp(tracers["g"], tracers["out"], arguments, case.parameters, slots)
        for contribution, right in zip(traced, expected, strict=True):
            graph = builder.build(lift(builder, contribution))
            found = graph.evaluate({name: values[name] for name in graph.inputs}).value
            np.testing.assert_allclose(np.broadcast_to(found, np.shape(right)), right, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", [case for case in CASES if not case.rule.elementwise], ids=str)
def test_traced_forward_rule_gives_what_the_rule_gives(case):
    generator = np.random.default_rng(0)
    out = case.value()
    values = {"out": out} | {f"x{slot}": argument for slot, argument in enumerate(case.arguments)}
    slots = [slot for slot in range(len(case.arguments)) if slot not in case.fixed]
    values |= {f"t{slot}": np.asarray(generator.normal(size=np.shape(case.arguments[slot])))[()] for slot in slots}
    with np.errstate(all="ignore"):
        builder, tracers = _stand_ins(values)
        arguments = [tracers[f"x{slot}"] for slot in range(len(case.arguments))]
        right, traced = (
            case.rule.jvp([kind.get(f"t{slot}") for slot in range(len(given))], kind["out"], given, case.parameters)
            for kind, given in ((values, case.arguments), (tracers, arguments))
        )
        graph = builder.build(lift(builder, traced))
        found = graph.evaluate({name: values[name] for name in graph.inputs}).value
        np.testing.assert_allclose(np.broadcast_to(found, np.shape(right)), right, rtol=1e-12, atol=1e-13)
