"""Measure the live view: edit to paint, frames while playing, first show, in JupyterLab and in a page without a kernel.

Run as ``python benchmarks/live_view.py [nodes ...]`` on a machine that does nothing else. Chromium runs without a
graphics card, so what a card would draw the processor draws here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from live_driver import Meter, Notebook, chromium, jupyterlab

SIZES = (8, 50, 200, 1_000)
PRESSES = 60
SECONDS = 5.0

PREPARE = "import backpropviz as bpv\nfrom backpropviz import explore\nexplore"
MAKE = """
import random
import backpropviz as bpv
import numpy as np

LECTURE = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


def graph_of(count):
    '''A graph of about so many nodes, about six wide; the lecture example for the smallest.'''
    if count < 10:
        return bpv.parse(LECTURE)
    choice = random.Random(0)

    def tangle(x, z):
        values = [x, z]
        while len(values) < count - 1:
            one, other = (values[-choice.randrange(1, min(len(values), 9))] for _ in range(2))
            gate = choice.randrange(3)
            values.append(one * other if gate == 0 else one + other if gate == 1 else np.tanh(one - other))
        total = values[-1]
        for value in values[-7:-1]:
            total = total + value
        return total

    return bpv.trace(tangle)
"""


def report(where: str, count: int, meter: Meter, first: str) -> None:
    """Measure one explorer and print a row."""
    nodes = int(meter.root.evaluate("root => root.querySelectorAll('[data-node]').length"))
    meter.root.get_by_role("button", name="Last step", exact=True).click()
    meter.page.wait_for_timeout(500)
    times = sorted(meter.latencies(PRESSES))
    median, late = statistics.median(times), times[int(0.95 * len(times))]
    frames, mean = meter.frames(SECONDS)
    print(
        f"| {where} | {count:,} ({nodes:,} drawn) | {median:.1f} / {late:.1f} | {frames:.0f} / {mean:.0f} | {first} |",
        flush=True,
    )


def in_jupyterlab(sizes: list[int]) -> None:
    """Measure in a notebook."""
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address, chromium() as browser:
        for count in sizes:
            page = browser.new_page(viewport={"width": 1400, "height": 950})
            notebook = Notebook(page, address, Path(name))
            notebook.open([MAKE + PREPARE, f"graph = graph_of({count})", "explore(graph, x=2, z=3)"])
            early, whole, seconds = notebook.show(2)
            first = f"{early / 1000:.1f} kB ({whole / 1000:.1f} in all), {seconds:.2f} s"
            report("JupyterLab", count, Meter(page), first)
            notebook.close()
            page.close()


def in_a_page(sizes: list[int]) -> None:
    """Measure an exported page, opened from a file."""
    import backpropviz as bpv  # noqa: PLC0415  only where pages are measured

    made: dict[str, object] = {}
    exec(MAKE, made)  # noqa: S102  the same text that the notebook runs
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for count in sizes:
            path = Path(name) / "page.html"
            bpv.explore(made["graph_of"](count), x=2, z=3).to_html(path)  # type: ignore[operator]
            page = browser.new_page(viewport={"width": 1400, "height": 950})
            page.goto(path.as_uri(), wait_until="commit")
            page.wait_for_selector(".bpv[data-steps] [data-node]")
            seconds = page.evaluate("performance.now() / 1000")
            report("page", count, Meter(page), f"{path.stat().st_size / 1000:.1f} kB, {seconds:.2f} s")
            page.close()


if __name__ == "__main__":
    chosen = [int(each) for each in sys.argv[1:]] or list(SIZES)
    print("| where | nodes | edit to paint, median / p95 (ms) | frames a second, median / mean | first show |")
    print("|---|---|---|---|---|")
    in_jupyterlab(chosen)
    in_a_page(chosen)
