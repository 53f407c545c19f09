"""Expressions and programs, from text to a graph; nothing is ever evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.errors import ExpressionError
from backpropviz.graph.builder import GraphBuilder
from backpropviz.graph.text import hints, limits
from backpropviz.graph.text.functions import CONSTANTS, NUMBERS, functions
from backpropviz.graph.text.phrases import read
from backpropviz.graph.text.syntax import Fault, Phrase
from backpropviz.ops import REGISTRY, suggest

if TYPE_CHECKING:
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.graph import Graph


_MOST_EDITS = 20
"""So many faults of one text are put right at once."""


def parse(text: str) -> Graph:
    """Read an expression, or a program, into a graph.

    Parameters
    ----------
    text : str
        One expression, or assignments on lines or separated by ``;``, the last one the output. ``# …`` is a comment.
        Operators ``+ - * / **``; functions: every operation of ``backpropviz.ops.REGISTRY`` that acts entry by entry,
        and ``log`` for ``ln``; constants ``pi`` and ``e``, unless the program assigns them; numbers ``inf`` and
        ``nan``. ``input x, e`` declares inputs: their order, inputs that nothing uses, and inputs called like a
        constant or a function. At most 4,096 characters, 100 open parentheses, 2,000 operations, 200 names.

    Returns
    -------
    Graph
        Equal sub-expressions are one node; inputs in the order of their first appearance. A sum written as a chain,
        ``a + b + c``, is one node with three arguments.

    Raises
    ------
    ExpressionError
        With the place of the fault in characters, and what to write instead.

    Examples
    --------
    >>> parse("a = x*z; y = exp(a) + a/ln(x)").inputs
    ('x', 'z')
    >>> parse("2x")
    Traceback (most recent call last):
    backpropviz.errors.ExpressionError: A sign is missing between these two. (at character 1)
      2x
      ^^
    Write 2*x to multiply.
    """
    if not isinstance(text, str):
        raise TypeError(f"parse takes text, not {type(text).__name__}. For a Python function, use trace.")
    try:
        return _Meaning().graph(read(text))
    except Fault as fault:
        raise ExpressionError(
            fault.message,
            text=text,
            start=fault.start,
            end=fault.end,
            hint=fault.hint,
            replacement=_rewritten(text, fault),
        ) from None


def _rewritten(text: str, fault: Fault) -> str:
    """Give the text with everything put right that surely can be; empty where it would still not be read."""
    known: Fault = fault
    for _ in range(_MOST_EDITS):
        if known.edit is None:
            return ""
        start, end, plain = known.edit
        text = text[:start] + plain + text[end:]
        try:
            _Meaning().graph(read(text))
        except Fault as later:
            known = later
        else:
            return text
    return ""


class _Meaning:
    """What the names of one text stand for, and the graph under construction."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.assigned: dict[str, Reference] = {}
        self.first_use: dict[str, Phrase] = {}  # of names that were not assigned when they were used
        self.declared: set[str] = set()
        self.functions = functions()
        self.operations = 0

    def graph(self, statements: list[Phrase]) -> Graph:
        output: Reference = 0
        for position, statement in enumerate(statements):
            if statement.kind == "assignment":
                output = self.assign(statement)
            elif statement.kind == "inputs":
                self.declare(statement, last=position == len(statements) - 1)
            elif position < len(statements) - 1:
                raise Fault(
                    "The value of this statement goes nowhere; only the last one may stand without a name.",
                    statement.start,
                    statement.end,
                    "Name it, as in a = x*z.",
                )
            else:
                output = self.value(statement)
        return self.builder.build(output)

    def declare(self, statement: Phrase, *, last: bool) -> None:
        for phrase in statement.parts:
            name, place = phrase.text, (phrase.start, phrase.end)
            if name in NUMBERS:
                raise Fault(f"“{name}” is a number.", *place, f"Choose another name, such as {name}_1.")
            if name in self.declared:
                raise Fault(f"“{name}” is declared twice.", *place, "Name each input once.")
            if name in self.assigned or name in self.first_use:
                raise Fault(f"“{name}” is used before it is declared.", *place, "Write this line first.")
            self.count_name(name, phrase)
            self.declared.add(name)
            self.builder.input(name)
        if last:
            raise Fault(
                "The text ends with its inputs.", statement.start, statement.end, "Write the expression behind them."
            )

    def assign(self, statement: Phrase) -> Reference:
        name, start, end = statement.text, statement.start, statement.end
        if name in self.declared:
            raise Fault(f"“{name}” is an input.", start, end, f"Choose another name, such as {name}_2.")
        if name in self.functions:
            raise Fault(f"“{name}” is the name of a function.", start, end, f"Choose another name, such as {name}_1.")
        if name in NUMBERS:
            raise Fault(f"“{name}” is a number.", start, end, f"Choose another name, such as {name}_1.")
        if name == "π":
            raise Fault("“π” is a constant.", start, end, "Choose another name; pi may be assigned.")
        if name in self.assigned:
            raise Fault(f"“{name}” is named twice.", start, end, f"Choose another name, such as {name}_2.")
        (phrase,) = statement.parts
        reference = self.value(phrase)
        if name in self.first_use:
            self.used_too_early(name, phrase)
        self.count_name(name, statement)
        self.assigned[name] = reference
        self.builder.name(reference, name)
        return reference

    def used_too_early(self, name: str, phrase: Phrase) -> None:
        use = self.first_use[name]
        if use.start >= phrase.start:
            raise Fault(
                f"“{name}” is defined by itself.", use.start, use.end, f"Choose another name on the left: {name}_2 = …"
            )
        raise Fault(
            f"“{name}” is used before it is assigned.",
            use.start,
            use.end,
            f"Move the line “{name} = …” above this one.",
        )

    def value(self, root: Phrase) -> Reference:
        """Build a phrase from its leaves up, left to right, with a stack of our own instead of recursion."""
        waiting, order = [root], []
        while waiting:
            phrase = waiting.pop()
            order.append(phrase)
            waiting.extend(self.arguments(phrase))
        results: list[Reference] = []
        for phrase in reversed(order):
            count = len(self.arguments(phrase))
            first = len(results) - count
            results[first:] = [self.node(phrase, tuple(results[first:]))]
        return results.pop()

    def arguments(self, phrase: Phrase) -> list[Phrase]:
        """Parts that become nodes; a slope does not."""
        op_name = self.functions.get(phrase.text) if phrase.kind == "call" else None
        if op_name is not None and REGISTRY[op_name].parameters:
            return phrase.parts[: REGISTRY[op_name].arity]
        return phrase.parts

    def node(self, phrase: Phrase, arguments: tuple[Reference, ...]) -> Reference:
        if phrase.kind == "number":
            return self.builder.constant(phrase.value)
        if phrase.kind == "name":
            return self.named(phrase)
        if phrase.kind == "group":
            return arguments[0]
        self.operations += 1
        if self.operations > limits.OPERATIONS:
            raise Fault(
                f"The text has more than {limits.OPERATIONS:,} operations.",
                phrase.start,
                phrase.end,
                "Trace a Python function instead.",
            )
        if phrase.kind == "call":
            return self.call(phrase, arguments)
        return self.builder.apply(phrase.kind, *arguments)

    def named(self, phrase: Phrase) -> Reference:
        name = phrase.text
        known = self.assigned.get(name)
        if known is not None:
            return known
        if name in self.declared:
            return self.builder.input(name)
        if name in self.functions:
            raise Fault(f"“{name}” is a function and needs an argument.", phrase.start, phrase.end, f"Write {name}(x).")
        if name not in self.first_use:
            if name not in CONSTANTS:
                self.count_name(name, phrase)
            self.first_use[name] = phrase
        if name in CONSTANTS:
            return self.builder.constant(CONSTANTS[name])
        return self.builder.input(name)

    def count_name(self, name: str, phrase: Phrase) -> None:
        used = {*self.assigned, *self.declared, *(self.first_use.keys() - CONSTANTS.keys())}
        if len(used) >= limits.MOST_NAMES:
            raise Fault(
                f"The text has more than {limits.MOST_NAMES} names; “{name}” is one too many.",
                phrase.start,
                phrase.end,
                "Trace a Python function instead.",
            )

    def call(self, phrase: Phrase, arguments: tuple[Reference, ...]) -> Reference:
        name = phrase.text
        op_name = self.functions.get(name)
        if op_name is None:
            raise self.no_function(phrase)
        op, count = REGISTRY[op_name], len(phrase.parts)
        settings = phrase.parts[op.arity :] if op.parameters else []
        if len(settings) > len(op.parameters) or not op.accepts(count - len(settings)):
            raise Fault(
                f"{name} takes {op.arity_text}, not {count or 'none'}.", phrase.start, phrase.end, _arity_hint(phrase)
            )
        for word, setting in zip(op.parameters, settings, strict=False):
            if setting.kind != "number":
                raise Fault(
                    f"The {word} of {name} is a plain number.", setting.start, setting.end, "Write it, as in 0.1."
                )
        given: dict[str, Any] = {word: setting.value for word, setting in zip(op.parameters, settings, strict=False)}
        return self.builder.apply(op_name, *arguments, **given)

    def no_function(self, phrase: Phrase) -> Fault:
        name = phrase.text
        start, end = phrase.start, phrase.start + len(name)
        product = f"Write {name}*(…) to multiply."
        near = suggest(name, self.functions)
        if len(name) == 1 or name in {*self.assigned, *self.declared, *self.first_use, *CONSTANTS, *NUMBERS}:
            return Fault(f"“{name}” is a name, and no function.", start, end, product)
        if name in hints.KNOWN_ELSEWHERE:
            return Fault(f"There is no function “{name}”.", start, end, hints.KNOWN_ELSEWHERE[name])
        if near is not None:
            return Fault(f"There is no function “{name}”.", start, end, f"Did you mean {near}(…)?")
        listed = ", ".join(sorted(self.functions))
        return Fault(f"There is no function “{name}”.", start, end, f"{product} Functions: {listed}.")


def _arity_hint(phrase: Phrase) -> str:
    name, parts = phrase.text, phrase.parts
    if len(parts) == 2 and parts[0].kind == parts[1].kind == "number" and parts[0].end + 1 == parts[1].start:
        return f"If the comma marks decimals, write {name}({parts[0].value:.12g}.{parts[1].value:.12g})."
    op = REGISTRY[functions()[name]]
    if functions()[name] == "ln":
        return f"Write {name}(x)/{name}(2) for another base, such as 2."
    return f"Write {name}({', '.join('xyzw'[: op.arity or 2])})."
