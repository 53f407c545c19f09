"""A graph flattened into a list of instructions, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.graph import CONSTANT, INPUT
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.graph import Graph, Number
    from backpropviz.ops import Op


@dataclass(frozen=True, slots=True)
class Instruction:
    """One gate: where it stands in the order, what it does, and on which places.

    Parameters
    ----------
    place : int
        Position of the node in ``graph.nodes``.
    op : Op
        What it does.
    arguments : tuple of int
        Positions of its arguments.
    parameters : dict
        What the operation is given beside them.
    slots : tuple of int
        Slots that receive a contribution: those whose argument is not a constant.
    guarded : bool
        Whether it stands in a branch of ``where``: entries that were not chosen receive the gradient 0, and 0 times
        an infinite slope must stay 0 there.
    """

    place: int
    op: Op
    arguments: tuple[int, ...]
    parameters: dict[str, Any]
    slots: tuple[int, ...]
    guarded: bool = False

    @property
    def vjp(self) -> Callable[..., list[Any]]:
        """The reverse rule to use here."""
        return self.op.guarded_vjp if self.guarded else self.op.vjp


@dataclass(frozen=True, slots=True)
class Plan:
    """All gates of a graph in topological order, ready to run.

    Parameters
    ----------
    nodes : tuple of str
        Names by position.
    place : dict of str to int
        Positions by name.
    constants : tuple of (int, number)
        Positions and values of the constants.
    instructions : tuple of Instruction
        Every gate, arguments first.
    backward : tuple of Instruction
        The gates that the output depends on, consumers first: the others have no part in the reverse sweep, so that
        an infinite slope beside the path cannot spoil a zero.
    """

    nodes: tuple[str, ...]
    place: dict[str, int]
    constants: tuple[tuple[int, Number], ...]
    instructions: tuple[Instruction, ...]
    backward: tuple[Instruction, ...]


def plan_of(graph: Graph) -> Plan:
    """Give the plan of a graph, made at the first call."""
    plan = graph.memory.get("plan")
    if plan is None:
        plan = graph.memory["plan"] = _make(graph)
    return plan


def _make(graph: Graph) -> Plan:
    place = {name: index for index, name in enumerate(graph.nodes)}
    constants = []
    instructions = []
    chosen_between = _branches(graph)
    for name in graph.nodes:
        node = graph.node(name)
        if node.op == CONSTANT:
            assert node.value is not None  # noqa: S101  Graph validates it
            constants.append((place[name], node.value))
        elif node.op != INPUT:
            instructions.append(
                Instruction(
                    place=place[name],
                    op=REGISTRY[node.op],
                    arguments=tuple(place[argument] for argument in node.arguments),
                    parameters=dict(node.parameters),
                    slots=tuple(s for s, argument in enumerate(node.arguments) if graph.op(argument) != CONSTANT),
                    guarded=name in chosen_between,
                )
            )
    needed = {place[graph.output]}
    backward = []
    for instruction in reversed(instructions):
        if instruction.place in needed:
            needed.update(instruction.arguments)
            backward.append(instruction)
    return Plan(graph.nodes, place, tuple(constants), tuple(instructions), tuple(backward))


def _branches(graph: Graph) -> set[str]:
    """Find the nodes that a ``where`` chooses between, and all below them."""
    below: set[str] = set()
    for name in reversed(graph.nodes):
        if graph.op(name) == "where":
            below.update(graph.arguments(name)[1:])
        if name in below:
            below.update(graph.arguments(name))
    return below
