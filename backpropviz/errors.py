"""Every error the package raises on purpose, in one tree.

Each class also derives from the builtin a user would expect, so ``except ValueError`` keeps working, and carries
its facts as attributes, so a widget can show them without reading the message.
"""

from __future__ import annotations

import copyreg


class BackpropvizError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : str
        What happened, where, and what to do about it.
    node, op : str, optional
        Name of the node and of the operation concerned.
    slot : int, optional
        Argument position, counted from 0.
    expected, actual : object, optional
        What would have fitted, and what was there instead.
    """

    def __init__(
        self,
        message: str,
        *,
        node: str | None = None,
        op: str | None = None,
        slot: int | None = None,
        expected: object = None,
        actual: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.node = node
        self.op = op
        self.slot = slot
        self.expected = expected
        self.actual = actual

    def __reduce__(self) -> tuple[object, ...]:
        # By its facts, since classes below take more than the message: errors cross from worker processes.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # of CPython

    def __str__(self) -> str:
        # KeyError would otherwise print its message in quotes.
        return self.message


class ExpressionError(BackpropvizError, ValueError):
    """Text that is not an expression this package reads.

    Parameters
    ----------
    message : str
        What is wrong.
    text : str
        The whole text that was read.
    start, end : int
        Where it is wrong, in characters, end exclusive.
    hint : str, optional
        What to write instead.
    replacement : str, optional
        The whole text put right, where that is sure; empty elsewhere.
    """

    def __init__(self, message: str, *, text: str, start: int, end: int, hint: str = "", replacement: str = "") -> None:
        super().__init__(message)
        self.text = text
        self.start = start
        self.end = end
        self.hint = hint
        self.replacement = replacement

    @property
    def position(self) -> int:
        """Where the fault begins, in characters."""
        return self.start

    def __str__(self) -> str:
        line_start = self.text.rfind("\n", 0, self.start) + 1
        line_end = self.text.find("\n", self.start)
        line = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        column = self.start - line_start
        # A long line is cut around the fault: the caret must stay in view.
        first = max(0, column - 50)
        shown = line[first : first + 100]
        width = max(1, min(self.end - self.start, len(shown) - (column - first)))
        caret = " " * (column - first) + "^" * width
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.message} (at character {self.start + 1})\n  {shown}\n  {caret}{hint}"


class GraphError(BackpropvizError, ValueError):
    """A graph that cannot be built: a cycle, a wrong number of arguments, a name given twice."""


class NodeNotFoundError(BackpropvizError, KeyError):
    """A node that the graph does not have."""


class InputError(BackpropvizError, ValueError):
    """Input values that do not fit the graph: one is missing, unknown, or not a number."""


class ShapeError(BackpropvizError, ValueError):
    """Array shapes that do not fit together."""


class SeedError(BackpropvizError, ValueError):
    """A seed that does not fit its target, or is missing where the target is not a scalar."""


class TraceError(BackpropvizError, TypeError):
    """A Python function that cannot be traced into a graph."""


class SingularMatrixError(BackpropvizError, ArithmeticError):
    """A matrix that has no inverse at this point."""


class GradientCheckError(BackpropvizError, AssertionError):
    """A derivative rule that disagrees with the independent check."""


class LayoutError(BackpropvizError, ValueError):
    """A graph that is too large to draw legibly."""


class OutOfRangeError(BackpropvizError, IndexError):
    """An index or a label that the array does not have."""


class ExportError(BackpropvizError, OSError):
    """A file that cannot be read, written or converted; what was there before stays as it was."""


class MissingLibraryError(BackpropvizError, ImportError):
    """An optional library that is not installed; the message names the command that installs it."""


class DatasetError(BackpropvizError, ValueError):
    """Examples that cannot be learned from: none at all, of the wrong shape, not finite, or labels out of range.

    Parameters
    ----------
    message : str
        What is wrong.
    row : int, optional
        The first row concerned, counted from 0.
    """

    def __init__(self, message: str, *, row: int | None = None, expected: object = None, actual: object = None) -> None:
        super().__init__(message, expected=expected, actual=actual)
        self.row = row


class DivergenceError(BackpropvizError, ArithmeticError):
    """Training whose loss left all bounds.

    Parameters
    ----------
    message : str
        What happened, and what to try.
    step, epoch : int
        When: steps and epochs are counted from 1.
    node : str
        The node of the graph that first was not finite, or the loss where it only grew too large.
    learning_rate : float
        At that step.
    """

    def __init__(self, message: str, *, step: int, epoch: int, node: str, learning_rate: float) -> None:
        super().__init__(message, node=node)
        self.step = step
        self.epoch = epoch
        self.learning_rate = learning_rate


class HistoryError(BackpropvizError, ValueError):
    """A file that is not a saved training history."""


class AdoptionError(BackpropvizError, ValueError):
    """A model of another framework that cannot be brought along, or not in this way."""


__all__ = [name for name, kind in globals().items() if isinstance(kind, type) and issubclass(kind, Exception)]


def __dir__() -> list[str]:
    return __all__
