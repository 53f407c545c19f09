"""ONNX files and models as graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.comparing import difference
from backpropviz.adopt.draft import Draft
from backpropviz.adopt.linear_operators import as_linear
from backpropviz.adopt.onnx_operators import ONNX_OPERATORS, order_of_top
from backpropviz.errors import AdoptionError, GradientCheckError
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike


def from_onnx(
    model: str | PathLike[str] | Any,
    inputs: Mapping[str, Any] | None = None,
    /,
    *,
    output: str | None = None,
    seed: Any = None,
) -> Adopted:
    """Bring an ONNX model along, as a graph with its point.

    Floating-point initialisers are inputs of the graph, as are floating-point inputs of the model; whole numbers are
    constants. ONNX has no gradients of its own: values are compared with its reference evaluator, and
    ``bpv.check(adopted)`` looks at the rules.

    Parameters
    ----------
    model : str, path or onnx.ModelProto
        The file, or the model itself.
    inputs : mapping of str to array
        What the model is called with.
    output : str, optional
        Which output, where the model has several; default the first.
    seed : array, optional
        The cotangent of an output that is no scalar: its product with the output is summed. Default ones.

    Returns
    -------
    Adopted

    Raises
    ------
    AdoptionError
        Where an input is missing, or an operator has no counterpart.
    """
    onnx = _onnx()
    proto = model if isinstance(model, onnx.ModelProto) else _loaded(onnx, model)
    graph = proto.graph
    draft = Draft()
    held = _held(onnx, graph)
    given = {name: np.asarray(value) for name, value in (inputs or {}).items()}
    wanted = [each.name for each in graph.input if each.name not in held]
    missing = [name for name in wanted if name not in given]
    if missing or set(given) - set(wanted):
        raise AdoptionError(
            f"The model takes {', '.join(wanted) or 'no inputs'}, and was given {', '.join(given) or 'none'}. Give "
            "arrays by these names, as in from_onnx(model, {'x': array}).",
            expected=wanted,
            actual=list(given),
        )
    known: dict[str, Any] = {"": None}
    # How large a picture becomes is no number that a gradient reaches.
    scales = {name for node in graph.node if node.op_type in ("Resize", "Upsample") for name in node.input[1:]}
    for name, value in {**held, **given}.items():
        is_input = value.dtype.kind == "f" and name not in scales
        known[name] = draft.input(name, value, learned=name in held) if is_input else value
    for node in graph.node:
        _run(onnx, draft, node, known)
    name = output or graph.output[0].name
    if name not in known:
        raise AdoptionError(f"The model has no output {name!r}. Outputs: {', '.join(o.name for o in graph.output)}.")
    found = known[name]
    if not isinstance(found, Tracer):
        raise AdoptionError(f"The output {name} does not depend on any floating-point number.")
    if np.shape(found):
        weights = np.ones(np.shape(found)) if seed is None else np.asarray(seed, dtype=np.float64)
        if np.shape(weights) != np.shape(found):
            raise AdoptionError(
                f"The output {name} has shape {np.shape(found)}, and seed {np.shape(weights)}. Give one of its shape.",
                expected=np.shape(found),
                actual=np.shape(weights),
            )
        with draft.call("seeded") as made:
            made.result = np.sum(found) if seed is None else np.sum(found * weights)
        found = made.result
    built, modules, sources = draft.finish(found)

    def compare(adopted: Adopted, tolerance: float) -> None:
        _compare(onnx, proto, given, adopted, tolerance)

    notes = ["Told in float64."]
    if any(value.dtype.kind == "f" and value.dtype != np.float64 for value in held.values()):
        notes.append(
            "Initialisers are stored in single precision; they are told as the float64 numbers nearest to them."
        )
    return Adopted(built, draft.point, modules, sources, tuple(notes), compare)


def _onnx() -> Any:
    try:
        import onnx  # noqa: PLC0415  never before a model of it is adopted
        import onnx.numpy_helper  # noqa: PLC0415  as above
    except ImportError:
        raise AdoptionError(
            "ONNX is not installed here. Install it: python -m pip install 'backpropviz[onnx]'."
        ) from None
    return onnx


def _held(onnx: Any, graph: Any) -> dict[str, Any]:
    """Give the numbers that the model holds."""
    try:
        return {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    except Exception as cause:
        raise AdoptionError(
            f"The model's numbers lie in another file: {cause} Give the path of the model, beside which that file "
            "stands, in place of the model itself."
        ) from cause


def _loaded(onnx: Any, path: Any) -> Any:
    try:
        proto = onnx.load_model_from_string(path) if isinstance(path, bytes) else onnx.load(path)
    except FileNotFoundError:
        raise AdoptionError(f"There is no file {path}. Give the path of an ONNX file.") from None
    except Exception as cause:
        where = "What was given" if isinstance(path, bytes) else path
        raise AdoptionError(f"{where} is no ONNX file: {cause}") from cause
    if not proto.graph.output:
        raise AdoptionError("The file holds no graph with an output. Was it saved to its end?")
    return proto


def _run(onnx: Any, draft: Draft, node: Any, known: dict[str, Any]) -> None:
    """Run one node: gates where an input moves, the reference evaluator where none does."""
    lost = [name for name in node.input if name not in known]
    if lost:
        raise AdoptionError(
            f"{node.name or node.op_type} takes {', '.join(lost)}, which nothing before it gives. "
            "onnx.checker.check_model says what is wrong with the file.",
            node=node.name,
            op=node.op_type,
        )
    if node.domain not in ("", "ai.onnx"):
        raise AdoptionError(
            f"{node.name or node.op_type} is {node.op_type} of {node.domain}, which ONNX itself does not define. "
            "Export it with ONNX's own operators.",
            node=node.name,
            op=node.op_type,
        )
    arguments = [known[name] for name in node.input]
    settings = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
    settings = {key: value.decode() if isinstance(value, bytes) else value for key, value in settings.items()}
    label = node.name.strip("/").replace("/", ".") or (node.output[0] if node.output else node.op_type)
    path = label.rpartition(".")[0]
    if node.op_type == "If":
        found = _branch(onnx, draft, label, arguments[0], settings, known)
    elif not any(isinstance(each, Tracer) for each in arguments):
        found = _computed(onnx, node, arguments)
    else:
        operator = ONNX_OPERATORS.get(node.op_type)
        if node.op_type == "TopK":
            settings["drawn"] = order_of_top(draft.held(arguments[0]), *arguments[1:], **settings)
        with draft.call(label, path) as made:
            made.result = (
                _linear(onnx, node, label, arguments) if operator is None else operator(*arguments, **settings)
            )
        found = made.result
    known.update(zip(node.output, found if isinstance(found, (list, tuple)) else [found], strict=False))


def _branch(
    onnx: Any, draft: Draft, label: str, condition: Any, settings: Mapping[str, Any], known: Mapping[str, Any]
) -> list[Any]:
    """Run the branch that is taken; it sees what stands around it."""
    if isinstance(condition, Tracer):
        raise AdoptionError(
            f"{label} takes a branch by a number of the inputs. Export the model with the branch that is meant.",
            node=label,
        )
    part = settings["then_branch" if condition else "else_branch"]
    seen = {**known, **{each.name: onnx.numpy_helper.to_array(each) for each in part.initializer}}
    for node in part.node:
        _run(onnx, draft, node, seen)
    return [seen[each.name] for each in part.output]


def _linear(onnx: Any, node: Any, label: str, arguments: list[Any]) -> Any:
    """Write an operator that has no counterpart by what the reference evaluator makes of unit vectors."""
    try:
        found = as_linear(lambda given: _computed(onnx, node, list(given)), arguments)
    except Exception:  # noqa: BLE001  the evaluator's errors share no class
        found = None
    if found is None:
        raise AdoptionError(
            f"ONNX's operator {node.op_type} has no counterpart here, and is not linear in what is traced, or has too "
            f"many inputs to be asked one by one. Export it with other ones.",
            node=label,
            op=node.op_type,
        )
    return found[0] if len(found) == 1 else found


def _computed(onnx: Any, node: Any, arguments: list[Any]) -> list[Any]:
    from onnx.reference import ReferenceEvaluator  # noqa: PLC0415  as above

    names = [name for name in node.input if name]
    kinds = [
        onnx.helper.make_tensor_value_info(n, onnx.helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for n, a in zip(names, [each for each in arguments if each is not None], strict=True)
    ]
    outs = [onnx.helper.make_empty_tensor_value_info(name) for name in node.output]
    whole = onnx.helper.make_model(onnx.helper.make_graph([node], "constants", kinds, outs))
    feeds = dict(zip(names, [each for each in arguments if each is not None], strict=True))
    try:
        results = ReferenceEvaluator(whole).run(None, feeds)
    except Exception as cause:  # its errors share no class
        raise AdoptionError(
            f"ONNX's reference evaluator does not compute {node.op_type}: {cause}. Export it with other operators.",
            node=node.name,
            op=node.op_type,
        ) from cause
    return [np.asarray(each) for each in results]


_NARROW = frozenset({"Erf", "Gelu", "HardSwish", "HardSigmoid", "LeakyRelu", "Elu", "Selu", "Celu"})
"""Operators that the reference evaluator computes with numbers of single precision, in models of float64 too."""


def _compare(onnx: Any, proto: Any, given: Mapping[str, Any], adopted: Adopted, tolerance: float) -> None:
    """Compare the value of every node that the file names with what the reference evaluator finds."""
    from onnx.reference import ReferenceEvaluator  # noqa: PLC0415  as above

    copy = onnx.ModelProto()
    copy.CopyFrom(proto)
    named = [name for node in proto.graph.node for name in node.output if name]
    del copy.graph.output[:]
    copy.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in named)
    try:
        results = ReferenceEvaluator(copy).run(None, dict(given))
    except Exception as cause:
        raise AdoptionError(
            f"ONNX's reference evaluator does not run this model, so that nothing can be compared: {cause}. Write "
            "bpv.check(adopted) for its rules alone."
        ) from cause
    found = dict(zip(named, results, strict=True))
    labels = {
        name: node.name.strip("/").replace("/", ".") or node.output[0]
        for node in proto.graph.node
        for name in node.output[:1]
    }
    if _NARROW & {node.op_type for node in proto.graph.node}:
        tolerance = max(tolerance, 1e-6)
    tape = adopted.gates.evaluate(adopted.point)
    for name, value in found.items():
        label = labels.get(name, "")
        if label in tape.primals and np.shape(tape.primals[label]) == np.shape(value):
            gap = difference(tape.primals[label], value)
            # Single precision in the file leaves no more than seven digits to compare.
            if not gap <= (tolerance if np.asarray(value).dtype == np.float64 else 1e-5):
                raise GradientCheckError(
                    f"{label}: the value differs from that of ONNX's reference by {gap:.2g} of its largest entry.",
                    node=label,
                    op=adopted.gates.op(label),
                )
