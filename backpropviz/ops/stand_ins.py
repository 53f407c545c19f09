"""Values that stand for numbers, such as tracers: what an operation does when it is given one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_APPLIERS: dict[type, Callable[..., Any]] = {}


def register_symbolic(kind: type, applier: Callable[..., Any]) -> None:
    """Say what an operation does with arguments of a type that stands for numbers.

    Parameters
    ----------
    kind : type
        Such as a tracer; the layer that has the type calls this.
    applier : callable
        ``applier(name, *arguments, **parameters)``.
    """
    _APPLIERS[kind] = applier


def is_symbolic(value: Any) -> bool:
    """Tell whether a value stands for numbers rather than being some."""
    return type(value) in _APPLIERS


def applier_for(arguments: tuple[Any, ...]) -> Callable[..., Any] | None:
    """Give what answers for these arguments, None where all of them are numbers."""
    for argument in arguments:
        applier = _APPLIERS.get(type(argument))
        if applier is not None:
            return applier
    return None
