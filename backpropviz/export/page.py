"""One self-contained page: the notebook's view, its data, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from backpropviz.errors import InputError
from backpropviz.export.packing import characters, packed
from backpropviz.scene.shared_sentences import folded_sentences
from backpropviz.scene.specification import has_arrays, has_rare_parts
from backpropviz.static import read_packed, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_PLAIN = 4_000
"""Characters of JSON that are written as they are; more is compressed."""


_READ_AT_ONCE = 12
"""Nodes of a picture that is read without following its run; a page of more presents where it is small."""


def require_title(title: object) -> None:
    """Refuse a title that is no text.

    Raises
    ------
    InputError
    """
    if not isinstance(title, str):
        raise InputError(f"The title of a page is text; not {title!r}.", actual=title)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows.

    Parameters
    ----------
    title : str
        Of the browser's tab, and the heading.
    specification : dict
        See :func:`backpropviz.scene.specification.specification`; or what the program reads instead.
    traits : mapping of str to object
        State of the view, as JSON can hold it: inputs, step, notation and so on.
    note : str
        A sentence under the heading.
    study_aids : bool
        Whether the page has what the notebook has below the picture: paths, trace table, what if. An exercise always
        has.
    program : str, optional
        Name of what runs, with its style, as in ``web/programs.mjs``; by default the explorer, with or without its
        study aids.
    vocabulary : mapping, optional
        Where expressions may be typed, what the page knows; see :func:`backpropviz.scene.vocabulary.vocabulary`.
    blocks : mapping of str to mapping, optional
        Of a model, what the page shows when its reader walks into a block, by path; see
        :class:`~backpropviz.export.model_page.ModelPage`.
    """

    title: str
    specification: Mapping[str, Any]
    traits: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    study_aids: bool = False
    program: str = ""
    vocabulary: Mapping[str, Any] | None = None
    blocks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a title that is none."""
        require_title(self.title)

    def to_html(self, *, framed: bool = False) -> str:
        """Write the page.

        Parameters
        ----------
        framed : bool
            Without heading and margins, to stand inside another page.

        Returns
        -------
        str
            HTML that asks no server for anything, the same for the same page.
        """
        aids = self.study_aids or "sheet" in self.traits
        program = self.program or self._explorer(
            aids=aids, presents=framed or bool(self.traits.get("present") or self.traits.get("edges"))
        )
        built = read_packed(program)
        style, _, code = zlib.decompress(built).decode().partition("\0")
        loader, outer = read_text("loader.js"), read_text("exported_page.css")
        policy = (
            "default-src 'none'; "
            f"script-src {_fingerprint(loader)} {_fingerprint(code)}; "
            f"style-src {_fingerprint(outer)} {_fingerprint(style)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
        theme = self.traits.get("theme", "auto").replace("auto", "")  # as where nothing is said
        data = self.specification
        if not self.program:
            # Formulas to copy are of use to the trace table only.
            data = folded_sentences({key: part for key, part in data.items() if aids or key != "latex"})
        heading = "" if framed else f"<h1>{escape(self.title)}</h1>\n"
        note = f'<p class="note">{escape(self.note)}</p>\n' if self.note else ""
        return (
            f'<!DOCTYPE html>\n<html lang="en"{_attribute("data-theme", theme)}><head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="generator" content="backpropviz">\n'
            f'<link rel="icon" href="data:,"><title>{escape(self.title)}</title>\n<style>{outer}</style></head>\n'
            f"<body{' class=framed' if framed else ''}>\n{heading}{note}"
            '<main id="bpv-page"><noscript>This page needs JavaScript.</noscript></main>'
            f"{_block('bpv-traits', json_text(dict(self.traits)))}"
            f"{_block('bpv-spec', json_text(data))}"
            f"{'' if self.vocabulary is None else _block('bpv-vocabulary', json_text(dict(self.vocabulary)))}"
            f"{_block('bpv-blocks', json_text(dict(self.blocks))) if self.blocks else ''}"
            # Last: the module reads what stands before it.
            f'<script type="text/plain" data-becomes="text/css module">{characters(built)}</script>\n'
            f"<script>{loader}</script>\n</body>\n</html>\n"
        )

    def _explorer(self, *, aids: bool, presents: bool) -> str:
        """Choose the explorer that has what the page needs and no more."""
        if self.vocabulary is not None:
            return "editable_study_page" if aids else "editable_page"
        if "blocks" in self.traits:
            return "model_page"
        data = self.specification
        needs_all = data["mode"] == "forward" or has_rare_parts(data)
        arrays = "array_" if needs_all or has_arrays(data["graph"]) else ""
        if aids:
            return f"{arrays}study_page"
        # The lightest page of arrays has nothing else that is rare.
        presents = presents or needs_all or len(data["graph"]["nodes"]) > _READ_AT_ONCE
        return f"{'presented_' if presents else ''}{arrays}page"


def json_text(plain: Any) -> str:
    """Write JSON that can stand inside a script element: the signs that HTML reads become escapes."""
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _block(name: str, text: str) -> str:
    kind = "application/json"
    if len(text) > _LARGEST_PLAIN:
        return f'<script type="text/plain" id="{name}" data-becomes="{kind}">{packed(text)}</script>\n'
    return f'<script type="{kind}" id="{name}">{text}</script>\n'


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _fingerprint(text: str) -> str:
    """Name a script or a style by its hash, as a Content-Security-Policy does (CSP Level 3, W3C)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
