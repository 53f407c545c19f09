"""JupyterLite as ``.ci/lite`` builds it: Python runs in the page, and nothing is asked of anyone else."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_lab import KERNEL_IDLE, OPEN, notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

LITE = Path(__file__).parents[2] / "site" / "lite"
SECONDS = 200  # compiling Python itself takes a busy machine long
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
SAVE = """async (content) => {
  await window.jupyterapp.restored;
  await window.jupyterapp.serviceManager.contents.save("trial.ipynb", { type: "notebook", format: "json", content });
}"""
IMPORT = "import backpropviz as bpv\nprint('imported', bpv.__version__)"
NEEDS_NUMPY = """try:
    print("value", bpv.gradient("x*z", x=2, z=3)["x"])
except ModuleNotFoundError as missing:
    print("missing", missing.name)"""
BOTH_WAYS = '''import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      const button = document.createElement("button");
      const say = () => { button.textContent = `pressed ${model.get("presses")} answer ${model.get("answer")}`; };
      button.onclick = () => { model.set("presses", model.get("presses") + 1); model.save_changes(); };
      model.on("change", say);
      say();
      el.append(button);
    } }"""
    presses = traitlets.Int(0).tag(sync=True)
    answer = traitlets.Int(0).tag(sync=True)
counter = Counter()
counter.observe(lambda change: setattr(counter, "answer", 10 * change.new), "presses")
counter'''


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the built folder is served: a service worker needs an origin."""
    if not (LITE / "index.html").exists():
        pytest.skip("JupyterLite is not built: run .ci/lite")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(LITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.timeout(4 * SECONDS)
def test_a_kernel_in_the_page_imports_the_package_and_widgets_go_both_ways(chromium, address):
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    elsewhere = []

    def only_here(route: Any) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.set_default_timeout(1000 * SECONDS)
    page.goto(f"{address}/lab/index.html?reset")
    page.wait_for_function("window.jupyterapp")
    page.evaluate(SAVE, notebook([IMPORT, NEEDS_NUMPY, BOTH_WAYS]) | {"metadata": {"kernelspec": KERNEL}})
    page.evaluate(OPEN, "trial.ipynb")
    page.wait_for_function(KERNEL_IDLE)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.get_by_text("imported 0.").wait_for()
    has_numpy = any((LITE / "static" / "pyodide").glob("numpy-*.whl"))
    page.get_by_text("value 3.0" if has_numpy else "missing numpy").wait_for()
    page.get_by_role("button", name="pressed 0 answer 0").click()
    page.get_by_role("button", name="pressed 1 answer 10").wait_for()
    context.close()
    assert elsewhere == []
