"""Tensors and modules of PyTorch's in float64, and what the difference is."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def doubled(torch: Any, value: Any) -> Any:
    """Give a copy of tensors and arrays, and of those in lists and dicts, in float64 where they hold fractions."""

    def copied(each: Any) -> Any:
        if isinstance(each, np.ndarray):
            each = torch.as_tensor(each)
        if not isinstance(each, torch.Tensor):
            return each
        kept = each.detach().clone()
        return kept.double() if kept.is_floating_point() else kept

    return torch.utils._pytree.tree_map(copied, value)  # noqa: SLF001  there is no public name for it


def _is_double(torch: Any, module: Any, inputs: Sequence[Any]) -> bool:
    state = list(module.parameters()) if isinstance(module, torch.nn.Module) else []
    leaves = torch.utils._pytree.tree_leaves(tuple(inputs))  # noqa: SLF001  as above
    tensors = [each for each in (*state, *leaves) if isinstance(each, torch.Tensor) and each.is_floating_point()]
    return all(each.dtype == torch.float64 for each in tensors)


def precision_told(torch: Any, module: Any, model: Any, inputs: Sequence[Any], given: Sequence[Any]) -> str:
    """Say how far the model's own precision is from float64.

    Parameters
    ----------
    torch : module
        PyTorch.
    module, inputs
        As they were given.
    model, given
        The same in float64.
    """
    if _is_double(torch, module, inputs):
        return "Told in float64."
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        state = torch.random.get_rng_state()
        before = copy.deepcopy(module)
        try:
            narrow = before(*inputs)
        except (RuntimeError, TypeError):
            return "Told in float64."
        torch.random.set_rng_state(state)
        wide = copy.deepcopy(model)(*given)
    if not isinstance(narrow, torch.Tensor) or not isinstance(wide, torch.Tensor) or not narrow.numel():
        return "Told in float64."
    gap = float((narrow.double() - wide).abs().max())
    own = str(narrow.dtype).removeprefix("torch.")
    return f"Told in float64; the model computes in {own}: outputs differ by up to {gap:.2g}."
