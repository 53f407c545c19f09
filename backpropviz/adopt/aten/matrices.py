"""Products of vectors and matrices, and linear equations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.reductions import Unfollowed, vector_norm
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


ONLY_VALUES = (
    "Singular vectors and eigenvectors cannot be adopted. Singular values can, by torch.linalg.svdvals, and trace, det "
    "and norms."
)


def _product(self: Any, other: Any) -> Any:
    return self @ other


def _scaled(total: Any, beta: float, product: Any, alpha: float) -> Any:
    product = product if alpha == 1 else alpha * product
    # With beta 0 the total is not read, even where it is not finite.
    return product if beta == 0 else (total if beta == 1 else beta * total) + product


def _solve(A: Any, B: Any, left: bool = True) -> Any:
    def solved(matrix: Any, right: Any) -> Any:
        if np.ndim(right) == 1 or np.shape(right) == np.shape(matrix)[:-1]:
            return np.reshape(np.linalg.solve(matrix, np.expand_dims(right, -1)), np.shape(right))
        return np.linalg.solve(matrix, right)

    if left:
        return solved(A, B)
    return np.swapaxes(solved(np.swapaxes(A, -1, -2), np.swapaxes(B, -1, -2)), -1, -2)


def solve_triangle(A: Any, B: Any, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    """Solve with one triangle of a matrix, whatever stands in the other."""
    keep, size = (np.triu if upper else np.tril), np.shape(A)[-1]
    kept = np.where(keep(np.ones((size, size)), (1 if upper else -1) if unitriangular else 0), A, 0.0)
    return _solve(kept + np.eye(size) if unitriangular else kept, B, left)


def _of_factor(factor: Any, upper: bool) -> Any:
    """Give the matrix whose Cholesky factor stands in one triangle."""
    size = np.shape(factor)[-1]
    lower = np.swapaxes(factor, -1, -2) if upper else factor
    is_factor = isinstance(factor, Tracer) and factor.builder.op(factor.reference) == "cholesky"
    kept = lower if is_factor else np.where(np.tri(size), lower, 0.0)
    return kept @ np.swapaxes(kept, -1, -2)


def _least_squares(self: Any, b: Any, rcond: Any = None, driver: str | None = None) -> tuple[Any, ...]:
    residual = Unfollowed(
        "Of linalg.lstsq the solution can be adopted. Write the residual out: (A @ x - b).square().sum(0)."
    )
    return np.linalg.pinv(self) @ b, residual, Unfollowed(), residual


def _singular_values(A: Any, full_matrices: bool = False, compute_uv: bool = True, driver: Any = None) -> Any:
    vectors = Unfollowed(ONLY_VALUES)
    return vectors, np.linalg.svd(A, compute_uv=False), vectors


def _bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    total = np.einsum("...i,oij,...j->...o", input1, weight, input2)
    return total if bias is None else total + bias


def _pseudo_inverse(self: Any, rcond: Any = 1e-15) -> Any:
    return np.linalg.pinv(self)


def _distances(x1: Any, x2: Any, p: float, compute_mode: int | None = None) -> Any:
    apart = np.expand_dims(x1, -2) - np.expand_dims(x2, -3)
    return vector_norm(apart, p, [-1])


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "matmul": _product,
    "mm": lambda self, mat2: self @ mat2,
    "bmm": lambda self, mat2: self @ mat2,
    "mv": lambda self, vec: self @ vec,
    "dot": lambda self, tensor: self @ tensor,
    "vdot": _product,
    "inner": lambda self, other: self * other if not (np.ndim(self) and np.ndim(other)) else np.inner(self, other),
    "outer": lambda self, vec2: np.outer(self, vec2),
    "addmm": lambda self, mat1, mat2, beta=1, alpha=1: _scaled(self, beta, mat1 @ mat2, alpha),
    "addmv": lambda self, mat, vec, beta=1, alpha=1: _scaled(self, beta, mat @ vec, alpha),
    "addr": lambda self, vec1, vec2, beta=1, alpha=1: _scaled(self, beta, np.outer(vec1, vec2), alpha),
    "baddbmm": lambda self, batch1, batch2, beta=1, alpha=1: _scaled(self, beta, batch1 @ batch2, alpha),
    "addbmm": lambda self, batch1, batch2, beta=1, alpha=1: _scaled(self, beta, np.sum(batch1 @ batch2, axis=0), alpha),
    "einsum": lambda equation, tensors: np.einsum(equation.replace(" ", ""), *tensors),
    "linalg_solve": _solve,
    "linalg_inv": lambda A: np.linalg.inv(A),
    "inverse": lambda self: np.linalg.inv(self),
    "logdet": lambda self: ops.logdet(self),
    "linalg_det": lambda A: np.linalg.det(A),
    "linalg_slogdet": lambda A: tuple(np.linalg.slogdet(A)),
    "linalg_cholesky": lambda self, upper=False: (
        np.swapaxes(np.linalg.cholesky(self), -1, -2) if upper else np.linalg.cholesky(self)
    ),
    "linalg_inv_ex": lambda A: (np.linalg.inv(A), Unfollowed()),
    "linalg_solve_triangular": lambda self, B, upper, left=True, unitriangular=False: solve_triangle(
        self, B, upper, left, unitriangular
    ),
    "cholesky_solve": lambda self, input2, upper=False: _solve(_of_factor(input2, upper), self),
    "cholesky_inverse": lambda self, upper=False: np.linalg.inv(_of_factor(self, upper)),
    "linalg_lstsq": _least_squares,
    "_linalg_svd": _singular_values,
    "_cdist_forward": _distances,
    "linalg_pinv": _pseudo_inverse,
    "bilinear": _bilinear,
    "linalg_vecdot": lambda x, y, dim=-1: np.sum(x * y, axis=dim),
}
