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


def test_a_loop_that_jax_follows_forward_alone_is_compared_forward():
    def turned(x):
        return jax.lax.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * jnp.sin(c[1])), (0, x))[1].sum()

    bpv.from_jax(turned, np.ones(3)).check()
