"""Steps about arrays speak in matrices: shapes are no factors, batches are examples, broadcasting is a sum."""

from __future__ import annotations

import re

import numpy as np
import pytest
from operation_cases import CASES

import backpropviz as bpv
from backpropviz.graph import GraphBuilder
from backpropviz.ops.broadcasting import broadcast_shape
from backpropviz.steps import record
from backpropviz.steps.array_words import repeated_use

DOT = "\u0307"
SHAPE = r"\[(\d+(?:×\d+)*)\]"
TIMES_NOTHING = re.compile(r"[·⊙] ?(?:\(−1\)|−?1|0)(?![\w./])")
SHAPE_AS_FACTOR = re.compile(rf"(?:{SHAPE} = )?{SHAPE}·{SHAPE}|{SHAPE}[·⊙]|[·⊙]{SHAPE}")
ARRAYS = [case for case in CASES if any(np.ndim(argument) for argument in case.arguments)]


def run_of(case, mode):
    builder = GraphBuilder()
    point = {}
    references = []
    for slot, argument in enumerate(case.arguments):
        if slot in case.fixed:
            references.append(builder.constant(argument))
        else:
            name = "abcdefgh"[slot]
            references.append(builder.input(name))
            point[name] = argument
    out = builder.apply(case.op, *references, name="out", **case.parameters)
    whole = builder.apply("sum", out, name="y") if np.ndim(case.value()) else out
    with np.errstate(all="ignore"):
        return record(builder.build(whole), point, mode=mode) if point else None


def shape_of(text):
    return tuple(map(int, text.split("×")))


def fits(result, left, right):
    return len(left) <= 2 and len(right) <= 2 and left[-1] == right[0] and result == (*left[:-1], *right[1:])


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("case", ARRAYS, ids=str)
def test_no_step_multiplies_a_shape(case, mode):
    timeline = run_of(case, mode)
    if timeline is None:
        return
    for k in range(len(timeline) + 1):
        told = timeline.narrate(k)
        for text in (told.sentence, told.equation):
            assert "…" not in text, text
            assert not TIMES_NOTHING.search(text), text
            for found in SHAPE_AS_FACTOR.finditer(text):
                result, left, right, *_ = found.groups()
                if left is None:
                    # A vector of up to three entries is told by them; one entry looks like a shape.
                    assert found[0].strip("·⊙ ") in {"[0]", "[1]"}, text
                elif result is not None:
                    assert fits(*map(shape_of, (result, left, right))), text
                else:
                    assert fits((), shape_of(left), shape_of(right)), text


@pytest.mark.parametrize("case", [case for case in ARRAYS if case.rule.elementwise], ids=str)
def test_what_broadcasting_repeats_is_told_as_a_sum(case):
    whole = np.shape(case.value())
    timeline = run_of(case, "reverse")
    told = " ".join(timeline.narrate(k).sentence for k in range(len(timeline) + 1))
    for slot, argument in enumerate(case.arguments):
        name = "abcdefgh"[slot]
        summed = re.search(rf"\b{name} is used [^.]*, so its gradient is the sum over ", told)
        assert bool(summed) == (np.shape(argument) != whole), told
    assert broadcast_shape(*map(np.shape, case.arguments)) == whole


@pytest.mark.parametrize(
    ("given", "whole", "said"),
    [
        ((2,), (4, 2), ("once per row", "the 4 rows")),
        ((1, 2), (4, 2), ("once per row", "the 4 rows")),
        ((4, 1), (4, 2), ("once per column", "the 2 columns")),
        ((), (4, 2), ("for every entry", "all 8 entries")),
        ((1,), (5,), ("for every entry", "all 5 entries")),
        ((2,), (3, 4, 2), ("12 times along axes 0 and 1", "the 12 uses")),
        ((3, 1, 2), (3, 4, 2), ("4 times along axis 1", "the 4 uses")),
    ],
)
def test_uses_are_counted(given, whole, said):
    assert repeated_use(given, whole) == said


def sentences(function, mode="reverse", **point):
    timeline = record(bpv.trace(function), point, mode=mode)
    return [timeline.narrate(k).sentence for k in range(len(timeline) + 1)]


def test_a_batch_is_told_as_examples():
    told = sentences(
        lambda X, W, b: np.sum(np.tanh(X @ W + b) ** 2),  # noqa: N803  as matrices are written
        X=np.ones((4, 3)),
        W=np.ones((3, 2)),
        b=np.ones(2),
    )
    product = next(each for each in told if each.startswith("W receives"))
    assert ": Xᵀ·g_" in product
    assert ", [3×2] = [3×4]·[4×2]. Summed over 4 examples: each row of X meets its row of g_" in product
    assert any(each.endswith("[4×2] = [4×3]·[3×2]. Each of its 4 rows is an example.") for each in told)
    bias = next(each for each in told if each.startswith("b receives"))
    assert bias.endswith("b is used once per row, so its gradient is the sum over the 4 rows.")


def test_matrices_that_hold_no_examples_have_rows():
    told = sentences(lambda a, m: np.sum(a @ m), a=np.ones((4, 3)), m=np.ones((3, 2)))
    assert any("Summed over 4 rows: each column of a meets each column of g_" in each for each in told)
    assert not any("example" in each for each in told)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ((3, 4), (4,), ["[3×4] = [3×1]·[1×4]", "[4] = [4×3]·[3]"]),
        ((4,), (4, 2), ["[4] = [2]·[2×4]", "[4×2] = [4×1]·[1×2]"]),
        ((2, 3), (3, 5), ["[2×3] = [2×5]·[5×3]", "[3×5] = [3×2]·[2×5]"]),
    ],
)
@pytest.mark.parametrize("product", [np.dot, np.matmul])
def test_products_with_vectors_tell_the_outer_product(left, right, told, product):
    seen = sentences(lambda a, m: np.sum(product(a, m)), a=np.ones(left), m=np.ones(right))
    for shapes in told:
        assert any(shapes in each for each in seen), seen


def test_tangents_of_arrays_follow_the_product_rule():
    seen = sentences(lambda a, m: np.sum(np.tanh(a @ m)), "forward", a=np.ones((2, 3)), m=np.ones((3, 2)))
    assert any(f"= a{DOT}·m + a·m{DOT} = [2×2]" in each for each in seen)
    assert any("⊙ (1 − " in each for each in seen)
    assert any("= sum(" in each for each in seen)
