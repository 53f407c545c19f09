"""MNIST in the two forms in which it is passed around."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import DatasetError
from backpropviz.learn.datasets.tables import read_content
from backpropviz.learn.examples import Examples, read_examples

if TYPE_CHECKING:
    from os import PathLike

    from backpropviz.graph.node import Array

_UNSIGNED_BYTE = 8


def mnist(images: str | PathLike[str], labels: str | PathLike[str] | None = None, part: str = "train") -> Examples:
    """Read handwritten digits of 28 × 28 pixels.

    Parameters
    ----------
    images : path
        An IDX file of images, gzipped or not; or an ``.npz`` file with ``x_train``, ``y_train``, ``x_test``,
        ``y_test``.
    labels : path, optional
        The IDX file of labels; not for ``.npz``.
    part : {"train", "test"}
        Of an ``.npz`` file.

    Returns
    -------
    (X, y) : Examples
        X, shape (images, pixels), brightness from 0 to 1; y, shape (images,), class numbers.

    Raises
    ------
    DatasetError
        For a file that is cut short, is not of that form, or whose labels do not match its images.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition.
    """
    if Path(images).suffix == ".npz":
        pixels, classes = _npz(Path(images), part)
    elif labels is None:
        raise DatasetError(f"{images} holds images only; give the file of labels too: mnist(images, labels).")
    else:
        pixels, classes = idx(images), idx(labels)
    if pixels.ndim < 2 or classes.ndim != 1 or len(pixels) != len(classes):
        raise DatasetError(
            f"Images of shape {pixels.shape} and labels of shape {classes.shape} do not match.",
            expected=(len(pixels),),
            actual=classes.shape,
        )
    scale = 255.0 if pixels.size and pixels.max() > 1 else 1.0
    return read_examples((pixels.reshape(len(pixels), -1) / scale, classes))


def idx(path: str | PathLike[str]) -> Array:
    """Read an array of bytes in the IDX form, gzipped or not.

    Raises
    ------
    DatasetError
        For a file that is cut short or not of that form.
    """
    content = read_content(path)
    if len(content) < 4 or content[:2] != b"\x00\x00" or content[2] != _UNSIGNED_BYTE:
        raise DatasetError(f"{path} is not an IDX file of bytes: it begins with {content[:4].hex(' ') or 'nothing'}.")
    axes = content[3]
    start = 4 + 4 * axes
    shape = tuple(int.from_bytes(content[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(axes))
    if len(content) != start + math.prod(shape):
        raise DatasetError(
            f"{path} announces shape {shape}, that is {math.prod(shape)} bytes, but has {len(content) - start}. "
            "Download it again.",
            expected=math.prod(shape),
            actual=len(content) - start,
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape).astype(np.float64)


def _npz(path: Path, part: str) -> tuple[Array, Array]:
    if part not in ("train", "test"):
        raise DatasetError(f"part is 'train' or 'test', not {part!r}.", actual=part)
    try:
        # Pickled objects could run code when they are loaded.
        with np.load(path, allow_pickle=False) as arrays:
            found: tuple[Any, Any] = arrays[f"x_{part}"], arrays[f"y_{part}"]
    except KeyError:
        raise DatasetError(f"{path} has no x_{part} and y_{part}.", expected=f"x_{part}, y_{part}") from None
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise DatasetError(f"{path} is not an .npz file of plain arrays.") from None
    return found[0].astype(np.float64), found[1].astype(np.float64)
