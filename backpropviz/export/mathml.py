"""TeX in notebooks as MathML, which browsers set by themselves: no script, no font to fetch."""

from __future__ import annotations

import re
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from backpropviz.errors import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Callable

_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_ENVIRONMENTS = {
    "aligned": "align*", "split": "align*", "gathered": "gather*", "equation": "align*", "equation*": "align*",
    "eqnarray": "align*", "eqnarray*": "align*", "multline": "gather*", "multline*": "gather*",
}  # fmt: skip
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-z]+\*?)\}")
# Nothing that could reach outside: no href, style, class, id, src.
_ATTRIBUTES = frozenset(
    [
        "accent",
        "accentunder",
        "columnalign",
        "columnlines",
        "columnspacing",
        "depth",
        "display",
        "displaystyle",
        "fence",
        "form",
        "height",
        "largeop",
        "linethickness",
        "lspace",
        "mathcolor",
        "mathsize",
        "maxsize",
        "minsize",
        "movablelimits",
        "rowlines",
        "rowspacing",
        "rspace",
        "scriptlevel",
        "separator",
        "stretchy",
        "symmetric",
        "voffset",
        "width",
        "xmlns",
    ]
)
_TALL = frozenset({"mfrac", "mtable", "munder", "mover", "munderover", "msqrt", "mroot"})
_COLOUR = re.compile(r"#?\w+")


def mathml(tex: str, *, display: bool = False, unknown: Callable[[str], None] | None = None) -> str:
    """Convert mathematics.

    Parameters
    ----------
    tex : str
        Without the dollar signs around it.
    display : bool
        Whether it stands on a line of its own.
    unknown : callable, optional
        Told each command that is not understood; it then stands there as it was written.

    Returns
    -------
    str
        A ``math`` element; text that cannot be read at all comes back in a ``code`` element.

    Raises
    ------
    MissingLibraryError
        Where the converter is not installed.
    """
    try:
        from latex2mathml.converter import convert_to_element  # noqa: PLC0415  an optional extra
        from latex2mathml.exceptions import NoAvailableTokensError  # noqa: PLC0415
    except ImportError as fault:
        raise MissingLibraryError(
            'Mathematics in slides needs latex2mathml. Install it with: pip install "backpropviz[slides]"'
        ) from fault
    report = unknown or (lambda _command: None)
    known = _ENVIRONMENT.sub(lambda found: rf"\{found[1]}{{{_ENVIRONMENTS.get(found[2], found[2])}}}", tex)
    try:
        element = convert_to_element(known, display="block" if display else "inline")
    except NoAvailableTokensError:
        return ""
    except Exception:  # noqa: BLE001  the converter raises many kinds, and a typing slip must not cost a deck
        report(tex)
        return f"<code>{escape(tex)}</code>"
    return _markup(element, report)


def _markup(element: Any, report: Callable[[str], None]) -> str:
    r"""Write an element; the converter's own writer would let markup in ``\\text{...}`` through."""
    if not any(each.tag in _TALL for each in element.iter()):
        for child in element:
            if child.get("fence") == "true":
                child.set("stretchy", "false")  # some faces put gaps around what could stretch and need not
    text = _REFERENCE.sub(lambda found: chr(int(found[1], 16)), element.text or "")
    if element.tag == "mi" and text.startswith("\\"):
        report(text)
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in sorted(element.attrib.items())
        if name in _ATTRIBUTES and (name != "mathcolor" or _COLOUR.fullmatch(value))
    )
    tag = element.tag if re.fullmatch(r"m[a-z]+|none", element.tag) else "mrow"
    inside = ""
    for child, following in zip_longest(element, list(element)[1:]):
        inside += _markup(child, report)
        if _is_function(child) and following is not None and _first(following).tag != "mo":
            inside += '<mspace width="0.17em"></mspace>'  # "ln x", not "lnx"
    return f"<{tag}{attributes}{_style(element)}>{escape(text, quote=False)}{inside}</{tag}>"


def _first(element: Any) -> Any:
    while len(element):
        element = element[0]
    return element


def _is_function(element: Any) -> bool:
    """Tell whether an element is the name of a function, such as ``sin`` or ``sin²``."""
    if element.tag in {"msup", "msub", "msubsup"}:
        return _is_function(element[0])
    text = element.text or ""
    return element.tag == "mi" and text.isalpha() and len(text) > 1


def _style(element: Any) -> str:
    """Say in CSS what browsers no longer read from attributes (MathML Core leaves these out)."""
    align = element.attrib.get("columnalign")
    if element.tag == "mtd" and align in {"left", "right"}:
        return f' style="text-align:{align};padding-left:0;padding-right:0.1em"'
    variant = element.attrib.get("mathvariant", "")
    if variant.startswith("bold"):
        return ' style="font-weight:bold"'
    return ' style="font-style:normal"' if variant == "normal" else ""
