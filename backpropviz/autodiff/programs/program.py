"""Rules of one operation as routines of primitives, and those of a whole graph, each once, as a page has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.programs.plain import plain_number
from backpropviz.autodiff.programs.primitives import PRIMITIVES
from backpropviz.autodiff.programs.tracer import ProgramWriter, value_of
from backpropviz.ops.op import Elementwise

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from backpropviz.graph import Graph
    from backpropviz.ops import Op
    from backpropviz.ops.plan import Instruction


@dataclass(frozen=True, slots=True)
class Routine:
    """A list of calls.

    Parameters
    ----------
    given : int
        How many registers hold arguments before the first call.
    lines : tuple
        Each a primitive, its arguments - registers as int, constants as float64 or array - and its settings. Line k
        fills register ``given + k``.
    results : tuple
        For each result its register, or its constant, or None where there is none.
    """

    given: int
    lines: tuple[tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]], ...]
    results: tuple[Any, ...]

    def run(self, *arguments: Any) -> list[Any]:
        """Compute the results with NumPy, as a page does with its own primitives."""
        registers = list(arguments)
        with np.errstate(all="ignore"):
            for primitive, places, settings in self.lines:
                numbers = [registers[place] if type(place) is int else place for place in places]
                registers.append(PRIMITIVES[primitive](*numbers, **dict(settings)))
        return [registers[place] if type(place) is int else place for place in self.results]

    def to_plain(self) -> dict[str, Any]:
        """Give it as JSON can hold it: registers as numbers, constants as text or ``{"shape", "data"}``."""
        return {
            "lines": [
                [primitive, [_plain(each) for each in places], *([dict(settings)] if settings else [])]
                for primitive, places, settings in self.lines
            ],
            "results": [None if each is None else _plain(each) for each in self.results],
        }


@dataclass(frozen=True, slots=True)
class Program:
    """What a page needs of one operation.

    Parameters
    ----------
    value : Routine
        Takes the arguments, gives the value.
    partials : Routine or None
        Takes the arguments and the value; gives the local partials of an elementwise operation, None for
        slots that receive nothing.
    pull : Routine or None
        Takes the arguments, the value and the upstream gradient; gives one contribution per slot, None for slots that
        receive none. Without it a contribution is the upstream gradient times the local partial. Contributions of an
        elementwise operation have the value's shape: summing them over axes that were broadcast is the page's part.
    push : Routine or None
        Takes the arguments, the value and one tangent per slot; gives each slot's term of the value's tangent. Without
        it a term is the local partial times the tangent.
    """

    value: Routine
    partials: Routine | None = None
    pull: Routine | None = None
    push: Routine | None = None

    def to_plain(self, *, forward: bool = True) -> dict[str, Any]:
        """Give it as JSON can hold it; what only forward mode needs may be left out."""
        parts = {"value": self.value, "partials": self.partials, "pull": self.pull}
        parts |= {"push": self.push} if forward else {}
        return {name: routine.to_plain() for name, routine in parts.items() if routine is not None}


def program_of(
    op: Op,
    arguments: Sequence[Any],
    parameters: Mapping[str, Any],
    slots: Sequence[int],
    *,
    guarded: bool = False,
) -> Program:
    """Write an operation's rules as a program.

    Parameters
    ----------
    op : Op
        The operation.
    arguments : sequence of float64 or array
        Numbers of the shapes to write for; an elementwise operation is written once for all shapes.
    parameters : mapping
        What the operation is given beside its arguments.
    slots : sequence of int
        Slots that receive a contribution.
    guarded : bool
        Whether 0 times infinity is 0 here, in a branch of ``where``.

    Raises
    ------
    NoProgramError
        Where a rule asks for something that no primitive gives.

    Examples
    --------
    >>> from backpropviz.ops import REGISTRY
    >>> program = program_of(REGISTRY["multiply"], [np.float64(2.0), np.float64(3.0)], {}, (0, 1))
    >>> program.value.lines, program.partials.results
    ((('multiply', (0, 1), ()),), (1, 0))
    """
    points = [np.float64(0.5)] * len(arguments) if op.elementwise else [np.asarray(each)[()] for each in arguments]
    value = routine_of(points, lambda *given: [value_of(op, *given, **parameters)])
    with np.errstate(all="ignore"):
        out = np.asarray(value.run(*points)[0], dtype=np.float64)[()]
    rule = op.guarded_vjp if guarded else op.vjp
    # A chain of local partials, unless the operation says otherwise: a branch, a closed gate.
    chains = type(op) is Elementwise and not op.blocks

    def contributions(*given: Any) -> list[Any]:
        *numbers, out, cotangent = given
        found = dict(zip(slots, rule(cotangent, out, numbers, parameters, slots), strict=True))
        return [found.get(slot) for slot in range(len(numbers))]

    def partials(*given: Any) -> list[Any]:
        *numbers, out = given
        found = op.partials(out, *numbers, **parameters)  # type: ignore[union-attr]  # elementwise operations only
        return [found[slot] if slot in slots else None for slot in range(len(numbers))]

    def terms(*given: Any) -> list[Any]:
        count = len(points)
        numbers, out, tangents = given[:count], given[count], given[count + 1 :]
        alone = [[tangents[slot] if each == slot else None for each in range(count)] for slot in range(count)]
        return [op.jvp(alone[slot], out, numbers, parameters) if slot in slots else None for slot in range(count)]

    return Program(
        value,
        partials=routine_of([*points, out], partials) if op.elementwise else None,
        pull=None if chains and not guarded else routine_of([*points, out, _like(out)], contributions),
        push=None if chains else routine_of([*points, out, *map(_like, points)], terms),
    )


def routine_of(points: Sequence[Any], rule: Callable[..., Sequence[Any]]) -> Routine:
    """Write what a function does with its arguments as a routine.

    Parameters
    ----------
    points : sequence of float64 or array
        What it is called with, of the shapes to write for.
    rule : callable
        Takes as many arguments, gives a sequence of results; None for a result that there is not.

    Raises
    ------
    NoProgramError
        Where it asks for something that no primitive gives.
    """
    writer = ProgramWriter(points)
    with np.errstate(all="ignore"):
        found = rule(*writer.leaves())
    results = [None if each is None else writer.lift(each) for each in found]
    return _needed(writer, results)


def _needed(writer: ProgramWriter, results: Sequence[Any]) -> Routine:
    """Keep the calls that the results need, and number their registers anew."""
    wanted = {each for each in results if type(each) is int}
    for register in range(len(writer.numbers) - 1, writer.given - 1, -1):
        if register in wanted:
            wanted.update(each for each in writer.lines[register - writer.given][1] if type(each) is int)
    new = {register: register for register in range(writer.given)}
    lines: list[Any] = []
    for register in range(writer.given, len(writer.numbers)):
        if register in wanted:
            primitive, places, settings = writer.lines[register - writer.given]
            new[register] = writer.given + len(lines)
            lines.append((primitive, tuple(new[each] if type(each) is int else each for each in places), settings))
    return Routine(writer.given, tuple(lines), tuple(new[each] if type(each) is int else each for each in results))


def _like(number: Any) -> Any:
    """Give numbers of the same shape, none of them 0 or 1."""
    return np.cos(np.arange(np.size(number)) + 0.5).reshape(np.shape(number))[()]


def _plain(register: Any) -> Any:
    if type(register) is int:
        return register
    return str(plain_number(register)) if np.ndim(register) == 0 else plain_number(register)


def graph_programs(graph: Graph, values: Sequence[Any]) -> tuple[list[Program], dict[int, int]]:
    """Write the programs that a graph's gates need, each once.

    Parameters
    ----------
    graph : Graph
        Any graph.
    values : sequence of float64 or array
        Values of the nodes in the order of ``graph.nodes``; what counts is their shapes.

    Returns
    -------
    list of Program
        Different programs only.
    dict of int to int
        For each gate, by position in ``graph.nodes``, which program it runs.

    Raises
    ------
    NoProgramError
        Where a rule asks for something that no primitive gives.

    Examples
    --------
    >>> from backpropviz import parse
    >>> graph = parse("a = x*z; y = a*x + a*z")
    >>> programs, gates = graph_programs(graph, [np.float64(1.0)] * len(graph.nodes))
    >>> len(programs), len(gates)
    (2, 4)
    """
    programs: list[Program] = []
    known: dict[Hashable, int] = {}
    gates: dict[int, int] = {}
    for step in plan_of(graph).instructions:
        arguments = [values[place] for place in step.arguments]
        key = _key(step, arguments)
        if key not in known:
            known[key] = len(programs)
            programs.append(program_of(step.op, arguments, step.parameters, step.slots, guarded=step.guarded))
        gates[step.place] = known[key]
    return programs, gates


def _key(step: Instruction, arguments: Sequence[Any]) -> Hashable:
    shapes = () if step.op.elementwise else tuple(map(np.shape, arguments))
    return (step.op.name, len(arguments), repr(sorted(step.parameters.items())), step.slots, step.guarded, shapes)
