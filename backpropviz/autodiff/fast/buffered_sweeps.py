"""Both sweeps of an array graph as NumPy calls on memory that stays: what training repeats thousands of times."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.memory import Buffer, Buffers, aligned
from backpropviz.autodiff.fast.recorded_sweeps import record_sweeps
from backpropviz.autodiff.fast.rule_calls import Place
from backpropviz.autodiff.fast.source import build
from backpropviz.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.autodiff.fast.rule_calls import Call, CallRecorder
    from backpropviz.graph import Graph

    RecordedSweeps = tuple[CallRecorder, list[Place], Place, dict[str, Place]]


_MOST_KEPT = 1_000_000  # bytes of a record, whose arrays stay
_MOST_RECORDS = 4  # of one graph: a batch size and what remains, with gradients and without
_OUT_BY_KEYWORD = (np.maximum, np.minimum)  # a third argument may come to mean something else
_AS_REDUCTION = {np.max: np.maximum.reduce, np.min: np.minimum.reduce, np.sum: np.add.reduce}


@dataclass(frozen=True, slots=True)
class BufferedCall:
    """One call: `function` with positional arguments, the place of the result mostly among them."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    out: Buffer | None = None


class BufferedSweeps:
    """Both sweeps of a graph with a scalar output, on the arrays that it reads and writes.

    The rules of the operations are recorded once, and written as calls whose results go into
    fixed places: transposes and other views are made once, buffers are used again as soon as their number is no longer
    needed, and gradients that nobody asked for are not computed. Change the entries of the arrays, and run again.

    Parameters
    ----------
    graph : Graph
        With a scalar output, where gradients are asked for.
    inputs : mapping of str to array
        What the inputs are; float64, and never replaced, only overwritten.
    gradients : mapping of str to array
        Where to write the adjoints of these inputs.

    Raises
    ------
    InputError
        Where an array is missing, or a gradient has another shape than its input.
    """

    def __init__(self, graph: Graph, inputs: Mapping[str, Buffer], gradients: Mapping[str, Buffer]) -> None:
        for name in graph.inputs:
            if name not in inputs:
                raise InputError(f"No array for input {name!r}.", node=name)
        for name, gradient in gradients.items():
            if name not in graph.inputs or gradient.shape != inputs[name].shape:
                raise InputError(f"The gradient of {name!r} does not have the shape of that input.", node=name)
        point = {name: inputs[name] for name in graph.inputs}
        with np.errstate(all="ignore"):
            recorder, leaves, value, adjoints = _recorded(graph, point, gradients)
            program = _Program(
                recorder, {int(place): array for place, array in zip(leaves, point.values(), strict=True)}
            )
            wanted = [(place, gradients[name]) for name, place in adjoints.items()]
            self.instructions, self._value = program.write(value, wanted)
        self._inputs, self._gradients = point, gradients
        self._busy = threading.Lock()
        self.run = _compiled(self.instructions)

    def value(self) -> float:
        """Value of the output at the last run."""
        return float(self._value)

    def at(self, point: Mapping[str, Any]) -> tuple[Any, dict[str, Any]] | None:
        """Copy a point into the inputs and run.

        Returns
        -------
        tuple of (array, dict of str to array), or None
            Value and gradients, in memory that is the caller's; None while another thread is here.
        """
        if not self._busy.acquire(blocking=False):
            return None
        try:
            for name, value in point.items():
                np.copyto(self._inputs[name], value)
            with np.errstate(all="ignore"):
                self.run()
            return np.array(self._value)[()], {name: np.array(each)[()] for name, each in self._gradients.items()}
        finally:
            self._busy.release()


def _recorded(graph: Graph, point: Mapping[str, Buffer], gradients: Mapping[str, Buffer]) -> RecordedSweeps:
    """Record both sweeps, or give what was recorded for arrays of these shapes: runs that start anew plan once."""
    key = (*gradients, *((array.shape, array.strides) for array in point.values()))
    known: dict[Any, RecordedSweeps] = graph.memory.setdefault("recorded sweeps", {})
    found = known.get(key)
    if found is None:
        found = record_sweeps(graph, point, gradients)
        if sum(np.asarray(value).nbytes for value in found[0].values if not isinstance(value, list)) <= _MOST_KEPT:
            while len(known) >= _MOST_RECORDS:
                known.pop(next(iter(known)), None)
            known[key] = found
    return found


