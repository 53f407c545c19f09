"""Expressions that rules build when they are called with tracers, every equal one once; of constants, their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.special import erf, erfc

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

_UFUNCS = (
    "add subtract multiply divide negative power absolute sign sqrt exp expm1 log log1p log2 log10 sin cos tan arcsin "
    "arccos arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh hypot maximum minimum logaddexp less less_equal "
    "greater greater_equal equal not_equal"
)

SOURCE_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in _UFUNCS.split()},
    "where": np.where,
    "erf": erf,
    "erfc": erfc,
}
"""By the name under which NumPy knows them; anything else sends a graph to the tape."""


def fold(function: str, arguments: Sequence[Any]) -> Any:
    """Compute a function of constants just as the tape does, so that the bits are the same."""
    with np.errstate(all="ignore"):
        return SOURCE_FUNCTIONS[function](*(np.float64(a) if type(a) is float else a for a in arguments))[()]


VARIABLE = "variable"
CONSTANT_TERM = "constant"

_COMMUTATIVE = frozenset({"add", "multiply"})  # bit for bit: IEEE 754 rounds the exact result, whatever the order
_LOGARITHMS = frozenset({"log", "log2", "log10"})


class UntraceableRuleError(TypeError):
    """A rule uses something that has no place in generated code."""


OPAQUE = (TypeError, AttributeError, ValueError, IndexError)
"""What is raised where a rule, perhaps a user's own, asks more of a tracer than it can answer."""


class Pool:
    """All terms of one program, in the order of their making: arguments come before what is built on them.

    Parameters
    ----------
    raises : bool
        Whether the program runs on Python's floats, whose logarithm raises below zero. Once it has been taken, the
        argument is known not to be negative, and the question need not be asked again.
    """

    def __init__(self, *, raises: bool) -> None:
        self.functions: list[str] = []
        self.arguments: list[tuple[int, ...]] = []
        self.constants: dict[int, float | bool] = {}
        self._known: dict[Hashable, int] = {}
        self._raises = raises

    def variable(self) -> Term:
        """Give a new unknown."""
        return Term(self, self._append(VARIABLE, ()))

    def constant(self, value: Any) -> int:
        """Give the index of a number; ``repr`` tells -0.0 from 0.0, and True from 1.0."""
        plain = bool(value) if isinstance(value, (bool, np.bool_)) else float(value)
        key = repr(plain)
        index = self._known.get(key)
        if index is None:
            index = self._known[key] = self._append(CONSTANT_TERM, ())
            self.constants[index] = plain
        return index

    def apply(self, function: str, *arguments: int) -> int:
        """Give the index of ``function(*arguments)``, simplified where not a bit changes."""
        if function in _COMMUTATIVE and arguments[0] > arguments[1]:
            arguments = (arguments[1], arguments[0])
        key = (function, *arguments)
        index = self._known.get(key)
        if index is None:
            index = self._simplified(function, arguments)
            if index is None:
                index = self._append(function, arguments)
            self._known[key] = index
            if self._raises and function in _LOGARITHMS:
                self._known["less", arguments[0], self.constant(0.0)] = self.constant(False)
        return index

    def lift(self, value: Any) -> int:
        """Give the index of a term or a number.

        Raises
        ------
        UntraceableRuleError
            For anything else.
        """
        if type(value) is Term:
            return value.index
        if isinstance(value, (float, int, np.number, np.bool_)) or (
            isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "biuf"
        ):
            return self.constant(value)
        raise UntraceableRuleError(f"{type(value).__name__} is no scalar")

    def _append(self, function: str, arguments: tuple[int, ...]) -> int:
        self.functions.append(function)
        self.arguments.append(arguments)
        return len(self.functions) - 1

    def _simplified(self, function: str, arguments: tuple[int, ...]) -> int | None:
        constants = self.constants
        given = [constants.get(argument) for argument in arguments]
        if None not in given:
            return self.constant(fold(function, given))
        if function == "where":
            if given[0] is not None:
                return arguments[1] if given[0] else arguments[2]
            return arguments[1] if arguments[1] == arguments[2] else None
        if function == "negative":
            inner = arguments[0]
            return self.arguments[inner][0] if self.functions[inner] == "negative" else None
        if len(arguments) != 2:
            return None
        simpler = None if given == [None, None] else self._with_number(function, arguments, given)
        return self._with_signs(function, *arguments) if simpler is None else simpler

    def _with_number(self, function: str, arguments: tuple[int, ...], given: list[Any]) -> int | None:
        left, right = arguments
        if function == "multiply":
            value, other = (given[0], right) if given[0] is not None else (given[1], left)
            if value == 1.0:
                return other
            return self.apply("negative", other) if value == -1.0 else None
        if function == "add":
            # x + 0.0 stays: it turns -0.0 into 0.0. Adding -0.0 changes nothing.
            value, other = (given[0], right) if given[0] is not None else (given[1], left)
            return other if repr(value) == "-0.0" else None
        if function == "subtract":
            return left if repr(given[1]) == "0.0" else None
        if function == "divide":
            return left if given[1] == 1.0 else None
        if function == "power":
            return self._power(left, given[1])
        return None

    def _with_signs(self, function: str, left: int, right: int) -> int | None:
        # A sign is exact, so it may be moved outwards, until a sum takes it up as a difference.
        minus_left, minus_right = self.functions[left] == "negative", self.functions[right] == "negative"
        if not (minus_left or minus_right):
            return None
        bare_left = self.arguments[left][0] if minus_left else left
        bare_right = self.arguments[right][0] if minus_right else right
        if function in ("multiply", "divide"):
            bare = self.apply(function, bare_left, bare_right)
            return bare if minus_left and minus_right else self.apply("negative", bare)
        if function == "add":
            if minus_right:
                return self.apply("subtract", left, bare_right)
            return self.apply("subtract", right, bare_left)
        if function == "subtract" and minus_right:
            return self.apply("add", left, bare_right)
        return None

    def _power(self, base: int, exponent: Any) -> int | None:
        # The C library's pow gives these results too; a product and a quotient are several times as fast.
        if exponent == 0.0:
            return self.constant(1.0)
        if exponent == 1.0:
            return base
        if exponent == 2.0:
            return self.apply("multiply", base, base)
        return self.apply("divide", self.constant(1.0), base) if exponent == -1.0 else None


