"""A JupyterLab and a Chromium for the measurements of ``live_view.py``."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
KERNEL_IDLE = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"
SHOWN = "document.querySelector('.bpv[data-steps] [data-node]') !== null"

# From the event's own time stamp to the first task after the frame that was drawn for it.
WATCH_EDITS = """slider => {
  window.latencies = [];
  slider.addEventListener("keydown", (event) => {
    const pressed = event.timeStamp;
    slider.addEventListener("input", () => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.latencies.push(performance.now() - pressed);
      channel.port2.postMessage(null);
    }), { once: true });
  });
}"""

# Distinct frames in which a pulse stood somewhere else, and how far apart they were.
WATCH_FRAMES = """([root, seconds]) => new Promise((resolve) => {
  const [gaps, moving] = [[], []];
  const overlay = root.querySelector(".bpv-pulses");
  let before = null, place = "";
  const end = performance.now() + seconds * 1000;
  const look = (now) => {
    const pulse = overlay.querySelector(".bpv-pulse");
    const current = pulse?.getAttribute("transform") ?? "";
    if (before !== null) gaps.push(now - before);
    if (before !== null && current !== "" && current !== place) moving.push(now - before);
    [before, place] = [now, current];
    if (now < end) requestAnimationFrame(look);
    else resolve([gaps, moving]);
  };
  requestAnimationFrame(look);
})"""


class Meter:
    """Measures one explorer in one page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.root = page.locator(".bpv[data-steps]").last
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def processor_time(self) -> float:
        """Milliseconds of processor time that the page's main thread has taken."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    def choose_entry(self) -> None:
        """Choose an entry of an input that is an array, where there is one: its slider is the one that is moved."""
        cell = self.root.locator(".bpv-kind-input .bpv-grid-value .bpv-cell").last
        if cell.count():
            cell.click()
            self.page.wait_for_timeout(300)

    def latencies(self, presses: int) -> list[float]:
        """Milliseconds from a key press on a slider to the frame that shows it, for each press."""
        slider = self.root.locator("input.bpv-slider").first
        slider.scroll_into_view_if_needed()
        slider.focus()
        slider.evaluate(WATCH_EDITS)
        phase = random.Random(0)  # noqa: S311
        for press in range(presses):
            self.page.keyboard.press("ArrowRight" if press % 20 < 10 else "ArrowLeft")
            self.page.wait_for_timeout(phase.uniform(30, 60))  # at no fixed phase of the screen's frames
        self.page.wait_for_timeout(300)
        return list(self.page.evaluate("window.latencies"))

    def frames(self, seconds: float) -> tuple[float, float]:
        """Frames a second while playing: the median over frames, and the mean over the whole time."""
        self.root.get_by_role("button", name="First step", exact=True).dispatch_event("click")
        self.root.get_by_role("button", name="Play", exact=True).click()
        self.page.wait_for_timeout(500)
        gaps, moving = self.page.evaluate(WATCH_FRAMES, [self.root.element_handle(), seconds])
        self.root.get_by_role("button", name="Pause", exact=True).click()
        return 1000 / statistics.median(moving or gaps), 1000 * len(gaps) / sum(gaps)


class Notebook:
    """A notebook open in JupyterLab."""

    def __init__(self, page: Any, address: str, folder: Path) -> None:
        self.page, self.address, self.folder = page, address, folder
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: Any) -> None:
        self.received += len(payload if isinstance(payload, bytes) else str(payload).encode())

    def open(self, cells: list[str]) -> None:
        """Open these cells, with a fresh kernel that has run all but the last one."""
        content: list[dict[str, Any]] = [
            {"cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [], "execution_count": None}
            | {"source": source}
            for number, source in enumerate(cells)
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        whole = {"cells": content, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / "live.ipynb").write_text(json.dumps(whole), encoding="utf-8")
        self.page.goto(f"{self.address}/lab/tree/live.ipynb?reset")
        self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)
        for number in range(len(cells) - 1):
            self._run(number)
            self.page.wait_for_timeout(1_500)
            self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)
        self.page.wait_for_timeout(1_500)

    def show(self, cell: int) -> tuple[int, int, float]:
        """Run a cell; bytes that came until its explorer showed, and in all; seconds until it showed."""
        self.received = 0
        began = time.perf_counter()
        self._run(cell)
        self.page.wait_for_function(SHOWN, polling="raf", timeout=60_000)
        seconds, early = time.perf_counter() - began, self.received
        self.page.wait_for_timeout(1_000)  # the still picture for places without a kernel, and what else comes later
        return early, self.received, seconds

    def _run(self, cell: int) -> None:
        self.page.evaluate("i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }", cell)
        self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")

    def close(self) -> None:
        """End the kernel."""
        self.page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")


@contextmanager
def chromium() -> Iterator[Any]:
    """One browser."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        raise SystemExit("No Chromium on this machine (Debian: apt-get install chromium).")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Give the address of a server on a folder."""
    log = folder / "server.log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--ServerApp.disable_check_xsrf=True", "--LabApp.news_url="]
    settings = str(folder / ".settings")
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": settings, "JUPYTERLAB_SETTINGS_DIR": settings}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        end = time.monotonic() + 60
        while not (found := re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab", log.read_text())):
            if server.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"JupyterLab did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        server.terminate()
        server.wait(20)
