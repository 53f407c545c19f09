"""One SGD step beside hand-written NumPy, PyTorch, scikit-learn and JAX, in one process and one thread.

Run ``python benchmarks/training.py``; peers that are not installed are left out. Every contender takes the same
batches in the same order, float64, plain SGD, and reads the loss of every step. A round times an epoch of each in
turn, so that a busy machine slows all of them; figures are medians over the rounds, per step.
"""

from __future__ import annotations

import os

# Before NumPy loads: afterwards its threads are made.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import statistics  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

import numpy as np  # noqa: E402

import backpropviz as bpv  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE = 0.1
ROUNDS = 25


@dataclass(frozen=True)
class Case:
    """What is trained on what; `mlp` has the first weights of all contenders."""

    name: str
    mlp: bpv.MLP
    examples: bpv.datasets.Examples
    batch: int
    repeats: int  # epochs per timing, so that one timing takes some milliseconds

    @property
    def classes(self) -> bool:
        """Whether the loss is softmax cross-entropy, otherwise the binary one."""
        return self.mlp.loss == "cross_entropy"

    def batches(self) -> Iterator[np.ndarray]:
        """Rows of each batch, as a training run of seed 0 shuffles them."""
        generator = np.random.default_rng(0)
        count = len(self.examples.targets)
        for _ in range(self.repeats):
            order = generator.permutation(count)
            yield from (order[start : start + self.batch] for start in range(0, count, self.batch))


def cases() -> list[Case]:
    """Give the digits and the two moons; sizes of which the batch size is a divisor, so that JAX compiles once."""
    digits, moons = bpv.datasets.digits(), bpv.datasets.moons(200, seed=0)
    digits = bpv.datasets.Examples(digits.features[:1344], digits.targets[:1344])
    return [
        Case("64-72-10 tanh, softmax, batch 32", bpv.MLP((64, 72, 10), output="softmax"), digits, 32, 5),
        Case("2-16-16-1 tanh, sigmoid, batch 10", bpv.MLP((2, 16, 16, 1), output="sigmoid"), moons, 10, 10),
    ]


def ours(case: Case) -> Callable[[], Any]:
    """Step through :class:`backpropviz.Training`, divergence watch included."""
    training = bpv.Training(case.mlp, case.examples, bpv.SGD(RATE), case.batch, seed=0)
    steps = training.steps_per_epoch * case.repeats

    def epoch() -> Any:
        training.step(steps)
        return training.parameters

    return epoch


def numpy_by_hand(case: Case) -> Callable[[], Any]:
    """Write the step as one would at a blackboard, allocating every intermediate."""
    layers = case.mlp.layers
    weights = [np.array(case.mlp.parameters[f"W{layer}"]) for layer in range(1, layers + 1)]
    biases = [np.array(case.mlp.parameters[f"b{layer}"]) for layer in range(1, layers + 1)]
    features = case.examples.features
    labels = case.examples.targets.astype(int) if case.classes else case.examples.targets[:, None]
    losses = []

    def step(rows: np.ndarray) -> None:
        x, y = features[rows], labels[rows]
        values = [x]
        for layer in range(layers - 1):
            values.append(np.tanh(values[-1] @ weights[layer] + biases[layer]))
        scores = values[-1] @ weights[-1] + biases[-1]
        if case.classes:
            shifted = scores - scores.max(axis=1, keepdims=True)
            powers = np.exp(shifted)
            p = powers / powers.sum(axis=1, keepdims=True)
            each = np.arange(len(y))
            losses.append(-np.log(p[each, y]).mean())
            p[each, y] -= 1.0
            slope = p / len(y)
        else:
            losses.append((np.logaddexp(0.0, scores) - scores * y).mean())
            slope = (1.0 / (1.0 + np.exp(-scores)) - y) / len(y)
        for layer in range(layers - 1, -1, -1):
            weight_slope, bias_slope = values[layer].T @ slope, slope.sum(axis=0)
            if layer:
                slope = (slope @ weights[layer].T) * (1.0 - values[layer] * values[layer])
            weights[layer] -= RATE * weight_slope
            biases[layer] -= RATE * bias_slope

    def epoch() -> Any:
        for rows in case.batches():
            step(rows)
        return {f"W{i}": w for i, w in enumerate(weights, 1)} | {f"b{i}": b for i, b in enumerate(biases, 1)}

    return epoch


