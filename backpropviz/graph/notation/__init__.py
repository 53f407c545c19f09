"""Writing: graphs and their gates as text, LaTeX and sentences."""
