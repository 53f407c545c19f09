"""Engines that learners write: objects with a number, a gradient and children, read as a graph by their shape alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.engine_mistakes import find_mistake
from backpropviz.adopt.guessed_operations import guessed
from backpropviz.autodiff.collector import collector_waits
from backpropviz.errors import AdoptionError
from backpropviz.graph import Graph
from backpropviz.graph.node import CONSTANT, INPUT, Node

if TYPE_CHECKING:
    from collections.abc import Callable

_CHILDREN = ("_prev", "_children", "children", "prev", "parents", "_parents", "inputs", "args")
_NUMBER = ("data", "value", "val", "x")
_SLOPE = ("grad", "gradient", "derivative", "adjoint")
_LABEL = ("label", "name", "_label")
_LONGEST = 60
MOST_OBJECTS = 1_000_000
"""Objects that are read; a graph of more cannot be looked at in any sense."""


@collector_waits()
def from_values(root: Any) -> Adopted:
    """Read the graph that a scalar engine built: micrograd's, microgpt's, or one written in class.

    Nothing is imported and no class is asked for: an object that holds its number (``data`` or ``value``), its gradient
    (``grad``) and what it was computed from (``_prev``, ``_children`` or ``children``) is enough. Which operation it is
    follows from its sign (``_op``), from the name of its backward function, or else from its number.

    Parameters
    ----------
    root : object
        The last value, such as the loss; its ``backward()`` need not have run, but :meth:`Adopted.check` compares
        gradients only after it.

    Returns
    -------
    Adopted
        Leaves are inputs, under their labels where they have some. ``.check()`` names the object whose gradient is
        wrong, and the likely mistake.

    Raises
    ------
    AdoptionError
        Where the object has no number or no children, or where no operation gives its number.

    Examples
    --------
    >>> class Value:
    ...     def __init__(self, data, children=(), op=""):
    ...         self.data, self.grad, self._prev, self._op = data, 0.0, children, op
    >>> x = Value(3.0)
    >>> adopted = from_values(Value(9.0, (x, x), "*"))
    >>> adopted.graph.program(), float(adopted.point["x1"])
    ('v1 = x1*x1', 3.0)
    """
    children_of = _children(_accessor(root, _CHILDREN, "what it was computed from"))
    number_of = _numbers(_accessor(root, _NUMBER, "its number"))
    slopes = [name for name in _SLOPE if hasattr(root, name)]
    order = _in_order(root, children_of)
    names = _names(order, children_of)
    nodes: list[Node] = []
    point: dict[str, Any] = {}
    constants: set[float] = set()
    for each in order:
        name, children = names[id(each)], list(children_of(each))
        if not children:
            nodes.append(Node(name, INPUT))
            point[name] = np.asarray(number_of(each), dtype=np.float64)[()]
            continue
        guess = guessed(each, name, children, number_of)
        arguments = [names[id(child)] for child in guess.arguments]
        for number in guess.numbers:
            if number not in constants:
                nodes.append(Node(_constant_name(number), CONSTANT, value=np.float64(number)))
                constants.add(number)
            arguments.append(_constant_name(number))
        nodes.append(Node(name, guess.op, tuple(arguments)))
    graph = Graph(nodes, names[id(root)])
    found = {names[id(each)]: each for each in order}

    def compare(adopted: Adopted, tolerance: float) -> None:
        values = {name: number_of(each) for name, each in found.items()}
        grads = {name: _slope(each, slopes[0]) for name, each in found.items()} if slopes else {}
        find_mistake(adopted, values, grads, tolerance)

    return Adopted(graph, point, {}, {}, (), compare)


def _accessor(root: Any, known: Iterable[str], meaning: str) -> Callable[[Any], Any]:
    for name in known:
        if hasattr(root, name) and not callable(getattr(root, name)):
            return lambda each: getattr(each, name)
    raise AdoptionError(
        f"A {type(root).__name__} does not tell {meaning}: none of {', '.join(known)} is there. Give it such an "
        "attribute, or write the function and use bpv.trace.",
        expected=tuple(known),
    )


def _children(told: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Read children in whatever they are kept; numbers among them, and strings, are no objects of the engine."""

    def read(each: Any) -> list[Any]:
        found = told(each)
        if found is None:
            return []
        if isinstance(found, Mapping):
            found = found.values()
        elif isinstance(found, Iterator):
            raise AdoptionError(
                f"The children of {_said(each)} are a {type(found).__name__}, which is used up once it was read. Keep "
                "them in a tuple."
            )
        children = list(found) if isinstance(found, Iterable) and not isinstance(found, str) else [found]
        for child in children:
            if (
                not isinstance(child, type(each))
                and not isinstance(each, type(child))
                and not hasattr(child, "__dict__")
            ):
                raise AdoptionError(
                    f"Among the children of {_said(each)} is {child!r}, a {type(child).__name__}. Make it a "
                    f"{type(each).__name__} as well, as in other if isinstance(other, {type(each).__name__}) else "
                    f"{type(each).__name__}(other).",
                    actual=child,
                )
        return children

    return read


def _numbers(told: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(each: Any) -> Any:
        found = told(each)
        try:
            np.asarray("" if found is None else found, dtype=np.float64)
        except (TypeError, ValueError):
            raise AdoptionError(
                f"A {type(each).__name__} holds {found!r}, which is no real number. Give it one.", actual=found
            ) from None
        return found

    return read


def _slope(each: Any, name: str) -> Any:
    """Give a gradient; None, as engines have it before the sweep, is 0."""
    found = getattr(each, name, None)
    return 0.0 if found is None else found


def _said(each: Any) -> str:
    text = repr(each)
    return text if len(text) <= _LONGEST else f"a {type(each).__name__}"


def _in_order(root: Any, children_of: Callable[[Any], Any]) -> list[Any]:
    """Give all objects, children first, without recursion."""
    order: list[Any] = []
    seen: set[int] = set()
    waiting: list[tuple[Any, bool]] = [(root, False)]
    open_ids: set[int] = set()
    while waiting:
        each, done = waiting.pop()
        if done:
            order.append(each)
            open_ids.discard(id(each))
            continue
        if id(each) in seen:
            continue
        seen.add(id(each))
        open_ids.add(id(each))
        if len(seen) > MOST_OBJECTS:
            raise AdoptionError(
                f"More than {MOST_OBJECTS:,} values belong to this root. Adopt a smaller example: fewer tokens, a "
                "batch of one, or one layer."
            )
        waiting.append((each, True))
        for child in reversed(list(children_of(each))):
            if id(child) in open_ids:
                raise AdoptionError("A value is computed from itself: the children go round in a circle.")
            waiting.append((child, False))
    return order


def _names(order: list[Any], children_of: Callable[[Any], Any]) -> dict[int, str]:
    names: dict[int, str] = {}
    taken: set[str] = set()
    count = {"x": 0, "v": 0}
    for each in order:
        label = next((text for name in _LABEL if isinstance(text := getattr(each, name, None), str) and text), "")
        if not label or label in taken:
            stem = "v" if list(children_of(each)) else "x"
            while True:
                count[stem] += 1
                label = f"{stem}{count[stem]}"
                if label not in taken:
                    break
        names[id(each)] = label
        taken.add(label)
    return names


def _constant_name(number: float) -> str:
    return re.sub(r"\.0$", "", repr(float(number)))
