"""Several operations closed into one gate, which is then differentiated as one function of its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.op import Elementwise, Interval, Structured
from backpropviz.ops.plan import make_plan
from backpropviz.ops.roles import COMPOSITE
from backpropviz.ops.sweeps import pull_back, push_forward, run_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.ops.op import Op
    from backpropviz.ops.plan import Plan

    Find = Callable[[str], Op]

SCALAR_GATE = "composite"
ARRAY_GATE = "array_composite"
CLOSED_GATES = (SCALAR_GATE, ARRAY_GATE)
"""Operations whose parameter ``body`` holds the closed gates; the second has operations on whole arrays inside."""

_CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Body:
    """What is closed inside a composite gate.

    Parameters
    ----------
    arguments : tuple of str
        What the composite's arguments are called inside, by slot.
    parts : tuple of Node
        Gates and constants as graphs record them, arguments first; the last one gives the value.
    kind : str
        Which block it is, as :data:`backpropviz.ops.blocks.HOMES` names them; empty for none.
    roles : tuple of str
        By slot, which parameter of the block's function an argument is; empty where it is none.
    made : str
        Of a block that several values leave, which of them this is, as the function calls it.
    """

    arguments: tuple[str, ...]
    parts: tuple[Any, ...]
    kind: str = ""
    roles: tuple[str, ...] = ()
    made: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite(Elementwise):
    """One gate made of several elementwise ones.

    Parameters
    ----------
    find : callable
        Gives the operation of a name.
    """

    find: Find

    def accepts(self, count: int) -> bool:
        """Tell whether it takes this many arguments: one or more."""
        return count >= 1

    def vjp(
        self, cotangent: Any, out: Any, arguments: Sequence[Any], parameters: Mapping[str, Any], slots: Sequence[int]
    ) -> list[Any]:
        """Contributions to the arguments in `slots`, sent back gate by gate inside."""
        del out  # the gates inside compute their own
        received = _pull_back(self.find, parameters.get("body"), arguments, cotangent)
        return [_or_zero(received[slot], arguments[slot]) for slot in slots]


def composites(find: Find) -> tuple[Composite, Structured]:
    """Declare the composite gates."""

    def value(*arguments: Any, body: Body | None = None) -> Any:
        return arguments[0] if body is None else _value(find, body, arguments)

    def partials(out: Any, *arguments: Any, body: Body | None = None) -> tuple[Any, ...]:
        received = _pull_back(find, body, arguments, np.ones_like(out)[()] if np.ndim(out) else 1.0)
        return tuple(0.0 if each is None else each for each in received)

    def pull_back(
        slots: Sequence[int], cotangent: Any, _out: Any, *arguments: Any, body: Body | None = None
    ) -> list[Any]:
        received = _pull_back(find, body, arguments, cotangent)
        return [_or_zero(received[slot], arguments[slot]) for slot in slots]

    def push(tangents: Sequence[Any], _out: Any, *arguments: Any, body: Body | None = None) -> Any:
        return tangents[0] if body is None else _push(find, body, arguments, tangents)

    def shape(*shapes: tuple[int, ...], body: Body | None = None) -> tuple[int, ...]:
        return shapes[0] if body is None else _shape(find, body, shapes)

    gate = Composite(
        name=SCALAR_GATE,
        arity=None,
        value=value,
        partials=partials,
        formulas=("the product of the local gradients inside, summed over the ways",),
        symbol="▣",
        role=COMPOSITE,
        latex=r"\operatorname{{gate}}",
        domain=(Interval(0.2, 2.0),),
        parameters={"body": None},
        find=find,
        source="Griewank and Walther (2008), Evaluating derivatives, chapter 3",
    )
    return gate, Structured(
        name=ARRAY_GATE,
        arity=None,
        value=value,
        shape_rule=shape,
        formulas=("g sent back through the gates inside",),
        symbol="▣",
        role=COMPOSITE,
        latex=r"\operatorname{{gate}}",
        vjp_together=pull_back,
        jvp_together=push,
        parameters={"body": None},
        source="Griewank and Walther (2008), Evaluating derivatives, chapter 3",
    )


def _plan(find: Find, body: Body) -> Plan:
    records = {part.name: part for part in body.parts}
    return make_plan((*body.arguments, *records), records, body.parts[-1].name, find)


def _value(find: Find, body: Body, arguments: Sequence[Any]) -> Any:
    plan = _plan(find, body)
    return _run(plan, body, arguments)[plan.output]


def _run(plan: Plan, body: Body, arguments: Sequence[Any]) -> list[Any]:
    """Value of everything inside, by place."""
    return run_forward(plan, plan.leaves(dict(zip(body.arguments, arguments, strict=True))))


def _pull_back(find: Find, body: Body | None, arguments: Sequence[Any], cotangent: Any) -> list[Any]:
    """Contribution to every argument, None where nothing arrives."""
    if body is None:
        return [cotangent, *(None for _ in arguments[1:])]
    plan = _plan(find, body)
    return pull_back(plan, _run(plan, body, arguments), cotangent)[: len(arguments)]


def _push(find: Find, body: Body, arguments: Sequence[Any], tangents: Sequence[Any]) -> Any:
    plan = _plan(find, body)
    values = _run(plan, body, arguments)
    moving: list[Any] = [*tangents, *(None for _ in body.parts)]
    return push_forward(plan.instructions, values, moving)[plan.output]


def _shape(find: Find, body: Body, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    known = dict(zip(body.arguments, shapes, strict=True))
    for part in body.parts:
        if part.op == _CONSTANT:
            known[part.name] = np.shape(part.value)
        else:
            known[part.name] = find(part.op).shape(*(known[name] for name in part.arguments), **dict(part.parameters))
    return known[body.parts[-1].name]


def _or_zero(contribution: Any, argument: Any) -> Any:
    return np.zeros_like(argument)[()] if contribution is None else contribution
