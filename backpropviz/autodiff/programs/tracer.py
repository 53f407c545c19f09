"""Numbers that write down which primitives a rule calls on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.programs.numpy_calls import (
    TRANSLATIONS,
    NoProgramError,
    plain_sizes,
    reduced,
    reshape,
    transpose,
    writer_of,
)
from backpropviz.autodiff.programs.primitives import ELEMENTWISE, PRIMITIVES
from backpropviz.autodiff.traced_array import ABOUT_SHAPE, TracedArray
from backpropviz.ops import REGISTRY
from backpropviz.ops.indices import index_text
from backpropviz.ops.stand_ins import register_symbolic

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from backpropviz.ops import Op

_RENAMED = {"erf (vectorized)": "erf", "erfc (vectorized)": "erfc"}
_AS_THEY_ARE = frozenset({"getitem", "scatter", "logdet", "singular_parts"})
"""Operations that are primitives: their rules look at the numbers, or write in place."""


class ProgramWriter:
    """The calls of one routine in order; equal calls are written once, and each is computed at once.

    Parameters
    ----------
    arguments : sequence of float64 or array
        What the routine is called with at this point; the shapes are what counts.
    """

    def __init__(self, arguments: Sequence[Any]) -> None:
        self.numbers: list[Any] = list(arguments)
        self.lines: list[tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]]] = []
        self.given = len(self.numbers)
        self._known: dict[Hashable, int] = {}

    def leaves(self) -> list[ProgramNumber]:
        """Give what the rule is called with."""
        return [ProgramNumber(self, register) for register in range(self.given)]

    def call(self, primitive: str, *arguments: Any, **options: Any) -> ProgramNumber:
        """Write a call of a primitive, unless it is written already."""
        registers = tuple(self._register(argument) for argument in arguments)
        settings = tuple(options.items())
        key = (primitive, tuple(map(_key, registers)), repr(settings))
        known = self._known.get(key)
        if known is None:
            numbers = [self.numbers[each] if type(each) is int else each for each in registers]
            with np.errstate(all="ignore"):
                result = np.asarray(PRIMITIVES[primitive](*numbers, **options), dtype=np.float64)[()]
            self.numbers.append(result)
            self.lines.append((primitive, registers, settings))
            known = self._known[key] = len(self.numbers) - 1
        return ProgramNumber(self, known)

    def lift(self, value: Any) -> Any:
        """Give a register for what a rule returned, or the constant itself."""
        return self._register(value)

    def _register(self, value: Any) -> Any:
        if type(value) is ProgramNumber:
            return value.register
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise NoProgramError(f"{type(value).__name__} is no number that a program can hold.")
        return array.astype(np.float64)[()]


class ProgramNumber(TracedArray, np.lib.mixins.NDArrayOperatorsMixin):
    """What a rule is called with: a register, with NumPy's operators and functions."""

    __slots__ = ("register", "writer")
    refusal = NoProgramError
    __hash__ = None  # type: ignore[assignment]  # `==` writes a comparison

    def __init__(self, writer: ProgramWriter, register: int) -> None:
        self.writer = writer
        self.register = register

    @property
    def number(self) -> Any:
        """What it is at this point."""
        return self.writer.numbers[self.register]

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """A page has float64 only."""
        return np.dtype(np.float64)

    @property
    def T(self) -> Any:  # noqa: N802  NumPy's name
        """Transpose."""
        return transpose(self, None)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Sum over axes."""
        return reduced("sum", self, axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Any:
        """Fill another shape, in C order."""
        return reshape(self, shape[0] if len(shape) == 1 else shape)

    def ravel(self) -> Any:
        """Fill a vector, in C order."""
        return reshape(self, -1)

    def astype(self, _kind: Any) -> ProgramNumber:
        """Stay float64."""
        return self

    def __getitem__(self, index: Any) -> ProgramNumber:
        return self.writer.call("getitem", self, index=index_text(index))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = _RENAMED.get(ufunc.__name__, ufunc.__name__)
        if method == "reduce" and name in ("add", "multiply", "maximum", "minimum"):
            primitive = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}[name]
            return reduced(primitive, inputs[0], options.get("axis", 0), keepdims=options.get("keepdims", False))
        if method != "__call__" or options:
            raise NoProgramError(f"np.{name}.{method} with {', '.join(options) or 'these arguments'} is no primitive.")
        if name == "square":
            return self.writer.call("multiply", inputs[0], inputs[0])
        if name == "reciprocal":
            return self.writer.call("divide", 1.0, inputs[0])
        if name == "conjugate":
            return inputs[0]
        if name == "multiply":
            for one, other in ((inputs[0], inputs[1]), (inputs[1], inputs[0])):
                # No bit changes: 1·x is x, and -1·x is -x.
                if type(one) is float and abs(one) == 1.0:
                    return other if one > 0.0 else self.writer.call("negative", other)
        if name not in ELEMENTWISE and name != "matmul":
            raise NoProgramError(f"np.{name} is no primitive.")
        return self.writer.call(name, *inputs)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        if function in ABOUT_SHAPE:
            return getattr(self, function.__name__)
        translation = TRANSLATIONS.get(function)
        if translation is None:
            raise NoProgramError(f"np.{function.__name__} is no primitive.")
        return translation(*arguments, **options)


def value_of(op: Op, *arguments: Any, **parameters: Any) -> Any:
    """Write an operation's value: as one primitive where that is what it is, else what its rule calls."""
    if op.name not in _AS_THEY_ARE:
        return op.value(*arguments, **parameters)
    if "shape" in parameters:
        parameters["shape"] = plain_sizes(parameters["shape"])
    return writer_of(*arguments).call(op.name, *arguments, **parameters)


def _apply(name: str, *arguments: Any, **parameters: Any) -> Any:
    return value_of(REGISTRY[name], *arguments, **parameters)


register_symbolic(ProgramNumber, _apply)


def _key(register: Any) -> Hashable:
    if type(register) is int:
        return register
    return ("constant", np.shape(register), np.asarray(register).tobytes())
