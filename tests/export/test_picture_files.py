"""Pictures of a step: SVG, PNG, GIF, plotly and TikZ, from one value."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

import backpropviz as bpv
from backpropviz.charts.theme import DARK, LIGHT
from backpropviz.errors import ExportError, InputError, MissingLibraryError
from backpropviz.export.plotly_figure import to_figure
from backpropviz.export.plotly_tiles import plotly_text
from backpropviz.export.raster import to_gif, to_png, to_webp
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.shown_step import shown_step_of
from backpropviz.export.svg import svg_picture
from backpropviz.export.tikz import to_latex

EXPRESSION = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
SVG = "{http://www.w3.org/2000/svg}"


def shown_graph(expression=EXPRESSION, point=None, **look) -> ShownGraph:
    return ShownGraph(bpv.parse(expression), point or {"x": 2.0, "z": 3.0}, look=Look(**look))


def drawn(shown: ShownGraph, theme=LIGHT) -> ET.Element:
    look = {"notation": shown.look.notation, "on_edges": shown.on_edges}
    written = svg_picture(shown.scene, shown.timeline, shown.shown_step, theme, **look)
    return ET.fromstring(written)  # noqa: S314  written a line above


def styles(root: ET.Element, above=()) -> list[dict[str, str]]:
    """What holds of each line: what it says itself, and the groups around it."""
    own = {**dict(above), **root.attrib}
    below = [style for child in root for style in styles(child, own.items())]
    return [own, *below] if root.tag == f"{SVG}path" and own.get("fill") == "none" else below


def texts(shown: ShownGraph) -> list[str]:
    return ["".join(element.itertext()) for element in drawn(shown).iter(f"{SVG}text")]


def test_text_stays_text_and_every_number_of_the_finished_run_is_there():
    seen = texts(shown_graph())
    assert {"412.2", "▽ 1208", "▽ 809.7", "▽ −12.36", "0.6931"} <= set(seen)
    assert not list(drawn(shown_graph()).iter(f"{SVG}image"))


def test_a_step_shows_what_is_known_then_with_ring_and_labels():
    shown = shown_graph(step=16)
    seen = texts(shown)
    assert "▽ 1.425 + …" in seen
    assert {"1.443", "−0.01775"} <= set(seen)
    rings = [each for each in drawn(shown).iter(f"{SVG}circle") if each.get("stroke") == LIGHT.current]
    assert len(rings) == 2
    first = shown_graph(step=1)
    assert "2" in texts(first)
    assert not any(text.startswith("▽") for text in texts(first))


@pytest.mark.parametrize(("notation", "sign"), [("x̄", "a\u0304 = 404.9"), ("δ", "δ 404.9"), ("g_x", "▽ 404.9")])
def test_gradients_are_written_as_chosen(notation, sign):
    assert sign in texts(shown_graph(notation=notation))


def test_forward_mode_shows_tangents():
    assert any(text.startswith("▷ ") for text in texts(shown_graph(mode="forward")))


def test_a_dark_picture_has_the_dark_paper():
    assert drawn(shown_graph(), DARK).find(f"{SVG}rect").get("fill") == DARK.paper


@pytest.mark.parametrize("identifier", list(bpv.examples))
def test_labels_do_not_cover_marks(identifier):
    example = bpv.examples[identifier]
    shown = ShownGraph(example.graph, example.point)
    for step in range(len(shown.timeline)):
        for label in shown_step_of(shown.scene, shown.timeline, step).labels:
            for mark in shown.scene.marks:
                apart_x = abs(label.x - mark.x) >= (label.width + mark.width) / 2 - 1
                apart_y = abs(label.y - mark.y) >= (22 + mark.height) / 2 - 1
                assert apart_x or apart_y, (step, label, mark.name)


def test_png_has_the_size_of_the_picture_and_ink_on_it():
    shown = shown_graph()
    with Image.open(io.BytesIO(to_png(shown, 2.0))) as image:
        box = [float(part) for part in drawn(shown).get("viewBox").split()]
        assert image.size == pytest.approx((2 * box[2], 2 * box[3]), abs=2)
        colours = {colour for _, colour in image.convert("RGB").getcolors(100_000)}
    # Values and gradients in their colours: text was painted, not left out for want of a font.
    assert {(0x0B, 0x63, 0xA5), (0xC2, 0x41, 0x0C)} <= colours


def test_text_is_painted_where_no_font_is_installed(monkeypatch):
    import resvg_py  # noqa: PLC0415  an optional library

    plain = resvg_py.svg_to_bytes
    monkeypatch.setattr("resvg_py.svg_to_bytes", lambda **options: plain(**{**options, "skip_system_fonts": True}))
    assert to_png(shown_graph()) == to_png(shown_graph())
    with Image.open(io.BytesIO(to_png(shown_graph("x*z")))) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(100_000)}
    assert (0x0B, 0x63, 0xA5) in colours


def test_gif_has_one_frame_per_step_on_white_paper():
    with Image.open(io.BytesIO(to_gif(shown_graph("x*z")))) as image:
        assert image.n_frames == len(shown_graph("x*z").timeline) + 1
        assert image.info["loop"] == 0
        image.seek(image.n_frames - 1)
        assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
        assert image.info["duration"] == 3_200


def test_webp_has_the_same_frames_and_their_very_colours():
    shown = shown_graph("x*z")
    with Image.open(io.BytesIO(to_webp(shown, seconds=0.5))) as image, Image.open(io.BytesIO(to_gif(shown))) as other:
        assert (image.n_frames, image.size) == (other.n_frames, other.size)
        assert image.info["loop"] == 0
        image.seek(image.n_frames - 1)
        colours = {colour for _, colour in image.convert("RGB").getcolors(100_000)}
        assert image.info["duration"] == 2_000
    assert {(0xFF, 0xFF, 0xFF), (0x0B, 0x63, 0xA5), (0xC2, 0x41, 0x0C)} <= colours


def test_a_pillow_without_webp_is_told(monkeypatch):
    monkeypatch.setattr("PIL.features.check", lambda name: name != "webp")
    with pytest.raises(MissingLibraryError, match="pillow"):
        to_webp(shown_graph("x*z"))


@pytest.mark.parametrize("scale", [0, -1, float("nan"), 100])
def test_sizes_that_cannot_be_are_refused(scale):
    with pytest.raises(InputError, match="scale"):
        to_png(shown_graph(), scale)
    with pytest.raises(InputError):
        to_gif(shown_graph(), scale)


def test_what_is_no_number_and_what_is_no_path_is_told(tmp_path):
    explorer = bpv.explore("x*z", x=2, z=3)
    with pytest.raises(InputError, match="The scale of a picture is one number; not 'big'"):
        explorer.to_png(tmp_path / "a.png", scale="big")
    with pytest.raises(InputError, match="time of a step"):
        explorer.to_gif(tmp_path / "a.gif", seconds="3")
    for height in ("tall", -3, math.inf, math.nan):
        with pytest.raises(InputError, match="height of a frame"):
            explorer.to_iframe(height)
    with pytest.raises(ExportError, match="not by 5"):
        explorer.to_html(5)


def test_what_to_install_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingLibraryError, match=r"backpropviz\[pictures\]"):
        to_png(shown_graph())


def test_figure_has_frames_a_play_button_and_a_slider():
    shown = shown_graph()
    figure = to_figure(shown)
    steps = len(shown.timeline) + 1
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == steps
    assert [button.label for button in figure.layout.updatemenus[0].buttons] == ["▶ Play", "❚❚ Pause"]
    lengths = {tuple(len(trace.x) for trace in frame.data) for frame in figure.frames}
    assert len(lengths) == 1, "plotly blends frames, so their traces must match"
    last = "".join(str(trace.text) for trace in figure.frames[-1].data if trace.text is not None)
    assert "▽ 1208" in last
    assert len(figure.to_json()) < 400_000


def test_figure_shows_names_literally():
    assert plotly_text("<b>$x$&") == "&lt;b&gt;&#36;x&#36;&amp;"


def test_large_graphs_have_no_figure():
    with pytest.raises(InputError, match="to_html"):
        to_figure(shown_graph(" + ".join(f"x**{power}*z" for power in range(2, 80))))


def test_latex_tells_the_derivation():
    text = to_latex(shown_graph())
    assert r"g_{x} &= " in text
    assert "= 1208" in text
    assert text.count(r"\begin") == text.count(r"\end") == 2


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
@pytest.mark.parametrize(
    ("expression", "point", "look"),
    [
        (EXPRESSION, {"x": 2.0, "z": 3.0}, {"step": 16}),
        (EXPRESSION, {"x": 2.0, "z": 3.0}, {"notation": "dL/dx"}),
        ("max(x, z) + relu(x)*abs(z) + x**2 + sqrt(z)/gelu(x)", {"x": 2.0, "z": 3.0}, {"notation": "x̄"}),
        ("ln(x)*loss_1", {"x": -1.0, "loss_1": float("inf")}, {"notation": "δ"}),
        ("w1*x1 + alpha", {"w1": 1e-20, "x1": 1e9, "alpha": 0.1}, {"mode": "forward"}),
    ],
)
def test_latex_compiles(tmp_path, expression, point, look):
    (tmp_path / "a.tex").write_text(to_latex(shown_graph(expression, point, **look), document=True), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2_000:]
    assert not re.search("Missing character", done.stdout)


def test_explorers_write_files(tmp_path):
    explorer = bpv.explore(EXPRESSION, x=2, z=3)
    for name in ("svg", "png", "gif", "html", "latex"):
        path = tmp_path / f"picture.{name}"
        getattr(explorer, f"to_{name}")(path)
        assert path.stat().st_size > 1_000
    assert explorer.to_iframe().startswith("<div")
    explorer.close()


def test_a_network_has_wide_lines_for_large_weights_and_dashes_for_negative_ones():
    mlp = bpv.MLP((2, 1), output="sigmoid")
    point = {**mlp.scalar_point([1.0, -0.5], 1.0), "w11": 0.8, "w21": -0.2}
    root = drawn(ShownGraph(mlp.scalar_graph(), point, look=Look(drawing="network")))
    lines = [(line["stroke-width"], line.get("stroke-dasharray")) for line in styles(root)]
    assert lines == [("6.5", None), ("2.38", "9 6")]


def test_where_it_cannot_be_installed_another_way_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.setattr("backpropviz.export.raster.sys.platform", "emscripten")
    with pytest.raises(MissingLibraryError, match="to_svg"):
        to_png(shown_graph())
    with pytest.raises(MissingLibraryError, match="to_html"):
        to_gif(shown_graph())


def test_edges_show_in_every_picture_what_they_show_in_the_page():
    local, wide = shown_graph(edges="local", step=22), shown_graph(edges="width", step=22)
    assert {"×−12.49", "×3", "×1"} <= set(texts(local))
    assert not any(text.startswith("×") and len(text) > 1 for text in texts(shown_graph(edges="local", step=1)))
    widths = {float(line["stroke-width"]) for line in styles(drawn(wide))}
    assert max(widths) == 9.0
    assert min(widths) < 5.0
    assert r"\times" in to_latex(local)
    assert "line width=0.1584cm" in to_latex(wide)
    assert "×−12.49" in str(to_figure(local).frames[-1].data[-1])
    for label in local.on_edges.labels:
        for mark in local.scene.marks:
            assert abs(label.x - mark.x) > mark.width / 2 or abs(label.y - mark.y) > mark.height / 2, (label, mark.name)
