"""The picture of the rooms: which folder stands on which, drawn from what the architecture test enforces."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "architecture"))

from test_layers import STANDS_ON

WIDTH, HEIGHT, STEP_X, STEP_Y, MARGIN = 136, 36, 172, 58, 16
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1b2333;text-anchor:middle}rect{fill:#f8f9fc;stroke:#5b6478}"
    "path{fill:none;stroke:#0b63a5;stroke-width:1.5;marker-end:url(#arrow)}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9f2}rect{fill:#1e2636;stroke:#93a0bb}path{stroke:#7ab8ee}}"
)


def depth(layer: str) -> int:
    """Longest way down to a layer that stands on nothing."""
    return 1 + max((depth(below) for below in STANDS_ON[layer]), default=-1)


def rooms_picture() -> str:
    """Draw the layers from left to right; an arrow leads to what a layer stands on."""
    columns: dict[int, list[str]] = {}
    for layer in STANDS_ON:
        columns.setdefault(depth(layer), []).append(layer)
    places = {
        layer: (MARGIN + column * STEP_X, MARGIN + row * STEP_Y)
        for column, layers in columns.items()
        for row, layer in enumerate(layers)
    }
    width = MARGIN * 2 + max(columns) * STEP_X + WIDTH
    height = MARGIN * 2 + (max(map(len, columns.values())) - 1) * STEP_Y + HEIGHT
    arrows = []
    for layer, stands_on in STANDS_ON.items():
        for other in sorted(stands_on):
            (x, y), (to_x, to_y) = places[layer], places[other]
            start, end = (x, y + HEIGHT / 2), (to_x + WIDTH + 4, to_y + HEIGHT / 2)
            middle = (start[0] + end[0]) / 2
            arrows.append(f'<path d="M{start[0]} {start[1]}C{middle} {start[1]} {middle} {end[1]} {end[0]} {end[1]}"/>')
    boxes = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="7"/>'
        f'<text x="{x + WIDTH / 2}" y="{y + 23}">{escape(layer)}</text>'
        for layer, (x, y) in places.items()
    ]
    marker = (
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#0b63a5;stroke:none;marker-end:none"/></marker></defs>'
    )
    inner = "".join([f"<style>{STYLE}</style>", marker, *arrows, *boxes])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Which folder of the package stands on which">{inner}</svg>\n'
    )


if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs" / "pictures" / "rooms.svg").write_text(rooms_picture(), encoding="utf-8")
