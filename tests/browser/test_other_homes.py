"""Explorer and trainer where notebooks live besides JupyterLab; ``.ci/homes`` installs these homes and runs this."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_lab import KERNEL_IDLE, notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 200  # a server starts, then a kernel, then all that a home's page loads, on a machine that may be busy
pytestmark = [pytest.mark.browser, pytest.mark.timeout(4 * SECONDS)]

EXPLORER = 'import backpropviz as bpv\nexplorer = bpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3)\nexplorer'
TRAINER = (
    'trainer = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(), bpv.SGD(0.5), batch_size=10, '
    "epochs=20)\ntrainer"
)
MARIMO = """import marimo

app = marimo.App()


@app.cell
def _():
    import backpropviz as bpv
    import marimo as mo
    wrapped = mo.ui.anywidget(bpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3))
    wrapped
    return bpv, mo, wrapped


@app.cell
def _(mo, wrapped):
    mo.md(f"told {wrapped.value['step']}")
    return


@app.cell
def _(bpv):
    plain = bpv.explore("x*z", x=2, z=3)
    plain
    return


@app.cell
def _(bpv):
    TRAINER
    return
"""
QUIET = ["--no-browser", "--allow-root", "--IdentityProvider.token=", "--ServerApp.root_dir=."]
HOMES = {  # name: how it is started, where the page is
    "marimo": (["marimo", "run", "home.py", "--headless", "--no-token", "--host=127.0.0.1"], ""),
    "voila": (["voila", "home.ipynb", "--no-browser"], ""),
    "notebook": (["notebook", *QUIET, "--JupyterNotebookApp.expose_app_in_browser=True"], "notebooks/home.ipynb"),
    "nbclassic": (["nbclassic", *QUIET], "nbclassic/notebooks/home.ipynb"),
    "jupyterlab": (["jupyterlab", *QUIET, "--LabApp.expose_app_in_browser=True"], "lab/tree/home.ipynb"),
}
OLDEST_LAB = "4.2."  # all other tests run in the newest


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def wait_for(port: int, server: subprocess.Popen[bytes], log: Any) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        else:
            return


@pytest.fixture
def home(request, chromium, tmp_path) -> Iterator[tuple[str, Any]]:
    """A page of the home with a notebook of an explorer and a trainer."""
    name = request.param
    if find_spec(name) is None or (name == "jupyterlab" and not version(name).startswith(OLDEST_LAB)):
        pytest.skip(f"{name} is not installed, or not as old as promised: run .ci/homes")
    (tmp_path / "home.ipynb").write_text(json.dumps(notebook([EXPLORER, TRAINER])), encoding="utf-8")
    (tmp_path / "home.py").write_text(MARIMO.replace("TRAINER", TRAINER.replace("\n", "\n    ")), encoding="utf-8")
    (start, *options), place = HOMES[name]
    port = free_port()
    log = tmp_path / "log"
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "settings")}
    with log.open("w") as output:
        command = [sys.executable, "-m", start, *options, f"--port={port}"]
        server = subprocess.Popen(command, cwd=tmp_path, stdout=output, stderr=output, env=environment)
    try:
        wait_for(port, server, log)
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.set_default_timeout(1000 * SECONDS)
        page.goto(f"http://127.0.0.1:{port}/{place}")
        yield name, page
        context.close()
    finally:
        server.terminate()
        server.wait(20)


def _run_all(name: str, page: Any) -> None:
    """Run the cells, where a home waits to be asked."""
    if name in {"notebook", "jupyterlab"}:
        page.wait_for_function(KERNEL_IDLE)
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    elif name == "nbclassic":
        page.wait_for_function("window.Jupyter?.notebook?.kernel?.info_reply?.implementation")
        page.evaluate("Jupyter.notebook.execute_all_cells()")


@pytest.mark.parametrize("home", list(HOMES), indirect=True)
def test_an_explorer_steps_and_a_network_learns(home):
    name, page = home
    _run_all(name, page)
    explorer = page.locator(".bpv[data-steps]").first
    explorer.get_by_label("Last step").click()
    explorer.locator("xpath=self::*[@data-step=@data-steps]").wait_for()
    if name == "marimo":
        page.get_by_text(f"told {explorer.get_attribute('data-steps')}").wait_for()
        page.locator(".bpv[data-steps]").nth(1).wait_for()
    trainer = page.locator(".bpv-trainer[data-training-step]")
    trainer.get_by_role("button", name="One step", exact=True).click()
    trainer.locator("xpath=self::*[@data-training-step='1']").wait_for()
    trainer.get_by_role("button", name="Train", exact=True).click()
    trainer.locator("xpath=self::*[number(@data-training-step) > 20]").wait_for()
