"""Derivatives that JAX finds itself: to compare with, and to refuse rules that are not those of what is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.comparing import difference
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PROBES = 2
_SIZES = (1e-4, 1.0, 1e4)  # of what comes back: a rule that clips it is found by the largest
_TOLERANCE = 1e-6


def refuse_other_derivatives(jax: Any, equation: Any, given: Sequence[Any], line: str) -> None:
    """Compare the rule of a call with the derivative of what the call computes, near its arguments.

    A graph has the derivative of what is computed. Most rules (``jax.nn.relu``, a stable ``log1pexp``) only write the
    same with care, and differ at no more than single points.

    Parameters
    ----------
    jax : module
    equation : jax.extend.core.JaxprEqn
        A call of a function with ``custom_jvp`` or ``custom_vjp``.
    given : sequence of array
        Its arguments at the point.
    line : str
        Where it stands.

    Raises
    ------
    AdoptionError
        Where the two differ.
    """
    moving = [place for place, each in enumerate(given) if np.asarray(each).dtype.kind == "f"]
    inner = equation.params["call_jaxpr"]
    found = equation.primitive.get_bind_params(equation.params)
    rule, settings = found if isinstance(found, tuple) else ((), found)  # a pair before JAX 0.7

    def at(call: Any) -> Any:
        def on_moving(*leaves: Any) -> Any:
            whole = list(given)
            for place, leaf in zip(moving, leaves, strict=True):
                whole[place] = leaf
            found = call(whole)
            return [each for each in found if each.dtype.kind == "f"]

        return on_moving

    own = at(lambda whole: equation.primitive.bind(*rule, *whole, **settings))
    plain = at(lambda whole: jax.core.eval_jaxpr(inner.jaxpr, inner.consts, *whole))
    random = np.random.default_rng(0)
    for _ in range(_PROBES):
        near = [_nearby(np.asarray(given[place]), random) for place in moving]
        results, pull_own = jax.vjp(own, *near)
        _, pull_plain = jax.vjp(plain, *near)
        back = [random.standard_normal(each.shape) for each in results]
        for size in _SIZES:
            scaled = [(size * each).astype(result.dtype) for each, result in zip(back, results, strict=True)]
            pairs = zip(pull_own(scaled), pull_plain(scaled), strict=True)
            if any(_differ(np.asarray(mine) / size, np.asarray(theirs) / size) for mine, theirs in pairs):
                kind = equation.primitive.name.removesuffix("_call")
                about = getattr(inner.jaxpr, "debug_info", None)
                name = getattr(about, "func_name", None) or "A function"
                where = f" ({line})" if line else ""
                raise AdoptionError(
                    f"{name}{where} has a derivative of its own ({kind}) that is not that of what it computes, and "
                    "no graph keeps it. Leave the rule out, or write it with stop_gradient: "
                    "x + stop_gradient(f(x) - x) for a gradient that passes straight through, "
                    "stop_gradient(2*x) - x for one that is reversed.",
                    op=kind,
                )


def _nearby(value: Any, random: np.random.Generator) -> Any:
    """Give a point near another, away from ties: one entry in a tie, such as 0 of ``relu``, is convention."""
    width = np.abs(value) + (np.sqrt(np.mean(value**2)) if value.size else 0.0)
    return value + 0.1 * np.where(width > 0.0, width, 1.0) * random.uniform(-1.0, 1.0, value.shape)


def _differ(mine: Any, theirs: Any) -> bool:
    """Compare where both are finite: beside a domain neither says anything."""
    told = np.isfinite(mine) & np.isfinite(theirs)
    return difference(np.where(told, mine, 0.0), np.where(told, theirs, 0.0)) > _TOLERANCE


def gradients_by_jax(
    jax: Any, function: Callable[..., Any], layout: Any, flat: Sequence[Any], names: Sequence[str]
) -> dict[str, tuple[Any, Any]]:
    """Give value and gradient of every input, by ``jax.grad``.

    Parameters
    ----------
    jax : module
    function : callable
    layout, flat
        Of its arguments, as ``jax.tree_util`` flattens them with paths.
    names : sequence of str
        Of the leaves.
    """
    moving = [place for place, (_, leaf) in enumerate(flat) if np.asarray(leaf).dtype.kind == "f"]

    def on_moving(*leaves: Any) -> Any:
        whole = [leaf for _, leaf in flat]
        for place, leaf in zip(moving, leaves, strict=True):
            whole[place] = leaf
        return function(*jax.tree_util.tree_unflatten(layout, whole))

    given = [flat[place][1] for place in moving]
    places = tuple(range(len(given)))
    try:
        slopes = jax.grad(on_moving, argnums=places)(*given)
    except ValueError as fault:
        if "Reverse-mode differentiation" not in str(fault):
            raise
        slopes = jax.jacfwd(on_moving, argnums=places)(*given)  # JAX goes through a while loop forward alone
    return {
        names[place]: (np.asarray(leaf), np.asarray(slope))
        for place, leaf, slope in zip(moving, given, slopes, strict=True)
    }
