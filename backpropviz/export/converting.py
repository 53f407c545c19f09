"""For nbconvert: explorers in a saved notebook become pages that play, whatever it is converted to.

``jupyter nbconvert --to html --Exporter.preprocessors=backpropviz.export.converting.ExplorerPages notebook.ipynb``
"""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor

from backpropviz.export.notebooks import widgets_to_pages


class ExplorerPages(Preprocessor):
    """Replaces the explorers in a notebook's outputs by iframes that need neither kernel nor network."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Change one notebook."""
        widgets_to_pages(nb)
        return nb, resources
