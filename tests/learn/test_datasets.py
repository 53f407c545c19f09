"""Data sets: made by seed, from files, from arrays; and what is wrong with those that cannot be learned from."""

from __future__ import annotations

import gzip
import sys

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import DatasetError, InputError

MADE = ("xor", "moons", "circles", "spiral", "blobs", "line", "sine")
CLASSES = {"xor": 2, "moons": 2, "circles": 2, "spiral": 2, "blobs": 3}


@pytest.mark.parametrize("name", MADE)
def test_made_by_seed(name):
    make = getattr(bpv.datasets, name)
    features, targets = make(40, noise=0.1, seed=1)
    assert features.shape == (40, 1 if name in {"line", "sine"} else 2)
    assert targets.shape == (40,)
    assert features.dtype == targets.dtype == np.float64
    np.testing.assert_array_equal(features, make(40, noise=0.1, seed=1).features)
    assert not np.array_equal(features, make(40, noise=0.1, seed=2).features)
    if name in CLASSES:
        assert sorted(set(targets)) == list(range(CLASSES[name]))
        assert np.bincount(targets.astype(int)).max() - np.bincount(targets.astype(int)).min() <= 1
    with pytest.raises(DatasetError, match="at least one"):
        make(0)


def test_xor_is_the_four_corners():
    features, targets = bpv.datasets.xor()
    np.testing.assert_array_equal(targets, features.sum(axis=1) % 2)


def test_split():
    examples = bpv.datasets.moons(40)
    train, held_out = examples.split(0.25, seed=3)
    assert (len(train.targets), len(held_out.targets)) == (30, 10)
    together = np.sort(np.concatenate([train.features, held_out.features]), axis=0)
    np.testing.assert_array_equal(together, np.sort(examples.features, axis=0))
    np.testing.assert_array_equal(train.features, examples.split(0.25, seed=3)[0].features)
    with pytest.raises(DatasetError, match="leaves one part empty"):
        examples.split(0.001)


def test_digits():
    pytest.importorskip("sklearn")
    features, targets = bpv.datasets.digits()
    assert features.shape == (1797, 64)
    assert (features.min(), features.max()) == (0.0, 1.0)
    assert sorted(set(targets)) == list(range(10))


def test_digits_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DatasetError, match=r"pip install backpropviz\[digits\]"):
        bpv.datasets.digits()


# -- files ---------------------------------------------------------------------------------------------------


def idx_bytes(array):
    shape = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (5, 28, 28))


LABELS = np.array([3, 1, 4, 1, 5])


@pytest.mark.parametrize("zipped", [False, True])
def test_mnist_as_idx(tmp_path, images, zipped):
    for name, array in (("images", images), ("labels", LABELS)):
        content = idx_bytes(array)
        (tmp_path / name).write_bytes(gzip.compress(content) if zipped else content)
    features, targets = bpv.datasets.mnist(tmp_path / "images", tmp_path / "labels")
    np.testing.assert_array_equal(features, images.reshape(5, 784) / 255.0)
    np.testing.assert_array_equal(targets, LABELS)


def test_mnist_as_npz(tmp_path, images):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=images, y_train=LABELS, x_test=images[:2], y_test=LABELS[:2])
    assert bpv.datasets.mnist(path).features.shape == (5, 784)
    assert bpv.datasets.mnist(path, part="test").targets.tolist() == [3, 1]
    with pytest.raises(DatasetError, match="'train' or 'test'"):
        bpv.datasets.mnist(path, part="both")


def test_damaged_mnist(tmp_path, images):
    whole = idx_bytes(images)
    labels = tmp_path / "labels"
    labels.write_bytes(idx_bytes(LABELS))
    for content, message in (
        (whole[:-7], "announces shape"),
        (b"", "begins with nothing"),
        (b"\x89PNG....", "not an IDX file"),
        (gzip.compress(whole)[:-20], "damaged gzip"),
        (idx_bytes(images[:4]), "do not match"),
    ):
        path = tmp_path / "images"
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=message):
            bpv.datasets.mnist(path, labels)
    with pytest.raises(DatasetError, match="file of labels"):
        bpv.datasets.mnist(tmp_path / "images")
    (tmp_path / "broken.npz").write_bytes(b"no zip")
    with pytest.raises(DatasetError, match="plain arrays"):
        bpv.datasets.mnist(tmp_path / "broken.npz")
    np.savez(tmp_path / "other.npz", a=images)
    with pytest.raises(DatasetError, match="x_train"):
        bpv.datasets.mnist(tmp_path / "other.npz")
    np.savez(tmp_path / "objects.npz", x_train=np.array([{}], dtype=object), y_train=LABELS)
    with pytest.raises(DatasetError, match="plain arrays"):
        bpv.datasets.mnist(tmp_path / "objects.npz")


