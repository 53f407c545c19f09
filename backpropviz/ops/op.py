"""What an operation is, declared once; everything else is derived from the declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.broadcasting import broadcast_shape, unbroadcast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.ops.roles import Role

Condition = list[Any]
Rule = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kink:
    """A place where a rule follows a convention that the reader should be told about.

    Parameters
    ----------
    when : callable
        ``when(out, *arguments)`` gives a condition over those quantities, as nested lists such as
        ``["equal", x, y]``; see :mod:`backpropviz.steps.narrative` for the few words of that language.
    text : str
        The convention, or what happens to the gradient and why, in one sentence.
    sign : str
        In one or two words, for the mark on the node.
    """

    when: Callable[..., Condition]
    text: str
    sign: str = "kink"


@dataclass(frozen=True, slots=True)
class Interval:
    """Where an argument is safely differentiable; tests draw their samples there.

    Parameters
    ----------
    low, high : float
        Ends, in the argument's own unit.
    """

    low: float = -3.0
    high: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elementwise:
    """An operation that acts on each entry alone; scalars are the case of one entry.

    Parameters
    ----------
    name : str
        Name in the registry and, for functions, in expressions.
    arity : int or None
        Number of arguments; None for two or more.
    value : callable
        ``value(*arguments, **parameters)``, written with operators and NumPy functions only, so that the same rule
        also runs on symbols, on complex numbers and on the code generator's names.
    partials : callable
        ``partials(out, *arguments, **parameters)``: the local partials, one per slot, in the same manner.
    formulas : tuple of str
        The local partials as people write them, in ``x``, ``y`` and ``out``; one per slot, or one for all.
    symbol : str
        What stands inside the gate.
    role : Role
        What the gate does to a gradient.
    latex : str
        Template with ``{0}``, ``{1}``; a variadic operation gives the sign that joins its arguments.
    domain : tuple of Interval
        One per slot, or one for all.
    kinks : tuple of Kink
        Where a convention decides.
    parameters : mapping
        Names and defaults of what the operation takes beside its arguments.
    analytic : bool
        Whether `value` also takes complex numbers, so that the complex step may check it.
    blocks : bool
        Whether a local partial of exactly 0 stops an infinite or undefined gradient too, as in ``where``.
    source : str
        Where the rule can be looked up.
    activation : bool
        Whether units of a network may have it over their weighted sum; for one argument.
    """

    name: str
    arity: int | None
    value: Rule
    partials: Rule
    formulas: tuple[str, ...]
    symbol: str
    role: Role
    latex: str
    domain: tuple[Interval, ...] = (Interval(),)
    kinks: tuple[Kink, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    analytic: bool = True
    blocks: bool = False
    source: str = "NIST DLMF, section 4"
    activation: bool = False

    @property
    def elementwise(self) -> bool:
        """True: shapes broadcast, and each entry stands alone."""
        return True

    @property
    def arity_text(self) -> str:
        """How many arguments it takes, in words."""
        return _arity_text(self.arity)

    def accepts(self, count: int) -> bool:
        """Tell whether it takes this many arguments."""
        return count >= 2 if self.arity is None else count == self.arity

    def formula(self, slot: int) -> str:
        """Local partial of one slot, as people write it."""
        return self.formulas[min(slot, len(self.formulas) - 1)]

    def interval(self, slot: int) -> Interval:
        """Safe domain of one slot."""
        return self.domain[min(slot, len(self.domain) - 1)]

    def shape(self, *shapes: tuple[int, ...], **_parameters: Any) -> tuple[int, ...]:
        """Shape of the value for arguments of these shapes."""
        return broadcast_shape(*shapes)

    def vjp(
        self, cotangent: Any, out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any], slots: Sequence[int]
    ) -> list[Any]:
        """Contributions to the arguments in `slots`: cotangent times local partial, summed over broadcast axes."""
        if self.blocks:
            return self.guarded_vjp(cotangent, out, arguments, parameters, slots)
        partials = self.partials(out, *arguments, **parameters)
        if type(out) is np.float64:  # so are the arguments: nothing was broadcast
            return [cotangent * partials[slot] for slot in slots]
        return [unbroadcast(cotangent * partials[slot], np.shape(arguments[slot])) for slot in slots]

    def guarded_vjp(
        self, cotangent: Any, out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any], slots: Sequence[int]
    ) -> list[Any]:
        """Contributions where 0 times infinity is 0: for a branch that ``where`` did not choose."""
        partials = self.partials(out, *arguments, **parameters)
        return [unbroadcast(masked(cotangent, partials[slot]), np.shape(arguments[slot])) for slot in slots]

    def jvp(self, tangents: Sequence[Any], out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        """Tangent of the value: the sum over slots of local partial times tangent; None stands for zero."""
        partials = self.partials(out, *arguments, **parameters)
        total: Any = None
        for partial, tangent in zip(partials, tangents, strict=True):
            if tangent is not None:
                term = masked(tangent, partial) if self.blocks else partial * tangent
                total = term if total is None else total + term
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """An operation on whole arrays, such as a matrix product or a sum over an axis.

    Parameters
    ----------
    name, arity, symbol, role, latex, parameters, kinks, analytic, source
        As in :class:`Elementwise`.
    value : callable
        ``value(*arguments, **parameters)``.
    shape_rule : callable
        ``shape_rule(*shapes, **parameters)``; raises ShapeError where shapes do not fit.
    formulas : tuple of str
        The contributions as people write them, in ``x``, ``y``, ``out`` and the upstream gradient ``g``; one per slot,
        or one for all.
    vjp_rules : tuple of callable
        One per slot: ``rule(cotangent, out, *arguments, **parameters)`` gives the contribution. One per slot, so that
        nothing is computed for constants.
    jvp_rules : tuple of callable
        One per slot: ``rule(tangent, out, *arguments, **parameters)`` gives its term of the value's tangent.
    vjp_together : callable, optional
        ``vjp_together(slots, cotangent, out, *arguments, **parameters)`` gives the contributions to those slots, where
        they share work or their number varies; in place of `vjp_rules`.
    jvp_together : callable, optional
        ``jvp_together(tangents, out, *arguments, **parameters)``, zeros for what does not move; in place of
        `jvp_rules`.
    """

    name: str
    arity: int | None
    value: Rule
    shape_rule: Rule
    formulas: tuple[str, ...]
    symbol: str
    role: Role
    latex: str
    vjp_rules: tuple[Rule, ...] = ()
    jvp_rules: tuple[Rule, ...] = ()
    vjp_together: Rule | None = None
    jvp_together: Rule | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    kinks: tuple[Kink, ...] = ()
    analytic: bool = True
    source: str = "Giles (2008), Collected matrix derivative results"

    @property
    def elementwise(self) -> bool:
        """False: entries of an argument meet."""
        return False

    @property
    def arity_text(self) -> str:
        """How many arguments it takes, in words."""
        return "one or more arguments" if self.arity is None else _arity_text(self.arity)

    def accepts(self, count: int) -> bool:
        """Tell whether it takes this many arguments."""
        return count >= 1 if self.arity is None else count == self.arity

    def formula(self, slot: int) -> str:
        """Contribution to one slot, as people write it."""
        return self.formulas[min(slot, len(self.formulas) - 1)]

    def shape(self, *shapes: tuple[int, ...], **parameters: Any) -> tuple[int, ...]:
        """Shape of the value for arguments of these shapes."""
        return tuple(self.shape_rule(*shapes, **parameters))

    def vjp(
        self, cotangent: Any, out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any], slots: Sequence[int]
    ) -> list[Any]:
        """Contributions to the arguments in `slots`."""
        if self.vjp_together is not None:
            return list(self.vjp_together(slots, cotangent, out, *arguments, **parameters))
        rules = self.vjp_rules
        return [rules[slot](cotangent, out, *arguments, **parameters) for slot in slots]

    guarded_vjp = vjp

    def jvp(self, tangents: Sequence[Any], out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        """Tangent of the value; None stands for a zero tangent."""
        if self.jvp_together is not None:
            filled = [
                np.zeros_like(argument) if tangent is None else tangent
                for argument, tangent in zip(arguments, tangents, strict=True)
            ]
            return self.jvp_together(filled, out, *arguments, **parameters)
        total: Any = None
        for rule, tangent in zip(self.jvp_rules, tangents, strict=True):
            if tangent is not None:
                term = rule(tangent, out, *arguments, **parameters)
                total = term if total is None else total + term
        return total


Op = Elementwise | Structured


def masked(factor: Any, partial: Any) -> Any:
    """Multiply, where 0 on either side makes 0 even of infinity and NaN."""
    passes = np.where(np.equal(factor, 0.0), 0.0, np.not_equal(partial, 0.0))
    return np.where(passes, factor * partial, 0.0)


def _arity_text(arity: int | None) -> str:
    if arity is None:
        return "two or more arguments"
    return "one argument" if arity == 1 else f"{arity} arguments"
