"""What PyTorch draws or holds while a model runs, drawn in the same order: masks of dropout, rows that pad."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


def _mask(x: Any, rate: float, train: bool) -> Any:  # noqa: FBT001  the schema's
    import torch  # noqa: PLC0415  never before a model of it is adopted

    return torch.dropout(torch.ones_like(x), rate, train) if train and rate else None


def _feature_mask(x: Any, rate: float, train: bool) -> Any:  # noqa: FBT001  the schema's
    import torch  # noqa: PLC0415  as above

    return torch.feature_dropout(torch.ones_like(x), rate, train) if train and rate else None


def _of_attention(arguments: Mapping[str, Any]) -> Any:
    import torch  # noqa: PLC0415  as above

    if not arguments.get("dropout_p"):
        return None
    query, key = arguments["query"], arguments["key"]
    shared = arguments.get("enable_gqa")
    batch = query.shape[:-2] if shared else torch.broadcast_shapes(query.shape[:-2], key.shape[:-2])
    scores = query.new_ones((*batch, query.shape[-2], key.shape[-2]))
    return _mask(scores, arguments.get("dropout_p", 0.0), train=True)


def _between_layers(arguments: Mapping[str, Any]) -> Any:
    """Masks of a recurrent layer, for each time step of each layer but the last."""
    if not (arguments["train"] and arguments["dropout"]):
        return None
    first = arguments["hx"]
    state = first[0] if isinstance(first, (list, tuple)) else first
    x = arguments["input"]
    length, batch = (x.shape[1], x.shape[0]) if arguments["batch_first"] else (x.shape[0], x.shape[1])
    ways = 2 if arguments["bidirectional"] else 1
    shape = (length, batch, ways * state.shape[-1])
    return [_mask(x.new_ones(shape), arguments["dropout"], train=True) for _ in range(arguments["num_layers"] - 1)]


def _places(function: str) -> Callable[[Mapping[str, Any]], Any]:
    """Give the places that an order of entries takes, one for each entry that is taken."""

    def found(arguments: Mapping[str, Any]) -> Any:
        import torch  # noqa: PLC0415  never before a model of it is adopted

        given = dict(arguments)
        x = given.pop("self")
        if not x.dim():
            return torch.zeros((), dtype=torch.long)
        given |= {"keepdim": True} if function in ("kthvalue", "mode", "median") else {}
        return getattr(torch, function)(x, **given).indices

    return found


def _true_places(arguments: Mapping[str, Any]) -> Any:
    import torch  # noqa: PLC0415  never before a model of it is adopted

    shape = torch.broadcast_shapes(arguments["self"].shape, arguments["mask"].shape)
    return arguments["mask"].expand(shape).nonzero(as_tuple=True)


def _middle(arguments: Mapping[str, Any]) -> Any:
    """Give how much of a median each entry is: those that are it share its gradient."""
    is_it = (arguments["self"] == arguments["self"].median()).double()
    return is_it / is_it.sum()


def _padding_row(arguments: Mapping[str, Any]) -> Any:
    place = arguments.get("padding_idx", -1)
    return arguments["weight"][place] if place >= 0 else None


DRAWN: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "dropout": lambda given: _mask(given["input"], given["p"], given["train"]),
    "feature_dropout": lambda given: _feature_mask(given["input"], given["p"], given["train"]),
    "scaled_dot_product_attention": _of_attention,
    "lstm": _between_layers,
    "gru": _between_layers,
    "rnn_tanh": _between_layers,
    "rnn_relu": _between_layers,
    "embedding": _padding_row,
    **{name: _places(name) for name in ("topk", "sort", "kthvalue", "mode", "cummax", "cummin")},
    "median.dim": _places("median"),
    "median.": _middle,
    "masked_select": _true_places,
}
"""By operation: what its handler needs beside its arguments, from the tensors that it is called with."""


_MASKED = frozenset(
    {"dropout", "feature_dropout", "scaled_dot_product_attention", "lstm", "gru", "rnn_tanh", "rnn_relu"}
)


def computed(
    target: Any, name: str, given: Mapping[str, Any], arguments: Any, settings: Mapping[str, Any], drawn: Any
) -> Any:
    """Run an operation on tensors, with the mask that was drawn."""
    import torch  # noqa: PLC0415  never before a model of it is adopted

    if name == "copy":  # it has no derivative of its own
        return given["src"].to(given["self"].dtype).expand(given["self"].shape).clone()
    if drawn is None or name not in _MASKED:
        copies = [each.clone() if isinstance(each, torch.Tensor) and name.endswith("_") else each for each in arguments]
        if name in ("batch_norm", "instance_norm"):
            # Running means would move; here they are constants.
            copies = [each.clone() if isinstance(each, torch.Tensor) else each for each in arguments]
        return target(*copies, **settings)
    if name in ("dropout", "feature_dropout"):
        return given["input"] * drawn
    if name == "scaled_dot_product_attention":
        return None if drawn is None else _attended(given, drawn)
    return _recurrent(target, name, given, drawn)


def _attended(given: Mapping[str, Any], drawn: Any) -> Any:
    import torch  # noqa: PLC0415  as above

    query, key, value = (given[part] for part in ("query", "key", "value"))
    if given.get("enable_gqa"):
        key, value = (each.repeat_interleave(query.shape[-3] // key.shape[-3], -3) for each in (key, value))
    scale = given.get("scale") or query.shape[-1] ** -0.5
    scores = query @ key.mT * scale
    if given.get("is_causal"):
        scores = scores.masked_fill(torch.ones_like(scores).triu(1).bool(), -torch.inf)
    mask = given.get("attn_mask")
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask
    return (scores.softmax(-1) * drawn) @ value


def _recurrent(target: Any, name: str, given: Mapping[str, Any], drawn: Sequence[Any]) -> Any:
    """Run a recurrent layer by layer, with the masks between."""
    import torch  # noqa: PLC0415  as above

    first = given["hx"]
    states = list(first) if isinstance(first, (list, tuple)) else [first]
    ways = 2 if given["bidirectional"] else 1
    per_layer = len(given["params"]) // given["num_layers"]
    x = given["input"].transpose(0, 1) if given["batch_first"] else given["input"]
    last: list[list[Any]] = [[] for _ in states]
    for layer in range(given["num_layers"]):
        rows = slice(layer * ways, (layer + 1) * ways)
        begin = [each[rows] for each in states]
        params = given["params"][layer * per_layer : (layer + 1) * per_layer]
        hx = begin if name == "lstm" else begin[0]
        x, *ended = target(x, hx, params, given["has_biases"], 1, 0.0, given["train"], given["bidirectional"], False)
        for kept, each in zip(last, ended, strict=True):
            kept.append(each)
        if layer < given["num_layers"] - 1:
            x = x * drawn[layer]
    out = x.transpose(0, 1) if given["batch_first"] else x
    return (out, *(torch.cat(each) for each in last))


@contextmanager
def noting_draws(states: dict[Any, Any], node: Any) -> Iterator[None]:
    """Keep the generator's state before a node, where the node draws from it."""
    import torch  # noqa: PLC0415  as above

    before = torch.random.get_rng_state()
    yield
    if not torch.equal(before, torch.random.get_rng_state()):
        states[node] = before


@contextmanager
def drawing_from(state: Any) -> Iterator[None]:
    """Draw once more what was drawn after a state of the generator; None draws nothing."""
    import torch  # noqa: PLC0415  as above

    if state is None:
        yield
        return
    with torch.random.fork_rng(devices=[]):
        torch.random.set_rng_state(state)
        yield
