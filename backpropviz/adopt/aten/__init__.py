"""PyTorch's operations, those of its training IR, in operations of the registry."""
