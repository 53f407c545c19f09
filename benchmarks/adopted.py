"""Models of PyTorch: a compiled step of value and gradients against PyTorch's own eager step, one thread, float64.

Run ``python benchmarks/adopted.py`` where PyTorch is installed. Both step in turns, so that all meet the same
disturbances; what counts is the ratio.
"""

from __future__ import annotations

import sys
from typing import Any

from timing import medians, on_one_thread, shown

BOUNDS = {"perceptron": 1.0, "transformer block": 1.0, "transformer block, GELU": 1.0, "LeNet, 32 images": 2.0}


def models() -> dict[str, tuple[Any, Any, str, Any]]:
    """Give a module, its input, its loss and its target for each contest."""
    import torch  # noqa: PLC0415  a peer may be missing
    from torch import nn  # noqa: PLC0415  as above

    torch.set_num_threads(1)
    torch.manual_seed(0)
    perceptron = nn.Sequential(nn.Linear(64, 72), nn.Tanh(), nn.Linear(72, 10))
    block, gelu = (
        nn.TransformerEncoderLayer(32, 4, 128, dropout=0.0, activation=each, batch_first=True)
        for each in ("relu", "gelu")
    )
    lenet = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
    found = {
        "perceptron": (perceptron, torch.randn(32, 64), "cross_entropy", torch.randint(0, 10, (32,))),
        "transformer block": (block, torch.randn(2, 16, 32), "mse_loss", torch.randn(2, 16, 32)),
        "transformer block, GELU": (gelu, torch.randn(2, 16, 32), "mse_loss", torch.randn(2, 16, 32)),
        "LeNet, 32 images": (lenet, torch.randn(32, 1, 28, 28), "cross_entropy", torch.randint(0, 10, (32,))),
    }
    return {
        name: (module.double(), given.double(), loss, target.double() if target.is_floating_point() else target)
        for name, (module, given, loss, target) in found.items()
    }


def contest(module: Any, given: Any, loss: str, target: Any) -> dict[str, float]:
    """Give the seconds of a step of both.

    Raises
    ------
    ValueError
        Where they disagree.
    """
    import torch  # noqa: PLC0415  a peer may be missing

    import backpropviz as bpv  # noqa: PLC0415  after the threads are fixed

    adopted = bpv.from_torch(module, given, loss=loss, target=target)
    fast, point = adopted.gates.compile(), dict(adopted.point)
    measure = getattr(torch.nn.functional, loss)
    leaf = given.clone().requires_grad_()  # both give the gradient of the input too

    def eager() -> float:
        module.zero_grad()
        leaf.grad = None
        value = measure(module(leaf), target)
        value.backward()
        return float(value.detach())

    if abs(float(fast(point)[0]) - eager()) > 1e-12:
        raise ValueError("The two disagree about the loss.")
    return medians({"ours": lambda: fast(point), "eager": eager})


def main() -> None:
    """Print times and ratios."""
    on_one_thread()
    try:
        contests = models()
    except ImportError:
        sys.exit("PyTorch is not installed here: python -m pip install 'backpropviz[torch]'.")
    for name, setting in contests.items():
        found = contest(*setting)
        ratio = found["ours"] / found["eager"]
        print(f"{name}: {shown(found['ours'])} against {shown(found['eager'])}: {ratio:.2f}x (bound {BOUNDS[name]})")


if __name__ == "__main__":
    main()
