"""Reading the Markdown of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MADE = ROOT / "docs" / "gallery"  # its pages are written by the site's build
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").glob("*.md")]
    if path.parent != _MADE or path.name == "index.md"
)
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text: str) -> str:
    """Leave out fenced blocks and inline code."""
    return re.sub(r"`[^`\n]*`", "``", _FENCE.sub("", text))


def links(path: Path) -> list[str]:
    """Give the targets of all links and pictures of a page."""
    return _LINK.findall(without_code(path.read_text(encoding="utf-8")))


def anchors(path: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub names them."""
    found: dict[str, int] = {}
    given = set()
    for heading in re.findall(r"^#+ (.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        given.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return given


def code(path: Path, language: str = "python") -> list[str]:
    """Give the fenced blocks of one language."""
    return [body for name, body in _FENCE.findall(path.read_text(encoding="utf-8")) if name == language]


def rows(path: Path, head: str) -> list[list[str]]:
    """Give the cells of all tables whose first column has this head."""
    found: list[list[str]] = []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == head:
            inside = True
        elif inside and set(cells[0]) != {"-"}:
            found.append(cells)
    return found
