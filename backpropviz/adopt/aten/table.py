"""The handlers of all rooms beside this one by PyTorch's names, and how they are called with its arguments."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.aten import elementwise, layers, losses, matrices, recurrent, reductions, scattering, shapes
from backpropviz.adopt.comparing import FEWER_DIGITS
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HANDLERS: Mapping[str, Callable[..., Any]] = {
    **elementwise.HANDLERS,
    **shapes.HANDLERS,
    **scattering.HANDLERS,
    **reductions.HANDLERS,
    **matrices.HANDLERS,
    **layers.HANDLERS,
    **losses.HANDLERS,
    **recurrent.HANDLERS,
}
"""By ``"name.overload"``, or by ``"name"`` for all overloads; arguments are named as in PyTorch's schemas."""

_BOOKKEEPING = frozenset(
    {
        "dtype",
        "layout",
        "device",
        "pin_memory",
        "memory_format",
        "non_blocking",
        "copy",
        "implicit",
        "path",
        "generator",
    }
)
"""Arguments that change no number in float64."""


ADVICE = "Write that part of the model with other operations, or adopt the model up to it."
_COMPLEX = "Write complex numbers as pairs of real ones: a rotation of places is x*cos + (x turned by a quarter)*sin."
INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(("view_as_complex", "complex", "polar", "_fft_r2c", "_fft_c2r", "_fft_c2c"), _COMPLEX),
    **dict.fromkeys(
        ("cov", "corrcoef"), "Write it out: with d = x - x.mean(1, keepdim=True) it is d @ d.mT / (x.shape[1] - 1)."
    ),
    "_pack_padded_sequence": "Run the layer on the padded batch, and take of each sequence its last step that counts.",
    "_ctc_loss": "Adopt the model up to it, with seed= a tensor of the output's shape.",
    **dict.fromkeys(("_linalg_eigh", "linalg_eig", "linalg_qr"), matrices.ONLY_VALUES),
    **dict.fromkeys(
        ("lgamma", "digamma", "polygamma"), "Hold what it gives by .detach(), if its gradient is not asked for."
    ),
}
"""By operation that has no counterpart: what to write in its place."""
SHARED_IN_FLOAT32: Mapping[str, str] = {
    name: f"{name}: PyTorch's backward takes {share} in float32, exact here: {FEWER_DIGITS} {gap}."
    for name, share, gap in (("hardsigmoid", "1/6", "3e-8"), ("celu", "1/alpha", "6e-8 of it"))
}
"""Operations whose own backward has fewer digits than float64."""


def handler_of(name: str, overload: str) -> Callable[..., Any] | None:
    """Give the handler of an operation, None where there is none."""
    plain = name.removesuffix("_") if not name.endswith("__") else name
    return _HANDLERS.get(f"{plain}.{overload or 'default'}") or _HANDLERS.get(plain)


def called(name: str, handler: Callable[..., Any], given: Mapping[str, Any], defaults: Mapping[str, Any]) -> Any:
    """Call the handler of an operation.

    Parameters
    ----------
    name : str
        Of the operation.
    handler : callable
        From :func:`handler_of`.
    given : mapping of str to object
        Arguments by their names in the schema: tracers, arrays and plain settings.
    defaults : mapping of str to object
        Defaults of the schema.

    Raises
    ------
    AdoptionError
        Where one of its settings has no counterpart.
    """
    known = inspect.signature(handler).parameters
    settings = {}
    for key, value in given.items():
        if key in known:
            settings[key] = value
        elif key not in _BOOKKEEPING and not (key in defaults and _same(value, defaults[key])):
            raise AdoptionError(
                f"PyTorch's {name} with {key}={value!r:.80} has no counterpart here. Leave {key} out.", op=name
            )
    return handler(**settings)


def _same(value: Any, default: Any) -> bool:
    return value is default or (isinstance(value, (int, float, str, bool, list)) and value == default)
