"""Run a benchmark of this folder on an earlier checkout and on this one, in turns, and print its figures side by side.

Run as ``python benchmarks/before_and_after.py OLD SCRIPT [argument ...]``, where OLD is the folder of the earlier
checkout (``git worktree add OLD COMMIT``) and SCRIPT is, say, ``short_fit.py``. The script is this checkout's, so that
both are asked the same; the package is the one of each. Figures are medians over the rounds, of which ROUNDS in the
environment sets the number; a line that only this checkout prints stands as it is.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = int(os.environ.get("ROUNDS", "3"))
HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?: ?(?:µs|ms|s)\b)?")
UNITS = {"µs": 1e-3, "ms": 1.0, "s": 1e3}


def main() -> None:
    """Print a line for each line of the script that has figures, each as before → after."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    script, *rest = sys.argv[2:]
    checkouts = {"before": Path(sys.argv[1]).resolve(), "after": HERE.parent}
    found: dict[str, dict[tuple[str, int], list[list[str]]]] = {name: {} for name in checkouts}
    for _ in range(ROUNDS):
        for name, folder in checkouts.items():
            for line, numbers in figures(said(folder, script, rest)).items():
                found[name].setdefault(line, []).append(numbers)
    for line, rounds in found["after"].items():
        print(compared(line[0], found["before"].get(line, rounds), rounds))


def said(folder: Path, script: str, arguments: list[str]) -> str:
    """Run the script on the package in a folder and give what it prints."""
    command = [sys.executable, str(HERE / script), *arguments]
    run = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f"{script} on {folder} stopped:\n{run.stderr[-2000:]}")
    return run.stdout


def figures(text: str) -> dict[tuple[str, int], list[str]]:
    """Give the numbers of each line, by its words and how often these were there before."""
    lines: dict[tuple[str, int], list[str]] = {}
    for line in text.splitlines():
        if numbers := NUMBER.findall(line):
            words = NUMBER.sub("{}", line).strip()
            lines[words, sum(words == known for known, _ in lines)] = numbers
    return lines


def compared(label: str, before: list[list[str]], after: list[list[str]]) -> str:
    """Write a line with both figures in each place, and their ratio where a time has changed."""
    texts = [_pair(first, second) for first, second in zip(zip(*before), zip(*after))]  # noqa: B905  of one line
    return re.sub(r"\{\}", lambda _: texts.pop(0), label)


def _pair(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if before == after:
        return sorted(before, key=_size)[len(before) // 2]
    first, second = statistics.median(map(_size, before)), statistics.median(map(_size, after))
    unit = " ms" if before[0][-1] == "s" else ""
    ratio = f" ({first / second:.3g} times as fast)" if unit and second else ""
    return f"{first:.4g} → {second:.4g}{unit}{ratio}"


def _size(text: str) -> float:
    number, _, unit = text.partition(" ")
    return float(number.replace(",", "")) * UNITS.get(unit, 1.0)


if __name__ == "__main__":
    main()
