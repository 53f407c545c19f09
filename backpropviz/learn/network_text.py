"""Networks as plain values for JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from backpropviz.learn.mlp import MLP
from backpropviz.learn.unit_network import UnitNetwork

if TYPE_CHECKING:
    from backpropviz.learn.network import Network

_MLP_SETTINGS = ("output", "loss", "l2", "seed", "initial", "bias")
_UNIT_SETTINGS = ("activation", "output", "loss", "l2", "seed")


def network_to(network: Network) -> dict[str, Any]:
    """Give a network as lists, numbers and text."""
    parameters = {name: value.tolist() for name, value in network.parameters.items()}
    if isinstance(network, MLP):
        settings: dict[str, Any] = {"sizes": list(network.sizes), "activation": list(network.activations)}
        settings |= {name: getattr(network, name) for name in _MLP_SETTINGS}
        return {"kind": "MLP", "settings": settings, "parameters": parameters}
    if not isinstance(network, UnitNetwork):
        raise TypeError(f"{type(network).__name__} cannot be saved: it is neither an MLP nor a UnitNetwork.")
    wiring = [[name, network.wiring.nodes[name].get("activation")] for name in network.wiring]
    edges = [[parent, unit] for unit in network.wiring for parent in network.wiring.pred[unit]]
    settings = {"outputs": list(network.outputs)} | {name: getattr(network, name) for name in _UNIT_SETTINGS}
    return {"kind": "units", "nodes": wiring, "edges": edges, "settings": settings, "parameters": parameters}


def network_from(plain: Any) -> Network:
    """Read what :func:`network_to` gave.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where something is missing or does not fit.
    """
    parameters = {name: np.asarray(value, dtype=np.float64) for name, value in plain["parameters"].items()}
    settings = plain["settings"]
    if plain["kind"] == "MLP":
        sizes, activation = tuple(settings["sizes"]), tuple(settings["activation"])
        return MLP(sizes, activation, **{name: settings[name] for name in _MLP_SETTINGS}, parameters=parameters)
    if plain["kind"] != "units":
        raise ValueError(f"unknown kind {plain['kind']!r}")
    wiring = nx.DiGraph()
    for name, activation in plain["nodes"]:
        wiring.add_node(name, **({} if activation is None else {"activation": activation}))
    wiring.add_edges_from(map(tuple, plain["edges"]))
    return UnitNetwork(
        wiring,
        tuple(settings["outputs"]),
        **{name: settings[name] for name in _UNIT_SETTINGS},
        parameters=parameters,
    )
