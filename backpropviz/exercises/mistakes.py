"""Typical errors: what each is called, and what each gives."""

from __future__ import annotations

from typing import Any, NamedTuple

OVERWROTE = "overwrote instead of accumulated"
LEFT_OUT = "left out a contribution"
NO_UPSTREAM = "forgot the upstream gradient"
SWAPPED = "swapped the inputs"
OUTPUT_FOR_INPUT = "used the output where the input belongs"
INPUT_FOR_OUTPUT = "used the input where the output belongs"
ROUTED_TO_ALL = "routed the gradient to every input"
WRONG_SIGN = "wrong sign"
VALUE_FOR_GRADIENT = "took the value for the gradient"
KEPT_EXPONENT = "kept the exponent"
WRONG_OPERATION = "used another operation"
WRONG_LOGARITHM = "used another logarithm"
DEGREES = "took radians for degrees"
PER_EXAMPLE = "forgot to sum over the batch"
AVERAGED = "averaged instead of summed"
MEAN_NOT_DIVIDED = "did not divide by the size of the mean"
FORGOT_FACTOR = "forgot the factor of a power"
TRANSPOSED = "transposed"
NOT_TRANSPOSED = "transposed no factor, or the wrong one"
FACTOR_ORDER = "put the factors in another order"
ENTRYWISE = "multiplied entry by entry instead of by rows and columns"
MATRIX_WISE = "multiplied by rows and columns instead of entry by entry"
NO_LOCAL = "forgot the local gradient"
PASSED_ALL = "let a gradient through a closed gate"


class Mistake(NamedTuple):
    """A typical error, and what an otherwise right calculation then gives.

    Parameters
    ----------
    kind : str
        Its name.
    text : str
        What went wrong, in one or two sentences.
    number : float, array or tuple
        A number or an array; in a blank of a whole array its entries in C order, in one of a shape the sizes.
    """

    kind: str
    text: str
    number: Any
