"""Derivatives written out: as graphs of their own, and through SymPy."""
