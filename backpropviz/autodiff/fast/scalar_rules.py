"""The reverse rule of one kind of gate as a small function of scalars, for graphs that have thousands of such gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.fast.dialects import FLOAT64
from backpropviz.autodiff.fast.source import SourceText, build
from backpropviz.autodiff.fast.terms import OPAQUE, Pool, UntraceableRuleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.graph import Number
    from backpropviz.ops.plan import GateKind

    ScalarRule = Callable[..., tuple[Number, ...]]


def scalar_rule(kind: GateKind) -> ScalarRule | None:
    """Write what the rule of a kind computes on float64, with nothing around it.

    The rule is called once, with tracers. What is written has its bits, on infinities and NaN too, and takes a
    fraction of its time on a sum or a product, most of which goes into calls and lists.

    Parameters
    ----------
    kind : GateKind
        Whose rule is meant.

    Returns
    -------
    callable or None
        ``rule(cotangent, out, *arguments)`` gives the contributions to the kind's slots; None where the rule works
        on arrays, has parameters, which differ from gate to gate, or is written with something that cannot be traced.
    """
    if kind.parameters or not kind.op.elementwise:
        return None
    pool = Pool(raises=False)
    cotangent, out, *arguments = (pool.variable() for _ in range(2 + kind.arity))
    try:
        roots = [pool.lift(each) for each in kind.contributions(cotangent, out, arguments)]
    except (UntraceableRuleError, *OPAQUE):
        return None
    source = SourceText(pool, roots, FLOAT64)
    names = ",".join(f"t{index}" for index in range(2 + kind.arity))
    returned = "".join(f"{source[root]}," for root in roots)
    lines = [f"def rule({names}):", *(f" {line}" for line in source.lines), f" return ({returned})"]
    return build("rule", lines, FLOAT64.namespace)


class ScalarRules(dict["GateKind", "ScalarRule | None"]):
    """The rules of the kinds of one plan; each is written when it is first asked for."""

    def __missing__(self, kind: GateKind) -> ScalarRule | None:
        rule = self[kind] = scalar_rule(kind)
        return rule
