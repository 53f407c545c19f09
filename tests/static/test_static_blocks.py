"""Blocks of every kind: what an entry met is what the Jacobian couples, in the words of Python and in the page."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import ops
from backpropviz.adopt.draft import Draft
from backpropviz.ops import REGISTRY
from backpropviz.ops.blocks import HOMES
from backpropviz.ops.blocks.telling import TELLINGS
from backpropviz.scene.specification import specification
from backpropviz.steps.block_words import block_words

CHANCE = np.random.default_rng(3)
LABELS = np.array([0, 2])
MASK = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
WINDOWS = {"x": (1, 2, 4, 3), "weight": (2, 2, 2, 2), "bias": (2,)}
CELL = {"x": (2, 3), "hidden": (2, 2), "weight": (2, 3), "recurrent": (2, 2), "bias": (2,)}
CASES = {
    "convolution": (lambda **given: ops.convolution(**given, padding=1, stride=2), WINDOWS),
    "conv1d": (ops.conv1d, {"x": (2, 1, 5), "weight": (2, 1, 3)}),
    "conv2d": (lambda **given: ops.conv2d(**given, groups=2), {"x": (1, 2, 4, 3), "weight": (4, 1, 2, 2)}),
    "conv_transpose": (ops.conv_transpose, {"x": (1, 2, 2, 2), "weight": (2, 1, 2, 2), "bias": (1,)}),
    "linear": (ops.linear, {"x": (2, 3, 4), "weight": (2, 4), "bias": (2,)}),
    "max_pool": (lambda x: ops.max_pool(x, 2, 1), {"x": (1, 1, 3, 3)}),
    "adaptive_max_pool": (lambda x: ops.adaptive_max_pool(x, (2, 1)), {"x": (1, 1, 3, 3)}),
    "average_pool": (lambda x: ops.average_pool(x, 2, 1), {"x": (1, 1, 3, 3)}),
    "adaptive_average_pool": (lambda x: ops.adaptive_average_pool(x, (2, 1)), {"x": (1, 1, 3, 3)}),
    "layer_norm": (lambda **given: ops.layer_norm(axes=1, **given), {"x": (2, 3), "weight": (3,), "bias": (3,)}),
    "rms_norm": (lambda **given: ops.rms_norm(axes=1, **given), {"x": (2, 3), "weight": (3,)}),
    "batch_norm": (ops.batch_norm, {"x": (3, 2), "weight": (2,), "bias": (2,)}),
    "group_norm": (lambda **given: ops.group_norm(groups=2, **given), {"x": (2, 4, 3), "weight": (4,), "bias": (4,)}),
    "embedding": (lambda weight: ops.embedding([[1, 0], [1, 3]], weight), {"weight": (4, 2)}),
    "cross_entropy": (lambda logits: ops.cross_entropy(logits, LABELS, label_smoothing=0.1), {"logits": (2, 3)}),
    "scaled_dot_product_attention": (
        lambda **given: ops.scaled_dot_product_attention(**given, causal=True),
        {"query": (3, 2), "key": (3, 2), "value": (3, 2)},
    ),
    "multi_head_attention": (
        lambda query, **given: ops.multi_head_attention(query, query, query, 2, **given),
        {"query": (1, 3, 2), "project": (6, 2), "project_bias": (6,), "out": (2, 2), "out_bias": (2,)},
    ),
    "dropout": (lambda x: ops.dropout(x, MASK), {"x": (2, 3)}),
    "rnn_cell": (ops.rnn_cell, CELL),
    "gru_cell": (ops.gru_cell, CELL | {"weight": (6, 3), "recurrent": (6, 2), "bias": (6,)}),
    "lstm_cell": (
        lambda **given: ops.lstm_cell(**given)[0],
        CELL | {"memory": (2, 2), "weight": (8, 3), "recurrent": (8, 2), "bias": (8,)},
    ),
}


def drafted(kind):
    """A block of a kind, and what it gives summed up; no name of an argument says what it is."""
    make, shapes = CASES[kind]
    draft = Draft()
    given = {role: draft.input(f"{role}0", CHANCE.normal(size=size)) for role, size in shapes.items()}
    with draft.call("made") as made:
        made.result = make(**given)
    with draft.call("total") as total:
        total.result = np.sum(np.tanh(made.result) ** 2)
    graph, _, _ = draft.finish(total.result)
    return graph, draft.point


@pytest.fixture(scope="module")
def blocks(javascript):
    made = {kind: drafted(kind) for kind in CASES}
    body = """
      primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);
      primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
      return cases.map(({ graph, node, given }) => {
        const arrays = given.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
        const asked = new meeting.Meeting(closed_gates.gatesInside(graph, node), arrays);
        return arrays.map(({ data }, slot) => [...data.keys()].map((place) => [...asked.uses(slot, place)]));
      });"""
    cases = []
    for graph, point in made.values():
        described = specification(bpv.record(graph, point), {})["graph"]
        place = graph.nodes.index("made")
        given = [np.asarray(point[name]) for name in graph.arguments("made")]
        plain = [{"shape": list(each.shape), "data": each.ravel().tolist()} for each in given]
        cases.append({"graph": described, "node": place, "given": plain})
    modules = [f"story/{each}" for each in ("meeting", "closed_gates", "primitives", "array_primitives", "tight_loops")]
    uses = javascript(body, modules=modules, cases=cases)
    described = [case["graph"]["nodes"][case["node"]] for case in cases]
    return {kind: (*made[kind], told, plain) for kind, told, plain in zip(CASES, uses, described, strict=True)}


def jacobian(graph, point, node):
    """By slot, [entry of the value, entry of the argument]: how one moves the other, by reverse sweeps."""
    names = graph.arguments(node)
    given = [np.asarray(point[name]) for name in names]
    gate, parameters = REGISTRY[graph.op(node)], graph.parameters(node)
    out = np.asarray(gate.value(*given, **parameters))
    rows = []
    for place in range(out.size):
        seed = np.zeros(out.size)
        seed[place] = 1.0
        rows.append(gate.vjp(seed.reshape(out.shape)[()], out[()], given, parameters, range(len(given))))
    return out.shape, [np.array([np.ravel(row[slot]) for row in rows]) for slot in range(len(given))]


def count(places, shape, axes):
    return len({tuple(np.unravel_index(place, shape)[axis] for axis in axes) for place in places})


def test_every_block_is_told():
    assert set(CASES) == set(HOMES) == set(TELLINGS)


@pytest.mark.parametrize("kind", CASES)
def test_what_an_entry_met_is_the_pattern_of_the_jacobian(blocks, kind):
    graph, point, uses, plain = blocks[kind]
    words = block_words(graph, "made", graph.evaluate(point).shapes)
    assert words is not None
    assert words.forward()
    assert plain["meets"] == [words.pieces(slot) for slot in range(len(graph.arguments("made")))]
    shape, matrices = jacobian(graph, point, "made")
    for slot, (name, matrix) in enumerate(zip(graph.arguments("made"), matrices, strict=True)):
        size = np.abs(matrix)
        coupled = size > 1e-13 * size.max()
        if kind == "layer_norm" or "norm" in kind or kind.endswith("cell"):
            coupled |= size > 0  # what is small is there all the same
        pieces = words.pieces(slot)
        assert pieces, name
        for place, met in enumerate(uses[slot]):
            if size[:, place].max() < 1e-15 and met:
                continue  # a bias of keys, which a softmax does not see, but for the last digits
            assert set(met) == set(np.flatnonzero(coupled[:, place])), (name, place)
            if TELLINGS[kind].by_numbers:
                assert words.met(slot, np.unravel_index(place, np.shape(point[name]))) == ""
                continue
            told = words.met(slot, np.unravel_index(place, np.shape(point[name])))
            for piece in pieces:
                if isinstance(piece, str):
                    assert piece in told
                else:
                    one, several, axes = piece
                    number = count(met, shape, axes)
                    assert f"{number} {one if number == 1 else several}" in told, (name, place)


@pytest.mark.parametrize(("padding", "corner", "centre"), [(0, 676, 676), (1, 729, 784)])
def test_a_weight_of_a_kernel_tells_its_windows(padding, corner, centre):
    draft = Draft()
    x, weight = draft.input("x", CHANCE.normal(size=(1, 1, 28, 28))), draft.input("w", CHANCE.normal(size=(2, 1, 3, 3)))
    with draft.call("conv") as made:
        made.result = ops.conv2d(x, weight, padding=padding)
    with draft.call("loss") as loss:
        loss.result = np.sum(made.result**2)
    graph, _, _ = draft.finish(loss.result)
    timeline = bpv.record(graph, draft.point)
    words = block_words(graph, "conv", timeline.tape.shapes)
    slot = graph.arguments("conv").index("w")
    assert words.met(slot, (0, 0, 0, 0)) == f"met {corner} windows"
    told = " ".join(timeline.narrate(k).sentence for k in range(1, len(timeline) + 1))
    assert "slides 2 kernels of 1×3×3 over [1×1×28×28]" in told
    assert f"Its entry w[1,0,1,1] met {centre} windows." in told
    assert f"[2×9] = [2×{centre}]·[{centre}×9]" in told
    again = bpv.Graph.from_json(graph.to_json())
    assert again == graph
    assert block_words(again, "conv", timeline.tape.shapes).forward() == words.forward()
    assert graph.expand("conv").grouping.history == graph.grouping.history[1:]
