"""Settings of the wrong kind are refused in words, wherever a number or a list is asked for."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError

MLP = bpv.MLP((2, 3, 1), output="sigmoid")
MOONS = bpv.datasets.moons(20)


@pytest.mark.parametrize("given", ["a", None, [1], float("nan"), -1, True], ids=str)
def test_what_is_no_number_of_the_range_is_refused(given):
    for wrong in (
        lambda: bpv.Adam(epsilon=given),
        lambda: bpv.SGD(given),
        lambda: bpv.SGD(momentum=given),
        lambda: bpv.schedules.Cosine(given),
        lambda: bpv.schedules.Cosine(0.1, given if given is not True else 0),
        lambda: bpv.schedules.StepDecay(0.1, factor=given),
        lambda: bpv.datasets.moons(10, noise=given),
        lambda: bpv.MLP((2, 1), l2=given),
    ):
        with pytest.raises(InputError, match="not "):
            wrong()


def test_one_where_several_are_listed_is_told():
    for name, one in {"learning_rates": 0.1, "seeds": 3, "sizes": 4}.items():
        with pytest.raises(InputError, match=f"{name} lists what is tried"):
            bpv.sweep(MLP, MOONS, **{name: one})
    with pytest.raises(InputError, match="features first"):
        bpv.sweep(MLP, MOONS, sizes=(2, 4, 1))


def test_names_of_no_kind_are_told():
    for wrong in (
        lambda: bpv.MLP((2, 3, 1), None),
        lambda: bpv.exercise("x*y", ask=None),
        lambda: bpv.expression_swell(3),
        lambda: MOONS.split("a"),
    ):
        with pytest.raises(InputError):
            wrong()
    with pytest.raises(LookupError):
        bpv.paths("x*y", 3, x=1, y=2)


def test_numbers_of_numpy_are_numbers():
    assert float(next(bpv.fit(MLP, MOONS, bpv.SGD(np.float32(0.5)), seed=np.int64(1))).loss) > 0
    assert len(bpv.playground(MLP, MOONS, bpv.Adam(np.float32(0.5), decay=np.float32(0.5))).to_html()) > 1000
