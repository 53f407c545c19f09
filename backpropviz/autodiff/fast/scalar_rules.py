"""The rules of one kind of gate as small functions of scalars, for graphs that have thousands of such gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.fast.dialects import FLOAT64
from backpropviz.autodiff.fast.source import SourceText, build
from backpropviz.autodiff.fast.terms import OPAQUE, Pool, UntraceableRuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from backpropviz.autodiff.fast.terms import Term
    from backpropviz.graph import Number
    from backpropviz.ops.plan import GateKind

    ScalarRule = Callable[..., tuple[Number, ...]]
    ScalarValue = Callable[..., np.float64]

_TRUTHS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})


def scalar_value(kind: GateKind) -> ScalarValue | None:
    """Write what a kind computes on float64, with nothing around it."""
    if kind.parameters or not kind.op.elementwise:
        return None
    return _written(kind.arity, lambda *arguments: [kind.op.value(*arguments)], "{}")


def scalar_rule(kind: GateKind) -> ScalarRule | None:
    """Write what the rule of a kind computes on float64, with nothing around it.

    The rule is called once, with tracers. What is written has its bits, on infinities and NaN too, and takes a
    fraction of its time on a sum or a product, most of which goes into calls and lists.

    Returns
    -------
    callable or None
        ``rule(cotangent, out, *arguments)`` gives the contributions to the kind's slots; None where the rule works
        on arrays, has parameters, which differ from gate to gate, or is written with something that cannot be traced.
    """
    if kind.parameters or not kind.op.elementwise:
        return None
    return _written(2 + kind.arity, lambda cotangent, out, *each: kind.contributions(cotangent, out, each), "({},)")


def _written(count: int, rule: Callable[..., Sequence[Term]], returned: str) -> Callable[..., Any] | None:
    """Write a rule of some numbers as a function; None where it cannot be traced."""
    pool = Pool(raises=False)
    try:
        roots = [pool.lift(each) for each in rule(*(pool.variable() for _ in range(count)))]
    except (UntraceableRuleError, *OPAQUE):
        return None
    source = SourceText(pool, roots, FLOAT64)
    results = (f"float64({source[root]})" if _is_truth(pool, root) else source[root] for root in roots)
    lines = [
        f"def rule({','.join(f't{index}' for index in range(count))}):",
        *(f" {line}" for line in source.lines),
        f" return {returned.format(','.join(results))}",
    ]
    return build("rule", lines, FLOAT64.namespace)


def _is_truth(pool: Pool, term: int) -> bool:
    if pool.functions[term] == "where":
        return any(_is_truth(pool, branch) for branch in pool.arguments[term][1:])
    return pool.functions[term] in _TRUTHS or type(pool.constants.get(term)) is bool


class ScalarRules:
    """The rules of the kinds of one plan; each is written when it is first asked for."""

    def __init__(self) -> None:
        self.value = _AsAsked(scalar_value).__getitem__
        self.contributions = _AsAsked(scalar_rule).__getitem__


class _AsAsked(dict["GateKind", "Callable[..., Any] | None"]):
    def __init__(self, write: Callable[[GateKind], Callable[..., Any] | None]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, kind: GateKind) -> Callable[..., Any] | None:
        rule = self[kind] = self._write(kind)
        return rule
