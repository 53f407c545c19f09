"""Operations as functions: on numbers they compute, on tracers they add a gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.ops.real_array import real_array
from backpropviz.ops.stand_ins import applier_for

if TYPE_CHECKING:
    from backpropviz.ops.op import Op


@dataclass(frozen=True, slots=True)
class Function:
    """An operation of the registry, callable on numbers, arrays and tracers alike.

    Parameters
    ----------
    op : Op
        What it does. Its parameters are given by keyword, or by position after the arguments.

    Examples
    --------
    >>> from backpropviz.ops import relu, softmax
    >>> float(relu(-2.0)), softmax([0.0, 0.0])
    (0.0, array([0.5, 0.5]))
    """

    op: Op

    @property
    def __name__(self) -> str:
        return self.op.name

    def __repr__(self) -> str:
        return f"<operation {self.op.name}>"

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """Compute, or add a gate."""
        op = self.op
        if op.arity is not None and len(arguments) > op.arity:
            names = [name for name in op.parameters if name not in parameters]
            parameters.update(zip(names, arguments[op.arity :], strict=False))
            arguments = arguments[: op.arity + max(0, len(arguments) - op.arity - len(names))]
        if not op.accepts(len(arguments)):
            raise InputError(f"{op.name} takes {op.arity_text}, not {len(arguments)}.", op=op.name)
        unknown = [name for name in parameters if name not in op.parameters]
        if unknown:
            known = ", ".join(op.parameters) or "none"
            raise InputError(f"{op.name} has no parameter {unknown[0]!r}. Parameters: {known}.", op=op.name)
        applier = applier_for(arguments)
        if applier is not None:
            return applier(op.name, *arguments, **parameters)
        with np.errstate(all="ignore"):
            slots = (real_array(argument, f"Slot {slot} of {op.name}")[()] for slot, argument in enumerate(arguments))
            value = op.value(*slots, **parameters)
        return np.asarray(value, dtype=np.float64)[()]
