"""Shared by all tests: this folder is importable, hypothesis repeats itself, and there is one Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from jupyter_lab import jupyter, lab, lab_page  # noqa: F401  fixtures of every folder: one server for the whole run
from warm_kernels import warm_kernels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
IN_BROWSERS = {"chromium", "javascript"}  # fixtures: the second takes Chromium where there is no Node
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # what paints without one needs no process of its own: a tenth less work
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs a browser first, JupyterLab before pages.

    The first worker begins with them while the second computes, and whoever is done takes half of what the other still
    has: the run ends with the tests that take least, and the workers end together.
    """
    used: dict[Path, set[str]] = {}
    for item in items:
        used.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))

    def place(item: pytest.Item) -> tuple[int, bool]:
        file = used[item.path]
        stage = 2 if "chromium" not in file else 0 if "jupyter" in file else 1
        return stage, "chromium" not in getattr(item, "fixturenames", ())

    items.sort(key=place)


@contextmanager
def _own_loops(item: pytest.Item) -> Iterator[None]:
    """Hide from a test without a browser the event loop that Playwright keeps running, so that it may start its own."""
    running = asyncio._get_running_loop()
    if running is None or not IN_BROWSERS.isdisjoint(getattr(item, "fixturenames", ())):
        yield
        return
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with _own_loops(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _own_loops(item):
        return (yield)


@pytest.fixture(scope="session")
def kernels(tmp_path_factory) -> Iterator[None]:
    """Kernels that start at once, for all that starts some."""
    with warm_kernels(tmp_path_factory.mktemp("kernels")):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright; one for the whole run."""
    executable = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if executable is None:
        reason = "No Chromium on this machine: browser tests need one (Debian: apt-get install chromium)."
        if os.environ.get("CI"):
            pytest.fail(reason)
        print(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  an optional part of the test extra

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
