"""How a model fares at a point: sizes of values and gradients, and what keeps it from learning, in words."""
