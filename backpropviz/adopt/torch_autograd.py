"""Values and gradients of every node by PyTorch's own autograd, for the comparison with ours."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.torch_draws import computed, drawing_from
from backpropviz.adopt.torch_values import by_name, float64_array, mapped
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.adopt.torch_graph import Translation


def differentiated(
    translation: Translation, graph: Any, tensors: Sequence[Any], gates: Mapping[int, Tracer]
) -> dict[str, tuple[Any, Any]]:
    """Run the graph again with PyTorch's own autograd; value and gradient by the name of the gate.

    Parameters
    ----------
    translation : Translation
        After its run: masks are those that it drew.
    graph, tensors, gates
        As for :meth:`Translation.run`.
    """
    values: dict[Any, Any] = {}
    followed: dict[int, Any] = {}
    held: dict[int, list[Any]] = {}
    places = iter(range(len(tensors)))
    for node in graph.nodes:
        if node.op == "placeholder":
            place = next(places)
            values[node] = tensors[place]
            if place in gates:
                leaf = followed.setdefault(gates[place].reference, tensors[place].clone().requires_grad_())
                values[node] = leaf
        elif node.op == "output":
            last = node.args[0][-1] if isinstance(node.args[0], (tuple, list)) else node.args[0]
            values[last].backward()
        elif node not in translation.tensors:
            continue
        elif node in translation.drawn:
            _again(translation, node, values)
        elif node.target is operator.getitem:
            values[node] = values[node.args[0]][node.args[1]]
        else:
            values[node] = _held(translation.before.get(node, translation.tensors[node]))
        gate = translation.made.get(node)
        if isinstance(gate, Tracer) and values[node].requires_grad:
            values[node].retain_grad()
            held.setdefault(gate.reference, []).append(values[node])
    return _slopes(translation, followed, held)


def _held(found: Any) -> Any:
    """Give tensors through which no gradient passes; what is none stays as it is."""
    if isinstance(found, tuple):
        return tuple(map(_held, found))
    return found.detach() if hasattr(found, "detach") else found


def _again(translation: Translation, node: Any, values: dict[Any, Any]) -> None:
    """Run one operation, with the mask that was drawn."""
    arguments = mapped(node.args, lambda each: values[each])
    settings = mapped(node.kwargs, lambda each: values[each])
    schema = node.target._schema  # noqa: SLF001  there is no public name for it
    name = schema.name.split("::")[1]
    given = by_name(schema, arguments, settings)
    with drawing_from(translation.random.get(node)):
        values[node] = computed(node.target, name, given, arguments, settings, translation.drawn[node])
    if name.endswith("_") and not name.endswith("__"):
        values[node.args[0]] = values[node]


def _slopes(
    translation: Translation, followed: Mapping[int, Any], held: Mapping[int, Sequence[Any]]
) -> dict[str, tuple[Any, Any]]:
    """Collect values and gradients after the backward sweep."""
    import torch  # noqa: PLC0415  never before a model of it is adopted

    found = {}
    for reference, leaf in followed.items():
        slope = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
        found[str(translation.draft.builder.node_name(reference))] = (float64_array(leaf), float64_array(slope))
    for reference, several in held.items():
        name = str(translation.draft.builder.node_name(reference))
        # A gate that stands for several calls receives what all of them receive together.
        is_alone = len(several) == 1 and name not in found and reference not in translation.reused
        slope = several[0].grad if is_alone else None
        found.setdefault(name, (float64_array(several[0]), None if slope is None else float64_array(slope)))
    return found
