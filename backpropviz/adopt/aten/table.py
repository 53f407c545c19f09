"""The handlers of all rooms beside this one by PyTorch's names, and how they are called with its arguments."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.aten import elementwise, layers, losses, matrices, recurrent, reductions, shapes
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HANDLERS: Mapping[str, Callable[..., Any]] = {
    **elementwise.HANDLERS,
    **shapes.HANDLERS,
    **reductions.HANDLERS,
    **matrices.HANDLERS,
    **layers.HANDLERS,
    **losses.HANDLERS,
    **recurrent.HANDLERS,
}
"""By ``"name.overload"``, or by ``"name"`` for all overloads; arguments are named as in PyTorch's schemas."""

_BOOKKEEPING = frozenset(
    {"dtype", "layout", "device", "pin_memory", "memory_format", "non_blocking", "copy", "implicit", "enable_gqa"}
)
"""Arguments that change no number in float64."""


def handler_of(name: str, overload: str) -> Callable[..., Any]:
    """Give the handler of an operation.

    Raises
    ------
    AdoptionError
        Where there is none.
    """
    plain = name.removesuffix("_") if not name.endswith("__") else name
    found = _HANDLERS.get(f"{plain}.{overload}") or _HANDLERS.get(plain)
    if found is None:
        raise AdoptionError(
            f"PyTorch's {name} has no counterpart here. Write that part of the model with other operations, or adopt "
            "the model up to it.",
            op=name,
        )
    return found


def called(name: str, overload: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> Any:
    """Call the handler of an operation.

    Parameters
    ----------
    name, overload : str
        Of the operation.
    given : mapping of str to object
        Arguments by their names in the schema: tracers, arrays and plain settings.
    defaults : mapping of str to object
        Defaults of the schema.

    Raises
    ------
    AdoptionError
        Where the operation, or one of its settings, has no counterpart.
    """
    handler = handler_of(name, overload)
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
