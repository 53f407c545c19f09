"""Examples of convolution, normalisation, recurrence and attention: the printed digits, and all numbers by mpmath."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import NodeNotFoundError

DIGITS = 50
PRINTED = {
    "cs231n-convolution": {
        "out": """
            -0.08759809 -0.10987781 -0.18387192 -0.2109216 0.21027089 0.21661097 0.22847626 0.23004637
            0.50813986 0.54309974 0.64082444 0.67101435 -0.98053589 -1.03143541 -1.19128892 -1.24695841
            0.69108355 0.66880383 0.59480972 0.56776003 2.36270298 2.36904306 2.38090835 2.38247847"""
    },
    "cs231n-max-pooling": {
        "out": """
            -0.26315789 -0.24842105 -0.20421053 -0.18947368 -0.14526316 -0.13052632 -0.08631579 -0.07157895
            -0.02736842 -0.01263158 0.03157895 0.04631579 0.09052632 0.10526316 0.14947368 0.16421053
            0.20842105 0.22315789 0.26736842 0.28210526 0.32631579 0.34105263 0.38526316 0.4"""
    },
    "cs231n-batch-norm": {"mean": "11 12 13", "deviation": "1 2 3"},
    "cs231n-rnn-step": {
        "next_h": """
            -0.58172089 -0.50182032 -0.41232771 -0.31410098 0.66854692 0.79562378 0.87755553 0.92795967
            0.97934501 0.99144213 0.99646691 0.99854353"""
    },
    "cs231n-lstm-step": {
        "next_h": """
            0.24635157 0.28610883 0.32240467 0.35525807 0.38474904 0.49223563 0.55611431 0.61507696
            0.66844003 0.7159181 0.56735664 0.66310127 0.74419266 0.80889665 0.858299""",
        "next_c": """
            0.32986176 0.39145139 0.451556 0.51014116 0.56717407 0.66382255 0.76674007 0.87195994
            0.97902709 1.08751345 0.74192008 0.90592151 1.07717006 1.25120233 1.42395676""",
    },
    "d2l-cross-correlation": {"Y": "19 25 37 43"},
    "d2l-attention": {"out": "2 3 4 5 10 11 12 13"},
}
TO_DIGITS = {"cs231n-batch-norm": 5e-5}
"""What is added to the variance shows in the eighth digit of the course's batch, and earlier in ours."""


def _tanh(x):
    return mpmath.tanh(x)


def _sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def _affine(x, h, Wx, Wh, b, row, column):  # noqa: N803  the course's names
    return (
        mpmath.fsum(x[row, k] * Wx[k, column] for k in range(x.shape[1]))
        + mpmath.fsum(h[row, k] * Wh[k, column] for k in range(h.shape[1]))
        + b[column]
    )


def convolution(x, w, b):
    """Window by window, entries outside left out."""
    total = mpmath.mpf(0)
    for image, kernel, row, column in itertools.product(range(2), range(3), range(2), range(2)):
        total += b[kernel]
        for channel, i, j in itertools.product(range(3), range(4), range(4)):
            y, z = 2 * row + i - 1, 2 * column + j - 1
            if 0 <= y < 4 and 0 <= z < 4:
                total += x[image, channel, y, z] * w[kernel, channel, i, j]
    return total


def pooling(x):
    return mpmath.fsum(
        max(x[image, channel, row + i, column + j] for i in range(2) for j in range(2))
        for image, channel, row, column in itertools.product(range(2), range(3), (0, 2), (0, 2))
    )


def batch_norm(x, gamma, beta):
    total = mpmath.mpf(0)
    for column in range(3):
        entries = [x[row, column] for row in range(4)]
        mean = mpmath.fsum(entries) / 4
        variance = mpmath.fsum((each - mean) ** 2 for each in entries) / 4
        out = [
            gamma[column] * (each - mean) / mpmath.sqrt(variance + mpmath.mpf(1e-5)) + beta[column] for each in entries
        ]
        middle = mpmath.fsum(out) / 4
        total += middle + mpmath.sqrt(mpmath.fsum((each - middle) ** 2 for each in out) / 4)
    return total


