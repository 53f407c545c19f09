"""Rules as programs: short lists of primitives that a page can run, written by calling the rules with tracers."""

from backpropviz.autodiff.programs.carried import graph_programs
from backpropviz.autodiff.programs.program import Program, Routine, program_of

__all__ = ["Program", "Routine", "graph_programs", "program_of"]