class Term:
    """What a rule is called with: a place in a pool, with the operators and universal functions of a number."""

    __slots__ = ("index", "pool")

    def __init__(self, pool: Pool, index: int) -> None:
        self.pool = pool
        self.index = index

    def __add__(self, other: Any) -> Term:
        return self._binary("add", self, other)

    def __radd__(self, other: Any) -> Term:
        return self._binary("add", other, self)

    def __sub__(self, other: Any) -> Term:
        return self._binary("subtract", self, other)

    def __rsub__(self, other: Any) -> Term:
        return self._binary("subtract", other, self)

    def __mul__(self, other: Any) -> Term:
        return self._binary("multiply", self, other)

    def __rmul__(self, other: Any) -> Term:
        return self._binary("multiply", other, self)

    def __truediv__(self, other: Any) -> Term:
        return self._binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> Term:
        return self._binary("divide", other, self)

    def __pow__(self, other: Any) -> Term:
        return self._binary("power", self, other)

    def __rpow__(self, other: Any) -> Term:
        return self._binary("power", other, self)

    def __gt__(self, other: Any) -> Term:
        return self._binary("greater", self, other)

    def __ge__(self, other: Any) -> Term:
        return self._binary("greater_equal", self, other)

    def __lt__(self, other: Any) -> Term:
        return self._binary("less", self, other)

    def __le__(self, other: Any) -> Term:
        return self._binary("less_equal", self, other)

    def __neg__(self) -> Term:
        return Term(self.pool, self.pool.apply("negative", self.index))

    def __abs__(self) -> Term:
        return Term(self.pool, self.pool.apply("absolute", self.index))

    def __bool__(self) -> bool:
        raise UntraceableRuleError("a rule branches on a value")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Term:
        name = ufunc.__name__.removesuffix(" (vectorized)")  # so does frompyfunc call what it makes
        if method != "__call__" or options or name not in SOURCE_FUNCTIONS:
            raise UntraceableRuleError(f"np.{name} is not known to the code generator")
        return Term(self.pool, self.pool.apply(name, *(self.pool.lift(value) for value in inputs)))

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        handler = _HANDLERS.get(function)
        if handler is None or options:
            raise UntraceableRuleError(f"np.{function.__name__} is not known to the code generator")
        return handler(self, *arguments)

    def _binary(self, function: str, left: Any, right: Any) -> Term:
        pool = self.pool
        return Term(pool, pool.apply(function, pool.lift(left), pool.lift(right)))


def _where(term: Term, condition: Any, *branches: Any) -> Term:
    if len(branches) != 2:
        raise UntraceableRuleError("np.where without values gives places, which are no scalars")
    lift = term.pool.lift
    return Term(term.pool, term.pool.apply("where", lift(condition), lift(branches[0]), lift(branches[1])))


_HANDLERS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.clip: lambda _term, x, low, high: np.minimum(np.maximum(x, low), high),
    np.shape: lambda _term, _x: (),  # a term is a scalar, at one point or at each of many
    np.ndim: lambda _term, _x: 0,
}
