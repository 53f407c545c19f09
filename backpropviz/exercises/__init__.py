"""Graphs with blanks: what is asked, what is wrong with an answer, and what a class answered.

A sheet (``sheet``) has a graph, given or drawn by level (``generated``), and blanks (``blanks``), one for each question
(``questions``). With each blank come the numbers that typical errors (``mistakes``) give (``gradient_mistakes``,
``value_mistakes``, ``array_mistakes``; ``products``, by way of ``product_forms`` and ``product_text``), so that
``answers`` and ``array_answers`` can name the error. ``results`` is what one student tried; ``sent_results``
and ``class_answers`` read what many sent.
"""

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
