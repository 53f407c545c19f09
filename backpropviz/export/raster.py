"""Pictures made of pixels: PNG of one step, GIF or WebP of a run; no browser is needed."""

from __future__ import annotations

import io
import re
import sys
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.input_values import single_number
from backpropviz.errors import InputError, MissingLibraryError
from backpropviz.export.shown_step import shown_step_of
from backpropviz.export.svg import FACE, frame_of, to_svg

if TYPE_CHECKING:
    from backpropviz.export.shown_graph import ShownGraph

_OWN_FACE = "DejaVu Sans"
_OWN_SIGNS = re.compile(
    r"[\x20-\x7e\n\u00a0-\u017f\u0300-\u0308\u0370-\u03ff\u2010-\u2026\u2070-\u209c\u2102-\u2199"
    r"\u21d2\u2200-\u222b\u2248\u2260-\u2265\u22c5\u25a0-\u25ff\ufffd]*"
)
_MOST_FRAMES = 240
_COLOURS = 128
_NEAR = 12.0
_WEBP_EFFORT = 1
"""Of 6: beyond, files become little smaller and take several times as long."""
_WIDEST = 12_000
"""Of a picture, in pixels: beyond, memory is spent on what nobody can show."""


def to_png(shown_graph: ShownGraph, scale: float = 2.0) -> bytes:
    """Paint the shown step.

    Parameters
    ----------
    shown_graph : ShownGraph
        What to paint.
    scale : float
        Pixels per px; 2 suits slides, 4 a poster.

    Raises
    ------
    MissingLibraryError
        Where the renderer is not installed.
    InputError
        For a scale that is not above 0, or makes the picture larger than 12,000 pixels.
    """
    frame = frame_of(shown_graph.scene, [_shown_step(shown_graph, shown_graph.shown_step)])
    _check(scale, max(frame[2] - frame[0], frame[3] - frame[1]))
    return _painted(to_svg(shown_graph, shown_graph.shown_step, frame=frame), scale)


def to_gif(shown_graph: ShownGraph, scale: float = 1.25, seconds: float = 0.8) -> bytes:
    """Paint the run, one frame per step; a run of more than 240 steps skips evenly.

    Parameters
    ----------
    shown_graph : ShownGraph
        What to paint.
    scale : float
        Pixels per px.
    seconds : float
        That each step stands; the last stands four times as long.

    Raises
    ------
    MissingLibraryError
        Where the renderer is not installed.
    InputError
        For a scale or a time that is not above 0, or a picture larger than 12,000 pixels.
    """
    image = _library("PIL.Image")
    painted = _painted_run(shown_graph, scale, seconds)
    # The colours of all frames come from the middle and the end together, where everything that can appear does.
    sample = image.new("RGB", (painted[0].width, painted[0].height * 2))
    sample.paste(painted[len(painted) * 3 // 4], (0, 0))
    sample.paste(painted[len(painted) // 4], (0, painted[0].height))
    palette = sample.quantize(_COLOURS, dither=image.Dither.NONE)
    _keep_colour(palette, painted[0].getpixel((0, 0)))
    frames = [each.quantize(palette=palette, dither=image.Dither.NONE) for each in painted]
    return _film(frames, "GIF", seconds)


def to_webp(shown_graph: ShownGraph, scale: float = 1.25, seconds: float = 0.8) -> bytes:
    """Paint the run as :func:`to_gif` does, in all its colours.

    Returns
    -------
    bytes
        An animated WebP file, without loss, that repeats for ever.

    Raises
    ------
    MissingLibraryError
        Where the renderer, or Pillow with WebP, is not installed.
    InputError
        For a scale or a time that is not above 0, or a picture larger than 12,000 pixels.
    """
    if not _library("PIL.features").check("webp"):
        raise MissingLibraryError('This Pillow writes no WebP. Install one that does with: pip install "pillow>=11"')
    return _film(_painted_run(shown_graph, scale, seconds), "WEBP", seconds, lossless=True, method=_WEBP_EFFORT)


def _painted_run(shown_graph: ShownGraph, scale: float, seconds: float) -> list[Any]:
    """Paint the steps of a run, all in one frame: the picture must not jump when a number grows."""
    if not 0.02 <= single_number(seconds, "The time of a step") <= 60:
        raise InputError(f"A step can stand 0.02 to 60 seconds, not {seconds!r}.", actual=seconds)
    image = _library("PIL.Image")
    last = len(shown_graph.timeline)
    count = min(last + 1, _MOST_FRAMES)
    steps = sorted({round(index * last / max(count - 1, 1)) for index in range(count)})
    frame = frame_of(shown_graph.scene, [_shown_step(shown_graph, step) for step in steps])
    _check(scale, max(frame[2] - frame[0], frame[3] - frame[1]))
    pictures = (_painted(to_svg(shown_graph, step, frame=frame), scale) for step in steps)
    return [image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]


def _film(frames: list[Any], kind: str, seconds: float, **more: Any) -> bytes:
    file = io.BytesIO()
    standing = [round(seconds * 1000)] * (len(frames) - 1) + [round(seconds * 4000)]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=standing, loop=0, **more)
    return file.getvalue()


def _keep_colour(palette: Any, colour: tuple[int, int, int]) -> None:
    """Put a colour into a palette exactly, in place of all that are near it: white paper is not to turn grey.

    Pillow looks colours up by their leading bits, so a near one would be taken for it.
    """
    entries = palette.getpalette()
    for at in range(0, len(entries), 3):
        if sum((entries[at + channel] - colour[channel]) ** 2 for channel in range(3)) < _NEAR**2:
            entries[at : at + 3] = colour
    palette.putpalette(entries)


def _shown_step(shown_graph: ShownGraph, step: int) -> Any:
    return shown_step_of(shown_graph.scene, shown_graph.timeline, step, shown_graph.look.notation, shown_graph.on_edges)


def _check(scale: float, side: float) -> None:
    if not 0 < single_number(scale, "The scale of a picture") * side <= _WIDEST:
        raise InputError(
            f"At scale {scale!r} the picture would be {scale * side:,.0f} pixels wide or high. "
            f"Choose a scale above 0 and up to {_WIDEST / side:.2g}.",
            actual=scale,
        )


def _painted(svg: str, scale: float) -> bytes:
    renderer = _library("resvg_py")
    # The package's own face first, so that a picture looks the same everywhere, also where no font is installed;
    # the system's fonts, which take long to read, only for signs that it lacks.
    own = svg.replace(f'font-family="{FACE}"', f'font-family="{_OWN_FACE}"')
    enough = _OWN_SIGNS.fullmatch(svg) is not None
    return bytes(
        renderer.svg_to_bytes(
            svg_string=own, zoom=scale, font_dirs=[_font_folder()], font_family=_OWN_FACE, skip_system_fonts=enough
        )
    )


@cache
def _font_folder() -> str:
    return str(files("backpropviz.export").joinpath("fonts"))


def _library(name: str) -> Any:
    import importlib  # noqa: PLC0415  used here alone

    try:
        return importlib.import_module(name)
    except ImportError as fault:
        if sys.platform == "emscripten":
            raise MissingLibraryError(
                f"PNG, GIF and WebP need {name.partition('.')[0]}, which does not run in the browser's Python. "
                "Write a picture with to_svg, or a page that plays with to_html."
            ) from fault
        raise MissingLibraryError(
            f'PNG, GIF and WebP need {name.partition(".")[0]}. Install it with: pip install "backpropviz[pictures]"'
        ) from fault
