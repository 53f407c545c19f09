"""Keys of the study kit that are numbers are what the package computes; its analysis runs."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from documents import ROOT, rows

import backpropviz as bpv

nbformat = pytest.importorskip("nbformat")
STUDY = ROOT / "study"
KEYS = {row[0]: [cell.replace("−", "-") for cell in row[1:]] for row in rows(STUDY / "questions.md", "question")}


def key(question):
    return [[float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", cell)] for cell in KEYS[str(question)]]


def test_every_question_has_a_key_in_both_forms():
    text = (STUDY / "questions.md").read_text(encoding="utf-8")
    forms = text.partition("## Keys")[0].split("## Form ")[1:]
    asked = [re.findall(r"^(\d+)\. ", form, re.MULTILINE) for form in forms]
    assert asked == [list(KEYS), list(KEYS)]


def test_sweeps():
    first = bpv.gradient("f = (x + y)*z", x=1, y=2, z=-3)["x"], bpv.gradient("f = (x - y)*z", x=4, y=1, z=-2)["y"]
    assert key(3) == [[float(number)] for number in first]
    second = bpv.gradient("a = x*y; f = a + x", x=2, y=5)["x"], bpv.gradient("a = x*y; f = a*x", x=3, y=2)["x"]
    assert key(4) == [[float(number)] for number in second]


def test_gates():
    routed = bpv.gradient("f = 4*max(x, y)", x=3, y=-1), bpv.gradient("f = -2*max(x, y)", x=0, y=5)
    assert key(5) == [[float(found["x"]), float(found["y"])] for found in routed]


def test_edges_that_leave():
    graphs = (bpv.parse("a = x*y; b = x + a; f = a*b"), "a"), (bpv.parse("a = x + y; b = a*y; f = b/a"), "y")
    assert key(1) == [[len(graph.consumers(name))] for graph, name in graphs]


def test_parameters_of_networks():
    networks = bpv.MLP((3, 4, 2)), bpv.MLP((2, 5, 1))
    assert key(11) == [[sum(map(np.size, network.parameters.values()))] for network in networks]


def test_a_step_of_descent():
    for found, (w, x, y) in zip(key(12), [(1, 2, 1), (2, 1, -1)], strict=True):
        slope = float(bpv.gradient("L = (w*x - y)**2", w=w, x=x, y=y)["w"])
        assert found == pytest.approx([w - 0.1 * slope])


def test_the_analysis_runs_and_says_that_its_answers_are_simulated(tmp_path, kernels):
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(STUDY / "analysis.ipynb", as_version=4)
    assert "simulated" in notebook.cells[0].source
    for cell in notebook.cells:
        cell.source = cell.source.replace("10_000", "1_000")  # samples drawn again
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    difference = float(re.search(r"difference ([-\d.]+)", printed)[1])
    low, high = (float(number) for number in re.search(r"interval \[([-\d.]+), ([-\d.]+)\]", printed).groups())
    assert low < difference < high
    assert low < 0.1 < high  # the simulation's true gain


def test_the_analysis_reads_a_file(tmp_path):
    asked = [f"{when}_{number:02}" for when in ("before", "after") for number in range(1, 13)]
    head = ["participant", "tutorial", "group", *asked, *(f"load_{number}" for number in range(1, 10))]
    people = [
        [str(person), "A", group, *["0"] * 12, *["1"] * right, *[""] * (12 - right), *["5"] * 9]
        for person, (group, right) in enumerate([("paper", 3), ("picture", 9)] * 4)
    ]
    (tmp_path / "answers.csv").write_text("\n".join(map(",".join, [head, *people])), encoding="utf-8")
    cells = nbformat.read(STUDY / "analysis.ipynb", as_version=4).cells
    script = "\n".join(cell.source for cell in cells if cell.cell_type == "code").replace("10_000", "50")
    script = script.replace("ANSWERS = None", 'ANSWERS = "answers.csv"')
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "answers.csv, after: paper 0.250, picture 0.750" in done.stdout
    assert "simulated" not in done.stdout
