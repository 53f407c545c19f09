"""Explorer and trainer in the part of VS Code that draws widgets; ``.ci/homes`` installs it and runs this.

VS Code draws a notebook's outputs in a web view. Its Jupyter extension hands widgets to a package of its own,
``@vscode/jupyter-ipywidgets8``: a manager that speaks with the kernel and loads what it lacks by RequireJS, from the
environment's notebook extensions when the web is out of reach. Here this package, a real kernel and those extensions
stand in a page of Chromium; the window around them, VS Code itself, is not there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_other_homes import EXPLORER, QUIET, SECONDS, TRAINER, free_port, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(4 * SECONDS)]

NODE_MODULES = Path(os.environ.get("VSCODE_RENDERER", "none")) / "node_modules"
EXTENSIONS = Path(sys.prefix) / "share" / "jupyter"
# What the extension does around its manager: names where scripts are, and displays what the kernel sends.
HOST = """import { KernelManager, ServerConnection } from "@jupyterlab/services";
const settings = ServerConnection.makeSettings({ baseUrl: `${location.origin}/`, wsUrl: `ws://${location.host}/` });
const { activate } = await import(`${location.origin}/static/ipywidgets.js`);
activate();
window.vscIPyWidgets8.load();
const kernel = await new KernelManager({ serverSettings: settings }).startNew({ name: "python3" });
const registered = new Set();
const scripts = {
  widgetsRegisteredInRequireJs: registered,
  loadWidgetScript: async (name) => {
    window.requirejs.config({ paths: { [name]: SOURCES[name] } });
    registered.add(name);
  },
  errorHandler: (...told) => console.error(told.join(" ")),
  successHandler: () => {},
};
const manager = new window.vscIPyWidgets.WidgetManager(kernel, document.body, scripts, () => {});
for (const code of CELLS) {
  const node = document.body.appendChild(document.createElement("div"));
  const run = kernel.requestExecute({ code });
  run.onIOPub = async ({ header, content }) => {
    if (header.msg_type === "error") console.error(content.evalue);
    const shown = content.data?.["application/vnd.jupyter.widget-view+json"];
    if (!shown) return;
    const view = await manager.create_view(await manager.get_model(shown.model_id), { el: node });
    await manager.display_view(shown, view, { node });
  };
  await run.done;
}
"""


def _sources() -> dict[str, str]:
    """Name the scripts of notebook extensions as VS Code does: by the mapping that each writes down for RequireJS."""
    found = {}
    for entry in EXTENSIONS.glob("nbextensions/*/extension.js"):
        mapping = re.search(r"\.config\(\{.*?\{.*?\{(.*?)\}", entry.read_text(encoding="utf-8"), re.DOTALL)
        for name, place in re.findall(r"""["']?([\w@/-]+)["']?\s*:\s*["']([^"']+)""", mapping[1] if mapping else ""):
            found[name] = f"/static/{place}"
    return found


@pytest.mark.skipif(not NODE_MODULES.exists(), reason="VS Code's renderer is not installed: run .ci/homes")
def test_an_explorer_steps_and_a_network_learns_in_the_renderer_of_vs_code(chromium, tmp_path):
    web = tmp_path / "web"
    shutil.copytree(EXTENSIONS / "nbextensions", web / "nbextensions")
    shutil.copy(NODE_MODULES / "requirejs" / "require.js", web)
    shutil.copy(NODE_MODULES / "@vscode" / "jupyter-ipywidgets8" / "dist" / "ipywidgets.js", web)
    (web / "page.html").write_text(
        '<!doctype html><script src="require.js"></script><script type="module" src="host.js"></script>'
    )
    subprocess.run(
        [
            NODE_MODULES / ".bin" / "esbuild",
            "--bundle",
            "--format=esm",
            "--define:global=window",
            f"--outfile={web}/host.js",
        ],
        input=HOST.replace("SOURCES", json.dumps(_sources())).replace("CELLS", json.dumps([EXPLORER, TRAINER])),
        cwd=NODE_MODULES,
        text=True,
        check=True,
    )
    port, log = free_port(), tmp_path / "log"
    options = [
        *QUIET,
        f"--port={port}",
        f"--ServerApp.extra_static_paths=['{web}']",
        "--ServerApp.disable_check_xsrf=True",
    ]
    with log.open("w") as output:
        command = [sys.executable, "-m", "jupyter_server", *options]
        server = subprocess.Popen(command, cwd=tmp_path, stdout=output, stderr=output)
    context = chromium.new_context(viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(1000 * SECONDS)
    elsewhere, faults = [], []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    here = (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "blob:", "data:")
    page.on("request", lambda asked: asked.url.startswith(here) or elsewhere.append(asked.url))
    try:
        wait_for(port, server, log)
        page.goto(f"http://127.0.0.1:{port}/static/page.html")
        explorer = page.locator(".bpv[data-steps]")
        explorer.get_by_label("Last step").click()
        explorer.locator("xpath=self::*[@data-step=@data-steps]").wait_for()
        trainer = page.locator(".bpv-trainer[data-training-step]")
        trainer.get_by_role("button", name="Train", exact=True).click()
        trainer.locator("xpath=self::*[number(@data-training-step) > 20]").wait_for()
        assert elsewhere == []
        assert faults == []
    finally:
        context.close()
        server.terminate()
        server.wait(20)
