"""ONNX files, made here, brought along: values as the reference evaluator's, gradients as central differences of it."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.adopt.comparing import difference
from backpropviz.errors import AdoptionError

onnx = pytest.importorskip("onnx", reason="ONNX is not installed: python -m pip install 'backpropviz[onnx]'")
from onnx import helper, numpy_helper  # noqa: E402  they need ONNX
from onnx.reference import ReferenceEvaluator  # noqa: E402  as above


def _rows(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def _model(nodes, held, inputs, output="y"):
    """Make a model in double precision."""
    kinds = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.asarray(value).dtype), np.shape(value))
        for name, value in inputs.items()
    ]
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in held.items()]
    out = helper.make_tensor_value_info(output, onnx.TensorProto.DOUBLE, None)
    graph = helper.make_graph(nodes, "made", kinds, [out], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def perceptron():
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["h1"], name="/layers/0/Gemm", transB=1),
        helper.make_node("Tanh", ["h1"], ["a1"], name="/layers/1/Tanh"),
        helper.make_node("MatMul", ["a1", "w2"], ["h2"]),
        helper.make_node("Add", ["h2", "b2"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["y"], axis=-1),
    ]
    held = {"w1": _rows(5, 4), "b1": _rows(5), "w2": _rows(5, 3), "b2": _rows(3)}
    return nodes, held, {"x": _rows(6, 4)}


def convolutional():
    nodes = [
        helper.make_node("Conv", ["x", "k", "c"], ["h"], kernel_shape=[3, 3], pads=[1, 0, 1, 2], strides=[1, 2]),
        helper.make_node("BatchNormalization", ["h", "s", "t", "m", "v"], ["n"]),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["y"]),
    ]
    held = {
        "k": _rows(3, 2, 3, 3),
        "c": _rows(3),
        "s": _rows(3),
        "t": _rows(3),
        "m": _rows(3),
        "v": np.abs(_rows(3)) + 1,
    }
    return nodes, {**held, "w": _rows(18, 2)}, {"x": _rows(2, 2, 6, 7)}


def attention():
    nodes = [
        helper.make_node("Gather", ["table", "index"], ["x"]),
        *(helper.make_node("MatMul", ["x", f"w{part}"], [part]) for part in "qkv"),
        helper.make_node("Transpose", ["k"], ["kt"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["q", "kt"], ["s"]),
        helper.make_node("Div", ["s", "root"], ["scaled"]),
        helper.make_node("Add", ["scaled", "mask"], ["masked"]),
        helper.make_node("Softmax", ["masked"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "v"], ["o"]),
        helper.make_node("LayerNormalization", ["o", "g", "b"], ["y"], axis=-1),
    ]
    held = {f"w{part}": _rows(4, 4, seed=seed) for seed, part in enumerate("qkv")}
    held |= {"table": _rows(7, 4), "root": np.float64(2.0), "mask": np.triu(np.full((3, 3), -9.0), 1)}
    return nodes, {**held, "g": _rows(4), "b": _rows(4)}, {"index": np.array([[1, 5, 1], [0, 2, 6]])}


def shapes():
    nodes = [
        helper.make_node("Split", ["x", "sizes"], ["a", "b"], axis=1),
        helper.make_node("Unsqueeze", ["a", "axis"], ["a1"]),
        helper.make_node("Expand", ["a1", "whole"], ["a2"]),
        helper.make_node("ReduceMean", ["a2", "axis"], ["a3"], keepdims=0),
        helper.make_node("Slice", ["b", "start", "end", "axis", "step"], ["b1"]),
        helper.make_node("Concat", ["a3", "b1"], ["c"], axis=1),
        helper.make_node("Pad", ["c", "pads"], ["d"]),
        helper.make_node("Shape", ["c"], ["size"]),
        helper.make_node("Reshape", ["d", "flat"], ["e"]),
        helper.make_node("Pow", ["e", "two"], ["f"]),
        helper.make_node("ReduceSum", ["f"], ["y"], keepdims=0),
    ]
    held = {"sizes": [2, 3], "axis": [1], "whole": [4, 3, 2], "start": [-1], "end": [-4], "step": [-1]}
    held = {name: np.array(value, dtype=np.int64) for name, value in held.items()}
    held |= {"pads": np.array([0, 1, 0, 2], dtype=np.int64), "flat": np.array([-1], dtype=np.int64)}
    return nodes, {**held, "two": np.float64(2.0)}, {"x": _rows(4, 5)}


def _part(operator):
    """A branch that sees what stands around it."""
    out = helper.make_tensor_value_info("out", onnx.TensorProto.DOUBLE, None)
    return helper.make_graph([helper.make_node(operator, ["u"], ["out"])], operator, [], [out])


def curves():
    nodes = [
        helper.make_node("Sigmoid", ["x"], ["a"]),
        helper.make_node("Softplus", ["x"], ["b"]),
        helper.make_node("LeakyRelu", ["x"], ["c"], alpha=0.2),
        helper.make_node("Elu", ["x"], ["d"], alpha=0.7),
        helper.make_node("Atan", ["x"], ["e"]),
        helper.make_node("Sum", ["a", "b", "c", "d", "e"], ["s"]),
        helper.make_node("Clip", ["s", "low", "high"], ["t"]),
        helper.make_node("Max", ["t", "a"], ["u"]),
        helper.make_node("If", ["is_taken"], ["w"], then_branch=_part("Tanh"), else_branch=_part("Exp")),
        helper.make_node("LogSoftmax", ["w"], ["v"], axis=0),
        helper.make_node("LessOrEqual", ["x", "low"], ["is_low"]),
        helper.make_node("Or", ["is_low", "chosen"], ["either"]),
        helper.make_node("Not", ["either"], ["neither"]),
        helper.make_node("Where", ["neither", "v", "u"], ["y"]),
    ]
    held = {"is_taken": np.array(False)}
    held |= {"low": np.float64(-0.5), "high": np.float64(3.0), "chosen": np.array([[True], [False], [True]])}
    return nodes, held, {"x": _rows(3, 4)}


def loss():
    nodes = [
        helper.make_node("Gemm", ["x", "w", "b"], ["h"], alpha=0.5, beta=2.0),
        helper.make_node("Identity", ["h"], ["i"]),
        helper.make_node("SoftmaxCrossEntropyLoss", ["i", "labels"], ["y"]),
    ]
    labels = np.array([0, 2, 1, 1, 0])
    return nodes, {"w": _rows(4, 3), "b": _rows(3)}, {"x": _rows(5, 4), "labels": labels}


def pooled():
    nodes = [
        helper.make_node("AveragePool", ["x"], ["a"], kernel_shape=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1),
        helper.make_node("GlobalAveragePool", ["a"], ["g"]),
        helper.make_node("Squeeze", ["g", "axes"], ["s"]),
        helper.make_node("ReduceLogSumExp", ["s", "one"], ["y"], keepdims=0),
    ]
    return nodes, {"axes": np.array([2, 3]), "one": np.array([1])}, {"x": _rows(2, 3, 4, 4)}


def grown():
    """Operators that have no counterpart of their own, but are linear; borders that the steps decide."""
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], auto_pad="SAME_UPPER", strides=[2, 2]),
        helper.make_node("InstanceNormalization", ["c", "scale", "bias"], ["i"]),
        helper.make_node("Resize", ["i", "", "scales"], ["r"], mode="linear"),
        helper.make_node("ConvTranspose", ["r", "w"], ["t"], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
        helper.make_node("Tile", ["t", "times"], ["g"]),
        helper.make_node("ReduceSumSquare", ["g", "one"], ["y"]),
    ]
    held = {"w": _rows(3, 2, 3, 3), "scale": _rows(3), "bias": _rows(3, seed=1), "one": np.array([1])}
    sizes = {
        "scales": np.array([1.0, 1.0, 2.0, 2.0], dtype=np.float32),
        "times": np.array([1, 1, 2, 1]),
    }
    return nodes, {**held, **sizes}, {"x": _rows(1, 2, 5, 5)}


def recurrent(kind, gates, **settings):
    def make():
        many = gates * 2
        nodes = [
            helper.make_node(kind, ["x", "w", "r", "b"], ["h", "last"], hidden_size=2, **settings),
            helper.make_node("TopK", ["last", "two"], ["top", "places"], axis=-1),
            helper.make_node("Pad", ["top", "pads", "", "axes"], ["wide"], mode="edge"),
            helper.make_node("ReduceSumSquare", ["h"], ["size"], keepdims=1),
            helper.make_node("Mul", ["wide", "size"], ["y"]),
        ]
        ways = 2 if settings.get("direction") == "bidirectional" else 1
        held = {"w": _rows(ways, many, 3), "r": _rows(ways, many, 2, seed=1), "b": _rows(ways, 2 * many, seed=2)}
        held |= {"two": np.array([1]), "pads": np.array([1, 2]), "axes": np.array([-1])}
        return nodes, held, {"x": _rows(3, 2, 3, seed=3)}

    make.__name__ = kind
    return make


RECURRENT = [
    recurrent("LSTM", 4),
    recurrent("GRU", 3, linear_before_reset=1),
    recurrent("RNN", 1, direction="bidirectional"),
]
MODELS = [*RECURRENT, perceptron, convolutional, attention, shapes, curves, loss, pooled, grown]


@pytest.mark.parametrize("make", MODELS, ids=lambda each: each.__name__)
def test_values_and_gradients(make, tmp_path):
    nodes, held, inputs = make()
    model = _model(nodes, held, inputs)
    onnx.save(model, tmp_path / "model.onnx")
    reference = ReferenceEvaluator(model)
    (out,) = reference.run(None, inputs)
    seed = _rows(*np.shape(out), seed=9) if np.shape(out) else None
    adopted = bpv.from_onnx(tmp_path / "model.onnx", inputs, seed=seed)
    weights = 1.0 if seed is None else seed
    tape = adopted.graph.evaluate(adopted.point)
    assert difference(tape.value, np.sum(out * weights)) <= 1e-12
    adopted.check()
    bpv.check(adopted.gates, adopted.point)
    adjoints = tape.reverse()
    for name, point in adopted.point.items():
        direction = np.asarray(_rows(*np.shape(point), seed=7))

        def at(step, name=name, point=point, direction=direction):
            moved = {**held, name: point + step * direction} if name in held else held
            given = {**inputs, name: point + step * direction} if name in inputs else inputs
            return float(np.sum(ReferenceEvaluator(_model(nodes, moved, given)).run(None, given)[0] * weights))

        # Five points: exact to the fourth power of the step.
        rate = (8.0 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
        assert float(np.sum(adjoints[name] * direction)) == pytest.approx(rate, rel=1e-6, abs=1e-7, nan_ok=True), name


def test_blocks_are_named_by_the_file():
    nodes, held, inputs = perceptron()
    adopted = bpv.from_onnx(_model(nodes, held, inputs), inputs)
    assert adopted.modules["layers.0.Gemm"] == "layers.0"


def _unknown():
    return bpv.from_onnx(
        _model([helper.make_node("Hardmax", ["x"], ["y"])], {}, {"x": _rows(3, 3)}), {"x": _rows(3, 3)}
    )


def _perceptron(change):
    nodes, held, inputs = perceptron()
    model = _model(nodes, held, inputs)
    change(model)
    return bpv.from_onnx(model, inputs)


def _without_its_numbers(model):
    first = model.graph.initializer[0]
    first.ClearField("raw_data")
    first.data_location = onnx.TensorProto.EXTERNAL
    first.external_data.add(key="location", value="gone.bin")


def test_a_model_is_read_from_bytes():
    nodes, held, inputs = perceptron()
    bpv.from_onnx(_model(nodes, held, inputs).SerializeToString(), inputs).check()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bpv.from_onnx(b""), "holds no graph with an output. Was it saved to its end"),
        (lambda: bpv.from_onnx(b"no model"), "What was given is no ONNX file"),
        (lambda: _perceptron(lambda model: setattr(model.graph.node[0], "domain", "other")), "of other, which ONNX"),
        (lambda: _perceptron(lambda model: model.graph.node[0].input.append("gone")), "takes gone, which nothing"),
        (lambda: _perceptron(_without_its_numbers), "numbers lie in another file.*Give the path"),
        (
            lambda: bpv.from_onnx(_model(*attention()), attention()[2], seed=np.ones(7)),
            r"has shape .*, and seed \(7,\)",
        ),
        (lambda: bpv.from_onnx("nowhere.onnx"), "no file nowhere.onnx"),
        (lambda: bpv.from_onnx(_model(*loss()), {"x": _rows(5, 4)}), "The model takes x, labels"),
        (_unknown, "operator Hardmax has no counterpart"),
    ],
)
def test_what_cannot_be_brought_along_says_what_to_do(call, message):
    with pytest.raises(AdoptionError, match=message):
        call()
