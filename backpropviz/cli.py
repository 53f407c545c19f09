"""The command ``backpropviz``."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backpropviz import __version__
from backpropviz.errors import BackpropvizError

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
    return parser


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
    package = Path(__file__).parent
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"
