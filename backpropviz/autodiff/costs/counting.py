"""Numbers that remember which operations made them, to count what a rule costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from backpropviz.autodiff.costs.prices import ADDITION, FREE, Price, is_reduction, price_of, reduction_price
from backpropviz.errors import BackpropvizError
from backpropviz.ops import REGISTRY
from backpropviz.ops.stand_ins import register_symbolic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FACTS = frozenset({"shape", "ndim", "size", "zeros_like", "ones_like", "full_like", "iscomplexobj"})

WHOLE = frozenset({"scatter"})
"""Operations whose value is put together in place, where no history can be kept."""


class Counter(NDArrayOperatorsMixin):
    """A value that knows its history.

    The history is kept rather than a running total, so that what a rule computes in vain (the partial of a constant,
    say) is not counted. Nor is what nobody would compute by hand: times 1, plus 0, times 0.

    Parameters
    ----------
    value : float64 or array
        The real value: shapes follow from it.
    price : Price, optional
        What making it cost.
    parents : tuple of Counter, optional
        What it was made from.
    """

    __slots__ = ("parents", "price", "value")

    def __init__(self, value: Any, price: Price = FREE, parents: tuple[Counter, ...] = ()) -> None:
        self.value = value
        self.price = price
        self.parents = parents

    def __repr__(self) -> str:
        return f"Counter({np.shape(self.value)}, {self.price})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = ufunc.__name__.split(" ")[0]  # frompyfunc adds " (vectorized)"
        if method == "__call__":
            known = _without_work(name, inputs)
            if known is not None:
                return known
            values = [uncounted(each) for each in inputs]
            out = ufunc(*values, **options)
            if np.asarray(out).dtype == object:  # functions made by frompyfunc
                out = np.asarray(out, dtype=np.float64)[()]
            fixed = name == "power" and not isinstance(inputs[1], Counter) and np.ndim(inputs[1]) == 0
            exponent = float(inputs[1]) if fixed else None
            return Counter(out, _known(name, price_of(name, values, out, exponent)), tuple(_counters(inputs)))
        return _called(name, getattr(ufunc, method), inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = function.__name__
        if name in _FACTS:
            return function(*map(_plain, args), **kwargs)
        if name == "where" and np.ndim(args[0]) == 0 and not isinstance(args[0], Counter):
            return args[1] if args[0] else args[2]
        return _called(name, function, args, kwargs)

    def __getitem__(self, index: Any) -> Counter:
        return Counter(self.value[_plain(index)], FREE, (self,))

    def __len__(self) -> int:
        return len(self.value)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:  # noqa: FBT001  NumPy's protocol
        # Rules ask for plain numbers where they read labels: those have no history worth counting.
        return np.array(self.value, dtype=dtype) if copy else np.asarray(self.value, dtype=dtype)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __getattr__(self, name: str) -> Any:
        if name in ("shape", "ndim", "size", "dtype"):
            return getattr(self.value, name)
        if name in ("T", "real"):
            return Counter(getattr(self.value, name), FREE, (self,))
        function = getattr(np, name, None)
        if callable(function) and not name.startswith("_"):
            return lambda *args, **kwargs: function(self, *args, **kwargs)
        raise AttributeError(f"A counted value has no attribute {name!r}.")


def uncounted(each: Any) -> Any:
    """Give the value without its history; plain numbers are themselves."""
    return each.value if isinstance(each, Counter) else each


def total_price(results: Iterable[Any]) -> Price:
    """Add up what all of `results` took, shared work once."""
    waiting = [each for each in results if isinstance(each, Counter)]
    seen = {id(each) for each in waiting}
    total = FREE
    while waiting:
        counted = waiting.pop()
        total = total + counted.price
        fresh = [parent for parent in counted.parents if id(parent) not in seen]
        waiting += {id(parent): parent for parent in fresh}.values()
        seen.update(map(id, fresh))
    return total


def apply_counted(op: str, *arguments: Any, **parameters: Any) -> Counter:
    """Apply an operation of the registry as one piece."""
    values = [uncounted(each) for each in arguments]
    if op in WHOLE:
        out = REGISTRY[op].value(*values, **parameters)
        # Entries may meet where the index is an array of places.
        price = ADDITION * (int(np.size(values[0])) if "[" in parameters.get("index", "") else 0)
        return Counter(out, price, tuple(_counters(arguments)))
    counted = REGISTRY[op].value(*map(Counter, values), **parameters)
    price = price_of(op, values, uncounted(counted)) or total_price([counted])
    return Counter(uncounted(counted), price, tuple(_counters(arguments)))


register_symbolic(Counter, apply_counted)


def _called(name: str, function: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    plain = [_plain(each) for each in args]
    out = function(*plain, **{key: _plain(each) for key, each in kwargs.items()})
    price = reduction_price(name, plain[0], out) if is_reduction(name) else price_of(name, plain, out)
    parents = tuple(_counters([*args, *kwargs.values()]))
    if isinstance(out, (tuple, list)):
        whole = Counter(None, _known(name, price), parents)
        return [Counter(part, FREE, (whole,)) for part in out]
    return Counter(out, _known(name, price), parents)


def _known(name: str, price: Price | None) -> Price:
    if price is None:
        raise BackpropvizError(f"np.{name} has no price: how many operations it takes is not known.", op=name)
    return price


def _plain(each: Any) -> Any:
    if isinstance(each, (list, tuple)):
        return type(each)(_plain(part) for part in each)
    return uncounted(each)


def _counters(inputs: Iterable[Any]) -> Iterator[Counter]:
    for each in inputs:
        if isinstance(each, Counter):
            yield each
        elif isinstance(each, (list, tuple)):
            yield from _counters(each)


def _without_work(name: str, inputs: Sequence[Any]) -> Any:
    """Give the result where one operand is a plain 0, 1 or −1 that leaves nothing to compute; else None."""
    if len(inputs) != 2 or name not in ("add", "subtract", "multiply", "divide", "matmul", "power"):
        return None
    left, right = inputs
    shape = np.shape(left) if name == "matmul" else np.broadcast_shapes(np.shape(left), np.shape(right))
    if name in ("add", "multiply") and isinstance(left, Counter):
        left, right = right, left  # the plain one, if any, stands left
    if name in ("multiply", "matmul") and (_all(left, 0.0) or _all(right, 0.0)):
        return np.zeros(np.shape(np.matmul(uncounted(left), uncounted(right))) if name == "matmul" else shape)[()]
    same = {"add": (0.0, left, right), "multiply": (1.0, left, right)}.get(name)
    if name in ("subtract", "divide", "power"):
        same = (0.0 if name == "subtract" else 1.0, right, left)
    if same is not None and _all(same[1], same[0]) and np.shape(same[2]) == shape:
        return same[2]
    if name == "multiply" and _all(left, -1.0) and np.shape(right) == shape:
        return Counter(-right.value, ADDITION * int(np.size(right.value)), (right,))
    if name == "divide" and _all(left, 0.0):
        return np.zeros(shape)[()]
    return None


def _all(each: Any, number: float) -> bool:
    return not isinstance(each, Counter) and bool(np.all(np.equal(each, number)))
