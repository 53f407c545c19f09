"""Which results live where, and from when on their memory may be used again."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backpropviz.autodiff.fast.rule_calls import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropviz.autodiff.fast.rule_calls import Call, CallRecorder

Buffer = npt.NDArray[Any]

_CACHE_LINE = 64


def aligned(shape: tuple[int, ...], dtype: Any = np.float64) -> Buffer:
    """Give memory that begins on a cache line: the same place in a line, the same bits of a sum, on every run."""
    size = prod(shape) * np.dtype(dtype).itemsize
    raw = np.empty(size + _CACHE_LINE, dtype=np.uint8)
    start = -raw.__array_interface__["data"][0] % _CACHE_LINE
    array: Buffer = raw[start : start + size].view(dtype).reshape(shape)
    return array


class Buffers:
    """Buffers for the results of recorded calls.

    Parameters
    ----------
    recorder : CallRecorder
        With the calls.
    needed : collection of int
        Places that are computed at all.
    roots : collection of int
        Places that must last to the end.
    held : mapping of int to array
        Where results stand so far; grows while the program is written.
    """

    def __init__(
        self, recorder: CallRecorder, needed: Collection[int], roots: Collection[int], held: Mapping[int, Any]
    ) -> None:
        self._recorder = recorder
        self._held = held
        self._owner: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self._ours: dict[int, Buffer] = {}
        self._free: dict[tuple[Any, ...], list[Buffer]] = {}
        for place in sorted(needed):
            call = recorder.calls[place]
            sources = [item for item in call.arguments if type(item) is Place] if call is not None else []
            self._owner[place] = self._shares(place, sources)
            for source in sources:
                self._last[self._owner[source]] = place
        for root in roots:
            self._last[self._owner[root]] = len(recorder.calls)

    def owner(self, place: int) -> int:
        """Give the place whose memory a place shows; itself unless it is a view."""
        return self._owner[place]

    def buffer(self, place: int, call: Call) -> Buffer:
        """Give memory for a result, that of an argument where an entry is read before its place is written."""
        result = np.asarray(self._recorder.values[place])
        # Of a number NumPy makes a copy first, which takes longer than the call.
        if result.ndim and isinstance(call.function, np.ufunc) and call.function.signature is None:
            self._release(place, whole_only=True)
        kept = self._free.get((result.shape, result.dtype))
        self._ours[place] = kept.pop() if kept else aligned(result.shape, result.dtype)
        return self._ours[place]

    def passed(self, place: int) -> None:
        """Say that a place has been written: what was read for the last time is free."""
        self._release(place, whole_only=False)

    def _release(self, place: int, *, whole_only: bool) -> None:
        call = self._recorder.calls[place]
        sources = {item for item in call.arguments if type(item) is Place} if call is not None else set()
        for source in sources:
            owner = self._owner[source]
            # Through a transposed view, entries are read in another order than they are written.
            if whole_only and any(self._owner[other] == owner != other for other in sources):
                continue
            if self._last.get(owner) == place and owner in self._ours:
                array = self._ours.pop(owner)
                self._free.setdefault((array.shape, array.dtype), []).append(array)

    def _shares(self, place: int, sources: list[Place]) -> int:
        """Find the argument that a result is a view of, by looking at the recorded run."""
        result = self._recorder.values[place]
        for source in sources:
            value = self._recorder.values[source]
            if isinstance(value, list):
                if any(result is part for part in value):
                    return self._owner[source]
            elif (
                isinstance(result, np.ndarray) and isinstance(value, np.ndarray) and np.may_share_memory(result, value)
            ):
                return self._owner[source]
        return place
