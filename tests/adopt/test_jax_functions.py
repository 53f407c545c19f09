"""JAX's functions brought along: value and gradients as its own grad has them."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import AdoptionError

jax = pytest.importorskip("jax", reason="JAX is not installed: python -m pip install 'backpropviz[jax]'")
import jax.numpy as jnp  # noqa: E402  it needs JAX


def _rows(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def perceptron(parameters, x, labels):
    for layer in parameters[:-1]:
        x = jax.nn.relu(x @ layer["w"] + layer["b"])
    scores = x @ parameters[-1]["w"] + parameters[-1]["b"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], axis=1))


def regression(w, b, x, y):
    return jnp.mean((jnp.tanh(x @ w) + b - y) ** 2)


def ordered(x):
    median = jnp.median(x) + jnp.quantile(x, 0.3) + x[jnp.argsort(x)] @ jnp.arange(5.0) + x[jnp.argmax(x)] ** 2
    sums = jax.lax.cummax(x) * jax.lax.cummin(x, reverse=True) + jnp.cumprod(x) + jax.lax.cumlogsumexp(x, reverse=True)
    chosen = jnp.select([x > 1, x > 0], [x, x * x], x**3) * jax.lax.associative_scan(jnp.multiply, x)
    return median + jnp.sum(sums * chosen) + jnp.sum(jax.lax.top_k(x, 2)[0] ** 2) + jnp.sum(jnp.sort(x)[:2] ** 3)


def equations(a, b):
    positive = a @ a.T + jnp.eye(3)
    lower = jnp.linalg.cholesky(positive)
    solved = jnp.linalg.solve(a, b) + jnp.linalg.inv(a) + jax.scipy.linalg.cho_solve((lower, True), b)
    whitened = jax.scipy.linalg.solve_triangular(a, b, lower=True, unit_diagonal=True, trans=1)
    solved = solved * jnp.linalg.norm(a, "nuc") / jnp.linalg.cond(positive)
    return jnp.sum(jnp.sin(solved)) + jnp.sum(whitened**2) + jnp.sum(jnp.linalg.solve(a, b[:, 0]) ** 2)


def widened(images, kernel):
    up = jax.lax.conv_transpose(images, kernel, (2, 2), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW"))
    low = jax.lax.reduce_window(up, jnp.inf, jax.lax.min, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return jnp.sum(low**2) + jnp.sum(jax.lax.pad(images[0, 0], 2.0, ((1, 1, 1), (0, -1, 2))) ** 3)


def recurrent(w, u, b, xs):
    def step(h, x):
        h = jnp.tanh(x @ w + h @ u + b)
        return h, h

    last, every = jax.lax.scan(step, jnp.zeros(u.shape[0]), xs)
    return jnp.sum(last * last) + jnp.mean(every)


def gated(parameters, xs):
    def step(state, x):
        h, c = state
        i, f, g, o = jnp.split(x @ parameters["w"] + h @ parameters["u"] + parameters["b"], 4)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

    size = parameters["u"].shape[0]
    (h, _), _ = jax.lax.scan(step, (jnp.zeros(size), jnp.zeros(size)), xs, reverse=True)
    return jnp.sum(h**3)


def convolutional(kernel, bias, w, images):
    x = jax.lax.conv_general_dilated(images, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    x = jax.nn.gelu(x + bias)
    x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return jnp.mean(jax.nn.softplus(x.reshape(x.shape[0], -1) @ w))


def attention(q, k, v, x):
    query, key, value = (jnp.einsum("btd,dhk->bhtk", x, each) for each in (q, k, v))
    scores = jnp.einsum("bhtk,bhsk->bhts", query, key) / jnp.sqrt(query.shape[-1])
    seen = jnp.tril(jnp.ones((x.shape[1], x.shape[1]), dtype=bool))
    weights = jax.nn.softmax(jnp.where(seen, scores, -jnp.inf), axis=-1)
    return jnp.sum((weights @ value) ** 2)


def normalised(scale, x, table, index):
    x = x + table[index]
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    y = jax.nn.silu((x - mean) * jax.lax.rsqrt(variance + 1e-5)) * scale
    return jax.nn.logsumexp(y) + jnp.linalg.norm(y) + jnp.max(y, axis=0).sum()


def looped(x):
    def body(k, value):
        return jnp.sin(value) * x + value / (k + 1.0)

    return jax.lax.fori_loop(0, 4, body, x).sum() + jnp.prod(jnp.abs(x)) + jnp.cumsum(x)[1]


def branched(x, y):
    z = jax.lax.cond(x.sum() > y, lambda v: v * v, jnp.exp, x)
    return jnp.clip(z, -1.0, 2.0).sum() * jax.nn.elu(y)


@jax.custom_jvp
def log1pexp(x):
    return jnp.log1p(jnp.exp(x))


log1pexp.defjvps(lambda tangent, _out, x: tangent * jax.nn.sigmoid(x))


def custom(x):
    return jnp.sum(log1pexp(x) ** 2) + jax.jit(lambda v: jnp.sum(v * jnp.arctan2(v, 2.0)))(x)


def stopped(x, y):
    return jnp.sum(jax.lax.stop_gradient(x * y) * x) + y**2


def straight_through(x):
    rounded = x + jax.lax.stop_gradient(jnp.floor(x + 0.5) - x)
    return jnp.sum(rounded**2)


def stopped_in_a_loop(x, w):
    def step(h, row):
        h = jax.nn.softmax(jax.lax.stop_gradient(h) * row @ w)
        return h, h

    return jnp.sum(jax.lax.scan(step, jnp.ones(3), x)[1] ** 2)


def chosen_by_what_is_stopped(x):
    positive = jax.lax.stop_gradient(x > 0.0)
    return jnp.sum(jnp.where(positive & (x < 9.0), x * x, -x))


def bootstrapped(w, x, following, reward):
    target = reward + 0.9 * jax.lax.stop_gradient(jnp.max(following @ w, axis=-1))
    return jnp.mean((jnp.max(x @ w, axis=-1) - target) ** 2)


def whole_numbers(x):
    return jnp.sum((4.0 * x).astype(int) // 2 * x) + jnp.sum((x > 0.0).astype(int) * x) + jnp.sum(x.astype(bool) * x)


def moved_and_put(x):
    changed = x.at[0].set(x[1] * 2.0).at[:, 1].add(x[:, 0])
    segments = jax.ops.segment_sum(x, jnp.array([0, 0, 1]), 2)
    kept = jnp.where(jax.random.bernoulli(jax.random.key(0), 0.5, x.shape), x, 0.0)
    return jnp.sum(changed**2) + jnp.sum(segments**3) + jnp.sum(jnp.stack([x, kept]) ** 2) + jnp.sum(jnp.round(x) * x)


_LAYERS = [{"w": _rows(4, 6), "b": _rows(6)}, {"w": _rows(6, 3, seed=1), "b": _rows(3)}]
FUNCTIONS = {
    perceptron: (_LAYERS, _rows(5, 4), np.array([0, 2, 1, 1, 0])),
    regression: (_rows(3, 2), _rows(2), _rows(6, 3), _rows(6, 2)),
    recurrent: (_rows(3, 4), _rows(4, 4), _rows(4), _rows(6, 3)),
    gated: ({"w": _rows(3, 16), "u": _rows(4, 16), "b": _rows(16)}, _rows(5, 3)),
    convolutional: (_rows(3, 3, 2, 4), _rows(4), _rows(36, 2), _rows(2, 6, 6, 2)),
    attention: (_rows(6, 2, 3), _rows(6, 2, 3, seed=1), _rows(6, 2, 3, seed=2), _rows(2, 4, 6)),
    normalised: (_rows(4), _rows(3, 4), _rows(7, 4), np.array([1, 5, 1])),
    looped: (_rows(3),),
    ordered: (_rows(5),),
    equations: (_rows(3, 3), _rows(3, 3, seed=1)),
    widened: (_rows(1, 2, 3, 3), _rows(2, 2, 3, 3, seed=1)),
    branched: (_rows(3), np.float64(0.3)),
    custom: (_rows(4),),
    stopped: (_rows(3), np.float64(0.7)),
    straight_through: (3.0 * _rows(5),),
    stopped_in_a_loop: (_rows(5, 3), _rows(3, 3)),
    chosen_by_what_is_stopped: (_rows(5),),
    bootstrapped: (_rows(3, 2), _rows(4, 3), _rows(4, 3, seed=1), _rows(4, seed=2)),
    moved_and_put: (_rows(3, 4),),
    whole_numbers: (np.array([-1.3, 0.0, 0.6, 2.2]),),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_value_and_gradients_are_those_of_jax(function):
    arguments = FUNCTIONS[function]
    adopted = bpv.from_jax(function, *arguments)
    with jax.enable_x64(True):
        expected = float(function(*jax.tree_util.tree_map(jnp.asarray, arguments)))
    assert float(adopted.graph.evaluate(adopted.point).value) == pytest.approx(expected, rel=1e-12)
    adopted.check()


def test_inputs_are_named_by_their_path():
    adopted = bpv.from_jax(perceptron, *FUNCTIONS[perceptron])
    assert adopted.graph.inputs[:2] == ("parameters.0.b", "parameters.0.w")
    assert any(line.partition(":")[0].endswith("test_jax_functions.py") for line in adopted.sources.values())


def test_what_is_stopped_is_held_and_noted_once_for_each_line():
    x, y = _rows(3), np.float64(0.7)
    adopted = bpv.from_jax(stopped, x, y)
    gradient = adopted.graph.evaluate(adopted.point).reverse()
    np.testing.assert_allclose(gradient["x"], x * y, rtol=1e-15)  # not 2*x*y
    assert gradient["y"] == 2.0 * y
    (note,) = [each for each in adopted.notes if "stop_gradient" in each]
    assert "test_jax_functions.py" in note
    assert "held at its value" in note
    looped_over = bpv.from_jax(stopped_in_a_loop, _rows(5, 3), _rows(3, 3))
    assert len(looped_over.notes) == len(set(looped_over.notes)) <= 3


def test_what_the_function_itself_rounds_is_told_with_the_line():
    adopted = bpv.from_jax(lambda x: jnp.sum(jnp.exp(x.astype(jnp.float32)).astype(x.dtype) * x), _rows(3))
    assert any("Rounded to float32" in each and "test_jax_functions.py" in each for each in adopted.notes)
    adopted.check(1e-6)


@jax.custom_vjp
def carefully(x):
    return jnp.log1p(jnp.exp(x))


carefully.defvjp(lambda x: (carefully(x), x), lambda x, slope: (slope * jax.nn.sigmoid(x),))


def test_a_rule_that_writes_the_derivative_with_care_is_brought_along():
    adopted = bpv.from_jax(lambda x: jnp.sum(jax.vmap(carefully)(x) ** 2 + jax.nn.relu(0.0 * x)), _rows(3))
    adopted.check()


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (lambda x: x * 1.0, lambda _, slope: (-slope,)),  # reversed
        (jnp.floor, lambda _, slope: (slope,)),  # straight through
        (jnp.sin, lambda x, slope: (jnp.clip(slope * jnp.cos(x), -100.0, 100.0),)),  # clipped, though not at the point
    ],
)
def test_a_derivative_of_its_own_that_is_another_is_refused(value, back):
    owned = jax.custom_vjp(value)
    owned.defvjp(lambda x: (value(x), x), back)
    with pytest.raises(AdoptionError, match=r"derivative of its own .*custom_vjp.* write it with stop_gradient"):
        bpv.from_jax(lambda x: jnp.sum(jax.jit(owned)(x) ** 2), _rows(3))


def test_a_tangent_of_its_own_that_is_another_is_refused_inside_a_loop():
    @jax.custom_jvp
    def rounded(x):
        return jnp.round(x)

    rounded.defjvps(lambda tangent, _out, _x: tangent)
    with pytest.raises(AdoptionError, match=r"rounded .*test_jax_functions.*custom_jvp"):
        bpv.from_jax(lambda x: jax.lax.scan(lambda c, row: (c + rounded(row), c), 0.0, x)[0], _rows(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bpv.from_jax(lambda x: x * 2.0, _rows(3)), "Give back a sum or a loss"),
        (lambda: bpv.from_jax(lambda x: jnp.sum(jnp.fft.fft(x).real), _rows(4)), "fft has no counterpart"),
        (
            lambda: bpv.from_jax(lambda x: jax.scipy.special.gammaln(x).sum(), _rows(4) ** 2),
            "lgamma has no counterpart here, and is not linear.*stop_gradient",
        ),
        (lambda: bpv.from_jax(lambda x: jnp.sum(jax.lax.lgamma(x)), _rows(4) ** 2), "lgamma has no counterpart"),
        (lambda: bpv.from_jax(lambda x: x.sum() if x.sum() > 0 else 0.0, _rows(4)), "cannot trace"),
        (lambda: bpv.from_jax(lambda x: jax.lax.stop_gradient(x).sum(), _rows(3)), "no gradient passes"),
        (lambda: bpv.from_jax(lambda x: x @ _rows(3, 2), _rows(4)), "cannot trace"),
        (
            lambda: bpv.from_jax(
                lambda x: jax.lax.while_loop(lambda v: v < 5.0, lambda v: v * 2.0, x), np.float64(1.0)
            ),
            "ends by a number",
        ),
    ],
)
def test_what_cannot_be_brought_along_says_what_to_do(call, message):
    with pytest.raises(AdoptionError, match=message):
        call()


def test_a_loop_of_a_million_gates_is_refused_before_it_is_written_out():
    def far(x):
        return jax.lax.fori_loop(0, 10**6, lambda _, state: jnp.sin(state) + x, x)

    with pytest.raises(AdoptionError, match=r"more than 1,000,000 gates.*a shorter loop"):
        bpv.from_jax(far, 0.3)


def test_gates_are_counted_while_they_are_made(monkeypatch):
    monkeypatch.setattr("backpropviz.adopt.draft.MOST_GATES", 50)

    def far(x):
        for _ in range(100):
            x = jnp.sin(x)
        return x

    with pytest.raises(AdoptionError, match="more than 50 gates"):
        bpv.from_jax(far, 0.3)
