"""Graphs as JSON text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import GraphError
from backpropviz.graph.closing.regrouping import history_entries, read_regroupings
from backpropviz.graph.node import CONSTANT, LEAF_PARAMETERS, Node, Number
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.closing.regrouping import Regrouping
    from backpropviz.graph.structure import Structure

_FORMAT = "backpropviz graph"
_VERSION = 1

_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""Numbers that JSON does not have."""

_KEYS = {"name", "op", "arguments", "parameters", "value", "source"}


def to_json(graph: Structure) -> str:
    """Write a graph as JSON text; equal graphs give the same bytes.

    Examples
    --------
    >>> from backpropviz.graph.builder import GraphBuilder
    >>> builder = GraphBuilder()
    >>> graph = builder.build(builder.apply("exp", builder.input("x")))
    >>> [node.name for node in read_json(to_json(graph))[0]]
    ['x', 'y']
    """
    nodes = []
    basis = graph if graph.grouping is None else graph.grouping.basis
    for record in basis.creation_order():
        entry: dict[str, Any] = {"name": record.name, "op": record.op}
        if record.arguments:
            entry["arguments"] = list(record.arguments)
        if record.parameters:
            entry["parameters"] = {key: _encoded(value, record.name) for key, value in record.parameters}
        if record.op == CONSTANT:
            entry["value"] = _encoded(record.value, record.name)
        if record.source:
            entry["source"] = record.source
        nodes.append(entry)
    content: dict[str, Any] = {"format": _FORMAT, "version": _VERSION, "output": basis.output, "nodes": nodes}
    if graph.grouping is not None:
        content["grouping"] = history_entries(graph.grouping.history)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_json(text: str) -> tuple[list[Node], str, tuple[Regrouping, ...]]:
    """Read nodes, the name of the output, and what is closed or opened, from :func:`to_json`'s text.

    Raises
    ------
    GraphError
        Where the text is not JSON, not such a graph, or of a later version.
    """
    try:
        content = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except (TypeError, ValueError, RecursionError) as cause:
        raise GraphError(f"This is not a graph in JSON: {cause}") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise GraphError(f'This JSON is not a graph: it needs "format": "{_FORMAT}". Write it with graph.to_json().')
    version = content.get("version")
    if version != _VERSION or isinstance(version, bool):
        raise GraphError(
            f"This graph is of version {version!r}; this package reads version {_VERSION}. Update backpropviz.",
            expected=_VERSION,
            actual=version,
        )
    nodes, output = content.get("nodes"), content.get("output")
    if not isinstance(nodes, list) or not nodes or not isinstance(output, str):
        raise GraphError('A graph in JSON needs "nodes", a list, and "output", the name of one of them.')
    records = [_record(entry, place) for place, entry in enumerate(nodes)]
    return records, output, read_regroupings(content.get("grouping", []))


def _record(entry: Any, place: int) -> Node:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not isinstance(entry.get("op"), str):
        raise GraphError(f'Node number {place} in JSON needs "name" and "op", both text.')
    name, op = entry["name"], entry["op"]
    for key in entry:
        if key not in _KEYS:
            raise GraphError(f"Node {name!r} in JSON has an unknown entry {key!r}.", node=name)
    arguments = entry.get("arguments", [])
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        raise GraphError(f'Node {name!r}: "arguments" in JSON is a list of node names.', node=name)
    parameters = entry.get("parameters", {})
    if not isinstance(parameters, dict):
        raise GraphError(f'Node {name!r}: "parameters" in JSON is an object.', node=name)
    for key in parameters:
        if key not in (REGISTRY[op].parameters if op in REGISTRY else LEAF_PARAMETERS.get(op, ())):
            raise GraphError(f"Node {name!r}: {op} has no parameter {key!r}.", node=name, op=op)
    settings = tuple(sorted((key, _decoded(value, name)) for key, value in parameters.items()))
    if (op == CONSTANT) != ("value" in entry):
        raise GraphError(f'Node {name!r}: constants, and only they, have a "value" in JSON.', node=name)
    source = entry.get("source", "")
    if not isinstance(source, str):
        raise GraphError(f'Node {name!r}: its "source" in JSON is a line of text.', node=name)
    number = _value(entry["value"], name) if op == CONSTANT else None
    return Node(name, op, tuple(arguments), settings, number, source)


def _value(entry: Any, name: str) -> Number:
    decoded = _decoded(entry, name)
    if isinstance(decoded, np.ndarray):
        return decoded
    try:
        number = None if decoded is None or isinstance(decoded, (bool, str)) else np.float64(decoded)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or np.ndim(number) > 0:
        raise GraphError(f"Constant {name!r}: {entry!r} is not a number.", node=name)
    return number


def _encoded(value: Any, name: str) -> Any:
    """Turn a number, an array or a parameter into what JSON has."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _number_entry(float(value))
    if isinstance(value, (tuple, list)):
        return [_encoded(part, name) for part in value]
    if isinstance(value, np.ndarray):
        kind = "float64" if value.dtype.kind == "f" else value.dtype.name
        entries = [_number_entry(part) if isinstance(part, float) else part for part in value.ravel().tolist()]
        return {"shape": list(value.shape), "dtype": kind, "entries": entries}
    if isinstance(value, slice):
        return {"slice": [_encoded(part, name) for part in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    raise GraphError(f"Node {name!r}: {type(value).__name__} cannot be written as JSON.", node=name)


def _number_entry(value: float) -> float | str | dict[str, str]:
    if math.isfinite(value):
        return value
    return {"number": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def _decoded(entry: Any, name: str) -> Any:
    if isinstance(entry, list):
        return tuple(_decoded(part, name) for part in entry)
    if not isinstance(entry, dict):
        return entry
    try:
        return _special(entry, name)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise GraphError(f"Node {name!r}: {str(entry)[:80]} in JSON is not a value.", node=name) from None


def _special(entry: Mapping[str, Any], name: str) -> Any:
    if set(entry) == {"number"}:
        return _WORDS[entry["number"]]
    if set(entry) == {"slice"}:
        start, stop, step = (_decoded(part, name) for part in entry["slice"])
        return slice(start, stop, step)
    if set(entry) == {"ellipsis"} and entry["ellipsis"] is True:
        return ...
    if set(entry) == {"shape", "dtype", "entries"} and entry["dtype"] in ("float64", "int64", "bool"):
        flat = [_decoded(part, name) if isinstance(part, dict) else part for part in entry["entries"]]
        if any(isinstance(part, (str, list)) or part is None for part in flat):
            raise ValueError(name)
        return np.array(flat, dtype=entry["dtype"]).reshape(entry["shape"])
    raise KeyError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("an object has the same key twice")
    return content


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")
