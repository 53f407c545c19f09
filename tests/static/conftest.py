"""Runs pieces of the page's JavaScript: with Node, or in Chromium where there is no Node."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEB = Path(__file__).parents[2] / "web"
ORIGIN = "http://backpropviz.test/"
CHROMIUM_FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")

# JSON has no NaN, no infinity and no -0; they travel as {"number": text} in both directions.
RUNNER = """
import { ARRAY_PRIMITIVES } from "./story/array_primitives.js";
import { usePrimitives } from "./story/primitives.js";
usePrimitives(ARRAY_PRIMITIVES);  // as where a graph needs all of them; no test depends on another's having asked
const SPECIAL = new Set(["NaN", "Infinity", "-Infinity", "-0"]);
const decode = (key, value) => (SPECIAL.has(value?.number) ? Number(value.number) : value);
const encode = (key, value) => {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (ArrayBuffer.isView(value)) return Array.from(value);
  if (value instanceof Set) return [...value];
  return value === undefined ? null : value;
};
export async function answer(name, given) {
  const { test } = await import(name);
  return JSON.stringify(await test(JSON.parse(given, decode)), encode);
}
"""
NODE_ENTRY = """
import { createInterface } from "node:readline";
import { answer } from "./runner.js";
for await (const line of createInterface({ input: process.stdin })) {
  const [name, given] = JSON.parse(line);
  const reply = await answer(name, given).then((text) => ({ text }), (problem) => ({ problem: String(problem.stack) }));
  process.stdout.write(`${JSON.stringify(reply)}\\n`);
}
"""


def _encode(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _encode(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": {"inf": "Infinity", "-inf": "-Infinity"}.get(str(float(value)), "NaN")}
    return value


def _decode(value: dict[str, Any]) -> Any:
    return float(value["number"]) if set(value) == {"number"} and isinstance(value["number"], str) else value


def _run_in_node(folder: Path) -> Iterator[Callable[[str, str], str]]:
    # one process for the whole session: starting Node takes longer than most tests
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(["node", "entry.js"], cwd=folder, **pipes) as node:

        def run(name: str, given: str) -> str:
            node.stdin.write(json.dumps([f"./{name}", given]) + "\n")
            node.stdin.flush()
            reply = json.loads(node.stdout.readline())
            if "problem" in reply:
                raise RuntimeError(reply["problem"])
            return reply["text"]

        yield run
        node.stdin.close()


def _run_in_chromium(folder: Path) -> Iterator[Callable[[str, str], str]]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None or find_spec("playwright") is None:
        missing = "The page's JavaScript is not tested: there is neither Node nor Playwright with a Chromium."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    playwright = import_module("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox", *CHROMIUM_FLAGS])
        page = browser.new_page()

        def serve(route: Any) -> None:
            name = route.request.url.removeprefix(ORIGIN)
            kind = "text/javascript" if name else "text/html"
            route.fulfill(body=(folder / name).read_text(encoding="utf-8") if name else "<p>", content_type=kind)

        page.route(f"{ORIGIN}**", serve)
        page.goto(ORIGIN)
        ask = "async ([name, given]) => (await import('/runner.js')).answer(name, given)"
        yield lambda name, given: page.evaluate(ask, [f"/{name}", given])
        browser.close()


def _write_modules(target: Path) -> None:
    """Write the modules of ``web/`` as JavaScript, each on its own."""
    esbuild = WEB / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        missing = "The modules of the page are not tested: `npm ci` in web/ gives what compiles them."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    sources = sorted(str(path.relative_to(WEB)) for path in (WEB / "src").rglob("*.ts"))
    subprocess.run([esbuild, *sources, "--outbase=src", f"--outdir={target}", "--log-level=error"], cwd=WEB, check=True)


@pytest.fixture(scope="session")
def javascript(tmp_path_factory) -> Iterator[Callable[..., Any]]:
    """``javascript(body, modules=["story/ops"], name=value, ...)``: run an async function's body, give what it returns.

    Modules are in scope under their own names, those of a folder without it; keyword arguments as variables.
    """
    folder = tmp_path_factory.mktemp("javascript")
    _write_modules(folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "runner.js").write_text(RUNNER, encoding="utf-8")
    (folder / "entry.js").write_text(NODE_ENTRY, encoding="utf-8")
    numbers = count()

    def prepare(run: Callable[[str, str], str]) -> Callable[..., Any]:
        def evaluate(body: str, modules: tuple[str, ...] | list[str] = (), **given: Any) -> Any:
            name = f"test_{next(numbers)}.js"
            imports = "".join(f'import * as {Path(module).name} from "./{module}.js";\n' for module in modules)
            text = f"{imports}export async function test({{ {', '.join(given)} }}) {{\n{body}\n}}\n"
            (folder / name).write_text(text, encoding="utf-8")
            return json.loads(run(name, json.dumps(_encode(given))), object_hook=_decode)

        return evaluate

    if shutil.which("node") and not os.environ.get("BACKPROPVIZ_TEST_IN_CHROMIUM"):
        runs = _run_in_node(folder)
    else:
        runs = _run_in_chromium(folder)
    for run in runs:
        yield prepare(run)
