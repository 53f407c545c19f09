"""Rules as programs: short lists of primitives that a page can run, written by calling the rules with tracers."""

from backpropviz.autodiff.programs.numpy_calls import NoProgramError
from backpropviz.autodiff.programs.plain import plain_number, read_plain
from backpropviz.autodiff.programs.program import Program, Routine, graph_programs, program_of, routine_of

__all__ = [
    "NoProgramError",
    "Program",
    "Routine",
    "graph_programs",
    "plain_number",
    "program_of",
    "read_plain",
    "routine_of",
]
