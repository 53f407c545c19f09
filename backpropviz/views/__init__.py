"""How to draw live: the stage, an ES module as a widget."""
