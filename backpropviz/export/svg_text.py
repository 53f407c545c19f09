"""Text in an SVG picture: what most texts have is said once, at the root."""

from __future__ import annotations

from xml.sax.saxutils import escape

TYPE, WEIGHT = 15, 600
"""Size, in px, and weight of most texts."""


def svg_text(
    x: float,
    y: float,
    size: float,
    colour: str,
    text: str,
    *,
    weight: int = 400,
    anchor: str = "middle",
    italic: bool = False,
) -> str:
    """Write one line of text at a place, in px; what most texts of a picture have is left out."""
    place = f' x="{x:g}" y="{y:g}"' if x else f' y="{y:g}"'
    style = f'{place} fill="{colour}"'
    if size != TYPE:
        style += f' font-size="{size:g}"'
    if weight != WEIGHT:
        style += f' font-weight="{weight}"'
    if anchor != "middle":
        style += f' text-anchor="{anchor}"'
    if italic:
        style += ' font-style="italic"'
    return f"<text{style}>{clean(text)}</text>"


def clean(text: str) -> str:
    """Escape a text; signs that XML cannot hold at all become a replacement sign."""
    return escape("".join(sign if sign.isprintable() or sign == " " else "\ufffd" for sign in text))
