"""The notebooks, as tests read and run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))

# Runs after the last cell and is no part of the file: Jupyter swallows what callbacks raise, the product keeps it.
LAST_CELL = """\
import asyncio
from backpropviz.widgets.callbacks import recorded
await asyncio.sleep(0.2)
assert not recorded, [f"{type(fault).__name__}: {fault}" for fault in recorded]
"""


def read(path: Path) -> dict[str, Any]:
    """Give a notebook as its JSON has it."""
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """Give the cells of a notebook, or those of one kind."""
    return [cell for cell in read(path)["cells"] if kind in {None, cell["cell_type"]}]


def source(cell: dict[str, Any]) -> str:
    """Give the text of a cell."""
    return "".join(cell["source"])
