"""See backpropagation: computation graphs that play, step and recompute."""

from __future__ import annotations

__version__ = "0.1.0"
