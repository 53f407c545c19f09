"""Pictures that play, in pages of the site.

A picture is a page of its own beside the site's, loaded when one scrolls near it: so a page of text stays small, and
what plays is exactly what ``to_html`` writes.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives

import backpropviz as bpv
from backpropviz.export.inline_frame import frame, height_for

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MADE = Path(__file__).parents[1] / "_made"
"""What is copied to the site as it is."""
_FOLDER = "playing"
_EMBEDDED = re.compile(r'(<iframe class="bpv-embedded"[^>]*?) srcdoc="([^"]*)"')


def keep(page: str, name: str) -> str:
    """Keep a page beside the site's; give its address from the site's root."""
    address = f"{_FOLDER}/{name}.html"
    file = MADE / address
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")
    return address


def unpacked(html: str, name: str, *, depth: int) -> str:
    """Take the pages out of frames that carry them, so that they are loaded when they are wanted.

    Parameters
    ----------
    html : str
        With frames as :func:`backpropviz.export.inline_frame.frame` writes them.
    name : str
        What the pages are kept under, with a number each.
    depth : int
        How many folders deep the page of the site lies.
    """
    numbers = itertools.count(1)

    def take_out(found: re.Match[str]) -> str:
        return f'{found[1]} src="{"../" * depth}{keep(unescape(found[2]), f"{name}-{next(numbers)}")}"'

    return _EMBEDDED.sub(take_out, html)


def _alone(html: str) -> str:
    """Offer the page of a frame without the site around it, where it has the window and an address."""
    address = re.search(r' src="([^"]*)"', html)
    return f'<p class="alone"><a href="{address[1]}">In a window of its own</a></p>' if address else ""


class Explore(Directive):
    """``explore``: the graph of an expression, playing.

    The text is the expression or program; ``inputs`` are written ``x=2, z=3``. With ``editable`` another can be typed,
    with ``study-aids`` there is what stands below the picture in a notebook. Links to the page itself may be made of
    ``address``, which stays.
    """

    has_content = True
    option_spec = {  # noqa: RUF012  docutils' own protocol
        "inputs": directives.unchanged_required,
        "mode": directives.unchanged,
        "playing": directives.flag,
        "editable": directives.flag,
        "study-aids": directives.flag,
        "address": directives.unchanged,
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
        shown_graph = explorer.shown_graph()
        page = shown_graph.page(study_aids="study-aids" in self.options, editable="editable" in self.options)
        if "playing" in self.options:
            page = replace(page, traits={**page.traits, "playing": True})
        html = frame(page.to_html(framed=True), height=height_for(shown_graph.scene), title=f"The graph of {text}")
        if "playing" in self.options:
            html = html.replace('loading="lazy"', 'loading="eager"')
        name = self.options.get("address", hashlib.sha256(html.encode()).hexdigest()[:16])
        explorer.step = explorer.last_step
        explorer.to_svg(MADE / _FOLDER / f"{name}.svg")  # in the place of what needs scripts, where there are none
        up = "../" * document.count("/")
        html = unpacked(html, name, depth=up.count("/"))
        html += f'<noscript><img alt="The graph of {escape(text)}" src="{up}{_FOLDER}/{name}.svg"></noscript>'
        if "address" in self.options:
            html += _alone(html)
        return [nodes.raw("", html, format="html")]


class Train(Directive):
    """``train``: a network that learns; the argument names a set of :mod:`backpropviz.datasets`.

    With ``landscape`` its loss is shown as a landscape, too.
    """

    required_arguments = 1
    option_spec = {  # noqa: RUF012  docutils' own protocol
        "layers": directives.unchanged,
        "rate": directives.unchanged,
        "landscape": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Make the page and the frame."""
        document: str = self.state.document.settings.env.docname
        data = getattr(bpv.datasets, self.arguments[0])()
        sizes = tuple(int(size) for size in self.options.get("layers", "2-8-1").split("-"))
        rate = bpv.SGD(float(self.options.get("rate", "0.5")))
        landscape = "landscape" in self.options
        network = bpv.MLP(sizes, output="sigmoid")
        html = bpv.playground(network, data, rate, batch_size=10, landscape=landscape).to_iframe()
        html = unpacked(html, f"train-{self.arguments[0]}", depth=document.count("/"))
        return [nodes.raw("", html + _alone(html), format="html")]


def wait_for_reader(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Let pictures of a page be fetched when one scrolls near them; Sphinx has no option for it."""
    context["body"] = context.get("body", "").replace("<img alt=", '<img loading="lazy" alt=')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("explore", Explore)
    app.add_directive("train", Train)
    app.connect("html-page-context", wait_for_reader)
    return {"parallel_read_safe": True}
