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


class TypedOperation(TypedDict):
    """An operation that may be typed; its settings are arguments of its programs, behind the others."""

    arity: int | None
    symbol: str
    called: str
    role: str
    sentence: str
    formulas: list[str]
    parameters: NotRequired[list[str]]
    defaults: NotRequired[list[float]]
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
