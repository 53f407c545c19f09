"""Terms written as straight-line Python source, and compiled."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.fast.terms import CONSTANT_TERM, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType

    from backpropviz.autodiff.fast.dialects import Dialect
    from backpropviz.autodiff.fast.terms import Pool

_DEEPEST = 10
"""Nesting of one expression: Python's own compiler is recursive."""

_KEPT_SOURCES = 32
_LONGEST_KEPT = 20_000  # characters; what is longer takes long to compare, and is seldom written twice

_NOT_FINITE = {"nan": float("nan"), "inf": float("inf")}


class SourceText:
    """The statements that compute some terms of a pool.

    A term that is used once is written where it is used, which spares a store and a load; the others get a name made
    of their number. Text that a user wrote never enters: names are ours, and constants are numbers.

    Parameters
    ----------
    pool : Pool
        All terms.
    roots : sequence of int
        Terms that are wanted.
    dialect : Dialect
        How to write them.
    """

    def __init__(self, pool: Pool, roots: Sequence[int], dialect: Dialect) -> None:
        self._text: dict[int, str] = {}
        self.lines: list[str] = []
        uses = _uses(pool, roots, dialect)
        depth: dict[int, int] = {}
        for index, count in enumerate(uses):
            if count == 0:
                continue
            function = pool.functions[index]
            depth[index] = 0
            if function == VARIABLE:
                self._text[index] = f"t{index}"
            elif function == CONSTANT_TERM:
                self._text[index] = dialect.number(pool.constants[index])
            else:
                arguments = pool.arguments[index]
                text = dialect.templates[function](*(self._text[argument] for argument in arguments))
                deep = 1 + max(depth[argument] for argument in arguments)
                if count == 1 and deep < _DEEPEST:
                    self._text[index] = text
                    depth[index] = deep
                else:
                    self._text[index] = f"t{index}"
                    self.lines.append(f"t{index}={text}")

    def __getitem__(self, index: int) -> str:
        """Text of a term that was asked for."""
        return self._text[index]


def build(name: str, lines: Sequence[str], namespace: Mapping[str, Any]) -> Callable[..., Any]:
    """Compile the source of one function, and give the function.

    Parameters
    ----------
    name : str
        Of the function.
    lines : sequence of str
        Its source, with the ``def`` line.
    namespace : mapping
        What it may refer to; nothing else, builtins included.
    """
    scope: dict[str, Any] = {"__builtins__": {}, **_NOT_FINITE, **namespace}
    source, title = "\n".join(lines), f"<compiled graph: {name}>"
    # Arrays and functions are in the namespace, so a graph on other shapes has the same source.
    code = _code(source, title) if len(source) <= _LONGEST_KEPT else _compiled(source, title)
    # The one place that runs generated code. All of it comes from the tables above it: function names from a fixed
    # dialect, variable names "t" and a number, constants through repr of a float. No name and no text of a user is in
    # it (inputs are looked up under keys that stand in `namespace`), and a test reads the source to make sure.
    exec(code, scope)  # noqa: S102
    return scope[name]  # type: ignore[no-any-return]


def _compiled(source: str, title: str) -> CodeType:
    return compile(source, title, "exec", dont_inherit=True)


_code = lru_cache(_KEPT_SOURCES)(_compiled)


def _uses(pool: Pool, roots: Sequence[int], dialect: Dialect) -> list[int]:
    """How often each term is read, 0 where it is not needed; more than once where it must have a name."""
    uses = [0] * len(pool.functions)
    for root in roots:
        uses[root] += 1
    for index in range(len(uses) - 1, -1, -1):
        if uses[index]:
            weight = 2 if pool.functions[index] in dialect.repeating else 1
            for argument in pool.arguments[index]:
                uses[argument] += weight
    return uses
