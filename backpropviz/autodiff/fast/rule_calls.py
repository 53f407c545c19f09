"""Array rules recorded while they run, so that the same calls can be made again into buffers that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.terms import UntraceableRuleError
from backpropviz.autodiff.traced_array import ABOUT_SHAPE, TracedArray
from backpropviz.ops.special import BY_ENTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence


class Call:
    """One recorded call.

    Parameters
    ----------
    function : callable
        What was called.
    arguments : tuple
        Places of recorded values, and literals.
    options : dict
        Keyword arguments, all of them literals.
    """

    __slots__ = ("arguments", "function", "options")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.function = function
        self.arguments = arguments
        self.options = options


class Place(int):
    """Where a recorded value stands; a type of its own, so that it is not taken for a literal number."""

    __slots__ = ()


class CallRecorder:
    """All calls of one run in order, equal calls once; each is made for real, so that its result's shape is known."""

    def __init__(self) -> None:
        self.calls: list[Call | None] = []  # None for values that come from outside
        self.values: list[Any] = []
        self._known: dict[Hashable, Place] = {}

    def leaf(self, value: Any) -> RecordedArray:
        """Give a value that comes from outside: an input, a constant."""
        return RecordedArray(self, self._append(None, value))

    def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> RecordedArray:
        """Call a function and record it."""
        places = tuple(self._place(argument) for argument in arguments)
        key = (_identity(function), tuple(map(_key, places)), tuple((name, _key(v)) for name, v in options.items()))
        if any(isinstance(value, RecordedArray) for value in options.values()):
            raise UntraceableRuleError("a recorded value is given by keyword")
        place = self._known.get(key)
        if place is None:
            numbers = [self.values[item] if type(item) is Place else item for item in places]
            result = function(*numbers, **options)
            if result is None:
                raise UntraceableRuleError("an array is changed in place, which would not happen again")
            place = self._append(Call(function, places, options), _laid_out(result, numbers))
            self._known[key] = place
        return RecordedArray(self, place)

    def _append(self, call: Call | None, value: Any) -> Place:
        self.calls.append(call)
        self.values.append(value)
        return Place(len(self.values) - 1)

    def _place(self, argument: Any) -> Any:
        if type(argument) is RecordedArray:
            return argument.place
        if _mentions(argument):
            raise UntraceableRuleError("a recorded value inside a list")
        return argument


def _laid_out(result: Any, numbers: Sequence[Any]) -> Any:
    """Lay a result out by rows, as the buffer that stands for it: what is a view of it here must be a view there.

    NumPy gives sums and products the order of their arguments: that of a transpose, say, by columns.
    """
    if isinstance(result, list):
        return [_laid_out(part, numbers) for part in result]
    is_fresh = isinstance(result, np.ndarray) and not result.flags.c_contiguous
    if is_fresh and not any(isinstance(each, np.ndarray) and np.may_share_memory(result, each) for each in numbers):
        return np.ascontiguousarray(result)
    return result


class RecordedArray(TracedArray):
    """An array whose uses are recorded; answers for its shape, and for the NumPy functions that rules call."""

    __slots__ = ("place", "recorder")
    refusal = UntraceableRuleError

    def __init__(self, recorder: CallRecorder, place: Place) -> None:
        self.recorder = recorder
        self.place = place

    @property
    def number(self) -> Any:
        """What it is in this run."""
        return self.recorder.values[self.place]

    @property
    def T(self) -> RecordedArray:  # noqa: N802  NumPy's name
        """Transpose."""
        return self.recorder.call(np.transpose, self)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> RecordedArray:
        """Sum over axes."""
        return self.recorder.call(np.add.reduce, self, axis=axis, keepdims=keepdims)

    def __add__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.add, self, other)

    def __radd__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.add, other, self)

    def __sub__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.subtract, self, other)

    def __rsub__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.subtract, other, self)

    def __mul__(self, other: Any) -> RecordedArray:
        # No bit changes: multiplication by 1 gives the number itself, by -1 its negative.
        if type(other) is float and abs(other) == 1.0:
            return self if other > 0.0 else self.recorder.call(np.negative, self)
        return self.recorder.call(np.multiply, self, other)

    def __rmul__(self, other: Any) -> RecordedArray:
        return self.__mul__(other) if type(other) is float else self.recorder.call(np.multiply, other, self)

    def __truediv__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.divide, self, other)

    def __rtruediv__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.divide, other, self)

    def __matmul__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> RecordedArray:
        return self.recorder.call(np.matmul, other, self)

    def __neg__(self) -> RecordedArray:
        return self.recorder.call(np.negative, self)

    def __getitem__(self, index: Any) -> RecordedArray:
        if _mentions(index):
            raise UntraceableRuleError("an index that is computed")
        return self.recorder.call(_Pick(index), self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> RecordedArray:
        if ufunc.nout != 1 or method not in ("__call__", "reduce"):
            raise UntraceableRuleError(f"np.{ufunc.__name__}.{method}")
        return self.recorder.call(
            BY_ENTRY.get(ufunc, ufunc) if method == "__call__" else ufunc.reduce, *inputs, **options
        )

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        if function in ABOUT_SHAPE:
            return getattr(self, function.__name__)
        if function is np.sum and set(options) <= {"axis", "keepdims"} and len(arguments) == 1:
            return self.sum(**options)
        return self.recorder.call(function, *arguments, **options)


class _Pick:
    """Indexing as a call."""

    __slots__ = ("index",)

    def __init__(self, index: Any) -> None:
        self.index = index

    def __call__(self, array: Any) -> Any:
        return array[self.index]


def _identity(function: Any) -> Hashable:
    if isinstance(function, _Pick):
        return ("pick", _key(function.index))
    owner = getattr(function, "__self__", None)
    return (id(owner), function.__name__) if isinstance(owner, np.ufunc) else id(function)


def _key(value: Any) -> Hashable:
    """Tell literals apart; arrays by identity, which their recorded call keeps alive."""
    if type(value) is Place:
        return ("place", int(value))
    if isinstance(value, np.ndarray):
        return ("array", id(value))
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, *map(_key, value))
    return (type(value).__name__, repr(value))


def _mentions(value: Any) -> bool:
    """Tell whether a recorded value hides in a list, a tuple or an array of objects."""
    if isinstance(value, RecordedArray):
        return True
    if isinstance(value, (tuple, list)):
        return any(map(_mentions, value))
    return isinstance(value, np.ndarray) and value.dtype == object


def same(traced: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Tell whether recorded results are, to the bit, what the rule gives on plain arrays."""
    return all(
        type(item) is RecordedArray
        and np.asarray(item.number).dtype == np.float64
        and np.shape(item.number) == np.shape(number)
        # The second question, which is slower, is for NaN alone.
        and (bool(np.all(item.number == number)) or np.array_equal(item.number, number, equal_nan=True))
        for item, number in zip(traced, expected, strict=True)
    )
