"""Pages of tables and charts, which run no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.text_table import html_table
from backpropviz.charts.logarithmic_chart import Line, chart
from backpropviz.static import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.autodiff.checking.error_curve import ErrorCurve
    from backpropviz.autodiff.costs.cost_curve import CostCurve


def report_page(content: Mapping[str, Any]) -> str:
    """Write sentences and tables.

    Parameters
    ----------
    content : mapping
        ``heading``, ``notes`` and ``tables``, each with ``title``, ``head`` and ``rows`` of text.

    Returns
    -------
    str
        HTML that asks no server for anything and runs no script.
    """
    notes = "\n".join(f'<p class="note">{escape(note)}</p>' for note in content["notes"])
    tables = "\n".join(table(**each) for each in content["tables"])
    return still_page(content["heading"], f'{notes}\n<div class="row">{tables}</div>')


def still_page(title: str, body: str) -> str:
    """Put HTML of our own making into a page whose policy lets nothing run and nothing be fetched."""
    style = read_text("still_page.css")
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write one titled table of text; it scrolls by itself where it is too wide."""
    return f'<div class="box">{html_table(head, rows, title)}</div>'


_SMALLEST, _LARGEST = 1e-17, 10.0
"""Errors of exactly 0, and those beyond all use, are drawn at the edges: a logarithmic axis has no end."""
_ROLES = ("gradient", "tangent", "value", "muted")


def comparison_page(content: Mapping[str, Any], errors: ErrorCurve | None, costs: CostCurve) -> str:
    """Write the comparison of the ways to differentiate.

    Parameters
    ----------
    content : mapping
        ``heading``, ``tables`` (each with ``title``, ``head`` and ``rows`` of text) and ``notes``.
    errors : ErrorCurve, optional
        Error of finite differences; None for a graph without inputs.
    costs : CostCurve
        What a gradient costs.

    Returns
    -------
    str
        HTML that asks no server for anything and runs no script.
    """
    charts = [_cost_chart(costs)] if errors is None else [_error_chart(errors), _cost_chart(costs)]
    tables = "\n".join(table(**each) for each in content["tables"])
    notes = "\n".join(f'<p class="note">{escape(note)}</p>' for note in content["notes"])
    body = f'<div class="row">{tables}</div>\n{notes}\n<div class="row">{"".join(charts)}</div>'
    return still_page(content["heading"], body)


def _error_chart(errors: ErrorCurve) -> str:
    lines = [
        Line(
            scheme,
            [
                (float(step), min(max(float(error), _SMALLEST), _LARGEST))
                for step, error in _pairs(errors, curve.errors)
            ],
            role,
            scheme == "complex",
        )
        for (scheme, curve), role in zip(errors.curves.items(), _ROLES, strict=False)
    ]
    return chart(f"Error of finite differences, derivative by {errors.input}", "step", "relative error", lines)


def _pairs(errors: ErrorCurve, found: Iterable[float]) -> Iterable[tuple[float, float]]:
    return zip(errors.steps, found, strict=True)


def _cost_chart(costs: CostCurve) -> str:
    lines = [
        Line(method, list(zip(map(float, costs.sizes), values, strict=True)), role)
        for (method, values), role in zip(costs.costs.items(), _ROLES, strict=False)
    ]
    return chart(f"Cost of the gradient of {costs.formula}", "number of inputs D", "evaluations of f", lines)
