"""The drawing of a neural network: circles for units, weights on the edges; no biases, and no loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph.closing.neurons import network_of
from backpropviz.scene.edge_labels import overprinted, shares
from backpropviz.scene.layout import Box, Spacing, place
from backpropviz.scene.marks import GATE_WIDTH, TEXT_ROOM, Curve, Mark, Scene
from backpropviz.scene.text import text_width

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.graph.closing.neurons import UnitLayers

_WIDE_VALUE = "−0.0000"
"""As wide as the value of a weight usually is."""

_SPACING = Spacing(column_gap=190.0, row_gap=26.0)


def network(graph: Graph) -> Scene:
    """Draw a network diagram.

    Raises
    ------
    GraphError
        Where the graph is no network, with the reason.
    """
    found = network_of(graph)
    drawn = [*found.features, *found.units]
    index = {name: number for number, name in enumerate(drawn)}
    sizes = [max(GATE_WIDTH, round(text_width(name, 17.0) + 24.0)) for name in drawn]
    boxes = [Box(size, size + 2 * TEXT_ROOM, source=False, round=True) for size in sizes]
    links = [(link, unit.name) for unit in found.units.values() for link in unit.links]
    arrows = [(index[link.source], index[name], number) for number, (link, name) in enumerate(links)]
    placement = place(boxes, arrows, _SPACING)
    places = plan_of(graph).place
    marks = tuple(
        Mark(
            places[name],
            name,
            name,
            "input" if name in found.features else "gate",
            "circle",
            round(x, 1),
            round(y, 1),
            size,
            size,
            name == graph.output,
        )
        for name, size, (x, y) in zip(drawn, sizes, placement.centres, strict=True)
    )
    labels = [f"{link.weight} {_WIDE_VALUE}" for link, _ in links]  # in a page, the value follows the name
    where = shares(placement.paths, labels, marks)
    # The weights of a layer are named together: some names among many would say that those weights are special.
    met = overprinted(placement.paths, labels, where)
    crowded = {found.units[name].layer for (_, name), meets in zip(links, met, strict=True) if meets}
    curves = tuple(
        Curve(
            places[link.source],
            places[name],
            link.slot,
            path,
            link.weight,
            share,
            places[link.product],
            crowded=found.units[name].layer in crowded,
            weight=places[link.weight],
        )
        for (link, name), path, share in zip(links, placement.paths, where, strict=True)
    )
    width, height = round(placement.width, 1), round(placement.height, 1)
    return Scene("network", width, height, marks, curves, _owners(found, places))


def _owners(found: UnitLayers, places: dict[str, int]) -> dict[int, int]:
    """Give the unit that stands for each weight, bias, product and sum."""
    owners: dict[int, int] = {}
    for unit in found.units.values():
        parts = [*unit.members, *(link.weight for link in unit.links), *unit.biases]
        owners |= {places[name]: places[unit.name] for name in parts if name != unit.name and name not in found.units}
    return owners
