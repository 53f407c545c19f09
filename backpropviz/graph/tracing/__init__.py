"""Python functions, called with tracers, as graphs."""
