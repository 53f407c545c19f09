"""The health of a model's gradients at a point: a row for each block, and what is wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.costs.storage import reverse_storage
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.text_table import text_table
from backpropviz.checkup.blocks import learned_inputs
from backpropviz.checkup.examination import Examination
from backpropviz.checkup.faults import findings_of
from backpropviz.checkup.not_finite import first_gradient, first_value
from backpropviz.checkup.units import LOWEST, at_ends, by_unit, silent_units
from backpropviz.graph import placed
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.source import Placed
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.checkup.blocks import Block
    from backpropviz.checkup.finding import Finding
    from backpropviz.graph import Source

_MOST_ROWS = 60
_HEAD = (
    "block",
    "shape",
    "parameters",
    "‖value‖",
    "‖gradient‖",
    "‖W‖",
    "‖∇W‖",
    "update/W",
    "silent",
    "saturated",
    "kept",
)


@dataclass(frozen=True, slots=True)
class BlockHealth:
    """One block of a model at a point.

    Attributes
    ----------
    name : str
        Path of the module, or name of the gate.
    source : str
        File and line, where they are known.
    shape : tuple of int
        Of its value.
    parameters : int
        How many numbers are learned in it.
    value, gradient : float
        Euclidean length of its value, and of the gradient that arrives there.
    weight, weight_gradient : float
        Euclidean length of all its parameters together, and of their gradient.
    update_ratio : float or None
        Length of a step of plain gradient descent over that of the parameters; None without parameters.
    silent, saturated : float or None
        Share of its ReLU units that are 0 for every example; share of its tanh's and sigmoids' values within 2 % of an
        end. None where it has none of these.
    kept : int
        Numbers of it that are kept for the backward sweep.
    """

    name: str
    source: str
    shape: tuple[int, ...]
    parameters: int
    value: float
    gradient: float
    weight: float
    weight_gradient: float
    update_ratio: float | None
    silent: float | None
    saturated: float | None
    kept: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a model fares at a point; made by :func:`health`. Prints as a table, and shows as one in a notebook.

    Attributes
    ----------
    blocks : tuple of BlockHealth
        In the order of the forward sweep.
    findings : tuple of Finding
        What keeps it from learning, the worst first; each has ``kind``, ``where`` and ``text``. Empty for a healthy
        model.
    output : float
        Its value at the point.
    first_value, first_gradient : str or None
        The first node, forward and backward, that is NaN or infinite; a mask of −∞ that a softmax turns into 0 is
        none.
    kept : int
        Numbers that are kept at the same time for the backward sweep, at most; 8 bytes each.
    learning_rate : float
        That the update ratios are of.
    """

    blocks: tuple[BlockHealth, ...]
    findings: tuple[Finding, ...]
    output: float
    first_value: str | None
    first_gradient: str | None
    kept: int
    learning_rate: float
    name: str = field(default="")

    def beside(self, other: Health) -> HealthPair:
        """Put another run or another initialisation at its side."""
        return HealthPair(self, other)

    def content(self) -> dict[str, Any]:
        """Give heading, table and sentences, as text."""
        learned = sum(block.parameters for block in self.blocks)
        size = (
            f"{learned:,} parameters; {self.kept:,} numbers ({_memory(self.kept)}) are kept for the backward sweep; "
            f"update/W is of one step of learning rate {self.learning_rate:g}."
        )
        texts = [each.text for each in self.findings] or ["Nothing was found that keeps it from learning."]
        return {
            "heading": f"Gradient health of {self.name}: {_number(self.output)}",
            "tables": [{"title": "Blocks, in forward order", "head": list(_HEAD), "rows": self._rows()}],
            "notes": [*texts, size],
        }

    def _rows(self) -> list[list[str]]:
        return [
            [
                each.name,
                shape_text(each.shape) if each.shape else "number",
                f"{each.parameters:,}" if each.parameters else "",
                _number(each.value),
                _number(each.gradient),
                *((_number(each.weight), _number(each.weight_gradient)) if each.parameters else ("", "")),
                "" if each.update_ratio is None else _number(each.update_ratio),
                "" if each.silent is None else f"{each.silent:.0%}",
                "" if each.saturated is None else f"{each.saturated:.0%}",
                f"{each.kept:,}",
            ]
            for each in self.blocks
        ]

    def __str__(self) -> str:
        return _as_text(self.content())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _as_html(self.content())


@dataclass(frozen=True, slots=True)
class HealthPair:
    """Two runs, or two initialisations, side by side; made by :func:`health`.

    Attributes
    ----------
    first, second : Health
    """

    first: Health
    second: Health

    def content(self) -> dict[str, Any]:
        """Give heading, table and sentences, as text; blocks are matched by name."""
        left = {each.name: each for each in self.first.blocks}
        right = {each.name: each for each in self.second.blocks}
        names = [*left, *(name for name in right if name not in left)]
        whats = {"‖value‖": "value", "‖gradient‖": "gradient", "update/W": "update_ratio"}
        head = ["block", *(f"{what}{which}" for what in whats for which in (" 1", " 2", " 2:1"))]
        rows = [
            [name, *(cell for what in whats.values() for cell in _cells(left, right, name, what))] for name in names
        ]
        sides = (("1", self.first), ("2", self.second))
        notes = [f"{which}: {each.text}" for which, side in sides for each in side.findings]
        return {
            "heading": f"Gradient health of two runs: {_number(self.first.output)} and {_number(self.second.output)}",
            "tables": [{"title": "Blocks, in forward order", "head": head, "rows": rows}],
            "notes": notes or ["Nothing was found in either that keeps it from learning."],
        }

    def __str__(self) -> str:
        return _as_text(self.content())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _as_html(self.content())


