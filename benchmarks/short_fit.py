"""A short fit with the record of each epoch, beside NumPy by hand that tells the same; and the way to the first step.

Run ``python benchmarks/short_fit.py``. Ten epochs of 64-72-10 on 1,400 digits in batches of 32, from a new start each
time, float64, one thread. The contenders take turns, and figures are of processor time: of each the median, and the
median of what ours takes of the other's time in the same round.
"""

from __future__ import annotations

import os

# Before NumPy loads: afterwards its threads are made.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import statistics  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

import backpropviz as bpv  # noqa: E402

RATE = 0.1
ROUNDS = 25
EPOCHS, BATCH = 10, 32


def told_by_hand(weights: list[np.ndarray], last: dict[str, Any], features: np.ndarray, labels: np.ndarray) -> Any:
    """Tell of an epoch what an :class:`backpropviz.EpochRecord` tells: of a network of one tanh layer and a softmax."""
    w1, b1, w2, b2 = weights
    hidden = np.tanh(features @ w1 + b1)
    scores = hidden @ w2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    each = np.arange(len(labels))
    loss = (np.log(np.exp(shifted).sum(axis=1)) - shifted[each, labels]).mean()
    lengths = [np.linalg.norm(before) for before in last["before"]]
    moved = [np.linalg.norm(now - before) for now, before in zip(weights, last["before"], strict=True)]
    return {
        "loss": float(loss),
        "accuracy": float((scores.argmax(axis=1) == labels).mean()),
        "gradient_norms": [float(np.linalg.norm(slope)) for slope in last["slopes"]],
        "weight_norms": [float(np.linalg.norm(weight)) for weight in weights],
        "update_ratios": [float(each / length) if length else 0.0 for each, length in zip(moved, lengths, strict=True)],
        "saturated": float(((hidden < -0.96) | (hidden > 0.96)).mean()),
        "network": [weight.copy() for weight in weights],
    }


def fit_by_hand(mlp: bpv.MLP, features: np.ndarray, targets: np.ndarray, epochs: int, batch: int) -> list[Any]:
    """Train a network of one tanh layer and a softmax, and tell of every epoch."""
    weights = [np.array(mlp.parameters[name]) for name in ("W1", "b1", "W2", "b2")]
    labels = targets.astype(int)
    generator = np.random.default_rng(0)
    told = []
    for _ in range(epochs):
        order = generator.permutation(len(labels))
        for start in range(0, len(labels), batch):
            rows = order[start : start + batch]
            x, y = features[rows], labels[rows]
            w1, b1, w2, b2 = weights
            hidden = np.tanh(x @ w1 + b1)
            scores = hidden @ w2 + b2
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            p = powers / powers.sum(axis=1, keepdims=True)
            each = np.arange(len(y))
            -np.log(p[each, y]).mean()
            p[each, y] -= 1.0
            slope = p / len(y)
            back = (slope @ w2.T) * (1.0 - hidden * hidden)
            slopes = [x.T @ back, back.sum(axis=0), hidden.T @ slope, slope.sum(axis=0)]
            if start + batch >= len(labels):
                last = {"before": [weight.copy() for weight in weights], "slopes": slopes}
            for place, change in enumerate(slopes):
                weights[place] -= RATE * change
        told.append(told_by_hand(weights, last, features, labels))
    return told


def main() -> None:
    """Print the table."""
    digits = bpv.datasets.digits()
    features, targets = digits.features[:1400], digits.targets[:1400]
    mlp = bpv.MLP((64, 72, 10), output="softmax")
    examples = (features, targets)

    def ours() -> list[float]:
        run = bpv.fit(mlp, examples, bpv.SGD(RATE), epochs=EPOCHS, batch_size=BATCH)
        return [record.loss for record in run]

    def by_hand() -> list[float]:
        return [told["loss"] for told in fit_by_hand(mlp, features, targets, EPOCHS, BATCH)]

    def first_step() -> None:
        bpv.Training(mlp, examples, bpv.SGD(RATE), batch_size=BATCH).step()

    started = time.perf_counter()
    first_step()
    print(f"the very first step of this process comes {(time.perf_counter() - started) * 1e3:.1f} ms after the call")
    contenders = {"backpropviz.fit": ours, "NumPy by hand": by_hand, "up to the first step": first_step}
    difference = max(abs(one - other) for one, other in zip(ours(), by_hand(), strict=True))
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, run in contenders.items():
            started = time.process_time()
            run()
            times[name].append((time.process_time() - started) * 1e3)
    print(f"the losses that are told differ by {difference:.1e}")
    print("| what | ms | share of NumPy by hand |\n|---|---|---|")
    for name, each in times.items():
        share = statistics.median(one / other for one, other in zip(each, times["NumPy by hand"], strict=True))
        print(f"| {name} | {statistics.median(each):.2f} | {share:.2f} |")


if __name__ == "__main__":
    main()
