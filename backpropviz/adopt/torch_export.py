"""PyTorch's own graph of a model: exported, or recorded while it runs."""

from __future__ import annotations

import copy
import io
import logging
import warnings
from contextlib import contextmanager, redirect_stderr
from typing import TYPE_CHECKING, Any

from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def exported(torch: Any, owner: Any, given: Sequence[Any], *, functional: bool = False) -> tuple[Any, bool]:
    """Export, or record what runs where export is refused; a functional graph changes nothing in place."""
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        try:
            with _quiet():
                program = torch.export.export(owner, tuple(given), strict=False)
            return program.run_decompositions({}) if functional else program, False
        except Exception as refusal:  # noqa: BLE001  its errors share no class, and recording says what remains
            try:
                return _recorded(torch, owner, given, functional=functional), True
            except Exception as cause:
                raise AdoptionError(
                    f"The model can be neither exported ({_first_line(refusal)}) nor recorded ({_first_line(cause)}). "
                    "Adopt a part of it, or write that part with tensor operations alone."
                ) from cause


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what PyTorch prints about an export that it refuses, pages of graph, from the user: recording follows."""
    log = logging.getLogger("torch.fx.experimental.symbolic_shapes")
    before = log.disabled
    log.disabled = True
    try:
        with redirect_stderr(io.StringIO()):
            yield
    finally:
        log.disabled = before


def _first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0]


class TorchRecording:
    """What a recording has in common with an exported program."""

    def __init__(self, graph_module: Any, names: Sequence[str]) -> None:
        self.graph_module = graph_module
        self.graph = graph_module.graph
        self.names = names


def _recorded(torch: Any, owner: Any, given: Sequence[Any], *, functional: bool) -> TorchRecording:
    from torch.fx.experimental.proxy_tensor import make_fx  # noqa: PLC0415  only where export is refused

    state = {**dict(owner.named_parameters()), **dict(owner.named_buffers())}
    names = list(state)
    leaves, layout = torch.utils._pytree.tree_flatten(tuple(given))  # noqa: SLF001  there is no public name for it

    def run(*flat: Any) -> Any:
        arguments = torch.utils._pytree.tree_unflatten(list(flat[len(names) :]), layout)  # noqa: SLF001  as above
        return torch.func.functional_call(owner, dict(zip(names, flat, strict=False)), arguments)

    held = [each.detach().clone() for each in state.values()]
    recorder = make_fx(
        torch.func.functionalize(run) if functional else run,
        pre_dispatch=True,
        tracing_mode="real",
        record_stack_traces=True,
        _error_on_data_dependent_ops=False,
    )
    return TorchRecording(recorder(*held, *leaves), names)


def refuse_own_rules(torch: Any, owner: Any, given: Sequence[Any]) -> None:
    """Refuse functions with a backward of their own: neither export nor recording keeps it."""
    leaves = [
        each.clone().requires_grad_() if isinstance(each, torch.Tensor) and each.is_floating_point() else each
        for each in given
    ]
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        state = copy.deepcopy(owner.state_dict())
        try:
            output = owner(*leaves)
        except RuntimeError:  # an input that is changed in place cannot be followed so
            return
        finally:
            owner.load_state_dict(state)
    waiting, seen = [output.grad_fn], set()
    while waiting:
        step = waiting.pop()
        if step is None or step in seen:
            continue
        seen.add(step)
        waiting += [each for each, _ in step.next_functions]
        name = type(step).__name__.removesuffix("Backward")
        if name == "CondAutogradOp":
            raise AdoptionError(
                "torch.cond is not followed. Write it as a Python if: the branch that is taken is recorded.", op="cond"
            )
        if isinstance(step, torch.autograd.function.BackwardCFunction) and name != "CheckpointFunction":
            raise AdoptionError(
                f"{name} is a torch.autograd.Function, whose own backward no graph keeps. Write what it computes with "
                "tensor operations; for a straight-through estimator, (f(x) - x).detach() + x.",
                op=name,
            )
