"""What a run tells, said once: sentences of the same shape differ only in the nodes they speak of.

A long run tells thousands of steps, and most of them in a few hundred shapes ("a receives the second of three
contributions, from e ..."). What travels to a page holds each shape once, with holes for nodes, and for every step the
number of its shape and the nodes that fill the holes; ``web/src/story/specification.ts`` puts them together again.
Holes are numbers, where a node's name or number would stand.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.collector import collector_waits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.schema.picture import FoldedTemplates

# Of a template as JSON: ["v", name], ["g", name], ["t", name], and the beginning of ["q", kind, node, ...]. A quote
# inside a text is written with a backslash, so that no text looks like one of these.
_NODE = re.compile(r'(\["[vgt]",|\["q","(?!literal")[^"\\]*",)((?<=\["[vgt]",)"(?:[^"\\]|\\.)*"(?=\])|\d+)')
_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@collector_waits()
def folded_sentences(specification: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Fold a specification's narration and explanations.

    Parameters
    ----------
    specification : mapping
        See :func:`backpropviz.scene.specification.specification`; or its words alone.
    nodes : sequence of mapping, optional
        Those of its graph, where only the words are given.

    Returns
    -------
    dict
        The same, with ``narration`` and ``explanations`` as ``{"shapes": [...], "told": [[shape, node, ...], ...]}``;
        explanations also say of which nodes they are, in ``"of"``.
    """
    known = nodes or specification["graph"]["nodes"]
    numbers = {_to_json(node["name"]): index for index, node in enumerate(known)}
    numbers |= {str(index): index for index in range(len(known))}
    explained = specification["explanations"]
    return {
        **specification,
        "narration": _fold(specification["narration"], numbers),
        "explanations": {**_fold(list(explained.values()), numbers), "of": [int(node) for node in explained]},
    }


def _fold(told: Sequence[Any], numbers: Mapping[str, int]) -> FoldedTemplates:
    shapes: dict[str, int] = {}
    rows = []
    for template in told:
        pieces = _NODE.split(_to_json(template))  # in turns: text, what stands before a node, the node as it is written
        written = pieces[2::3]
        nodes = dict.fromkeys(numbers[each] for each in written if each in numbers)
        holes = {node: str(hole) for hole, node in enumerate(nodes)}
        # A name that is no node's stays what it is.
        pieces[2::3] = [holes[numbers[each]] if each in numbers else each for each in written]
        rows.append([shapes.setdefault("".join(pieces), len(shapes)), *holes])
    return {"shapes": [json.loads(shape) for shape in shapes], "told": rows}
