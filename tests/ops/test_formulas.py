"""What the page and the notes say of a rule is the rule."""

from __future__ import annotations

import numpy as np
import operation_oracles as oracles
import pytest
from operation_cases import OPERATIONS, sample

from backpropviz import parse
from backpropviz.errors import ExpressionError
from backpropviz.ops import REGISTRY

ELEMENTWISE = [name for name, op in OPERATIONS.items() if op.elementwise]
WORDED = {
    "leaky_relu", "gelu", "abs", "max", "min", "relu", "where", "clip",
}  # fmt: skip
"""Rules that are told in words, as they choose between cases or use Φ."""


def _point(name, seed=2):
    op = REGISTRY[name]
    generator = np.random.default_rng(seed)
    return [sample(generator, op.interval(slot), ()) for slot in range(op.arity or 2)]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_local_partials_are_those_of_50_digit_arithmetic(name):
    for seed in range(5):
        arguments = _point(name, seed)
        out = REGISTRY[name].value(*arguments)
        for slot, partial in enumerate(REGISTRY[name].partials(out, *arguments)):
            expected = oracles.partial(name, slot, *arguments)
            assert abs(float(partial) - expected) <= 1e-13 * max(1.0, abs(expected)), (slot, arguments)


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if name not in WORDED])
def test_formula_says_the_partial(name):
    op = REGISTRY[name]
    for seed in range(3):
        arguments = _point(name, seed)
        out = op.value(*arguments)
        quantities = {"x": arguments[0], "y": arguments[-1], "out": out}
        for slot, partial in enumerate(op.partials(out, *arguments)):
            graph = parse(op.formula(slot))
            said = graph.evaluate({each: quantities[each] for each in graph.inputs}).value
            assert float(said) == pytest.approx(float(partial), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", sorted(WORDED))
def test_words_are_no_formula(name):
    with pytest.raises(ExpressionError):
        parse(REGISTRY[name].formula(1 if name == "where" else 0))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is(name):
    op = REGISTRY[name]
    assert op.symbol
    assert op.latex
    assert op.source
    assert op.role.sentence.endswith(".")
    assert all(op.formula(slot) for slot in range(op.arity or 2))
    if not op.elementwise:
        assert all("g" in op.formula(slot) for slot in range(op.arity or 2))
