"""What the lessons on arrays say in prose is what their cells compute."""

from __future__ import annotations

import pytest
from lessons import PATHS, cells, source

from backpropviz.steps.numerals import format_number

SAID = {
    "04_forward_and_reverse": [
        ("0·2.5 + 1·(−1.5) + 1·0.5 + (−1)·2 = −3", "X[:, 2] @ (X @ W)[:, 0]", -3.0),
        ("the number in the lower left corner above", "slopes[2, 0]", -3.0),
        ("Six weights need six runs", "W.size", 6),
        ("Six weights need six runs", "np.abs(bpv.gradient(half_squares, X=X, W=W)['W'] - slopes).max()", 0.0),
        ("only the first column of *A*", "np.abs(X @ [[0, 0], [0, 0], [1, 0]])[:, 1].max()", 0.0),
    ],
    "06_vectors_and_matrices": [
        ("which is 4", "bpv.gradient(dot, x=np.array([1.0, 2, 3]), y=np.array([4.0, 0, -1]))['x'][0]", 4.0),
        ("the panel adds 2 − 1 + 1 = 2", "np.array([[1.0, 2], [0, -1], [3, 1]])[:, 1].sum()", 2.0),
        ("0·1 + 1·0 + 1·(−1) + (−1)·3 = −4", "X0[:, 2] @ G0[:, 0]", -4.0),
        ("0·1 + 1·0 + 1·(−1) + (−1)·3 = −4", "slopes['W'][2, 0]", -4.0),
        ("see ▽*W*[2,0] become −1", "moved[2, 0]", -1.0),
        ("The other entry that moves is ▽*W*[2,1]", "np.count_nonzero(moved - slopes['W'])", 2),
        ("The other entry that moves is ▽*W*[2,1]", "int((moved - slopes['W'])[2, 1] != 0)", 1),
        ("a branch with 4 ways", "len(X0)", 4),
    ],
}


@pytest.fixture(scope="module", params=list(SAID))
def lesson(request):
    """The names of a lesson after a run of its cells, as far as arrays go."""
    path = next(path for path in PATHS if path.stem == request.param)
    names = {}
    for cell in cells(path, "code"):
        exec(compile(source(cell), path.stem, "exec"), names)  # noqa: S102  the lesson's own cells
        if "G" in names and "G0" not in names:
            names |= {"G0": names["G"], "X0": names["X"]}
        if cell["id"] in {"arrays-backward", "product-edit"}:
            break
    yield path, names
    names["explorer"].close()


def test_the_prose_says_what_the_cells_compute(lesson):
    path, names = lesson
    prose = "\n".join(source(cell) for cell in cells(path, "markdown"))
    for words, expression, number in SAID[path.stem]:
        assert words in prose, words
        assert eval(expression, names) == number, expression  # noqa: S307  written above
        if "=" in words:
            assert words.rpartition("= ")[2].startswith(format_number(number))
