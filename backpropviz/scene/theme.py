"""Colours that carry meaning, light and dark; safe for colour-blind readers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as CSS writes them.

    Parameters
    ----------
    paper, ink, muted, faint : str
        Background, text and outlines, secondary text, and what is still to come.
    value, gradient, current : str
        Text of values and of gradients, and the ring of the current step.
    value_line, gradient_line : str
        Edges that have been travelled forwards and backwards.
    input_fill, gate_fill, constant_fill : str
        Insides of marks.
    """

    paper: str
    ink: str
    muted: str
    faint: str
    value: str
    gradient: str
    current: str
    value_line: str
    gradient_line: str
    input_fill: str
    gate_fill: str
    constant_fill: str

    def fill(self, kind: str) -> str:
        """Inside of a mark of this kind."""
        return {"input": self.input_fill, "constant": self.constant_fill}.get(kind, self.gate_fill)


LIGHT = Theme(
    paper="#ffffff",
    ink="#1f2937",
    muted="#57606f",
    faint="#b4bac4",
    value="#0b63a5",
    gradient="#c2410c",
    current="#f59e0b",
    value_line="#7aa7cc",
    gradient_line="#d9794f",
    input_fill="#eef6ff",
    gate_fill="#fafbfc",
    constant_fill="#f1f3f5",
)
DARK = Theme(
    paper="#15181d",
    ink="#e6e9ee",
    muted="#a4adba",
    faint="#4a525e",
    value="#6cb6f5",
    gradient="#ff9b6a",
    current="#fbbf24",
    value_line="#41759e",
    gradient_line="#b0603c",
    input_fill="#1c2a3a",
    gate_fill="#1f242b",
    constant_fill="#272d35",
)
