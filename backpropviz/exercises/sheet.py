"""An exercise as a value: a graph at a point, with blanks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.errors import InputError
from backpropviz.exercises.answers import TOLERANCE
from backpropviz.exercises.blanks import PRODUCT, SHAPE, VALUE
from backpropviz.exercises.generated import friendly_point, generate
from backpropviz.exercises.questions import blank_of, usual_questions, written_questions
from backpropviz.graph import Graph, parse
from backpropviz.steps.narrative import DEFAULT_NOTATION
from backpropviz.steps.numerals import format_number
from backpropviz.steps.run import plain_inputs
from backpropviz.steps.segments import gradient_symbol, shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.exercises.blanks import AnyBlank
    from backpropviz.graph import Number
    from backpropviz.schema.story import PlainSheet

ASKED = ("gradients", "values", "both")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exercise: a graph at a point, with blanks in the order of the sweeps.

    Parameters
    ----------
    graph : Graph
        Of numbers or arrays.
    point : dict of str to number or array
        Value of every input.
    blanks : tuple of Blank, GridBlank, ShapeBlank or ProductBlank
        What is asked for.
    level : str
        Of a generated graph; empty for a given one.
    seed : int
        What was drawn at random was drawn with it.
    ask : {"gradients", "values", "both"} or tuple of str
        What is left blank.
    """

    graph: Graph
    point: dict[str, float | Number]
    blanks: tuple[AnyBlank, ...]
    level: str
    seed: int
    ask: str | tuple[str, ...] = "gradients"

    def question(self, blank: AnyBlank, notation: str = DEFAULT_NOTATION) -> str:
        """Name a blank as the picture does: ``v1``, ``g_v1`` or ``g_W[2,0]``."""
        if blank.kind == VALUE:
            return blank.name
        symbol = gradient_symbol(blank.node, notation, self.graph.output)
        if blank.kind == SHAPE:
            return f"shape of {symbol}"
        return f"{symbol} as a product" if blank.kind == PRODUCT else symbol + blank.name.removeprefix(blank.node)

    def another(self) -> Sheet:
        """Make the next exercise of the same kind: of a graph that was given, with other numbers in its inputs.

        Raises
        ------
        InputError
            Where no numbers are found at which every value and gradient is finite.
        """
        seed = self.seed + 1
        if self.level:
            return make_sheet(level=self.level, seed=seed, ask=self.ask)
        shapes = {name: np.shape(value) for name, value in self.point.items()}
        point = friendly_point(self.graph, self.graph.inputs, {}, seed, shapes)
        return make_sheet(self.graph, point, seed=seed, ask=self.ask)

    def to_plain(self) -> PlainSheet:
        """Give the sheet as the page reads it."""
        place = {name: index for index, name in enumerate(self.graph.nodes)}
        return {
            "tolerance": TOLERANCE,
            "level": self.level,
            "seed": self.seed,
            "program": self.graph.program(),
            "inputs": plain_inputs(self.point),
            "blanks": [blank.to_plain(place) for blank in self.blanks],
        }


def make_sheet(
    source: Graph | str | None = None,
    point: Mapping[str, object] | None = None,
    *,
    level: str | int = 1,
    seed: int = 0,
    ask: str | Sequence[str] = "gradients",
) -> Sheet:
    """Make an exercise.

    Parameters
    ----------
    source : Graph or str, optional
        What to work on; without one a graph is generated.
    point : mapping of str to number or array, optional
        Input values; those left out are drawn, small and friendly, as numbers.
    level : str or int
        Of a generated graph: one of :data:`backpropviz.exercises.LEVELS`, or its number from 1.
    seed : int
        The same seed gives the same exercise.
    ask : {"gradients", "values", "both"} or sequence of str
        What is left blank. Of arrays: an entry or all entries, and for inputs of products also shape and product. Or
        the questions in their order: ``"value A"``, ``"gradient W"``, ``"gradient W[2,0]"``, ``"shape W"``,
        ``"product W"``.

    Raises
    ------
    InputError
        For an unknown level or question, an output that is no single number, or a point at which a value or gradient
        is not finite.
    ExpressionError
        For text that cannot be read.
    """
    if ask not in ASKED if isinstance(ask, str) else not np.iterable(ask):
        listed = ", ".join(map(repr, ASKED))
        raise InputError(f'Unknown question {ask!r}: write one of {listed}, or a list such as ["gradient W[2,0]"].')
    given = dict(point or {})
    name = ""
    drawn: Mapping[str, object]
    if source is None:
        graph, drawn, name = generate(level, seed)
    else:
        graph = parse(source) if isinstance(source, str) else source
        missing = [each for each in graph.inputs if each not in given]
        drawn = friendly_point(graph, missing, given, seed)
    tape = evaluate(graph, {**drawn, **given}, {})
    adjoints = _finite(tape)
    questions = usual_questions(tape, ask, seed) if isinstance(ask, str) else written_questions(tape, ask)
    blanks = tuple(blank_of(tape, adjoints, each, seed) for each in questions)
    if not blanks:
        raise InputError("This graph has nothing to ask for: it has no operation.")
    where: dict[str, float | Number] = {
        each: value if np.ndim(value := tape.primals[each]) else float(value) for each in graph.inputs
    }
    return Sheet(graph, where, blanks, name, seed, ask if isinstance(ask, str) else tuple(ask))


def _finite(tape: Tape) -> Adjoints:
    """Require one number at the end, and finite numbers everywhere."""
    graph = tape.graph
    if shape := tape.shapes[graph.output]:
        raise InputError(
            f"The output {graph.output} has the shape {shape_text(shape)}: exercises ask for gradients of one number. "
            f"End with a loss, such as the sum of {graph.output}.",
            node=graph.output,
        )
    if tape.non_finite is not None:
        node = tape.non_finite
        number, where = _first_not_finite(tape.primals[node])
        raise InputError(
            f"{node}{where} = {graph.definition(node, 'unicode')} is {format_number(number)} at these "
            "inputs, so nothing after it can be asked for. Choose other inputs.",
            node=node,
        )
    adjoints = tape.reverse()
    for node, adjoint in adjoints.items():
        if not np.isfinite(adjoint).all():
            number, where = _first_not_finite(adjoint)
            raise InputError(
                f"The gradient of {node}{where} is {format_number(number)} at these inputs. Choose others.", node=node
            )
    return adjoints


def _first_not_finite(number: Number) -> tuple[float, str]:
    """Give the first entry that is not finite, and its index as text."""
    if not np.ndim(number):
        return float(number), ""
    entry = tuple(map(int, np.argwhere(~np.isfinite(number))[0]))
    return float(np.asarray(number)[entry]), f"[{','.join(map(str, entry))}]"
