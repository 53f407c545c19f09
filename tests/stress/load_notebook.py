"""The notebook of the load tests."""

from __future__ import annotations

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
ONE = f"""from backpropviz import explore
explorer = explore("{TEXT}", x=2, z=3)
explorer"""
OTHER = "explorer"
ARRAY = """import numpy as np
arrays = explore(lambda W, t: np.sum(np.tanh(W) * t), W=np.eye(3), t=1.0, ranges={"t": (0, 4)})
arrays"""
LONG = """def long(x, z):
    for k in range(333):
        x = (x + z / (k + 2)) * 0.99
    return x
large = explore(long, x=1, z=2)
large"""
KNOWN = """print("kernel", explorer.inputs["x"], explorer.step, explorer.selected, float(explorer.gradient()["x"]))
print("arrays", arrays.inputs["t"], float(arrays.gradient()["t"]))"""
CELLS = [ONE, OTHER, ARRAY, LONG, KNOWN]
FIRST, SECOND, ARRAYS, LARGE = range(4)
REPORT = 4
