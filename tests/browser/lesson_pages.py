"""Run the code of a notebook in a process of its own, and write a page for every explorer that it makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import backpropviz as bpv

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def lesson_pages(lesson: str, folder: Path) -> list[Path]:
    """Write the pages of a lesson's explorers into a folder: of each as it is, and presented."""
    here = str(Path(__file__).resolve())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, here, str(NOTEBOOKS / f"{lesson}.ipynb")]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=240)
    return sorted(folder.glob("picture_*.html"))


def _run(notebook: Path) -> list[bpv.Explorer]:
    made: list[bpv.Explorer] = []
    plain = bpv.Explorer.__init__

    def noticed(self: bpv.Explorer, *given: object, **named: object) -> None:
        plain(self, *given, **named)
        made.append(self)

    bpv.Explorer.__init__ = noticed
    names = {"__name__": "__main__", "display": lambda *_shown: None}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), notebook.name, "exec"), names)  # noqa: S102  our own lessons
    return made


if __name__ == "__main__":
    for number, explorer in enumerate(_run(Path(sys.argv[1]))):
        for name, present in (("plain", False), ("presented", True)):
            explorer.to_html(f"picture_{number:02}_{name}.html", present=present)
