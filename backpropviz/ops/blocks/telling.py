"""What is said of each kind of block: what it does forward, what comes back to each argument, and what an entry met."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backpropviz.ops.blocks.tally import Tally
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.ops.blocks.tally import RoleShapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One kind of block.

    Parameters
    ----------
    title : str
        What it is called.
    forward : str
        What it does; shapes stand in braces by role, and what `sizes` gives by its name.
    backward : mapping of str to str
        By role, what comes back to that argument.
    meets : mapping of str to str
        By role, what one entry met, with units in braces.
    units : mapping of str to Tally
        What can be met.
    sizes : callable
        Gives further numbers, from the shapes by role.
    by_numbers : bool
        Whether it depends on numbers, and not on shapes alone, what an entry meets.
    leaving : mapping of str to str
        Where several values leave, in their order: what each is called, and how it is made.
    """

    title: str
    forward: str
    backward: Mapping[str, str]
    meets: Mapping[str, str]
    units: Mapping[str, Tally]
    sizes: Callable[[RoleShapes], Mapping[str, object]] = lambda _: {}
    by_numbers: bool = False
    leaving: Mapping[str, str] = field(default_factory=dict)


def _all_but(*axes: int) -> Callable[[RoleShapes], tuple[int, ...]]:
    def kept(shapes: RoleShapes) -> tuple[int, ...]:
        rank = len(shapes["made"])
        gone = {axis % rank for axis in axes if -rank <= axis < rank}
        return tuple(axis for axis in range(rank) if axis not in gone)

    return kept


def _channel(shapes: RoleShapes) -> int:
    """Give the axis of the kernels; there may be none for a batch before it."""
    return len(shapes["made"]) - len(shapes["weight"]) + 1


_WINDOWS = Tally("window", "windows", lambda shapes: _all_but(_channel(shapes))(shapes))
_PLACES = Tally("place", "places", lambda shapes: _all_but(_channel(shapes))(shapes))
_KERNELS = Tally("kernel", "kernels", lambda shapes: (_channel(shapes),))
_ROWS = Tally("row", "rows", _all_but(-1))
_UNITS = Tally("unit", "units", lambda shapes: (len(shapes["made"]) - 1,))
_ENTRIES = Tally("entry", "entries", _all_but())


def _of_convolution(shapes: RoleShapes) -> Mapping[str, object]:
    kernels, *window = shapes["weight"]
    taps, windows = math.prod(window), math.prod(shapes["made"]) // kernels
    groups = shapes["x"][_channel(shapes)] // window[0]
    apart = f", in {groups} groups apart"
    return {
        "window": "×".join(map(str, window)),
        "taps": taps,
        "all_windows": counted(windows, "window"),
        "all_kernels": counted(kernels, "kernel"),
        "of_weight": apart if groups > 1 else f": [{kernels}×{taps}] = [{kernels}×{windows}]·[{windows}×{taps}]",
        "of_x": apart if groups > 1 else f", [{taps}×{windows}] = [{taps}×{kernels}]·[{kernels}×{windows}]",
    }


def _of_rows(shapes: RoleShapes) -> Mapping[str, object]:
    rows = math.prod(shapes["x"][:-1])
    return {
        "rows": rows,
        "all_rows": counted(rows, "row"),
        "n_in": shapes["x"][-1],
        "n_out": counted(shapes["made"][-1], "unit"),
        "columns": shapes["made"][-1],
    }


def _of_pool(shapes: RoleShapes) -> Mapping[str, object]:
    return {"windows": counted(math.prod(shapes["made"]), "window")}


def _pool(title: str, takes: str, returns: str, meets: str, *, by_numbers: bool) -> Telling:
    return Telling(
        title=title,
        forward=f"takes the {takes} of each of {{windows}} of x: {{x}} becomes {{made}}",
        backward={"x": f"the gradient of each of {{windows}} goes {returns}; windows that overlap add up"},
        meets={"x": meets},
        units={"windows": Tally("window", "windows", _all_but())},
        sizes=_of_pool,
        by_numbers=by_numbers,
    )


_MAXIMA = ("largest entry", "to its largest entry alone", "is the largest of {windows}")
_MEANS = ("mean", "to its entries in equal shares", "stood in {windows}")


