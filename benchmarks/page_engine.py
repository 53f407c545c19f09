"""Both sweeps as a page runs them, in Node, beside NumPy written by hand, in one run.

Run ``python benchmarks/page_engine.py``, or ``npm run bench`` in ``web/``; it needs ``npm ci`` there. A round times
each contender in turn, so that a busy machine slows all of them; figures are medians over the rounds, per call of value
and all gradients. The page's numbers are compared with NumPy's before anything is timed.
"""

from __future__ import annotations

import os

# Before NumPy loads: afterwards its threads are made.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import json  # noqa: E402
import math  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

import numpy as np  # noqa: E402

import backpropviz as bpv  # noqa: E402
from backpropviz.scene.specification import specification  # noqa: E402
from backpropviz.steps import record  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WEB = Path(__file__).parents[1] / "web"
ROUNDS = 15
SLICE = 0.03  # seconds that one timing takes, about
DRIVER = """
import { createInterface } from "node:readline";
import { useArrays, compileAnyGraph } from "./engine.js";
useArrays();
let compiled = null, inputs = null;
const ANSWERS = {
  open({ graph, point }) {
    [compiled, inputs] = [compileAnyGraph(graph), point];
    const { primals, adjoints } = compiled.run(inputs);
    const flat = (each) => (typeof each === "number" ? [each] : [...each.data]);
    return { value: primals[graph.output], gradients: graph.nodes.flatMap(({ op, name }, place) =>
      op === "input" ? [[name, flat(adjoints[place])]] : []) };
  },
  time({ calls }) {
    const began = performance.now();
    for (let call = 0; call < calls; call += 1) compiled.run(inputs);
    return (performance.now() - began) / calls / 1000;
  },
};
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, given] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(ANSWERS[kind](given))}\\n`);
}
"""
ENTRY = """
export { compileAnyGraph } from "./story/closed_gates";
import { usePrimitives } from "./story/primitives";
import { TIGHT_PRIMITIVES } from "./story/tight_loops";
export const useArrays = () => usePrimitives(TIGHT_PRIMITIVES);
"""


@dataclass(frozen=True)
class Case:
    """A graph at a point, the same by hand, and how long a call may take."""

    name: str
    graph: bpv.Graph
    point: dict[str, Any]
    by_hand: Callable[[Mapping[str, Any]], tuple[float, dict[str, Any]]]
    bound: float


