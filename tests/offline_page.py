"""A page opened from a file, with every request that leaves the machine stopped and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from painted import texts_of_nodes

if TYPE_CHECKING:
    from pathlib import Path


_KEPT: list[Any] = []  # pages at rest: making one takes several times as long as opening a file in it


class OfflinePage:
    """What a test sees of a page: its requests, what it complains about, and the explorers on it."""

    def __init__(self, chromium: Any, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        self.page = _KEPT.pop() if _KEPT else chromium.new_context().new_page()
        self.context = self.page.context
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.is_as_new = True  # a test whose page keeps more than its documents says so
        self._hears = {"console": self._console, "pageerror": self._fault, "dialog": self._dialog}
        self.context.route("**/*", self._allow_files)
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme, media="null", reduced_motion="null", forced_colors="null")
        self.page.set_default_timeout(30_000)
        for event, hear in self._hears.items():
            self.page.on(event, hear)

    def open(self, path: Path, explorers: int = 1) -> Any:
        """Open a file and wait for the explorers on it; the first of them."""
        self.page.goto(path.as_uri())
        root = self.page.locator(".bpv[data-steps]")
        if explorers:
            root.nth(explorers - 1).wait_for()
        return root.first

    def close(self) -> None:
        """Leave the page; nothing may have gone out and nothing may have gone wrong."""
        requests, complaints = list(self.requests), list(self.complaints)
        if self.is_as_new and self.page in self.context.pages and len(self.context.pages) == 1:
            self._leave()
            _KEPT.append(self.page)
        else:
            self.context.close()
        assert requests == []
        assert not complaints, complaints

    def _leave(self) -> None:
        for event, hear in self._hears.items():
            self.page.remove_listener(event, hear)
        self.page.mouse.move(-1, -1)
        self.page.goto("about:blank")
        self.context.unroute_all()

    def _allow_files(self, route: Any) -> None:
        address = route.request.url
        if address.startswith(("file:", "data:", "blob:", "about:")):
            route.continue_()
        else:
            self.requests.append(address)
            route.abort()

    def _console(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _fault(self, fault: Any) -> None:
        self.complaints.append(str(fault))

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def numbers(root: Any, kind: str) -> dict[str, float]:
    """Full-precision numbers of all nodes: ``"value"`` or ``"gradient"``."""
    words = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}
    return {name: float(words.get(text, text)) for name, text in texts_of_nodes(root, kind).items()}
