"""Steps of training as a page takes them, in Node, beside a network of one object per neuron and a loop for one shape.

Run ``python benchmarks/page_training.py``, or ``npm run bench`` in ``web/``; it needs ``npm ci`` there. All of one
comparison run in turn in one process, so that a busy machine slows all of them; figures are medians per step. Before
anything is timed their weights after 20 steps are compared.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import backpropviz as bpv
from backpropviz.learn.carried_run import run_to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
WEB = HERE.parent / "web"


def main() -> None:
    """Print both comparisons."""
    spiral, digits = bpv.datasets.spiral(10), np.random.default_rng(0)
    images = (digits.uniform(0, 1, (32, 64)), np.arange(32.0) % 10)
    small = bpv.MLP((2, 16, 16, 1), loss="half_squared_error")
    large = bpv.MLP((64, 72, 10), output="softmax")
    runs = [
        run_to_plain(bpv.Training(small, spiral, bpv.SGD(0.03), 10)),
        run_to_plain(bpv.Training(large, images, bpv.SGD(0.1), 32)),
    ]
    told = _compared(runs)
    if max(told["apart"]) > 1e-10:
        raise SystemExit(f"The networks took different steps: their weights are {told['apart']} apart.")
    for title, figures in (("2-16-16-1, batch of 10", told["small"]), ("64-72-10, batch of 32", told["large"])):
        (other, theirs), (_, ours) = figures.items()
        ratio = f"{theirs / ours:.2f} times as fast" if other.startswith("one") else f"{ours / theirs:.2f} of its time"
        print(f"{title}: {other} {theirs:.0f} us of processor time a step, the page {ours:.0f} us, {ratio}")


def _compared(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = [str(HERE / "page_training.ts"), "--bundle", "--format=esm", f"--outfile={folder / 'steps.js'}"]
        subprocess.run([WEB / "node_modules" / ".bin" / "esbuild", *bundle, "--log-level=error"], check=True)
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        call = "process.stdout.write(JSON.stringify(compareSteps(...JSON.parse(readFileSync('runs.json', 'utf8')))))"
        head = "import { readFileSync } from 'node:fs'; import { compareSteps } from './steps.js';"
        (folder / "runs.json").write_text(json.dumps(runs), encoding="utf-8")
        (folder / "main.js").write_text(f"{head}\n{call}\n", encoding="utf-8")
        done = subprocess.run(["node", "main.js"], cwd=folder, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
