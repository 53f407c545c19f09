"""The command ``backpropviz``."""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backpropviz import __version__
from backpropviz.autodiff.first_point import begun
from backpropviz.errors import BackpropvizError, InputError
from backpropviz.graph import parse
from backpropviz.ops.counting import counted
from backpropviz.scene.drawing import DRAWINGS
from backpropviz.steps.timeline import MODES

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOME = Path("~/backpropviz-notebooks")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
        0 for success, 1 where the work could not be done, 2 for arguments that do not fit.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BackpropvizError as fault:
        print(f"backpropviz: {fault}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"backpropviz: {fault.strerror or fault}: {fault.filename or ''}".rstrip(": "), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backpropviz", description="See backpropagation.")
    parser.add_argument("--version", action="version", version=f"backpropviz {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    lab = commands.add_parser(
        "lab",
        help="open JupyterLab on the notebooks",
        description="Copy the notebooks to a folder of yours, where changes are kept, and open JupyterLab there.",
    )
    lab.add_argument("--folder", type=Path, default=_HOME, help=f"where the notebooks go (default {_HOME})")
    lab.add_argument("--copy-only", action="store_true", help="copy the notebooks and stop")
    lab.add_argument("jupyter", nargs="*", help="further arguments for JupyterLab, after --")
    lab.set_defaults(run=_lab)
    _add_html(commands)
    _add_play(commands)
    _add_slides(commands)
    return parser


def _add_html(commands: Any) -> None:
    html = commands.add_parser(
        "html",
        help="write an expression as one page that plays offline",
        description="Write the computation graph of an expression as one page: it plays, steps and recomputes with "
        "neither kernel nor network.",
        epilog='Example: backpropviz html "exp(x*z) + x*z/ln(x)" x=2 z=3 -o graph.html',
    )
    html.add_argument(
        "expression",
        help='one expression, or a program: "a = x*z; y = exp(a)"; where it begins with a minus, with -- before it',
    )
    html.add_argument(
        "inputs", nargs="*", default=[], metavar="NAME=NUMBER", help="value of an input; with none, numbers that fit"
    )
    html.add_argument("-o", "--output", type=Path, default=Path("graph.html"), help="default %(default)s")
    html.add_argument("--title", default="", help="heading of the page; default the expression")
    html.add_argument("--range", action="append", default=[], metavar="NAME=LOW:HIGH", help="reach of a slider")
    html.add_argument("--mode", choices=MODES, default=MODES[0], help="which sweeps are told; default %(default)s")
    html.add_argument("--drawing", choices=DRAWINGS, default=DRAWINGS[0], help="default %(default)s")
    html.add_argument("--theme", choices=("auto", "light", "dark"), default="auto", help="default %(default)s")
    html.add_argument("--study-aids", action="store_true", help="with paths, trace table and what if below the picture")
    html.add_argument("--editable", action="store_true", help="with a box into which another expression may be typed")
    html.add_argument("--large", action="store_true", help="larger type, for a projector")
    html.set_defaults(run=_html)


