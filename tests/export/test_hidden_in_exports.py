"""What is hidden in an explorer is told by nothing that leaves it: no picture, no text, no page at first sight."""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.steps.veil import Veil

PROGRAM = "u = x*z; y = sin(u)*x**2 + u"


@pytest.fixture
def explorer():
    made = bpv.explore(PROGRAM, x=1.37, z=2.11)
    made.edges = "local"
    return made


def _secrets(explorer):
    """Gradients and contributions, as they are written, unless a value is written alike."""
    adjoints = explorer.run.tape.reverse()
    values = [f"{value:.4g}" for value in explorer.run.tape.primals.values()]
    told = {f"{abs(float(n)):.4g}" for n in [*dict(adjoints).values(), *adjoints.contributions.values()]}
    return {each for each in told if len(each) >= 4 and not any(each in value for value in values)}


def _written(explorer):
    """Everything that is written of every step."""
    for step in range(explorer.last_step + 1):
        explorer.step = step
        yield from (explorer.to_svg(), explorer.to_text(), explorer.to_latex())
    yield explorer.to_figure().to_json()


def test_hidden_gradients_are_neither_drawn_nor_written(explorer):
    secrets = _secrets(explorer)
    assert {each for each in secrets if any(each in text for text in _written(explorer))} == secrets
    explorer.hide()
    for text in _written(explorer):
        assert {each for each in secrets if each in text} == set()
    explorer.reveal_all()
    assert {each for each in secrets if any(each in text for text in _written(explorer))} == secrets


def test_one_hidden_node_is_hidden_alone(explorer):
    explorer.hide("u", gradients=False)
    explorer.step = explorer.last_step
    told = explorer.to_text()
    assert "u = x·z (multiply); it is used by a and y. Its value is ?. Its gradient is ?." in told
    assert "x is an input; it is used by u and b. Its value is 1.37. Its gradient is −1.046." in told
    assert [explorer.reveal(), explorer.reveal()] == ["value u", "gradient u"]
    assert "?" not in explorer.to_text()


def test_a_hidden_array_is_an_empty_grid():
    point = {"X": np.full((2, 2), 1.25), "W": np.full((2, 1), 0.75)}
    explorer = bpv.explore(bpv.trace(lambda left, right: np.sum((left @ right) * 3.0), "X", "W"), point)
    explorer.step = explorer.last_step
    told = [">1.25<", ">0.75<", ">2.25<", ">7.50<"]  # both inputs, then their gradients
    assert [each in explorer.to_svg() for each in told] == [True] * 4
    explorer.hide("W")
    assert [each in explorer.to_svg() for each in told] == [True, False, True, False]


def test_updates_and_tangents_are_hidden_with_what_they_lead_to(explorer):
    explorer.updates = {"x": 0.01}
    explorer.hide()
    assert explorer.shown_graph().timeline.narrate(explorer.last_step).latex.endswith(r"1.37 - 0.01 \cdot ? = ?")
    forward = bpv.explore("x*z", x=2.25, z=3.125)
    forward.mode = "forward"
    forward.step = forward.last_step
    assert "▷ 3.125" in forward.to_svg()
    forward.hide()
    assert "▷ 3.125" not in forward.to_svg()
    assert "▷ ?" in forward.to_svg()


def test_a_page_starts_hidden_and_can_reveal(explorer):
    explorer.hide()
    shown = explorer.shown_graph()
    again = ShownGraph.from_plain(json.loads(json.dumps(shown.to_plain())))
    for page in (shown.page(), again.page(), shown.page(editable=True)):
        assert page.traits["hidden"]["gradients"] is True
        assert page.study_aids
    explorer.reveal_all()
    assert "hidden" not in explorer.shown_graph().page().traits
    assert Veil.of(explorer.hidden) == Veil()
