"""The steps of a run, and the state to which the first of them have led; without words, which Timeline adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from backpropviz.ops.counting import counted
from backpropviz.steps.records import Accumulate, Evaluate, Propagate, Push, Seed, Settle, Step, Update
from backpropviz.steps.veil import Veil

if TYPE_CHECKING:
    from backpropviz.autodiff import Adjoints, Tangents, Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.steps.records import Record


@dataclass(slots=True)
class State:
    """What is known at one step.

    Attributes
    ----------
    step : int
        How many steps have happened.
    primals, tangents : dict of str to number
        Values and tangents known so far.
    sums : dict of str to number
        What each node has received so far; its adjoint once it is settled.
    received : dict of str to int
        How many contributions each node has received.
    settled : set of str
        Nodes whose adjoint is complete.
    travelled : set of (str, int)
        Edges, by (consumer, slot), along which a contribution has come back.
    parameters : dict of str to number
        Parameters that have been updated, with their new values.
    """

    step: int = 0
    primals: dict[str, Number] = field(default_factory=dict)
    tangents: dict[str, Number] = field(default_factory=dict)
    sums: dict[str, Number] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    travelled: set[tuple[str, int]] = field(default_factory=set)
    parameters: dict[str, Number] = field(default_factory=dict)

    def do(self, step: Step) -> None:
        """Let one step happen."""
        for record in step.records:
            self._do(record)
        self.step += 1

    def undo(self, step: Step) -> None:
        """Take the latest step back; the state is then exactly what it was before."""
        for record in reversed(step.records):
            self._undo(record)
        self.step -= 1

    def _do(self, record: Record) -> None:
        match record:
            case Evaluate(node, primal):
                self.primals[node] = primal
            case Push(node, tangent):
                self.tangents[node] = tangent
            case Seed(node, seed):
                self.sums[node] = seed
            case Propagate(consumer, slot):
                self.travelled.add((consumer, slot))
            case Accumulate(node=node, after=after):
                self.sums[node] = after
                self.received[node] = self.received.get(node, 0) + 1
            case Settle(node):
                self.settled.add(node)
            case Update(node=node, after=after):
                self.parameters[node] = after

    def _undo(self, record: Record) -> None:
        match record:
            case Evaluate(node):
                del self.primals[node]
            case Push(node):
                del self.tangents[node]
            case Seed(node):
                del self.sums[node]
            case Propagate(consumer, slot):
                self.travelled.discard((consumer, slot))
            case Accumulate(node=node, before=before):
                self.received[node] -= 1
                if self.received[node]:
                    self.sums[node] = before
                else:  # the first contribution found no sum at all, which is not the same as a sum of zero
                    del self.sums[node], self.received[node]
            case Settle(node):
                self.settled.discard(node)
            case Update(node=node):
                del self.parameters[node]


class StepSequence(Sequence[Step]):
    """The steps of a run, replayable to any point: what sentences, equations and tables are made of.

    Parameters
    ----------
    tape : Tape
        Primals.
    steps : tuple of Step
        What happens, in order.
    mode : {"reverse", "forward"}
        Which sweeps are told.
    adjoints : Adjoints, optional
        In reverse mode.
    tangents : Tangents, optional
        In forward mode.

    Attributes
    ----------
    veil : Veil
        What is hidden where the run is told.
    """

    def __init__(
        self,
        tape: Tape,
        steps: tuple[Step, ...],
        *,
        mode: str,
        adjoints: Adjoints | None = None,
        tangents: Tangents | None = None,
    ) -> None:
        self.graph: Graph = tape.graph
        self.tape = tape
        self.mode = mode
        self.adjoints = adjoints
        self.tangents = tangents
        self._steps = steps
        self.veil = Veil()

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {counted(len(self), 'step')}, {self.mode} mode, through {self.graph!r}>"

    def state(self, k: int) -> State:
        """Replay the first `k` steps.

        Raises
        ------
        IndexError
            For a step before 0 or after the last.
        """
        self.require(k)
        state = State()
        for step in self._steps[:k]:
            state.do(step)
        return state

    def require(self, k: int) -> None:
        """Refuse a step before 0 or after the last."""
        if not 0 <= k <= len(self):
            raise IndexError(f"Step {k} does not exist: this timeline has the steps 0 to {len(self)}.")
