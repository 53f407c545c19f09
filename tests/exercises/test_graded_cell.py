"""The cell that the documentation gives to graders: it names the mistake, and loads no widget."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "sharing.md").read_text(encoding="utf-8")
CELL = PAGE.partition("## Graded without a browser")[2].partition("```python\n")[2].partition("```")[0]
NO_WIDGET = "\nimport sys\nassert not {'ipywidgets', 'anywidget', 'plotly'} & set(sys.modules)\nprint('graded')"


def graded(gradients):
    script = f"gradients = {gradients!r}\n{CELL}{NO_WIDGET}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)


def test_right_answers_pass():
    run = graded({"v1": 1, "x": 2.0, "y": "2/2"})
    assert (run.stdout, run.stderr) == ("graded\n", "")


@pytest.mark.parametrize(("answer", "said"), [(1, "You overwrote instead of accumulated"), ("two", "is a name")])
def test_a_wrong_answer_fails_and_is_told_why(answer, said):
    run = graded({"v1": 1, "x": answer, "y": 1})
    assert run.returncode == 1
    assert said in run.stderr.splitlines()[-1]
