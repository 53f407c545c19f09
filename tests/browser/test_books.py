"""Explorers in books that are built without a kernel; ``.ci/homes`` installs what builds them and runs this."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from offline_page import OfflinePage
from sample_deck import write_notebook

import backpropviz as bpv

pytestmark = pytest.mark.browser

SHARING = Path(__file__).parents[2] / "docs" / "sharing.md"
TOOLS = Path(sys.executable).parent
NODE_MODULES = Path(os.environ.get("BOOK_THEME", "none")) / "node_modules"
# A book's page made by the theme's own part for widgets, in the place of the theme, which is no package.
THEME = """import { createRoot } from "react-dom/client";
import { createElement } from "react";
import { AnyWidgetRenderer } from "./@myst-theme/anywidget/dist/renderers.js";
createRoot(document.querySelector("main")).render(createElement(AnyWidgetRenderer, { node: NODE }));
"""


def explorer():
    return bpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3)


def built(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def plays(page):
    """Play the explorer in the frame of a page to its end."""
    inside = page.frame_locator("iframe.bpv-embedded")
    inside.locator(".bpv-stage").click()
    page.keyboard.press("End")
    root = inside.locator('.bpv[data-step]:not([data-step="0"])')
    root.wait_for()
    assert root.get_attribute("data-step") == root.get_attribute("data-steps")


@pytest.mark.skipif(not (TOOLS / "jupyter-book").exists(), reason="Jupyter Book is not installed: run .ci/homes")
def test_jupyter_book_plays_a_pasted_page_and_shows_the_picture_of_a_saved_explorer(chromium, tmp_path):
    (tmp_path / "_config.yml").write_text('title: book\nexecute:\n  execute_notebooks: "off"\n')
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: pasted\nchapters:\n- file: saved\n")
    (tmp_path / "pasted.md").write_text(f"# Pasted\n\n{explorer().to_iframe()}\n\nThe text goes on.\n")
    source = 'import backpropviz as bpv\nbpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3)'
    saved = write_notebook(tmp_path / "saved.ipynb", [("markdown", "# Saved"), ("code", source)])
    execute = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(saved)]
    assert built(execute, tmp_path)[0] == 0
    status, said = built([TOOLS / "jupyter-book", "build", "."], tmp_path)
    assert status == 0, said
    page = OfflinePage(chromium)
    page.page.goto((tmp_path / "_build/html/pasted.html").as_uri())
    plays(page.page)
    page.page.goto((tmp_path / "_build/html/saved.html").as_uri())
    picture = page.page.locator(".cell_output img, .cell_output svg")
    picture.wait_for()
    assert picture.bounding_box()["width"] > 300
    page.context.close()
    # The book's own page asks for its libraries; ours asks for nothing.
    assert all("backpropviz" not in address for address in page.requests)


@pytest.mark.skipif(not NODE_MODULES.exists(), reason="MyST and its theme are not installed: run .ci/homes")
def test_a_module_plays_in_mysts_directive(chromium, tmp_path, monkeypatch):
    told = SHARING.read_text(encoding="utf-8").partition("**MyST")[2]
    recipe, directive = (told.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("python", "markdown"))
    assert "graph.mjs" in recipe
    assert "graph.mjs" in directive
    monkeypatch.chdir(tmp_path)
    exec(recipe, {"explorer": explorer()})  # noqa: S102  our own page of documentation
    (tmp_path / "myst.yml").write_text("version: 1\nproject:\n  toc:\n    - file: index.md\nsite:\n  title: book\n")
    (tmp_path / "index.md").write_text(f"# Book\n\n{directive}", encoding="utf-8")
    # Ends with a complaint where the theme cannot be fetched; the content is written by then.
    _, said = built([TOOLS / "myst", "build", "--site"], tmp_path)
    written = tmp_path / "_build/site/content/index.json"
    assert written.exists(), said
    block = json.loads(written.read_text(encoding="utf-8"))["mdast"]["children"][0]
    (node,) = (each for each in block["children"] if each["type"] == "anywidget")
    script = subprocess.run(
        [NODE_MODULES / ".bin" / "esbuild", "--bundle", "--format=esm", '--define:process.env.NODE_ENV="production"'],
        input=THEME.replace("NODE", json.dumps(node)),
        cwd=NODE_MODULES,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))

    def serve(route):
        place = route.request.url.removeprefix("http://book.test/")
        if place == "":
            route.fulfill(content_type="text/html", body=f'<main></main><script type="module">{script}</script>')
        elif (found := tmp_path / "_build/site/public" / place).is_file():
            route.fulfill(content_type="text/javascript", path=found)
        else:
            route.abort()

    page.route("**/*", serve)
    page.goto("http://book.test/")
    plays(page)
    context.close()
    assert faults == []
