"""What can happen in a run, as frozen records of ids and numbers.

Each record holds what was there before it, so a replay steps back exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backpropviz.graph import Number


@dataclass(frozen=True, slots=True)
class Evaluate:
    """A node's value becomes known."""

    node: str
    primal: Number


@dataclass(frozen=True, slots=True)
class Push:
    """A node's tangent becomes known, in forward mode.

    Parameters
    ----------
    node : str
        Which node.
    tangent : float64 or array
        How fast its value moves along the chosen direction of the inputs.
    """

    node: str
    tangent: Number


@dataclass(frozen=True, slots=True)
class Seed:
    """The backward sweep starts: the output receives its seed."""

    node: str
    seed: Number


@dataclass(frozen=True, slots=True)
class Propagate:
    """A contribution travels against one edge.

    Parameters
    ----------
    consumer : str
        Where it comes from.
    slot : int
        Through which of the consumer's arguments.
    node : str
        Where it goes.
    cotangent : float64 or array
        The consumer's adjoint, the upstream gradient.
    partial : float64 or array or None
        The local partial at this edge; None where it is a matrix that no operation forms.
    contribution : float64 or array
        Upstream gradient times local partial.
    """

    consumer: str
    slot: int
    node: str
    cotangent: Number
    partial: Number | None
    contribution: Number


@dataclass(frozen=True, slots=True)
class Accumulate:
    """A contribution is added to what the node has received.

    Parameters
    ----------
    consumer : str
        Where the contribution came from.
    slot : int
        Through which argument of the consumer.
    node : str
        Which node's sum grows.
    before, contribution, after : float64 or array
        The sum before, what is added, and the sum after.
    """

    consumer: str
    slot: int
    node: str
    before: Number
    contribution: Number
    after: Number


@dataclass(frozen=True, slots=True)
class Settle:
    """All consumers of a node have reported: its adjoint is complete."""

    node: str
    adjoint: Number


@dataclass(frozen=True, slots=True)
class Update:
    """A parameter takes one step against its adjoint."""

    node: str
    before: Number
    learning_rate: float
    adjoint: Number
    after: Number


Record = Evaluate | Push | Seed | Propagate | Accumulate | Settle | Update


@dataclass(frozen=True, slots=True)
class Step:
    """What happens between two presses of "step forward".

    Parameters
    ----------
    phase : {"forward", "backward", "update"}
        Which sweep it belongs to.
    records : tuple of Record
        In the order in which they happen.
    """

    phase: str
    records: tuple[Record, ...]
