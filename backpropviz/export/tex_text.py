r"""Text that TeX sets as it is."""

from __future__ import annotations

from backpropviz.graph.notation.small_digits import RAISED_DIGITS

_PLAIN = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "−": "$-$", "×": r"$\times$", "÷": r"$\div$", "·": r"$\cdot$", "∞": r"$\infty$", "≈": r"$\approx$",
    "∂": r"$\partial$", "Σ": r"$\Sigma$", "π": r"$\pi$", "ℯ": "$e$", "√": r"$\surd$", "²": "$^2$", "³": "$^3$",
    "…": r"\ldots{}", "½": r"$\frac12$", "▽": r"$\bigtriangledown$", "▷": r"$\triangleright$", "δ": r"$\delta$",
    "ᵀ": r"$^{\mathsf{T}}$", "⁻": "$^-$", "⊙": r"$\odot$", "\u0304": r"", "|": r"$|$", "@": "@", "≥": r"$\geq$",
    "≤": r"$\leq$", "∑": r"$\sum$", "‖": r"$\|$",
} | {sign: f"$^{digit}$" for digit, sign in enumerate(RAISED_DIGITS)}  # fmt: skip


def tex_text(text: str) -> str:
    r"""Write a text so that TeX sets it as it is.

    Examples
    --------
    >>> tex_text("\\input{secret} −3")
    '\\textbackslash{}input\\{secret\\} $-$3'
    """
    return "".join(_PLAIN.get(sign, sign) for sign in text if sign.isprintable() or sign in _PLAIN)
