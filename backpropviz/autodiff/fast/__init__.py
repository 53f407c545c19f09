"""Graphs made fast: generated source, level batches, sweeps on buffers."""

from __future__ import annotations

from backpropviz.autodiff.fast.compiled import Compiled, compile_graph

__all__ = ["Compiled", "compile_graph"]
