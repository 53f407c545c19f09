"""Names that try to be more than names."""

from __future__ import annotations

from backpropviz.graph import Graph, Node

MARK = "hacked"
"""Property of ``window`` that each name tries to set."""

NAMES = (
    f"<img src=x onerror=window.{MARK}=1>",
    f"</script><script>window.{MARK}=2</script>",
    f"<!--<script>window.{MARK}=3",
    f'"><svg onload=window.{MARK}=4>',
    f"$\\href{{javascript:window.{MARK}=5}}{{x}}$",
    "<b style=background:url(https://example.org/a.png)>b</b>",
    "</style><style>*{background:url(https://example.org/b.png)}",
    "\\input{/etc/passwd}",
    "&lt;i&gt;",
    "`${1}`' || 1",
    "a]]></text><text>",
)


def hostile_graph(names=NAMES):
    """A graph that has each of the names, as an input or as a gate."""
    nodes = [Node("x", "input")]
    inputs = []
    for place, name in enumerate(names):
        if place % 2:
            nodes.append(Node(name, "exp" if place % 4 == 1 else "tanh", ("x",)))
        else:
            nodes.append(Node(name, "input"))
            inputs.append(name)
    nodes.append(Node("</title><script>", "add", tuple(names)))
    return Graph(nodes, "</title><script>"), {"x": 0.5, **dict.fromkeys(inputs, 1.5)}
