"""Every method and attribute of NumPy's arrays: as the function has it, or refused with what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import TraceError
from backpropviz.graph.tracing import refusals

X = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.6]])

CALLS = {
    "all": lambda x: np.where((x > -2).all(axis=0), x, 0.0),
    "any": lambda x: np.where((x > 1).any(), x, 0.0),
    "astype": lambda x: (x > 0).astype(float) * x.astype(np.float64) + x.astype(bool),
    "clip": lambda x: x.clip(-0.5, max=0.9) + x.clip(min=0.0),
    "conj": lambda x: x.conj(),
    "conjugate": lambda x: x.conjugate(),
    "copy": lambda x: x.copy(),
    "cumprod": lambda x: x.cumprod() + x.cumprod(axis=1).sum(),
    "cumsum": lambda x: x.cumsum() + x.cumsum(0).sum(),
    "diagonal": lambda x: x.diagonal() + x.diagonal(1),
    "dot": lambda x: x.dot(x.T),
    "flatten": lambda x: x.flatten() * x.flatten("F"),
    "max": lambda x: x.max() + x.max(axis=1) + x.max(initial=3.0),
    "mean": lambda x: x.mean(0) * x.mean(axis=0, keepdims=True),
    "min": lambda x: x.min(axis=-1),
    "prod": lambda x: x.prod(axis=1),
    "ravel": lambda x: x.ravel()[1:3],
    "repeat": lambda x: x.repeat(2, axis=1) + x.repeat([1, 1], axis=0).repeat(2, axis=-1),
    "reshape": lambda x: x.reshape(3, -1) @ x.reshape((2, 3)),
    "round": lambda x: x.round(1) * x + x.round(),
    "squeeze": lambda x: x[:, None].squeeze(1),
    "std": lambda x: x.std(axis=1, ddof=1),
    "sum": lambda x: x.sum(axis=(0, 1)) * x.sum(0),
    "swapaxes": lambda x: x.swapaxes(0, 1) @ x,
    "take": lambda x: x.take([0, 5]) + x.take([1, 0], axis=1)[0],
    "trace": lambda x: x.trace() * x.trace(offset=1),
    "transpose": lambda x: x.transpose() @ x.transpose(0, 1) + x.T.transpose((0, 1)) @ x,
    "var": lambda x: x.var() * x.var(axis=0),
    "T": lambda x: x.T,
    "mT": lambda x: np.swapaxes(x, -1, -2) if isinstance(x, np.ndarray) else x.mT,
    "dtype": lambda x: x.astype(x.dtype),
    "imag": lambda x: x + x.imag,
    "itemsize": lambda x: x * x.itemsize,
    "nbytes": lambda x: x * x.nbytes,
    "ndim": lambda x: x * x.ndim,
    "real": lambda x: x.real,
    "shape": lambda x: x / x.shape[1],
    "size": lambda x: x / x.size,
}
NAMES = sorted({name for name in dir(np.ndarray) if not name.startswith("_")} | set(CALLS))


def _taken(name):
    return lambda x: getattr(x, name)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_numpys_or_says_what_to_write(name):
    if name not in CALLS:
        with pytest.raises(AttributeError) as refused:
            bpv.trace(_taken(name), "x", shapes={"x": X.shape})
        said = str(refused.value).partition("'. ")[2]
        own_words = refusals._INSTEAD | refusals._OF_ARRAYS | refusals.IN_PLACE
        assert name in own_words
        assert said == own_words[name]
        return
    function = CALLS[name]
    expected = function(X)
    graph = bpv.trace(function, "x", shapes={"x": X.shape})
    value = graph.evaluate(x=X).value
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-14, atol=1e-15)


def test_quotient_and_remainder_come_together():
    graph = bpv.trace(lambda x: divmod(x, 0.5)[0] * divmod(3.0, x)[1], "x", shapes={"x": X.shape})
    np.testing.assert_allclose(graph.evaluate(x=X).value, X // 0.5 * (3.0 % X))


@pytest.mark.parametrize("pick", [lambda x: x[x > 0], lambda x: x[:, x[0] > 0], lambda x: x[np.sum(x)]])
def test_an_index_by_value_names_what_keeps_the_shape(pick):
    with pytest.raises(TraceError, match=r"np\.sum\(x, where=x > 0\)"):
        bpv.trace(pick, "x", shapes={"x": X.shape})


@pytest.mark.parametrize(("dtype", "said"), [(int, "np.trunc"), (np.float32, "Leave astype out")])
def test_other_types_are_refused(dtype, said):
    with pytest.raises(TraceError, match=said):
        bpv.trace(lambda x: x.astype(dtype), "x", shapes={"x": X.shape})


def test_an_extreme_among_some_needs_a_start():
    with pytest.raises(TraceError, match=r"np\.max\(x, where=condition, initial=-np\.inf\)"):
        bpv.trace(lambda x: np.max(x, where=x > 0), "x", shapes={"x": X.shape})


def test_what_does_not_count_may_be_nan():
    point = np.array([[1.0, np.nan, 3.0]])
    graph = bpv.trace(lambda x: np.nanvar(x) + np.nanmean(x), "x", shapes={"x": (1, 3)})
    assert graph.evaluate(x=point).value == 3.0
    np.testing.assert_array_equal(bpv.gradient(graph, x=point)["x"], [[-0.5, 0.0, 1.5]])
