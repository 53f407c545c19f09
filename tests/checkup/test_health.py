"""The health of gradients: rows hold what was measured, and planted faults are named exactly."""

from __future__ import annotations

from html import escape

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import ops
from backpropviz.checkup.report import Health, HealthPair
from backpropviz.errors import InputError

RNG = np.random.default_rng(0)
DEPTH = 5


def deep(x, y, **weights):
    """A perceptron with tanh, its layers named h1 to h4."""
    h = x
    for layer in range(1, DEPTH):
        h = np.tanh(h @ weights[f"W{layer}"])
    return np.mean((h @ weights[f"W{DEPTH}"] - y) ** 2)


def deep_graph():
    names = ["x", "y", *(f"W{layer}" for layer in range(1, DEPTH + 1))]
    return bpv.trace(lambda *given: deep(**dict(zip(names, given, strict=True))), *names)


def deep_point(seed=0):
    rng = np.random.default_rng(seed)
    weights = {f"W{layer}": rng.normal(size=(16, 16)) / 4.0 for layer in range(1, DEPTH)}
    return {
        "x": rng.normal(size=(20, 16)),
        "y": rng.normal(size=(20, 1)),
        **weights,
        f"W{DEPTH}": rng.normal(size=(16, 1)) / 4.0,
    }


def kinds(found):
    return [(each.kind, each.where) for each in found.findings]


def test_a_healthy_network_is_left_in_peace_and_its_rows_hold_what_was_measured():
    graph, point = deep_graph(), deep_point()
    found = bpv.health(graph, point)
    assert isinstance(found, Health)
    assert kinds(found) == []
    tape = graph.evaluate(point)
    adjoints = tape.reverse()
    row = next(each for each in found.blocks if each.parameters == 16 * 16)
    gate = row.name
    assert row.value == pytest.approx(np.linalg.norm(tape.primals[gate]), rel=1e-14)
    assert row.gradient == pytest.approx(np.linalg.norm(adjoints[gate]), rel=1e-14)
    weight = "W1"
    assert row.update_ratio == pytest.approx(
        0.01 * np.linalg.norm(adjoints[weight]) / np.linalg.norm(point[weight]), rel=1e-14
    )
    assert found.output == float(tape.value)
    assert found.stored == bpv.cost(graph, **point).reverse.stored
    assert "Nothing was found" in str(found)
    assert "<table>" in found._repr_html_()


def test_a_weight_of_another_scale():
    point = deep_point()
    point["W3"] = point["W3"] * 200.0
    found = bpv.health(deep_graph(), point)
    assert ("scale", "W3") in kinds(found)
    assert [where for kind, where in kinds(found) if kind == "scale"] == ["W3"]


def test_units_that_are_silent_and_units_that_are_saturated():
    def model(x, w, b, v):
        return np.sum(ops.relu(x @ w + b) @ v)

    bias = np.array([0.0, -50.0, 0.0])
    found = bpv.health(model, x=RNG.normal(size=(30, 4)), w=RNG.normal(size=(4, 3)), b=bias, v=np.ones(3))
    (finding,) = (each for each in found.findings if each.kind == "silent")
    assert finding.units == (1,)
    assert "Unit 2 of" in finding.text
    assert next(each.silent for each in found.blocks if each.silent is not None) == pytest.approx(1 / 3)

    def bounded(x, w, v):
        return np.sum(np.tanh(x @ w) @ v)

    found = bpv.health(bounded, x=np.ones((30, 4)), w=np.full((4, 3), 9.0), v=np.ones(3))
    assert "saturated" in [kind for kind, _ in kinds(found)]


def recurrence(scale, steps=12):
    def model(x, w, h):
        for place in range(steps):
            h = h @ w + x[place]
        return np.sum(h * h)

    rotation = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
    return bpv.health(model, x=RNG.normal(size=(steps, 1, 4)), w=scale * rotation, h=np.zeros((1, 4)))


