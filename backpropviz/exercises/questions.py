"""What a sheet asks for: the questions of a graph in the order of the sweeps, and those that a lecturer writes."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from backpropviz.errors import InputError
from backpropviz.exercises.answers import NOTHING, TOLERANCE, close
from backpropviz.exercises.blanks import GRADIENT, PRODUCT, SHAPE, VALUE, Blank, GridBlank, ProductBlank, ShapeBlank
from backpropviz.exercises.gradient_mistakes import gradient_mistakes
from backpropviz.exercises.mistakes import PER_EXAMPLE, TRANSPOSED, Mistake
from backpropviz.exercises.products import OTHER_SHAPE, product_question
from backpropviz.exercises.value_mistakes import value_mistakes
from backpropviz.graph import CONSTANT
from backpropviz.ops import suggest
from backpropviz.steps.array_words import example_nodes
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.exercises.blanks import AnyBlank

MOST_FIELDS = 6
"""Entries up to which a whole array is asked for, where nothing is said; of a larger one a single entry."""
_MOST_ENTRIES = 64
_QUESTION = re.compile(r"\s*(value|gradient|shape|product)\s+(?:of\s+)?(.+?)\s*(?:\[\s*([-\d,\s]+)\s*\])?\s*")
_READ_AS = "Write value A, gradient W, gradient W[2,0], shape W or product W."


class Question(NamedTuple):
    """What is asked of a node; of an array all, or one entry."""

    kind: str
    node: str
    entry: tuple[int, ...] = ()


def usual_questions(tape: Tape, ask: str, seed: int) -> Iterator[Question]:
    """List what is asked where nothing is said: values forward, then gradients backward.

    Of an array between inputs and output one entry is asked for, of a small input all. The gradient of an input that
    goes into a matrix product, or is used several times, is also asked for by its shape and its product. Examples of
    a batch are data: their gradient is asked for where there is nothing else.
    """
    graph, shapes = tape.graph, tape.shapes
    chance = random.Random(f"entries/{seed}")  # noqa: S311  exercises, not secrets
    if ask != "gradients":
        for node in graph.nodes:
            if graph.arguments(node):
                yield Question(VALUE, node, _entry(chance, tape.primals[node]))
    if ask == "values":
        return
    adjoints = tape.reverse()
    data = {node for node in example_nodes(graph, shapes) if not graph.arguments(node)}
    data = set() if data == set(graph.inputs) else data
    for node in reversed(graph.nodes):
        if graph.op(node) == CONSTANT or node == graph.output or not graph.consumers(node) or node in data:
            continue
        is_input = not graph.arguments(node)
        if is_input and shapes[node] and product_question(tape, adjoints, node) is not None:
            yield Question(SHAPE, node)
            yield Question(PRODUCT, node)
        whole = is_input and 1 < np.size(tape.primals[node]) <= MOST_FIELDS
        yield Question(GRADIENT, node, () if whole else _entry(chance, adjoints[node]))


def _entry(chance: random.Random, number: Any) -> tuple[int, ...]:
    """Choose an entry that is not 0, where there is any."""
    every = list(np.ndindex(np.shape(number)))
    if every == [()]:
        return ()
    telling = [entry for entry in every if abs(number[entry]) > NOTHING]
    return tuple(chance.choice(telling or every))


def written_questions(tape: Tape, texts: Iterable[object]) -> Iterator[Question]:
    """Read questions as a lecturer writes them, ``"gradient W[2,0]"``, ``"shape W"``, ``"product W"``.

    Raises
    ------
    InputError
        For a question that cannot be read, or is about a node or an entry that is not there.
    """
    graph, shapes = tape.graph, tape.shapes
    for text in texts:
        found = _QUESTION.fullmatch(text) if isinstance(text, str) else None
        if not isinstance(text, str) or found is None:
            raise InputError(f"The question {text!r} cannot be read. {_READ_AS}")
        kind, node, index = found.groups()
        if node not in graph.nodes:
            hint = suggest(node, graph.nodes) or f"Its nodes are {', '.join(graph.nodes)}."
            raise InputError(
                f"The question {text!r} asks about {node}, which is no node of the graph. {hint}", node=node
            )
        shape = shapes[node]
        if (
            graph.op(node) == CONSTANT
            or (kind != VALUE and not graph.consumers(node))
            or (kind == VALUE and not graph.arguments(node))
        ):
            raise InputError(f"The question {text!r} has no answer to find: {_why_given(tape, kind, node)}", node=node)
        entry = () if index is None else _read_entry(text, index, node, shape)
        if kind in (SHAPE, PRODUCT) and (index is not None or not shape):
            what = "is one number" if not shape else "is asked of the whole array"
            raise InputError(f"The question {text!r} asks for the {kind} of an entry: {node} {what}.", node=node)
        size = int(np.prod(shape, dtype=int))
        if kind in (VALUE, GRADIENT) and not entry and size > _MOST_ENTRIES:
            last = ",".join(str(length - 1) for length in shape)
            raise InputError(
                f"The question {text!r} asks for {size} numbers: {node} is {shape_text(shape)}, and a sheet has room "
                f"for {_MOST_ENTRIES}. Ask for an entry, such as {kind} {node}[{last}].",
                node=node,
            )
        yield Question(kind, node, entry)


def _why_given(tape: Tape, kind: str, node: str) -> str:
    if tape.graph.op(node) == CONSTANT:
        return f"{node} is a constant."
    if kind == VALUE:
        return f"{node} is an input, whose value is given."
    return f"the gradient of {node}, the output, is the 1 from which the sweep starts."


def _read_entry(text: str, index: str, node: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    try:
        entry = tuple(int(part) for part in index.split(","))
    except ValueError:
        raise InputError(f"The question {text!r} has an index that cannot be read. {_READ_AS}", node=node) from None
    if len(entry) != len(shape) or not all(-size <= place < size for place, size in zip(entry, shape, strict=True)):
        within = f"has the shape {shape_text(shape)}; indices begin at 0" if shape else "is one number"
        raise InputError(f"The question {text!r} asks for an entry that is not there: {node} {within}.", node=node)
    return tuple(place % size for place, size in zip(entry, shape, strict=True))


def blank_of(tape: Tape, adjoints: Adjoints, question: Question, seed: int) -> AnyBlank:
    """Find the answer of a question, and what typical errors give.

    Raises
    ------
    InputError
        For a product where no one product gives the gradient.
    """
    kind, node, entry = question
    if kind == SHAPE:
        return _shape_blank(tape, node)
    if kind == PRODUCT:
        return _product_blank(tape, adjoints, node, seed)
    number = np.asarray(tape.primals[node] if kind == VALUE else adjoints[node])
    found = value_mistakes(tape, node) if kind == VALUE else gradient_mistakes(tape, adjoints, node)
    shape = np.shape(number)
    if shape and not entry:
        return GridBlank(node, kind, shape, _entries(number), _telling_arrays(found, number))
    if entry and len(shape) == 2 and entry[0] != entry[1] and max(entry) < min(shape):
        text = f"You took the entry [{entry[1]},{entry[0]}]: the first index is the row, the second the column."
        found = [
            *found,
            Mistake(TRANSPOSED, text, np.transpose(number) if shape[0] == shape[1] else number[entry[::-1]]),
        ]
    answer = float(number[entry])
    every = [Mistake(each.kind, each.text, _at(each.number, entry)) for each in found]
    kept = [each for each in every if np.isfinite(each.number) and not close(each.number, answer)]
    return Blank(node, kind, answer, tuple(dict.fromkeys(kept)), entry)


def _at(number: Any, entry: tuple[int, ...]) -> float:
    return float(number[entry] if np.ndim(number) else number)


def _entries(number: Any) -> tuple[float, ...]:
    return tuple(map(float, np.ravel(number)))


def _telling_arrays(found: list[Mistake], number: Any) -> tuple[Mistake, ...]:
    """Keep the errors that can be told from the right array, each once."""
    kept = []
    for kind, text, wrong in found:
        if np.isfinite(wrong).all() and not np.allclose(wrong, number, rtol=TOLERANCE, atol=NOTHING):
            kept.append(Mistake(kind, text, _entries(wrong)))
    return tuple(dict.fromkeys(kept))


def _shape_blank(tape: Tape, node: str) -> ShapeBlank:
    graph, shapes = tape.graph, tape.shapes
    right = shapes[node]
    own = f"A gradient has the shape of what it belongs to, so look at {node}."
    found = [Mistake(TRANSPOSED, f"This is turned. {own}", right[::-1])]
    for consumer, _ in graph.consumers(node):
        text = f"This is the shape of the gradient of {consumer}, which arrives. {own}"
        if len(right) < len(shapes[consumer]) and shapes[consumer][-len(right) :] == right:
            count = shapes[consumer][0]
            each = "the one row" if count == 1 else f"each of the {count} rows"
            rows = f"{node} is used once for {each}, and what comes back is summed."
            found.append(Mistake(PER_EXAMPLE, f"You did not sum over the batch: {rows} {own}", shapes[consumer]))
        else:
            found.append(Mistake(OTHER_SHAPE, text, shapes[consumer]))
        others = [each for each in graph.arguments(consumer) if graph.op(each) != CONSTANT and each != node]
        found += [Mistake(OTHER_SHAPE, f"This is the shape of {each}. {own}", shapes[each]) for each in others]
    scalar = f"The output is one number, but its derivatives by all entries of {node} are asked for. {own}"
    found.append(Mistake(OTHER_SHAPE, scalar, ()))
    if len(right) == 1:
        text = f"{node} is a vector with one axis, {shape_text(right)}: it is neither a row nor a column."
        found += [Mistake(OTHER_SHAPE, text, shape) for shape in ((*right, 1), (1, *right))]
    count = int(np.prod(right, dtype=int))
    if len(right) > 1:
        text = f"This counts the entries. The gradient keeps their places. {own}"
        found.append(Mistake(OTHER_SHAPE, text, (count,)))
    kept = {each.number: each for each in reversed(found) if each.number != right}
    return ShapeBlank(node, right, tuple(reversed(kept.values())))


def _product_blank(tape: Tape, adjoints: Adjoints, node: str, seed: int) -> ProductBlank:
    table = product_question(tape, adjoints, node, seed)
    if table is None:
        raise InputError(
            f"The gradient of {node} is not given by one product of two factors. Ask for the product of a node that "
            "goes into one matrix product, one product, or a sum that repeats it.",
            node=node,
        )
    (consumer,) = dict.fromkeys(
        each for each, slot in tape.graph.consumers(node) if (each, slot) in adjoints.contributions
    )
    return ProductBlank(node, consumer, table.factors[-1], table)
