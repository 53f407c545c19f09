"""What a notebook shows where no kernel is: the picture, which a live explorer hides, or pages made of it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from offline_page import OfflinePage

from backpropviz.cli import main

pytestmark = pytest.mark.browser

SHOW = 'from backpropviz import explore\nexplore("exp(x*z) + x*z/ln(x)", x=2, z=3)'
PICTURE = '.jp-OutputArea-output img[src*="bpv-still-"]'


@pytest.fixture(scope="module")
def saved(tmp_path_factory, kernels):
    """A notebook with the outputs that a kernel gave."""
    folder = tmp_path_factory.mktemp("saved")
    path = folder / "saved.ipynb"
    from sample_deck import write_notebook  # noqa: PLC0415  with the fixture that needs it

    write_notebook(path, [("markdown", "# Saved"), ("code", SHOW)])
    convert("--to", "notebook", "--execute", "--inplace", str(path))
    return path


def convert(*options):
    """Do what the command ``jupyter nbconvert`` does, in this process: importing it takes a second."""
    from nbconvert.nbconvertapp import NbConvertApp  # noqa: PLC0415  for these tests alone

    app = NbConvertApp()
    app.initialize([*options])
    app.start()


def test_the_picture_is_hidden_while_the_explorer_lives_and_shown_in_a_reopened_notebook(lab):
    lab.open([SHOW], name="still.ipynb")
    lab.run_all()
    lab.explorer()
    picture = lab.page.locator(PICTURE)
    picture.wait_for(state="attached")
    picture.wait_for(state="hidden")
    lab.page.locator("style.bpv-without-complaint").wait_for(state="attached")
    lab.command("docmanager:save")
    lab.page.wait_for_function(
        "!window.jupyterapp.shell.currentWidget.context.model.dirty && !document.querySelector('.jp-mod-dirty')"
    )
    outputs = json.loads((lab.folder / "still.ipynb").read_text(encoding="utf-8"))["cells"][0]["outputs"]
    assert [sorted(output["data"]) for output in outputs][1] == [
        "application/vnd.backpropviz.exhibit+json",
        "image/svg+xml",
        "text/plain",
    ]
    lab.page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    lab.page.goto(f"{lab.address}/lab/tree/still.ipynb?reset")
    picture.wait_for(state="visible")
    assert lab.page.locator(".bpv").count() == 0
    complaint = lab.page.get_by_text("Error displaying widget")
    complaint.wait_for(state="attached")
    complaint.wait_for(state="hidden")


def test_what_an_explorer_leaves_in_a_notebook_is_small(saved):
    outputs = json.loads(saved.read_text(encoding="utf-8"))["cells"][1]["outputs"]
    assert len(json.dumps(outputs)) < 20_000


def test_nbconvert_alone_writes_the_picture(chromium, saved):
    convert("--to", "html", "--output", "still.html", str(saved))
    page = OfflinePage(chromium)
    page.page.goto(saved.with_name("still.html").as_uri())
    picture = page.page.locator(".jp-OutputArea-output img")
    picture.wait_for()
    assert picture.bounding_box()["width"] > 300
    page.context.close()


def test_one_option_makes_nbconvert_write_pages_that_play(chromium, saved):
    convert("--to", "html", "--Exporter.preprocessors=backpropviz.export.converting.ExplorerPages", str(saved))
    html = saved.with_suffix(".html").read_text(encoding="utf-8")
    assert html.count("srcdoc=") == 1
    assert "vnd.jupyter.widget-view" not in html
    page = OfflinePage(chromium)
    page.page.goto(saved.with_suffix(".html").as_uri())
    inside = page.page.frame_locator("iframe.bpv-embedded")
    inside.locator(".bpv-stage").click()
    page.page.keyboard.press("End")
    inside.locator('.bpv[data-step]:not([data-step="0"])').wait_for()
    page.context.close()
    # nbconvert's own page asks for its libraries; ours asks for nothing.
    assert all("backpropviz" not in address for address in page.requests)


def test_saved_outputs_become_slides_without_running(chromium, saved):
    target = saved.with_name("slides.html")
    assert main(["slides", str(saved), "-o", str(target), "--no-execute", "--theme", "black"]) == 0
    page = OfflinePage(chromium)
    page.open(target, explorers=0)
    inside = page.page.frame_locator("iframe.bpv-embedded")
    inside.locator('.bpv[data-theme="dark"]').wait_for()
    page.close()


def test_a_kernel_told_to_displays_pages(tmp_path):
    code = (
        "import json, os\nos.environ['BACKPROPVIZ_DISPLAY'] = 'iframe'\n"
        "from IPython.testing.globalipapp import start_ipython\nshell = start_ipython()\n"
        "from IPython.utils.capture import capture_output\n"
        "import backpropviz as bpv\n"
        "with capture_output() as seen:\n    bpv.explore('x*z', x=2, z=3)._ipython_display_()\n"
        "print(json.dumps([sorted(each.data) for each in seen.outputs]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    shown = json.loads(done.stdout.strip().splitlines()[-1])
    assert shown == [["application/vnd.backpropviz.exhibit+json", "text/html", "text/plain"]]
