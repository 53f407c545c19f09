"""Walking into a model whose modules are closed gates: one open, with those around it, the rest closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError
from backpropviz.graph.closing.grouping import regroup
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.ops import did_you_mean

if TYPE_CHECKING:
    from backpropviz.graph.graph import Graph


def walk(whole: Graph, path: str = "") -> Graph:
    """Open a block and every block around it; all others stay closed.

    Parameters
    ----------
    whole : Graph
        A view in which every block is closed, as :attr:`Adopted.graph` is.
    path : str
        The block, such as ``"encoder.layers.0"``; empty for the outermost ones.

    Raises
    ------
    GraphError
        Where there is no such block.

    Examples
    --------
    >>> from backpropviz import parse
    >>> whole = parse("a = x*z; b = exp(a); y = b + x").collapse(["a", "b"], "net")
    >>> len(whole), len(walk(whole, "net"))
    (4, 5)
    """
    if not path:
        return whole
    grouping = whole.grouping
    steps = () if grouping is None else grouping.history
    names = [step.name for step in steps if isinstance(step, Closing)]
    if grouping is None or path not in names:
        raise GraphError(f"There is no block {path!r}.{did_you_mean(path, names)}", node=path)
    open_names = set(around(whole, path))
    return regroup(grouping.basis, tuple(step for step in steps if getattr(step, "name", "") not in open_names))


def around(whole: Graph, path: str) -> tuple[str, ...]:
    """Give a block and those that it stands in, the outermost first.

    Examples
    --------
    >>> from backpropviz import parse
    >>> inner = parse("a = x*z; b = exp(a); y = b + x").collapse(["a", "b"], "net.0")
    >>> around(inner.collapse(["net.0", "y"], "net"), "net.0")
    ('net', 'net.0')
    """
    steps = () if whole.grouping is None else whole.grouping.history
    found = [path]
    for step in steps:  # innermost first
        if isinstance(step, Closing) and step.name != found[-1] and found[-1] in step.members:
            found.append(step.name)
    return tuple(reversed(found))


def opened(whole: Graph, path: str) -> list[str]:
    """Give the nodes that walking into a block brings to light, and the inputs that they use; none without a path.

    Examples
    --------
    >>> from backpropviz import parse
    >>> opened(parse("a = x*z; b = exp(a); y = b + x").collapse(["a", "b"], "net"), "net")
    ['x', 'z', 'a', 'b']
    """
    if not path:
        return []
    before = ("", *around(whole, path))[-2]
    seen = set(walk(whole, before).nodes)
    view = walk(whole, path)
    inside = {name for name in view.nodes if name not in seen}
    inside |= {name for name in view.inputs if {user for user, _ in view.consumers(name)} & inside}
    return [name for name in view.nodes if name in inside]
