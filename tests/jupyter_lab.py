"""A JupyterLab with real kernels, driven in Chromium; `tests/conftest.py` hands its fixtures to all folders."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from painted import PATIENCE, texts_of_nodes, wait_until, wait_until_painted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Whatever is open goes, and its kernels with it: those that start are awaited, since JupyterLab's server would wait for
# them for ever. A dialog that was left open would hide what comes.
CLEAR = """async () => {
  const app = window.jupyterapp;
  if (!app) return;
  const open = [...app.shell.widgets("main")];
  const contexts = open.map((widget) => widget.context?.sessionContext).filter(Boolean);
  const later = new Promise((resolve) => setTimeout(resolve, 10_000));
  const started = async (context) => {
    await context.ready;
    await context.session?.kernel?.info;
  };
  await Promise.race([Promise.allSettled(contexts.map(started)), later]);
  for (const dialog of document.querySelectorAll(".jp-Dialog")) dialog.remove();
  for (const widget of open) widget.dispose();
  await app.serviceManager.sessions.shutdownAll();
}"""
OPEN = "path => window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' }).then(() => null)"
KERNEL_IDLE = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"


def notebook(cells: list[str]) -> dict[str, Any]:
    """A notebook of code cells."""
    return {
        "cells": [
            {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": source, "outputs": []}
            | {"execution_count": None}
            for number, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class Lab:
    """JupyterLab in one page of the browser."""

    def __init__(self, page: Any, address: str, folder: Path) -> None:
        self.page = page
        self.address = address
        self.folder = folder
        self.faults: list[str] = []
        page.on("pageerror", self._fault)

    def _fault(self, fault: Any) -> None:
        self.faults.append(str(fault))

    def forget(self) -> None:
        """Listen no longer: what goes wrong from now on is the next test's."""
        self.page.remove_listener("pageerror", self._fault)

    def open(self, cells: list[str] | Path, name: str = "test.ipynb") -> None:
        """Write a notebook, open it, and wait for its kernel."""
        text = json.dumps(notebook(cells)) if isinstance(cells, list) else cells.read_text(encoding="utf-8")
        (self.folder / name).write_text(text, encoding="utf-8")
        if self.page.evaluate("'jupyterapp' in window"):
            self.clear()
            self.page.evaluate(OPEN, name)
        else:
            self.page.goto(f"{self.address}/lab/tree/{name}?reset")
        self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)

    def show(self, cells: list[str] | Path) -> Explorer:
        """Open a notebook and run it whole; the first explorer in it."""
        self.open(cells)
        self.run_all()
        return self.explorer()

    def clear(self) -> None:
        """Close whatever is open, with its kernels."""
        before = len(self.faults)
        self.page.evaluate(CLEAR)
        # JupyterLab itself complains of what it had asked the kernels that end.
        self.faults[before:] = [fault for fault in self.faults[before:] if "Canceled future" not in fault]

    def run_all(self) -> None:
        """Run every cell."""
        self.command("notebook:run-all-cells")

    def run(self, index: int) -> None:
        """Run one cell."""
        self.page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)
        self.command("notebook:run-cell")

    def wait_until_told(self, index: int, text: str) -> None:
        """Run a cell until its output says this: what the page has sent may still be on its way to the kernel."""
        told = self.page.locator(".jp-OutputArea-output", has_text=text).first
        end = time.monotonic() + PATIENCE
        while not told.is_visible():
            assert time.monotonic() < end, f"cell {index} does not say “{text}”"
            self.run(index)
            for _ in range(20):
                self.page.wait_for_timeout(50)
                if told.is_visible():
                    break

    def command(self, name: str) -> None:
        """Run a command of JupyterLab."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def explorer(self, number: int = 0) -> Explorer:
        """The explorer of the given number, once it shows."""
        root = self.page.locator(".bpv[data-steps]").nth(number)
        root.wait_for()
        return Explorer(self.page, root)

    def theme(self, name: str) -> None:
        """Switch JupyterLab's theme."""
        self.page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
        light = "true" if "Light" in name else "false"
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")


class Explorer:
    """What a person does with an explorer."""

    def __init__(self, page: Any, root: Any) -> None:
        self.page = page
        self.root = root

    def press(self, label: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=label, exact=True).click()

    def painted(self) -> None:
        """Wait until what was asked for is painted."""
        wait_until_painted(self.page)

    def step(self) -> int:
        """Which step is shown."""
        return int(self.root.get_attribute("data-step"))

    def wait_step(self, step: int) -> None:
        """Wait until a step is shown."""
        self.wait(lambda: self.step() == step, f"step {step}")

    def last_step(self) -> int:
        """How many steps there are."""
        return int(self.root.get_attribute("data-steps"))

    def numbers(self, kind: str) -> dict[str, float]:
        """Full-precision numbers of all nodes: ``"value"`` or ``"gradient"``."""
        return {name: float(text) for name, text in self.exact(kind).items()}

    def exact(self, kind: str) -> dict[str, str]:
        """Those numbers as the page writes them."""
        return texts_of_nodes(self.root, kind)

    def slider(self, name: str) -> Any:
        """The slider of an input."""
        return self.root.locator(f'input[type="range"][aria-label="{name}"]')

    def text(self, selector: str) -> str:
        """Text of a part."""
        self.painted()
        return self.root.locator(selector).inner_text()

    def wait(self, condition: Any, what: str) -> None:
        """Wait until something holds."""
        wait_until(self.page, condition, what)


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory, kernels) -> Iterator[tuple[str, Path]]:
    """A server; its address and its folder."""
    folder = tmp_path_factory.mktemp("jupyter")
    settings = folder / ".settings"
    log = folder / "server.log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
    command += [
        "--LabApp.expose_app_in_browser=True",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=",
    ]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(settings), "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        address = _address(server, log)
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = re.search(r"(http://(?:localhost|127\.0\.0\.1):\d+)/lab", log.read_text())
        if found:
            return found[1].replace("localhost", "127.0.0.1")
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def lab_page(chromium) -> Iterator[Any]:
    """One page for many tests: JupyterLab takes longer to load than most of them to run."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@contextmanager
def lab_with_nothing_open(page: Any, jupyter: tuple[str, Path], *, width: int = 1400) -> Iterator[Lab]:
    """JupyterLab in this page, which waits so long for what it is asked for."""
    page.set_viewport_size({"width": width, "height": 950})
    page.set_default_timeout(1000 * PATIENCE)
    opened = Lab(page, *jupyter)
    yield opened
    opened.clear()
    opened.forget()
    assert not opened.faults, "; ".join(opened.faults)


@pytest.fixture
def lab(lab_page, jupyter, request) -> Iterator[Lab]:
    """JupyterLab with nothing open, 1,400 px wide unless the test is parametrised otherwise."""
    with lab_with_nothing_open(lab_page, jupyter, width=getattr(request, "param", 1400)) as opened:
        yield opened
