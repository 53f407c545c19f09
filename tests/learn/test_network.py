"""Networks as values: settings, shapes, predictions, and what does not fit."""

from __future__ import annotations

import pickle
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import GraphError, InputError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": (2, 4, 1), "activation": "tahn"}, "Did you mean 'tanh'"),
        ({"sizes": (2, 4, 1), "output": "softmx"}, "Did you mean 'softmax'"),
        ({"sizes": (2, 4, 1), "loss": "crossentropy"}, "Did you mean 'cross_entropy'"),
        ({"sizes": (2, 4, 1), "initial": "xaver"}, "Did you mean 'xavier'"),
        ({"sizes": (2, 4, 1), "bias": "fold"}, "Did you mean 'folded'"),
        ({"sizes": (2, 4, 1), "activation": ("tanh", "tanh")}, "2 activations"),
        ({"sizes": (2, 4, 3), "output": "sigmoid", "loss": "cross_entropy"}, "does not fit"),
        ({"sizes": (2, 4, 1), "output": "softmax"}, "at least two classes"),
        ({"sizes": (2,)}, "sizes"),
        ({"sizes": (2, 0, 1)}, "sizes"),
        ({"sizes": (2, 1.5)}, "sizes"),
        ({"sizes": "ab"}, "sizes"),
        ({"sizes": 3}, "sizes"),
        ({"sizes": (2, 1), "l2": -1.0}, "penalty"),
        ({"sizes": (2, 1), "parameters": {"W1": np.ones((2, 1))}}, "'b1' is missing"),
        ({"sizes": (2, 1), "parameters": {"W1": np.ones((1, 2)), "b1": [0.0]}}, "expected shape"),
    ],
)
def test_settings_that_do_not_fit(arguments, message):
    with pytest.raises(InputError, match=message):
        bpv.MLP(**arguments)


def test_first_weights():
    first, same, other = (bpv.MLP((50, 80, 3), seed=seed).parameters for seed in (1, 1, 2))
    np.testing.assert_array_equal(first["W1"], same["W1"])
    assert not np.array_equal(first["W1"], other["W1"])
    np.testing.assert_array_equal(first["b1"], 0.0)
    limit = np.sqrt(6 / 130)
    assert 0.95 * limit < np.abs(first["W1"]).max() <= limit
    he = bpv.MLP((50, 80, 3), "relu").parameters["W1"]
    assert he.std() == pytest.approx(np.sqrt(2 / 50), rel=0.05)
    np.testing.assert_array_equal(he, bpv.MLP((50, 80, 3), "tanh", initial="he").parameters["W1"])
    assert bpv.MLP((50, 80, 3), initial="normal").parameters["W1"].std() == pytest.approx(0.1, rel=0.05)
    assert not bpv.MLP((50, 80, 3), initial="zeros").parameters["W1"].any()


def test_predictions():
    features = np.random.default_rng(0).normal(size=(7, 2))
    assert bpv.MLP((2, 3, 1)).predict(features).shape == (7,)
    assert bpv.MLP((2, 3, 1)).predict(features[0]).shape == ()
    assert bpv.MLP((2, 3, 4)).predict(features).shape == (7, 4)
    softmax = bpv.MLP((2, 3, 4), output="softmax")
    np.testing.assert_allclose(softmax.predict(features).sum(axis=1), 1.0)
    np.testing.assert_array_equal(softmax.classify(features), softmax.predict(features).argmax(axis=1))
    sigmoid = bpv.MLP((2, 3, 1), output="sigmoid")
    np.testing.assert_array_equal(sigmoid.classify(features), sigmoid.predict(features) > 0.5)
    assert softmax.run(features).primals["h1"].shape == (7, 3)


def test_a_network_travels():
    mlp = bpv.MLP((2, 3, 1), l2=0.1)
    again = pickle.loads(pickle.dumps(mlp))  # noqa: S301  our own bytes
    np.testing.assert_array_equal(again.predict([1.0, 2.0]), mlp.predict([1.0, 2.0]))
    assert repr(again) == repr(mlp) == "MLP((2, 3, 1), 'tanh', output='identity', loss='squared_error', l2=0.1, seed=0)"


def test_batches_that_do_not_fit():
    for batch in (0, -1, 2.0):
        with pytest.raises(InputError, match="batch"):
            bpv.MLP((2, 1)).graph(batch)


def test_wirings_that_do_not_fit():
    with pytest.raises(GraphError, match="cycle"):
        bpv.UnitNetwork(nx.DiGraph([("x", "a"), ("a", "b"), ("b", "a")]))
    with pytest.raises(GraphError, match="no unit"):
        bpv.UnitNetwork(nx.DiGraph([("x", "a")]), outputs=("x",))
    with pytest.raises(GraphError, match="same name"):
        bpv.UnitNetwork(nx.DiGraph([("1", "a"), (1, "a")]))
    with pytest.raises(GraphError, match="no edges"):
        bpv.UnitNetwork(nx.DiGraph())
    with pytest.raises(GraphError, match="DiGraph"):
        bpv.UnitNetwork(nx.Graph([("x", "a")]))
    with pytest.raises(InputError, match="Did you mean 'relu'"):
        bpv.UnitNetwork(nx.DiGraph([("x", "a"), ("a", "b")]), activation="rlu")


def test_units_learn():
    wiring = nx.DiGraph([("x1", "h"), ("x2", "h"), ("x1", "out"), ("x2", "out"), ("h", "out")])
    network = bpv.UnitNetwork(wiring, output="sigmoid", seed=1)  # one hidden unit is enough with short cuts
    *_, last = bpv.fit(network, bpv.datasets.xor(), bpv.SGD(1.0), epochs=1000, batch_size="all")
    assert last.accuracy == 1.0


def test_learning_loads_no_library_that_it_does_not_need():
    heavy = {
        "plotly",
        "ipywidgets",
        "anywidget",
        "sympy",
        "sklearn",
        "scipy",
        "traitlets",
        "concurrent.futures.process",
    }
    script = f"import sys, backpropviz as bpv; bpv.MLP, bpv.fit; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