def rnn_step(x, h, Wx, Wh, b):  # noqa: N803  the course's names
    return mpmath.fsum(_tanh(_affine(x, h, Wx, Wh, b, row, unit)) for row in range(3) for unit in range(4))


def lstm_step(x, h, c, Wx, Wh, b):  # noqa: N803  the course's names
    total = mpmath.mpf(0)
    for row, unit in itertools.product(range(3), range(5)):
        entry, forget, out, candidate = (_affine(x, h, Wx, Wh, b, row, 5 * gate + unit) for gate in range(4))
        memory = _sigmoid(forget) * c[row, unit] + _sigmoid(entry) * _tanh(candidate)
        total += _sigmoid(out) * _tanh(memory)
    return total


def correlation(X, K):  # noqa: N803  the book's names
    return mpmath.fsum(
        X[0, 0, row + i, column + j] * K[0, 0, i, j]
        for row, column, i, j in itertools.product(range(2), range(2), range(2), range(2))
    )


def attention(queries, keys, values):
    total = mpmath.mpf(0)
    for batch, seen in enumerate((2, 6)):
        scores = [
            mpmath.exp(mpmath.fsum(queries[batch, 0, k] * keys[batch, place, k] for k in range(2)) / mpmath.sqrt(2))
            for place in range(seen)
        ]
        for place, width in itertools.product(range(seen), range(4)):
            total += scores[place] / mpmath.fsum(scores) * values[batch, place, width]
    return total


BY_HAND = {
    "cs231n-convolution": convolution,
    "cs231n-max-pooling": pooling,
    "cs231n-batch-norm": batch_norm,
    "cs231n-rnn-step": rnn_step,
    "cs231n-lstm-step": lstm_step,
    "d2l-cross-correlation": correlation,
    "d2l-attention": attention,
}


@pytest.mark.parametrize("identifier", PRINTED)
def test_the_printed_digits(identifier):
    example = bpv.examples[identifier]
    primals = example.graph.evaluate(example.point).primals
    for name, text in PRINTED[identifier].items():
        within = TO_DIGITS.get(identifier, 0.5e-8 * 1.000001)
        np.testing.assert_allclose(np.ravel(primals[name]), np.array(text.split(), dtype=float), rtol=0, atol=within)


@pytest.mark.parametrize("identifier", BY_HAND)
def test_value_and_gradients_in_fifty_digits(identifier):
    """The gradient of four entries of every input by differences whose error is beyond the thirtieth digit."""
    example = bpv.examples[identifier]
    gradients = bpv.gradient(example.graph, example.point)
    with mpmath.workdps(DIGITS):
        point = {name: np.vectorize(mpmath.mpf, otypes=[object])(value) for name, value in example.point.items()}
        function = BY_HAND[identifier]
        value = example.graph.evaluate(example.point).value
        assert float(value) == pytest.approx(float(function(**point)), rel=1e-13)
        step = mpmath.mpf(10) ** -20
        for name, array in point.items():
            for place in np.linspace(0, array.size - 1, 4).astype(int):
                ends = []
                for sign in (1, -1):
                    moved = array.copy()
                    moved.flat[place] += sign * step
                    ends.append(function(**{**point, name: moved}))
                slope = float((ends[0] - ends[1]) / (2 * step))
                assert float(gradients[name].flat[place]) == pytest.approx(slope, rel=1e-12, abs=1e-14), (name, place)


def test_every_example_of_arrays_is_here():
    of_arrays = {name for name, each in bpv.examples.items() if not isinstance(each.program, str)}
    assert of_arrays == set(BY_HAND) == set(PRINTED)
    assert all(len(bpv.examples[name].source) > 20 for name in of_arrays)
    with pytest.raises(NodeNotFoundError, match="cs231n-lstm-step"):
        bpv.examples["cs231n-lstm"]
