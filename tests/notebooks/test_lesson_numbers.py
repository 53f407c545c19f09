"""What lessons say in prose is what their cells compute: those on arrays, and the race of optimisers."""

from __future__ import annotations

import numpy as np
import pytest
from lessons import FOLDER, PATHS, cells, source

import backpropviz as bpv
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


def test_the_race_on_the_loss_of_a_line():
    line = bpv.datasets.line(n=50, noise=0.1, seed=0)
    x = np.c_[line.features + 2, np.ones(50)]
    first = np.append(np.ravel(bpv.MLP((1, 1), loss="half_squared_error", seed=0).parameters["W1"]), 0.0)
    gradient = lambda at: x.T @ (x @ at - line.targets.ravel()) / 50
    loss = lambda at: ((x @ at - line.targets.ravel()) ** 2).mean() / 2

    def after(step, rate, count=100):
        at, kept = first, np.zeros((2, 2))
        for number in range(1, count + 1):
            at = at - rate * step(gradient(at), kept, number)
        return loss(at)

    def momentum(slope, kept, _number):
        kept[0] = 0.9 * kept[0] + slope
        return kept[0]

    def adam(slope, kept, number):
        kept[:] = 0.9 * kept[0] + 0.1 * slope, 0.999 * kept[1] + 0.001 * slope**2
        return kept[0] / (1 - 0.9**number) / (np.sqrt(kept[1] / (1 - 0.999**number)) + 1e-8)

    def plain(slope, _kept, _number):
        return slope

    text = "\n".join(source(cell) for cell in cells(FOLDER / "08_sgd.ipynb", "markdown"))
    reached = [after(plain, 0.1), after(momentum, 0.1), after(adam, 0.02)]
    told = "SGD stands at {:.3f}, momentum at {:.3f}, Adam at {:.3f}; the least possible is {:.3f}"
    assert told.format(*reached, loss(np.linalg.lstsq(x, line.targets.ravel())[0])) in text
    low, high = np.linalg.eigvalsh(x.T @ x / 50)
    assert f"bends {high / low:.0f} times as sharply" in text
    assert f"the sharpest bend, here {2 / high:.2f}." in text
    assert after(plain, 0.35) < loss(first) < 1e3 < after(plain, 0.4)


def test_what_a_penalty_does_to_the_pictures_of_the_digits():
    train, held_out = bpv.datasets.digits().split(0.25, seed=0)
    network = bpv.MLP((64, 72, 10), output="identity", loss="cross_entropy", l2=0.01, seed=0)
    *_, last = bpv.fit(network, train, bpv.SGD(0.1), epochs=30, batch_size=32, validation=held_out)
    sizes = np.abs(last.network.parameters["W1"]).mean(1).reshape(8, 8)
    outer, middle = sizes[:, [0, 7]].mean(), sizes[:, 2:6].mean()
    prose = (FOLDER / "09_digits.ipynb").read_text(encoding="utf-8")
    assert f"{outer:.2f} in size in place of 0.11, those on the four middle ones {middle:.2f}" in prose
    assert f"{last.validation_accuracy:.1%}".replace("%", " %") + " of the held-out images" in prose
