"""Every notebook runs from top to bottom in a kernel of its own, and no callback fails on the way."""

from __future__ import annotations

import re
import shutil

import pytest
from lessons import FOLDER, LAST_CELL, PATHS

nbclient = pytest.importorskip("nbclient", reason="The notebooks run with nbclient, a part of the test extra.")
nbformat = pytest.importorskip("nbformat")


def alive(factor):
    return 0.1 < factor < 10


CLAIMS = {
    "12_convolution": [(r"epoch 6: .* ([\d.]+)% right", lambda percent: percent > 90)],
    "13_depth": [
        (r"identity gain 1\.00: .* (\S+) arrive", alive),
        (r"relu +gain 1\.41: .* (\S+) arrive", alive),
        (r"first layer / last layer = (\S+)", lambda ratio: 1 < ratio < 10),
    ],
    "14_recurrence": [
        (r"rnn: step 200, loss (\S+)", lambda loss: 0.67 < loss < 0.72),
        (r"lstm: step 200, loss (\S+)", lambda loss: loss < 0.1),
        (r"rnn: gradient of the first inputs ([^,]+)", lambda size: size < 1e-15),
        (r"lstm: gradient of the first inputs ([^,]+)", lambda size: size > 1e-6),
    ],
    "16_language_model": [(r"after 400 names: loss (\S+)", lambda loss: loss < 1.7)],
}
"""What the prose says of numbers that a run prints."""


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
    for pattern, holds in CLAIMS.get(path.stem, []):
        numbers = [float(number) for number in re.findall(pattern, "".join(texts))]
        assert numbers, pattern
        assert all(map(holds, numbers)), (pattern, numbers)
