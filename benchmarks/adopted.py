"""Models of PyTorch: a compiled step of value and gradients against PyTorch's own eager step, one thread, float64.

Run ``python benchmarks/adopted.py`` where PyTorch is installed. Both step in turns, so that all meet the same
disturbances; what counts is the ratio.
"""

from __future__ import annotations

import sys

from timing import medians, on_one_thread, shown

BOUNDS = {"perceptron": 1.0, "transformer block": 1.0, "LeNet, 32 images": 2.0}


def models():
    """Give a module, its input and its target for each contest."""
    import torch  # noqa: PLC0415  a peer may be missing
    from torch import nn  # noqa: PLC0415  as above

    torch.set_num_threads(1)
    torch.manual_seed(0)
    perceptron = nn.Sequential(nn.Linear(64, 72), nn.Tanh(), nn.Linear(72, 10))
    block = nn.TransformerEncoderLayer(32, 4, 128, dropout=0.0, activation="gelu", batch_first=True)
    lenet = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
    return {
        "perceptron": (perceptron, torch.randn(32, 64), "cross_entropy", torch.randint(0, 10, (32,))),
        "transformer block": (block, torch.randn(2, 16, 32), "mse_loss", torch.randn(2, 16, 32)),
        "LeNet, 32 images": (lenet, torch.randn(32, 1, 28, 28), "cross_entropy", torch.randint(0, 10, (32,))),
    }


def main() -> None:
    """Print times and ratios."""
    on_one_thread()
    try:
        import torch  # noqa: PLC0415  a peer may be missing
    except ImportError:
        sys.exit("PyTorch is not installed here: python -m pip install 'backpropviz[torch]'.")
    import backpropviz as bpv  # noqa: PLC0415  after the threads are fixed

    for name, (module, given, loss, target) in models().items():
        adopted = bpv.from_torch(module, given, loss=loss, target=target)
        fast = adopted.gates.compile()
        point = dict(adopted.point)
        module, given = module.double(), given.double()
        target = target.double() if target.is_floating_point() else target
        measure = getattr(torch.nn.functional, loss)

        def eager(module=module, given=given, target=target, measure=measure):
            module.zero_grad()
            value = measure(module(given), target)
            value.backward()
            return value

        ours = float(fast(point)[0])
        assert abs(ours - eager().item()) <= 1e-12 * max(1.0, abs(ours))
        found = medians({"ours": lambda fast=fast, point=point: fast(point), "eager": eager})
        ratio = found["ours"] / found["eager"]
        print(f"{name}: {shown(found['ours'])} against {shown(found['eager'])}: {ratio:.2f}x (bound {BOUNDS[name]})")


if __name__ == "__main__":
    main()
