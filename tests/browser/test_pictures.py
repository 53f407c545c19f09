"""What must hold of every picture: nothing overlaps, nothing is cut off, and words say what numbers cannot."""

from __future__ import annotations

from itertools import product

import pytest
from painted import wait_until_still

pytestmark = pytest.mark.browser

SHOWN = {
    "lecture": 'explore("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)", x=2, z=3)',
    "fine logistic regressor": (
        'explore("a = w0*x0; b = w1*x1; c = a + b; d = c + w2; f = d*(-1); g = exp(f); h = g + 1; y = 1/h", '
        "w0=2, x0=-1, w1=-3, x1=-2, w2=-3)"
    ),
    "huge and tiny": 'explore("x*y + exp(-z)*w", x=1e-17, y=3, z=40, w=1e300)',
    "long names": 'explore("learning_rate*gradient_of_loss + weight_decay", learning_rate=0.1, gradient_of_loss=2, '
    "weight_decay=3)",
    "division by zero": 'explore("exp(x*z) + x*z/ln(x)", x=1, z=3)',
}

CROWDED = """network = bpv.MLP((4, 2, 1), activation="sigmoid", seed=1)
e = bpv.explore(network.scalar_graph(), network.scalar_point([1.0, -0.5, 2.0, 0.5], 1.0))
e.drawing = "computation graph"
e.follow = False
e.step = e.last_step
e"""

# Pairs of texts of the picture that overlap, texts beyond the view, and labels too large for their shape or too small.
FAULTS = """root => {
  const frame = root.getBoundingClientRect();
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return element.textContent !== "" && box.width > 0 ? [{ text: element.textContent, box, element }] : [];
  };
  const faults = [];
  const texts = [...root.querySelectorAll(".bpv-nodes text")].flatMap(seen);
  const reach = (one, two, low, high) => Math.min(one[high], two[high]) - Math.max(one[low], two[low]);
  texts.forEach((one, index) => {
    if (one.box.left < frame.left - 1 || one.box.right > frame.right + 1) faults.push(["cut off", one.text]);
    for (const two of texts.slice(index + 1)) {
      const [wide, high] = [reach(one.box, two.box, "left", "right"), reach(one.box, two.box, "top", "bottom")];
      if (wide > 1 && high > 5) faults.push(["overlap", one.text, two.text]);
    }
  });
  for (const node of root.querySelectorAll(".bpv-node")) {
    const label = node.querySelector(".bpv-label");
    const [shape, text] = [node.querySelector(".bpv-node-body").getBBox(), label.getBBox()];
    if (text.width > shape.width - 3) faults.push(["wider than its shape", label.textContent]);
    const size = parseFloat(getComputedStyle(label).fontSize);
    const isSmall = size < 15 && text.width < 0.6 * shape.width;
    if (isSmall) faults.push(["smaller than its shape allows", label.textContent, size]);
  }
  const outside = ".bpv-header *, .bpv-controls *, .bpv-explanation-text *";
  for (const element of root.querySelectorAll(outside)) {
    const box = element.getBoundingClientRect();
    const beyond = box.left < frame.left - 1 || box.right > frame.right + 1;
    if (box.width > 0 && beyond) faults.push(["outside", element.className]);
  }
  return faults;
}"""


def test_no_text_overlaps_or_is_cut_off(lab):
    cells = [f"import backpropviz\nfrom backpropviz import explore\ne = {source}\n" for source in SHOWN.values()]
    cells = [f"{cell}e.follow = False\ne.step = e.last_step\ne" for cell in cells]  # the whole picture is looked at
    cells.append(cells[0].replace("\ne.step", "\ne.size = 'large'\ne.step"))
    cells.append(f"import backpropviz as bpv\n{CROWDED}")
    lab.open(cells)
    lab.run_all()
    for width, (number, name) in product((1400, 800), enumerate([*SHOWN, "large", "crowded"])):
        lab.page.set_viewport_size({"width": width, "height": 950})
        explorer = lab.explorer(number)
        explorer.root.scroll_into_view_if_needed()
        explorer.wait(lambda seen=explorer: seen.root.locator(".bpv-value").first.text_content(), "numbers")
        wait_until_still(explorer.root)
        assert explorer.root.evaluate(FAULTS) == [], (name, width)


def test_a_wide_picture_takes_the_whole_width_and_keeps_its_numbers(lab):
    explorer = lab.show([f"from backpropviz import explore\n{SHOWN['fine logistic regressor']}"])
    explorer.press("Last step")
    picture = explorer.root.locator(".bpv-stage").bounding_box()
    words = explorer.root.locator(".bpv-explanation").bounding_box()
    assert words["y"] > picture["y"] + picture["height"]
    assert explorer.root.locator(".bpv-value").first.is_visible()


def test_words_name_the_node_at_which_numbers_break_and_stay(lab):
    explorer = lab.show([f"from backpropviz import explore\n{SHOWN['division by zero']}"])
    assert "finite" not in explorer.text(".bpv-explanation")
    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    told = explorer.text(".bpv-explanation")
    assert "Division by zero" in told
    assert "The values first leave the finite numbers at" in told


def test_tab_walks_through_everything_and_the_focus_is_seen(lab):
    explorer = lab.show([f"from backpropviz import explore\n{SHOWN['lecture']}"])
    explorer.root.get_by_label("Expression").focus()
    stops = []
    while (stop := explorer.root.evaluate(FOCUS)) is not None:
        stops.append(stop)
        lab.page.keyboard.press("Tab")
        assert len(stops) < 60
    names = [name for name, _ in stops]
    assert [name for name, seen in stops if not seen] == []
    expected = ("Expression", "Mode", "x", "y", "Zoom in", "Play", "Step", "Speed", "x value")
    order = [names.index(name) for name in expected]
    assert order == sorted(order)


# The name of what has the focus, inside the view, and whether it is marked.
FOCUS = """root => {
  const element = document.activeElement;
  if (!root.contains(element)) return null;
  const node = element.dataset.node;
  const ring = node && getComputedStyle(element.querySelector(".bpv-focus")).stroke;
  const mark = ring || getComputedStyle(element).outlineStyle;
  return [node ?? element.getAttribute("aria-label") ?? element.textContent, mark !== "none"];
}"""
