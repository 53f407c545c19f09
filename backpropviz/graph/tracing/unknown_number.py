"""A number that is not known yet: asked for it, it says what to write instead."""

from __future__ import annotations

from typing import Any, NoReturn

from backpropviz.errors import TraceError
from backpropviz.graph.tracing import refusals


class UnknownNumber:
    """What Python asks of a number, and a graph under construction cannot answer."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TraceError(
            f"The function branches on {self!r}, whose value is not known while it is traced. Write "
            "np.where(condition, a, b) for a if condition else b, np.maximum(x, y) for max(x, y), np.minimum for min, "
            "& and | for and and or, or choose the branch before tracing.",
            actual=repr(self),
        )

    def __float__(self) -> NoReturn:
        raise refusals.no_number(repr(self), "float")

    def __int__(self) -> NoReturn:
        raise refusals.no_number(repr(self), "int")

    def __complex__(self) -> NoReturn:
        raise refusals.no_number(repr(self), "complex")

    def __index__(self) -> NoReturn:
        raise TraceError(
            f"{self!r} stands where a whole number is needed, as in range(n) or a[n]. Fix it before tracing, and name "
            "only the other inputs.",
            actual=repr(self),
        )

    def __contains__(self, item: object) -> NoReturn:
        raise TraceError(
            f"Which numbers are in {self!r} is not known while the function is traced. np.max(np.equal(x, 1)) is 1 "
            "where one of them is 1.",
            actual=repr(self),
        )

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise refusals.written_into(repr(self))

    def __format__(self, specification: str) -> str:
        if specification:
            raise refusals.no_digits(repr(self), specification)
        return repr(self)
