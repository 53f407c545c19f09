"""Callbacks: their errors are seen, since Jupyter swallows them; and many changes in a row are answered once."""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from backpropviz.errors import BackpropvizError, ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

recorded: deque[BaseException] = deque(maxlen=100)
"""The latest errors of callbacks in this process, for tests and for reports."""


class Reporting(Protocol):
    """Something with an error strip."""

    message: dict[str, Any]


def guarded(owner: Reporting, callback: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a callback so that its error appears in the owner's strip and later callbacks still run."""

    @functools.wraps(callback)
    def call(*arguments: Any, **keywords: Any) -> Any:
        try:
            return callback(*arguments, **keywords)
        except Exception as fault:  # noqa: BLE001  whatever a callback raises must be seen
            report(owner, fault)
            return None

    return call


def report(owner: Reporting, fault: BaseException) -> None:
    """Show an error in the owner's strip, and keep it."""
    recorded.append(fault)
    owner.message = message_of(fault)


def message_of(fault: BaseException) -> dict[str, Any]:
    """Turn an error into what the strip shows.

    Returns
    -------
    dict
        ``text``; for an :class:`ExpressionError` also ``source``, ``start``, ``end``, ``hint`` and ``replacement``.
    """
    if isinstance(fault, ExpressionError):
        return {
            "text": fault.message,
            "hint": fault.hint,
            "replacement": fault.replacement,
            "source": fault.text,
            "start": fault.start,
            "end": fault.end,
        }
    if isinstance(fault, BackpropvizError):
        return {"text": str(fault)}
    return {"text": f"{type(fault).__name__}: {fault}"}


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

    def ask(self, after: float = 0.0) -> None:
        """Have it called soon, not before so many seconds; at once without a kernel, since nobody looks in between."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._call()
            return
        if self._timer is None:
            self._timer = loop.call_at(max(loop.time() + after, self._rested_at), self._begin, loop)

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
