"""An optimiser's update as a short program, so that a page takes the same steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.programs import Routine, routine_of

if TYPE_CHECKING:
    from backpropviz.learn.optimizer_step import Optimizer


class _Place:
    """A place that an in-place rule writes into: it holds what was written last."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        numbers = [each.value if isinstance(each, _Place) else each for each in inputs]
        result = getattr(ufunc, method)(*numbers, **options)
        if out is None:
            return result
        (place,) = out
        place.value = result
        return place


def update_program(optimizer: Optimizer) -> Routine:
    """Write an optimiser's own rule as a routine of primitives.

    Parameters
    ----------
    optimizer : Optimizer
        Its learning rate does not matter: the rate of the step is an argument.

    Returns
    -------
    Routine
        Takes parameters, gradient, each vector that the optimiser keeps, the learning rate, and the number of the
        step, counted from 1; gives the new parameters, and each vector anew. It acts on numbers one by one, so it is
        written once for all shapes.

    Raises
    ------
    NoProgramError
        Where the rule asks for something that no primitive gives.

    Examples
    --------
    >>> import numpy as np
    >>> from backpropviz import SGD
    >>> program = update_program(SGD(0.1, momentum=0.5))
    >>> [float(each) for each in program.run(np.float64(1.0), np.float64(2.0), np.float64(4.0), np.float64(0.1), 1.0)]
    [0.6, 4.0]
    """
    count = optimizer.remembered
    points = [np.float64(0.5)] * (2 + count) + [np.float64(0.1), np.float64(3.0)]

    def rule(*given: Any) -> list[Any]:
        parameters, gradient, *state = (_Place(each) for each in given[: 2 + count])
        scratch: Any = (_Place(np.float64(0.0)), _Place(np.float64(0.0)))
        places: Any = (parameters, gradient, state, scratch)
        optimizer.advance(*places, *given[2 + count :])
        return [parameters.value, *(each.value for each in state)]

    return routine_of(points, rule)
