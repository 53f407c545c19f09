"""Words on the charts of the comparison, beside the lines they belong to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from backpropviz.graph.notation.small_digits import raised

if TYPE_CHECKING:
    from backpropviz.autodiff.checking.error_curve import ErrorCurve, SchemeCurve
    from backpropviz.autodiff.costs.cost_curve import CostCurve

_LOWEST = -16.0
_BELOW = 0.45  # evaluations of f: no gradient is cheaper than one


def branch_labels(errors: ErrorCurve) -> list[dict[str, Any]]:
    """Name the branches of the error curves with their slopes, and the best step of each scheme."""
    curves = errors.curves
    labels = []
    forward, central, exact = (curves.get(scheme) for scheme in ("forward", "central", "complex"))
    if forward is not None and forward.round_off is not None:
        labels.append(_beside(forward, "round-off", "left", above=True))
    if forward is not None and forward.truncation is not None:
        labels.append(_beside(forward, "truncation", "right", above=True))
    if central is not None and central.truncation is not None:
        labels.append(_beside(central, "truncation", "left", above=False))
    labels += [_lowest(curve) for curve in (forward, central) if curve is not None and curve.branches]
    if exact is not None:
        labels.append(_label("complex", _exact_text(exact), _LOWEST + 0.2, -15.6, "left"))
        labels[-1]["yanchor"] = "bottom"
    return labels


def cost_labels(costs: CostCurve, entries: int) -> list[dict[str, Any]]:
    """Name the cost lines at their right ends, and the marks of the graph in question."""
    at = math.log10(costs.sizes[-1])
    height = {method: math.log10(values[-1]) for method, values in costs.costs.items()}
    labels = [
        _label("forward mode", "forward mode: D sweeps", at - 1.0, height["forward mode"] - 0.9, "right"),
        _label(
            "finite differences",
            "finite differences:<br>D + 1 evaluations",
            at,
            height["finite differences"] - 0.9,
            "right",
        ),
        _label(
            "reverse mode",
            f"reverse mode: {costs.costs['reverse mode'][-1]:.1f} at any D",
            at,
            height["reverse mode"],
            "right",
        ),
    ]
    labels[0].update(yanchor="bottom", yshift=4)
    labels[1].update(yanchor="top", yshift=-6)
    labels[2].update(yanchor="bottom", yshift=4)
    for label in labels:
        label.update(xref="x2", yref="y2")
    # Below all lines, under its marks.
    mark = _label("this graph", "○ this graph", math.log10(max(entries, 1)), math.log10(_BELOW), "center")
    mark.update(xref="x2", yref="y2", yanchor="middle")
    return [*labels, mark]


def power_of_ten(number: float) -> str:
    """Write a number as a power of ten with one digit.

    Examples
    --------
    >>> power_of_ten(5.6e-9), power_of_ten(1e-6)
    ('6·10⁻⁹', '10⁻⁶')
    """
    digit, exponent = f"{number:.0e}".split("e")
    power = f"10{raised(int(exponent))}"
    return power if digit == "1" else f"{digit}·{power}"


def _beside(curve: SchemeCurve, name: str, side: str, *, above: bool) -> dict[str, Any]:
    """Put the name of a branch beside its middle: inside the V of the curve, or below it."""
    branch = curve.round_off if name == "round-off" else curve.truncation
    assert branch is not None  # noqa: S101  callers ask first
    x = (math.log10(branch.smallest) + math.log10(branch.largest)) / 2
    reach = math.log10(curve.best_error) if curve.best_error > 0 else _LOWEST
    y = reach + abs(branch.slope) * abs(x - math.log10(curve.best_step))
    label = _label(curve.scheme, f"{name}<br>slope {_signed(branch.slope)}", x, y, side)
    label.update(xshift=14 if side == "left" else -14, yanchor="bottom" if above else "top", yshift=2 if above else -8)
    return label


def _exact_text(curve: SchemeCurve) -> str:
    lines = ["complex step: subtracts nothing,", "so it has no round-off branch"]
    if curve.truncation is not None:
        lines[1] += f";<br>truncation slope {_signed(curve.truncation.slope)}"
    return "<br>".join(lines)


def _signed(slope: float) -> str:
    return f"{slope:+.2f}".replace("-", "−")


def _lowest(curve: SchemeCurve) -> dict[str, Any]:
    text = f"{curve.scheme}: best step {power_of_ten(curve.best_step)}"
    y = max(_LOWEST, math.log10(curve.best_error) if curve.best_error > 0 else _LOWEST)
    label = _label(curve.scheme, text, math.log10(curve.best_step), y, "right")
    label.update(yanchor="top", xshift=-10, yshift=-4)
    return label


def _label(name: str, text: str, x: float, y: float, anchor: str) -> dict[str, Any]:
    return {
        "name": name,
        "text": text,
        "x": x,
        "y": y,
        "xref": "x",
        "yref": "y",
        "xanchor": anchor,
        "align": anchor,
        "showarrow": False,
        "font": {"size": 12},
    }
