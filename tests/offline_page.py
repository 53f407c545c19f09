"""A page opened from a file, with every request that leaves the machine stopped and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from painted import texts_of_nodes

if TYPE_CHECKING:
    from pathlib import Path


class OfflinePage:
    """What a test sees of a page: its requests, what it complains about, and the explorers on it."""

    def __init__(self, chromium: Any, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        self.context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.route("**/*", self._allow_files)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("dialog", self._dialog)

    def open(self, path: Path, explorers: int = 1) -> Any:
        """Open a file and wait for the explorers on it; the first of them."""
        self.page.goto(path.as_uri())
        root = self.page.locator(".bpv[data-steps]")
        if explorers:
            root.nth(explorers - 1).wait_for()
        return root.first

    def close(self) -> None:
        """Close the page; nothing may have gone out and nothing may have gone wrong."""
        self.context.close()
        assert self.requests == []
        assert not self.complaints, self.complaints

    def _allow_files(self, route: Any) -> None:
        address = route.request.url
        if address.startswith(("file:", "data:", "blob:", "about:")):
            route.continue_()
        else:
            self.requests.append(address)
            route.abort()

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def numbers(root: Any, kind: str) -> dict[str, float]:
    """Full-precision numbers of all nodes: ``"value"`` or ``"gradient"``."""
    words = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}
    return {name: float(words.get(text, text)) for name, text in texts_of_nodes(root, kind).items()}
