"""Training in small slices between which the kernel does everything else."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STEPS_AT_ONCE = 5
_SLICE = 0.0012  # seconds: a message from the page takes several turns of the event loop to arrive
_LONGEST_DEBT = 0.05
_TURNS = 120.0  # a second: a limited run takes its steps in so many slices at most, and rests in between
_LONGEST_SLICE = 0.008
_YIELD = 0.001
_THREAD_TURN = 0.001  # seconds; Python's own 0.005 would delay each message by as much, in each of Jupyter's threads


class TrainingLoop:
    """One asyncio task that trains while it lives.

    JupyterLab handles what the page sends in a thread of its own, and the task runs there; cells run in the main
    thread. Hence a slice of training holds a lock, and whoever wants to change something asks for :meth:`held`.

    Parameters
    ----------
    step : callable
        Takes so many steps; returns whether there is more to do.
    limit : callable
        Gives the largest number of steps per second; 0 for as many as possible.
    look : callable
        Called between slices, to send what is due.
    ended : callable
        Called with the error that ended the loop, or None.
    """

    def __init__(
        self,
        step: Callable[[int], bool],
        limit: Callable[[], float],
        look: Callable[[], None],
        ended: Callable[[BaseException | None], None],
    ) -> None:
        self._step = step
        self._limit = limit
        self._look = look
        self._ended = ended
        self._lock = threading.RLock()
        self._counting = threading.Lock()
        self._visitors = 0
        self._turn: object | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it trains."""
        return self._turn is not None

    def start(self) -> None:
        """Start the task; the one before ends.

        Raises
        ------
        RuntimeError
            Where no event loop runs, as in a plain Python prompt.
        """
        loop = asyncio.get_running_loop()
        self.cancel()
        turn = self._turn = object()
        self._task = loop.create_task(self._train(turn))

    def cancel(self) -> None:
        """End the task, if there is one: from any thread, and before its next slice."""
        self._turn = None
        task, self._task = self._task, None
        if task is not None and not task.done():
            # It may sleep in another thread's event loop, which may be closed already.
            with suppress(RuntimeError):
                task.get_loop().call_soon_threadsafe(task.cancel)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the training still for a moment."""
        with self._counting:
            self._visitors += 1
        try:
            with self._lock:
                yield
        finally:
            with self._counting:
                self._visitors -= 1

    async def _train(self, turn: object) -> None:
        fault: BaseException | None = None
        due = time.perf_counter()
        usual = sys.getswitchinterval()
        sys.setswitchinterval(min(usual, _THREAD_TURN))
        try:
            while (taken := self._slice(turn)) >= 0:
                # A limited run owes steps at fixed times; what it could not keep up with is forgotten.
                limit, now = self._limit(), time.perf_counter()
                due = max(due + taken / limit, now - _LONGEST_DEBT) if limit > 0 else now
                # A thread that waits for the lock would otherwise hardly ever find it free.
                await asyncio.sleep(max(due - now, _YIELD if self._visitors else 0.0))
        except asyncio.CancelledError:
            return
        except Exception as raised:  # noqa: BLE001  whatever ends the training must be seen
            fault = raised
        finally:
            sys.setswitchinterval(usual)
        with self._lock:
            if self._turn is turn:
                self._turn = None
                self._ended(fault)

    def _slice(self, turn: object) -> int:
        """Train for a moment, and look; give the number of steps, or -1 where the run is over."""
        with self._lock:
            if self._turn is not turn:
                return -1
            limit = self._limit()
            most = max(1, round(limit / _TURNS)) if limit > 0 else None
            at_once = _STEPS_AT_ONCE if most is None else 1
            until = time.perf_counter() + (_SLICE if most is None else _LONGEST_SLICE)
            taken, more = 0, True
            while more and (most is None or taken < most) and (taken == 0 or time.perf_counter() < until):
                more = self._step(at_once)
                taken += at_once
            self._look()
            return taken if more else -1