def _add_play(commands: Any) -> None:
    play = commands.add_parser(
        "play",
        help="write a page in which a network learns",
        description="Write a page in which a network learns, with neither kernel nor network: it trains, pauses and "
        "steps, and its settings and weights may be changed.",
        epilog="Example: backpropviz play 2-8-1 --data moons -o play.html",
    )
    play.add_argument("sizes", metavar="SIZES", help="units per layer, as in 2-8-1: features first, outputs last")
    source = play.add_mutually_exclusive_group()
    source.add_argument("--data", default="moons", help="a set of backpropviz.datasets; default %(default)s")
    source.add_argument("--csv", type=Path, metavar="FILE", help="a table of your own; its last column is the target")
    play.add_argument("--delimiter", default=",", help="between the columns of the table; default %(default)s")
    play.add_argument("--decimal", default=".", help="between units and tenths there; default %(default)s")
    play.add_argument("--encoding", help="of the table; default UTF-8")
    play.add_argument("-o", "--output", type=Path, default=Path("play.html"), help="default %(default)s")
    play.add_argument("--activation", default="tanh", help="of the hidden layers; default %(default)s")
    play.add_argument("--optimizer", default="sgd", choices=("sgd", "rmsprop", "adam"), help="default %(default)s")
    play.add_argument("--learning-rate", type=float, help="default: the optimiser's")
    play.add_argument("--batch-size", type=int, default=10, help="examples per step; default %(default)s")
    play.add_argument("--l2", type=float, default=0.0, help="strength of the penalty on weights; default %(default)s")
    play.add_argument("--seed", type=int, default=0, help="of weights, shuffles and data; default %(default)s")
    play.add_argument("--landscape", action="store_true", help="with the loss as a landscape, and a race on it")
    play.add_argument("--title", default="", help="heading of the page; default the network's sizes")
    play.add_argument("--theme", choices=("auto", "light", "dark"), default="auto", help="default %(default)s")
    play.set_defaults(run=_play)


def _add_slides(commands: Any) -> None:
    slides = commands.add_parser(
        "slides",
        help="write a notebook as one offline file of slides",
        description="Run a notebook and write it as one file of slides (reveal.js) that needs neither kernel nor "
        "network. A slide begins where the notebook says so, else at every heading of level 1 or 2.",
        epilog="Example: backpropviz slides lecture.ipynb -o lecture.html --no-code",
    )
    slides.add_argument("notebook", type=Path)
    slides.add_argument("-o", "--output", type=Path, help="default: the notebook's name with .html")
    slides.add_argument("--no-execute", action="store_true", help="use the outputs that the notebook has")
    slides.add_argument("--seconds", type=float, default=600, help="that one cell may take; default %(default)g")
    slides.add_argument("--title", default="", help="of the browser's tab; default the first heading")
    slides.add_argument("--theme", choices=("white", "black"), default="white", help="default %(default)s")
    slides.add_argument("--transition", choices=("none", "fade", "slide"), default="none", help="default %(default)s")
    slides.add_argument("--no-code", action="store_true", help="show outputs without the code that made them")
    slides.add_argument("--css", type=Path, help="a style sheet of your own, applied last")
    slides.set_defaults(run=_slides)


