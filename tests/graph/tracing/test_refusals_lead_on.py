"""What a refusal says to write instead can itself be traced."""

from __future__ import annotations

import re

import numpy as np
import pytest

from backpropviz.graph.tracing import refusals
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS, COMPOSED_UFUNCS, op_of
from backpropviz.graph.tracing.python_functions import trace  # noqa: F401  teaches NumPy's functions

OF_PLAIN_NUMBERS = {"eye", "vander", "tri", "arange", "linspace"}
"""They make arrays of numbers that are known."""

HINTS = refusals._INSTEAD
NAMED = sorted({(name, each) for name, hint in HINTS.items() for each in re.findall(r"np\.((?:linalg\.)?\w+)", hint)})


def is_traced(name):
    function = np.linalg if name.startswith("linalg.") else np
    function = getattr(function, name.removeprefix("linalg."))
    if isinstance(function, np.ufunc):
        return op_of(function) is not None or function.__name__ in COMPOSED_UFUNCS
    return function in ARRAY_FUNCTIONS


@pytest.mark.parametrize(("refused", "named"), NAMED)
def test_what_a_hint_names_is_traced(refused, named):
    assert named in OF_PLAIN_NUMBERS or is_traced(named), HINTS[refused]


@pytest.mark.parametrize("name", HINTS)
def test_what_is_traced_has_no_refusal(name):
    found = getattr(np, name, None) or getattr(np.linalg, name, None)
    assert not callable(found) or not is_traced(name if hasattr(np, name) else f"linalg.{name}"), name
