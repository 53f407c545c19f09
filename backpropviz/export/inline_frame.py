"""A page inside another page: one line of HTML that any notebook, deck or course system accepts."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from backpropviz.autodiff.input_values import single_number
from backpropviz.errors import InputError

if TYPE_CHECKING:
    from backpropviz.scene.drawing import Scene

_PICTURE_WIDTH = 900.0
"""Width, in px, that a frame in a lecture page can be expected to have."""
_OTHER_PARTS = 330.0
"""Height of what stands below the picture in a narrow frame: controls and explanation."""


def frame(page: str, *, height: float, title: str) -> str:
    """Put a page into an iframe.

    Its scripts run in a sandbox of their own: they reach neither the page around them nor its cookies.

    Raises
    ------
    InputError
        For a height that is no number above 0.

    Returns
    -------
    str
        One line, so that Markdown leaves it alone; a ``div`` around it, so that Markdown takes it for a block.
    """
    if not 0 < single_number(height, "The height of a frame") < math.inf:
        raise InputError(f"The height of a frame is a number of px above 0; not {height!r}.", actual=height)
    # A line break inside the attribute would end an HTML block in Markdown.
    content = escape(page).replace("\n", "&#10;")
    return (
        f'<div class="bpv-frame-holder"><iframe class="bpv-embedded" sandbox="allow-scripts" allow="fullscreen" '
        f'loading="lazy" title="{escape(title).replace(chr(10), " ")}" width="100%" height="{height:.0f}" '
        f'style="border:0;width:100%;height:{height:.0f}px" srcdoc="{content}"></iframe></div>'
    )


def height_for(scene: Scene) -> float:
    """Estimate the height, in px, that a page of this scene needs in a frame of usual width."""
    scale = min(1.0, _PICTURE_WIDTH / max(scene.width, 1.0))
    return round(min(max(scene.height * scale, 220.0), 620.0) + _OTHER_PARTS)
