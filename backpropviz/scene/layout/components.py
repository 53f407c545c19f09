"""Connected parts of a graph, each of which is laid out by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.shapes import Arrow


def components(count: int, arrows: Sequence[Arrow]) -> list[list[int]]:
    """Return the members of every connected part, the largest part first.

    Examples
    --------
    >>> components(4, [(1, 3, 0)])
    [[1, 3], [0], [2]]
    """
    ties: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in arrows:
        ties[source].append(target)
        ties[target].append(source)
    seen = [False] * count
    parts = []
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        part = [first]
        for member in part:  # grows while it is read
            for other in ties[member]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: -len(part))
