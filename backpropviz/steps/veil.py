"""Which numbers of a run are hidden, to be guessed first: one rule for what is drawn, written and told in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


HIDDEN: Any = object()
"""Stands for a number that is hidden."""
QUESTION = "?"
"""What is written in place of a hidden number."""
OF_SOURCE = frozenset({"partial", "contribution", "before", "after", "push"})
"""Numbers of an edge; they lead to the gradient of the node that it comes from."""
_OF_NODE = {"value": ("value",), "updated": ("value", "gradient")}


@dataclass(frozen=True, slots=True)
class Veil:
    """What is hidden, as the class of this name in ``web/src/story/number_sources.ts`` knows it for pages.

    Parameters
    ----------
    gradients : bool
        Whether all gradients are hidden.
    nodes : frozenset of str
        Nodes whose numbers are hidden.
    shown : frozenset of str
        What has been revealed since, as ``"gradient x"`` or ``"value x"``.

    Examples
    --------
    >>> veil = Veil.of({"gradients": True, "nodes": ["b"], "shown": ["gradient a"]})
    >>> [veil.hides(kind, node) for kind, node in (("gradient", "a"), ("contribution", "x"), ("value", "b"))]
    [False, True, True]
    """

    gradients: bool = False
    nodes: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hidden: Mapping[str, Any]) -> Veil:
        """Read the trait of an explorer; see :class:`backpropviz.widgets.explorer_state.ExplorerState`."""
        nodes, shown = (frozenset(map(str, hidden.get(each, ()))) for each in ("nodes", "shown"))
        return cls(bool(hidden.get("gradients", False)), nodes, shown)

    @property
    def is_drawn(self) -> bool:
        """Whether anything was hidden; what has been revealed since counts too."""
        return self.gradients or bool(self.nodes)

    def hides(self, kind: str, node: str) -> bool:
        """Tell whether a number of a node is hidden; of an edge's, the node is the one that it comes from."""
        return any(self._hides(each, node) for each in _OF_NODE.get(kind, ("gradient",)))

    def over(self, number: Any, kind: str, node: str) -> Any:
        """Give the number, or :data:`HIDDEN`; None, where there is no number, stays."""
        return HIDDEN if number is not None and self.hides(kind, node) else number

    def _hides(self, told: str, node: str) -> bool:
        wanted = node in self.nodes or (self.gradients and told == "gradient")
        return wanted and f"{told} {node}" not in self.shown
