"""In the browser's Python NumPy's integers have 32 bits: every operation, and a run that learns, give the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import CASES

import backpropviz as bpv
from backpropviz.graph import GraphBuilder


@pytest.fixture
def narrow(monkeypatch):
    """NumPy as it is there, as far as it can be had here: places, and what asks for an integer, in 32 bits."""

    def narrowed(function):
        def give(*arguments, **named):
            found = function(*arguments, **named)
            return found.astype(np.int32) if getattr(found, "dtype", None) == np.int64 else found

        return give

    def apply():
        monkeypatch.setattr(np, "intp", np.int32)
        for name in ("arange", "argsort", "argmax", "argmin", "cumsum", "flatnonzero", "searchsorted", "asarray"):
            monkeypatch.setattr(np, name, narrowed(getattr(np, name)))

    return apply


def _bits(case):
    builder = GraphBuilder()
    inputs = [builder.input(f"x{slot}") for slot in range(len(case.arguments))]
    graph = builder.build(builder.apply("sum", builder.apply(case.op, *inputs, name="gate", **case.parameters)))
    tape = graph.evaluate({f"x{slot}": argument for slot, argument in enumerate(case.arguments)})
    adjoints = tape.reverse()
    return [np.asarray(each).tobytes() for each in (tape.primals["gate"], *(adjoints[name] for name in graph.inputs))]


@pytest.mark.parametrize("op", sorted({case.op for case in CASES}))
def test_an_operation_gives_the_same_bits(op, narrow):
    cases = [case for case in CASES if case.op == op]
    with np.errstate(all="ignore"):
        before = [_bits(case) for case in cases]
        narrow()
        assert [_bits(case) for case in cases] == before


def test_a_network_learns_the_same(narrow):
    def run():
        examples = bpv.datasets.blobs(30)
        *_, last = bpv.fit(bpv.MLP((2, 4, 3), output="softmax", seed=1), examples, epochs=3, batch_size=7)
        page = bpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3).to_html()
        return last.loss.hex() if isinstance(last.loss, float) else repr(last.loss), page

    before = run()
    narrow()
    assert run() == before
