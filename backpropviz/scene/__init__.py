"""What to draw, as values: marks, layout, theme and the drawing conventions."""
