"""Measure what ``import backpropviz`` costs beside ``import numpy, networkx``, and which libraries it loads.

Run as ``python benchmarks/import_time.py [repeats]``. The two alternate, each in a process of its own, so that what
else the machine does falls on both. The last line adds the first use of what only computes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

REPEATS = 15
BASE = "import numpy, networkx"
OURS = "import backpropviz"
IN_USE = "from backpropviz import Graph, examples, gradient, parse, record, trace; parse('x*z').evaluate(x=1, z=2)"
WATCHED = ("plotly", "ipywidgets", "anywidget", "sympy", "lark", "scipy", "pandas", "IPython", "PIL")


def seconds(statement: str) -> float:
    """Time an import in a fresh process, without the start of Python itself."""
    program = f"import time; began = time.perf_counter(); {statement}; print(time.perf_counter() - began)"
    return float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


def loaded(statement: str) -> list[str]:
    """Which of the watched libraries a statement loads."""
    program = f"import sys; {statement}; print(*[name for name in {WATCHED!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()


if __name__ == "__main__":
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    for statement in (OURS, IN_USE):
        seconds(BASE), seconds(statement)  # the files are read from disk once
        pairs = [(seconds(BASE), seconds(statement)) for _ in range(repeats)]
        base, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(mine / other for other, mine in pairs)
        print(f"{statement}\n  {1000 * ours:.0f} ms; {BASE}: {1000 * base:.0f} ms; ratio {ratio:.2f}, {repeats} pairs")
        print(f"  loaded of {', '.join(WATCHED)}: {', '.join(loaded(statement)) or 'none'}")
