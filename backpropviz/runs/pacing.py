"""The pace of updates: no faster than the page paints them, and never at the cost of the training."""

from __future__ import annotations

import time


class UpdatePace:
    """Decides when the next of a kind of update is due.

    It is due when the page has painted what was sent, when enough time has passed, and when making one costs no more
    than a small share of the time.

    Parameters
    ----------
    interval : float, seconds
        Shortest time between two updates.
    share : float
        Largest share of the time that making updates may take.
    ahead : int
        How many updates may be on their way to the page, or being painted. More than one keep the page busy while
        its answer travels back; too many would only let the page lag behind.
    """

    _PATIENCE = 4.0  # seconds; a lost answer must not stop the pictures for ever

    def __init__(self, interval: float, share: float, ahead: int = 1) -> None:
        self.interval = interval
        self.share = share
        self.ahead = ahead
        self._under_way = 0
        self._last = -float("inf")
        self._cost = 0.0

    @property
    def waiting(self) -> bool:
        """Whether the page has as much to paint as it may have."""
        return self._under_way >= self.ahead

    def due(self, now: float) -> bool:
        """Tell whether the next update may be made."""
        passed = now - self._last
        if self.waiting:
            return passed > self._PATIENCE
        return passed >= max(self.interval, self._cost / self.share)

    def made(self, started: float, *, waiting: bool = False) -> None:
        """Note that an update has been made, since when, and whether the page has yet to paint it."""
        self._last = time.perf_counter()
        # A smoothed cost: one slow update, while something is loaded, must not hold up the next.
        self._cost += 0.3 * (self._last - started - self._cost)
        self._under_way += waiting

    def painted(self, behind: int = 0) -> None:
        """Note that the page has painted all but the newest `behind` updates."""
        self._under_way = behind
