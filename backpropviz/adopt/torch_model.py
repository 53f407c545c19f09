"""PyTorch's modules and functions as graphs."""

from __future__ import annotations

import copy
import inspect
import re
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.comparing import compare_with
from backpropviz.adopt.draft import Draft
from backpropviz.adopt.torch_autograd import differentiated
from backpropviz.adopt.torch_export import TorchRecording, exported, refuse_held_parts, refuse_own_rules, watching
from backpropviz.adopt.torch_graph import NotPlainError, Translation
from backpropviz.adopt.torch_precision import doubled, precision_told
from backpropviz.adopt.torch_refusals import advice_after, refuse_unsuitable, shapes_of, unwrapped
from backpropviz.errors import AdoptionError
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE = re.compile(r'File "([^"]+)", line (\d+)')


def from_torch(
    module: Any, *inputs: Any, loss: str | Callable[..., Any] | None = None, target: Any = None, seed: Any = None
) -> Adopted:
    """Bring a module or a function of PyTorch along, as a graph with its point.

    The model is exported (``torch.export``), or recorded while it runs where it decides by numbers, and told in
    float64. Parameters and floating-point inputs are inputs of the graph; frozen parameters, buffers and whole numbers
    are constants; parameters that share memory are one input; dropout that is on uses the mask that PyTorch's generator
    draws.

    Parameters
    ----------
    module : torch.nn.Module or callable
        What is brought along; it is not changed.
    *inputs : tensor
        Example inputs: they fix shapes, and are part of the point.
    loss : str or callable, optional
        Name of a loss of ``torch.nn.functional``, such as ``"cross_entropy"`` or ``"mse_loss"``; or
        ``loss(output, target)``, and ``loss(output)`` without a target.
    target : tensor, optional
        What the loss compares with; a constant.
    seed : tensor, optional
        In place of a loss: the cotangent of the output, whose product with the output is summed.

    Returns
    -------
    Adopted
        The graph, its point, and for each gate its module and its source line.

    Raises
    ------
    AdoptionError
        Where the inputs do not fit, the output is no scalar, or an operation has no counterpart.
    """
    torch = _torch()
    module = unwrapped(torch, module)
    refuse_unsuitable(torch, module, inputs)
    with torch.inference_mode(mode=False), torch.enable_grad():
        return _adopted(torch, module, inputs, loss, target, seed)


def _adopted(torch: Any, module: Any, inputs: Sequence[Any], loss: Any, target: Any, seed: Any) -> Adopted:
    owner, inner = _prepared(torch, module, loss, target, seed)
    given = [doubled(torch, each) for each in inputs]
    _tried(torch, copy.deepcopy(owner), given)
    notes = [precision_told(torch, module, inner, inputs, given)]
    names = _input_names(module, inputs)
    before = torch.random.get_rng_state()
    for functional in (False, True):
        # A model may count its calls, in a buffer or beside: each attempt begins with what it was.
        fresh = owner if functional else copy.deepcopy(owner)
        program, recorded = exported(torch, fresh, given, functional=functional)
        draft = Draft()
        tensors, gates = _placeholders(torch, draft, program, fresh, given, names)
        draft.blocks.update(_attentions(torch, inner))
        translation = Translation(draft, _origin)
        try:
            output = translation.run(program.graph, tensors, gates)
        except NotPlainError:
            if functional:
                raise
            refuse_held_parts(program)
            torch.random.set_rng_state(before)  # the same masks are drawn again
        else:
            break
    if recorded:
        notes.append("Recorded while it ran, since it decides by numbers: other inputs may take another branch.")
    # New states of what the model keeps, such as running means, stand before its output.
    result = output[-1] if isinstance(output, (tuple, list)) else output
    if not isinstance(result, Tracer):
        frozen = isinstance(inner, torch.nn.Module) and any(not each.requires_grad for each in inner.parameters())
        advice = ["Parameters are frozen: call model.requires_grad_()."] if frozen else []
        words = " ".join(
            ["The output does not depend on any parameter or input that has a gradient.", *advice, *translation.notes]
        )
        raise AdoptionError(words)
    graph, modules, sources = draft.finish(result)

    def compare(adopted: Adopted, tolerance: float) -> None:
        with torch.inference_mode(mode=False), torch.enable_grad():
            found = differentiated(translation, program.graph, tensors, gates)
        compare_with(adopted, found, tolerance)

    title = type(module).__name__ if isinstance(module, torch.nn.Module) else getattr(module, "__name__", "")
    told = (*notes, *translation.notes)
    return Adopted(graph, draft.point, modules, sources, told, compare, translation.detached, title)


def _torch() -> Any:
    try:
        import torch  # noqa: PLC0415  never before a model of it is adopted
    except ImportError:
        raise AdoptionError(
            "PyTorch is not installed here. Install it: python -m pip install 'backpropviz[torch]'."
        ) from None
    return torch


def _prepared(torch: Any, module: Any, loss: Any, target: Any, seed: Any) -> tuple[Any, Any]:
    """Give a module with one scalar output, in float64, and the model inside it."""
    measure = _measure(torch, loss, target, seed)
    is_module = isinstance(module, torch.nn.Module)
    if not is_module and not callable(module):
        raise AdoptionError(f"from_torch takes a module or a function, not {type(module).__name__}.")
    try:
        model = copy.deepcopy(module).double() if is_module else module
    except RuntimeError as fault:
        raise AdoptionError(
            "The model keeps a tensor that was computed from its parameters, as torch.nn.utils.weight_norm does, and "
            "cannot be copied. Use torch.nn.utils.parametrizations.weight_norm, which computes it in every call."
        ) from fault

    class Owner(torch.nn.Module):  # type: ignore[misc]  # the framework's class has no types here
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.training = getattr(model, "training", False)

        def forward(self, *given: Any) -> Any:
            return measure(self.model(*given))

    return Owner(), model


