"""What a run tells, said once: sentences of the same shape differ only in the nodes they speak of.

A long run tells thousands of steps, and most of them in a few hundred shapes ("a receives the second of three
contributions, from e ..."). A folded specification holds each shape once, with holes for nodes, and for every step the
number of its shape and the nodes that fill the holes; ``web/src/story/specification.ts`` puts them together again.
Holes are numbers, where a node's name or number would stand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def folded_sentences(specification: Mapping[str, Any]) -> dict[str, Any]:
    """Fold a specification's narration and explanations.

    Parameters
    ----------
    specification : mapping
        See :func:`backpropviz.scene.specification.specification`.

    Returns
    -------
    dict
        The same, with ``narration`` and ``explanations`` as ``{"shapes": [...], "told": [[shape, node, ...], ...]}``;
        explanations also say of which nodes they are, in ``"of"``.
    """
    names = {node["name"]: index for index, node in enumerate(specification["graph"]["nodes"])}
    explained = specification["explanations"]
    return {
        **specification,
        "narration": _fold(specification["narration"], names),
        "explanations": {**_fold(list(explained.values()), names), "of": [int(node) for node in explained]},
    }


def _fold(told: Sequence[Any], names: Mapping[str, int]) -> dict[str, Any]:
    numbers: dict[str, int] = {}
    shapes: list[Any] = []
    rows = []
    for each in told:
        nodes: dict[int, int] = {}
        shape = _shape(each, names, nodes)
        key = json.dumps(shape, sort_keys=True)
        if key not in numbers:
            numbers[key] = len(shapes)
            shapes.append(shape)
        rows.append([numbers[key], *nodes])
    return {"shapes": shapes, "told": rows}


def _shape(value: Any, names: Mapping[str, int], nodes: dict[int, int]) -> Any:
    """Put holes where nodes are named or numbered; `nodes` collects what fills them, in order."""
    if isinstance(value, dict):
        return {key: _shape(each, names, nodes) for key, each in value.items()}
    if not isinstance(value, (list, tuple)):
        return value
    match value:
        case ["v" | "g" | "t" as sign, str(name)] if name in names:
            return [sign, _hole(names[name], nodes)]
        case ["q", str(kind), int(node), *slot] if kind != "literal":
            return ["q", kind, _hole(node, nodes), *slot]
        case _:
            return [_shape(each, names, nodes) for each in value]


def _hole(node: int, nodes: dict[int, int]) -> int:
    return nodes.setdefault(node, len(nodes))
