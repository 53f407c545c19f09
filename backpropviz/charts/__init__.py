"""Colours that carry meaning, and the chart of a run; all layers that show something may use them."""
