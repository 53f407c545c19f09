"""Graphs written by hand, with the programs that the page computes them by."""

from __future__ import annotations

import numpy as np

from backpropviz.autodiff.programs import program_of
from backpropviz.ops import REGISTRY


def programmed(graph):
    """Add to a plain graph what a specification would say of its scalar gates."""
    nodes, programs = [dict(node) for node in graph["nodes"]], []
    for node in nodes:
        op = REGISTRY.get(node["op"])
        if op is None:
            continue
        places = node["arguments"]
        slots = [slot for slot, place in enumerate(places) if graph["nodes"][place]["op"] != "constant"]
        node["program"] = len(programs)
        parameters = node.get("parameters", {})
        programs.append(program_of(op, [np.float64(0.5)] * len(places), parameters, slots).to_plain())
    return {**graph, "nodes": nodes, "programs": programs}


def gate(op, arguments, parameters=None, constant=()):
    """One gate on inputs x0, x1, ..., or on constants."""
    leaves = [
        {"name": f"x{slot}", "op": "constant", "value": value if np.isfinite(value) else repr(float(value))}
        if slot < len(constant) and constant[slot]
        else {"name": f"x{slot}", "op": "input"}
        for slot, value in enumerate(arguments)
    ]
    top = {"name": "y", "op": op, "arguments": list(range(len(arguments))), "parameters": parameters or {}}
    return programmed({"nodes": [*leaves, top], "output": len(arguments)})