def health(
    source: Source | Health,
    other: Source | Health | Mapping[str, object] | None = None,
    /,
    *,
    learning_rate: float = 0.01,
    parameters: Sequence[str] = (),
    **inputs: object,
) -> Any:
    """Tell how a model fares at a point: sizes of values and gradients, block by block, and what is wrong.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        What is looked at; of an adopted model, its modules are the blocks.
    other : mapping of str to number or array; or a second source
        The point; or what shall stand at its side, such as the same model after another initialisation.
    learning_rate : float
        Of the step whose length is compared with that of the weights.
    parameters : sequence of str, optional
        Inputs that are learned; by default those that an adopted model names, else all but the left factors of matrix
        products.
    **inputs : number or array
        Input values.

    Returns
    -------
    Health or HealthPair
        ``print`` gives the table and the findings in words; a cell that ends with it shows them.

    Raises
    ------
    InputError, SeedError
        For inputs that do not fit, or an output that is no number.

    Examples
    --------
    >>> import numpy as np
    >>> import backpropviz as bpv
    >>> def model(x, W, v):
    ...     return np.sum(bpv.ops.relu(x @ W) @ v)
    >>> found = health(model, x=np.ones((2, 3)), W=-np.ones((3, 2)), v=np.ones(2))
    >>> found.findings[0].kind, found.findings[0].units
    ('silent', (0, 1))
    """
    if other is not None and not isinstance(other, Mapping):
        both = (source, other)
        return HealthPair(
            *(each if isinstance(each, Health) else health(each, learning_rate=learning_rate) for each in both)
        )
    if isinstance(source, Health):
        return source
    graph, values = placed(source, other, inputs)
    told = source if isinstance(source, Placed) else None  # an adopted model knows more of itself than a graph
    seen = Examination(
        graph,
        values,
        getattr(told, "modules", {}),
        getattr(told, "sources", {}),
        tuple(parameters or getattr(told, "parameters", ()) or learned_inputs(basis_of(graph))),
        getattr(told, "detached", {}),
    )
    with np.errstate(all="ignore"):
        return _measured(seen, learning_rate)


def _measured(seen: Examination, learning_rate: float) -> Health:
    tape = seen.tape
    plan = plan_of(tape.graph)
    value, slope = first_value(tape), first_gradient(tape, seen.adjoints)
    return Health(
        tuple(_block(seen, block, learning_rate) for block in seen.blocks),
        findings_of(seen),
        float(tape.value),
        value.node if value else None,
        slope.node if slope else None,
        reverse_storage(plan, [int(np.size(each)) for each in tape.values]),
        learning_rate,
        tape.graph.output,
    )


def _block(seen: Examination, block: Block, learning_rate: float) -> BlockHealth:
    value, graph = seen.value(block.value), seen.tape.graph
    weight = _length([seen.value(name) for name in block.parameters])
    step = _length([seen.slope(name) for name in block.parameters])
    relus = [by_unit(seen.value(name)) for name in block.gates if graph.op(name) == "relu"]
    ends = [at_ends(graph.op(name), seen.value(name)) for name in block.gates if graph.op(name) in LOWEST]
    moved = learning_rate * step
    return BlockHealth(
        name=block.name,
        source=block.source,
        shape=value.shape,
        parameters=sum(int(seen.value(name).size) for name in block.parameters),
        value=_length([value]),
        gradient=_length([seen.slope(block.value)]),
        weight=weight,
        weight_gradient=step,
        update_ratio=None if not block.parameters else moved / weight if weight else float(moved > 0),
        silent=float(np.mean(np.concatenate([silent_units(each) for each in relus]))) if relus else None,
        saturated=float(np.mean(np.concatenate([each.ravel() for each in ends]))) if ends else None,
        kept=sum(int(seen.value(name).size) for name in block.gates),
    )


def _length(arrays: Sequence[Any]) -> float:
    return float(np.sqrt(sum(float(np.sum(np.square(each))) for each in arrays)))


def _number(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e+")


def _memory(count: int) -> str:
    size = 8.0 * count
    for unit in ("bytes", "kB", "MB"):
        if size < 1000.0:
            return f"{size:.3g} {unit}"
        size /= 1000.0
    return f"{size:.3g} GB"


def _cells(left: Mapping[str, BlockHealth], right: Mapping[str, BlockHealth], name: str, what: str) -> list[str]:
    first, second = (getattr(side[name], what) if name in side else None for side in (left, right))
    ratio = _number(second / first) if first and second is not None else ""
    return [*("" if each is None else _number(each) for each in (first, second)), ratio]


def _as_text(content: Mapping[str, Any]) -> str:
    (table,) = content["tables"]
    rows = table["rows"]
    shown = text_table(table["head"], rows[:_MOST_ROWS])
    more = [f"… and {len(rows) - _MOST_ROWS:,} more blocks"] if len(rows) > _MOST_ROWS else []
    return "\n".join([content["heading"], "", shown, *more, "", *(f"- {note}" for note in content["notes"])])


def _as_html(content: Mapping[str, Any]) -> str:
    (table,) = content["tables"]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table["head"])
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table["rows"])
    notes = "".join(f"<li>{escape(note)}</li>" for note in content["notes"])
    return (
        f"<p><strong>{escape(content['heading'])}</strong></p><ul>{notes}</ul>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
