"""Singular values, and the parts of rank one that a matrix is the sum of."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import Shape, transposed
from backpropviz.ops.op import Kink, Structured
from backpropviz.ops.roles import MIXER
from backpropviz.ops.stand_ins import applier_for

_TIED = 1e-13  # of the largest: singular values that are nearer have no singular vectors of their own


def _singular_values(x: Any) -> Any:
    if applier_for((x,)) is not None:
        return np.sum(singular_parts(x) * x[..., None, :, :], axis=(-2, -1))
    return _factors(x)[1]


def _factors(x: Any) -> tuple[Any, Any, Any]:
    """Give left vectors, values and right vectors; where a value is 0, which has none, its left vector is 0."""
    _values_shape(np.shape(x))
    # Singular values of complex numbers are real: the complex step would find a derivative of 0, and must see that.
    is_real = not np.iscomplexobj(x)
    unknown, x = (np.nan if is_real else complex(np.nan, np.nan)), np.real(x)
    finite = np.isfinite(x).all(axis=(-2, -1)) & is_real
    left, values, right = np.linalg.svd(np.where(finite[..., None, None], x, 0.0), full_matrices=False)
    values = np.where(finite[..., None], values, unknown)
    none = values <= np.finfo(np.float64).eps * max(np.shape(x)[-2:]) * values[..., :1]
    return np.where(none[..., None, :], 0.0, left) * np.where(finite, 1.0, unknown)[..., None, None], values, right


def _parts(x: Any) -> Any:
    left, _, right = _factors(x)
    return transposed(left)[..., None] * right[..., None, :]


def singular_parts(x: Any) -> Any:
    """Give for each singular value its left vector times its right one; also of a traced array."""
    applier = applier_for((x,))
    return _parts(x) if applier is None else applier("singular_parts", x)


def _values_shape(shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ShapeError(
            f"slot 0 has shape {shape}, expected a matrix, (m, n).", slot=0, expected="(m, n)", actual=shape
        )
    return (*shape[:-2], min(shape[-2:]))


def _values_vjp(g: Any, _out: Any, x: Any) -> Any:
    if applier_for((g, x)) is not None:
        return np.sum(g[..., None, None] * singular_parts(x), axis=-3)
    left, _, right = _factors(x)
    return (left * g[..., None, :]) @ right


def _parts_moved(flow: Any, parts: Any, x: Any) -> Any:
    """Tell how each part moves with the matrix, or what comes back from each: the two are the same.

    A part is the gradient of its singular value, so its derivative is a matrix of second derivatives, which is
    symmetric. It mixes the part with each other one, by how far apart their values lie.
    """
    left, right = parts @ transposed(parts), transposed(parts) @ parts
    values = np.sum(parts * x[..., None, :, :], axis=(-2, -1))
    one, other, count = values[..., :, None], values[..., None, :], np.shape(values)[-1]
    apart = np.where(np.less_equal(np.abs(one - other), _TIED * values[..., :1, None]), np.nan, one - other)
    same = np.eye(count)
    weight = np.where(same, 0.0, 1.0 / np.where(same, 1.0, apart * (one + other)))

    def mixed(weights: Any, matrices: Any) -> Any:
        shape = np.shape(matrices)
        return np.reshape(weights @ np.reshape(matrices, (*shape[:-2], shape[-2] * shape[-1])), shape)

    inverse = 1.0 / one[..., None]

    def around(matrices: Any) -> Any:  # what no part reaches mixes as a value of 0 would
        rest = np.eye(np.shape(matrices)[-1]) - np.sum(matrices, axis=-3, keepdims=True)
        return mixed(one * weight, matrices) + rest * inverse

    across, back = mixed(other * weight, parts), transposed(flow)
    moved = around(left) @ flow @ right + left @ flow @ around(right) + across @ back @ parts + parts @ back @ across
    size = np.sum(np.abs(flow), axis=(-2, -1), keepdims=True)
    # What no gradient asks for need not be known; nor does a value of 0 move, by the convention at its kink.
    return np.where(np.equal(size * one[..., None], 0.0), 0.0, moved)


OPS = (
    Structured(
        name="svdvals",
        arity=1,
        value=_singular_values,
        shape_rule=_values_shape,
        vjp_rules=(_values_vjp,),
        jvp_rules=(lambda t, _out, x: np.sum(singular_parts(x) * t[..., None, :, :], axis=(-2, -1)),),
        formulas=("Σ gᵢ·uᵢ·vᵢᵀ, by the singular vectors u and v of x",),
        symbol="svd",
        role=MIXER,
        latex=r"\operatorname{{svdvals}}\left({0}\right)",
        kinks=(
            Kink(lambda out, _x: ["zero", out], "A singular value has a kink at 0: the gradient 0 is used there."),
            Kink(
                lambda out, _x: ["finite", out],
                "Where singular values are equal, their gradients are those of one choice of singular vectors, and "
                "second derivatives are not a number.",
            ),
        ),
        analytic=False,
        source="Giles (2008), Collected matrix derivative results, section 2.3.2",
    ),
    Structured(
        name="singular_parts",
        arity=1,
        value=_parts,
        shape_rule=lambda shape: (*_values_shape(shape), *shape[-2:]),
        vjp_rules=(lambda g, out, x: np.sum(_parts_moved(g, out, x), axis=-3),),
        jvp_rules=(lambda t, out, x: _parts_moved(t[..., None, :, :], out, x),),
        formulas=("Σ g of each part, mixed with the others by how far their singular values are apart",),
        symbol="u·vᵀ",
        role=MIXER,
        latex=r"u v^{{\top}}\left({0}\right)",
        analytic=False,
        source="Giles (2008), Collected matrix derivative results, section 2.3.2",
    ),
)
