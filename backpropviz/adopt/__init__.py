"""Other people's models as graphs: PyTorch, JAX, ONNX, and engines that learners write themselves.

No framework is imported before a model of it is adopted.
"""
