"""Every product of a few factors, and what it gives for numbers: vectors stand as rows or columns where that fits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.exercises.product_text import Form, form_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDS = ("", "sum0", "sum1", "sum-1", "sum", "mean0", "mean")


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of a question with their numbers.

    Parameters
    ----------
    numbers : mapping of str to number or array
        By name; arrays of one or two axes.
    entrywise : bool
        Whether products entry by entry come first, and sums of them are looked at too.
    """

    numbers: Mapping[str, Any]
    entrywise: bool

    def forms(self) -> list[Form]:
        """List single factors and products of two, the likely ones first."""
        factors = [Form("name", name=name, turned=turned) for turned in (False, True) for name in self.numbers]
        factors = [each for each in factors if not each.turned or self._rank(each)]
        pairs = [Form("*", tuple(sorted(pair, key=form_text))) for pair in product(factors, factors)]
        singles = [*factors, *pairs]
        chains = [Form("@", pair) for pair in product(factors, factors) if all(map(self._rank, pair))]
        if self.entrywise:
            return [*(Form(fold, (each,)) if fold else each for fold in _FOLDS for each in singles), *chains]
        return [*chains, *singles]

    def number(self, form: Form, *, as_row: bool = False) -> Any:
        """Compute a form, a vector in a matrix product standing as a column.

        Raises
        ------
        ValueError
            Where shapes do not fit.
        """
        if form.kind == "name":
            number = self.numbers[form.name]
            if np.ndim(number) == 1:
                return number[None, :] if form.turned or as_row else number[:, None]
            return number.T if form.turned else number
        if form.kind == "*":
            return self._plain(form.parts[0]) * self._plain(form.parts[1])
        if form.kind == "@":
            return self._chained(*form.parts)
        axis = form.kind.removeprefix("sum").removeprefix("mean")
        number = self._plain(form.parts[0])
        if axis and not -np.ndim(number) <= int(axis) < np.ndim(number):
            raise ValueError(form.kind)
        fold = np.sum if form.kind.startswith("sum") else np.mean
        return fold(number, axis=int(axis) if axis else None)

    def shape(self, form: Form) -> tuple[int, ...]:
        """Shape of a factor, or of what is computed of some."""
        return np.shape(self._plain(form))

    def _rank(self, form: Form) -> int:
        return np.ndim(self.numbers[form.name])

    def _chained(self, left: Form, right: Form) -> Any:
        column = self.number(right)
        # A vector before a matrix or a vector is NumPy's row, before a transposed vector the column that it is.
        may_be_row = self._rank(left) == 1 and not (right.turned and self._rank(right) == 1)
        for standing in (True, False) if may_be_row else (False,):
            row = self.number(left, as_row=standing)
            if row.shape[1] == column.shape[0]:
                return row @ column
        raise ValueError("@")

    def _plain(self, form: Form) -> Any:
        is_vector = form.kind == "name" and self._rank(form) == 1
        return self.numbers[form.name] if is_vector else self.number(form)


def used(form: Form) -> list[str]:
    """List the factors of a form, each as often as it stands there."""
    return [form.name] if form.kind == "name" else [name for part in form.parts for name in used(part)]


def spoken(form: Form) -> str:
    """Write a form as people do: ``Xᵀ·G``, ``G ⊙ Y``, ``sum(G, 0)``."""
    if form.kind == "name":
        return form.name + ("ᵀ" if form.turned else "")
    told = [spoken(part) for part in form.parts]
    if form.kind in ("@", "*"):
        return ("·" if form.kind == "@" else " ⊙ ").join(told)
    name = "mean" if form.kind.startswith("mean") else "sum"
    axis = form.kind.removeprefix(name)
    return f"{name}({told[0]}, {axis})" if axis else f"{name}({told[0]})"
