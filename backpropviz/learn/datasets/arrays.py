"""The user's own arrays."""

from __future__ import annotations

from backpropviz.learn.examples import Examples, read_examples


def arrays(features: object, targets: object) -> Examples:
    """Check arrays and give them as examples.

    Parameters
    ----------
    features : array-like, shape (examples, features) or (examples,)
    targets : array-like, shape (examples,) or (examples, outputs)
        Values, or class numbers from 0.

    Raises
    ------
    DatasetError
        For empty data, rows that do not match, and entries that are no finite numbers, with their row.

    Examples
    --------
    >>> arrays([[0, 1], [1, 0]], [0, 1])
    Examples(features (2, 2), targets (2,))
    """
    return read_examples((features, targets))
