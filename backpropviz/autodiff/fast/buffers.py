"""Terms written as NumPy calls on arrays of points, into as few buffers as will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.dialects import constant_source
from backpropviz.autodiff.fast.source import build
from backpropviz.autodiff.fast.terms import CONSTANT_TERM, SOURCE_FUNCTIONS, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropviz.autodiff.fast.terms import Pool

_CONDITIONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
_BY_KEYWORD = frozenset({"maximum", "minimum"})  # NumPy fears that a third argument was meant to be compared
_CALLABLE = {**SOURCE_FUNCTIONS, "reciprocal": np.reciprocal}


def array_function(pool: Pool, inputs: Sequence[int], roots: Sequence[int]) -> Callable[..., tuple[Any, ...]]:
    """Compile a function of arrays of one shape, given by position.

    A result goes into the memory of a term that is no longer needed, which is still in the cache. What is returned
    belongs to the caller: never an input's own memory, and nothing twice.
    """
    writer = _Writer(pool, roots)
    for index in range(len(pool.functions)):
        if index in writer.last:
            writer.write(index)
    results: list[str] = []
    for root in roots:
        own = root in inputs or writer.names[root] in results
        results.append(f"copy({writer.names[root]})" if own else writer.names[root])
    head = f"def run({','.join(f't{index}' for index in inputs)}):"
    lines = [head, *writer.lines, f" return {','.join(results)},"]
    return build("run", lines, {**_CALLABLE, "copy": np.array})


class _Writer:
    """Allocation of buffers, term by term."""

    def __init__(self, pool: Pool, roots: Sequence[int]) -> None:
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.last = _last_uses(pool, roots)
        self._pool = pool
        self._free: list[str] = []
        self._count = 0

    def write(self, index: int) -> None:
        """Write one term, into a free buffer where there is one."""
        function = self._pool.functions[index]
        if function == VARIABLE:
            self.names[index] = f"t{index}"
        elif function == CONSTANT_TERM:
            self.names[index] = constant_source(self._pool.constants[index])
        else:
            arguments = self._pool.arguments[index]
            given = [self.names[argument] for argument in arguments]
            if function == "divide" and given[0] == "1.0":
                function, given = "reciprocal", given[1:]  # the same quotient, and no number to make an array of
            for argument in dict.fromkeys(arguments):
                # The last reader may write over what it reads: entries are read before they are written.
                if self.last[argument] == index and self.names[argument].startswith("b"):
                    self._free.append(self.names[argument])
            fits = isinstance(_CALLABLE[function], np.ufunc) and function not in _CONDITIONS
            if fits and self._free:
                name = self._free.pop()
                place = f"out={name}" if function in _BY_KEYWORD else name
                self.lines.append(f" {function}({','.join((*given, place))})")
            else:
                self._count += 1
                name = f"{'b' if function not in _CONDITIONS else 'c'}{self._count}"
                self.lines.append(f" {name}={function}({','.join(given)})")
            self.names[index] = name


def _last_uses(pool: Pool, roots: Sequence[int]) -> dict[int, int]:
    """For each term that is needed: who reads it last. What is returned is read after all."""
    last = dict.fromkeys(roots, len(pool.functions))
    for index in range(len(pool.functions) - 1, -1, -1):
        if index in last:
            for argument in pool.arguments[index]:
                last.setdefault(argument, index)
    return last
