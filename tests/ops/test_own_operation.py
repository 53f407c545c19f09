"""An operation of one's own is evaluated, differentiated, checked, told and drawn like the others."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import GradientCheckError, InputError
from backpropviz.ops import REGISTRY, Elementwise, Structured, register, registry
from backpropviz.ops.roles import SCALER
from backpropviz.scene.specification import specification


def _swish(partials):
    return Elementwise(
        name="swish",
        arity=1,
        value=lambda x: x / (1.0 + np.exp(-x)),
        partials=partials,
        formulas=("out + (1 - out)*sigmoid(x)",),
        symbol="swish",
        role=SCALER,
        latex=r"\operatorname{{swish}}({0})",
    )


def _right(out, x):
    return (out + (1.0 - out) / (1.0 + np.exp(-x)),)


@pytest.fixture(autouse=True)
def _leave_no_trace():
    yield
    registry._all.pop("swish", None)


def test_own_operation_is_differentiated_and_told():
    swish = register(_swish(_right))
    graph = bpv.trace(lambda x, w: swish(w * x) * x)
    bpv.check(graph, x=1, w=2)
    found = bpv.gradient(graph, x=1, w=2)
    expected = bpv.finite_difference(graph, scheme="complex", x=1, w=2)
    assert found["w"] == pytest.approx(float(expected["w"]), rel=1e-14)
    assert float(swish(2.0)) == pytest.approx(2 / (1 + np.exp(-2)))
    told = [bpv.record(graph, x=1, w=2).narrate(k).sentence for k in range(10)]
    assert any("swish" in sentence for sentence in told)


def test_own_operation_has_sliders_at_once():
    swish = register(_swish(_right))
    explorer = bpv.explore(bpv.trace(swish, "x"), x=1)
    assert explorer.numbers == {}
    described = specification(explorer.timeline, {})["graph"]
    assert "kernel" not in described
    (program,) = described["programs"]
    assert {line[0] for line in program["value"]["lines"]} == {"negative", "exp", "add", "divide"}
    assert "swish" in explorer.to_svg()
    explorer.close()


def test_wrong_slope_is_caught_and_can_be_replaced():
    swish = register(_swish(lambda out, _x: (out,)))
    graph = bpv.trace(swish, "x")
    with pytest.raises(GradientCheckError, match="swish"):
        bpv.check(graph, x=1)
    swish = register(_swish(_right))
    bpv.check(bpv.trace(swish, "x"), x=1)


def _pick(slope):
    """The entry of an array at a whole number, which refuses to be moved by a little."""

    def value(x, place):
        if place != np.rint(place):
            raise IndexError("between two entries")
        return x[..., int(place)]

    def contributions(slots, g, _out, x, place):
        spread = np.zeros(np.shape(x))
        spread[..., int(place)] = g
        return [spread if slot == 0 else slope * g for slot in slots]

    return Structured(
        name="swish",
        arity=2,
        value=value,
        shape_rule=lambda x, _place: x[:-1],
        vjp_together=contributions,
        jvp_rules=(lambda t, _out, _x, place: t[..., int(place)], lambda t, _out, x, _place: slope * t * x[..., 0]),
        formulas=("x[place]", "0"),
        symbol="pick",
        role=SCALER,
        latex=r"{0}_{{1}}",
        analytic=False,
    )


def test_an_argument_that_cannot_move_must_have_the_gradient_zero():
    point = {"x": np.array([3.0, 1.0, 2.0]), "place": 1.0}
    pick = register(_pick(slope=0.0))
    graph = bpv.trace(lambda x, place: pick(x, place) * 2.0)
    bpv.check(graph, point)
    np.testing.assert_array_equal(bpv.gradient(graph, point)["x"], [0.0, 2.0, 0.0])
    register(_pick(slope=1.0))
    with pytest.raises(GradientCheckError, match=r"swish .*slot 1"):
        bpv.check(bpv.trace(lambda x, place: pick(x, place) * 2.0), point)


@pytest.mark.parametrize("name", ["exp", "log", "input", "constant", "two words", ""])
def test_taken_names_are_refused(name):
    op = Elementwise(
        name=name,
        arity=1,
        value=lambda x: x,
        partials=lambda _out, _x: (1.0,),
        formulas=("1",),
        symbol="?",
        role=SCALER,
        latex="{0}",
    )
    before = dict(REGISTRY)
    with pytest.raises(InputError, match="free identifier"):
        register(op)
    assert dict(REGISTRY) == before
