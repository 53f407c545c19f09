"""Sentences travel folded: each shape once, with holes for nodes; filled again they say what they said."""

from __future__ import annotations

import json
from typing import Any

import backpropviz as bpv
from backpropviz.scene.shared_sentences import folded_sentences
from backpropviz.scene.specification import specification


def _filled(shape: Any, row: list[int], names: list[str]) -> Any:
    """Fill the holes as the page does."""
    if isinstance(shape, dict):
        return {key: _filled(each, row, names) for key, each in shape.items()}
    match shape:
        case ["v" | "g" | "t" as sign, int(hole)]:
            return [sign, names[row[hole]]]
        case ["q", str(kind), int(hole), *slot] if kind != "literal":
            return ["q", kind, row[hole], *slot]
        case list():
            return [_filled(each, row, names) for each in shape]
    return shape


def _unfolded(folded: dict[str, Any], names: list[str]) -> list[Any]:
    return [_filled(folded["shapes"][shape], row, names) for shape, *row in folded["told"]]


def test_filled_sentences_say_what_they_said():
    graph = bpv.parse("v = q * g\nt = exp(v) + max(q, 3)\nt * v - é")
    whole = json.loads(json.dumps(specification(bpv.explore(graph, q=1, g=2, é=3).timeline, {})))
    folded = json.loads(json.dumps(folded_sentences(whole)))
    names = [node["name"] for node in whole["graph"]["nodes"]]
    assert _unfolded(folded["narration"], names) == whole["narration"]
    assert len(folded["narration"]["shapes"]) < len(whole["narration"])
    nodes = dict(zip(map(str, folded["explanations"]["of"]), _unfolded(folded["explanations"], names), strict=True))
    assert nodes == whole["explanations"]


def test_texts_that_look_like_nodes_and_names_of_none_stay():
    sentence = ['["v","x"]', ["v", "x"], ["v", "elsewhere"], '"q","value",0', ["q", "literal", 0], ["g", 'a "b"\\']]
    told = {"narration": [{"title": sentence}], "explanations": {}}
    nodes = [{"name": "x"}, {"name": 'a "b"\\'}]
    folded = folded_sentences(told, nodes)["narration"]
    assert folded["told"] == [[0, 0, 1]]
    assert folded["shapes"][0]["title"][1:3] == [["v", 0], ["v", "elsewhere"]]
    assert _unfolded(folded, [node["name"] for node in nodes]) == [{"title": sentence}]