def pytorch(case: Case) -> Callable[[], Any]:
    """Step eagerly with torch.nn and torch.optim.SGD."""
    import torch  # noqa: PLC0415  optional

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    modules: list[Any] = []
    for layer in range(1, case.mlp.layers + 1):
        linear = torch.nn.Linear(*case.mlp.sizes[layer - 1 : layer + 1])
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(np.array(case.mlp.parameters[f"W{layer}"].T)))
            linear.bias.copy_(torch.tensor(np.array(case.mlp.parameters[f"b{layer}"])))
        modules += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    criterion = torch.nn.CrossEntropyLoss() if case.classes else torch.nn.BCEWithLogitsLoss()
    features = torch.tensor(case.examples.features)
    labels = torch.tensor(case.examples.targets)
    labels = labels.long() if case.classes else labels[:, None]

    def epoch() -> Any:
        for rows in case.batches():
            chosen = torch.from_numpy(rows)
            optimizer.zero_grad()
            loss = criterion(model(features[chosen]), labels[chosen])
            loss.backward()
            optimizer.step()
            loss.item()
        return {f"W{i}": m.weight.detach().numpy().T for i, m in enumerate(modules[::2], 1)}

    return epoch


def scikit_learn(case: Case) -> Callable[[], Any]:
    """Step with MLPClassifier.partial_fit, a whole epoch per call: a call per batch would cost it more."""
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  optional

    model = MLPClassifier(
        case.mlp.sizes[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=case.batch,
        learning_rate_init=RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        random_state=0,
    )
    features, labels = case.examples.features, case.examples.targets.astype(int)
    classes = np.unique(labels)

    def epoch() -> Any:
        generator = np.random.default_rng(0)
        for _ in range(case.repeats):
            order = generator.permutation(len(labels))
            model.partial_fit(features[order], labels[order], classes=classes)
        return {}

    return epoch


def jax_jit(case: Case) -> Callable[[], Any]:
    """Step with one jitted function that gives loss and new parameters; XLA keeps what threads it likes."""
    import jax  # noqa: PLC0415  optional
    import jax.numpy as jnp  # noqa: PLC0415  optional

    jax.config.update("jax_enable_x64", True)
    layers = range(1, case.mlp.layers + 1)
    names = [f"{kind}{layer}" for layer in layers for kind in "Wb"]
    state = [{name: jnp.array(case.mlp.parameters[name]) for name in names}]
    features = jnp.array(case.examples.features)
    labels = jnp.array(case.examples.targets.astype(int) if case.classes else case.examples.targets[:, None])

    def loss(parameters: Any, rows: Any) -> Any:
        x, y = features[rows], labels[rows]
        for layer in layers:
            x = x @ parameters[f"W{layer}"] + parameters[f"b{layer}"]
            x = jnp.tanh(x) if layer < case.mlp.layers else x
        if case.classes:
            return -jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1).mean()
        return (jnp.logaddexp(0.0, x) - x * y).mean()

    @jax.jit
    def step(parameters: Any, rows: Any) -> Any:
        value, slopes = jax.value_and_grad(loss)(parameters, rows)
        return value, {name: parameters[name] - RATE * slopes[name] for name in parameters}

    def epoch() -> Any:
        for rows in case.batches():
            value, state[0] = step(state[0], rows)
            float(value)
        return {name: np.asarray(value) for name, value in state[0].items()}

    return epoch


CONTENDERS = {
    "backpropviz": (ours, "numpy"),
    "NumPy by hand": (numpy_by_hand, "numpy"),
    "PyTorch eager": (pytorch, "torch"),
    "scikit-learn": (scikit_learn, "sklearn"),
    "JAX jit": (jax_jit, "jax"),
}


def compare(case: Case, rounds: int = ROUNDS) -> tuple[dict[str, float], float]:
    """Time all contenders in turn.

    Returns
    -------
    microseconds : dict of str to float
        Median per step.
    difference : float
        Largest difference of a parameter after one epoch, ours against NumPy by hand.
    """
    epochs = {name: make(case) for name, (make, needs) in CONTENDERS.items() if find_spec(needs)}
    first = {name: {key: np.array(value) for key, value in epoch().items()} for name, epoch in epochs.items()}
    reference = first["NumPy by hand"]
    difference = max(float(np.abs(first["backpropviz"][key] - reference[key]).max()) for key in reference)
    steps = sum(1 for _ in case.batches())
    times: dict[str, list[float]] = {name: [] for name in epochs}
    for _ in range(rounds):
        for name, epoch in epochs.items():
            started = time.perf_counter()
            epoch()
            times[name].append((time.perf_counter() - started) / steps * 1e6)
    return {name: statistics.median(each) for name, each in times.items()}, difference


def main() -> None:
    """Print one table per case."""
    for case in cases():
        found, difference = compare(case)
        print(f"\n{case.name}; parameters after an epoch differ from NumPy's by {difference:.1e}")
        print("| contender | µs per step | relative to ours | relative to NumPy by hand |\n|---|---|---|---|")
        for name, time_ in found.items():
            print(
                f"| {name} | {time_:.1f} | {time_ / found['backpropviz']:.2f} | {time_ / found['NumPy by hand']:.2f} |"
            )


if __name__ == "__main__":
    main()
