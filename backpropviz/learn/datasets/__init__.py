"""Examples to learn from: made by seed, shipped with scikit-learn, or read from files.

Every function gives ``(X, y)``: features, shape (examples, features), and targets, shape (examples,).
"""

from __future__ import annotations

from backpropviz.learn.datasets.digits import digits
from backpropviz.learn.datasets.made import blobs, circles, line, moons, sine, spiral, xor
from backpropviz.learn.datasets.mnist_files import mnist
from backpropviz.learn.datasets.tables import arrays, csv
from backpropviz.learn.examples import Examples

__all__ = [
    "Examples",
    "arrays",
    "blobs",
    "circles",
    "csv",
    "digits",
    "line",
    "mnist",
    "moons",
    "sine",
    "spiral",
    "xor",
]


def __dir__() -> list[str]:
    return __all__