def _lab(options: argparse.Namespace) -> int:
    folder: Path = options.folder.expanduser()
    copied, kept = copy_notebooks(folder)
    print(f"Notebooks in {folder}: {copied} copied" + (f", {kept} of yours kept as they are." if kept else "."))
    if options.copy_only:
        return 0
    try:
        from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]  # noqa: PLC0415  an optional extra
    except ImportError:
        print('backpropviz: JupyterLab is missing. Install it with: pip install "backpropviz[lab]"', file=sys.stderr)
        return 1
    start = next((path.name for path in sorted(folder.glob("0*.ipynb"))), "")
    LabApp.launch_instance(
        [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{start}", *options.jupyter]
    )
    return 0


def _html(options: argparse.Namespace) -> int:
    from backpropviz.export.shown_graph import Look, ShownGraph  # noqa: PLC0415  other commands do not need it
    from backpropviz.export.whole_files import write_whole  # noqa: PLC0415

    point = {name: _number(name, text) for name, text in _pairs(options.inputs).items()}
    ranges = {
        name: tuple(_number(name, bound) for bound in text.split(":")) for name, text in _pairs(options.range).items()
    }
    look = Look(
        mode=options.mode, drawing=options.drawing, theme=options.theme, size="large" if options.large else "normal"
    )
    text = options.expression
    graph = parse(text)
    shown_graph = ShownGraph(graph, begun(graph, point), ranges, look=look, title=options.title, typed=text)
    _say_written(
        write_whole(options.output, shown_graph.to_html(study_aids=options.study_aids, editable=options.editable))
    )
    return 0


def _play(options: argparse.Namespace) -> int:
    from backpropviz.learn import datasets  # noqa: PLC0415  other commands do not need them
    from backpropviz.widgets.playing import playground_of  # noqa: PLC0415

    table = options.csv and datasets.csv(
        options.csv, delimiter=options.delimiter, decimal=options.decimal, encoding=options.encoding
    )
    made = playground_of(
        options.sizes,
        table or options.data,
        activation=options.activation,
        optimizer=options.optimizer,
        learning_rate=options.learning_rate,
        batch_size=options.batch_size,
        l2=options.l2,
        seed=options.seed,
        theme=options.theme,
        landscape=options.landscape,
    )
    made.to_html(options.output, title=options.title)
    _say_written(options.output)
    return 0


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            raise InputError(f"{text!r} is not of the form NAME=NUMBER, as in x=2.", actual=text)
        if name in found:
            raise InputError(f"{name} is given twice: {found[name]} and {value}. Give it once.", node=name)
        found[name] = value
    return found


def _number(name: str, text: str) -> float:
    from backpropviz.exercises.answers import read_answer  # noqa: PLC0415  other commands do not need it

    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        pass
    else:
        if math.isinf(value) and any(map(str.isdigit, text)):
            raise InputError(f"{name}={text} is beyond the largest number, 1.8e308; for infinity write inf.", node=name)
        return value
    try:
        return read_answer(text)  # such as 1/3, as a field of the page reads it
    except BackpropvizError:
        raise InputError(f"{name}={text}: {text!r} is not a number. Write one, as in {name}=2.5.", node=name) from None


def _slides(options: argparse.Namespace) -> int:
    from backpropviz.export.notebooks import load_reader, read_notebook, run_notebook  # noqa: PLC0415  an optional extra
    from backpropviz.export.slides import DeckOptions, load_ahead, make_deck  # noqa: PLC0415
    from backpropviz.export.whole_files import write_whole  # noqa: PLC0415

    source: Path = options.notebook.expanduser()
    style = options.css.expanduser().read_text(encoding="utf-8") if options.css else ""
    load_reader()
    notebook = read_notebook(source)
    if not options.no_execute:
        load_ahead()
        run_notebook(notebook, source.resolve().parent, seconds=options.seconds, progress=_progress)
    deck = make_deck(
        notebook,
        DeckOptions(options.title, options.theme, options.transition, not options.no_code, style),
        folder=source.resolve().parent,
    )
    for warning in deck.warnings:
        print(f"backpropviz: {warning}", file=sys.stderr)
    told = f", {counted(deck.slides, 'slide')}, {counted(deck.pages, 'playing graph')}"
    _say_written(write_whole(options.output or Path(source.with_suffix(".html").name), deck.html), told)
    return 0


def _progress(done: int, count: int) -> None:
    """Tell how far a notebook has run; on a terminal in one line that changes."""
    end = "\r" if sys.stderr.isatty() and done < count else "\n"
    print(f"Ran cell {done} of {count}", end=end, file=sys.stderr, flush=True)


def _say_written(path: Path, more: str = "") -> None:
    print(f"Wrote {path} ({path.stat().st_size / 1000:,.0f} kB{more}).")


def copy_notebooks(folder: Path) -> tuple[int, int]:
    """Copy the bundled notebooks; a file that was changed since is never overwritten.

    Parameters
    ----------
    folder : Path
        Made where it is missing.

    Returns
    -------
    copied, kept : int
        How many were copied, and how many of the user's own were left as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copied = kept = 0
    for source in sorted(notebook_folder().rglob("*")):
        if source.is_dir() or source.name.startswith("."):
            continue
        target = folder / source.relative_to(notebook_folder())
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            copied += 1
        elif target.read_bytes() != source.read_bytes():
            kept += 1
    return copied, kept


def notebook_folder() -> Path:
    """Find the bundled notebooks: inside an installed package, or beside it in a clone."""
    inside = Path(__file__).parent / "notebooks"
    return inside if inside.is_dir() else inside.parents[1] / "notebooks"
