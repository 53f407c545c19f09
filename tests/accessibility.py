"""What keeps people out of a page: axe-core's findings, and texts of too little contrast in pictures."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

AXE = "axe_playwright_python"
GRAVE = ("serious", "critical")

# axe-core does not judge text in SVG. Each text is held against what it stands on: a shape drawn just before it, its
# mark, else the paper.
_PALE = """root => {
  const channels = (css) => {
    const parts = css.match(/[\\d.]+(?![\\w])/g).map(Number).slice(0, 3);
    return css.startsWith("color(") ? parts : parts.map((part) => part / 255);
  };
  const bright = (shares) => {
    const [r, g, b] = shares.map((share) => {
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = channels(getComputedStyle(root.querySelector(".bpv-frame")).backgroundColor);
  const over = (shape, ground) => {
    if (!shape) return ground;
    const { fill, fillOpacity } = getComputedStyle(shape);
    const share = fill === "none" ? 0 : Number(fillOpacity);
    return ground.map((part, at) => (share ? channels(fill)[at] * share : 0) + part * (1 - share));
  };
  const pale = [];
  for (const text of root.querySelectorAll(".bpv-graph text")) {
    const style = getComputedStyle(text);
    if (!text.textContent || style.visibility !== "visible" || !text.getClientRects().length) continue;
    const own = text.getBoundingClientRect();
    const [across, down] = [(own.left + own.right) / 2, (own.top + own.bottom) / 2];
    const holds = (shape) => {
      const box = shape?.matches?.("rect, circle") && shape.getBoundingClientRect();
      return box && across > box.left && across < box.right && down > box.top && down < box.bottom;
    };
    const body = text.closest(".bpv-node")?.querySelector(".bpv-node-body");
    const shapes = [body, text.previousElementSibling].filter(holds);
    const ground = shapes.reduce((below, shape) => over(shape, below), paper);
    const [one, two] = [bright(channels(style.fill)), bright(ground)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    const size = parseFloat(style.fontSize) * (text.getScreenCTM()?.a ?? 1);
    const said = `${text.textContent}: ${style.fill} on ${ground}, ${ratio.toFixed(2)}`;
    if (ratio < (size >= 24 ? 3 : 4.5)) pale.push(said);
  }
  return [...new Set(pale)];
}"""


def findings(page: Any, scope: str) -> list[str]:
    """Give the serious and critical findings of axe-core within a part of the page."""
    if not page.evaluate("typeof axe === 'object'"):
        # Evaluated, not added as an element: a page's own policy lets no other script in.
        page.evaluate(files(AXE).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("scope => axe.run(scope, {resultTypes: ['violations'], preload: false})", scope)
    return [
        f"{each['impact']}: {each['help']} ({each['id']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def pale_texts(root: Any) -> list[str]:
    """Give the texts of a picture that stand out too little from their ground."""
    return list(root.evaluate(_PALE))
