"""What a page shows, read once it is painted: a view answers in the next frame, and a busy machine has few."""

from __future__ import annotations

from typing import Any

_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_NODES = "[data-node]:not([data-entry])"  # not the cells of an array
_READ = f"(root, kind) => [...root.querySelectorAll('{_NODES}')].map(e => [e.dataset.node, e.dataset[kind]])"


def wait_until_painted(page: Any) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate(_PAINTED)


def texts_of_nodes(root: Any, kind: str) -> dict[str, str]:
    """Numbers of all nodes as the page writes them, by name: ``"value"`` or ``"gradient"``."""
    wait_until_painted(root.page)
    return {name: text for name, text in root.evaluate(_READ, kind) if text is not None}
