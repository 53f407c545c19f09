"""No barrier for those who hear the page, or see little contrast."""

from __future__ import annotations

import numpy as np
import pytest
from accessibility import findings, pale_texts
from painted import wait_until_painted, wait_until_still

import backpropviz as bpv
from backpropviz.export.shown_graph import ShownGraph

pytestmark = pytest.mark.browser

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
SCHEMES = pytest.mark.parametrize("offline", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=str)
IN_LAB = [
    f'import backpropviz as bpv\nbpv.explore("{TEXT}", x=2, z=3)',
    'bpv.exercise("v1 = x + y; f = x/v1", x=-1, y=2)',
    "bpv.train(bpv.MLP((2, 3, 1), output='sigmoid'), bpv.datasets.moons(), bpv.SGD(0.1), batch_size=10, epochs=100)",
]


def open_aids(page, root):
    """Open the study aids one after the other."""
    for button in root.locator(".bpv-aid-button").all():
        if button.is_visible():
            button.click()
            page.wait_for_timeout(150)
            yield button.inner_text()


@SCHEMES
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_an_exported_page(offline, tmp_path, mode):
    explorer = bpv.explore(TEXT, x=2, z=3)
    explorer.mode = mode
    explorer.step = explorer.last_step - 2
    explorer.selected = "b"
    explorer.to_html(tmp_path / "page.html")
    explorer.close()
    root = offline.open(tmp_path / "page.html")
    wait_until_still(root)  # until the nodes are described
    assert findings(offline.page, "html") == []
    assert pale_texts(root) == []


@SCHEMES
def test_a_page_with_study_aids(offline, tmp_path):
    explorer = bpv.explore("exp(x*z) + ln(x - 2)*0", x=2, z=3)  # with numbers that are none
    explorer.to_html(tmp_path / "page.html", study_aids=True)
    explorer.close()
    root = offline.open(tmp_path / "page.html")
    root.get_by_label("Last step").click()
    assert findings(offline.page, "html") == []
    opened = [(name, findings(offline.page, ".bpv-aids")) for name in open_aids(offline.page, root)]
    assert len(opened) >= 4
    assert [each for each in opened if each[1]] == []
    assert pale_texts(root) == []


@SCHEMES
def test_a_page_of_arrays(offline, tmp_path):
    chance = np.random.default_rng(4)
    point = {"x": chance.normal(size=(4, 3)), "w": chance.normal(size=(3, 2)), "b": chance.normal(size=2)}
    graph = bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2))
    (tmp_path / "page.html").write_text(ShownGraph(graph, point).to_html(study_aids=True), encoding="utf-8")
    root = offline.open(tmp_path / "page.html")
    root.get_by_label("Last step").click()
    for kind in ("value", "slope"):
        root.locator(f'.bpv-grid-{kind} .bpv-cell[data-node="w"][data-entry="2,0"]').click()
        offline.page.keyboard.press("s")
        wait_until_still(root)  # until the nodes are described
        assert findings(offline.page, "html") == []
        assert pale_texts(root) == []
    assert root.locator('[data-node="w"]').first.get_attribute("aria-label").startswith("w, input, value [3×2]")
    opened = [(name, findings(offline.page, ".bpv-aids")) for name in open_aids(offline.page, root)]
    assert [each for each in opened if each[1]] == []


def test_keys_reach_every_entry_of_a_sampled_array_and_each_is_said(offline, tmp_path):
    point = {"x": np.random.default_rng(4).normal(size=(70, 90))}
    graph = bpv.trace(lambda x: np.sum(x**2))
    (tmp_path / "page.html").write_text(ShownGraph(graph, point).to_html(), encoding="utf-8")
    root = offline.open(tmp_path / "page.html")
    root.locator('.bpv-node[data-node="x"]').focus()
    for key in ("Enter", "ArrowRight", "ArrowDown"):
        offline.page.keyboard.press(key)
        wait_until_painted(offline.page)
    text = f"x[1,1]: {point['x'][1, 1]:.4g}".replace("-", "−")
    root.locator(".bpv-live", has_text=text).wait_for(state="attached")


@pytest.mark.parametrize("offline", [{"width": 390, "height": 844}], indirect=True, ids=str)
def test_a_page_of_arrays_fits_a_phone(offline, tmp_path):
    chance = np.random.default_rng(4)
    point = {"x": chance.normal(size=(4, 3)), "w": chance.normal(size=(3, 2))}
    graph = bpv.trace(lambda x, w: np.sum(np.tanh(x @ w) ** 2))
    (tmp_path / "page.html").write_text(ShownGraph(graph, point).to_html(), encoding="utf-8")
    root = offline.open(tmp_path / "page.html")
    root.get_by_label("Last step").click()
    root.locator('.bpv-grid-slope .bpv-cell[data-node="w"][data-entry="2,0"]').click()
    wait_until_painted(offline.page)
    assert root.locator(".bpv-entry-terms tbody tr").count() == 4
    assert offline.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_explorer_exercise_and_trainer_in_jupyterlab(lab, theme):
    lab.open(IN_LAB)
    lab.theme(theme)
    lab.run_all()
    explorer = lab.explorer()
    explorer.press("Last step")
    trainer = lab.page.locator(".bpv-trainer[data-training-step]")
    trainer.wait_for()
    trainer.get_by_role("button", name="One step", exact=True).first.click()
    lab.page.locator(".bpv-trainer[data-training-step='1']").wait_for()
    wait_until_still(lab.page.locator(".bpv").first)
    assert lab.page.locator(".bpv").count() >= 3
    assert findings(lab.page, ".bpv") == []
    assert pale_texts(explorer.root) == []
    opened = [(name, findings(lab.page, ".bpv-aids")) for name in open_aids(lab.page, explorer.root)]
    assert [each for each in opened if each[1]] == []


def test_a_barrier_would_be_found(offline, tmp_path):
    barred = '<html lang="en"><title>t</title><main class="bpv"><img src="data:,"><p style="color:#bbb">pale</p></main>'
    (tmp_path / "page.html").write_text(barred)
    offline.open(tmp_path / "page.html", explorers=0)
    found = " ".join(findings(offline.page, ".bpv"))
    assert "image-alt" in found
    assert "color-contrast" in found
