"""What goes into a layout and comes out of it, and which column every node stands in.

Dummies hold a lane for edges that span several columns.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Arrow: TypeAlias = tuple[int, int, int]
"""Source, target and slot: parallel arrows differ in their slot."""


@dataclass(frozen=True, slots=True)
class Box:
    """The room one node needs; its identity is its place in the sequence handed to ``place``.

    Parameters
    ----------
    width : float, px
        Width of the drawn shape: arrows leave and arrive at its sides.
    height : float, px
        Height of the shape together with the text above and below it.
    source : bool
        An input, weight or constant: it may stand as late as its first use.
    round : bool
        The shape is a circle of diameter ``width``, so that ports follow its rim.
    """

    width: float
    height: float
    source: bool = False
    round: bool = False


@dataclass(frozen=True, slots=True)
class Spacing:
    """The distances of a drawing, in px.

    Parameters
    ----------
    column_gap : float
        Least distance between the shapes of neighbouring columns.
    row_gap : float
        Least distance between two boxes of one column.
    lane_gap : float
        Room for an arrow that passes between two boxes, and between two such arrows.
    port_gap : float
        Distance of the arrow ends at one side of one node.
    margin : float
        Free border around the drawing.
    """

    column_gap: float = 105.0
    row_gap: float = 40.0
    lane_gap: float = 22.0
    port_gap: float = 11.0
    margin: float = 24.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everything stands.

    Parameters
    ----------
    centres : tuple of (float, float)
        Centre of each box, in the order of the boxes.
    paths : tuple of str
        SVG path of each arrow, in the order of the arrows.
    width, height : float, px
        Size of the drawing with its margins.
    frames : tuple of (float, float, float, float)
        Centre and size of each frame, in the order of the groups.
    """

    centres: tuple[tuple[float, float], ...]
    paths: tuple[str, ...]
    width: float
    height: float
    frames: tuple[tuple[float, float, float, float], ...] = ()


LANE_BUDGET = 20_000


@dataclass(frozen=True, slots=True)
class Lanes:
    """Boxes and lane points in layers; a lane point is where an arrow passes through a column.

    Parameters
    ----------
    count : int
        Number of boxes; indices from here on are lane points.
    layers : list of list of int
        The members of each layer, in their first order.
    left, right : list of list of int
        Neighbours of every member in the layer before and after, with repetitions.
    chains : list of list of int
        For every arrow the lane points it passes, source and target not among them.
    """

    count: int
    layers: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    chains: list[list[int]]


def cut(layer: Sequence[int], arrows: Sequence[Arrow]) -> Lanes:
    """Cut the arrows at every layer they pass.

    Arrows are cut from the shortest to the longest until the budget of lane points is spent; what is longer still
    is drawn in one swing, so that an input used all along a chain of thousands does not cost its square.
    """
    count = len(layer)
    layers: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for box, index in enumerate(layer):
        layers[index].append(box)
    left: list[list[int]] = [[] for _ in range(count)]
    right: list[list[int]] = [[] for _ in range(count)]
    chains: list[list[int]] = [[] for _ in arrows]
    spans = [layer[target] - layer[source] for source, target, _ in arrows]
    spent = 0
    whole = set()
    for index in sorted(range(len(arrows)), key=lambda index: spans[index]):
        spent += spans[index] - 1
        if spent > LANE_BUDGET:
            whole.add(index)
    for index, (source, target, _) in enumerate(arrows):
        if index in whole:
            continue
        previous = source
        for column in range(layer[source] + 1, layer[target]):
            point = len(left)
            left.append([previous])
            right.append([])
            right[previous].append(point)
            layers[column].append(point)
            chains[index].append(point)
            previous = point
        right[previous].append(target)
        left[target].append(previous)
    return Lanes(count, layers, left, right, chains)


_ROUNDS = 4


def neighbours(count: int, arrows: Sequence[Arrow]) -> tuple[list[list[int]], list[list[int]]]:
    """Return the arguments and the consumers of every node, each once, in order of first appearance."""
    arguments: list[dict[int, None]] = [{} for _ in range(count)]
    consumers: list[dict[int, None]] = [{} for _ in range(count)]
    for source, target, _ in arrows:
        arguments[target][source] = None
        consumers[source][target] = None
    return [list(found) for found in arguments], [list(found) for found in consumers]


def arguments_first(arguments: list[list[int]], consumers: list[list[int]]) -> list[int]:
    """Return all nodes, arguments first.

    Raises
    ------
    ValueError
        The arrows form a cycle.
    """
    missing = [len(found) for found in arguments]
    ready = deque(node for node, number in enumerate(missing) if not number)
    order = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for consumer in consumers[node]:
            missing[consumer] -= 1
            if not missing[consumer]:
                ready.append(consumer)
    if len(order) < len(arguments):
        raise ValueError("layout: the arrows form a cycle; a computation graph has none")
    return order


def latest(arguments: list[list[int]], consumers: list[list[int]], loose: Sequence[bool]) -> list[int]:
    """Place every node as late as its consumers allow.

    Parameters
    ----------
    arguments, consumers : list of list of int
        The neighbours of every node.
    loose : sequence of bool
        Nodes that may leave the first layer though they have no arguments.

    Returns
    -------
    list of int
        The layer of each node, the first being 0.
    """
    order = arguments_first(arguments, consumers)
    layer = [0] * len(order)
    for node in order:
        layer[node] = max((layer[found] + 1 for found in arguments[node]), default=0)
    for node in reversed(order):
        if consumers[node] and (arguments[node] or loose[node]):
            layer[node] = min(layer[found] for found in consumers[node]) - 1
    return layer


def shortest(arguments: list[list[int]], consumers: list[list[int]], loose: Sequence[bool]) -> list[int]:
    """Place every node so that the bundles of arrows are short, later where it makes no difference.

    Takes and returns what ``latest`` does.
    """
    order = arguments_first(arguments, consumers)
    layer = [0] * len(order)
    for node in order:
        layer[node] = max((layer[found] + 1 for found in arguments[node]), default=0)
    for _ in range(_ROUNDS):
        before = list(layer)
        for node in reversed(order):
            if consumers[node] and (arguments[node] or loose[node]):
                layer[node] = _best_layer(node, layer, arguments, consumers, loose)
        if layer == before:
            break
    return layer


def _best_layer(
    node: int, layer: list[int], arguments: list[list[int]], consumers: list[list[int]], loose: Sequence[bool]
) -> int:
    """Return the last of the layers in which the bundles that touch a node are shortest."""
    highest = min(layer[found] for found in consumers[node]) - 1
    lowest = layer[node] if loose[node] and not arguments[node] else 0
    reaches = []
    for found in arguments[node]:
        if len(consumers[found]) == 1 and loose[found] and not arguments[found]:
            continue  # an input of this node alone comes along
        lowest = max(lowest, layer[found] + 1)
        reaches.append(max((layer[other] for other in consumers[found] if other != node), default=0))
    # Each step to the right shortens the node's own bundle by one and stretches those of
    # its arguments that have no other consumer so far out.
    best = lowest
    while best < highest and sum(reach <= best for reach in reaches) <= 1:
        best += 1
    return best
