"""PyTorch's own graph of a model: exported, or recorded while it runs."""

from __future__ import annotations

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


def watching(torch: Any) -> Any:
    """Give a context that refuses, while a model runs, what leaves no trace in its graph."""
    was_on = torch.is_autocast_enabled("cpu")

    class Watch(torch.overrides.TorchFunctionMode):  # type: ignore[misc]  # the framework's class has no types here
        def __torch_function__(self, function: Any, _types: Any, given: Any = (), named: Any = None) -> Any:
            if torch.is_autocast_enabled("cpu") and not was_on:
                raise AdoptionError(
                    "The model computes a part in narrow precision, under torch.autocast, and all is told in float64. "
                    "Adopt it without: torch.autocast(..., enabled=False)."
                )
            if function is torch.Tensor.register_hook:
                raise AdoptionError(
                    "The model hooks a tensor while it runs, which may change its gradient, and no graph keeps it. "
                    "Leave out register_hook."
                )
            return function(*given, **(named or {}))

    return Watch()


def refuse_held_parts(program: Any) -> None:
    """Refuse parts without gradients where entries are changed in place: a graph without changes forgets the parts."""
    if any("set_grad_enabled" in getattr(node.target, "__name__", "") for node in program.graph.nodes):
        raise AdoptionError(
            "The model changes entries of an array in place, and computes a part under torch.no_grad(); the two "
            "together are not followed. Write .detach() after that part in place of no_grad."
        )


def refuse_own_rules(torch: Any, owner: Any, given: Sequence[Any]) -> None:
    """Refuse functions with a backward of their own: neither export nor recording keeps it."""
    leaves = torch.utils._pytree.tree_map(  # noqa: SLF001  there is no public name for it
        lambda each: (
            each.clone().requires_grad_() if isinstance(each, torch.Tensor) and each.is_floating_point() else each
        ),
        tuple(given),
    )
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        try:
            with watching(torch):
                output = owner(*leaves)
        except RuntimeError:  # an input that is changed in place cannot be followed so
            return
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
        if name == "CheckpointFunction":
            raise AdoptionError(
                "torch.utils.checkpoint runs its part twice, the first time without gradients. Call it with "
                "use_reentrant=False: the numbers are the same.",
                op="checkpoint",
            )
        if isinstance(step, torch.autograd.function.BackwardCFunction):
            raise AdoptionError(
                f"{name} is a torch.autograd.Function, whose own backward no graph keeps. Write what it computes with "
                "tensor operations; for a straight-through estimator, (f(x) - x).detach() + x.",
                op=name,
            )
