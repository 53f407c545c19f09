"""What the page needs to compute a graph in which gates were closed or opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph.closing.grouping import inside
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.schema.story import Standing


def basis_entries(graph: Graph) -> Standing:
    """Tell how a view stands to its basis, by positions.

    Returns
    -------
    dict
        ``standing``: for each node of the view the basis node whose numbers it has, -1 for none. ``carried``: for each
        edge of the view, node by node and slot by slot, the edges [consumer, slot] of the basis that it carries, null
        for none. ``inside``: for each closed gate, the basis nodes inside it.
    """
    grouping = graph.grouping
    assert grouping is not None  # noqa: S101  callers ask first
    below = plan_of(grouping.basis).place
    place = plan_of(graph).place
    carried = [
        [[below[consumer], index] for consumer, index in grouping.edges[name, slot]]
        if (name, slot) in grouping.edges
        else None
        for name in graph.nodes
        for slot in range(len(graph.arguments(name)))
    ]
    closed = {
        str(place[name]): sorted(below[each] for each in inside(graph, name))
        for name in graph.nodes
        if graph.op(name) in COMPOSITES
    }
    standing = [below[grouping.nodes[name]] if name in grouping.nodes else -1 for name in graph.nodes]
    return {"standing": standing, "carried": carried, "inside": closed}
