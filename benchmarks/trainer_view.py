"""What watching costs: training throughput with the live view against without, paints per second, pause and restart.

Runs a real JupyterLab in Chromium. Training alone and training that is watched take turns in one kernel, so that a
busy machine slows both; steps per second of the kernel's own processor time tell what the view costs where other
programs take the rest. Usage: python benchmarks/trainer_view.py [rounds]
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CELL = """import backpropviz as bpv
mlp = bpv.MLP((2, 16, 16, 1), output="sigmoid")
trainer = bpv.train(mlp, bpv.datasets.moons(), bpv.SGD(0.1), batch_size=10, epochs_per_second=0)
trainer"""

ALONE = """import time
alone = bpv.Training(mlp, trainer.training.train, bpv.SGD(0.1), 10)
end, used = time.perf_counter() + {seconds}, time.process_time()
while time.perf_counter() < end:
    alone.step(5)
print(alone.steps / {seconds}, alone.steps / (time.process_time() - used))"""
CPU = "import time; print(trainer.training.steps, time.process_time())"

EXECUTE = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({code, store_history: false});
  let text = '';
  future.onIOPub = message => { if (message.header.msg_type === 'stream') text += message.content.text; };
  await future.done;
  return text;
}"""

# The canvas of the curves is cleared before each painting.
COUNT_CURVES = """() => {
  window.curvesPainted = 0;
  const context = document.querySelector('.bpv-trainer .bpv-card-curves canvas').getContext('2d');
  const { clearRect } = context;
  context.clearRect = (...box) => { window.curvesPainted += 1; clearRect.apply(context, box); };
}"""

PAUSE = """() => new Promise(resolve => {
  const root = document.querySelector('.bpv-trainer');
  const started = performance.now();
  const observer = new MutationObserver(() => {
    if (root.dataset.running !== 'false') return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - started));
  });
  observer.observe(root, {attributes: true});
  root.querySelector('[aria-label="Pause"]').click();
})"""

RESTART = """async () => {
  const root = document.querySelector('.bpv-trainer');
  const started = performance.now();
  const restarted = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart();
  while (root.dataset.lost !== 'true') await new Promise(resolve => setTimeout(resolve, 10));
  const told = performance.now() - started;
  await restarted;
  return told;
}"""

SECONDS = 4.0
PAUSES = 60
BOUNDS = {
    "throughput kept": 0.70,
    "kept per CPU second": 0.70,
    "boundary paints/s": 15.0,
    "curve paints/s": 7.0,
    "pause p95 ms": 150.0,
    "restart told ms": 3000.0,
}


IDLE = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Serve a folder, on one thread per kernel; gives the address."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root", "--LabApp.news_url="]
    command += ["--LabApp.expose_app_in_browser=True", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--ServerApp.disable_check_xsrf=True"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "settings"), "OMP_NUM_THREADS": "1"}
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        while not (found := re.search(r"http://(?:localhost|127\.0\.0\.1):\d+(?=/lab)", log.read_text())):
            time.sleep(0.1)
        yield found[0]
    finally:
        server.terminate()
        server.wait(20)


def open_notebook(page: Any, address: str, folder: Path) -> Any:
    """Open a notebook with the trainer in it, and wait for its pictures; gives the root of the view."""
    cell = {"cell_type": "code", "id": "trainer", "metadata": {}, "source": CELL}
    cell |= {"outputs": [], "execution_count": None}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "trainer.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page.goto(f"{address}/lab/tree/trainer.ipynb?reset")
    page.wait_for_function(IDLE, timeout=60_000)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".bpv-trainer[data-frames] .bpv-card-curves canvas").first.wait_for(timeout=60_000)
    page.evaluate(COUNT_CURVES)
    return page.locator(".bpv-trainer")


def numbers(page: Any, code: str) -> list[float]:
    """Run code in the kernel; gives the numbers that it prints."""
    return [float(each) for each in page.evaluate(EXECUTE, code).split()]


def watched(page: Any, root: Any) -> dict[str, float]:
    """Count steps and paints during a few seconds of watched training."""

    def counts() -> dict[str, float]:
        read = "root => [+root.dataset.trainingStep, +root.dataset.frames, window.curvesPainted, performance.now()]"
        return dict(zip(("steps", "frames", "curves", "time"), root.evaluate(read), strict=True))

    root.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_timeout(700)
    before, steps, used = counts(), *numbers(page, CPU)
    page.wait_for_timeout(int(SECONDS * 1000))
    after, more_steps, more_used = counts(), *numbers(page, CPU)
    root.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_timeout(400)
    seconds = (after["time"] - before["time"]) / 1000
    rates = {name: (after[name] - before[name]) / seconds for name in ("steps", "frames", "curves")}
    return {**rates, "steps per CPU second": (more_steps - steps) / (more_used - used)}


def pauses(page: Any, root: Any) -> list[float]:
    """Measure, in milliseconds, from a click on Pause to a screen that says that the training has stopped."""
    found = []
    for _ in range(PAUSES):
        root.get_by_role("button", name="Train", exact=True).click()
        page.wait_for_timeout(400)
        found.append(page.evaluate(PAUSE))
        page.wait_for_timeout(100)
    return found


def run(rounds: int) -> dict[str, float]:
    """Take all measurements."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  an optional library

    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_context(viewport={"width": 1400, "height": 1300}).new_page()
        root = open_notebook(page, address, Path(name))
        shares, cpu_shares, results = [], [], []
        for _ in range(rounds):
            alone, alone_cpu = numbers(page, ALONE.format(seconds=SECONDS / 2))
            seen = watched(page, root)
            after, after_cpu = numbers(page, ALONE.format(seconds=SECONDS / 2))
            shares.append(2 * seen["steps"] / (alone + after))
            cpu_shares.append(2 * seen["steps per CPU second"] / (alone_cpu + after_cpu))
            results.append(seen)
            print({"alone": round((alone + after) / 2), **{each: round(value, 1) for each, value in seen.items()}})
        waits = pauses(page, root)
        root.get_by_role("button", name="Train", exact=True).click()
        page.wait_for_timeout(400)
        told = page.evaluate(RESTART)
        page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
        browser.close()
    return {
        "throughput kept": statistics.median(shares),
        "kept per CPU second": statistics.median(cpu_shares),
        "boundary paints/s": statistics.median(each["frames"] for each in results),
        "curve paints/s": statistics.median(each["curves"] for each in results),
        "pause median ms": statistics.median(waits),
        "pause p95 ms": sorted(waits)[math.ceil(0.95 * len(waits)) - 1],
        "restart told ms": told,
    }


if __name__ == "__main__":
    measured = run(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    for name, value in measured.items():
        bound = BOUNDS.get(name)
        good = bound is None or (value <= bound if "ms" in name else value >= bound)
        told = "" if bound is None else f"   bound {bound:g}: {'holds' if good else 'MISSED'}"
        print(f"{name:20s} {value:8.2f}{told}")
