"""The cells of lesson 17 that are for reading where PyTorch is missing, run where it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install 'backpropviz[torch]'")

LESSON = Path(__file__).parents[2] / "notebooks" / "17_your_own_model.ipynb"


@pytest.fixture(scope="module")
def lesson():
    """What the lesson's names stand for after its last cell, and what it displays."""
    shown = []
    names = {"__name__": "lesson", "display": lambda *things: shown.extend(things)}
    for number, cell in enumerate(json.loads(LESSON.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)  # noqa: S102  the project's own lesson
    return names, shown


def test_the_module_has_its_own_gradients(lesson):
    names, _ = lesson
    adopted, torch = names["adopted"], names["torch"]
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    model = torch.nn.Sequential(*names["layers"]).double()
    loss(model(names["inputs"].double()), names["targets"]).backward()
    found = names["bpv"].gradient(adopted)
    for name, parameter in model.named_parameters():
        np.testing.assert_allclose(found[name], parameter.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_the_explorer_has_a_map_and_the_table_its_rows(lesson):
    explorer, found, *_ = lesson[1]
    assert [path for path, *_ in explorer.blocks["known"]] == ["0", "2"]  # a module of one gate is that gate
    assert [block.parameters for block in found.blocks[:3]] == [24, 0, 9]
    assert found.findings == ()


def test_the_function_of_jax_has_its_own_gradients(lesson):
    jax = pytest.importorskip("jax", reason="JAX is not installed: python -m pip install 'backpropviz[jax]'")
    names, shown = lesson
    assert shown[-1].graph == names["traced"].graph
    with jax.enable_x64(True):
        data = names["moons"].features[:8], names["moons"].targets[:8] * 1.0
        expected = jax.grad(names["squared_error"])(names["parameters"], *data)
    found = names["bpv"].gradient(names["traced"])
    for name, slope in expected.items():
        (own,) = (value for input_name, value in found.items() if input_name.endswith(name))
        np.testing.assert_allclose(own, np.asarray(slope), rtol=1e-12, atol=1e-15)
