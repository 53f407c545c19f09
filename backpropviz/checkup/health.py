"""The health of a model's gradients at a point: a row for each block, and what is wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.costs.storage import reverse_storage
from backpropviz.autodiff.input_values import single_number
from backpropviz.autodiff.plan import plan_of
from backpropviz.checkup.blocks import learned_inputs
from backpropviz.checkup.examination import Examination
from backpropviz.checkup.faults import findings_of
from backpropviz.checkup.idle_units import LOWEST, at_ends, by_unit, silent_units
from backpropviz.checkup.not_finite import first_gradient, first_value
from backpropviz.checkup.report import BlockHealth, Health, HealthPair
from backpropviz.errors import InputError
from backpropviz.graph import placed
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.source import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.checkup.blocks import Block
    from backpropviz.graph import Source


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
    if isinstance(parameters, str) or not np.iterable(parameters):
        raise InputError(f'parameters lists inputs, as in parameters=["W"]; not {parameters!r}.', actual=parameters)
    rate = single_number(learning_rate, "The learning rate")
    graph, values = placed(source, other, inputs)
    told = source if isinstance(source, Placed) else None  # an adopted model knows more of itself than a graph
    seen = Examination(
        graph,
        values,
        getattr(told, "modules", {}),
        getattr(told, "sources", {}),
        tuple(parameters) or learned_inputs(basis_of(graph)),
        getattr(told, "detached", {}),
    )
    with np.errstate(all="ignore"):
        return _measured(seen, rate)


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
        stored=sum(int(seen.value(name).size) for name in block.gates),
    )


def _length(arrays: Sequence[Any]) -> float:
    return float(np.sqrt(sum(float(np.sum(np.square(each))) for each in arrays)))
