"""Messages from the page as a kernel receives them: one by one, through the running loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable


def receive(widget: Any, state: dict[str, Any]) -> None:
    """Take one change that the page sends."""
    content = {"data": {"method": "update", "state": state, "buffer_paths": []}}
    widget._handle_msg({"content": content, "buffers": []})


def receive_all(widget: Any, states: Iterable[dict[str, Any]]) -> float:
    """Take many changes in a row and wait until the loop is idle; how many seconds that took."""

    async def drain() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for state in states:
            receive(widget, state)
            await asyncio.sleep(0)  # a kernel's loop turns between two messages
        while widget._renumbering.waiting:  # noqa: ASYNC110  the widget waits for nobody, so it sets no event
            await asyncio.sleep(0.001)
        return loop.time() - began

    return run_in_loop(drain())


def run_in_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a loop of its own: in the main thread a browser test may have left one that counts as running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
