"""Mathematics as MathML, which browsers draw by themselves: no script and no font is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from backpropviz.export.mathml import mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)


def _write(translator: HTML5Translator, node: nodes.Element, *, block: bool) -> None:
    def warn(command: str) -> None:
        log.warning("mathematics not understood: %s", command, location=node)

    written = mathml(node.astext(), display=block, unknown=warn)
    translator.body.append(f'<div class="math">{written}</div>' if block else written)
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer; ``html_math_renderer`` chooses it."""
    app.add_html_math_renderer(
        "mathml",
        (lambda translator, node: _write(translator, node, block=False), None),
        (lambda translator, node: _write(translator, node, block=True), None),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
