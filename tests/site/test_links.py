"""Every address in the site leads somewhere, and none is fetched from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest

LARGEST = 300_000
"""Bytes of a page with its styles and scripts, before a picture is played."""
FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "link": "href"}


class Reader(HTMLParser):
    """Collects a page's anchors, the addresses it links to, and those it fetches, at once or as one scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.frames: list[str] = []
        self.later: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("id"):
            self.anchors.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if given.get("loading") == "lazy" and tag == "img":
            self.later.append(given["src"])
        elif (
            tag in FETCHED
            and given.get(FETCHED[tag])
            and given.get("rel") not in {"canonical", "next", "prev", "search", "index"}
        ):
            (self.frames if tag == "iframe" else self.fetched).append(given[FETCHED[tag]])


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, read; what plays has tests of its own."""
    read = {}
    for path in sorted(site.rglob("*.html")):
        if {"playing", "lite"} & set(path.relative_to(site).parts):
            continue
        reader = Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        read[path.resolve()] = reader
    return read


def is_outside(address):
    return address.startswith(("https:", "http:", "mailto:", "//"))


def test_every_link_inside_leads_to_a_page_and_a_place_on_it(pages):
    lost = []
    for path, reader in pages.items():
        for link in reader.links:
            if is_outside(link):
                continue
            address, place = urldefrag(unquote(link))
            target = (path.parent / address).resolve() if address else path
            if not target.exists() or (place and target in pages and place not in pages[target].anchors):
                lost.append(f"{path.name}: {link}")
    assert lost == []


def test_links_that_leave_are_safe(pages):
    assert not [link for reader in pages.values() for link in reader.links if link.startswith(("http:", "//"))]


def test_nothing_is_fetched_from_elsewhere(pages):
    fetched = [
        f"{path.name}: {address}"
        for path, reader in pages.items()
        for address in reader.fetched + reader.frames + reader.later
        if is_outside(address)
    ]
    assert fetched == []


def test_pages_are_small_before_a_picture_plays(pages):
    large = {}
    for path, reader in pages.items():
        files = {
            (path.parent / urldefrag(unquote(address))[0].partition("?")[0]).resolve() for address in reader.fetched
        }
        files = {file for file in files if file.name != "searchindex.js"}  # what searching costs
        size = path.stat().st_size + sum(file.stat().st_size for file in files if file.is_file())
        if size > LARGEST:
            large[path.name] = size
    assert large == {}


def test_every_lesson_and_every_published_example_is_there(site, pages):
    root = site.parent
    lessons = {path.stem for path in (root / "notebooks").glob("*.ipynb")}
    assert lessons <= {path.stem for path in pages if path.parent.name == "lessons"}
    assert sum(path.parent.name == "gallery" for path in pages) > 30
