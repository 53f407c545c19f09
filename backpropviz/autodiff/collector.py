"""Python's garbage collector, and when it had better wait."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_waits() -> Iterator[None]:
    """Let the garbage collector wait while many objects are made of which none can be dropped yet.

    Each hundred thousand of them would have it look through all that the process holds. Whoever has switched it off
    finds it off afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
