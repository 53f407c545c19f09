"""NumPy's functions that are several gates: NumPy's values, and gradients that differences confirm."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import ShapeError, TraceError

X = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.6]])
Y = np.array([[0.5, -0.3, 0.2], [1.2, 0.7, -0.9]])
CUBE = np.arange(24.0).reshape(2, 3, 4) / 7.0 - 1.3
SQUARE = np.array([[3.0, 1.0, 0.2], [0.5, 2.0, -0.4], [0.1, -0.3, 1.5]])

OF_MATRICES = {
    "take": lambda x: np.take(x, [2, 0, 2], axis=1),
    "take of all": lambda x: np.take(x, [[0, 5], [5, 1]]),
    "take, wrapped": lambda x: np.take(x, [4, -5], axis=-1, mode="wrap"),
    "take_along_axis": lambda x: np.take_along_axis(x, np.array([[2, 0], [1, 1]]), axis=1),
    "flip": lambda x: np.flip(x) * np.flip(x, 0) + np.fliplr(x) * np.flipud(x),
    "rot90": lambda x: np.rot90(x) @ np.rot90(x, 2) @ np.rot90(x, -1),
    "roll": lambda x: np.roll(x, 2) * np.roll(x, -1, axis=1) + np.roll(x, (1, 2), (0, 1)),
    "repeat": lambda x: np.repeat(x, 2, axis=0) @ np.repeat(x, [1, 0, 2], axis=1).T,
    "repeat of all": lambda x: np.repeat(x, 2),
    "tile": lambda x: np.tile(x, 2) @ np.tile(x, (2, 1, 2)).swapaxes(1, 2),
    "pad": lambda x: np.pad(x, 1) + np.pad(x, ((1, 1), (2, 0)), constant_values=3.0),
    "pad, edge": lambda x: np.pad(x, 2, mode="edge") * np.pad(x, ((2, 2), (2, 2)), mode="wrap"),
    "pad, reflect": lambda x: np.pad(x, ((1, 0), (2, 1)), mode="reflect"),
    "hstack": lambda x: np.hstack([x, Y, x * x]),
    "hstack of vectors": lambda x: np.hstack([x[0], x[1, 0], x[:, 0]]),
    "vstack": lambda x: np.vstack([x, Y[0], x[1]]),
    "dstack": lambda x: np.dstack([x, Y]),
    "column_stack": lambda x: np.column_stack([x, x[:, 0], Y]),
    "split": lambda x: np.split(x, 3, axis=1)[1] * np.split(x, [1], axis=1)[1],
    "array_split": lambda x: np.array_split(x, 2, axis=1)[0] * np.array_split(x, 2, axis=1)[1],
    "hsplit and vsplit": lambda x: np.hsplit(x, 3)[0] * np.vsplit(x, 2)[1],
    "meshgrid": lambda x: np.meshgrid(x[0], x[1])[0] * np.meshgrid(x[0], x[1], indexing="ij")[1],
    "atleast": lambda x: np.atleast_3d(x) * np.atleast_2d(x[0, 0]) * np.atleast_1d(x[1, 1]),
    "diag of a vector": lambda x: np.diag(x[0], 1) + np.diag(np.hstack([x[0], x[1, 0]])),
    "diag of a matrix": lambda x: np.diag(x) + np.diag(x, 1),
    "diagflat": np.diagflat,
    "tril and triu": lambda x: np.tril(x) * np.triu(x, 0) + np.triu(x, 1) - np.tril(x, -1),
    "trace": lambda x: np.trace(x) * np.trace(x, 1) + np.trace(x @ x.T),
    "select": lambda x: np.select([x > 0.7, x > 0.0], [x**2, 3.0 * x], default=-x),
    "nan_to_num": lambda x: np.nan_to_num(x) * np.nan_to_num(x / 2.0, nan=1.0, posinf=3.0),
    "full_like": lambda x: np.full_like(x, 2.0) * x,
    "diff": lambda x: np.diff(x) * np.diff(x, axis=1) + np.diff(x, n=2),
    "diff, longer": lambda x: np.diff(x, prepend=0.5, append=x[:, :1]),
    "ptp": lambda x: np.ptp(x, axis=1, keepdims=True) * np.ptp(x),
    "cross": lambda x: np.cross(x, Y) * np.cross(Y[0], x),
    "inner": lambda x: np.inner(x, Y) + np.inner(x[0], x[1]) + np.inner(2.0, x[0, 0]),
    "tensordot": lambda x: np.tensordot(x, CUBE, axes=([0, 1], [0, 1])) + np.tensordot(x, Y),
    "kron": lambda x: np.kron(x, Y) * np.kron(Y, x) + np.kron(x[0], x).sum(),
    "convolve": lambda x: np.convolve(x[0], x[1]) @ np.convolve(x[0], [0.5, -1.0, 0.2, 0.3, 0.7], "same"),
    "convolve, valid": lambda x: np.convolve(x[0], x[1, :2], mode="valid"),
    "correlate": lambda x: (
        np.correlate(x[0], x[1], "full") @ np.correlate(x[0], [0.5, -1.0, 0.2, 0.3, 0.7], "full")[:5]
    ),
    "einsum": lambda x: np.einsum("ij,kj->ik", x, Y),
    "einsum, summed": lambda x: np.einsum("ij,ij->", x, x) + np.einsum("ij->j", x) + np.einsum("ij->ji", x)[:, 0],
    "einsum of three": lambda x: np.einsum("ij,jab,ia->bi", x, CUBE.transpose(1, 0, 2), x[:, :2]),
    "einsum, side by side": lambda x: np.einsum("ij,ij->ij", x, Y) + np.einsum("ij,i->ij", x, x[:, 0]),
    "einsum, implied": lambda x: np.einsum("ba", x) @ np.einsum("ij,jk", x, Y.T),
    "einsum, diagonal": lambda x: np.einsum("ii->i", x[:, :2]) + np.einsum("ii", x[:, :2]),
    "einsum, ellipsis": lambda x: np.einsum("...j,kj->...k", x, Y) @ np.einsum("...ab,...b->a...", x, Y[0]),
    "einsum, ellipses stretched": lambda x: np.einsum("...i,...i", CUBE[:, :, :2], x[:, :1, None] * Y[0, :2]),
    "einsum, ones stretched": lambda x: np.einsum("ij,ij->ij", x[:1], Y) + np.einsum("...j,ij", x[:1], x)[..., 0],
    "einsum by numbers": lambda x: np.einsum(x, [0, 1], Y, [2, 1], [2, 0]) @ np.einsum(x, [..., 1], Y, [0, 1]),
    "norm, 1": lambda x: np.linalg.norm(x[0], 1) + np.linalg.norm(x, 1, axis=1) + np.linalg.norm(x, 1),
    "norm, inf": lambda x: (
        np.linalg.norm(x[0], np.inf) - np.linalg.norm(x, -np.inf, axis=0) * np.linalg.norm(x, np.inf)
    ),
    "norm, 3": lambda x: (
        np.linalg.norm(x, 3, axis=1, keepdims=True) * np.linalg.norm(x, "fro") + np.linalg.norm(x[0], 0)
    ),
    "norms by singular values": lambda x: (
        np.linalg.norm(x, "nuc") * np.linalg.norm(x, 2) + np.linalg.norm(x.T, -2, axis=(1, 0), keepdims=True)
    ),
    "singular values": lambda x: (
        np.linalg.svd(np.stack([x, Y]), compute_uv=False) * np.linalg.cond(x) + np.linalg.cond(x @ x.T, -2)
    ),
    "cond, Frobenius": lambda x: np.linalg.cond(x @ x.T, "fro") * np.linalg.cond(x @ Y.T, 1),
    "cumsum": lambda x: np.cumsum(x, axis=0) * np.cumsum(x, 1) + np.cumsum(x)[1],
    "cumprod": lambda x: np.cumprod(x, axis=1) + np.cumprod(x)[2] + np.cumprod(x * np.array([1.0, 0.0, 1.0]), axis=1),
    "sort": lambda x: np.sort(x) * np.sort(x, axis=0),
    "median": lambda x: np.median(x, axis=1) + np.median(x) * np.median(x[:, :2], axis=0, keepdims=True)[0],
    "median of several axes": lambda x: np.median(np.stack([x, Y]), axis=(0, -1), keepdims=True),
    "where given": lambda x: (
        np.sum(x, where=x > 0) + np.prod(x, axis=1, where=x < 0, initial=2.0) * np.sum(x, initial=3.0)
    ),
    "mean where": lambda x: np.mean(x, axis=0, where=x > -1) + x.mean(where=x > 0) * np.mean(x, where=Y > 0),
    "spread where": lambda x: np.var(x, axis=1, where=x > -1, ddof=1) * np.std(x, where=x > 0, keepdims=True),
    "extremes where": lambda x: np.max(x, axis=1, where=x < 1, initial=-9.0) - np.min(x, where=x > 0, initial=0.35),
    "beside NaN": lambda x: np.nansum(np.where(Y > 0, x, np.nan) * 2.0) * np.nanmax(x, axis=0) + np.nanstd(x),
    "all, any, how many": lambda x: np.where(
        np.all(x > -2) & ~np.any(x > 2, axis=0), x * np.count_nonzero(x > 0, axis=1)[:, None], -x
    ),
    "average": lambda x: (
        np.average(x, axis=1, weights=np.exp(x)) + np.average(x) * np.average(x, axis=-1, weights=[1.0, 2.0, 0.5])
    ),
    "multi_dot": lambda x: np.linalg.multi_dot([x, Y.T, x]),
}
if hasattr(np.linalg, "vecdot"):  # the second names of NumPy 2
    OF_MATRICES |= {
        "vecdot": lambda x: np.linalg.vecdot(x, Y) * np.vecdot(x, Y) * np.linalg.trace(x[:, :2]),
        "of the last axes": lambda x: (
            np.linalg.cross(x, Y) @ np.linalg.matrix_transpose(x) * np.linalg.diagonal(x @ x.T)
        ),
        "second norms": lambda x: (
            np.linalg.vector_norm(x) * np.linalg.matrix_norm(x) + np.linalg.vector_norm(x, axis=1)
        ),
    }
if hasattr(np, "matvec"):
    OF_MATRICES["matvec and vecmat"] = lambda x: np.matvec(x, Y) @ np.vecmat(Y[:, :2], x)
OF_SQUARES = {
    "cholesky": lambda x: np.linalg.cholesky(x @ x.T),
    "matrix_power": lambda x: (
        np.linalg.matrix_power(x, 3) + np.linalg.matrix_power(x, 0) @ np.linalg.matrix_power(x, -2)
    ),
    "pinv": lambda x: np.linalg.pinv(x[:, :2]) @ np.linalg.pinv(x[:2]),
    "det": lambda x: np.linalg.det(x) * np.linalg.det(x[:2, :2]) + np.linalg.det(x[:1, :1]),
    "slogdet": lambda x: np.linalg.slogdet(x)[1] * np.linalg.slogdet(-x)[0],
}
ROWS = [(name, function, X) for name, function in OF_MATRICES.items()]
ROWS += [(name, function, SQUARE) for name, function in OF_SQUARES.items()]


@pytest.mark.parametrize(("function", "x"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_numpys_values_and_right_gradients(function, x):
    shapes = {"x": x.shape}
    whole = bpv.trace(function, "x", shapes=shapes)
    expected = function(x)
    value = whole.evaluate(x=x).value
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14)
    weights = np.cos(np.arange(np.size(expected))).reshape(np.shape(expected))
    bpv.check(bpv.trace(lambda x: np.sum(weights * function(x)), "x", shapes=shapes), x=x)


def test_a_diagonal_beside_infinity_stays_finite():
    graph = bpv.trace(lambda x: np.sum(np.tril(x)), "x", shapes={"x": (2, 2)})
    point = np.array([[1.0, np.inf], [2.0, 3.0]])
    assert graph.evaluate(x=point).value == 6.0
    np.testing.assert_array_equal(bpv.gradient(graph, x=point)["x"], [[1.0, 0.0], [1.0, 1.0]])


SINGULAR = np.outer(np.arange(1.0, 6.0), np.ones(5)) + np.eye(5)[::-1] * np.array([1.0, 2.0, 0.0, 3.0, 0.0])


@pytest.mark.parametrize(
    "point",
    [SQUARE @ SQUARE, np.kron(X[:, :2], SQUARE) + 2.0 * np.eye(6), np.vander(np.linspace(-1.0, 1.0, 8)), SINGULAR],
    ids=["3", "6", "8", "singular"],
)
def test_determinants_and_their_cofactors_in_fifty_digits(point):
    size = len(point)
    graph = bpv.trace(np.linalg.det, "x", shapes={"x": point.shape})
    found = bpv.gradient(graph, x=point)["x"]
    with mpmath.workdps(50):
        whole = [[mpmath.mpf(each) for each in row] for row in point]

        def minor(left_out, gone):
            rows = [row[:gone] + row[gone + 1 :] for number, row in enumerate(whole) if number != left_out]
            return mpmath.det(mpmath.matrix(rows))

        value = float(mpmath.det(mpmath.matrix(whole)))
        right = [[float((-1) ** (row + column) * minor(row, column)) for column in range(size)] for row in range(size)]
    largest = np.abs(right).max()
    assert float(graph.evaluate(x=point).value) == pytest.approx(value, rel=1e-12, abs=1e-12 * largest)
    np.testing.assert_allclose(found, right, rtol=1e-11, atol=1e-12 * largest)


def test_a_sign_and_logarithm_beyond_three():
    point = np.kron(X[:, :2], SQUARE) + 2.0 * np.eye(6)
    graph = bpv.trace(lambda x: np.linalg.slogdet(x)[1] * np.linalg.slogdet(-x)[0], "x", shapes={"x": (6, 6)})
    sign, logarithm = np.linalg.slogdet(point)
    assert float(graph.evaluate(x=point).value) == pytest.approx(sign * logarithm, rel=1e-13)
    np.testing.assert_allclose(bpv.gradient(graph, x=point)["x"], sign * np.linalg.inv(point).T, rtol=1e-11)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (3,), (2, 4, 3)])
def test_a_determinant_of_what_is_not_square_is_refused(shape):
    with pytest.raises(ShapeError, match="square"):
        bpv.trace(np.linalg.det, "x", shapes={"x": shape})


def test_the_determinant_of_no_rows_is_1():
    graph = bpv.trace(np.linalg.det, "x", shapes={"x": (2, 0, 0)})
    assert graph.evaluate(x=np.zeros((2, 0, 0))).value.tolist() == [1.0, 1.0]


def test_a_large_determinant_says_what_to_write():
    with pytest.raises(TraceError, match="logdet"):
        bpv.trace(np.linalg.det, "x", shapes={"x": (9, 9)})


def test_unequal_pieces_are_refused():
    with pytest.raises(TraceError, match="array_split"):
        bpv.trace(lambda x: np.split(x, 2)[0], "x", shapes={"x": (3,)})