def test_csv(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("height, age ,class\n1.5,30,0\n\n1.7,40,1\n", encoding="utf-8")
    features, targets = bpv.datasets.csv(path)
    assert (features.tolist(), targets.tolist()) == ([[1.5, 30.0], [1.7, 40.0]], [0.0, 1.0])
    assert bpv.datasets.csv(path, target="age").targets.tolist() == [30.0, 40.0]
    assert bpv.datasets.csv(path, target=0).features.tolist() == [[30.0, 0.0], [40.0, 1.0]]
    for target in ("size", 3):
        with pytest.raises(DatasetError, match="no column"):
            bpv.datasets.csv(path, target=target)


def test_a_name_is_no_network():
    with pytest.raises(InputError, match=r"A network is a value such as MLP\("):
        bpv.fit("mlp", bpv.datasets.xor())


def test_one_column_is_the_target(tmp_path):
    with pytest.raises(DatasetError, match="place or the name of one column"):
        bpv.datasets.csv(tmp_path / "table.csv", target=["a", "b"])


@pytest.mark.parametrize("seed", [-1, "a", 1.5])
def test_a_seed_is_a_whole_number(seed):
    mlp = bpv.MLP((2, 1), output="sigmoid")
    for make in (
        lambda: bpv.MLP((2, 1), seed=seed),
        lambda: bpv.datasets.moons(20, seed=seed),
        lambda: bpv.datasets.moons(20).split(0.5, seed=seed),
        lambda: bpv.fit(mlp, bpv.datasets.xor(), seed=seed),
    ):
        with pytest.raises(InputError, match="A seed is a whole number"):
            make()


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ("1,2,0\n3,4\n", 1, "2 columns"),
        ("1,2,0\n3,,1\n", 1, "not a number"),
        ("1,2,0\n3,4,cat\n", 1, "Number the classes"),
        ("1,2,0\nred,4,1\n", 1, "Leave its column out"),
        ('1,2,0\n"1,000",4,1\n', 1, "Write 1000, or give decimal"),
        ("1,2,0\n3,nan,1\n", 1, "not a finite number"),
        ("a,b\n", None, "no lines"),
        ("", None, r"no lines of numbers\.$"),
        ("1\n2\n", None, "one column"),
        ("a,b\n1,2,0\n", 0, "names 2 columns, but row 0 has 3"),
        ("1,2,0\n3,,1\n", 1, "a value is missing"),
        ("1,2,0\n3,NA,1\n", 1, "a value is missing"),
        ("1;2;0\n3;4;1\n", 0, "delimiter=';'"),
        ("a;b;c\n1;2;0\n", 0, "delimiter=';'"),
        ("1\t2\t0\n", None, r"delimiter='\\t'"),
        ("1,5;2,5;0\n", 0, "delimiter=';'"),
    ],
)
def test_csv_that_does_not_fit(tmp_path, text, row, message):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=message) as caught:
        bpv.datasets.csv(path)
    assert caught.value.row == row


def test_csv_with_decimal_commas(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a;b;c\n1,5;2;0\n-0,25;3;1\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="decimal=','"):
        bpv.datasets.csv(path, delimiter=";")
    features, _ = bpv.datasets.csv(path, delimiter=";", decimal=",")
    assert features.tolist() == [[1.5, 2.0], [-0.25, 3.0]]


def test_csv_of_columns_with_one_name(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,y,y\n1,2,0\n3,4,1\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"2 columns are called 'y'\. Choose one by its place: 1, 2"):
        bpv.datasets.csv(path, target="y")
    assert bpv.datasets.csv(path, target=1).targets.tolist() == [2.0, 4.0]


