"""JavaScript of our own, made shorter: blanks that separate nothing go, names of variables become short.

A name is shortened everywhere or nowhere, by its spelling, so scopes do not matter: only names that are declared
somewhere, and that never stand where they could be a property, a key or a method, are touched. This is for the modules
of ``static/``, not for JavaScript in general; the browser's tests run what comes out.
"""

from __future__ import annotations

import itertools
import re
import string
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<blank>[ \t]+)|(?P<newline>\n[\n \t]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<word>[^\W\d][\w$]*|\$[\w$]*)|(?P<number>\d[\w.]*|\.\d\w*)
    |(?P<sign>=>|\.\.\.|\?\.(?!\d)|\?\?=?|&&=?|\|\|=?|\*\*=?|<<=?|>>>?=?|[-+*/%&|^<>=!]=+|\+\+|--|.)""",
    re.VERBOSE | re.DOTALL,
)
_EXPRESSION_BEFORE = re.compile(r"[\w$)\]}]$")
_REGULAR = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_WORDS_BEFORE_REGULAR = frozenset({"return", "typeof", "case"})
_CONTROLS = frozenset({"if", "for", "while", "switch"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_DECLARING = frozenset({"const", "let", "function", "class"})
_RESERVED = frozenset(
    [
        "as",
        "async",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "default",
        "delete",
        "do",
        "else",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "from",
        "function",
        "get",
        "if",
        "import",
        "in",
        "instanceof",
        "let",
        "new",
        "null",
        "of",
        "return",
        "set",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "void",
        "while",
        "yield",
    ]
)


class _Token(NamedTuple):
    kind: str
    text: str


def shrunk(script: str) -> str:
    r"""Shorten a module's text without changing what it does.

    Examples
    --------
    >>> shrunk("function double(number) {\n  return 2 * number; // twice\n}\n")
    'function b(a){return 2*a;}'
    """
    tokens = list(_tokens(script))
    return _joined(tokens, _short_names([each for each in tokens if each.kind not in {"blank", "newline"}]))


def _tokens(script: str) -> Iterator[_Token]:
    at = 0
    before = ""
    braces: list[int] = []  # open braces inside each template's ${...}
    while at < len(script):
        if script[at] == "`" or (script[at] == "}" and braces and braces[-1] == 0):
            if script[at] == "}":
                braces.pop()
            end = _template_end(script, at + 1)
            if script[end - 1] == "{":
                braces.append(0)
            token = _Token("template", script[at:end])
        elif _starts_regular(script, at, before) and (regular := _REGULAR.match(script, at)):
            token = _Token("regular", regular[0])
        else:
            found = _TOKEN.match(script, at)
            assert found is not None  # noqa: S101  the last alternative takes any character
            token = _Token(str(found.lastgroup), found[0])
        at += len(token.text)
        if braces and token.kind == "sign":
            braces[-1] += {"{": 1, "}": -1}.get(token.text, 0)
        if token.kind != "comment":
            yield token
            if token.kind not in {"blank", "newline"}:
                before = token.text


def _template_end(script: str, at: int) -> int:
    """Find the end of a template's text: behind its closing sign, or behind the ``${`` of a hole in it."""
    found = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL).match(script, at)
    if found is None:
        raise ValueError("A template in this script is never closed.")
    return found.end()


def _starts_regular(script: str, at: int, before: str) -> bool:
    if script[at] != "/" or script[at + 1 : at + 2] in {"/", "*"}:
        return False
    return before in _WORDS_BEFORE_REGULAR or not _EXPRESSION_BEFORE.search(before)


def _short_names(tokens: Sequence[_Token]) -> dict[str, str]:
    """Choose short names for variables; the most frequent get the shortest."""
    declared = set(_parameters(tokens))
    kept = set(_RESERVED)
    counts: Counter[str] = Counter()
    ends = [_Token("sign", "")]
    for (_, before), (kind, word), (_, after) in zip([*ends, *tokens], tokens, [*tokens[1:], *ends], strict=False):
        if kind != "word":
            continue
        counts[word] += 1
        if before in _DECLARING:
            declared.add(word)
        # A property, a key, a shorthand, a method, a label: names that others may look up by their spelling.
        is_key = after == ":" or (before in {"{", ","} and after in {",", "}", "="})
        is_method = after == "(" and before in {"{", "}", ";", "get", "set", "static", "async", "*"}
        if before in {".", "?.", "#", "get", "set", "static"} or is_key or is_method:
            kept.add(word)
    chosen = sorted((word for word in declared - kept if len(word) > 2), key=lambda word: (-counts[word], word))
    letters = string.ascii_lowercase + string.ascii_uppercase
    pairs = (first + second for first in letters for second in letters + string.digits)
    fresh = (name for name in itertools.chain(letters, pairs) if name not in counts and name not in kept)
    return dict(zip(chosen, fresh, strict=False))


def _parameters(tokens: Sequence[_Token]) -> Iterator[str]:
    """Find the plain parameters of functions: the words right inside brackets that an arrow or a body follows."""
    opened: list[int] = []
    for at, (_, text) in enumerate(tokens):
        if text == "(":
            opened.append(at)
        elif text == ")" and opened:
            start = opened.pop()
            after = tokens[at + 1].text if at + 1 < len(tokens) else ""
            if after == "=>" or (after == "{" and tokens[start - 1].text not in _CONTROLS):
                depth = 0
                for (_, before), (kind, word) in itertools.pairwise(tokens[start:at]):
                    depth += (before in _OPENING) - (before in _CLOSING)
                    if kind == "word" and depth == 1 and before in {"(", ",", "..."}:
                        yield word


def _joined(tokens: Sequence[_Token], names: Mapping[str, str]) -> str:
    parts: list[str] = []
    last, pending = "", ""
    for kind, text in tokens:
        if kind in {"blank", "newline"}:
            pending = "\n" if "\n" in (pending, text[0]) else " "
            continue
        written = names.get(text, text) if kind == "word" else text
        if last and pending == "\n":
            # A line's end may end a statement, unless a sign on either side goes on.
            if last[-1] not in "{([,;=>&|?:" and written[0] not in "}]).":
                parts.append("\n")
        elif last and pending and _would_merge(last[-1], written[0]):
            parts.append(" ")
        parts.append(written)
        last, pending = written, ""
    return "".join(parts)


def _would_merge(left: str, right: str) -> bool:
    return bool(re.match(r"[\w$]{2}", left + right)) or (left == right and left in "+-/")
