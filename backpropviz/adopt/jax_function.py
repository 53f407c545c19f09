"""JAX's functions as graphs, by their jaxpr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.comparing import compare_with
from backpropviz.adopt.draft import Draft, refuse_more_than
from backpropviz.adopt.jax_derivatives import gradients_by_jax, refuse_other_derivatives
from backpropviz.adopt.jax_equations import (
    asked_linear,
    computed_by_jax,
    gives_whole_numbers,
    makes_whole_numbers,
    rounds,
    solution,
    written_at,
)
from backpropviz.adopt.jax_primitives import JAX_ORDERS, JAX_PRIMITIVES
from backpropviz.errors import AdoptionError
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def from_jax(function: Callable[..., Any], *args: Any) -> Adopted:
    """Bring a function of JAX along, as a graph with its point.

    The function is traced by JAX itself (``jax.make_jaxpr``) in float64. Loops (``scan``, ``fori_loop`` of a known
    length) are unrolled, inner calls are closed gates, and a derivative of its own (``custom_jvp``, ``custom_vjp``) is
    refused where it is not that of what is computed. What no gradient passes through (``stop_gradient``, whole numbers
    made of inputs) is a constant, held at its value at the point, with a note.

    Parameters
    ----------
    function : callable
        Gives one number.
    *args : array, or nested lists and dictionaries of arrays
        Where; floating-point arrays are the inputs, named by their path, whole numbers are constants.

    Returns
    -------
    Adopted
        ``.check()`` compares value and gradient with ``jax.grad``.

    Raises
    ------
    AdoptionError
        Where the function does not run, its result is no number, or a primitive has no counterpart.
    """
    jax = _jax()
    with jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
        wide = [jax.tree_util.tree_map(lambda leaf: _doubled(jax, leaf), each) for each in args]
        flat, layout = jax.tree_util.tree_flatten_with_path(tuple(wide))
        closed = _traced(jax, function, wide)
        draft = Draft()
        names = _names(function, [path for path, _ in flat])
        leaves: list[Any] = []
        for name, (_, leaf) in zip(names, flat, strict=True):
            moves = np.asarray(leaf).dtype.kind == "f"
            leaves.append(draft.input(name, leaf) if moves else np.asarray(leaf))
        interpretation = Interpretation(draft)
        (output,) = interpretation.run(closed.jaxpr, [np.asarray(each) for each in closed.consts], leaves)
    if not isinstance(output, Tracer):
        raise AdoptionError(
            "The result does not depend on any floating-point argument, or no gradient passes to one (stop_gradient, "
            "whole numbers). Give back what a gradient reaches."
        )
    graph, modules, sources = draft.finish(output)

    def compare(adopted: Adopted, tolerance: float) -> None:
        with jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
            found = gradients_by_jax(jax, function, layout, flat, names)
        compare_with(adopted, found, tolerance)

    return Adopted(graph, draft.point, modules, sources, ("Told in float64.", *interpretation.notes), compare)


class Interpretation:
    """Runs a jaxpr on gates, and on arrays where nothing depends on an input."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.notes: dict[str, None] = {}  # in their order, each once
        self._calls: dict[str, int] = {}

    def run(self, jaxpr: Any, constants: Sequence[Any], arguments: Sequence[Any], path: str = "") -> list[Any]:
        """Run a jaxpr."""
        known: dict[Any, Any] = {}
        known.update(zip(jaxpr.constvars, constants, strict=True))
        known.update(zip(jaxpr.invars, arguments, strict=True))

        def read(variable: Any) -> Any:
            return np.asarray(variable.val) if hasattr(variable, "val") else known[variable]

        for equation in jaxpr.eqns:
            given = [read(each) for each in equation.invars]
            found = self._equation(equation, given, path)
            known.update(zip(equation.outvars, found, strict=True))
        return [read(each) for each in jaxpr.outvars]

    def _equation(self, equation: Any, given: list[Any], path: str) -> list[Any]:
        name, settings = equation.primitive.name, equation.params
        inner = next((settings[key] for key in ("jaxpr", "call_jaxpr", "fun_jaxpr") if key in settings), None)
        if name == "scan":
            return self._scan(inner, settings, given, path)
        if name == "while":
            return self._while(settings, given, path)
        if name == "cond":
            return self._branch(settings, given, path)
        if inner is not None:
            if name.startswith("custom_") and any(isinstance(each, Tracer) for each in given):
                values = [self.draft.held(each) if isinstance(each, Tracer) else each for each in given]
                refuse_other_derivatives(_jax(), equation, values, written_at(equation))
            body, constants = (inner.jaxpr, inner.consts) if hasattr(inner, "consts") else (inner, [])
            label = str(settings.get("name", "")).strip("<>")
            deeper = self._numbered(f"{path}.{label}" if path else label) if label and label != "lambda" else path
            return self.run(body, [np.asarray(each) for each in constants], given, deeper)
        if not any(isinstance(each, Tracer) for each in given):
            return computed_by_jax(equation, given)
        return self._gates(equation, given, path)

    def _gates(self, equation: Any, given: list[Any], path: str) -> list[Any]:
        name, settings = equation.primitive.name, equation.params
        if name == "custom_linear_solve":
            with self.draft.call(self._numbered(name), path, written_at(equation)) as made:
                made.result = solution(_jax(), equation, given, [self._number(each) for each in given])
            return [made.result]
        if name == "stop_gradient" or makes_whole_numbers(equation):
            return [self._held(equation, given[0])]
        if name not in JAX_PRIMITIVES and gives_whole_numbers(equation):
            self._note_held(equation)
            return computed_by_jax(equation, [self._number(each) for each in given])
        if rounds(equation):
            where = f"Rounded to {settings['new_dtype']} at {written_at(equation)}"
            self.notes[f"{where}, not here: check(1e-6) compares."] = None
        handler = JAX_PRIMITIVES.get(name)
        if name in JAX_ORDERS:
            settings = {**settings, "drawn": JAX_ORDERS[name](*map(self._number, given), **settings)}
        with self.draft.call(self._numbered(name), path, written_at(equation)) as made:
            made.result = asked_linear(equation, given) if handler is None else handler(*given, **settings)
        return list(made.result) if equation.primitive.multiple_results else [made.result]

    def _held(self, equation: Any, gate: Tracer) -> Any:
        """Give a constant where no gradient passes: the registry has no gate that lets a value through alone."""
        self._note_held(equation)
        return np.asarray(self.draft.held(gate)).astype(equation.outvars[0].aval.dtype)

    def _note_held(self, equation: Any) -> None:
        where = f"{equation.primitive.name} at {written_at(equation)}"
        self.notes[f"{where}: held at its value, and no gradient passes."] = None

    def _number(self, value: Any) -> Any:
        return np.asarray(self.draft.held(value)) if isinstance(value, Tracer) else value

    def _numbered(self, name: str) -> str:
        count = self._calls[name] = self._calls.get(name, 0) + 1
        return name if count == 1 else f"{name}_{count}"

    def _scan(self, inner: Any, settings: Mapping[str, Any], given: list[Any], path: str) -> list[Any]:
        consts, carried = settings["num_consts"], settings["num_carry"]
        fixed, state, rows = given[:consts], given[consts : consts + carried], given[consts + carried :]
        order = range(settings["length"])
        if any(isinstance(each, Tracer) for each in given):
            refuse_more_than(len(order) * len(inner.jaxpr.eqns))
        stacked: list[tuple[int, list[Any]]] = []
        for place in reversed(order) if settings["reverse"] else order:
            step = [each[place] for each in rows]
            deeper = f"{path}.step{place}" if path else f"step{place}"
            out = self.run(inner.jaxpr, [np.asarray(each) for each in inner.consts], [*fixed, *state, *step], deeper)
            state = out[:carried]
            stacked.append((place, out[carried:]))
        stacked.sort(key=lambda row: row[0])
        count = len(stacked[0][1]) if stacked else 0
        joined = []
        for column in range(count):
            parts = [row[column] for _, row in stacked]
            with self.draft.call(self._numbered("scan"), path) as made:
                made.result = np.stack(parts)
            joined.append(made.result)
        return [*state, *joined]

    def _while(self, settings: Mapping[str, Any], given: list[Any], path: str) -> list[Any]:
        """Unroll a loop whose end does not depend on an input."""
        tests, bodies = settings["cond_nconsts"], settings["body_nconsts"]
        for_test, for_body = given[:tests], given[tests : tests + bodies]
        state = given[tests + bodies :]
        test, body = settings["cond_jaxpr"], settings["body_jaxpr"]
        while True:
            (goes_on,) = self.run(test.jaxpr, [np.asarray(each) for each in test.consts], [*for_test, *state], path)
            if isinstance(goes_on, Tracer):
                raise AdoptionError("A loop ends by a number of the inputs: its length is not known. Fix its length.")
            if not bool(goes_on):
                return state
            state = self.run(body.jaxpr, [np.asarray(each) for each in body.consts], [*for_body, *state], path)

    def _branch(self, settings: Mapping[str, Any], given: list[Any], path: str) -> list[Any]:
        index, *arguments = given
        branches = settings["branches"]
        if not isinstance(index, Tracer):
            chosen = branches[int(np.clip(index, 0, len(branches) - 1))]
            return self.run(chosen.jaxpr, [np.asarray(each) for each in chosen.consts], arguments, path)
        every = [self.run(each.jaxpr, [np.asarray(part) for part in each.consts], arguments, path) for each in branches]
        found = every[0]
        for place, results in enumerate(every[1:], 1):
            with self.draft.call(self._numbered("cond"), path) as made:
                made.result = [
                    np.where(np.greater_equal(index, float(place)), new, old)
                    for new, old in zip(results, found, strict=True)
                ]
            found = made.result
        return found


