"""What lesson 17 prints and says: which mistake is named, and what is found in each patient."""

from __future__ import annotations

import pytest
from lessons import FOLDER

nbclient = pytest.importorskip("nbclient", reason="The notebooks run with nbclient, a part of the test extra.")
nbformat = pytest.importorskip("nbformat")


@pytest.fixture(scope="module")
def printed(kernels):
    """What the lesson prints, in order, and what its cells give as text."""
    notebook = nbformat.read(FOLDER / "17_your_own_model.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [text for cell in notebook.cells for text in texts(cell.get("outputs", []))]


def texts(outputs):
    """What a cell prints is one text, in however many pieces a busy machine sends it."""
    printed = "".join(output.get("text", "") for output in outputs)
    given = [output.get("data", {}).get("text/plain", "") for output in outputs if "text" not in output]
    return [printed, *given] if printed else given


def starting(printed, text):
    (found,) = (each for each in printed if each.startswith(text))
    return found


def test_the_engine_is_read_with_its_gradients(printed):
    # y = a² + a + b with a = x·w = -6: dy/da = 2a + 1 = -11.
    assert starting(printed, "v1 = x1*x2; v2 = v1*v1; v3 = v2 + v1; v4 = v3 + x3 [33.0, -22.0, 1.0]")


def test_the_forgotten_sum_and_the_swapped_factors_are_named(printed):
    forgotten = starting(printed, "v1 = x1·x2: its gradient is -6, and should be -11")
    assert "added up at a branch (+=)" in forgotten
    assert "has its factors swapped" in starting(printed, "x2 = a leaf: its gradient is 33, and should be -22")


def test_each_patient_has_what_the_lesson_says(printed):
    assert any(each.startswith("()") for each in printed)  # the healthy one
    assert "in W1, against" in starting(printed, "vanishing:")
    scaled = starting(printed, "scale: W2 is of another scale")
    assert "saturated: All 16 units of h2" in scaled
    silent = starting(printed, "silent: All 16 units of h2 are silent")
    assert "dead" not in silent
    masked = starting(printed, "causal mask: ()")
    assert "at [2] holds only −∞" in masked
    assert "12 uses (2.5 times at each step back)" in starting(printed, "exploding:")


def test_two_starts_stand_side_by_side(printed):
    pair = starting(printed, "Gradient health of two runs")
    assert "2: All weights are of another scale" in pair
    columns = pair.splitlines()[2].split()
    assert columns.count("2:1") == 3
