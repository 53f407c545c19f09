"""Linear least squares in closed form, to compare gradient descent with."""

from __future__ import annotations

import numpy as np

from backpropviz.errors import DatasetError
from backpropviz.learn.examples import read_examples
from backpropviz.learn.mlp import MLP
from backpropviz.learn.network import check_strength


def least_squares(examples: object, l2: float = 0.0) -> MLP:
    """Solve linear regression exactly.

    Parameters
    ----------
    examples : pair (X, y)
        Features, shape (examples, features), and values, shape (examples,) or (examples, outputs).
    l2 : float
        Strength of the penalty, as for :class:`backpropviz.MLP`.

    Returns
    -------
    MLP
        A network without hidden layer whose parameters minimise its loss: θ = (XᵀX)⁻¹Xᵀy, with a column of ones in X
        for the bias. Its loss is half the squared error, summed over outputs: the gradient is then Xᵀ(Xθ − y)/N.

    Raises
    ------
    InputError
        For a penalty that is no number from 0.
    DatasetError
        Where the columns of X and the column of ones depend on each other, so that there is no single best fit.

    Examples
    --------
    >>> line = least_squares(([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]))
    >>> line.parameters["W1"].round(12), line.parameters["b1"].round(12)
    (array([[2.]]), array([1.]))
    """
    check_strength(l2)
    features, targets = read_examples(examples)
    values = targets[:, None] if targets.ndim == 1 else targets
    rows, columns = features.shape
    # Centred, the bias drops out; and the condition number is smaller than with a column of ones.
    centre, level = features.mean(axis=0), values.mean(axis=0)
    centred = features - centre
    if l2:
        # √(N·l2)·θ = 0 as further equations: the penalty l2/2·‖θ‖² beside half the mean squared error.
        system = np.vstack([centred, np.sqrt(rows * l2) * np.eye(columns)])
        wanted = np.vstack([values - level, np.zeros((columns, values.shape[1]))])
    else:
        system, wanted = centred, values - level
    weights, _, rank, _ = np.linalg.lstsq(system, wanted, rcond=None)
    if rank < columns:
        raise DatasetError(
            f"The {columns} features and the bias depend on each other (rank {rank + 1} of {columns + 1}), so many "
            "fits are equally good. Drop a column, add examples, or give l2 > 0.",
            expected=columns,
            actual=int(rank),
        )
    sizes = (columns, values.shape[1])
    parameters = {"W1": weights, "b1": level - centre @ weights}
    return MLP(sizes, loss="half_squared_error", l2=l2, parameters=parameters)
