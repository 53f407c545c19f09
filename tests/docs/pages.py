"""Pages of the documentation that are written by program; run this file to write them anew."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from published_page import published_page

ROOT = Path(__file__).parents[2]
COMMAND = "python tests/docs/pages.py"


def written_pages() -> dict[str, str]:
    """Give every generated page by its name in ``docs/``."""
    return {"published_examples.md": published_page()}


if __name__ == "__main__":
    for name, text in written_pages().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}: {len(text.splitlines())} lines")
