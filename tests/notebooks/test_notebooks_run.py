"""Every notebook runs from top to bottom in a kernel of its own, and no callback fails on the way."""

from __future__ import annotations

import shutil

import pytest
from lessons import FOLDER, LAST_CELL, PATHS

nbclient = pytest.importorskip("nbclient", reason="The notebooks run with nbclient, a part of the test extra.")
nbformat = pytest.importorskip("nbformat")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch, kernels):
    if path.stem in {"09_digits", "12_convolution"}:
        pytest.importorskip("sklearn", reason="scikit-learn brings the digits")
    # A copy, since a lesson may write files beside itself.
    shutil.copytree(FOLDER, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    settings = {"metadata": {"path": str(tmp_path / "notebooks")}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=settings).execute()
    texts = [output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [text for text in texts if "Traceback" in text]
