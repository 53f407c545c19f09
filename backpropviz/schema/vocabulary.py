"""What a page knows into which an expression may be typed."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from backpropviz.schema.story import PageCondition


class TypedKink(TypedDict):
    """A convention; in its condition a number is named by its slot, and the gate's own by -1."""

    when: PageCondition
    text: str
    sign: str


class TypedForm(TypedDict):
    """An operation of so many arguments."""

    program: object
    kinks: list[TypedKink]


class NamedOperation(TypedDict):
    """An operation by what is told of it to who types its name."""

    arity: int | None
    role: str
    formulas: list[str]
    parameters: NotRequired[list[str]]
    defaults: NotRequired[list[float]]


class KnownNames(TypedDict):
    """Operations, the operation of every function name, and numbers with a name."""

    operations: dict[str, NamedOperation]
    functions: dict[str, str]
    constants: dict[str, float]


class TypedOperation(NamedOperation):
    """An operation that may be typed; its settings are arguments of its programs, behind the others."""

    symbol: str
    called: str
    sentence: str
    forms: dict[str, TypedForm]


class TypingHints(TypedDict):
    """What to write in place of signs and words that expressions do not know."""

    products: str
    minuses: str
    quotients: str
    superscripts: dict[str, str]
    subscripts: dict[str, str]
    libraries: list[str]
    signs: dict[str, str]
    keywords: dict[str, str]
    elsewhere: dict[str, str]


class TypingLimits(TypedDict):
    """How much text is taken."""

    characters: int
    nesting: int
    operations: int
    names: int


class Vocabulary(TypedDict):
    """Operations, and the operation of every function name."""

    operations: dict[str, TypedOperation]
    functions: dict[str, str]
    constants: dict[str, float]
    keywords: list[str]
    hints: TypingHints
    limits: TypingLimits
