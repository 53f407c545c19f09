"""All records of a run, kept and read again."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backpropviz.charts.training_chart import run_figure
from backpropviz.errors import DivergenceError, HistoryError
from backpropviz.learn.network_text import network_from, network_to
from backpropviz.learn.records import EpochRecord
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike

    from backpropviz.learn.network import Network

_FORMAT = "backpropviz history"
_VERSION = 1
_NUMBERS = tuple(each.name for each in fields(EpochRecord) if each.name != "network")
_DERIVED = ("misfit", "validation_misfit")
_OPTIONAL = {"accuracy", "validation_loss", "validation_accuracy", "dead_units", "saturated_units"}
_MAPPINGS = {"gradient_norms", "weight_norms", "update_ratios", "dead_units", "saturated_units"}
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@dataclass(frozen=True, slots=True)
class History:
    """The records of a run, in order.

    Attributes
    ----------
    records : tuple of EpochRecord
    divergence : str
        Why the run stopped early; empty for a run that came to its end.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> history = bpv.History.collect(bpv.fit(bpv.MLP((1, 1)), bpv.datasets.line(), epochs=3))
    >>> len(history), history.column("epoch")
    (3, [1, 2, 3])
    """

    records: tuple[EpochRecord, ...]
    divergence: str = ""

    @classmethod
    def collect(cls, records: Iterable[EpochRecord]) -> History:
        """Drain a run. One that diverges keeps the records before, and says why in `divergence`."""
        kept: list[EpochRecord] = []
        try:
            for record in records:
                kept.append(record)  # noqa: PERF402  one by one: a fault must not lose those before
        except DivergenceError as fault:
            return cls(tuple(kept), fault.message)
        return cls(tuple(kept))

    @property
    def network(self) -> Network:
        """The network after the last epoch.

        Raises
        ------
        HistoryError
            Where no epoch was completed, or no snapshots were saved.
        """
        found = self.records[-1].network if self.records else None
        if found is None:
            why = self.divergence or "No epoch was completed, or the file was saved without snapshots."
            raise HistoryError(f"There is no trained network in this history. {why}")
        return found

    def column(self, name: str) -> list[Any]:
        """Give one quantity over all epochs.

        Raises
        ------
        HistoryError
            For a quantity that records do not have.
        """
        if name not in _NUMBERS + _DERIVED:
            raise HistoryError(f"Records have no {name!r}. They have: {', '.join(_NUMBERS + _DERIVED)}.", actual=name)
        return [getattr(record, name) for record in self.records]

    def figure(self, *, log_scale: bool = False) -> Any:
        """Draw the losses, and beneath them the accuracies where classes are learned.

        The curves are losses on the examples, without the penalty: that is ``column("penalty")``.

        Parameters
        ----------
        log_scale : bool
            Whether the loss is drawn on a logarithmic axis.

        Returns
        -------
        plotly.graph_objects.Figure
            Training in blue, held out in orange-red. Where a notebook shows nothing, choose another renderer:
            ``figure.show("notebook")``.
        """
        losses, accuracies = (
            [[math.nan if value is None else value for value in curve] for curve in curves if set(curve) != {None}]
            for curves in (
                [self.column("misfit"), self.column("validation_misfit")],
                [self.column("accuracy"), self.column("validation_accuracy")],
            )
        )
        if not self.records:
            return run_figure([], [[]], log_scale=log_scale)
        return run_figure(self.column("epoch"), losses, accuracies, log_scale=log_scale)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[EpochRecord]:
        return iter(self.records)

    def __getitem__(self, index: int) -> EpochRecord:
        return self.records[index]

    def __repr__(self) -> str:
        if not self.records:
            return f"History(no epochs{'; ' + self.divergence if self.divergence else ''})"
        last = self.records[-1]
        accuracy = "" if last.accuracy is None else f", accuracy {last.accuracy:.4g}"
        end = f"; {self.divergence}" if self.divergence else ""
        epochs = counted(len(self), "epoch")
        return f"History({epochs}, loss {self.records[0].loss:.4g} -> {last.loss:.4g}{accuracy}{end})"

    def save(self, path: str | PathLike[str], *, snapshots: bool = True) -> None:
        """Write to a JSON file; numbers come back to the bit.

        Parameters
        ----------
        path : path
            Overwritten only once all has been written.
        snapshots : bool
            Whether to keep the network of every epoch, for scrubbing; otherwise that of the last one only.
        """
        last = len(self.records) - 1
        rows = []
        for place, record in enumerate(self.records):
            row = {name: _plain(getattr(record, name)) for name in _NUMBERS}
            if record.network is not None and (snapshots or place == last):
                row["network"] = network_to(record.network)
            rows.append(row)
        whole = {"format": _FORMAT, "version": _VERSION, "divergence": self.divergence, "records": rows}
        target = Path(path)
        draft = target.with_name(target.name + ".part")
        draft.write_text(json.dumps(whole, allow_nan=False), encoding="utf-8")
        draft.replace(target)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> History:
        """Read a file that :meth:`save` wrote.

        Raises
        ------
        HistoryError
            For a file that is cut short, changed, or of another kind; it is left as it is.
        """
        try:
            whole = json.loads(Path(path).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as fault:
            raise HistoryError(f"{path} is not a saved history: it is not JSON ({fault}).") from None
        if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
            raise HistoryError(f"{path} is not a saved history.", expected=_FORMAT)
        if whole.get("version") != _VERSION:
            raise HistoryError(
                f"{path} has version {whole.get('version')!r}; this package reads version {_VERSION}. Update it.",
                expected=_VERSION,
                actual=whole.get("version"),
            )
        rows, divergence = whole.get("records"), whole.get("divergence", "")
        if not isinstance(rows, list) or not isinstance(divergence, str):
            raise HistoryError(f"{path} has no list of records.")
        return cls(tuple(_record(path, place, row) for place, row in enumerate(rows)), divergence)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _record(path: object, place: int, row: Any) -> EpochRecord:
    if not isinstance(row, dict):
        raise HistoryError(f"{path}, record {place}: not a record.")
    network = None
    if "network" in row:
        try:
            network = network_from(row["network"])
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise HistoryError(f"{path}, record {place}: the network cannot be read ({fault}).") from None
    if "penalty" not in row:
        # Files that were written before the penalty was told by itself.
        row = {**row, "penalty": 0.0 if network is None else network.penalty}
    read: dict[str, Any] = {}
    for name in _NUMBERS:
        try:
            read[name] = _read(name, row[name])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise HistoryError(
                f"{path}, record {place}: {name} is {row.get(name, 'missing')!r}, which is no such quantity."
            ) from None
    return EpochRecord(**read, network=network)


def _read(name: str, value: Any) -> Any:
    if value is None and name in _OPTIONAL:
        return None
    if name in _MAPPINGS:
        return {str(key): _number(each) for key, each in value.items()}
    if name in ("epoch", "step"):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError
        return value
    return _number(value)


def _number(value: Any) -> float:
    if isinstance(value, str):
        return _NOT_FINITE[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return float(value)
