"""An exercise as a value: a graph at a point, with blanks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.errors import InputError
from backpropviz.exercises.answers import TOLERANCE, close, judge
from backpropviz.exercises.generated import friendly_point, generate
from backpropviz.exercises.mistakes import Mistake, gradient_mistakes, value_mistakes
from backpropviz.graph import CONSTANT, Graph, parse
from backpropviz.steps.narrative import DEFAULT_NOTATION
from backpropviz.steps.numerals import format_number
from backpropviz.steps.segments import gradient_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.exercises.answers import Verdict
    from backpropviz.schema.story import PlainBlank, PlainSheet

ASKED = ("gradients", "values", "both")
VALUE, GRADIENT = "value", "gradient"


@dataclass(frozen=True, slots=True)
class Blank:
    """One number to be filled in.

    Parameters
    ----------
    node : str
        Of which node.
    kind : {"value", "gradient"}
        Which of its numbers.
    answer : float
        The right one.
    mistakes : tuple of Mistake
        Typical errors that give another number.
    """

    node: str
    kind: str
    answer: float
    mistakes: tuple[Mistake, ...]

    def judge(self, text: str) -> Verdict:
        """Judge an answer as it was typed."""
        return judge(text, self.answer, self.mistakes)

    def to_plain(self, place: Mapping[str, int]) -> PlainBlank:
        """Give the blank as the page reads it."""
        return {
            "node": place[self.node],
            "kind": self.kind,
            "answer": self.answer,
            "mistakes": [[mistake.kind, mistake.text, mistake.number] for mistake in self.mistakes],
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exercise: a graph at a point, with blanks in the order of the sweeps.

    Parameters
    ----------
    graph : Graph
        Of scalars.
    point : dict of str to float
        Value of every input.
    blanks : tuple of Blank
        What is asked for.
    level : str
        Of a generated graph; empty for a given one.
    seed : int
        What was drawn at random was drawn with it.
    ask : {"gradients", "values", "both"}
        What is left blank.
    """

    graph: Graph
    point: dict[str, float]
    blanks: tuple[Blank, ...]
    level: str
    seed: int
    ask: str = "gradients"

    def question(self, blank: Blank, notation: str = DEFAULT_NOTATION) -> str:
        """Name a blank as the picture does: ``v1``, or ``g_v1``."""
        if blank.kind == VALUE:
            return blank.node
        return gradient_symbol(blank.node, notation, self.graph.output)

    def to_plain(self) -> PlainSheet:
        """Give the sheet as the page reads it."""
        place = {name: index for index, name in enumerate(self.graph.nodes)}
        return {
            "tolerance": TOLERANCE,
            "level": self.level,
            "seed": self.seed,
            "program": self.graph.program(),
            "inputs": self.point,
            "blanks": [blank.to_plain(place) for blank in self.blanks],
        }


def make_sheet(
    source: Graph | str | None = None,
    point: Mapping[str, object] | None = None,
    *,
    level: str | int = 1,
    seed: int = 0,
    ask: str = "gradients",
) -> Sheet:
    """Make an exercise.

    Parameters
    ----------
    source : Graph or str, optional
        What to work on; without one a graph is generated.
    point : mapping of str to number, optional
        Input values; those left out are drawn, small and friendly.
    level : str or int
        Of a generated graph: one of :data:`backpropviz.exercises.LEVELS`, or its number from 1.
    seed : int
        The same seed gives the same exercise.
    ask : {"gradients", "values", "both"}
        What is left blank.

    Raises
    ------
    InputError
        For an unknown level or question, arrays, or a point at which a value or gradient is not finite.
    ExpressionError
        For text that cannot be read.
    """
    if ask not in ASKED:
        raise InputError(f"Unknown question {ask!r}: write one of {', '.join(map(repr, ASKED))}.")
    given = dict(point or {})
    name = ""
    if source is None:
        graph, drawn, name = generate(level, seed)
    else:
        graph = parse(source) if isinstance(source, str) else source
        missing = [each for each in graph.inputs if each not in given]
        drawn = friendly_point(graph, missing, given, seed)
    tape = evaluate(graph, {**drawn, **given}, {})
    adjoints = _finite(tape)
    blanks = []
    if ask != "gradients":
        blanks += [_value_blank(tape, node) for node in graph.nodes if graph.arguments(node)]
    if ask != "values":
        asked = [node for node in reversed(graph.nodes) if graph.op(node) != CONSTANT and node != graph.output]
        blanks += [_gradient_blank(tape, adjoints, node) for node in asked if graph.consumers(node)]
    if not blanks:
        raise InputError("This graph has nothing to ask for: it has no operation.")
    where = {each: float(tape.primals[each]) for each in graph.inputs}
    return Sheet(graph, where, tuple(blanks), name, seed, ask)


def _finite(tape: Tape) -> Adjoints:
    """Require scalars, and finite numbers everywhere."""
    graph = tape.graph
    for node, shape in tape.shapes.items():
        if shape != ():
            raise InputError(
                f"{node} is an array: exercises ask for single numbers. Write the graph in components: x1*y1 + x2*y2.",
                node=node,
            )
    if tape.non_finite is not None:
        node = tape.non_finite
        raise InputError(
            f"{node} = {graph.definition(node, 'unicode')} is {format_number(float(tape.primals[node]))} at these "
            "inputs, so nothing after it can be asked for. Choose other inputs.",
            node=node,
        )
    adjoints = tape.reverse()
    for node, adjoint in adjoints.items():
        if not np.isfinite(adjoint):
            raise InputError(
                f"The gradient of {node} is {format_number(float(adjoint))} at these inputs. Choose others.", node=node
            )
    return adjoints


def _value_blank(tape: Tape, node: str) -> Blank:
    answer = float(tape.primals[node])
    return Blank(node, VALUE, answer, _telling(value_mistakes(tape, node), answer))


def _gradient_blank(tape: Tape, adjoints: Adjoints, node: str) -> Blank:
    answer = float(adjoints[node])
    return Blank(node, GRADIENT, answer, _telling(gradient_mistakes(tape, adjoints, node), answer))


def _telling(mistakes: list[Mistake], answer: float) -> tuple[Mistake, ...]:
    """Keep the errors that can be told from the right answer, each once."""
    kept = [each for each in mistakes if np.isfinite(each.number) and not close(each.number, answer)]
    return tuple(dict.fromkeys(kept))