def _norm(title: str, over: str, count: str) -> Telling:
    return Telling(
        title=title,
        forward=f"brings {{x}} to mean 0 and variance 1 over {over}, then scales and shifts",
        backward={
            "x": "the gradient less its mean and less its share along the normalised entries, over the spread",
            "weight": f"the gradient times the normalised entries, summed over all {count}: {{weight}}",
            "bias": f"the gradient, summed over all {count}: {{bias}}",
        },
        meets={"x": "moved {entries}", "weight": "scaled {entries}", "bias": "shifted {entries}"},
        units={"entries": _ENTRIES},
    )


def _cell(title: str, made: str, leaving: Mapping[str, str] | None = None) -> Telling:
    return Telling(
        title=title,
        forward=f"one step in time: from x {{x}} and the state {{hidden}} it makes {made}, the next state {{made}}",
        backward={
            "x": "through the slopes of its gates and Wᵀ: what the input of this step did",
            "hidden": "through the slopes of its gates and Uᵀ: this goes on to the step before",
            "memory": "the gradient times the forget gate: this goes on to the step before, entry by entry",
            "c": "the gradient times the output gate and the slope of tanh: the memory is read, entry by entry",
            "weight": "the gradient at its gates, transposed, times x: one term for this step in time",
            "recurrent": "the gradient at its gates, transposed, times the state: one term for this step in time",
            "bias": "the gradient at its gates, summed over the rows: one term for this step in time",
            "recurrent_bias": "the gradient at its gates, summed over the rows: one term for this step in time",
        },
        meets=dict.fromkeys(("weight", "recurrent", "bias", "recurrent_bias"), "met {rows}")
        | dict.fromkeys(("x", "hidden", "memory", "c"), "reached {units}"),
        units={"rows": _ROWS, "units": _UNITS},
        leaving=leaving or {},
    )


