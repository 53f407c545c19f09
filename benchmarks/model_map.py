"""How long a model of 12 encoder layers takes to open, as its modules and as all its gates, and how smoothly it plays.

Run ``python benchmarks/model_map.py`` where PyTorch, Playwright and Chromium are installed. Without a graphics card the
processor draws what a card would draw; bounds are 2 s for the kernel's and the page's part, and 60 frames a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from live_driver import chromium

PLAYED = """() => new Promise((done) => {
  let frames = 0;
  const start = performance.now();
  const next = (now) => {
    frames += 1;
    if (now - start > 4000) done((1000 * frames) / (now - start));
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""


def encoder(layers: int) -> Any:
    """Bring a transformer encoder along."""
    import torch  # noqa: PLC0415  a peer may be missing

    import backpropviz as bpv  # noqa: PLC0415  with it

    torch.manual_seed(0)
    layer = torch.nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
    module = torch.nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
    return bpv.from_torch(module, torch.randn(1, 5, 16), loss=lambda output: output.square().mean())


def main() -> None:
    """Print what each way to open it takes."""
    try:
        adopted = encoder(12)
    except ImportError:
        sys.exit("PyTorch is not installed here: python -m pip install 'backpropviz[torch]'.")
    import backpropviz as bpv  # noqa: PLC0415  as above

    bpv.explore("x*y", x=1.0, y=2.0)  # what is loaded once is not the model's
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for name, source, point in (("modules", adopted, None), ("all gates", adopted.gates, adopted.point)):
            began = time.perf_counter()
            explorer = bpv.explore(source, point)
            made = time.perf_counter() - began
            path = Path(folder, "model.html")
            explorer.to_html(path)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            began = time.perf_counter()
            page.goto(path.as_uri())
            page.wait_for_selector(".bpv[data-steps]")
            shown = time.perf_counter() - began
            page.wait_for_timeout(1000)
            page.get_by_role("button", name="Play").first.click()
            rate = page.evaluate(PLAYED)
            page.close()
            gates = sum(bool(explorer.graph.arguments(node)) for node in explorer.graph.nodes)
            print(f"{name}, {gates} gates: kernel {made:.2f} s, page {shown:.2f} s, {rate:.0f} frames a second")


if __name__ == "__main__":
    main()
