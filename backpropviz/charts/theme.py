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

    def on_tint(self, colour: str) -> str:
        """Text in a colour, on a ground tinted with it: nearer to ink, so that it stays readable."""
        mixed = (round(0.6 * own + 0.4 * ink) for own, ink in zip(_channels(colour), _channels(self.ink), strict=True))
        return "#" + "".join(f"{channel:02x}" for channel in mixed)

    @property
    def grid(self) -> str:
        """Lines behind a plot: the faint colour, two thirds transparent, in a form that plotly 6.0 reads too."""
        return translucent(self.faint, 0.33)


def translucent(colour: str, opacity: float) -> str:
    """Give a colour with an opacity, in a form that every plotly reads."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity:g})"


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[first : first + 2], 16) for first in (1, 3, 5))


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b2533",
    muted="#5b6676",
    faint="#8893a3",
    value="#0b63a5",
    gradient="#c2410c",
    current="#f59e0b",
    value_line="#5f97c4",
    gradient_line="#d37a50",
    input_fill="#eaf3fc",
    gate_fill="#f8fafc",
    constant_fill="#eef0f3",
)
DARK = Theme(
    paper="#12171e",
    ink="#e8edf4",
    muted="#a3aebd",
    faint="#667282",
    value="#6cb6f2",
    gradient="#ff9461",
    current="#fbbf24",
    value_line="#4a7eab",
    gradient_line="#a8643f",
    input_fill="#15293b",
    gate_fill="#1d252f",
    constant_fill="#262e38",
)
