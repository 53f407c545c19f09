"""Graphs with blanks: answers, the numbers that typical errors give, and what was tried."""

from __future__ import annotations

from backpropviz.exercises.answers import Verdict, judge, read_answer
from backpropviz.exercises.generated import LEVELS, generate
from backpropviz.exercises.mistakes import Mistake
from backpropviz.exercises.results import Results, Try
from backpropviz.exercises.sheet import Blank, Sheet, make_sheet

__all__ = [
    "LEVELS",
    "Blank",
    "Mistake",
    "Results",
    "Sheet",
    "Try",
    "Verdict",
    "generate",
    "judge",
    "make_sheet",
    "read_answer",
]
