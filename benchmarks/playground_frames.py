"""Whether a page that trains at full speed leaves frames their time: gaps between frames, long tasks, steps a second.

Opens a playground in Chromium from a file and lets run and race go at full speed, with the landscape open. Usage:
``python benchmarks/playground_frames.py [seconds]``; with an earlier checkout, in turns, by ``before_and_after.py``.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import backpropviz as bpv

SECONDS = 6.0
SLOW_FRAME = 20.0
"""In milliseconds: a screen of 60 Hz has missed a frame."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

WATCH = """seconds => new Promise((resolve) => {
  const [gaps, tasks] = [[], []];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({duration}) => duration)));
  observer.observe({type: "longtask"});
  const steps = () => [
    Number(document.querySelector(".bpv-trainer").dataset.trainingStep),
    Number(document.querySelector(".bpv-race .bpv-where")?.textContent.replace(/[^0-9]/g, "") ?? 0),
  ];
  const first = steps();
  const began = performance.now();
  let before = null;
  const look = (now) => {
    if (before !== null) gaps.push(now - before);
    before = now;
    if (performance.now() < began + 1000 * seconds) return requestAnimationFrame(look);
    observer.disconnect();
    resolve({gaps, tasks, taken: steps().map((each, at) => each - first[at])});
  };
  requestAnimationFrame(look);
})"""


def main() -> None:
    """Print a line for each of three loads of a page."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  an optional library

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for title, sizes, is_racing in (
            ("2-8-1, the run alone", (2, 8, 1), False),
            ("2-8-1, run and race", (2, 8, 1), True),
            ("2-16-16-1, run and race", (2, 16, 16, 1), True),
        ):
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            page.goto(written(Path(name), sizes).as_uri())
            page.locator(".bpv-trainer[data-training-step]").wait_for()
            if is_racing:
                page.locator(".bpv-landscape summary").click()
                page.get_by_label("Speed of the race").select_option("full speed")
                page.get_by_text("Lowest on this map").wait_for()
                page.get_by_role("button", name="Race", exact=True).click()
            page.get_by_role("button", name="Train", exact=True).click()
            page.wait_for_timeout(1000)
            print(told(title, page.evaluate(WATCH, seconds), seconds))
            page.context.close()
        browser.close()


def written(folder: Path, sizes: tuple[int, ...]) -> Path:
    """Write a page that begins at full speed."""
    network = bpv.MLP(sizes, output="sigmoid")
    path = folder / "play.html"
    data = bpv.datasets.moons(200)
    bpv.playground(network, data, bpv.SGD(0.1), batch_size=10, landscape=True, epochs_per_second=0).to_html(path)
    return path


def told(title: str, seen: dict[str, Any], seconds: float) -> str:
    """Write one line of figures."""
    gaps = sorted(seen["gaps"])
    slow = 100 * sum(gap > SLOW_FRAME for gap in gaps) / len(gaps)
    tail = gaps[int(0.99 * len(gaps))]
    run, race = (each / seconds for each in seen["taken"])
    return (
        f"{title}: frames at a median of {statistics.median(gaps):.1f} ms, 99 % within {tail:.1f} ms, "
        f"{slow:.1f} % over {SLOW_FRAME:.0f} ms; {len(seen['tasks'])} tasks over 50 ms; "
        f"run {run:,.0f} and race {race:,.0f} steps/s"
    )


if __name__ == "__main__":
    main()
