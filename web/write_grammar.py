"""Write ``src/story/grammar_table.ts`` from the grammar of expressions: ``python web/write_grammar.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lark import Lark

from backpropviz.graph.text.phrases import GRAMMAR

TARGET = Path(__file__).with_name("src") / "story" / "grammar_table.ts"
HEAD = "// Written by write_grammar.py from backpropviz/graph/text/phrases.py: how text is cut and put together.\n"
_WORDS = {
    "LEXICON": (
        "Kinds of tokens with their patterns, in the order in which they are tried; without a name what means nothing.",
        "[string, string][]",
    ),
    "RULES": (
        "What is made by each rule (its column), of how many parts, and what is to be done with them.",
        "[number, number, string][]",
    ),
    "ROWS": (
        "What to do in each state, by column: go to the state of this sign, or use a rule, whose signs follow theirs.",
        "string[]",
    ),
}
_FIRST_SIGN = 35
"""Code of the sign that stands for 0 in a row; a blank, which stands for nothing, is below all."""

_BLANKS = r"\x1c-\x20\x85\u2028\u2029\p{Zs}"
_IN_JAVASCRIPT = (
    ("[^\\S\n\r]", rf"[\t\v\f{_BLANKS}]"),
    (r"[^\W\d]", r"[\p{L}\p{Nl}\p{No}_]"),
    (r"\w", r"[\p{L}\p{N}_]"),
    (r"\s", _BLANKS),
    (r"\-", "-"),
)
"""Python's classes of characters as JavaScript writes them, whose own know ASCII letters and other blanks."""


def table_text() -> str:
    """Give the text of the file."""
    lark = Lark(GRAMMAR, start="program", parser="lalr", lexer="basic", maybe_placeholders=False)
    parser: Any = lark.parser  # lark annotates this part only in places
    table = parser.parser._parse_table  # noqa: SLF001  lark's own generator of standalone parsers reads it as well
    terminals = [(each.name, _pattern(each.pattern.to_regexp())) for each in parser.lexer.terminals]
    lexicon = [("" if name in lark.ignore_tokens else name, pattern) for name, pattern in terminals]
    lexicon.append(("$END", "$"))
    rules = lark.rules
    columns = [*(name for name, _ in lexicon), *dict.fromkeys(rule.origin.name for rule in rules)]
    order = [table.start_states["program"]]
    for state in order:  # grows while it is read: states by the way to them, so that each writing is the same
        found = [table.states[state][name][1] for name in sorted(table.states[state])]
        order += dict.fromkeys(each for each in found if isinstance(each, int) and each not in order)
    rows = []
    for state in order:
        signs = [" "] * len(columns)
        for name, (_, found) in table.states[state].items():
            number = order.index(found) if isinstance(found, int) else len(order) + rules.index(found)
            signs[columns.index(name)] = chr(_FIRST_SIGN + number)
        rows.append("".join(signs).rstrip())
    values: dict[str, list[Any]] = {
        "LEXICON": lexicon,
        "RULES": [(columns.index(rule.origin.name), len(rule.expansion), _action(rule)) for rule in rules],
        "ROWS": rows,
    }
    first = f"\n/** Code of the sign that stands for 0. */\nexport const FIRST_SIGN = {_FIRST_SIGN};\n"
    parts = (
        f"\n/** {words} */\nexport const {name}: {kind} = {_list(values[name])};\n"
        for name, (words, kind) in _WORDS.items()
    )
    return HEAD + first + "".join(parts)


def _pattern(pattern: str) -> str:
    for python, javascript in _IN_JAVASCRIPT:
        pattern = pattern.replace(python, javascript)
    return pattern


def _action(rule: Any) -> str:
    """Name what is done with the parts of a rule; nothing where they are passed on as they are."""
    name = str(rule.alias or rule.origin.name)
    return "" if name.startswith("_") or (rule.options.expand1 and not rule.alias) else name


def _list(values: list[Any]) -> str:
    return "[\n" + "".join(f"  {json.dumps(value)},\n" for value in values) + "]"


if __name__ == "__main__":
    TARGET.write_text(table_text(), encoding="utf-8")
