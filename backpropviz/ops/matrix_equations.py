"""Linear systems, inverses and determinants."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import ShapeError, SingularMatrixError
from backpropviz.ops.axes import Shape, transposed
from backpropviz.ops.broadcasting import broadcast_shape, unbroadcast
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import MIXER, SCALER
from backpropviz.ops.stand_ins import is_symbolic

_SUSPICIOUS = 1e12
_HOPELESS = 1e16  # beyond 1/eps no digit of a solution is right


def _solve(matrix: Any, right: Any) -> Any:
    """Solve ``matrix @ x = right``; `right` of rank 1 is one vector, of higher rank columns."""
    if is_symbolic(matrix) or is_symbolic(right):
        return np.linalg.solve(matrix, right)
    columns = right[:, None] if np.ndim(right) == 1 else right
    if columns.ndim < np.ndim(matrix):  # NumPy before 2 would take the columns for a stack of vectors
        columns = columns[(None,) * (np.ndim(matrix) - columns.ndim)]
    try:
        solution = np.linalg.solve(matrix, columns)
    except np.linalg.LinAlgError:
        _square(np.shape(matrix))
        raise _singular() from None
    # |x| |A| / |b| is a lower bound of the condition number that costs nothing.
    if _largest(solution) * _largest(matrix) > _SUSPICIOUS * _largest(columns):
        _refuse_singular(matrix)
    return solution[..., 0] if np.ndim(right) == 1 else solution


def _invert(matrix: Any) -> Any:
    if is_symbolic(matrix):
        return np.linalg.inv(matrix)
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        _square(np.shape(matrix))
        raise _singular() from None
    if _largest(inverse) * _largest(matrix) > _SUSPICIOUS:
        _refuse_singular(matrix)
    return inverse


def _logdet(matrix: Any) -> Any:
    _square(np.shape(matrix))
    sign, logarithm = np.linalg.slogdet(matrix)
    if np.any(sign == 0):
        raise _singular()
    if np.iscomplexobj(matrix):
        # The complex step reads the derivative in the phase, which the sign of the determinant must not spoil.
        return logarithm + 1j * np.angle(sign * np.sign(sign.real))
    return logarithm


def _symmetric(matrix: Any) -> Any:
    return 0.5 * (matrix + transposed(matrix))


def _factor(matrix: Any) -> Any:
    """Give the lower factor of the symmetric part: then both halves of the matrix count, as they do in differences."""
    symmetric = _symmetric(matrix)
    if is_symbolic(matrix):
        return np.linalg.cholesky(symmetric)
    if np.iscomplexobj(matrix):  # a Hermitian factor is no analytic one: the complex step must see that
        return np.full(np.shape(matrix), complex(np.nan, np.nan))
    try:
        return np.linalg.cholesky(symmetric)
    except np.linalg.LinAlgError:
        _square(np.shape(matrix))
        raise SingularMatrixError(
            "the matrix is not positive definite, so it has no Cholesky factor at this point. Change the inputs, or "
            "add a multiple of the identity.",
            slot=0,
        ) from None


def _lower_half(matrix: Any) -> Any:
    """Keep the lower triangle, and half of the diagonal."""
    size = np.shape(matrix)[-1]
    return matrix * (np.tri(size) - 0.5 * np.eye(size))


def _factor_vjp(g: Any, out: Any, _matrix: Any) -> Any:
    inverse = _invert(out)
    return _symmetric(transposed(inverse) @ _lower_half(transposed(out) @ g) @ inverse)


def _factor_rate(t: Any, out: Any, _matrix: Any) -> Any:
    inverse = _invert(out)
    return out @ _lower_half(inverse @ _symmetric(t) @ transposed(inverse))


def _largest(array: Any) -> float:
    return float(np.max(np.abs(array), initial=0.0))


def _refuse_singular(matrix: Any) -> None:
    if np.isfinite(matrix).all() and np.max(np.linalg.cond(matrix), initial=0.0) > _HOPELESS:
        raise _singular()


def _singular() -> SingularMatrixError:
    return SingularMatrixError(
        "the matrix is singular: its rows are linearly dependent, so it has no inverse at this point. "
        "Change the inputs, or add a small multiple of the identity.",
        slot=0,
    )


def _square(shape: Shape) -> Shape:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        size = shape[-1] if shape else "n"
        raise ShapeError(
            f"slot 0 has shape {shape}, expected a square matrix, ({size}, {size}).",
            slot=0,
            expected=f"({size}, {size})",
            actual=shape,
        )
    return shape


def _solve_shape(matrix: Shape, right: Shape) -> Shape:
    _square(matrix)
    size = matrix[-1]
    rows = right[max(len(right) - 2, 0)] if right else None
    if rows != size:
        raise ShapeError(
            f"slot 1 has shape {right}, expected ({size},) or ({size}, k), since slot 0 has shape {matrix}.",
            slot=1,
            expected=f"({size}, k)",
            actual=right,
        )
    if len(right) == 1:
        return matrix[:-1]
    return (*broadcast_shape(matrix[:-2], right[:-2]), *right[-2:])


def _solve_vjp(slots: Any, g: Any, out: Any, matrix: Any, right: Any) -> list[Any]:
    vector = np.ndim(right) == 1
    # The system with the transposed matrix carries the gradient of the solution back to the right-hand side.
    columns = _solve(transposed(matrix), g[..., None] if vector else g)
    contributions: list[Any] = []
    for slot in slots:
        if slot == 1:
            contributions.append(unbroadcast(columns[..., 0] if vector else columns, np.shape(right)))
        else:
            solution = out[..., None] if vector else out
            contributions.append(unbroadcast(-(columns @ transposed(solution)), np.shape(matrix)))
    return contributions


def _solve_rate(tangent: Any, out: Any, matrix: Any, right: Any) -> Any:
    if np.ndim(right) == 1:
        return -_solve(matrix, tangent @ out[..., None])[..., 0]
    return -_solve(matrix, tangent @ out)


def _right_rate(tangent: Any, _out: Any, matrix: Any, _right: Any) -> Any:
    return _solve(matrix, tangent)


OPS = (
    Structured(
        name="solve",
        arity=2,
        value=_solve,
        shape_rule=_solve_shape,
        vjp_together=_solve_vjp,
        jvp_rules=(_solve_rate, _right_rate),
        formulas=("−x⁻ᵀ·g·outᵀ", "x⁻ᵀ·g"),
        symbol="x⁻¹y",
        role=MIXER,
        latex=r"{{{0}}}^{{-1}} {{{1}}}",
    ),
    Structured(
        name="inverse",
        arity=1,
        value=_invert,
        shape_rule=_square,
        vjp_rules=(lambda g, out, _x: -(transposed(out) @ g @ transposed(out)),),
        jvp_rules=(lambda t, out, _x: -(out @ t @ out),),
        formulas=("−outᵀ·g·outᵀ",),
        symbol="x⁻¹",
        role=MIXER,
        latex=r"{{{0}}}^{{-1}}",
    ),
    Structured(
        name="logdet",
        arity=1,
        value=_logdet,
        shape_rule=lambda shape: _square(shape)[:-2],
        vjp_rules=(lambda g, _out, x: g[..., None, None] * transposed(_invert(x)),),
        jvp_rules=(lambda t, _out, x: np.sum(transposed(_invert(x)) * t, axis=(-2, -1)),),
        formulas=("g·x⁻ᵀ",),
        symbol="ln|det|",
        role=SCALER,
        latex=r"\ln \left| \det \left({0}\right) \right|",
    ),
    Structured(
        name="cholesky",
        arity=1,
        value=_factor,
        shape_rule=_square,
        vjp_rules=(_factor_vjp,),
        jvp_rules=(_factor_rate,),
        formulas=("the symmetric part of out⁻ᵀ·tril(outᵀ·g)·out⁻¹, its inner diagonal halved",),
        symbol="chol",
        role=MIXER,
        latex=r"\operatorname{{chol}}\left({0}\right)",
        analytic=False,
        source="Murray (2016), Differentiation of the Cholesky decomposition",
    ),
)
