"""Layered layout: from boxes and arrows to centres and curves, from left to right.

A pure function of its arguments: no text, no randomness that changes from run to run, no recursion.
"""

from backpropviz.scene.layout.layers import Arrow, Box, Placement, Spacing
from backpropviz.scene.layout.place import place

__all__ = ["Arrow", "Box", "Placement", "Spacing", "place"]
