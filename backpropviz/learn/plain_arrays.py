"""Arrays of examples and parameters as JSON can hold them, in few characters and with every bit."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backpropviz.graph.node import Array
    from backpropviz.schema.training import WrittenArray

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


def array_to_plain(values: Array) -> WrittenArray:
    """Write an array.

    Returns
    -------
    dict
        ``shape``, and ``text``: a sign per entry, which of the ``levels`` it has, where there are at most 64 different
        ones, as of pixels and labels; otherwise the bytes in base64, the lowest of each number first.

    Examples
    --------
    >>> import numpy as np
    >>> array_to_plain(np.array([[0.0, 0.5], [0.5, 1.0]]))
    {'shape': [2, 2], 'levels': [0.0, 0.5, 1.0], 'text': '0112'}
    """
    shape = list(np.shape(values))
    levels, places = np.unique(values, return_inverse=True)
    if len(levels) <= len(_SIGNS):
        text = "".join(_SIGNS[place] for place in places.reshape(-1).tolist())
        return {"shape": shape, "levels": levels.tolist(), "text": text}
    return {"shape": shape, "text": base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode("ascii")}
