"""How much text the parser takes: enough for a lecture, too little to stall a kernel."""

from __future__ import annotations

CHARACTERS = 4096
"""Length of the whole text."""

NESTING = 100
"""Parentheses open at the same time."""

OPERATIONS = 2000
"""Operations written, before equal ones are shared."""

MOST_NAMES = 200
"""Different names, inputs and assigned ones together."""