def lecture_by_hand(point: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """Differentiate the lecture example as its notes do (CMU 10-701, Recitation 4)."""
    x, z = point["x"], point["z"]
    a, b = x * z, math.log(x)
    c, d = math.sin(b), math.exp(a)
    by_b = -a / b**2 + math.cos(b) / a
    by_a = -c / a**2 + 1 / b + d
    return d + a / b + c / a, {"x": by_b / x + by_a * z, "z": by_a * x}


def network_by_hand(point: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """Differentiate mean softmax cross-entropy of a 64-72-10 network, by matrices."""
    x, t, w1, b1, w2, b2 = (point[name] for name in ("x", "t", "w1", "b1", "w2", "b2"))
    hidden = np.tanh(x @ w1 + b1)
    scores = hidden @ w2 + b2
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    totals = exponentials.sum(axis=1, keepdims=True)
    loss = -np.sum(t * (scores - scores.max(axis=1, keepdims=True) - np.log(totals))) / len(x)
    at_scores = (exponentials / totals - t) / len(x)
    at_hidden = (at_scores @ w2.T) * (1 - hidden**2)
    logs = scores - scores.max(axis=1, keepdims=True) - np.log(totals)
    return loss, {
        "x": at_hidden @ w1.T,
        "t": -logs / len(x),
        "w1": x.T @ at_hidden,
        "b1": at_hidden.sum(axis=0),
        "w2": hidden.T @ at_scores,
        "b2": at_scores.sum(axis=0),
    }


def cases() -> list[Case]:
    """Give the lecture example, and a network for the digits with a batch of 32."""
    lecture = bpv.parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)")
    chance = np.random.default_rng(0)
    point = {
        "x": chance.normal(size=(32, 64)),
        "t": np.eye(10)[chance.integers(10, size=32)],
        "w1": chance.normal(size=(64, 72)) / 8,
        "b1": chance.normal(size=72),
        "w2": chance.normal(size=(72, 10)) / 8,
        "b2": chance.normal(size=10),
    }

    def loss(x: Any, t: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        scores = np.tanh(x @ w1 + b1) @ w2 + b2
        shifted = scores - np.max(scores, axis=1, keepdims=True)
        logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        return -np.sum(t * logs) / 32

    return [
        Case("lecture example, 8 operations", lecture, {"x": 2.0, "z": 3.0}, lecture_by_hand, 20e-6),
        Case("64-72-10, batch of 32", bpv.trace(loss), point, network_by_hand, 2.5e-3),
    ]


class Page:
    """The page's engine in a process of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "driver.mjs").write_text(DRIVER, encoding="utf-8")
        bundle = ["--bundle", "--format=esm", "--log-level=error", f"--outfile={folder / 'engine.js'}"]
        command = [str(WEB / "node_modules" / ".bin" / "esbuild"), *bundle, "--loader=ts", "--sourcefile=entry.ts"]
        subprocess.run(command, cwd=WEB / "src", input=ENTRY, text=True, check=True)
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.node = subprocess.Popen(["node", "driver.mjs"], cwd=folder, **pipes)  # type: ignore[call-overload]

    def ask(self, kind: str, **given: Any) -> Any:
        """Ask the process for something."""
        self.node.stdin.write(json.dumps([kind, given]) + "\n")
        self.node.stdin.flush()
        return json.loads(self.node.stdout.readline())

    def open(self, case: Case) -> None:
        """Make a case ready, and see that its numbers are NumPy's."""
        graph = specification(record(case.graph, case.point), {})["graph"]
        point = {
            name: value if np.ndim(value) == 0 else {"shape": list(np.shape(value)), "data": np.ravel(value).tolist()}
            for name, value in case.point.items()
        }
        found = self.ask("open", graph=graph, point=point)
        value, gradients = case.by_hand(case.point)
        np.testing.assert_allclose(found["value"], value, rtol=1e-12)
        for name, numbers in found["gradients"]:
            np.testing.assert_allclose(numbers, np.ravel(gradients[name]), rtol=1e-10, atol=1e-13)

    def seconds(self, calls: int) -> float:
        """Seconds per call of both sweeps."""
        return float(self.ask("time", calls=calls))


def timed(case: Case, calls: int) -> float:
    """Seconds per call by hand."""
    began = time.perf_counter()
    for _ in range(calls):
        case.by_hand(case.point)
    return (time.perf_counter() - began) / calls


def measure(page: Page, case: Case) -> tuple[float, float]:
    """Give the median seconds of the page and of NumPy."""
    page.open(case)
    page.seconds(200)  # until the engine's loops are compiled
    counts = [max(1, round(SLICE / max(1e-9, once))) for once in (page.seconds(200), timed(case, 20))]
    rounds = [(page.seconds(counts[0]), timed(case, counts[1])) for _ in range(ROUNDS)]
    return statistics.median(own for own, _ in rounds), statistics.median(hand for _, hand in rounds)


def main() -> None:
    """Print a row for each case."""
    print("| value and all gradients | page (µs) | bound (µs) | NumPy by hand (µs) | page over NumPy |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        page = Page(Path(name))
        try:
            for case in cases():
                own, hand = measure(page, case)
                row = f"{1e6 * own:,.1f} | {1e6 * case.bound:,.0f} | {1e6 * hand:,.1f} | {own / hand:.2f}"
                print(f"| {case.name} | {row} |", flush=True)
        finally:
            page.node.stdin.close()
            page.node.wait(10)


if __name__ == "__main__":
    main()
