"""Graphs as JSON text."""

from __future__ import annotations

import contextlib
import json
import random

import numpy as np
import pytest
from hypothesis import given
from strategies import graphs

from backpropviz.errors import GraphError
from backpropviz.graph import CONSTANT, Graph, Node, parse
from backpropviz.graph.json_text import _decoded, _encoded


@given(graphs())
def test_there_and_back(graph):
    text = graph.to_json()
    again = Graph.from_json(text)
    assert again == graph
    assert again.to_json() == text


@pytest.mark.parametrize(
    "value",
    [
        np.float64(np.nan),
        np.float64(np.inf),
        np.float64(-np.inf),
        np.float64(-0.0),
        np.float64(5e-324),
        np.array([[1.0, np.nan], [-np.inf, -0.0]]),
        np.zeros((0, 3)),
        np.array([0.1 + 0.2]),
    ],
)
def test_every_constant_keeps_its_bits(value):
    graph = Graph([Node("c", CONSTANT, value=value), Node("y", "exp", ("c",))], "y")
    text = graph.to_json()
    assert json.loads(text, parse_constant=pytest.fail)
    again = Graph.from_json(text)
    assert again == graph
    assert type(again.node("c").value) is type(value)


@pytest.mark.parametrize(
    "value", [None, True, 3, 0.5, "axis", (1, (2, None)), slice(1, None, -1), ..., (slice(None), 0), float("inf")]
)
def test_parameters_keep_their_type(value):
    again = _decoded(json.loads(json.dumps(_encoded(value, "y"))), "y")
    assert again == value
    assert type(again) is type(value)


def test_the_text_itself():
    assert parse("a = x*2; y = leaky_relu(a, 0.1)").to_json() == (
        '{"format":"backpropviz graph","version":1,"output":"y","nodes":['
        '{"name":"x","op":"input"},'
        '{"name":"2","op":"constant","value":2.0},'
        '{"name":"a","op":"multiply","arguments":["x","2"]},'
        '{"name":"y","op":"leaky_relu","arguments":["a"],"parameters":{"slope":0.1}}]}'
    )


def changed(**entries):
    content = json.loads(parse("a = x*2; y = exp(a)").to_json())
    content.update(entries)
    return json.dumps(content)


NODE = {"name": "x", "op": "input"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a graph in JSON"),
        ("{", "not a graph in JSON"),
        ("[" * 100_000, "not a graph in JSON"),
        (7, "not a graph in JSON"),
        ("[]", "not a graph: it needs"),
        ("null", "not a graph: it needs"),
        ('{"format":"other"}', "not a graph: it needs"),
        ('{"format":"backpropviz graph","format":"x"}', "same key twice"),
        (changed(version=2), "version 2; this package reads version 1"),
        (changed(version=True), "version True"),
        (changed(nodes={}), "needs"),
        (changed(nodes=[]), "needs"),
        (changed(output=3), "needs"),
        (changed(output="q"), "'q' is not a node"),
        (changed(nodes=[7]), "number 0"),
        (changed(nodes=[{"name": "x"}]), "number 0"),
        (changed(nodes=[{"name": "x", "op": ["exp"]}]), "number 0"),
        (changed(nodes=[NODE, NODE]), "Two nodes are named 'x'"),
        (changed(nodes=[{**NODE, "colour": 1}]), "unknown entry 'colour'"),
        (changed(nodes=[{**NODE, "value": 1}]), "only they"),
        (changed(nodes=[{"name": "x", "op": "constant"}]), "only they"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": "1"}]), "not a number"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": True}]), "not a number"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": None}]), "not a number"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": [1, 2]}]), "not a number"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": 10**400}]), "not a number"),
        (changed(nodes=[{"name": "x", "op": "constant", "value": {"number": "x"}}]), "not a value"),
        (
            changed(
                nodes=[{"name": "x", "op": "constant", "value": {"shape": [3], "dtype": "float64", "entries": [1]}}]
            ),
            "not a value",
        ),
        (
            changed(nodes=[{"name": "x", "op": "constant", "value": {"shape": [1], "dtype": "O", "entries": [1]}}]),
            "not a value",
        ),
        (changed(nodes=[{**NODE, "arguments": "x"}]), "list of node names"),
        (changed(nodes=[{**NODE, "arguments": ["x"]}], output="x"), "takes no arguments"),
        (changed(nodes=[NODE, {"name": "y", "op": "exp", "arguments": ["X"]}], output="y"), "no node 'X'"),
        (changed(nodes=[NODE, {"name": "y", "op": "exq", "arguments": ["x"]}], output="y"), "Did you mean 'exp'"),
        (changed(nodes=[{**NODE, "parameters": []}]), "is an object"),
        (changed(nodes=[{**NODE, "parameters": {"a": 1}}]), "no parameter 'a'"),
        (changed(nodes=[{"name": "y", "op": "exp", "arguments": ["y"]}], output="y"), "cycle"),
    ],
)
def test_refusals(text, message):
    with pytest.raises(GraphError, match=message):
        Graph.from_json(text)


def test_damaged_text_is_refused_or_read():
    source = random.Random(0)  # noqa: S311  repeatable, not secret
    text = parse("a = leaky_relu(x, 0.1)*π; y = a + 2.5").to_json()
    for _ in range(3000):
        place = source.randrange(len(text))
        damaged = (
            text[:place] + source.choice('{}[]",:0-1exy') * source.randint(0, 2) + text[place + source.randint(0, 3) :]
        )
        with contextlib.suppress(GraphError):  # and nothing else
            Graph.from_json(damaged)
