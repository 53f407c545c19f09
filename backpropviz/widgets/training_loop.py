"""Training in small slices between which the kernel does everything else."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS_AT_ONCE = 5
_SLICE = 0.0006  # seconds: a message from the page takes several turns of the event loop to arrive
_THREAD_TURN = 0.001  # seconds; Python's own 0.005 would delay each message by as much, in each of Jupyter's threads
_LONGEST_DEBT = 0.05


class Beat:
    """Decides when the next of a kind of update is due.

    The next one is due when the page has painted the last, when enough time has passed, and when making one costs no
    more than a small share of the time.

    Parameters
    ----------
    interval : float, seconds
        Shortest time between two updates.
    share : float
        Largest share of the time that making updates may take.
    """

    _PATIENCE = 4.0  # a lost answer must not stop the pictures for ever

    def __init__(self, interval: float, share: float) -> None:
        self.interval = interval
        self.share = share
        self.waiting = False
        self._last = -float("inf")
        self._cost = 0.0

    def due(self, now: float) -> bool:
        """Tell whether the next update may be sent."""
        passed = now - self._last
        if self.waiting:
            return passed > self._PATIENCE
        return passed >= max(self.interval, self._cost / self.share)

    def sent(self, now: float, cost: float) -> None:
        """Note that an update has been sent, and what it cost in seconds."""
        self._last = now
        # A smoothed cost: one slow update, while something is loaded, must not hold up the next.
        self._cost += 0.3 * (cost - self._cost)
        self.waiting = True

    def painted(self) -> None:
        """Note that the page has painted it."""
        self.waiting = False


class TrainingLoop:
    """One asyncio task that trains while it lives.

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
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the task lives."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start the task; the one before is cancelled.

        Raises
        ------
        RuntimeError
            Where no event loop runs, as in a plain Python prompt.
        """
        self.cancel()
        self._task = asyncio.get_running_loop().create_task(self._train())

    def cancel(self) -> None:
        """End the task, if there is one."""
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def _train(self) -> None:
        fault: BaseException | None = None
        due = time.perf_counter()
        usual = sys.getswitchinterval()
        sys.setswitchinterval(min(usual, _THREAD_TURN))
        try:
            while self._slice():
                self._look()
                # A limited run owes a step at fixed times; what it could not keep up with is forgotten.
                limit = self._limit()
                now = time.perf_counter()
                due = max(due + 1.0 / limit, now - _LONGEST_DEBT) if limit > 0 else now
                await asyncio.sleep(max(0.0, due - now))
        except asyncio.CancelledError:
            raise
        except Exception as raised:  # noqa: BLE001  whatever ends the training must be seen
            fault = raised
        finally:
            sys.setswitchinterval(usual)
        self._ended(fault)

    def _slice(self) -> bool:
        """Train for a moment; tell whether there is more to do."""
        if self._limit() > 0:
            return self._step(1)
        until = time.perf_counter() + _SLICE
        more = True
        while more and time.perf_counter() < until:
            more = self._step(_STEPS_AT_ONCE)
        return more
