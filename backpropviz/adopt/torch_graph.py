"""A graph of PyTorch's, run once on numbers and once on gates."""

from __future__ import annotations

import operator
from contextlib import nullcontext
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from backpropviz.adopt.aten.reductions import Unfollowed
from backpropviz.adopt.aten.table import ADVICE, INSTEAD, SHARED_IN_FLOAT32, called, handler_of
from backpropviz.adopt.draft import Made
from backpropviz.adopt.linear_operators import as_linear
from backpropviz.adopt.torch_decomposed import decomposed, is_held, is_same
from backpropviz.adopt.torch_draws import DRAWN, computed, drawing_from, noting_draws
from backpropviz.adopt.torch_values import as_tensor, by_name, float64_array, mapped, storage_of
from backpropviz.errors import AdoptionError, BackpropvizError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.adopt.draft import Draft
    from backpropviz.graph.tracing.tracer import Tracer


_PLAIN_MODULES = frozenset({"_operator", "math", "builtins", "torch"})
_INDICES = frozenset({"index", "indices"})
"""Arguments that are held at their numbers, also where these depend on the inputs: no gradient passes through them."""


class NotPlainError(AdoptionError):
    """What is no operation on arrays, such as a part that is changed in place; PyTorch can write it as some."""


class Translation:
    """What each node of a graph of PyTorch's is: a tensor, and a gate where it depends on an input of the graph.

    What depends on constants alone is computed by PyTorch itself, and needs no counterpart here. So is what PyTorch
    sends no gradient through. An operation that has no counterpart is opened into those that PyTorch makes it of.

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
        self.random: dict[Any, Any] = {}  # states of PyTorch's generator before a node that draws from it
        self.before: dict[Any, Any] = {}  # tensors that are changed in place later
        self.made: dict[Any, Any] = {}  # before anything was changed in place
        self.reused: set[int] = set()  # gates of one call that another, which computes the same inside, uses as well
        self._is_followed = True
        self._opened = 0  # how many operations stand around, opened into simpler ones

    def run(self, graph: Any, tensors: Sequence[Any], gates: Mapping[int, Tracer]) -> Any:
        """Run a graph; give what its output node holds, gates where there are any."""
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
                    return mapped(node.args[0], self._part if self._opened else self._gate)
                else:
                    self._guarded(node)
        raise AdoptionError("The model's graph has no output.")

    def _guarded(self, node: Any) -> None:
        try:
            self._call(node)
        except RuntimeError as fault:
            if isinstance(fault, BackpropvizError):
                raise
            raise AdoptionError(
                f"{node.name} does not run outside of the model: {str(fault).strip().splitlines()[0]}. Inside a model, "
                "torch.func.grad and the like are not followed; write the derivative out.",
                node=node.name,
            ) from fault

    def _call(self, node: Any) -> None:
        import torch  # noqa: PLC0415  as above

        if node.target is operator.getitem:
            self._pick(node)
        elif isinstance(node.target, torch._ops.OpOverload):  # noqa: SLF001  there is no public name for it
            self._operate(node, node.target._schema)  # noqa: SLF001  as above
        elif node.target is torch._C._set_grad_enabled:  # noqa: SLF001  as above
            self._is_followed = node.args[0]
        elif getattr(node.target, "__name__", "") == "wrap_with_set_grad_enabled" and not node.args[0]:
            # A part of the model under torch.no_grad().
            _, part, *given = self._with_tensors(node.args)
            self.tensors[node] = part(*given)
            self._stopped(node)
        elif getattr(node.target, "__module__", "") in _PLAIN_MODULES and not self._depends(node):
            self.tensors[node] = node.target(*self._with_tensors(node.args))  # such as a comparison of sizes
        else:
            raise NotPlainError(
                f"{node.name} calls {node.target}, which is no operation of PyTorch's own. Write that part of the "
                "model without it.",
                node=node.name,
            )

    def _depends(self, node: Any) -> bool:
        return any(each in self.gates for each in node.all_input_nodes)

    def _pick(self, node: Any) -> None:
        whole, index = node.args
        tensors = self.tensors[whole]
        self.tensors[node] = None if tensors is None else tensors[index]
        if whole in self.gates:
            self.gates[node] = self.gates[whole][index]

    def _operate(self, node: Any, schema: Any) -> None:
        name = schema.name.split("::")[1]
        if not node.users and not schema.is_mutable:
            return  # such as a number that only chose a branch
        arguments, settings = self._with_tensors(node.args), self._with_tensors(node.kwargs)
        if not self._depends(node):
            self.tensors[node] = self._unseen(node, arguments, settings)
            return
        if name in ("detach", "detach_", "lift_fresh_copy"):
            self.tensors[node] = arguments[0]
            self._stopped(node)
            return
        handler = handler_of(name, schema.overload_name)
        if not self._is_followed or (handler is None and is_held(node.target, arguments, settings)):
            self.tensors[node] = node.target(*arguments, **settings)
            if not _is_told_by_shapes(name):
                self._note(f"{name} is held at what it gives here: no gradient passes.")
            return
        if name.removesuffix("_") in SHARED_IN_FLOAT32:
            self._note(SHARED_IN_FLOAT32[name.removesuffix("_")])
        given = by_name(schema, arguments, settings)
        draw = DRAWN.get(f"{name}.{schema.overload_name}") or DRAWN.get(name)
        drawn = self.drawn[node] = draw(given) if draw else None
        with noting_draws(self.random, node):
            self.tensors[node] = computed(node.target, name, given, arguments, settings, drawn)
        self._note_type(name, arguments, self.tensors[node])
        path, line = self.origin(node)
        first = len(self.draft.builder)
        self.draft.builder.met_again.clear()
        with self.draft.call(node.name, path, line) if not self._opened else nullcontext(Made()) as made:
            made.result = (
                self._without_counterpart(node, name, arguments, settings)
                if handler is None
                else self._called(node, schema, name, handler, drawn)
            )
        self.gates[node] = self.made[node] = made.result
        # Gates of other calls that this one uses inside, since it computes the same.
        self.reused.update(each for each in self.draft.builder.met_again if each < first)
        if name.endswith("_") and not name.endswith("__"):
            self._overwrite(node)

    def _stopped(self, node: Any) -> None:
        """Note that no gradient passes a node."""
        path, line = self.origin(node)
        self.detached[node.name] = ", ".join(filter(None, [path, PurePath(line).name]))
        self.notes.append(f"{node.name} is detached: it is held at its value, and no gradient passes.")

    def _note_type(self, name: str, arguments: Sequence[Any], found: Any) -> None:
        given, made = (str(getattr(each, "dtype", "")).removeprefix("torch.") for each in (arguments[0], found))
        if made.startswith("complex") and name not in ("to", "_to_copy") and handler_of(name, "") is not None:
            raise AdoptionError(f"PyTorch's {name} gives complex numbers here. {INSTEAD['_fft_r2c']}", op=name)
        if name in ("to", "_to_copy") and given == "float64" and made in ("float32", "float16", "bfloat16"):
            self._note(f"{name} rounds to {made}, which is left out here: all is told in float64.")

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _called(self, node: Any, schema: Any, name: str, handler: Callable[..., Any], drawn: Any) -> Any:
        symbolic = by_name(schema, self._with_gates(node.args), self._with_gates(node.kwargs))
        numbers = by_name(schema, self._with_tensors(node.args), self._with_tensors(node.kwargs))
        symbolic |= {key: float64_array(numbers[key]) for key in _INDICES & set(numbers)}
        if drawn is not None:
            symbolic["drawn"] = float64_array(drawn)
        defaults = {each.name: each.default_value for each in schema.arguments if each.has_default_value()}
        return called(name, handler, symbolic, defaults)

    def _without_counterpart(self, node: Any, name: str, arguments: Any, settings: Any) -> Any:
        """Translate what PyTorch makes of an operation, or what it makes of unit vectors where it is linear."""
        found = decomposed(node.target, arguments, settings)
        if found is None:
            return self._linear(node, name)
        module, leaves = found
        nodes = leaves((node.args, node.kwargs))
        gates = {place: self.gates[each] for place, each in enumerate(nodes) if each in self.gates}
        self._opened += 1
        try:
            with drawing_from(self.random.get(node)):
                made = self.run(module.graph, [self.tensors[each] for each in nodes], gates)
        finally:
            self._opened -= 1
        if not is_same(self._with_tensors(next(reversed(module.graph.nodes)).args[0]), self.tensors[node]):
            raise AdoptionError(
                f"PyTorch writes {name} by simpler operations that give other numbers than {name} itself. {ADVICE}",
                op=name,
            )
        return made

    def _linear(self, node: Any, name: str) -> Any:
        nodes = list(node.all_input_nodes)
        given = [self.gates.get(each, self.tensors[each]) for each in nodes]

        def compute(filled: Sequence[Any]) -> Sequence[Any]:
            known = {each: as_tensor(part) for each, part in zip(nodes, filled, strict=True)}
            arguments, settings = (mapped(part, known.__getitem__) for part in (node.args, node.kwargs))
            made = node.target(*arguments, **settings)
            return [float64_array(each) for each in (made if isinstance(made, (tuple, list)) else [made])]

        # What is traced inside a list has no place of its own here.
        is_plain = not node.target._schema.is_mutable and not any(isinstance(each, (tuple, list)) for each in given)  # noqa: SLF001  as above
        found = as_linear(compute, given) if is_plain else None
        if found is None:
            raise AdoptionError(f"PyTorch's {name} has no counterpart here. {INSTEAD.get(name, ADVICE)}", op=name)
        return found if isinstance(self.tensors[node], (tuple, list)) else found[0]

    def _unseen(self, node: Any, arguments: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """Run what depends on no gate; refuse a change in place of what a gate stands for."""
        if not node.target._schema.is_mutable:  # noqa: SLF001  as above
            return node.target(*arguments, **settings)
        storage = storage_of(arguments[0])
        shared = [each for each in self.gates if storage_of(self.tensors[each]) == storage]
        before = [self.tensors[each].clone() for each in shared]
        found = node.target(*arguments, **settings)
        for each, tensor in zip(shared, before, strict=True):
            if not is_same(tensor, self.tensors[each]):
                raise AdoptionError(
                    f"{node.name} changes {each.name} in place where no gradient follows it. Call the model once "
                    "before, if it then changes nothing more, as max_norm of an embedding; or write the result into a "
                    "new tensor.",
                    node=node.name,
                )
        return found

    def _overwrite(self, node: Any) -> None:
        """Let later uses of what was changed in place see the change."""
        changed = node.args[0]
        storage = storage_of(self.tensors[changed])
        shared = [
            each
            for each, tensor in self.tensors.items()
            if each not in (node, changed)
            and storage_of(tensor) == storage
            and any(user not in self.tensors for user in each.users)
        ]
        if shared:
            raise NotPlainError(
                f"{node.name} changes a part of {shared[0].name} in place, which a graph cannot follow. Write the "
                "result into a new tensor, with torch.cat or torch.where.",
                node=node.name,
            )
        self.gates[changed] = self.gates[node]
        self.before.setdefault(changed, self.tensors[changed])
        self.tensors[changed] = self.tensors[node]

    def _with_tensors(self, part: Any) -> Any:
        return mapped(part, lambda node: self.tensors[node])

    def _with_gates(self, part: Any) -> Any:
        return mapped(part, self._gate)

    def _part(self, node: Any) -> Any:
        return self.gates[node] if node in self.gates else float64_array(self.tensors[node])

    def _gate(self, node: Any) -> Any:
        found = self._part(node)
        if isinstance(found, Unfollowed):
            if found.refused:
                raise AdoptionError(found.refused)
            self._note("Which entries are largest or smallest is held as it is here: no gradient passes.")
            return float64_array(self.tensors[node])
        return found


def _is_told_by_shapes(name: str) -> bool:
    """Tell whether what an operation gives depends on no number: a size, or an array that is filled."""
    return any(part in name for part in ("zeros", "ones", "empty", "full", "size", "numel"))


def _attribute(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part)
    return module
