"""What PyTorch says of an operation that has no counterpart here: whether a gradient passes, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def is_held(target: Any, arguments: Any, settings: Any) -> bool:
    """Tell whether PyTorch sends no gradient through an operation.

    Such are the places of extremes, comparisons, numbers that are drawn, and arrays of which only the shape is used.

    Parameters
    ----------
    target : callable
        The operation.
    arguments, settings
        Tensors, nested in lists, and numbers; what they hold is not changed.
    """
    import torch  # noqa: PLC0415  never before a model of it is adopted

    def followed(value: Any) -> Any:
        leaf = value.detach().clone()
        return leaf.requires_grad_() if leaf.is_floating_point() or leaf.is_complex() else leaf

    tree = torch.utils._pytree  # noqa: SLF001  there is no public name for it
    given, named = tree.tree_map_only(torch.Tensor, followed, (arguments, settings))
    if target._schema.is_mutable:  # noqa: SLF001  as above
        return False
    with torch.enable_grad(), torch.random.fork_rng(devices=[]):
        try:
            found = tree.tree_leaves(target(*given, **named))
        except RuntimeError:  # no derivative is known there, which is not a derivative of 0
            return False
    return not any(isinstance(each, torch.Tensor) and each.requires_grad for each in found)


def decomposed(target: Any, arguments: Any, settings: Any) -> tuple[Any, Callable[[Any], Sequence[Any]]] | None:
    """Give what PyTorch makes of an operation, a graph of simpler ones; None where it is made of nothing simpler.

    Returns
    -------
    module : torch.fx.GraphModule
        The placeholders of its graph are the tensors among the arguments.
    leaves : callable
        Gives, of arguments nested in the same way, those that stand for the placeholders.
    """
    import torch  # noqa: PLC0415  never before a model of it is adopted
    from torch._decomp import decomposition_table  # noqa: PLC0415  as above
    from torch.fx.experimental.proxy_tensor import make_fx  # noqa: PLC0415  as above

    tree = torch.utils._pytree  # noqa: SLF001  there is no public name for it
    flat, layout = tree.tree_flatten((arguments, settings))
    places = [place for place, each in enumerate(flat) if isinstance(each, torch.Tensor)]

    def run(*tensors: Any) -> Any:
        filled = list(flat)
        for place, tensor in zip(places, tensors, strict=True):
            filled[place] = tensor
        given, named = tree.tree_unflatten(filled, layout)
        return target(*given, **named)

    known = {target: decomposition_table[target]} if target in decomposition_table else {}
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        try:
            made = make_fx(torch.func.functionalize(run), decomposition_table=known)
            module = made(*(flat[place] for place in places))
        except RuntimeError:  # it looks at numbers on the way
            return None
    if any(node.target is target for node in module.graph.nodes):
        return None

    def leaves(nested: Any) -> Sequence[Any]:
        found = tree.tree_flatten(nested, is_leaf=lambda each: not isinstance(each, (list, tuple, dict)))[0]
        return [found[place] for place in places]

    return module, leaves


def is_same(found: Any, expected: Any) -> bool:
    """Tell whether nested tensors hold the same numbers, up to rounding; whole numbers are not looked at."""
    import torch  # noqa: PLC0415  never before a model of it is adopted

    pairs = zip(*(torch.utils._pytree.tree_leaves(each) for each in (found, expected)), strict=True)  # noqa: SLF001  as above
    return all(
        torch.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)
        for one, other in pairs
        if isinstance(other, torch.Tensor) and other.is_floating_point()
    )
