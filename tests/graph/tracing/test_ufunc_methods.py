"""Methods of universal functions are traced where a function does the same, and refused with what to write."""

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import TraceError

X = np.array([[1.0, 2.5, -0.5], [0.25, 3.0, 1.5]])

TRACED = {
    "add.reduce": np.add.reduce,
    "add.reduce of rows": lambda x: np.add.reduce(x, 1),
    "add.reduce of all": lambda x: np.add.reduce(x, axis=None),
    "multiply.reduce": lambda x: np.multiply.reduce(x, axis=-1, keepdims=True),
    "maximum.reduce": np.maximum.reduce,
    "minimum.reduce with a start": lambda x: np.minimum.reduce(x, initial=0.5),
    "add.accumulate": np.add.accumulate,
    "multiply.accumulate": lambda x: np.multiply.accumulate(x, axis=1),
    "outer": lambda x: np.subtract.outer(x[0], x),
    "outer with numbers": lambda x: np.multiply.outer([1.0, 2.0], x),
    "correction": lambda x: np.var(x, axis=0, correction=1) + np.std(x, axis=0, correction=1),
}


@pytest.mark.parametrize("function", TRACED.values(), ids=TRACED)
def test_value_and_gradient(function):
    graph = bpv.trace(lambda x: np.sum(function(x) ** 2), "x", shapes={"x": X.shape})
    assert float(graph.evaluate(x=X).value) == pytest.approx(np.sum(function(X) ** 2), rel=1e-14)
    bpv.check(graph, x=X)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: np.add.at(x, 0, 1.0), r"np\.add\.at cannot be traced\. Make a new value"),
        (lambda x: np.add.reduceat(x, [0, 2]), r"np\.add\.reduceat .*Reduce slices"),
        (np.maximum.accumulate, r"np\.maximum\.accumulate .*np\.stack"),
        (lambda x: np.exp(x, where=[True, False]), r"np\.exp cannot be traced with where=…"),
    ],
)
def test_the_others_say_what_to_write(function, message):
    with pytest.raises(TraceError, match=message):
        bpv.trace(function, "x", shapes={"x": (2,)})
