"""The published examples: for each a page that plays, and an index searched by words, topic and gate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive
from playing import MADE, unpacked

import backpropviz as bpv
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parents[1]
GALLERY = DOCS / "gallery"
PUBLISHED = DOCS.parent / "tests" / "reference" / "published_examples.json"
_SQUASHING = {"sigmoid", "tanh", "relu"}


@dataclass(frozen=True)
class Entry:
    """One example: what it is called, where it is printed, and what it computes at which point."""

    identifier: str
    title: str
    source: str
    program: str
    """Empty for an example of arrays, which is a function and goes by its identifier."""
    point: dict[str, Any]
    note: str
    printed: frozenset[str]
    """Kinds of numbers that the source prints: values, gradients, tangents, hessian, steps, ..."""

    @property
    def graph(self) -> bpv.Graph:
        """Its graph."""
        return bpv.parse(self.program) if self.program else bpv.examples[self.identifier].graph

    @property
    def call(self) -> list[str]:
        """What to write to explore it."""
        if not self.program:
            return [f'example = bpv.examples["{self.identifier}"]', "bpv.explore(example.graph, example.point)"]
        point = ", ".join(f"{name}={value!r}" for name, value in self.point.items())
        return [f'bpv.explore("{self.program}", {point})']

    @property
    def gates(self) -> list[str]:
        """Names of its operations."""
        return sorted({op.name.replace("_", " ") for op in self._operations})

    @property
    def topics(self) -> list[str]:
        """What it teaches, read from what it has."""
        graph, roles = self.graph, {op.role.name for op in self._operations}
        found = {
            "forward mode": "tangents" in self.printed,
            "second derivatives": bool(self.printed & {"hessian", "higher"}),
            "a step of descent": "steps" in self.printed,
            "branches": any(len(graph.consumers(name)) > 1 for name in graph.nodes),
            "routers": "gradient router" in roles,
            "matrices": "gradient mixer" in roles,
            "neurons": not _SQUASHING.isdisjoint(self.gates),
        }
        return [topic for topic, holds in found.items() if holds]

    @property
    def _operations(self) -> list[Any]:
        graph = self.graph
        return [REGISTRY[graph.op(name)] for name in graph.nodes if graph.op(name) in REGISTRY]


def entries() -> list[Entry]:
    """Give the examples of the lectures, then those of the literature."""
    lectures = [
        Entry(
            *(name, each.title, each.source, each.program if isinstance(each.program, str) else ""),
            *(dict(each.point), "", frozenset()),
        )
        for name, each in bpv.examples.items()
    ]
    published = [
        Entry(
            *(each[key] for key in ("id", "title", "source", "program", "inputs", "note")), frozenset(each["printed"])
        )
        for each in json.loads(PUBLISHED.read_text(encoding="utf-8"))
    ]
    return lectures + published


def write(_app: Sphinx) -> None:
    """Write the gallery where Sphinx reads it."""
    for entry in entries():
        explorer = bpv.explore(entry.graph, entry.point)
        frame = unpacked(explorer.to_iframe(), f"gallery-{entry.identifier}", depth=1)
        explorer.step = explorer.last_step
        explorer.to_svg(MADE / "playing" / f"gallery-{entry.identifier}.svg")
        _write(GALLERY / f"{entry.identifier}.md", _page(entry, frame))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _heading(entry: Entry) -> str:
    return entry.title[0].upper() + entry.title[1:]


def _page(entry: Entry, frame: str) -> str:
    lines = [
        *("---", "hide-toc: true", "---"),
        f"# {_heading(entry)}",
        "",
        f"{entry.source}.",
        "",
        frame,
        "",
        "```python",
        "import backpropviz as bpv",
        "",
        *entry.call,
        "```",
        "",
        entry.note,
        "",
        f"Gates: {', '.join(entry.gates)}.",
        "",
        "[All examples](index.md)",
    ]
    if entry.printed:
        lines[-1] += " · [the printed digits beside ours](../published_examples.md)"
    return "\n".join(lines) + "\n"


class Gallery(Directive):
    """``gallery``: a card for every example, and what searches them."""

    def run(self) -> list[nodes.Node]:
        """Write the cards."""
        found = entries()
        topics = sorted({topic for entry in found for topic in entry.topics})
        gates = sorted({gate for entry in found for gate in entry.gates})
        html = (
            '<form class="gallery-search" role="search" aria-label="Examples">\n'
            '<label>Search <input type="search" name="words" placeholder="neuron, CS231n, sin ..."></label>\n'
            f'<label>Topic <select name="topic">{_options(topics)}</select></label>\n'
            f'<label>Gate <select name="gate">{_options(gates)}</select></label>\n'
            '<output aria-live="polite"></output>\n</form>\n'
            f'<ul class="gallery cards">\n{"".join(map(_card, found))}</ul>\n'
        )
        return [nodes.raw("", html, format="html")]


def _options(names: list[str]) -> str:
    return '<option value="">any</option>' + "".join(f"<option>{escape(name)}</option>" for name in names)


def _card(entry: Entry) -> str:
    words = escape(f"{entry.title} {entry.source} {entry.program}".lower())
    topics, gates = ("|".join(map(escape, names)) for names in (entry.topics, entry.gates))
    return (
        f'<li data-words="{words}" data-topics="{topics}" data-gates="{gates}">'
        f'<a href="{entry.identifier}.html">'
        f'<img loading="lazy" alt="" src="../playing/gallery-{entry.identifier}.svg">'
        f"<b>{escape(_heading(entry))}</b><span>{escape(entry.source)}</span></a></li>\n"
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the gallery before anything is read."""
    app.connect("builder-inited", write)
    app.add_directive("gallery", Gallery)
    app.add_js_file("gallery.js", defer="defer")
    return {"parallel_read_safe": True}
