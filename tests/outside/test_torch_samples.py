"""The samples with which PyTorch tests its own operations, run through what adoption makes of them.

Two samples of each variant here; ``SAMPLES=all python -m pytest tests/outside/test_torch_samples.py`` takes all, some
thousands, and ``python tests/outside/torch_samples.py`` prints what became of each operation, mapped or not.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch_samples

pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install torch")
pytest.importorskip("expecttest", reason="PyTorch's samples need expecttest: python -m pip install expecttest")

MOST = None if os.environ.get("SAMPLES") == "all" else 2

MAPPED = Path(__file__).with_name("mapped_operations.txt").read_text(encoding="utf-8").split()
"""Operations of which samples were compared at the last full run."""

LESS_EXACT = {"nn.functional.hardsigmoid"}
"""PyTorch multiplies by a sixth in single precision there."""


@cache
def _operations():
    return torch_samples.operations()


@pytest.mark.parametrize("name", MAPPED)
def test_value_and_gradient_are_those_of_autograd(name, monkeypatch):
    if name in LESS_EXACT:
        monkeypatch.setattr(torch_samples, "TOLERANCE", 1e-7)
    report = torch_samples.tried(name, _operations()[name], MOST)
    assert report.wrong == []
    assert report.compared or MOST
