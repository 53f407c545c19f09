"""Single equations of a jaxpr: what they round, hold or solve, and what JAX itself computes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.linear_operators import as_linear
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Sequence


def solution(jax: Any, equation: Any, given: Sequence[Any], numbers: Sequence[Any]) -> Any:
    """Give the solution of the equations of one matrix, found as the only array that the product is made with.

    How JAX solves them does not matter, and follows no gradient: a factor of the matrix is held there.

    Parameters
    ----------
    jax : module
        The framework.
    equation : JaxprEqn
        Of the primitive ``custom_linear_solve``.
    given, numbers : sequence
        Its arguments: what the product is made with comes first, the right-hand side last; and their values.

    Raises
    ------
    AdoptionError
        Where the product is not that of one matrix.
    """
    product, count = equation.params["jaxprs"].matvec, equation.params["const_lengths"].matvec
    right, x = given[-1], np.random.default_rng(0).normal(size=np.shape(given[-1]))
    applied = np.asarray(jax.core.eval_jaxpr(product.jaxpr, product.consts, *numbers[:count], x)[0])
    for matrix, value in zip(given[:count], numbers[:count], strict=True):
        if np.ndim(value) != 2 or np.shape(value)[0] != np.shape(value)[1]:
            continue
        for axis in (each for each in range(np.ndim(x)) if np.shape(x)[each] == len(value)):
            columns = np.moveaxis(x, axis, 0)
            for turned in (False, True):
                expected = np.tensordot(value.T if turned else value, columns, 1)
                if np.allclose(np.moveaxis(expected, 0, axis), applied, rtol=1e-9, atol=1e-12):
                    flat = np.reshape(np.moveaxis(right, axis, 0), (len(value), -1))
                    solved = np.linalg.solve(np.transpose(matrix) if turned else matrix, flat)
                    return np.moveaxis(np.reshape(solved, np.shape(columns)), 0, axis)
    raise AdoptionError(
        "custom_linear_solve asks for the inverse of what is no product with one matrix. Solve with "
        "jnp.linalg.solve, one matrix at a time.",
        op="custom_linear_solve",
    )


_ONLY_VALUES = "Singular vectors and eigenvalues cannot be adopted; singular values, trace and norms of a matrix can."
_INSTEAD = {
    "lu": "Of a symmetric positive matrix, twice the sum of jnp.log(jnp.diag(jnp.linalg.cholesky(a))) is the log of "
    "its determinant; otherwise bring the matrix along and take the determinant with bpv.trace.",
    **dict.fromkeys(("eigh", "eig"), _ONLY_VALUES),
    "qr": "Solve with jnp.linalg.solve, or orthogonalise step by step.",
    "fft": "Write complex numbers as pairs of real ones, or multiply by the real matrices of cosines and sines.",
    **dict.fromkeys(
        ("lgamma", "digamma", "erf_inv", "bessel_i0e", "bessel_i1e", "igamma", "random_gamma_grad"),
        "Hold what it gives by jax.lax.stop_gradient, if its gradient is not asked for.",
    ),
    "scatter-max": "Take the largest entry of each group by slices: jnp.stack([x[a:b].max(), x[b:c].max()]).",
}


def only_singular_values(x: Any, compute_uv: bool, **_settings: Any) -> list[Any]:  # noqa: FBT001  the primitive's own
    """Give the singular values of a matrix.

    Raises
    ------
    AdoptionError
        Where its vectors are asked for.
    """
    if compute_uv:
        raise AdoptionError(f"{_ONLY_VALUES} Write jnp.linalg.svd(x, compute_uv=False).", op="svd")
    return [np.linalg.svd(x, compute_uv=False)]


def asked_linear(equation: Any, given: list[Any]) -> Any:
    """Write a primitive that has no counterpart by what JAX makes of unit vectors."""
    found = as_linear(lambda arrays: computed_by_jax(equation, list(arrays)), given)
    if found is None:
        raise AdoptionError(
            f"JAX's primitive {equation.primitive.name} has no counterpart here, and is not linear in what is traced. "
            f"{_INSTEAD.get(equation.primitive.name, 'Write that part of the function with other operations.')}",
            op=equation.primitive.name,
        )
    return found if equation.primitive.multiple_results else found[0]


def computed_by_jax(equation: Any, given: list[Any]) -> list[Any]:
    """Let JAX itself compute what depends on constants alone."""
    found = equation.primitive.bind(*given, **equation.params)
    several = found if equation.primitive.multiple_results else [found]
    # Keys of random numbers are no arrays, and go on as they are.
    return [each if hasattr(getattr(each, "dtype", None), "_rules") else np.asarray(each) for each in several]


def makes_whole_numbers(equation: Any) -> bool:
    """Tell whether real numbers are cut to whole ones; what is true or false becomes 1 or 0, and needs no cutting."""
    if equation.primitive.name != "convert_element_type":
        return False
    kinds = [each.aval.dtype.kind for each in (*equation.invars, *equation.outvars)]
    return kinds[0] not in "iub" and kinds[1] in "iu"


def gives_whole_numbers(equation: Any) -> bool:
    """Tell whether all that comes out are places, counts or truth values, which no gradient passes."""
    return all(getattr(each.aval.dtype, "kind", "") in "iub" for each in equation.outvars)


def rounds(equation: Any) -> bool:
    """Tell whether real numbers are cut to fewer digits, as inside ``jax.nn.dot_product_attention``."""
    before, after = (each.aval.dtype for each in (equation.invars[0], equation.outvars[0]))
    return equation.primitive.name == "convert_element_type" and before == np.float64 and after.itemsize in (2, 4)


def written_at(equation: Any) -> str:
    """Give file and line that an equation was written at."""
    from jax._src import source_info_util  # noqa: PLC0415  there is no public name for it

    where = equation.source_info
    frame = source_info_util.user_frame(getattr(where, "traceback", where))
    return f"{frame.file_name}:{frame.start_line}" if frame is not None else ""