_CONVOLUTION = Telling(
    title="convolution",
    forward=(
        "slides {all_kernels} of {window} over {x}: {all_windows}, each a column of {taps} entries, times the "
        "kernels, give {made}"
    ),
    backward={
        "weight": "what each of {all_windows} held, times the gradient at its place, summed{of_weight}",
        "bias": "the gradient, summed over all places of each kernel",
        "x": ("to each window the kernels times its gradients{of_x}; where windows overlap they add up"),
    },
    meets={"weight": "met {windows}", "bias": "stands at {places}", "x": "was read in {windows} by {kernels}"},
    units={"windows": _WINDOWS, "places": _PLACES, "kernels": _KERNELS},
    sizes=_of_convolution,
)
_ATTENTION_UNITS = {
    "targets": Tally("target", "targets", _all_but(-1)),
    "features": Tally("feature", "features", lambda shapes: (len(shapes["made"]) - 1,)),
}
TELLINGS: Mapping[str, Telling] = {
    **dict.fromkeys(("convolution", "conv1d", "conv2d"), _CONVOLUTION),
    "conv_transpose": Telling(
        title="transposed convolution",
        forward="adds up kernels {weight}, each scaled by an entry of {x}: {made}",
        backward={
            "weight": "each entry of x times the gradients that its kernel covered, summed: {weight}",
            "bias": "the gradient, summed over the places of each kernel",
            "x": "the gradients that its kernel covered, times the kernel",
        },
        meets={"weight": "was added at {entries}", "bias": "stands at {entries}", "x": "was spread over {entries}"},
        units={"entries": _ENTRIES},
    ),
    "linear": Telling(
        title="linear layer",
        forward=(
            "weighs {n_in} features of {all_rows} into {n_out}: [{rows}×{columns}] = [{rows}×{n_in}]·[{n_in}×{columns}]"
        ),
        backward={
            "x": "the gradient times the weights: [{rows}×{n_in}] = [{rows}×{columns}]·[{columns}×{n_in}]",
            "weight": (
                "the gradient, transposed, times x, summed over {all_rows}: "
                "[{columns}×{n_in}] = [{columns}×{rows}]·[{rows}×{n_in}]"
            ),
            "bias": "the gradient, summed over {all_rows}",
        },
        meets={"x": "reached {units}", "weight": "met {rows}", "bias": "met {rows}"},
        units={"rows": _ROWS, "units": _UNITS},
        sizes=_of_rows,
    ),
    "max_pool": _pool("max pooling", *_MAXIMA, by_numbers=True),
    "adaptive_max_pool": _pool("adaptive max pooling", *_MAXIMA, by_numbers=True),
    "average_pool": _pool("average pooling", *_MEANS, by_numbers=False),
    "adaptive_average_pool": _pool("adaptive average pooling", *_MEANS, by_numbers=False),
    "layer_norm": _norm("layer norm", "the features of each row", "rows"),
    "batch_norm": _norm("batch norm", "all examples and places of each channel", "examples and places"),
    "group_norm": _norm("group norm", "the channels of each group", "examples and places"),
    "rms_norm": Telling(
        title="root-mean-square norm",
        forward="divides each row of {x} by its root mean square, then scales",
        backward={
            "x": "the gradient less its share along the normalised entries, over the root mean square",
            "weight": "the gradient times the normalised entries, summed over all rows: {weight}",
        },
        meets={"x": "moved {entries}", "weight": "scaled {entries}"},
        units={"entries": _ENTRIES},
    ),
    "embedding": Telling(
        title="embedding",
        forward="looks up rows of the table {weight}: {made}",
        backward={"weight": "each row that was looked up takes back what came of it; rows looked up twice add up"},
        meets={"weight": "was looked up {times}"},
        units={"times": Tally("time", "times", _all_but(-1))},
    ),
    "cross_entropy": Telling(
        title="softmax cross-entropy",
        forward="turns scores {logits} into shares by softmax, and takes −log of the right ones",
        backward={"logits": "the shares less what is right, 1 for the right class and 0 for the others: {logits}"},
        meets={"logits": "entered {losses}"},
        units={"losses": Tally("loss", "losses", _all_but())},
    ),
    "scaled_dot_product_attention": Telling(
        title="attention",
        forward=("weighs values {value} by the softmax of queries {query} times keys {key}, over √features: {made}"),
        backward={
            "query": "through the softmax, the gradient of the scores times the keys: {query}",
            "key": "through the softmax, the gradient of the scores, transposed, times the queries: {key}",
            "value": "the weights, transposed, times the gradient: {value}",
        },
        meets={
            "query": "asked for {features} of {targets}",
            "key": "answered {targets}",
            "value": "was weighed for {targets}",
        },
        units=_ATTENTION_UNITS,
    ),
    "multi_head_attention": Telling(
        title="multi-head attention",
        forward="makes queries, keys and values of {query} in several heads, attends in each, and joins them: {made}",
        backward={
            "query": "through each head and its softmax, and back through the weights that made queries",
            "project": "through each head, the gradient of queries, keys and values times what they were made of",
            "out": "the gradient, transposed, times what the heads found: {out}",
        },
        meets={
            "query": "reached {targets}",
            "project": "reached {targets}",
            "project_bias": "reached {targets}",
            "out": "met {targets}",
            "out_bias": "met {targets}",
        },
        units=_ATTENTION_UNITS,
    ),
    "dropout": Telling(
        title="dropout",
        forward="drops entries of {x} by a mask that was drawn, and enlarges the others",
        backward={"x": "the gradient by the same mask: what was dropped receives 0"},
        meets={"x": "goes on to {entries}"},
        units={"entries": _ENTRIES},
    ),
    "rnn_cell": _cell("recurrent cell", "one weighted sum, bent"),
    "gru_cell": _cell("GRU cell", "reset, update and candidate"),
    "lstm_cell": _cell(
        "LSTM cell",
        "input, forget, candidate and output gates",
        {
            "h": "makes an output gate of x {x} and the state {hidden}, and lets through of tanh of the new memory {c} "
            "what it opens: the next state {made}",
            "c": "makes forget, input and candidate gates of x {x} and the state {hidden}, keeps of "
            "memory {memory} what the first opens, and adds what the second lets in: the next memory {made}",
        },
    ),
}
"""By the name of the block's function, as in :data:`backpropviz.ops.blocks.HOMES`."""
