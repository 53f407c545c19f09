"""What functions of JAX are called with: narrow numbers, and what is no number."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import AdoptionError

jax = pytest.importorskip("jax", reason="JAX is not installed: python -m pip install 'backpropviz[jax]'")
import jax.numpy as jnp  # noqa: E402  it needs JAX


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bpv.from_jax(lambda z: jnp.abs(z).sum(), np.ones(3) * 1j), "complex numbers: write them as pairs"),
        (lambda: bpv.from_jax(lambda x, mode: x.sum(), np.ones(3), "mode"), "no numbers. Close the function"),
        (lambda: bpv.from_jax(lambda x, key: x.sum(), np.ones(3), jax.random.key(0)), "PRNGKey"),
    ],
)
def test_arguments_that_are_no_real_numbers_say_what_to_do(call, message):
    with pytest.raises(AdoptionError, match=message):
        call()


def test_narrow_numbers_are_inputs_too():
    adopted = bpv.from_jax(lambda x: (x**2).sum(), jnp.ones(3, jnp.bfloat16))
    adopted.check()
    assert adopted.graph.inputs == ("x",)
