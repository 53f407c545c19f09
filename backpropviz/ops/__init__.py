"""What an operation is: value, local partials, role, domain, kinks, and how it is written.

Every operation of the registry can also be imported as a function, ``from backpropviz.ops import relu, softmax``: it
computes on numbers and arrays, and adds a gate to the graph under construction on tracers.
"""

from __future__ import annotations

from typing import Any

from backpropviz.ops.blocks import HOMES, block
from backpropviz.ops.dispatch import Function
from backpropviz.ops.op import Condition, Elementwise, Interval, Kink, Op, Structured
from backpropviz.ops.registry import ALIASES, OPERATORS, REGISTRY, choose, did_you_mean, register, suggest
from backpropviz.ops.roles import Role
from backpropviz.ops.stand_ins import register_symbolic

__all__ = [
    "ALIASES",
    "OPERATORS",
    "REGISTRY",
    "Condition",
    "Elementwise",
    "Function",
    "Interval",
    "Kink",
    "Op",
    "Role",
    "Structured",
    "choose",
    "did_you_mean",
    "register",
    "register_symbolic",
    "suggest",
]


def __getattr__(name: str) -> Any:
    if name in REGISTRY:
        return Function(REGISTRY[name])
    if name in HOMES:
        return block(name)
    raise AttributeError(f"backpropviz.ops has no operation {name!r}.")


def __dir__() -> list[str]:
    return sorted({*__all__, *REGISTRY, *HOMES})