def _jax() -> Any:
    try:
        import jax  # noqa: PLC0415  never before a function of it is adopted
    except ImportError:
        raise AdoptionError(
            "JAX is not installed here. Install it: python -m pip install 'backpropviz[jax]'."
        ) from None
    return jax


def _doubled(jax: Any, leaf: Any) -> Any:
    """Give numbers in float64; refuse what is none."""
    if jax.dtypes.issubdtype(getattr(leaf, "dtype", None), jax.dtypes.prng_key):
        raise AdoptionError(
            "A key of jax.random.key keeps its numbers to itself. Give jax.random.PRNGKey(seed) instead."
        )
    array = np.asarray(leaf)
    if array.dtype.kind in "cUSO":
        what = "complex numbers: write them as pairs of real ones" if array.dtype.kind == "c" else "no numbers"
        raise AdoptionError(f"An argument holds {what}. Close the function over what is no array.", actual=leaf)
    return array.astype(np.float64) if jax.dtypes.issubdtype(array.dtype, np.floating) else array


def _traced(jax: Any, function: Callable[..., Any], wide: Sequence[Any]) -> Any:
    try:
        closed = jax.make_jaxpr(function)(*wide)
    except (TypeError, ValueError, jax.errors.JAXTypeError) as cause:
        first = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        raise AdoptionError(f"JAX cannot trace the function with these arguments: {first}") from cause
    shapes = [each.shape for each in closed.out_avals]
    if shapes != [()]:
        raise AdoptionError(
            f"The result has shapes {shapes}, and a gradient is that of one number. Give back a sum or a loss.",
            expected=[()],
            actual=shapes,
        )
    return closed


def _names(function: Callable[..., Any], paths: Sequence[Any]) -> list[str]:
    """Name leaves by argument and path, as in ``"parameters.layers.0.w"``."""
    import inspect  # noqa: PLC0415  beside its only use

    try:
        arguments = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        arguments = []
    names = []
    for path in paths:
        first, *rest = (getattr(key, "key", getattr(key, "idx", getattr(key, "name", key))) for key in path)
        start = arguments[first] if isinstance(first, int) and first < len(arguments) else f"x{first}"
        names.append(".".join(map(str, (start, *rest))))
    return names
