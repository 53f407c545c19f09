"""What a page shows, read once it is painted: a view answers in the next frame, and a busy machine has few."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60  # seconds for whatever is awaited: long, since other tests and other jobs run beside

_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_STILL = """async (root) => {
  let [same, before] = [0, ""];
  for (const end = performance.now() + 20_000; same < 4 && performance.now() < end; ) {
    await new Promise((done) => setTimeout(() => requestAnimationFrame(done), 60));
    const now = root.outerHTML;
    same = now === before ? same + 1 : 0;
    before = now;
  }
}"""
_NODES = "[data-node]:not([data-entry])"  # not the cells of an array
_READ = f"(root, kind) => [...root.querySelectorAll('{_NODES}')].map(e => [e.dataset.node, e.dataset[kind]])"


def wait_until(page: Any, condition: Callable[[], Any], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        page.wait_for_timeout(30)


def wait_until_painted(page: Any) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate(_PAINTED)


def wait_until_still(root: Any) -> None:
    """Wait until a part of the page has stopped changing: the camera glides, and what is described, or is out of sight,
    comes later."""
    root.evaluate(_STILL)


def texts_of_nodes(root: Any, kind: str) -> dict[str, str]:
    """Numbers of all nodes as the page writes them, by name: ``"value"`` or ``"gradient"``."""
    wait_until_painted(root.page)
    return {name: text for name, text in root.evaluate(_READ, kind) if text is not None}
