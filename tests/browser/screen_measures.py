"""What a screen shows of an explorer, in px: the smallest number, the words, the smallest type, and what is cut off."""

from __future__ import annotations

MEASURES = """root => {
  const [wide, high] = [window.innerWidth, window.innerHeight];
  const drawn = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" ? box : null;
  };
  const stage = root.querySelector(".bpv-stage");
  const scaleOf = (text) => text.getScreenCTM().a;
  const texts = [...root.querySelectorAll(".bpv-nodes text")].filter((text) => text.textContent && drawn(text));
  const size = (text) => parseFloat(getComputedStyle(text).fontSize) * scaleOf(text);
  const numbers = texts.filter((text) => text.matches(".bpv-value, .bpv-slope"));
  const captions = [...root.querySelectorAll(".bpv-caption text")].filter(drawn);
  const view = stage.getBoundingClientRect();
  const isWithin = (box, low, far) => box[low] >= view[low] - 1 && box[far] <= view[far] + 1;
  const inSight = (box) => isWithin(box, "left", "right") && isWithin(box, "top", "bottom");
  const reach = (one, two, low, far) => Math.min(one[far], two[far]) - Math.max(one[low], two[low]);
  const overlaps = [];
  texts.forEach((one, index) => {
    for (const two of texts.slice(index + 1)) {
      const [first, second] = [one.getBoundingClientRect(), two.getBoundingClientRect()];
      const high = 0.42 * Math.min(first.height, second.height); // the rest of a box of text is empty
      if (reach(first, second, "left", "right") > 1 && reach(first, second, "top", "bottom") > high) {
        overlaps.push([one.textContent, two.textContent]);
      }
    }
  });
  const words = root.querySelector(".bpv-sentence");
  const parts = [".bpv-stage", ".bpv-transport", ".bpv-inputs"].map((name) => [name, drawn(root.querySelector(name))]);
  const cut = parts.filter(([, box]) => box && (box.bottom > high + 1 || box.right > wide + 1)).map(([name]) => name);
  const buttons = [...root.querySelectorAll("button, select, .bpv-slider")].map(drawn).filter(Boolean);
  const isCut = (text) => text !== null && (text.scrollWidth > text.clientWidth + 1
    || (getComputedStyle(text).overflowY === "hidden" && text.scrollHeight > text.clientHeight + 1)
    || text.getBoundingClientRect().bottom > text.closest(".bpv-explanation").getBoundingClientRect().bottom + 1);
  const round = (number) => Math.round(number * 10) / 10;
  return {
    numbers: numbers.length,
    smallest: round(Math.min(...numbers.map(size))),
    largest: round(Math.max(...numbers.map(size))),
    captions: captions.length,
    words: words && drawn(words) ? round(parseFloat(getComputedStyle(words).fontSize)) : 0,
    wordsCut: isCut(words),
    hidden: numbers.filter((text) => !inSight(text.getBoundingClientRect())).length,
    overlaps,
    cut,
    stage: [round(view.width), round(view.height)],
    target: round(Math.min(...buttons.map((box) => box.height))),
    scrolls: document.documentElement.scrollHeight > high + 1,
  };
}"""

COLLISIONS = """root => {
  const stage = root.querySelector(".bpv-stage").getBoundingClientRect();
  const drawn = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && style.opacity !== "0" ? box : null;
  };
  const reach = (one, two, low, far) => Math.min(one[far], two[far]) - Math.max(one[low], two[low]);
  const texts = [...root.querySelectorAll(".bpv-graph text, .bpv-caption text")]
    .filter((text) => text.textContent.trim())
    .map((text) => [text, drawn(text)])
    .filter(([, box]) => box);
  const tell = (text) => `${text.closest("[data-node]")?.dataset.node ?? "edge"}: ${text.textContent}`;
  const overlaps = [];
  const cut = [];
  texts.forEach(([one, first], index) => {
    const isInside = first.left >= stage.left - 1 && first.right <= stage.right + 1;
    if (!isInside || first.top < stage.top - 2 || first.bottom > stage.bottom + 2) cut.push(tell(one));
    for (const [two, second] of texts.slice(index + 1)) {
      const high = 0.42 * Math.min(first.height, second.height); // the rest of a box of text is empty
      if (reach(first, second, "left", "right") > 1 && reach(first, second, "top", "bottom") > high) {
        overlaps.push([tell(one), tell(two)]);
      }
    }
  });
  return { texts: texts.length, overlaps, cut };
}"""

# Of the present step: what of it is neither in sight nor named by a plate, and which neighbours are not in sight.
NEIGHBOURS = """root => {
  const view = root.querySelector(".bpv-stage").getBoundingClientRect();
  const marks = [...root.querySelectorAll(".bpv-graph [data-node]")];
  const bodyOf = (mark) => (mark.querySelector(".bpv-node-body") ?? mark).getBoundingClientRect();
  const bodies = marks.map((mark) => [mark, bodyOf(mark)]);
  const away = (box, { x, y }) => Math.hypot(Math.max(box.left - x, 0, x - box.right),
    Math.max(box.top - y, 0, y - box.bottom));
  const at = (point) => bodies.reduce((best, each) => (away(each[1], point) < away(best[1], point) ? each : best))[0];
  const ends = [...root.querySelectorAll(".bpv-edge")].map((edge) => {
    const place = (length) => at(edge.getPointAtLength(length).matrixTransform(edge.getScreenCTM()));
    return [edge, place(0), place(edge.getTotalLength())];
  });
  const isInSight = (mark) => [mark.querySelector(".bpv-node-body") ?? mark, ...mark.querySelectorAll("text")]
    .map((part) => part.getBoundingClientRect())
    .every((box) => box.width === 0 || (box.left >= view.left - 1 && box.right <= view.right + 1
      && box.top >= view.top - 1 && box.bottom <= view.bottom + 1));
  const told = new Set([...root.querySelectorAll(".bpv-caption-name")].map((name) => name.textContent));
  const current = root.querySelector(".bpv-current");
  const active = ends.filter(([edge]) => /bpv-edge-(value|slope|tangent)( |$)/.test(edge.getAttribute("class")));
  const joined = (edges) => [...new Set(edges.flatMap(([, ...pair]) => (pair.includes(current) ? pair : [])))];
  const nameOf = (mark) => mark.dataset.node;
  return {
    nodes: marks.length,
    lost: joined(active).filter((mark) => !isInSight(mark) && !told.has(nameOf(mark))).map(nameOf),
    apart: joined(ends).filter((mark) => !isInSight(mark)).map(nameOf),
    isInSight: current === null || isInSight(current) || told.has(nameOf(current)),
  };
}"""
