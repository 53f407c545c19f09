"""Arrays that do not fit together: the message says what would, and a picture shows where they meet."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.charts.theme import LIGHT
from backpropviz.errors import ShapeError
from backpropviz.export.misfit_picture import misfit_picture

SVG = "{http://www.w3.org/2000/svg}"


def layer(X, W, b):  # noqa: N803
    h = X @ W
    z = h + b
    return np.sum(np.tanh(z))


POINT = {"X": np.ones((4, 3)), "W": np.ones((3, 2)), "b": np.ones(2)}


def refused(**changed):
    graph, point = bpv.trace(layer), {**POINT, **changed}
    with pytest.raises(ShapeError) as caught:
        bpv.explore(graph, point)
    return caught.value, ET.fromstring(misfit_picture(graph, point, caught.value))  # noqa: S314


def texts(picture):
    return ["".join(each.itertext()) for each in picture.iter(f"{SVG}text")]


def test_the_gate_that_refuses_is_ringed_and_its_edges_tell_the_shapes():
    fault, picture = refused(W=np.ones((2, 3)))
    assert fault.node == "h"
    seen = texts(picture)
    assert {"[4×3]", "[2×3]", "does not fit"} <= set(seen)
    assert "Check the input 'W'." in " ".join(seen)
    assert [each.get("stroke") for each in picture.iter() if each.get("stroke-width") == "3"].count(LIGHT.current) == 1


def test_what_was_computed_before_is_shown():
    fault, picture = refused(b=np.ones(4))
    assert fault.node == "z"
    known = {each.get("data-node") for each in picture.iter(f"{SVG}text") if each.get("data-value")}
    assert known == {"X", "W", "b", "h"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"b": np.ones(3)}, "Beside (4, 2) would fit (2,), (4, 1) or (4, 2)."),
        ({"b": np.ones(4)}, "To stand as a column, index the vector by [:, None]."),
        ({"W": np.ones((2, 3))}, "expected (3, k), since slot 0 has shape (4, 3)"),
    ],
)
def test_the_message_says_what_would_fit(changed, said):
    fault, picture = refused(**changed)
    assert said in fault.message
    assert said.split()[0] in " ".join(texts(picture))


def test_a_notebook_gets_the_picture_and_the_error(monkeypatch):
    class Shell:
        kernel = object()

    shown = []
    monkeypatch.setattr("IPython.get_ipython", Shell)
    monkeypatch.setattr("IPython.display.display", lambda content, **_: shown.append(content))
    with pytest.raises(ShapeError):
        bpv.explore(layer, **{**POINT, "b": np.ones(3)})
    assert "does not fit" in shown[0]["image/svg+xml"]
    assert "Beside (4, 2)" in shown[0]["text/plain"]
