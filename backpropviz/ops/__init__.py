"""What an operation is: value, local partials, role, domain, kinks, and how it is written."""

from __future__ import annotations

from backpropviz.ops.op import Condition, Elementwise, Interval, Kink, Op, Structured
from backpropviz.ops.registry import ALIASES, OPERATORS, REGISTRY, suggest
from backpropviz.ops.roles import Role

__all__ = [
    "ALIASES",
    "OPERATORS",
    "REGISTRY",
    "Condition",
    "Elementwise",
    "Interval",
    "Kink",
    "Op",
    "Role",
    "Structured",
    "suggest",
]
