"""From text to phrases: the grammar, and the loop that feeds it."""

from __future__ import annotations

import keyword
from functools import cache
from typing import TYPE_CHECKING, Any

from backpropviz.graph.naming import folded_name
from backpropviz.graph.text import complaints, limits
from backpropviz.graph.text.syntax import Actions, Fault, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark import Lark, Token

GRAMMAR = r"""
program: _statement (SEPARATOR _statement)*
_statement: inputs | assignment | _expression
inputs: INPUT NAME (COMMA NAME)*
assignment: NAME EQUALS _expression
_expression: sum
?sum: product
    | sum PLUS product       -> add
    | sum MINUS product      -> subtract
?product: signed
    | product TIMES signed   -> multiply
    | product OVER signed    -> divide
?signed: raised
    | MINUS signed           -> negate
    | PLUS signed            -> plus
?raised: atom
    | atom POWER signed      -> power
?atom: NUMBER                -> number
    | NAME                   -> name
    | NAME OPEN [_expression (COMMA _expression)*] CLOSE -> call
    | OPEN _expression CLOSE -> group

SEPARATOR: /[;\n\r]/
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
POWER: "**"
EQUALS: "="
OPEN: "("
CLOSE: ")"
COMMA: ","
INPUT.2: /input(?=[^\S\n\r]+[^\W\d])/
NUMBER: /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
NAME: /[^\W\d](?:\w|[^\x00-\x7f\s\u00b7\u0387])*/
COMMENT: /#[^\n\r]*/
SPACE: /[^\S\n\r]+/
%ignore COMMENT
%ignore SPACE
"""
# Unary minus binds weaker than **, so -x**2 is -(x**2), and 2**-x needs no parentheses; ** groups to the right.
# INPUT is a word of its own only before a name, where no expression could go on: an input may itself be called input.
# NAME takes any character beyond ASCII at first (marks, as in x̄, are no \w), except the middle dot, which Python
# counts as a part of names but people write for multiplication; what is no identifier is refused below.


@cache
def _lark() -> Lark:
    from lark import Lark  # noqa: PLC0415  loading the parser generator takes 50 ms: not before it is needed

    return Lark(GRAMMAR, start="program", parser="lalr", lexer="basic", transformer=Actions(), maybe_placeholders=False)


def read(text: str) -> list[Phrase]:
    """Read the statements of a text.

    Raises
    ------
    Fault
        At the first thing that does not fit.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415  as above

    if len(text) > limits.CHARACTERS:
        raise Fault(
            f"The text has {len(text):,} characters; at most {limits.CHARACTERS:,} are read.",
            limits.CHARACTERS,
            len(text),
            "Trace a Python function instead.",
        )
    history: list[Token] = []
    opened: list[Token] = []
    parser: Any = _lark().parse_interactive(text)  # lark annotates this part only in places
    try:
        for found in _significant(parser.lexer_thread.lex(parser.parser_state), history, opened, text):
            parser.feed_token(found)
            history.append(found)
        statements: list[Phrase] = parser.feed_eof(history[-1] if history else None)
    except UnexpectedCharacters as unexpected:
        raise complaints.character(text, unexpected.pos_in_stream or 0, history) from None
    except UnexpectedToken as unexpected:
        raise complaints.token(text, unexpected.token, history, opened) from None
    return statements


def _significant(stream: Iterator[Token], history: list[Token], opened: list[Token], text: str) -> Iterator[Token]:
    """Leave out line ends that separate nothing, count parentheses, and look at names."""
    separator: Token | None = None
    for token in stream:
        kind = token.type
        if kind == "SEPARATOR":
            if opened and not token.startswith(";"):
                continue  # a line may be broken inside parentheses, as in Python
            if history and separator is None:
                separator = token
            continue
        if separator is not None:
            yield separator
            separator = None
        if kind == "INPUT" and history and history[-1].type != "SEPARATOR":
            token = token.update(type="NAME")  # noqa: PLW2901  only a statement can begin with the word
        if kind == "OPEN":
            _count(opened, token)
        elif kind == "NAME":
            token = _checked(token, history, text)  # noqa: PLW2901
        yield token
        if kind == "CLOSE" and opened:
            opened.pop()


def _count(opened: list[Token], token: Token) -> None:
    if len(opened) >= limits.NESTING:
        raise Fault(
            f"More than {limits.NESTING} parentheses are open here.",
            token.start_pos or 0,
            token.end_pos or 0,
            "Name the inner parts: write a = … on a line of its own, then use a.",
        )
    opened.append(token)


def _checked(token: Token, history: list[Token], text: str) -> Any:
    start, end = token.start_pos or 0, token.end_pos or 0
    if token.isascii():
        name = str(token)
    else:
        if not token.isidentifier():
            length = next(length for length in range(1, len(token) + 1) if not token[:length].isidentifier())
            head = [token.update(value=token[: length - 1])] if length > 1 else []
            raise complaints.character(text, start + length - 1, [*history, *head])
        # Python folds names in the same way, so that keyword arguments meet these names.
        name = folded_name(str(token))
        if any("\uff01" <= letter <= "\uff5e" for letter in token):
            raise Fault("This name is in full-width letters.", start, end, f"Write {name}.")
        if "·" in name:  # Ŀ folds to L and a middle dot, which would not be read again
            raise Fault("This name has a letter with a middle dot.", start, end, f"Write {name.replace('·', '')}.")
        token = token.update(value=name)
    if keyword.iskeyword(name):
        raise complaints.reserved(name, start, end)
    return token
