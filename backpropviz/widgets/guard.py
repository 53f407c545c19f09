"""One wrapper around every callback: Jupyter swallows their errors, so we catch and show them."""

from __future__ import annotations

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
