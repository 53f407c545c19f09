"""What a page needs to read, compute and explain an expression that is typed into it."""

from __future__ import annotations

import keyword
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.programs import NoProgramError, program_of
from backpropviz.graph.notation.gate_text import unicode_name
from backpropviz.graph.text import hints, limits
from backpropviz.graph.text.functions import CONSTANTS, functions
from backpropviz.ops import OPERATORS, REGISTRY
from backpropviz.ops.composite import SCALAR_GATE
from backpropviz.steps.formulas import formula_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropviz.ops.op import Elementwise
    from backpropviz.schema.vocabulary import KnownNames, NamedOperation, TypedForm, TypedOperation, Vocabulary

NO_NETWORK = "A page draws networks only where they came with it; make this one in a notebook."
"""Why a typed graph is not drawn as a network."""

_MOST_TERMS = {"add": 16}
_MOST_OF_OTHERS = 5
"""So many arguments may an operation have in a page that takes any number of them: each number has its own program."""


def vocabulary() -> Vocabulary:
    """Describe all operations that may be typed, those registered by the user included.

    An operation whose rule cannot be written as a program is left out: a page says that it does not know it.
    """
    names = functions()
    operations = {
        name: described
        for name in (*OPERATORS, *dict.fromkeys(names.values()))
        if (described := _operation(REGISTRY[name]))
    }
    return {
        "operations": operations,
        "functions": {name: op for name, op in names.items() if op in operations},
        "constants": dict(CONSTANTS),
        "keywords": [*keyword.kwlist],
        "hints": {
            "products": "".join(sorted(hints.PRODUCTS)),
            "minuses": "".join(sorted(hints.MINUSES)),
            "quotients": "".join(sorted(hints.QUOTIENTS)),
            "superscripts": hints.SUPERSCRIPTS,
            "subscripts": hints.SUBSCRIPTS,
            "libraries": sorted(hints.LIBRARIES),
            "signs": hints.SIGNS,
            "keywords": hints.KEYWORDS,
            "elsewhere": hints.KNOWN_ELSEWHERE,
        },
        "limits": {
            "characters": limits.CHARACTERS,
            "nesting": limits.NESTING,
            "operations": limits.OPERATIONS,
            "names": limits.MOST_NAMES,
        },
    }


_MADE_IN_THE_PAGE = ("add", SCALAR_GATE)
"""Operations whose programs, by the number of arguments, a page makes where it makes the graph."""


def operations_named(names: Iterable[str]) -> dict[str, TypedOperation]:
    """Describe some operations to a page that makes a graph of them by itself, with sums and closed gates of any size.

    Parameters
    ----------
    names : iterable of str
        Operations that act entry by entry.
    """
    described = {name: _operation(_settled(REGISTRY[name])) for name in names}
    for name in _MADE_IN_THE_PAGE:
        described[name] = _told(replace(REGISTRY[name], parameters={}), {})
    return {name: each for name, each in described.items() if each is not None}


def _settled(op: Any) -> Any:
    """Give an operation with its usual settings, such as a slope, and no others."""
    usual = dict(op.parameters)
    rules = {"value": partial(op.value, **usual), "partials": partial(op.partials, **usual)}
    return replace(op, **rules, parameters={}) if usual else op


def known_names() -> KnownNames:
    """Tell what may be typed, as far as it is of use while a name is being typed.

    Examples
    --------
    >>> known = known_names()
    >>> known["operations"]["leaky_relu"]["parameters"], known["functions"]["log"]
    (['slope'], 'ln')
    """
    names = functions()
    return {
        "operations": {name: _named(REGISTRY[name]) for name in dict.fromkeys(names.values())},
        "functions": dict(names),
        "constants": dict(CONSTANTS),
    }


def _named(op: Any) -> NamedOperation:
    named: NamedOperation = {
        "arity": op.arity,
        "role": op.role.name,
        "formulas": [formula_pattern(formula, "unicode") for formula in op.formulas],
    }
    if op.parameters:
        named["parameters"] = list(op.parameters)
        named["defaults"] = [float(value) for value in op.parameters.values()]
    return named


def _operation(op: Any) -> TypedOperation | None:
    """Describe an operation that acts entry by entry."""
    counts = range(2, _MOST_TERMS.get(op.name, _MOST_OF_OTHERS) + 1) if op.arity is None else (op.arity,)
    try:
        forms = {str(count): _form(op, count) for count in counts}
    except NoProgramError:
        return None
    return _told(op, forms)


def _told(op: Any, forms: dict[str, TypedForm]) -> TypedOperation:
    return {
        **_named(op),
        "symbol": op.symbol,
        "called": unicode_name(op.name),
        "sentence": op.role.sentence,
        "forms": forms,
    }


def _form(op: Elementwise, count: int) -> TypedForm:
    slots = range(count)
    given = [["q", "value", slot] for slot in slots]
    return {
        "program": _program(op, count, tuple(slots)),
        "kinks": [
            {"when": kink.when(["q", "value", -1], *given), "text": kink.text, "sign": kink.sign} for kink in op.kinks
        ],
    }


def _program(op: Elementwise, count: int, slots: Sequence[int]) -> object:
    """Write an operation's rules, its settings as further arguments, so that any number can be put in their place."""
    words = tuple(op.parameters)

    def split(given: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return given[:count], dict(zip(words, given[count:], strict=True))

    def value(*given: Any) -> Any:
        arguments, settings = split(given)
        return op.value(*arguments, **settings)

    def partials(out: Any, *given: Any) -> Any:
        arguments, settings = split(given)
        return op.partials(out, *arguments, **settings)

    opened = replace(op, value=value, partials=partials, parameters={}) if words else op
    program = program_of(opened, [np.float64(0.5)] * (count + len(words)), {}, slots)
    return replace(program, push=None).to_plain()
