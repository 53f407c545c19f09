"""Measure the live view: edit to paint, frames while playing, first show, in JupyterLab and in a page without a kernel.

Run as ``python benchmarks/live_view.py [case ...]`` on a machine that does nothing else. A case is a number of scalar
nodes, "xw", the layer tanh(XW + b) of a batch of 4, or "arrays", 20 array nodes; of arrays a chosen entry is edited.
Beside the time of an edit stands what it takes of the page's main thread in processor time, all that follows it
included: that holds on a busy machine too.
Chromium runs without a graphics card, so what a card would draw the processor draws here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from live_driver import Meter, Notebook, chromium, jupyterlab

CASES = ("8", "50", "200", "1000", "xw", "arrays")
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


def layers_of(count):
    '''A chain of layers, products and tanh in turn, whose nodes are arrays.'''

    def chain(x, w, b):
        for number in range((count - 3) // 3):
            x = np.tanh(x @ w + b)
        return np.sum(x**2)

    chance = np.random.default_rng(0)
    point = {"x": chance.normal(size=(4, 3)), "w": chance.normal(size=(3, 3)), "b": chance.normal(size=3)}
    return bpv.trace(chain), point


def layer():
    chance = np.random.default_rng(4)
    point = {"x": chance.normal(size=(4, 3)), "w": chance.normal(size=(3, 2)), "b": chance.normal(size=2)}
    return bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2)), point


def case_of(name):
    '''The graph of a case and its point.'''
    if name == "xw":
        return layer()
    if name == "arrays":
        return layers_of(20)
    return graph_of(int(name)), {"x": 2, "z": 3}
"""


def report(where: str, name: str, meter: Meter, first: str) -> None:
    """Measure one explorer and print a row."""
    nodes = int(meter.root.evaluate("root => root.querySelectorAll('.bpv-node').length"))
    meter.root.get_by_role("button", name="Last step", exact=True).click()
    meter.page.wait_for_timeout(500)
    meter.choose_entry()
    before = meter.processor_time()
    times = sorted(meter.latencies(PRESSES))
    spent = (meter.processor_time() - before) / PRESSES
    median, late = statistics.median(times), times[int(0.95 * len(times))]
    frames, mean = meter.frames(SECONDS)
    edit = f"{median:.1f} / {late:.1f} | {spent:.1f}"
    print(f"| {where} | {name} ({nodes:,} drawn) | {edit} | {frames:.0f} / {mean:.0f} | {first} |", flush=True)


def in_jupyterlab(names: list[str]) -> None:
    """Measure in a notebook."""
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address, chromium() as browser:
        for case in names:
            page = browser.new_page(viewport={"width": 1400, "height": 950})
            notebook = Notebook(page, address, Path(name))
            notebook.open([MAKE + PREPARE, f"graph, point = case_of('{case}')", "explore(graph, **point)"])
            early, whole, seconds = notebook.show(2)
            first = f"{early / 1000:.1f} kB ({whole / 1000:.1f} in all), {seconds:.2f} s"
            report("JupyterLab", case, Meter(page), first)
            notebook.close()
            page.close()


def in_a_page(names: list[str]) -> None:
    """Measure an exported page, opened from a file."""
    import backpropviz as bpv  # noqa: PLC0415  only where pages are measured

    made: dict[str, object] = {}
    exec(MAKE, made)  # noqa: S102  the same text that the notebook runs
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for case in names:
            path = Path(name) / "page.html"
            graph, point = made["case_of"](case)  # type: ignore[operator]
            bpv.explore(graph, **point).to_html(path)
            page = browser.new_page(viewport={"width": 1400, "height": 950})
            page.goto(path.as_uri(), wait_until="commit")
            page.wait_for_selector(".bpv[data-steps] [data-node]")
            seconds = page.evaluate("performance.now() / 1000")
            report("page", case, Meter(page), f"{path.stat().st_size / 1000:.1f} kB, {seconds:.2f} s")
            page.close()


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(CASES)
    print("| where | nodes | edit: median / p95 (ms) | processor (ms) | frames a second, median / mean | first show |")
    print("|---|---|---|---|---|---|")
    in_jupyterlab(chosen)
    in_a_page(chosen)
