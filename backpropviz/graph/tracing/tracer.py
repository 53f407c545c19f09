"""A stand-in for a number that remembers what is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError, TraceError
from backpropviz.graph.tracing import refusals
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS, COMPOSED_UFUNCS, op_of
from backpropviz.graph.tracing.ufunc_methods import of_ufunc
from backpropviz.graph.tracing.unknown_number import UnknownNumber

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.graph.builder import GraphBuilder, Reference

ATTRIBUTES: dict[str, Callable[[Tracer], Any]] = {}
"""What ``tracer.T``, ``tracer.sum`` and the like give: ``handler(tracer)``, by name. ``"[]"`` gives the indexer."""

_PLAIN_TYPES = (int, float, bool, np.number, np.bool_, np.ndarray, list)


class Tracer(UnknownNumber):
    """A node under construction, with the operators of a number."""

    __slots__ = ("builder", "reference")

    def __init__(self, builder: GraphBuilder, reference: Reference) -> None:
        self.builder = builder
        self.reference = reference

    def __repr__(self) -> str:
        name = self.builder.node_name(self.reference)
        return f"<traced {name or self.builder.op(self.reference)}>"

    # -- operators: each is its universal function, so that there is one path ---------------------------------

    def __add__(self, other: Any) -> Any:
        return _binary(np.add, self, other)

    def __radd__(self, other: Any) -> Any:
        # sum([a, b]) begins with the integer 0, which is no gate that anybody wrote.
        return self if _is_start_of_sum(other) else _binary(np.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return _binary(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _binary(np.subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return _binary(np.multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _binary(np.multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return _binary(np.divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _binary(np.divide, other, self)

    def __pow__(self, other: Any) -> Any:
        return _binary(np.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _binary(np.power, other, self)

    def __matmul__(self, other: Any) -> Any:
        return _binary(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return _binary(np.matmul, other, self)

    def __neg__(self) -> Any:
        return _ufunc(np.negative, self)

    def __pos__(self) -> Tracer:
        return self

    def __abs__(self) -> Any:
        return _ufunc(np.absolute, self)

    def __lt__(self, other: Any) -> Any:
        return _binary(np.less, self, other)

    def __le__(self, other: Any) -> Any:
        return _binary(np.less_equal, self, other)

    def __gt__(self, other: Any) -> Any:
        return _binary(np.greater, self, other)

    def __ge__(self, other: Any) -> Any:
        return _binary(np.greater_equal, self, other)

    def __eq__(self, other: object) -> Any:
        return _binary(np.equal, self, other)

    def __ne__(self, other: object) -> Any:
        return _binary(np.not_equal, self, other)

    __hash__ = object.__hash__

    # -- rounding and conditions -----------------------------------------------------------------------------

    def __round__(self, digits: int | None = None) -> Any:
        return np.round(self, digits or 0)

    def __floordiv__(self, other: Any) -> Any:
        return _binary(np.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return _binary(np.floor_divide, other, self)

    def __mod__(self, other: Any) -> Any:
        return _binary(np.mod, self, other)

    def __rmod__(self, other: Any) -> Any:
        return _binary(np.mod, other, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __and__(self, other: Any) -> Any:
        return _binary(np.bitwise_and, self, other)

    def __rand__(self, other: Any) -> Any:
        return _binary(np.bitwise_and, other, self)

    def __or__(self, other: Any) -> Any:
        return _binary(np.bitwise_or, self, other)

    def __ror__(self, other: Any) -> Any:
        return _binary(np.bitwise_or, other, self)

    def __xor__(self, other: Any) -> Any:
        return _binary(np.bitwise_xor, self, other)

    def __invert__(self) -> Any:
        return _ufunc(np.invert, self)

    # -- NumPy -----------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if "out" in options:
            raise refusals.written_into("an array")
        if method != "__call__" or options:
            return of_ufunc(ufunc, method, inputs, options)
        return _ufunc(ufunc, *inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        handler = ARRAY_FUNCTIONS.get(function)
        if handler is None:
            raise refusals.no_function(function)
        return handler(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in ATTRIBUTES:
            return ATTRIBUTES[name](self)
        # NumPy calls x.exp() for each entry of an array of objects.
        ufunc = getattr(np, name, None)
        if isinstance(ufunc, np.ufunc) and (op_of(ufunc) is not None or ufunc.__name__ in COMPOSED_UFUNCS):
            return lambda *others: _ufunc(ufunc, self, *others)
        raise AttributeError(f"A traced value has no attribute {name!r}. {refusals.instead_of_attribute(name)}".strip())

    def __getitem__(self, index: Any) -> Any:
        if "[]" not in ATTRIBUTES:
            raise TraceError(f"{self!r} is one number and has no entries. Give each entry an input of its own.")
        return ATTRIBUTES["[]"](self)(index)

    def __len__(self) -> int:
        if "len" not in ATTRIBUTES:
            raise TraceError(f"{self!r} is one number and has no length.")
        return int(ATTRIBUTES["len"](self))

    def __iter__(self) -> Any:
        try:
            count = len(self)
        except TraceError as fault:
            raise TraceError(
                f"{self!r} cannot be looped over. {fault.message} Or write np.sum(x) for a loop that adds."
            ) from None
        return (self[place] for place in range(count))


def lift(builder: GraphBuilder, value: Any) -> Reference:
    """Give the node of a value: a tracer's own, a constant for a number or an array of numbers.

    Raises
    ------
    TraceError
        For anything else, and for a tracer of another function.
    """
    if isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 0:
        value = value.item()
    if isinstance(value, Tracer):
        if value.builder is not builder:
            raise TraceError(f"{value!r} belongs to another traced function. Pass it in as an input.")
        return value.reference
    if isinstance(value, _PLAIN_TYPES):
        try:
            return builder.constant(value)
        except InputError as fault:
            raise TraceError(f"No gate can take what is no real number. {fault.message}", actual=value) from None
    raise TraceError(
        f"{value!r} is no real number, so no gate can take it. Use float64 numbers and arrays.",
        actual=type(value).__name__,
    )


def apply_op(op: str, *arguments: Any, **parameters: Any) -> Tracer:
    """Add a gate of the registry; at least one argument is a tracer, the others may be numbers."""
    builder = next(argument.builder for argument in arguments if isinstance(argument, Tracer))
    references = [lift(builder, argument) for argument in arguments]
    made = builder.apply(op, *references, **parameters)
    if builder.watched is not None:
        builder.watched(made)
    return Tracer(builder, made)


def _binary(ufunc: np.ufunc, left: Any, right: Any) -> Any:
    other = right if isinstance(left, Tracer) else left
    if not isinstance(other, (Tracer, *_PLAIN_TYPES)):
        return NotImplemented
    return _ufunc(ufunc, left, right)


def _ufunc(ufunc: np.ufunc, *inputs: Any) -> Any:
    if any(isinstance(value, (list, tuple)) or _holds_objects(value) for value in inputs):
        return _each(ufunc, *inputs)
    name = ufunc.__name__
    if name in COMPOSED_UFUNCS:
        return COMPOSED_UFUNCS[name](*inputs)
    op = op_of(ufunc)
    if op is None:
        raise refusals.no_ufunc(name)
    return apply_op(op, *inputs)


def _holds_objects(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object


def _each(ufunc: np.ufunc, *inputs: Any) -> Any:
    """Act on each entry of arrays that hold tracers, as NumPy would on numbers."""
    arrays = []
    for value in inputs:
        if isinstance(value, Tracer):
            array = np.empty((), dtype=object)  # np.asarray would ask the tracer for its length
            array[()] = value
        else:
            array = np.asarray(value)
        arrays.append(array)
    if not any(array.dtype == object for array in arrays):
        return ufunc(*arrays)
    spread = np.broadcast_arrays(*arrays)
    result = np.empty(spread[0].shape, dtype=object)
    for place in np.ndindex(result.shape):
        result[place] = ufunc(*(array[place] for array in spread))
    return result if result.shape else result.item()


def _is_start_of_sum(value: Any) -> bool:
    return type(value) is int and value == 0