def test_csv_in_other_encodings(tmp_path):
    text = "größe,y\n1.5,0\n2.5,1\n"
    path = tmp_path / "table.csv"
    for content, options in [
        (text.encode("utf-16"), {}),
        (text.encode("utf-8-sig"), {}),
        (text.encode("latin-1"), {"encoding": "latin-1"}),
        (gzip.compress(text.encode()), {}),
    ]:
        path.write_bytes(content)
        assert bpv.datasets.csv(path, target="größe", **options).targets.tolist() == [1.5, 2.5]
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DatasetError, match=r"not UTF-8: byte 2 .*latin-1"):
        bpv.datasets.csv(path)
    path.write_bytes(text.encode("utf-16-le")[12:])
    with pytest.raises(DatasetError, match="no text in UTF-8"):
        bpv.datasets.csv(path)
    with pytest.raises(DatasetError, match="no encoding 'utf-88'"):
        bpv.datasets.csv(path, encoding="utf-88")


def test_csv_that_cannot_be_read(tmp_path):
    with pytest.raises(DatasetError, match="There is no file"):
        bpv.datasets.csv(tmp_path / "nowhere.csv")
    with pytest.raises(DatasetError, match="cannot be read"):
        bpv.datasets.csv(tmp_path)
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"1,2\n3,4\n")[:-6])
    with pytest.raises(DatasetError, match="damaged gzip"):
        bpv.datasets.csv(path)


# -- arrays --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("features", "targets", "message", "row"),
    [
        ([], [], "no examples", None),
        (np.empty((0, 2)), np.empty(0), "no examples", None),
        ([[1.0, 2.0], [np.nan, 1.0]], [0, 1], "X is not a finite number at row 1, column 0", 1),
        ([[1.0], [2.0], [np.inf]], [0, 1, 0], "row 2", 2),
        ([[1.0], [2.0]], [0, np.nan], "y is not a finite number at row 1", 1),
        ([[1.0], [2.0]], [0, 1, 2], "X has 2 rows", None),
        (np.ones((2, 28, 28)), [0, 1], "reshape", None),
        ([["a"], ["b"]], [0, 1], "not a number", None),
        ([[1.0], [2.0]], ["cat", "dog"], "np.unique", None),
        ([[1j]], [0], "complex", None),
    ],
)
def test_arrays_that_cannot_be_learned_from(features, targets, message, row):
    with pytest.raises(DatasetError, match=message) as caught:
        bpv.datasets.arrays(features, targets)
    assert caught.value.row == row


def test_one_feature_may_be_a_plain_list():
    assert bpv.datasets.arrays([1, 2, 3], [1, 2, 3]).features.shape == (3, 1)


@pytest.mark.parametrize(
    ("settings", "features", "targets", "message", "row"),
    [
        ({"sizes": (3, 1)}, np.ones((4, 2)), np.ones(4), "X has 2 features, but the network takes 3", None),
        ({"sizes": (2, 3)}, np.ones((4, 2)), np.ones(4), "3 outputs", None),
        ({"sizes": (2, 3)}, np.ones((4, 2)), np.ones((4, 2)), "3 outputs", None),
        ({"sizes": (2, 3), "output": "softmax"}, np.ones((4, 2)), [0, 1, 3, 3], "label of row 2 is 3", 2),
        ({"sizes": (2, 3), "output": "softmax"}, np.ones((4, 2)), [0, -1, 2, 1], "row 1", 1),
        ({"sizes": (2, 3), "output": "softmax"}, np.ones((4, 2)), [0, 1, 2, 0.5], "row 3", 3),
        ({"sizes": (2, 2), "output": "softmax"}, np.ones((2, 2)), [[1, 0], [0.5, 0.6]], "sum to 1", 1),
        ({"sizes": (2, 1), "output": "sigmoid"}, np.ones((4, 2)), [0, 1, 2, 1], "row 2", 2),
    ],
)
def test_examples_that_do_not_fit_the_network(settings, features, targets, message, row):
    mlp = bpv.MLP(**settings)
    with pytest.raises(DatasetError, match=message) as caught:
        bpv.fit(mlp, (features, targets))
    assert caught.value.row == row


def test_not_a_pair():
    with pytest.raises(DatasetError, match="pair"):
        bpv.fit(bpv.MLP((2, 1)), np.ones((4, 3)))
    with pytest.raises(InputError, match="2 features"):
        bpv.MLP((2, 1)).predict(np.ones((4, 3)))
