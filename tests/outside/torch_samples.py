"""PyTorch's own samples of its operations, run through what adoption makes of them.

Run as ``python tests/outside/torch_samples.py [name ...]`` in an environment that has PyTorch: it prints, for each
operation, how many samples were compared, refused and wrong. The samples are those with which PyTorch tests itself
(OpInfo), in float64; value and gradient are compared with its autograd.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

TOLERANCE = 1e-10
"""As a share of the largest entry: samples are often ill-conditioned, and sums are added up in another order."""
AT_ZERO = "subgradients_at_zero"
"""Samples of zeros. A zero matrix has no singular vectors of its own: PyTorch hands on those that its decomposition
happened to return, where docs/conventions.md says 0."""


@dataclass
class Report:
    """What became of the samples of one operation."""

    name: str
    compared: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __str__(self):
        refused = "; ".join(f"{count} × {why}" for why, count in self.refused.items())
        wrong = "".join(f"\n    WRONG {each}" for each in self.wrong)
        return f"{self.name:45s} {self.compared:4d} compared  {refused[:150]}{wrong}"


def operations() -> dict[str, list[Any]]:
    """Give PyTorch's operations with real gradients, by name; several variants may share one."""
    from torch.testing._internal.common_methods_invocations import op_db  # noqa: PLC0415  takes seconds

    found: dict[str, list[Any]] = {}
    for each in op_db:
        if each.supports_autograd:
            found.setdefault(each.name, []).append(each)
    return found


def tried(name: str, variants: list[Any], most: int | None = None) -> Report:
    """Compare the samples of one operation, at most so many of each variant."""
    import torch  # noqa: PLC0415  not installed everywhere

    report = Report(name)
    for variant in variants:
        if torch.float64 not in variant.supported_dtypes("cpu"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(0)
            samples = list(variant.sample_inputs("cpu", torch.float64, requires_grad=True))
            for sample in samples[:most]:
                _one(report, variant, sample)
    return report


def _one(report: Report, variant: Any, sample: Any) -> None:
    import torch  # noqa: PLC0415  as above

    from backpropviz.adopt.comparing import difference  # noqa: PLC0415  as above
    from backpropviz.errors import AdoptionError, SingularMatrixError  # noqa: PLC0415  as above

    flatten, unflatten = torch.utils._pytree.tree_flatten, torch.utils._pytree.tree_unflatten
    everything, layout = flatten((sample.input, sample.args, sample.kwargs))
    moving = [
        place
        for place, each in enumerate(everything)
        if isinstance(each, torch.Tensor) and each.requires_grad and each.dtype == torch.float64
    ]
    if not moving:
        return
    leaves = [everything[place].detach().clone().requires_grad_() for place in moving]
    cotangents: list[Any] = []

    def function(*given: Any) -> Any:
        whole = list(everything)
        for place, each in zip(moving, given, strict=True):
            whole[place] = each
        first, others, named = unflatten(whole, layout)
        results = flatten(variant.op(first, *others, **named))[0]
        smooth = [each for each in results if isinstance(each, torch.Tensor) and each.dtype == torch.float64]
        smooth = [each for each in smooth if each.requires_grad or len(smooth) == 1]
        if not cotangents:
            cotangents.extend(torch.randn(each.shape, dtype=torch.float64) for each in smooth)
        return sum((each * weight).sum() for each, weight in zip(smooth, cotangents, strict=True))

    try:
        torch.manual_seed(42)  # which operations that draw set themselves
        expected = function(*leaves)
        slopes = torch.autograd.grad(expected, leaves, allow_unused=True)
    except (RuntimeError, TypeError, NotImplementedError):
        return  # PyTorch itself has no gradient there
    try:
        value, gradient = _ours(function, leaves)
    except (AdoptionError, SingularMatrixError) as refusal:
        why = str(refusal.message).split(": ", 1)[-1].split(" has no")[0][:90]
        report.refused[why] = report.refused.get(why, 0) + 1
        return
    except Exception as fault:  # noqa: BLE001  whatever it is, it is a finding
        report.wrong.append(f"{type(fault).__name__}: {str(fault)[:160]} {_shown(sample)}")
        return
    report.compared += 1
    gaps = [difference(value, expected.detach().numpy())]
    for ours, theirs, leaf in zip(gradient, slopes, leaves, strict=True):
        is_free = variant.variant_test_name == AT_ZERO and leaf.ndim > 1 and not leaf.any() and not np.any(ours)
        right = np.zeros(leaf.shape) if theirs is None or is_free else theirs.detach().numpy(force=True)
        gaps.append(difference(ours, right))
    if not max(gaps) <= TOLERANCE:
        report.wrong.append(f"differs by {', '.join(f'{gap:.1e}' for gap in gaps)} {_shown(sample)}")


def _ours(function: Any, leaves: list[Any]) -> tuple[Any, list[Any]]:
    import torch  # noqa: PLC0415  as above
    from torch.fx.experimental.proxy_tensor import make_fx  # noqa: PLC0415  as above

    from backpropviz.adopt.draft import Draft  # noqa: PLC0415  as above
    from backpropviz.adopt.torch_graph import Translation  # noqa: PLC0415  as above
    from backpropviz.errors import AdoptionError  # noqa: PLC0415  as above
    from backpropviz.graph.tracing.tracer import Tracer  # noqa: PLC0415  as above

    # Operations see leaves with gradients, as they do in a model.
    recorder = make_fx(function, pre_dispatch=True, tracing_mode="real", _error_on_data_dependent_ops=False)
    try:
        recorded = recorder(*leaves)
    except Exception as cause:
        raise AdoptionError(f"PyTorch itself does not record it ({type(cause).__name__})") from cause
    draft = Draft()
    gates = {place: draft.input(f"x{place}", leaf.detach().numpy()) for place, leaf in enumerate(leaves)}
    torch.manual_seed(42)
    translation = Translation(draft, lambda _node: ("", ""))
    output = translation.run(recorded.graph, [leaf.detach().clone() for leaf in leaves], gates)
    if not isinstance(output, Tracer):
        return output, [np.zeros(leaf.shape) for leaf in leaves]
    graph, _, _ = draft.finish(output)
    tape = graph.evaluate(draft.point)
    adjoints = tape.reverse()
    return tape.value, [adjoints[f"x{place}"] for place in range(len(leaves))]


def _shown(sample: Any) -> str:
    import torch  # noqa: PLC0415  as above

    def brief(part: Any) -> Any:
        if isinstance(part, torch.Tensor):
            return f"{str(part.dtype).removeprefix('torch.')}{tuple(part.shape)}"
        return [brief(each) for each in part] if isinstance(part, (list, tuple)) else part

    named = {key: brief(value) for key, value in sample.kwargs.items()}
    return f"{brief(sample.input)} {brief(sample.args)} {named}"


def main() -> None:
    """Print what became of the samples."""
    chosen = sys.argv[1:]
    compared = wrong = refused = mapped = 0
    for name, variants in sorted(operations().items()):
        if chosen and name not in chosen:
            continue
        report = tried(name, variants, 30)
        if report.compared or report.wrong or chosen:
            print(report, flush=True)
        compared += report.compared
        wrong += len(report.wrong)
        refused += sum(report.refused.values())
        mapped += bool(report.compared)
    print(f"{mapped} operations: {compared} samples compared, {wrong} wrong, {refused} refused")


if __name__ == "__main__":
    main()