class _Program:
    """Writes recorded calls as instructions."""

    def __init__(self, recorder: CallRecorder, inputs: Mapping[int, Buffer]) -> None:
        self._recorder = recorder
        self._held: dict[int, Any] = dict(inputs)  # the array, or list of arrays, of each place
        self._moving = set(inputs)  # places whose entries change from run to run
        self._instructions: list[BufferedCall] = []

    def write(self, value: Place, gradients: list[tuple[Place, Buffer]]) -> tuple[tuple[BufferedCall, ...], Buffer]:
        """Write what the value and the gradients need; give the instructions and the place of the value."""
        calls = self._recorder.calls
        roots = {value, *(place for place, _ in gradients)}
        needed = set(roots)
        for place in range(len(calls) - 1, -1, -1):
            call = calls[place]
            if place in needed and call is not None:
                needed.update(item for item in call.arguments if type(item) is Place)
        memory = Buffers(self._recorder, needed, roots, self._held)
        targets: dict[int, Buffer] = {}
        for place, array in gradients:
            targets.setdefault(place, array)
        for place in sorted(needed):
            call = calls[place]
            if call is None:
                self._held.setdefault(place, np.asarray(self._recorder.values[place]))
            else:
                self._place(place, call, targets.get(place), memory)
            memory.passed(place)
        for place, array in gradients:
            if self._held[place] is not array:  # a view, or the gradient of two inputs at once
                self._emit(np.copyto, array, self._held[place])
        return tuple(self._instructions), self._held[value]

    def _emit(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._instructions.append(BufferedCall(function, arguments))

    def _place(self, place: int, call: Call, target: Buffer | None, memory: Buffers) -> None:
        result = self._recorder.values[place]
        sources = [item for item in call.arguments if type(item) is Place]
        arguments = [self._held[item] if type(item) is Place else item for item in call.arguments]
        if not any(source in self._moving for source in sources):
            self._held[place] = result if isinstance(result, list) else np.asarray(result)
            return
        self._moving.add(place)
        if memory.owner(place) != place:
            self._held[place] = call.function(*arguments, **call.options)
            return
        if isinstance(result, list):
            self._held[place] = [aligned(np.shape(part)) for part in result]
            self._emit(_several(call), self._held[place], *arguments)
            return
        out = target if target is not None else memory.buffer(place, call)
        self._held[place] = out
        self._call(call, arguments, out)

    def _call(self, call: Call, arguments: list[Any], out: Buffer) -> None:
        function: Any = _AS_REDUCTION.get(call.function, call.function)
        owner = getattr(function, "__self__", None)
        if isinstance(function, np.ufunc) and not call.options:
            plain = function is np.matmul and all(np.ndim(item) <= 2 for item in arguments)
            # np.dot gives the same product of matrices and vectors, after fewer questions.
            called: Callable[..., Any] = np.dot if plain else function
            arguments = [np.asarray(item) if isinstance(item, float) else item for item in arguments]
            if function in _OUT_BY_KEYWORD:
                self._instructions.append(BufferedCall(called, tuple(arguments), out))
            else:
                self._emit(called, *arguments, out)
        elif (
            isinstance(owner, np.ufunc) and len(arguments) == 1 and set(call.options) <= {"axis", "keepdims", "initial"}
        ):
            # Methods of ufuncs reduce the first axis unless told otherwise, np.max and its kin all of them.
            axis = call.options.get("axis", 0 if function is call.function else None)
            more = (call.options["initial"],) if "initial" in call.options else ()
            self._emit(function, *arguments, axis, None, out, call.options.get("keepdims", False), *more)
        elif function is np.where and len(arguments) == 3 and np.asarray(arguments[0]).dtype == bool:
            condition, chosen, other = arguments
            self._emit(np.copyto, out, other)
            self._emit(np.copyto, out, chosen, "same_kind", condition)
        elif function is np.reshape and not call.options and isinstance(arguments[0], np.ndarray):
            self._emit(np.copyto, out.reshape(arguments[0].shape), arguments[0])  # one copy, where NumPy makes two
        else:
            self._emit(_single(call), out, *arguments)


def _single(call: Call) -> Callable[..., None]:
    """Make a call that can only allocate, and put its result in place."""
    function, options = call.function, dict(call.options)

    def run(out: Buffer, *arguments: Any) -> None:
        out[...] = function(*arguments, **options)

    return run


def _several(call: Call) -> Callable[..., None]:
    function, options = call.function, dict(call.options)

    def run(outs: list[Buffer], *arguments: Any) -> None:
        for out, part in zip(outs, function(*arguments, **options), strict=True):
            out[...] = part

    return run


def _compiled(instructions: tuple[BufferedCall, ...]) -> Callable[[], None]:
    """Write the instructions as straight-line source, which spares the loop; only numbers are in its names."""
    names: dict[str, Any] = {}
    known: dict[int, str] = {}

    def name(value: Any) -> str:
        if id(value) not in known:
            known[id(value)] = f"n{len(known)}"
            names[known[id(value)]] = value
        return known[id(value)]

    lines = []
    for each in instructions:
        texts = [name(argument) for argument in each.arguments]
        texts += [] if each.out is None else [f"out={name(each.out)}"]
        lines.append(f" {name(each.function)}({','.join(texts)})")
    run: Callable[[], None] = build("run", ["def run():", *(lines or [" pass"])], names)
    return run