def _measure(torch: Any, loss: Any, target: Any, seed: Any) -> Callable[[Any], Any]:
    if seed is not None:
        factor = torch.as_tensor(seed).double()
        return lambda output: (output * factor).sum()
    if loss is None:
        return lambda output: output
    if isinstance(loss, str):
        function = getattr(torch.nn.functional, loss, None)
        if function is None or not (loss.endswith("_loss") or "cross_entropy" in loss or loss == "kl_div"):
            raise AdoptionError(
                f"{loss!r} is no loss of torch.nn.functional. Write 'cross_entropy', 'mse_loss' or another, or give a "
                "function loss(output, target)."
            )
        if target is None:
            raise AdoptionError(f"{loss} compares with a target. Give it: target=, a tensor as {loss} takes it.")
    else:
        function = loss
    if target is None:
        return function  # type: ignore[no-any-return]  # the framework has no types here
    wanted = doubled(torch, target)
    return lambda output: function(output, wanted)


def _tried(torch: Any, owner: Any, given: Sequence[Any]) -> None:
    """Run the model once, so that what does not fit is said in the model's own words."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        try:
            with watching(torch):
                output = owner(*given)
        except (RuntimeError, TypeError, ValueError, IndexError) as cause:
            shapes = ", ".join(map(str, shapes_of(torch, given)))
            raise AdoptionError(
                f"The model does not run on inputs of shapes {shapes or 'none'}: {str(cause).rstrip('.')}. "
                f"{advice_after(cause)}"
            ) from cause
    if not isinstance(output, torch.Tensor) or output.dim():
        shown = f"shape {tuple(output.shape)}" if isinstance(output, torch.Tensor) else f"a {type(output).__name__}"
        raise AdoptionError(
            f"The output is {shown}, and a gradient is that of one number. Give loss='cross_entropy' and a target, "
            "loss=a function that makes one number of the output, or seed=a tensor of the output's shape.",
            expected=(),
            actual=shown,
        )
    if not output.is_floating_point():
        raise AdoptionError(
            f"The output holds {output.dtype}, which has no gradient. Give back a floating-point number."
        )
    refuse_own_rules(torch, owner, given)


def _placeholders(
    torch: Any, draft: Draft, program: Any, owner: Any, given: Sequence[Any], names: Sequence[str] | None
) -> tuple[list[Any], dict[int, Tracer]]:
    """Give the values of the graph's placeholders, and inputs for those that have gradients."""
    leaves = torch.utils._pytree.tree_flatten(tuple(given))[0]  # noqa: SLF001  there is no public name for it
    targets = _targets(program, len(leaves))
    parameters = dict(owner.named_parameters(remove_duplicate=False))
    shared = {id(parameter): name for name, parameter in reversed(parameters.items())}
    tensors: list[Any] = []
    gates: dict[int, Tracer] = {}
    waiting = iter(leaves)
    place_of_input = iter(range(len(leaves)))
    for place, target in enumerate(targets):
        if target is None:
            value, index = next(waiting), next(place_of_input)
            tensors.append(value)
            if isinstance(value, torch.Tensor) and value.is_floating_point():
                name = names[index] if names is not None and len(names) == len(leaves) else f"input{index}"
                taken = name in draft.point
                gates[place] = draft.input(f"input.{name}" if taken else name, value.numpy())
        else:
            value = parameters[target] if target in parameters else _state(program, owner, target)
            tensors.append(value.detach() if isinstance(value, torch.Tensor) else value)
            if target in parameters and value.requires_grad:
                gates[place] = draft.input(
                    shared[id(value)].removeprefix("model."), value.detach().numpy(), learned=True
                )
    return tensors, gates


def _targets(program: Any, inputs: int) -> list[str | None]:
    """Give the path of each placeholder's parameter or buffer, None for what the model is called with."""
    if isinstance(program, TorchRecording):
        return [*program.names, *[None] * inputs]
    return [None if spec.kind.name == "USER_INPUT" else spec.target for spec in program.graph_signature.input_specs]


def _state(program: Any, owner: Any, target: str) -> Any:
    buffers = dict(owner.named_buffers(remove_duplicate=False))
    return buffers[target] if target in buffers else program.constants[target]


def _input_names(module: Any, inputs: Sequence[Any]) -> list[str] | None:
    try:
        known = list(inspect.signature(getattr(module, "forward", module)).parameters.values())
    except (TypeError, ValueError):
        return None
    positional = [each.name for each in known if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return positional[: len(inputs)] if len(positional) >= len(inputs) else None


def _origin(node: Any) -> tuple[str, str]:
    """Give module path and source line of a node."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    path = stack[-1][0] if stack else ""
    found = _LINE.findall(node.meta.get("stack_trace") or "")
    own = [(file, line) for file, line in found if not re.search(r"[/\\]torch[/\\]|[/\\]adopt[/\\]torch_model", file)]
    file, line = (own or [("", "")])[-1]
    return path.removeprefix("model").removeprefix("."), f"{file}:{line}" if file else ""


def _attentions(torch: Any, model: Any) -> dict[str, tuple[str, dict[str, str]]]:
    """Give the modules that are one block, though PyTorch makes many calls of them."""
    roles = {
        "in_proj_weight": "project",
        "in_proj_bias": "project_bias",
        "out_proj.weight": "out",
        "out_proj.bias": "out_bias",
    }
    modules = model.named_modules() if isinstance(model, torch.nn.Module) else ()
    return {
        path: ("multi_head_attention", {f"{path}.{name}": role for name, role in roles.items()})
        for path, module in modules
        if isinstance(module, torch.nn.MultiheadAttention)
    }
