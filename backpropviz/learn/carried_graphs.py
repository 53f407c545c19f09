"""A traced network as data: the gates of its loss, for as many examples as a page puts through at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.autodiff.programs import graph_programs, plain_number
from backpropviz.graph import CONSTANT, INPUT
from backpropviz.learn.examples import targets_for
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.learn.training import Training
    from backpropviz.schema.training import PlainGates, PlainGraphs

_OF_IMAGES = 4
"""Axes: examples, maps, rows, columns."""


def graphs_to_plain(training: Training) -> PlainGraphs:
    """Write the loss of a network for whole batches, for what is left of each set, and for one example.

    Parameters
    ----------
    training : Training
        Of a :class:`backpropviz.learn.traced_network.TracedNetwork`, at its start.

    Returns
    -------
    dict
        See :class:`backpropviz.schema.training.PlainGraphs`.

    Raises
    ------
    NoProgramError
        For a gate that no program of a page computes.
    """
    sets = [training.train, *([] if training.validation is None else [training.validation])]
    sizes = {1, training.batch_size, *(len(each.features) % training.batch_size for each in sets)} - {0}
    network: Any = training.network
    starts, start = {}, 0
    for name, value in network.parameters.items():
        starts[name] = start
        start += value.size
    features = training.train.features
    targets = targets_for(network, training.train)
    gates = {}
    for size in sorted(sizes):
        point = {"X": np.resize(features, (size, features.shape[1])), "y": np.resize(targets, (size, targets.shape[1]))}
        gates[str(size)] = _gates(network.graph(size), {**point, **network.parameters}, starts)
    # Pictures: the first weights that are images, and the last that have a row for each score.
    images = [name for name, value in network.parameters.items() if value.ndim == _OF_IMAGES]
    rows = [name for name, value in network.parameters.items() if value.shape[:-1] == (network.output_count,)]
    shown = {"kernels": images[:1], "outputs": rows[-1:]}
    pictures: Any = {
        kind: [starts[name], *network.parameters[name].shape] for kind, names in shown.items() for name in names
    }
    weights = [[starts[name], starts[name] + network.parameters[name].size] for name in network.penalised]
    told: Any = {"count": start, "weights": weights, "gates": gates, **pictures}
    graphs: PlainGraphs = told
    return graphs


def _gates(graph: Graph, point: Mapping[str, Any], starts: Mapping[str, int]) -> PlainGates:
    values = evaluate(graph, point, {}).primals
    programs, runs = graph_programs(graph, [values[name] for name in graph.nodes])
    place = {name: at for at, name in enumerate(graph.nodes)}
    nodes: list[dict[str, object]] = []
    for name in graph.nodes:
        node = graph.node(name)
        plain: dict[str, object] = {"shape": list(np.shape(values[name]))}
        if node.op == CONSTANT:
            plain["value"] = plain_number(node.value)
        elif node.op == INPUT:
            plain |= {"start": starts[name]} if name in starts else {}
        else:
            plain = {"arguments": [place[each] for each in node.arguments], "program": runs[place[name]]}
        nodes.append(plain)
    # What a convolution found: the last images that an operation gave entry by entry.
    maps = [
        name
        for name in graph.nodes
        if graph.arguments(name) and REGISTRY[graph.op(name)].elementwise and np.ndim(values[name]) == _OF_IMAGES
    ]
    return {
        "nodes": nodes,
        "programs": [program.to_plain(forward=False) for program in programs],
        "features": place["X"],
        "targets": place["y"],
        "scores": place["o"],
        "maps": place[maps[-1]] if maps else None,
    }
