"""nbconvert's slides with a template of our own, and mathematics that needs no script."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters.slides import SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from backpropviz.export.mathml import mathml

_SIGNS = re.compile(r"\s*(?:\$\$(.*)\$\$|\\\[(.*)\\\]|\$(.*)\$|\\\((.*)\\\))\s*", re.DOTALL)


class _Renderer(IPythonRenderer):
    """Markdown to HTML, mathematics to MathML."""

    def __init__(self, *, unknown: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.unknown = unknown

    def _html_embed_images(self, html: str) -> str:
        # Parsed by itself, a tag that opens here and closes further on would be closed at once: answers to be folded
        # away would stand open.
        return str(super()._html_embed_images(html)) if "<img" in html.lower() else html

    def block_math(self, body: str) -> str:
        return mathml(body, display=True, unknown=self.unknown.append)

    def inline_math(self, body: str) -> str:
        return mathml(body, unknown=self.unknown.append)

    def multiline_math(self, text: str) -> str:
        return mathml(without_signs(text), display=True, unknown=self.unknown.append)

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True, unknown=self.unknown.append)


class DeckExporter(SlidesExporter):
    """Slides in one file."""

    unknown: list[str]

    def __init__(self, *, template_folder: str) -> None:
        bare: Any = super()  # without types
        bare.__init__(extra_template_basedirs=[template_folder], template_name="backpropviz", embed_images=True)
        self.unknown = []

    def default_filters(self) -> Any:
        """Give nbconvert's filters, with ours for what holds mathematics."""
        bare: Any = super()
        yield from bare.default_filters()
        yield ("markdown2html", self.markdown2html)
        yield ("tex", self.tex)

    def tex(self, source: str) -> str:
        """Turn a LaTeX output into MathML."""
        return mathml(without_signs(source), display=True, unknown=self.unknown.append)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Turn a Markdown cell into HTML."""
        resources = context.get("resources", {})
        renderer = _Renderer(
            unknown=self.unknown,
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=True,
            path=resources.get("metadata", {}).get("path", ""),
            exclude_anchor_links=True,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))


def without_signs(source: str) -> str:
    r"""Take the dollar signs, or what stands for them, off mathematics.

    Examples
    --------
    >>> without_signs("$$ x $$"), without_signs(r"\(y\)"), without_signs("z")
    (' x ', 'y', 'z')
    """
    found = _SIGNS.fullmatch(source)
    return next((each for each in found.groups() if each is not None), "") if found else source
