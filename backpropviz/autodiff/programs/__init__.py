"""Rules as programs: short lists of primitives that a page can run, written by calling the rules with tracers."""

from backpropviz.autodiff.programs.carried import graph_programs
from backpropviz.autodiff.programs.numpy_calls import NoProgramError
from backpropviz.autodiff.programs.program import Program, Routine, plain_number, program_of, routine_of

__all__ = ["NoProgramError", "Program", "Routine", "graph_programs", "plain_number", "program_of", "routine_of"]
