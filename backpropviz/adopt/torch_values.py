"""Arguments of PyTorch's operations, as tensors and as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def by_name(schema: Any, arguments: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give arguments by their names in a schema."""
    names = [each.name for each in schema.arguments]
    return {**dict(zip(names, arguments, strict=False)), **settings}


def mapped(part: Any, function: Callable[[Any], Any]) -> Any:
    """Replace the nodes in nested arguments."""
    if hasattr(part, "all_input_nodes"):
        return function(part)
    if isinstance(part, (list, tuple)):
        return (
            type(part)(mapped(each, function) for each in part)
            if type(part) in (list, tuple)
            else [mapped(each, function) for each in part]
        )
    if isinstance(part, dict):
        return {key: mapped(each, function) for key, each in part.items()}
    if isinstance(part, slice):
        return slice(*(mapped(each, function) for each in (part.start, part.stop, part.step)))
    return part


def float64_array(value: Any) -> Any:
    """Give a tensor as an array of float64, whole numbers and truth values as they are."""
    import torch  # noqa: PLC0415  never before a model of it is adopted

    if isinstance(value, torch.Tensor):
        array = value.detach().cpu().to_dense() if value.is_sparse else value.detach().cpu()
        return (array.double() if array.is_floating_point() else array).numpy()
    if isinstance(value, (list, tuple)):
        kind = type(value) if type(value) in (list, tuple) else list
        return kind(float64_array(each) for each in value)
    return value


def as_tensor(value: Any) -> Any:
    """Give an array as a tensor; tensors are left as they are."""
    import torch  # noqa: PLC0415  never before a model of it is adopted

    return value if isinstance(value, torch.Tensor) else torch.as_tensor(value)


def storage_of(value: Any) -> int | None:
    """Tell which memory a tensor looks at, None for what is no tensor."""
    return value.untyped_storage().data_ptr() if hasattr(value, "untyped_storage") else None
