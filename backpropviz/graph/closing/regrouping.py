"""What is done to a graph when gates are closed and opened, and how what comes of it stands to where it began."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from backpropviz.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Mapping

Basis_co = TypeVar("Basis_co", covariant=True)

Edge: TypeAlias = tuple[str, int]
"""Consumer and slot."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Several nodes become one gate.

    Parameters
    ----------
    members : tuple of str
        The nodes, arguments first.
    name : str
        Of the gate; where several values leave it, each keeps the name that it has, and this is that of the block.
    kind : str
        Which block it is, as :data:`backpropviz.ops.blocks.HOMES` names them; empty for gates that someone closed.
    roles : tuple of (str, str)
        For nodes that a block takes, which parameter of its function each is; for those that leave it together, what
        the function calls them.
    """

    members: tuple[str, ...]
    name: str
    kind: str = ""
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """One gate becomes the several simpler ones it is short for."""

    gate: str


Regrouping: TypeAlias = Closing | Opening


@dataclass(frozen=True)
class Grouping(Generic[Basis_co]):
    """How a view stands to its basis.

    Parameters
    ----------
    basis : Graph
        What the view was made from; its rules decide the bits.
    history : tuple of Closing or Opening
        What was done to it, in order.
    nodes : mapping of str to str
        Node of the basis whose value and adjoint a node of the view has; nodes of the view alone are missing.
    edges : mapping of (str, int) to tuple of (str, int)
        Edges of the basis whose contributions an edge of the view carries, in the order in which they are told; edges
        of the view alone are missing.
    closed : mapping of str to tuple of str
        Closed gates, and the nodes they were made from.
    opened : mapping of str to tuple of str
        Opened gates, and all gates they opened into, themselves last.
    ports : mapping of str to tuple of str
        Blocks that several values leave, and the closed gates that give them, arguments first: each is a function of
        what the block takes, and of ports before it. What leads to several ports stands inside each of them.
    """

    basis: Basis_co
    history: tuple[Regrouping, ...]
    nodes: Mapping[str, str]
    edges: Mapping[Edge, tuple[Edge, ...]]
    closed: Mapping[str, tuple[str, ...]]
    opened: Mapping[str, tuple[str, ...]]
    ports: Mapping[str, tuple[str, ...]]

    def block_of(self, gate: str) -> str:
        """Give the block that a closed gate belongs to: itself, where one value leaves."""
        return next((block for block, ports in self.ports.items() if gate in ports), gate)

    @cached_property
    def shared(self) -> frozenset[Edge]:
        """Edges of the view that share an edge of the basis with another: only part of its contribution is theirs."""
        counts = Counter(each for edges in self.edges.values() for each in edges)
        return frozenset(edge for edge, edges in self.edges.items() if any(counts[each] > 1 for each in edges))


def history_entries(history: tuple[Regrouping, ...]) -> list[dict[str, Any]]:
    """Give a history as JSON has it."""
    return [_entry(step) for step in history]


def _entry(step: Regrouping) -> dict[str, Any]:
    if not isinstance(step, Closing):
        return {"open": step.gate}
    block = {"kind": step.kind, "roles": [list(each) for each in step.roles]} if step.kind else {}
    return {"close": list(step.members), "name": step.name, **block}


def read_regroupings(entries: Any) -> tuple[Regrouping, ...]:
    """Read a history from JSON.

    Raises
    ------
    GraphError
        Where it is none.
    """
    steps: list[Regrouping] = []
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"close": [*members], "name": str(name)} if all(isinstance(each, str) for each in members):
                steps.append(Closing(tuple(members), name, *_block(entry)))
            case {"open": str(gate)}:
                steps.append(Opening(gate))
            case _:
                raise GraphError(f"{str(entry)[:80]} in JSON is neither a closing nor an opening of gates.")
    return tuple(steps)


def _block(entry: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    match entry:
        case {"kind": str(kind), "roles": [*roles]} if all(
            isinstance(each, list) and len(each) == 2 and all(isinstance(part, str) for part in each) for each in roles
        ):
            return kind, tuple((node, role) for node, role in roles)
    return "", ()
