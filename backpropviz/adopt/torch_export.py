"""PyTorch's own graph of a model: exported, or recorded while it runs."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Sequence


def exported(torch: Any, owner: Any, given: Sequence[Any]) -> tuple[Any, bool]:
    """Export, or record what runs where export is refused."""
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        try:
            return torch.export.export(owner, tuple(given), strict=False), False
        except Exception as refusal:  # noqa: BLE001  its errors share no class, and recording says what remains
            try:
                return _recorded(torch, owner, given), True
            except Exception as cause:
                raise AdoptionError(
                    f"The model can be neither exported ({_first_line(refusal)}) nor recorded ({_first_line(cause)}). "
                    "Adopt a part of it, or write that part with tensor operations alone."
                ) from cause


def _first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0]


class TorchRecording:
    """What a recording has in common with an exported program."""

    def __init__(self, graph_module: Any, names: Sequence[str]) -> None:
        self.graph_module = graph_module
        self.graph = graph_module.graph
        self.names = names


def _recorded(torch: Any, owner: Any, given: Sequence[Any]) -> TorchRecording:
    from torch.fx.experimental.proxy_tensor import make_fx  # noqa: PLC0415  only where export is refused

    state = {**dict(owner.named_parameters()), **dict(owner.named_buffers())}
    names = list(state)
    leaves, layout = torch.utils._pytree.tree_flatten(tuple(given))  # noqa: SLF001  there is no public name for it

    def run(*flat: Any) -> Any:
        arguments = torch.utils._pytree.tree_unflatten(list(flat[len(names) :]), layout)  # noqa: SLF001  as above
        return torch.func.functional_call(owner, dict(zip(names, flat, strict=False)), arguments)

    held = [each.detach().clone() for each in state.values()]
    recorder = make_fx(
        run, pre_dispatch=True, tracing_mode="real", record_stack_traces=True, _error_on_data_dependent_ops=False
    )
    return TorchRecording(recorder(*held, *leaves), names)