def test_a_recurrence_that_explodes_or_vanishes():
    (finding,) = recurrence(2.5).findings
    assert (finding.kind, finding.where) == ("exploding", "w")
    assert "12 uses (2.5 times at each step back)" in finding.text
    (finding,) = recurrence(0.3).findings
    assert (finding.kind, finding.where) == ("vanishing", "w")
    assert recurrence(1.0).findings == ()


def attention(mask):
    def model(q, k, v, mask):
        return np.sum(ops.softmax(q @ k.T + mask) @ v)

    given = {name: np.random.default_rng(2).normal(size=(3, 4)) for name in ("q", "k", "v")}
    return bpv.health(model, mask=mask, **given)


def test_a_mask_is_no_fault_but_a_row_without_any_entry_is():
    causal = np.triu(np.full((3, 3), -np.inf), 1)
    found = attention(causal)
    assert found.findings == ()
    assert found.first_value is None
    assert found.first_gradient is None
    causal[1] = -np.inf
    found = attention(causal)
    (finding,) = found.findings
    assert finding.kind == "not finite"
    assert finding.where == found.first_value
    assert "at [1] holds only −∞" in finding.text


def test_nan_on_the_way_back_alone():
    found = bpv.health("a = x**2 + y; b = sqrt(a)", x=0.0, y=0.0)
    assert (found.first_value, found.first_gradient) == (None, "a")
    (finding,) = found.findings
    assert "b (sqrt) sends it where a is 0" in finding.text


@pytest.mark.parametrize(
    ("text", "point", "where", "said"),
    [
        ("a = x - y; b = ln(a); c = b*x", {"x": 1.0, "y": 1.0}, "b", "a is not above 0"),
        ("a = x - y; b = x/a", {"x": 1.0, "y": 1.0}, "b", "nothing can be divided by it"),
        ("a = sqrt(x)", {"x": -1.0}, "a", "no square root"),
        ("a = exp(x); b = a + 1", {"x": 800.0}, "a", "reach 800"),
        ("a = x*2", {"x": float("nan")}, "x", "how it was given"),
    ],
)
def test_the_first_value_that_is_not_finite_is_told_with_its_reason(text, point, where, said):
    found = bpv.health(text, point)
    assert found.first_value == where
    assert said in found.findings[0].text


def test_what_passes_no_gradient_back():
    def model(x, w, u):
        return np.sum((x @ w) @ u)

    found = bpv.health(model, x=np.ones((2, 3)), w=np.ones((3, 3)), u=np.zeros((3, 3)))
    (finding,) = (each for each in found.findings if each.kind == "dead")
    assert "u is 0 throughout" in finding.text


def test_two_initialisations_side_by_side():
    graph = deep_graph()
    first = bpv.health(graph, deep_point(0))
    second = bpv.health(graph, {**deep_point(1), "W1": np.zeros((16, 16))})
    pair = bpv.health(first, second)
    assert isinstance(pair, HealthPair)
    assert all(note.startswith("2: ") for note in pair.content()["notes"])
    (table,) = pair.content()["tables"]
    assert len(table["rows"]) == len(first.blocks)
    assert len({len(row) for row in (table["head"], *table["rows"])}) == 1


def test_a_point_is_needed():
    with pytest.raises(InputError):
        bpv.health("x*y", x=1.0)


def test_the_page_tells_what_the_table_tells_and_runs_nothing(tmp_path):
    point = deep_point()
    point["W3"] = point["W3"] * 200.0
    ill, well = bpv.health(deep_graph(), point), bpv.health(deep_graph(), deep_point())
    for found in (ill, bpv.health(well, ill)):
        text = found.to_html(tmp_path / "health.html")
        assert (tmp_path / "health.html").read_text(encoding="utf-8") == text == found.to_html()
        assert "default-src 'none'" in text
        assert "<script" not in text
        content = found.content()
        cells = [cell for row in content["tables"][0]["rows"] for cell in row if cell]
        for told in (content["heading"], *content["notes"], *cells):
            assert escape(told) in text
