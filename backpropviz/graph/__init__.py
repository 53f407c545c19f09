"""Structure without numbers: graphs, the text parser, tracing of Python functions."""

from __future__ import annotations

from backpropviz.graph.builder import GraphBuilder
from backpropviz.graph.graph import Graph
from backpropviz.graph.node import CONSTANT, INPUT, Node, Number
from backpropviz.graph.source import Source, placed, read_graph
from backpropviz.graph.text.parser import parse
from backpropviz.graph.tracing.python_functions import trace

__all__ = [
    "CONSTANT",
    "INPUT",
    "Graph",
    "GraphBuilder",
    "Node",
    "Number",
    "Source",
    "parse",
    "placed",
    "read_graph",
    "trace",
]
