"""How an explorer leaves the notebook."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from backpropviz.charts.theme import DARK, LIGHT
from backpropviz.export.plotly_figure import to_figure
from backpropviz.export.raster import to_gif, to_png, to_webp
from backpropviz.export.svg import svg_picture
from backpropviz.export.tikz import to_latex
from backpropviz.export.whole_files import write_whole, written_text

if TYPE_CHECKING:
    from pathlib import Path

    from backpropviz.export.page import Page
    from backpropviz.export.shown_graph import Exhibit


class Exports:
    """Pages and pictures of what a widget shows now, for one that gives its exhibit."""

    @abstractmethod
    def exhibit(self, *, title: str = "", **look: Any) -> Exhibit:
        """Gather what is shown now; `look` wins over the traits of these names."""

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        title: str = "",
        study_aids: bool = False,
        editable: bool = False,
        present: bool | None = None,
    ) -> str:
        """Write a page that plays and recomputes with neither kernel nor network.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        title : str, optional
            Heading of the page; default the expression.
        study_aids : bool
            Whether the page has what stands below the picture in a notebook: paths, trace table, what if. They add
            some 20 kB. The page of a model with blocks always has them, with its map, the health of its gradients at
            this point, and the blocks that it opens by itself, some 12 kB each.
        editable : bool
            Whether another expression may be typed into the page: it is read by the same grammar, drawn, differentiated
            and played there. Such a page has some 100 kB; of scalar expressions in reverse mode.
        present : bool, optional
            Whether the picture fills the page, as on a lecture's screen; default as the explorer is.

        Returns
        -------
        str
            The whole page. The same explorer gives the same text.

        Raises
        ------
        ExportError
            Where the file cannot be written; a file that was there stays.
        InputError
            For an editable page of a graph that could not have been typed: one with arrays or closed gates.
        """
        look = {} if present is None else {"present": present}
        page = self._page(self.exhibit(title=title, **look), study_aids=study_aids, editable=editable)
        return written_text(path, page.to_html())

    def _page(self, exhibit: Exhibit, *, study_aids: bool, editable: bool) -> Page:
        return exhibit.page(study_aids=study_aids, editable=editable)

    def to_iframe(self, height: float | None = None) -> str:
        """Give the page as one line of HTML, to paste into a slide, a wiki or a course system.

        Parameters
        ----------
        height : float, optional
            In px; default an estimate from the graph.
        """
        return self.exhibit().to_iframe(height)

    def to_text(self, path: str | Path | None = None) -> str:
        """Tell the graph in sentences: each node, its uses, and its value and gradient as far as they are known.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.

        Returns
        -------
        str
            What the page tells under "Graph as text": the graph, the step, then a line for each node.

        Raises
        ------
        ExportError
            Where the file cannot be written.
        """
        return written_text(path, self.exhibit().to_text())

    def to_svg(self, path: str | Path | None = None) -> str:
        """Draw the current step as SVG; before the first step, the finished run.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.

        Raises
        ------
        ExportError
            Where the file cannot be written.
        """
        exhibit = self.exhibit()
        theme = DARK if exhibit.look.theme == "dark" else LIGHT
        notation = exhibit.look.notation
        return written_text(
            path, svg_picture(exhibit.scene, exhibit.timeline, exhibit.shown_step, theme, notation=notation)
        )

    def to_png(self, path: str | Path, *, scale: float = 2.0) -> Path:
        """Paint the current step as PNG; before the first step, the finished run.

        Parameters
        ----------
        path : str or Path
            Where to write it.
        scale : float
            Pixels per px of the picture; 2 suits slides, 4 a poster.

        Raises
        ------
        MissingLibraryError
            Where the renderer is not installed; the message says how to install it.
        ExportError
            Where the file cannot be written.
        """
        return write_whole(path, to_png(self.exhibit(), scale))

    def to_gif(self, path: str | Path, *, scale: float = 1.25, seconds: float = 0.8) -> Path:
        """Paint the whole run as an animated GIF, one frame per step.

        Parameters
        ----------
        path : str or Path
            Where to write it.
        scale : float
            Pixels per px of the picture.
        seconds : float
            That each step stands.

        Raises
        ------
        MissingLibraryError
            Where the renderer is not installed; the message says how to install it.
        ExportError
            Where the file cannot be written.
        """
        return write_whole(path, to_gif(self.exhibit(), scale, seconds))

    def to_webp(self, path: str | Path, *, scale: float = 1.25, seconds: float = 0.8) -> Path:
        """Paint the whole run as an animated WebP, which keeps every colour; see :meth:`to_gif`.

        Parameters
        ----------
        path : str or Path
            Where to write it.
        scale : float
            Pixels per px of the picture.
        seconds : float
            That each step stands.

        Raises
        ------
        MissingLibraryError
            Where the renderer is not installed; the message says how to install it.
        ExportError
            Where the file cannot be written.
        """
        return write_whole(path, to_webp(self.exhibit(), scale, seconds))

    def to_figure(self) -> Any:
        """Give the run as a plotly ``Figure`` with frames, a play button and a slider.

        Write it by ``figure.write_html(path, auto_play=False)``. Where a notebook shows nothing, choose another
        renderer: ``figure.show("notebook")``.

        Raises
        ------
        InputError
            For a graph of more than 120 nodes.
        """
        return to_figure(self.exhibit())

    def to_latex(self, path: str | Path | None = None, *, document: bool = False) -> str:
        r"""Write the current step as a TikZ picture, and the derivation up to it as an aligned display.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        document : bool
            Whether to write a document that compiles by itself; else a piece for one with
            ``\usepackage{amsmath, tikz}``.
        """
        return written_text(path, to_latex(self.exhibit(), document=document))
