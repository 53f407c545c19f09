"""Pictures that play, in pages of the site.

A picture is a page of its own beside the site's, loaded when one scrolls near it: so a page of text stays small, and
what plays is exactly what ``to_html`` writes.
"""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives

import backpropviz as bpv

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MADE = Path(__file__).parents[1] / "_made"
"""What is copied to the site as it is."""
_FOLDER = "playing"
_EMBEDDED = re.compile(
    r'<div class="bpv-frame-holder"><iframe class="bpv-embedded"[^>]*? title="(?P<title>[^"]*)"[^>]*?'
    r'style="[^"]*?height:(?P<height>\d+)px" srcdoc="(?P<page>[^"]*)"></iframe></div>'
)


def keep(page: str, name: str) -> str:
    """Keep a page beside the site's; give its address from the site's root."""
    address = f"{_FOLDER}/{name}.html"
    file = MADE / address
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")
    return address


def framed(address: str, *, title: str, height: float, depth: int, eager: bool = False) -> str:
    """Write the frame in which a kept page plays, for a page so many folders deep."""
    source = "../" * depth + address
    return (
        f'<div class="bpv-frame-holder"><iframe class="bpv-embedded" sandbox="allow-scripts" '
        f'loading="{"eager" if eager else "lazy"}" title="{escape(title)}" src="{source}" '
        f'style="height:{height:.0f}px"></iframe></div>'
    )


def unpacked(html: str, name: str, *, depth: int, eager: bool = False) -> tuple[str, int]:
    """Take the pages out of frames that carry them, so that they are loaded when they are wanted.

    Returns
    -------
    html : str
        With frames that name their page.
    count : int
        How many there were.
    """
    count = 0

    def take_out(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        address = keep(unescape(found["page"]), f"{name}-{count}")
        return framed(address, title=unescape(found["title"]), height=float(found["height"]), depth=depth, eager=eager)

    return _EMBEDDED.sub(take_out, html), count


class Explore(Directive):
    """``explore``: the graph of an expression, playing.

    The text is the expression or program; ``inputs`` are written ``x=2, z=3``.
    """

    has_content = True
    option_spec = {  # noqa: RUF012  docutils' own protocol
        "inputs": directives.unchanged_required,
        "mode": directives.unchanged,
        "playing": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Make the page and the frame."""
        document: str = self.state.document.settings.env.docname
        text = " ".join(self.content)
        point = {}
        for pair in self.options["inputs"].split(","):
            name, _, number = pair.partition("=")
            point[name.strip()] = float(number)
        explorer = bpv.explore(text, point)
        explorer.mode = self.options.get("mode", explorer.mode)
        html = explorer.to_iframe()
        if "playing" in self.options:
            html = html.replace(escape('"playing":false'), escape('"playing":true'), 1)
        name = hashlib.sha256(html.encode()).hexdigest()[:16]
        html, _ = unpacked(html, name, depth=document.count("/"), eager="playing" in self.options)
        return [nodes.raw("", html, format="html")]


class Train(Directive):
    """``train``: a network that learns; the argument names a set of :mod:`backpropviz.datasets`."""

    required_arguments = 1
    option_spec = {"layers": directives.unchanged, "rate": directives.unchanged}  # noqa: RUF012  docutils' own protocol

    def run(self) -> list[nodes.Node]:
        """Make the page and the frame."""
        document: str = self.state.document.settings.env.docname
        data = getattr(bpv.datasets, self.arguments[0])()
        sizes = tuple(int(size) for size in self.options.get("layers", "2-8-1").split("-"))
        rate = bpv.SGD(float(self.options.get("rate", "0.5")))
        html = bpv.playground(bpv.MLP(sizes, output="sigmoid"), data, rate, batch_size=10).to_iframe()
        html, _ = unpacked(html, f"train-{self.arguments[0]}", depth=document.count("/"))
        return [nodes.raw("", html, format="html")]


def wait_for_reader(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Let pictures of a page be fetched when one scrolls near them; Sphinx has no option for it."""
    context["body"] = context.get("body", "").replace("<img alt=", '<img loading="lazy" alt=')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("explore", Explore)
    app.add_directive("train", Train)
    app.connect("html-page-context", wait_for_reader)
    return {"parallel_read_safe": True}
