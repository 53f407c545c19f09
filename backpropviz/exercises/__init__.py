"""Graphs with blanks: answers, the numbers that typical errors give, and what was tried."""

from __future__ import annotations

from backpropviz.exercises.answers import Verdict, judge, read_answer
from backpropviz.exercises.blanks import Blank, GridBlank, ProductBlank, ShapeBlank
from backpropviz.exercises.generated import LEVELS, generate
from backpropviz.exercises.mistakes import Mistake
from backpropviz.exercises.results import Results, Try
from backpropviz.exercises.sheet import Sheet, make_sheet

__all__ = [
    "LEVELS",
    "Blank",
    "GridBlank",
    "Mistake",
    "ProductBlank",
    "Results",
    "ShapeBlank",
    "Sheet",
    "Try",
    "Verdict",
    "generate",
    "judge",
    "make_sheet",
    "read_answer",
]
