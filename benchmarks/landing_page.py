"""How soon the site's landing page plays, with nothing kept from an earlier visit and the network off.

Run ``.ci/site build``, then ``python benchmarks/landing_page.py``. Each round opens the page in a fresh context of one
browser. Times are the page's own, in ms from the start of the navigation, at the best and at the middle round: until
the picture stands, and until it plays. The bound is one second.
"""

from __future__ import annotations

import statistics
from pathlib import Path

from live_driver import chromium

PAGE = Path(__file__).parents[1] / "site" / "index.html"
ROUNDS = 9
BOUND = 1000.0
# In every document, so also in the frame that plays.
WATCH = """window.seen = { origin: performance.timeOrigin };
const look = () => {
  const root = document.querySelector(".bpv[data-steps]");
  if (root) window.seen.shown ??= performance.timeOrigin + performance.now();
  if (root?.dataset.playing === "true") window.seen.plays ??= performance.timeOrigin + performance.now();
  if (!window.seen.plays) requestAnimationFrame(look);
};
requestAnimationFrame(look);"""


def main() -> None:
    """Print both times, and how they stand to the bound."""
    rounds = []
    with chromium() as browser:
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto(PAGE.as_uri(), wait_until="commit")
            root = page.frame_locator("iframe.bpv-embedded").first.locator(".bpv[data-playing='true']")
            seen = root.evaluate("() => new Promise((done) => setTimeout(() => done(window.seen), 100))")
            began = page.evaluate("window.seen.origin")
            rounds.append([seen[name] - began for name in ("shown", "plays")])
            context.close()
    for name, times in zip(("shown", "plays"), zip(*rounds, strict=True), strict=True):
        best, middle = min(times), statistics.median(times)
        print(f"{name:6} {best:6.0f} ms at best, {middle:6.0f} ms in the middle: {middle / BOUND:.2f} of the bound")


if __name__ == "__main__":
    main()
