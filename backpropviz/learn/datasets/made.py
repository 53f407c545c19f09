"""Small sets made by seed."""

from __future__ import annotations

import numpy as np

from backpropviz.errors import DatasetError
from backpropviz.learn.choices import check_number, generator_of
from backpropviz.learn.examples import Examples


def xor(n: int = 4, noise: float = 0.0, seed: int = 0) -> Examples:
    """Make exclusive or: class 1 where exactly one of two features is 1.

    Parameters
    ----------
    n : int
        Examples; the four corners in turn.
    noise : float
        Deviation of normal noise on the features.
    seed : int
        Of the noise.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 2); y, shape (n,), 0 or 1.
    """
    generator = _generator(n, noise, seed)
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    labels = np.array([0.0, 1.0, 1.0, 0.0])
    chosen = np.arange(n) % 4
    return Examples(corners[chosen] + noise * generator.standard_normal((n, 2)), labels[chosen])


def moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> Examples:
    """Make two half-circles that reach into each other.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 2); y, shape (n,), 0 or 1.
    """
    generator = _generator(n, noise, seed)
    labels = np.arange(n) % 2
    angle = np.pi * generator.uniform(0.0, 1.0, n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    points = np.where(labels[:, None] == 0, upper, lower)
    return Examples(points + noise * generator.standard_normal((n, 2)), labels.astype(np.float64))


def circles(n: int = 200, noise: float = 0.05, seed: int = 0, inner: float = 0.5) -> Examples:
    """Make a ring (0) around a ring (1) of radius `inner`.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 2); y, shape (n,), 0 or 1.
    """
    generator = _generator(n, noise, seed)
    labels = np.arange(n) % 2
    angle = 2.0 * np.pi * generator.uniform(0.0, 1.0, n)
    radius = np.where(labels == 0, 1.0, inner)
    points = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Examples(points + noise * generator.standard_normal((n, 2)), labels.astype(np.float64))


def spiral(n: int = 300, noise: float = 0.02, seed: int = 0, classes: int = 2, turns: float = 1.0) -> Examples:
    """Make arms that wind around each other, one per class.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 2), within the unit circle; y, shape (n,), 0 to classes − 1.
    """
    generator = _generator(n, noise, seed)
    labels = np.arange(n) % classes
    along = generator.uniform(0.05, 1.0, n)
    angle = 2.0 * np.pi * (turns * along + labels / classes)
    points = along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Examples(points + noise * generator.standard_normal((n, 2)), labels.astype(np.float64))


def blobs(n: int = 200, noise: float = 0.3, seed: int = 0, classes: int = 3) -> Examples:
    """Make clouds around centres on the unit circle, one per class.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 2); y, shape (n,), 0 to classes − 1.
    """
    generator = _generator(n, noise, seed)
    labels = np.arange(n) % classes
    angle = 2.0 * np.pi * labels / classes
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    return Examples(points + noise * generator.standard_normal((n, 2)), labels.astype(np.float64))


def line(n: int = 50, noise: float = 0.1, seed: int = 0, slope: float = 2.0, intercept: float = -1.0) -> Examples:
    """Make values along a straight line, x from −1 to 1.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 1); y, shape (n,).
    """
    generator = _generator(n, noise, seed)
    x = generator.uniform(-1.0, 1.0, n)
    return Examples(x[:, None], slope * x + intercept + noise * generator.standard_normal(n))


def sine(n: int = 100, noise: float = 0.05, seed: int = 0) -> Examples:
    """Make values along sin(πx), x from −1 to 1.

    Returns
    -------
    (X, y) : Examples
        X, shape (n, 1); y, shape (n,).
    """
    generator = _generator(n, noise, seed)
    x = generator.uniform(-1.0, 1.0, n)
    return Examples(x[:, None], np.sin(np.pi * x) + noise * generator.standard_normal(n))


def _generator(n: int, noise: float, seed: int) -> np.random.Generator:
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise DatasetError(f"A set has at least one example; n is {n!r}.", actual=n)
    check_number("noise is a deviation, 0 or more", noise, least=0)
    return generator_of(seed)
