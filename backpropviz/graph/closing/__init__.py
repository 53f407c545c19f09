"""Several gates closed into one, one opened into several, and what of a graph is a network."""
