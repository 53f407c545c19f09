"""The lessons' pictures at three steps, two widths, presented: nothing is cut off, on another, or out of sight."""

from __future__ import annotations

import os

import pytest
from lesson_pages import NOTEBOOKS, lesson_pages
from painted import wait_until_painted, wait_until_still
from screen_measures import COLLISIONS, NEIGHBOURS

pytestmark = pytest.mark.browser

LESSONS = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
SAMPLE = ["02_gates_and_patterns", "07_networks"]
"""Gates, and the largest pictures; SAMPLES=others walks through the other lessons, SAMPLES=all through every one."""
CHOSEN = {"all": LESSONS, "others": [lesson for lesson in LESSONS if lesson not in SAMPLE]}
TO_STEP = """(bar, step) => {
  bar.value = step;
  bar.dispatchEvent(new Event("input", { bubbles: true }));
}"""
MOST_NODES = 30  # of a graph whose steps are seen with all that they are about
WITHOUT_EXPLORERS = {"09_digits"}


@pytest.mark.parametrize("lesson", CHOSEN.get(os.environ.get("SAMPLES", ""), SAMPLE))
def test_nothing_overlaps_and_nothing_is_cut_off(lesson, offline, tmp_path):
    if lesson == "09_digits":
        pytest.importorskip("sklearn", reason="scikit-learn brings the digits")
    pages = lesson_pages(lesson, tmp_path)
    assert bool(pages) != (lesson in WITHOUT_EXPLORERS)
    faults = []
    for page in pages:
        presented = page.stem.endswith("presented")
        for width, height in ((1280, 720),) if presented else ((800, 900), (1400, 900)):
            offline.page.set_viewport_size({"width": width, "height": height})
            root = offline.open(page)
            last = int(root.get_attribute("data-steps"))
            for step in sorted({1, last // 2, last}):
                root.locator(".bpv-scrub-bar").evaluate(TO_STEP, step)
                root.locator(f'xpath=self::*[@data-step="{step}"]').wait_for()
                follows = root.locator('[aria-label="Follow the run"][aria-pressed="true"]').count() > 0
                if follows:
                    wait_until_still(root)  # the camera glides
                wait_until_painted(offline.page)
                seen = root.evaluate(COLLISIONS)
                assert seen["texts"] > 0
                # Where the camera has come close, the rest of the picture is out of sight, and an overview shows it.
                cut = [] if follows else seen["cut"]
                near = root.evaluate(NEIGHBOURS)
                lost = near["lost"] if near["nodes"] <= MOST_NODES else []
                if seen["overlaps"] or cut or lost:
                    faults.append((page.stem, width, step, seen["overlaps"][:5], cut[:5], lost))
    assert faults == []
