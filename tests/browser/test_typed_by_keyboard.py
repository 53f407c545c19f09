"""A formula is typed, refused, put right, seen as steps, taken back: by keyboard alone, and never without a focus."""

from __future__ import annotations

from typing import Any

import pytest
from painted import wait_until

import backpropviz as bpv

pytestmark = pytest.mark.browser

FIRST = "exp(x*z) + x*z"
REFUSED = {"2x": "2*x", "x^2": "x**2", "x×z": "x*z", "2π*x": "2*π*x", "x²": "x**2"}
ACTIVE = """root => {
  const it = document.activeElement;
  if (!root.contains(it) || it.getClientRects().length === 0) return "";
  return it.dataset.node ? `node ${it.dataset.node}` : (it.ariaLabel ?? it.textContent).trim();
}"""


class Typist:
    """Somebody who has no mouse."""

    def __init__(self, page: Any, root: Any) -> None:
        self.page = page
        self.root = root
        self.box = root.get_by_label("Expression", exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self) -> str:
        return self.root.evaluate(ACTIVE)

    def tab_to(self, name: str, key: str = "Tab", most: int = 60) -> None:
        reached = []
        for _ in range(most):
            self.press(key)
            reached.append(self.focus())
            if reached[-1].startswith(name):
                return
        pytest.fail(f"{name} is not reached by {key}: {reached}")

    def write(self, text: str) -> None:
        self.press("Control+a")
        self.page.keyboard.type(text)

    def draw(self, text: str) -> None:
        self.write(text)
        self.press("Enter")

    def text(self) -> str:
        return self.box.input_value()

    def hears(self, text: str) -> None:
        """Wait until a screen reader has been told."""
        heard = self.root.locator(".bpv-live, .bpv-message")
        wait_until(self.page, lambda: any(text in each for each in heard.all_inner_texts()), f"“{text}” to be told")

    def shows(self, expression: str) -> None:
        """Wait until a graph is drawn, and told."""
        self.hears(f"Drawn: {expression} (")
        names = set(bpv.parse(expression).inputs)
        marks = self.root.locator(".bpv-nodes > .bpv-kind-input")
        assert set(marks.evaluate_all("marks => marks.map(mark => mark.dataset.node)")) == names

    def holds(self, name: str) -> None:
        """Wait until the focus is there."""
        wait_until(self.page, lambda: self.focus().startswith(name), f"{name} to have the focus, not {self.focus()!r}")


def walk(typist: Typist) -> None:
    write_and_be_told(typist)
    put_right_what_is_refused(typist)
    look_back_and_at_steps(typist)
    take_back_and_do_again(typist)


def write_and_be_told(typist: Typist) -> None:
    typist.write("a = x*z; sof")
    typist.hears("softplus")
    typist.press("ArrowDown", "Enter")  # takes the name, draws nothing yet
    assert typist.text() == "a = x*z; softplus("
    typist.page.keyboard.type("a) + ta")
    typist.hears("tan, tanh")
    typist.press("ArrowDown", "ArrowDown", "Tab")
    assert typist.text() == "a = x*z; softplus(a) + tanh("
    typist.page.keyboard.type("x)")
    typist.press("Enter")
    typist.shows("a = x*z; softplus(a) + tanh(x)")
    typist.holds("Expression")


def put_right_what_is_refused(typist: Typist) -> None:
    for wrong, right in REFUSED.items():
        typist.draw(wrong)
        typist.hears(f"Use {right}")
        typist.holds("Expression")
        typist.tab_to("Use ")
        typist.press("Enter")
        typist.shows(right)
        typist.holds("Expression")  # the button is gone
        assert typist.text() == right
    typist.draw("2x")
    typist.tab_to("Dismiss")
    typist.press("Enter")
    typist.holds("Expression")


def look_back_and_at_steps(typist: Typist) -> None:
    typist.draw("exp(x*z)")
    typist.shows("exp(x*z)")
    typist.press("Alt+ArrowUp")
    assert typist.text() == "x**2"
    typist.press("Alt+ArrowUp", "Alt+ArrowUp")
    assert typist.text() == "x*z"
    typist.press("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown")
    assert typist.text() == "exp(x*z)"
    typist.press("Alt+ArrowUp", "Enter")
    typist.shows("x**2")
    typist.draw("exp(x*z)")
    typist.shows("exp(x*z)")
    typist.tab_to("As steps", most=1)
    typist.press("Space")
    assert typist.text() == "a = x*z; y = exp(a)"
    typist.press("Enter")
    assert typist.text() == "exp(x*z)"
    typist.holds("As steps")


def take_back_and_do_again(typist: Typist) -> None:
    typist.press("Control+z")  # on the toggle
    typist.shows("x**2")
    typist.press("Control+Shift+z")
    typist.shows("exp(x*z)")
    assert typist.focus()
    typist.tab_to("node ")
    typist.press("Control+z")  # on a node that goes
    typist.shows("x**2")
    assert typist.focus()
    typist.press("Control+y")
    typist.shows("exp(x*z)")
    assert typist.focus()
    typist.tab_to("z value")
    typist.press("Control+z")
    assert typist.focus()
    typist.tab_to("Expression", "Shift+Tab")
    typist.draw("x + w")
    typist.shows("x + w")
    typist.press("Control+z")  # in the box, where nothing has been typed since
    typist.shows("exp(x*z)")
    typist.holds("Expression")
    typist.press("Control+Shift+z")
    typist.shows("x + w")
    typist.write("x + w*w")
    typist.press("Control+z")  # what was typed, and not yet drawn
    typist.shows("x + w")


def test_in_a_page(offline, tmp_path):
    target = tmp_path / "typed.html"
    explorer = bpv.explore(FIRST, x=2, z=3)
    explorer.to_html(target, editable=True, study_aids=True)
    explorer.close()
    root = offline.open(target)
    typist = Typist(offline.page, root)
    typist.tab_to("Expression")
    walk(typist)


def test_in_jupyterlab(lab):
    explorer = lab.show([f"from backpropviz import explore\nexplore('{FIRST}', x=2, z=3)"])
    explorer.root.get_by_role("button", name="What if").wait_for()
    typist = Typist(lab.page, explorer.root)
    typist.tab_to("Expression")
    walk(typist)
