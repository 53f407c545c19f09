"""Expressions and programs, from text to a graph; nothing is ever evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import ExpressionError
from backpropviz.graph import limits
from backpropviz.graph.builder import GraphBuilder
from backpropviz.graph.functions import CONSTANTS, functions
from backpropviz.graph.reading import read
from backpropviz.graph.syntax import Fault, Phrase
from backpropviz.ops import REGISTRY, suggest

if TYPE_CHECKING:
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.graph import Graph


def parse(text: str) -> Graph:
    """Read an expression, or a program, into a graph.

    Parameters
    ----------
    text : str
        One expression, or assignments on lines or separated by ``;``, the last one the output. ``# …`` is a comment.
        Operators ``+ - * / **``; functions as in ``backpropviz.ops.REGISTRY``, and ``log`` for ``ln``; constants
        ``pi`` and ``e``, unless the program assigns them. At most 4,096 characters, 100 open parentheses, 2,000
        operations, 200 names.

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
        raise ExpressionError(fault.message, text=text, start=fault.start, end=fault.end, hint=fault.hint) from None


class _Meaning:
    """What the names of one text stand for, and the graph under construction."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.assigned: dict[str, Reference] = {}
        self.first_use: dict[str, Phrase] = {}  # of names that were not assigned when they were used
        self.operations = 0

    def graph(self, statements: list[Phrase]) -> Graph:
        output: Reference = 0
        for position, statement in enumerate(statements):
            if statement.kind == "assignment":
                output = self.assign(statement)
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

    def assign(self, statement: Phrase) -> Reference:
        name, start, end = statement.text, statement.start, statement.end
        if name in functions():
            raise Fault(f"“{name}” is the name of a function.", start, end, f"Choose another name, such as {name}_1.")
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
        if phrase.kind == "call" and phrase.text == "leaky_relu":
            return phrase.parts[:1]
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
        if name in functions():
            raise Fault(f"“{name}” is a function and needs an argument.", phrase.start, phrase.end, f"Write {name}(x).")
        if name not in self.first_use:
            if name not in CONSTANTS:
                self.count_name(name, phrase)
            self.first_use[name] = phrase
        if name in CONSTANTS:
            return self.builder.constant(CONSTANTS[name])
        return self.builder.input(name)

    def count_name(self, name: str, phrase: Phrase) -> None:
        used = {*self.assigned, *self.first_use} - set(CONSTANTS)
        if len(used) >= limits.NAMES:
            raise Fault(
                f"The text has more than {limits.NAMES} names; “{name}” is one too many.",
                phrase.start,
                phrase.end,
                "Trace a Python function instead.",
            )

    def call(self, phrase: Phrase, arguments: tuple[Reference, ...]) -> Reference:
        name = phrase.text
        op_name = functions().get(name)
        if op_name is None:
            raise self.no_function(phrase)
        op, count = REGISTRY[op_name], len(phrase.parts)
        slope = phrase.parts[1] if op_name == "leaky_relu" and count == 2 else None
        if slope is not None:
            if slope.kind != "number":
                raise Fault(
                    "The slope of leaky_relu is a plain number.", slope.start, slope.end, "Write it, as in 0.1."
                )
            return self.builder.apply(op_name, *arguments, slope=slope.value)
        if not op.accepts(count):
            raise Fault(
                f"{name} takes {op.arity_text}, not {count or 'none'}.", phrase.start, phrase.end, _arity_hint(phrase)
            )
        return self.builder.apply(op_name, *arguments)

    def no_function(self, phrase: Phrase) -> Fault:
        name = phrase.text
        start, end = phrase.start, phrase.start + len(name)
        product = f"Write {name}*(…) to multiply."
        near = suggest(name, functions())
        if len(name) == 1 or name in self.assigned or name in self.first_use or name in CONSTANTS:
            return Fault(f"“{name}” is a name, and no function.", start, end, product)
        if near is not None:
            return Fault(f"There is no function “{name}”.", start, end, f"Did you mean {near}(…)?")
        listed = ", ".join(sorted(functions()))
        return Fault(f"There is no function “{name}”.", start, end, f"{product} Functions: {listed}.")


def _arity_hint(phrase: Phrase) -> str:
    name, parts = phrase.text, phrase.parts
    if len(parts) == 2 and parts[0].kind == parts[1].kind == "number" and parts[0].end + 1 == parts[1].start:
        return f"If the comma marks decimals, write {name}({parts[0].value:.12g}.{parts[1].value:.12g})."
    if name in ("max", "min"):
        return f"Write {name}(x, y)."
    op = REGISTRY[functions()[name]]
    return f"Write {name}({', '.join('xyzw'[: op.arity or 2])})."
