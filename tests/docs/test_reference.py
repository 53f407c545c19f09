"""The reference lists every public name once; its text comes from the docstrings when the site is built."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import documents
import pytest

import backpropviz as bpv
from backpropviz import errors

PAGES = sorted((documents.ROOT / "docs" / "reference").glob("*.md"))
LISTED = [
    name for page in PAGES for name in re.findall(r"^   (backpropviz[\w.]+)$", page.read_text("utf-8"), re.MULTILINE)
]


def found(name):
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def test_every_public_name_is_listed_once():
    public = [f"backpropviz.{name}" for name in bpv.__all__ if name not in ("__version__", "errors", "ops")]
    assert [name for name in public if LISTED.count(name) != 1] == []


def test_rooms_that_are_named_in_full_are_there_at_once():
    # As in bpv.ops.softmax and except bpv.errors.GraphError, before anything else was used.
    texts = [page.read_text("utf-8") for page in (*documents.PAGES, *(documents.ROOT / "notebooks").glob("*.ipynb"))]
    named = {room for text in texts for room in re.findall(r"\bbpv\.([a-z_]+)\.[A-Za-z]", text)}
    assert {"errors", "ops"} <= named <= set(bpv.__all__)


def test_every_error_is_listed():
    mine = [name for name, each in vars(errors).items() if inspect.isclass(each) and each.__module__ == errors.__name__]
    assert [name for name in mine if f"backpropviz.errors.{name}" not in LISTED] == []


@pytest.mark.parametrize("name", LISTED)
def test_what_is_listed_is_there_and_says_what_it_does(name):
    described = found(name)
    is_described = inspect.ismodule(described) or inspect.isclass(described) or inspect.isroutine(described)
    text = inspect.getdoc(described if is_described else type(described))
    assert len(text.partition("\n\n")[0]) >= 10


def test_completion_offers_what_is_public_and_nothing_else():
    for module, some in {"datasets": "moons", "errors": "InputError", "schedules": "Cosine"}.items():
        offered = dir(getattr(bpv, module))
        assert some in offered
        assert not {"annotations", "math", "copyreg", "made", "tables", "check_rate", "Protocol"} & {*offered}
