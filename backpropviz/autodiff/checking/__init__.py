"""Derivatives held against independent ones: differences, other ways, and how far they agree."""
