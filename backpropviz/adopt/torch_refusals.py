"""Modules of PyTorch's that have no numbers yet, or others than real ones: what to do with them, said before a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def unwrapped(torch: Any, module: Any) -> Any:
    """Give the module or function that a compiled or an exported one was made of."""
    if isinstance(module, torch.export.ExportedProgram):
        return module.module()
    if isinstance(module, torch.nn.Module):
        return getattr(module, "_orig_mod", module)
    return getattr(module, "_torchdynamo_orig_callable", module)


def refuse_unsuitable(torch: Any, module: Any, inputs: Sequence[Any]) -> None:
    """Refuse what cannot be run in float64 on this machine's processor.

    Raises
    ------
    AdoptionError
        Naming the parameter, buffer or input, and what to do with it.
    """
    for path, part in module.named_modules() if isinstance(module, torch.nn.Module) else ():
        if ".quantized" in type(part).__module__:
            raise AdoptionError(
                f"{path or 'The model'} is quantised, and whole numbers have no gradient. Adopt the model as it was "
                "before.",
                node=path,
            )
        if part._backward_hooks or part._backward_pre_hooks:  # noqa: SLF001  there is no public name for them
            raise AdoptionError(
                f"{path or 'The model'} has a backward hook, which no graph keeps. Call remove() of what "
                "register_full_backward_hook gave.",
                node=path,
            )
    for name, value in _tensors(torch, module, inputs):
        advice = _advice(torch, value)
        if not advice and value.layout is not torch.strided and (value.requires_grad or name.startswith("Input ")):
            advice = "is sparse. Give it in full: x.to_dense()."
        if advice:
            raise AdoptionError(f"{name} {advice}", node=name)
        if value._backward_hooks or getattr(value, "_post_accumulate_grad_hooks", None):  # noqa: SLF001  as above
            raise AdoptionError(
                f"{name} has a hook, which may change its gradient, and no graph keeps it. Call remove() of what "
                "register_hook gave.",
                node=name,
            )


def advice_after(fault: BaseException) -> str:
    """Say what to do where a model did not run."""
    if any(part in str(fault) for part in ("same dtype", "scalar type", "to have dtype")):
        return (
            "All is told in float64, and a part of the model casts to another type, or holds one: write "
            "x.to(self.weight.dtype) there."
        )
    if "does not require grad" in str(fault):
        return (
            "A model that takes gradients itself is not followed. Adopt what it differentiates, and ask bpv.hessian "
            "for second derivatives."
        )
    return "Give example inputs as the model takes them."


def shapes_of(torch: Any, inputs: Sequence[Any]) -> list[Any]:
    """Give inputs with shapes in place of tensors, in lists and dicts too."""
    return torch.utils._pytree.tree_map(  # type: ignore[no-any-return]  # noqa: SLF001  there is no public name for it
        lambda each: tuple(each.shape) if hasattr(each, "shape") else each, list(inputs)
    )


def _tensors(torch: Any, module: Any, inputs: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(module, torch.nn.Module):
        yield from module.named_parameters()
        yield from module.named_buffers()
    for place, value in enumerate(torch.utils._pytree.tree_leaves(tuple(inputs)), 1):  # noqa: SLF001  as above
        if isinstance(value, torch.Tensor):
            yield f"Input {place}", value


def _advice(torch: Any, value: Any) -> str:
    if isinstance(value, torch.nn.parameter.UninitializedTensorMixin):
        return "has no shape before the model has run. Run it once on the example inputs: model(x)."
    if value.device.type == "meta":
        return (
            "is on the device meta, which keeps shapes without numbers. Make them: model.to_empty(device='cpu'), then "
            "load or draw the parameters."
        )
    if value.device.type != "cpu":
        return f"is on the device {value.device}. Bring it to this one: model.cpu(), x.cpu()."
    if value.is_quantized:
        return "is quantised, and whole numbers have no gradient. Give x.dequantize()."
    if value.is_complex():
        return "holds complex numbers. Write them as pairs of real ones, as torch.view_as_real gives them."
    return ""
