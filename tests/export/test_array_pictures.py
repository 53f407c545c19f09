"""Pictures of arrays: every format shows the grids of values and gradients that the page shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.charts.theme import LIGHT
from backpropviz.export.plotly_figure import to_figure
from backpropviz.export.raster import to_gif, to_png
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.shown_step import shown_step_of
from backpropviz.export.svg import svg_picture
from backpropviz.export.tikz import to_latex
from backpropviz.steps.numerals import cell_text

CHANCE = np.random.default_rng(4)
POINT = {"x": CHANCE.normal(size=(4, 3)), "w": CHANCE.normal(size=(3, 2)), "b": CHANCE.normal(size=2)}
GRAPH = bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2))
ARRAYS = [name for name in GRAPH.nodes if name not in GRAPH.constants and name != GRAPH.output]
SVG = "{http://www.w3.org/2000/svg}"


def shown_graph(**look) -> ShownGraph:
    return ShownGraph(GRAPH, POINT, look=Look(**look))


def large(*shape: int) -> ShownGraph:
    entries = CHANCE.normal(size=shape)
    return ShownGraph(bpv.trace(lambda x: np.sum(x**2)), {"x": entries})


def drawn(shown: ShownGraph) -> ET.Element:
    return ET.fromstring(svg_picture(shown.scene, shown.timeline, shown.shown_step))  # noqa: S314


def cells(shown: ShownGraph) -> list[tuple[dict[str, str], str]]:
    return [
        ({key.removeprefix("data-"): text for key, text in each.attrib.items() if key.startswith("data-")}, each.text)
        for each in drawn(shown).iter(f"{SVG}text")
        if each.get("data-node")
    ]


def test_every_entry_of_a_finished_run_is_there_with_its_value_and_gradient_in_full():
    shown = shown_graph()
    adjoints = shown.timeline.adjoints
    values = {(data["node"], data["entry"]): data for data, _ in cells(shown) if "value" in data}
    assert len(values) == sum(np.size(shown.timeline.tape.primals[name]) for name in ARRAYS)
    for (node, entry), data in values.items():
        index = tuple(map(int, entry.split(",")))
        assert float(data["value"]) == shown.timeline.tape.primals[node][index]
        assert float(data["gradient"]) == adjoints[node][index]


def test_cells_show_short_numbers_and_no_array_is_told_by_its_shape_alone():
    shown = shown_graph()
    for data, text in cells(shown):
        assert text == cell_text(float(data.get("value", data["gradient"])))
    around = ["".join(each.itertext()) for each in drawn(shown).iter(f"{SVG}text")]
    assert not any(re.fullmatch(r"(▽ )?\[4×2\]", text) for text in around)
    assert "tanh [4×2]" in around


def test_a_step_shows_only_what_is_known_then():
    shown = shown_graph(step=11)  # v3 has just received
    known = {(data["node"], "value" if "value" in data else "slope") for data, _ in cells(shown)}
    assert known == {(name, "value") for name in ARRAYS} | {("v3", "slope"), ("v4", "slope")}
    dashed = [each for each in drawn(shown).iter(f"{SVG}rect") if each.get("stroke-dasharray") == "4 3"]
    assert len(dashed) == len(ARRAYS) - 2
    assert not cells(shown_graph(step=1))[0][0].keys() & {"gradient"}


def test_what_is_still_summed_is_dashed_and_tells_no_gradient():
    graph = bpv.trace(lambda x: np.sum(x * x) + np.sum(np.sin(x)))
    run = ShownGraph(graph, {"x": np.array([1.0, 2.0])})
    scene, timeline = run.scene, run.timeline
    summing = [
        grid
        for step in range(len(timeline))
        for grid in shown_step_of(scene, timeline, step).texts[0].grids
        if grid.kind == "slope" and grid.summing
    ]
    assert summing
    assert all(grid.dashed and grid.known and grid.cells[0].gradient is None for grid in summing)


def test_a_heat_map_tells_its_scale_and_strikes_negative_entries():
    shown = large(20, 12)
    grid = shown_step_of(shown.scene, shown.timeline).texts[0].grids[0]
    entries = shown.point["x"]
    assert len(grid.cells) == entries.size
    assert {cell.cell.index for cell in grid.cells if cell.struck} == {
        tuple(map(int, index)) for index in np.argwhere(entries < 0)
    }
    texts = ["".join(each.itertext()) for each in drawn(shown).iter(f"{SVG}text")]
    assert f"size ≤ {cell_text(np.abs(entries).max())}, struck: −" in texts


@pytest.mark.parametrize(("shape", "seen"), [((64, 64), 64 * 64), ((300, 200), 32 * 32), ((6, 200), 6 * 32)])
def test_large_arrays_are_sampled_and_tell_their_shape(shape, seen):
    shown = large(*shape)
    texts = shown_step_of(shown.scene, shown.timeline).texts[0]
    assert len(texts.grids[0].cells) == seen
    assert f"[{shape[0]}×{shape[1]}]" in shown.scene.marks[0].tile.caption
    for each in texts.grids[0].cells:
        assert each.number == shown.point["x"][each.cell.index]
    assert len(svg_picture(shown.scene, shown.timeline)) < 400_000


def test_stacks_are_labelled():
    texts = ["".join(each.itertext()) for each in drawn(large(2, 5, 2, 2)).iter(f"{SVG}text")]
    assert {"[0,0]", "[0,1]", "[0,2]", "[0,3] of 10"} <= set(texts)


def test_what_is_no_number_stands_in_its_cell():
    run = ShownGraph(bpv.trace(np.sum, "x"), {"x": np.array([np.nan, -np.inf, 1e-200, 0.0])})
    seen = [(data["value"], text) for data, text in cells(run) if "value" in data]
    assert seen == [("NaN", "NaN"), ("-Infinity", "−∞"), ("1e-200", "≈0"), ("0.0", "0")]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_pixels_figures_and_tex_show_the_numbers(mode):
    shown = shown_graph(mode=mode)
    assert len(to_png(shown)) > 20_000
    assert to_gif(shown_graph(mode=mode), scale=0.4).startswith(b"GIF")
    number = cell_text(POINT["w"][2, 0])
    figure = to_figure(shown)
    assert f"<b>{number}</b>" in {text for trace in figure.data if trace.text is not None for text in trace.text}
    lengths = {tuple(len(trace.text) for trace in frame.data if trace.text is not None) for frame in figure.frames}
    assert len(lengths) == 1, "plotly blends frames, so their traces must match"
    assert number.replace("−", "$-$") in to_latex(shown)
    assert to_latex(shown).count("{") == to_latex(shown).count("}")


def test_a_wide_picture_is_as_wide_as_the_text_around_it():
    assert r"\resizebox{\linewidth}" in to_latex(shown_graph())


def test_the_text_form_tells_every_entry_of_a_small_array():
    lines = shown_graph(step=11).to_text().splitlines()
    told = next(line for line in lines if line.startswith("w is an input"))
    assert "[3×2]: 0.3166, 0.5105; −1.493, 2.253; −1.916, 1.102." in told
    assert ", from −" in large(20, 12).timeline.describe(1)


def test_the_still_beside_a_live_explorer_shows_the_grids(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda content, **_: shown.append(content))
    explorer = bpv.explore(GRAPH, **POINT)
    explorer._ipython_display_()
    still = next(each["image/svg+xml"] for each in shown if "image/svg+xml" in each)
    root = ET.fromstring(still)  # noqa: S314
    assert root.get("text-anchor") == "middle"  # as it is written for a notebook too
    written = [each.text for each in root.iter(f"{SVG}text")]
    assert Counter(text for _, text in cells(shown_graph())) <= Counter(written)
    assert len(still) < 14_600  # it travels to every first show, and is kept in the notebook
    explorer.close()


def test_a_dark_picture_keeps_numbers_readable():
    assert LIGHT.on_tint(LIGHT.value) != LIGHT.value
    assert LIGHT.on_tint("#ffffff") == "#a4a8ad"


def test_a_still_fits_into_a_notebook():
    wide = shown_graph()
    whole = ET.fromstring(svg_picture(wide.scene, wide.timeline))  # noqa: S314
    still = ET.fromstring(svg_picture(wide.scene, wide.timeline, widest=860.0))  # noqa: S314
    assert float(whole.get("width")) > 860.0 >= float(still.get("width"))
    assert still.get("viewBox") == whole.get("viewBox")
    small = ShownGraph(bpv.parse("x*z"), {"x": 2.0, "z": 3.0})
    assert svg_picture(small.scene, small.timeline, widest=860.0) == svg_picture(small.scene, small.timeline)
