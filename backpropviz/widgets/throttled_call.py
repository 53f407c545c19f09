"""Answering many changes in a row once, and resting in between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST_REST = 0.02
"""Seconds between two answers to a slider: the eye asks for no more, and a long queue drains at once."""


class ThrottledCall:
    """A slow call that is made once for all who ask while it waits.

    Each change comes as a message of its own, so the kernel rests between two calls as long as one takes: however slow
    it is, half of the time is left for reading what else has come.

    Parameters
    ----------
    call : callable
        Without arguments; it shows its errors itself.
    """

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._timer: asyncio.TimerHandle | None = None
        self._rested_at = 0.0

    @property
    def waiting(self) -> bool:
        """Whether it is going to be called."""
        return self._timer is not None

    def ask(self) -> None:
        """Have it called soon; at once where no kernel is running, since nobody looks in between."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._call()
            return
        if self._timer is None:
            self._timer = loop.call_at(max(loop.time(), self._rested_at), self._begin, loop)

    def cancel(self) -> None:
        """Drop what was asked for."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        began = loop.time()
        self._call()
        ended = loop.time()
        self._rested_at = ended + max(_SHORTEST_REST, ended - began)
