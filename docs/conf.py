"""The site, as Sphinx builds it: ``.ci/site`` writes it into ``site/``."""

from __future__ import annotations

import sys
from pathlib import Path

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
exclude_patterns = ["extensions", "_made", "**.ipynb_checkpoints"]
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
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("pages.js", {"defer": "defer"})]
html_extra_path = ["_made"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": False}  # arrows belong to the pictures
html_math_renderer = "mathml"
