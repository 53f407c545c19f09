"""A graph of PyTorch's, run once on numbers and once on gates."""

from __future__ import annotations

import operator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.aten.reductions import Unfollowed
from backpropviz.adopt.aten.table import called
from backpropviz.adopt.torch_draws import DRAWN, computed
from backpropviz.errors import AdoptionError
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.adopt.draft import Draft


class Translation:
    """What each node of a graph of PyTorch's is: a tensor, and a gate where it depends on an input of the graph.

    What depends on constants alone is computed by PyTorch itself, and needs no counterpart here.

    Parameters
    ----------
    draft : Draft
        Where gates are made.
    origin : callable
        ``origin(node)`` gives module path and source line of a node.
    """

    def __init__(self, draft: Draft, origin: Callable[[Any], tuple[str, str]]) -> None:
        self.draft = draft
        self.origin = origin
        self.tensors: dict[Any, Any] = {}
        self.gates: dict[Any, Any] = {}
        self.notes: list[str] = []
        self.detached: dict[str, str] = {}
        self.drawn: dict[Any, Any] = {}
        self.made: dict[Any, Any] = {}  # before anything was changed in place

    def run(self, graph: Any, tensors: Sequence[Any], gates: Mapping[int, Tracer]) -> Any:
        """Run a graph; give what its output node holds, gates where there are any.

        Parameters
        ----------
        graph : torch.fx.Graph
            What to run.
        tensors : sequence of tensor
            Values of its placeholders.
        gates : mapping of int to Tracer
            By position, placeholders that are inputs.
        """
        import torch  # noqa: PLC0415  never before a model of it is adopted

        places = iter(range(len(tensors)))
        with torch.no_grad():
            for node in graph.nodes:
                if node.op == "placeholder":
                    place = next(places)
                    self.tensors[node] = tensors[place]
                    if place in gates:
                        self.gates[node] = gates[place]
                elif node.op == "get_attr":
                    self.tensors[node] = _attribute(graph.owning_module, node.target)
                elif node.op == "output":
                    return self._with_gates(node.args[0])
                else:
                    self._call(node)
        raise AdoptionError("The model's graph has no output.")

    def _call(self, node: Any) -> None:
        import torch  # noqa: PLC0415  as above

        arguments, settings = self._with_tensors(node.args), self._with_tensors(node.kwargs)
        if node.target is operator.getitem:
            whole, index = node.args
            if whole in self.gates:
                self.tensors[node] = self.tensors[whole][index] if self.tensors[whole] is not None else None
                self.gates[node] = self.gates[whole][index]
            else:
                self.tensors[node] = arguments[0][index]
            return
        if getattr(node.target, "__name__", "") == "wrap_with_set_grad_enabled" and not arguments[0]:
            # A part of the model under torch.no_grad().
            self.tensors[node] = arguments[1](*arguments[2:])
            self._stopped(node)
            return
        if not isinstance(node.target, torch._ops.OpOverload):  # noqa: SLF001  there is no public name for it
            raise AdoptionError(
                f"{node.name} calls {node.target}, which is no operation of PyTorch's own. Write that part of the "
                "model without it.",
                node=node.name,
            )
        schema = node.target._schema  # noqa: SLF001  as above
        name = schema.name.split("::")[1]
        if not node.users and not schema.is_mutable:
            return  # such as a number that only chose a branch
        given = by_name(schema, arguments, settings)
        if not any(each in self.gates for each in node.all_input_nodes):
            self.tensors[node] = node.target(*arguments, **settings)
            return
        if name in ("detach", "detach_", "lift_fresh_copy"):
            self.tensors[node] = arguments[0]
            self._stopped(node)
            return
        drawn = self.drawn[node] = DRAWN[name](given) if name in DRAWN else None
        self.tensors[node] = computed(node.target, name, given, arguments, settings, drawn)
        self._trace(node, schema, name, drawn)

    def _stopped(self, node: Any) -> None:
        """Note that no gradient passes a node."""
        path, line = self.origin(node)
        self.detached[node.name] = ", ".join(filter(None, [path, PurePath(line).name]))
        self.notes.append(f"{node.name} is detached: it is held at its value, and no gradient passes.")

    def _trace(self, node: Any, schema: Any, name: str, drawn: Any) -> None:
        path, line = self.origin(node)
        symbolic = by_name(schema, self._with_gates(node.args), self._with_gates(node.kwargs))
        if drawn is not None:
            symbolic["drawn"] = float64_array(drawn)
        defaults = {each.name: each.default_value for each in schema.arguments if each.has_default_value()}
        with self.draft.call(node.name, path, line) as made:
            made.result = called(name, schema.overload_name, symbolic, defaults)
        self.gates[node] = self.made[node] = made.result
        if name.endswith("_") and not name.endswith("__"):
            self._overwrite(node)

    def _overwrite(self, node: Any) -> None:
        """Let later uses of what was changed in place see the change."""
        changed = node.args[0]
        storage = self.tensors[changed].untyped_storage().data_ptr()
        shared = [
            each
            for each, gate in self.gates.items()
            if each not in (node, changed)
            and isinstance(gate, Tracer)
            and self.tensors[each] is not None
            and self.tensors[each].untyped_storage().data_ptr() == storage
            and any(user not in self.tensors for user in each.users)
        ]
        if shared:
            raise AdoptionError(
                f"{node.name} changes a part of {shared[0].name} in place, which a graph cannot follow. Write the "
                "result into a new tensor, with torch.cat or torch.where.",
                node=node.name,
            )
        self.gates[changed] = self.gates[node]
        self.tensors[changed] = self.tensors[node]

    def _with_tensors(self, part: Any) -> Any:
        return mapped(part, lambda node: self.tensors[node])

    def _with_gates(self, part: Any) -> Any:
        return mapped(part, self._gate)

    def _gate(self, node: Any) -> Any:
        if node not in self.gates:
            return float64_array(self.tensors[node])
        found = self.gates[node]
        if isinstance(found, Unfollowed):
            raise AdoptionError(
                f"{node.name} is the place of an extreme, which depends on the inputs and has no gradient. Use the "
                "value alone.",
                node=node.name,
            )
        return found


def by_name(schema: Any, arguments: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give arguments by their names in a schema."""
    names = [each.name for each in schema.arguments]
    return {**dict(zip(names, arguments, strict=False)), **settings}


def _attribute(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part)
    return module


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
        array = value.detach().cpu()
        return (array.double() if array.is_floating_point() else array).numpy()
    if isinstance(value, (list, tuple)):
        kind = type(value) if type(value) in (list, tuple) else list
        return kind(float64_array(each) for each in value)
    return value
