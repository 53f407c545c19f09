"""The site, as Sphinx builds it: ``.ci/site`` writes it into ``site/``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
sys.path[:0] = [str(FOLDER / "extensions"), str(ROOT)]

import backpropviz  # noqa: E402  from this clone, whatever else is installed

project = "backpropviz"
author = "The backpropviz developers"
project_copyright = author
version = release = backpropviz.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "playing",
    "lessons",
    "gallery",
    "mathematics",
]
exclude_patterns = ["extensions", "templates", "_made", "**.ipynb_checkpoints"]
templates_path = ["templates"]  # names of the reference without their modules, which the sidebar has no room for
nitpick_ignore_regex = [("py:.*", ".*")]  # types in signatures are words of the docstrings, not all of them links

# Markdown and notebooks. Notebooks come with outputs: they were run before, with pages in place of widgets.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_merge_streams = True

# The reference.
autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

(FOLDER / "_made").mkdir(exist_ok=True)  # what the extensions make is copied as it is

# How it looks: nothing is fetched from elsewhere.
html_theme = "furo"
html_title = "backpropviz"
html_favicon = "_static/mark.svg"
pygments_dark_style = "github-dark"  # the theme's own underlines modules like links
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("pages.js", {"defer": "defer"})]
html_extra_path = ["_made"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,  # arrows belong to the pictures
    # The colours of the pictures, so that a page and what plays on it are one.
    "light_css_variables": {
        "color-foreground-primary": "#1b2533",
        "color-foreground-secondary": "#5b6676",
        "color-background-secondary": "#f7f9fb",
        "color-background-border": "#e3e7ed",
        "color-brand-primary": "#0b63a5",
        "color-brand-content": "#0b63a5",
        "color-brand-visited": "#0b63a5",
        "color-link-underline": "#a9c6df",
        "color-sidebar-link-text--top-level": "#1b2533",
    },
    "dark_css_variables": {
        "color-foreground-primary": "#e8edf4",
        "color-foreground-secondary": "#a3aebd",
        "color-background-primary": "#12171e",
        "color-background-secondary": "#1a212a",
        "color-background-border": "#313a46",
        "color-brand-primary": "#6db3ea",
        "color-brand-content": "#6db3ea",
        "color-brand-visited": "#6db3ea",
        "color-link-underline": "#3d5f7d",
        "color-sidebar-link-text--top-level": "#e8edf4",
    },
}
html_math_renderer = "mathml"


def show_what_is_taken(
    _app: Sphinx, what: str, _name: str, described: Any, _options: Any, signature: str | None, returns: str | None
) -> tuple[str, str | None] | None:
    """Give a widget the signature with which it is initialised: traitlets makes it, and would take anything."""
    if what != "class" or signature != "(*args, **kwargs)":
        return None
    taken = list(inspect.signature(described.__init__).parameters.values())[1:]
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in taken]
    return str(inspect.Signature(bare)), returns


def setup(app: Sphinx) -> None:
    """Connect what no setting says."""
    app.connect("autodoc-process-signature", show_what_is_taken)
