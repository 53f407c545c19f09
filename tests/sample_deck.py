"""A lecture of five slides, as a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from pathlib import Path

EXPRESSION = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"

SLIDES = (
    ("markdown", "# Backpropagation\n\nFive slides that play without a kernel."),
    ("markdown", "## One graph\n\nOne edge at a time: $g_x = \\sum_c g_c\\,\\frac{\\partial c}{\\partial x}$."),
    ("code", f'import backpropviz as bpv\n\nbpv.explore("{EXPRESSION}", x=2, z=3)'),
    ("markdown", "## A neuron"),
    ("code", 'bpv.explore("sigmoid(w0 + w1*x1 + w2*x2)", w0=-3, w1=2, w2=-3, x1=-1, x2=-2)'),
    ("markdown", "## Mathematics\n\n$$\\begin{aligned} a &= x z \\\\ b &= \\ln x \\end{aligned}$$"),
    ("code", "import sympy\n\nx, z = sympy.symbols('x z')\nsympy.diff(sympy.exp(x * z) / sympy.log(x), x)"),
    ("markdown", "## A table\n\n| method | sweeps |\n|---|---|\n| forward | one per input |\n| reverse | one |"),
    ("code", "print(bpv.record(bpv.parse('x*z'), x=2, z=3).table())"),
)


def sample_notebook(slides: Any = SLIDES) -> Any:
    """The notebook; other cells may be given as (kind, source)."""
    v4 = nbformat.v4
    make = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell}
    notebook = v4.new_notebook(cells=[make[kind](source) for kind, source in slides])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def write_notebook(path: Path, slides: Any = SLIDES) -> Path:
    """Write it to a file."""
    nbformat.write(sample_notebook(slides), path)
    return path
