"""The pictures of the README, made by the product; run this file to make them anew."""

from __future__ import annotations

from pathlib import Path

import backpropviz as bpv

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def example(name: str, **settings: object) -> bpv.Explorer:
    """Explore a lecture example."""
    return explored(bpv.examples[name].graph, bpv.examples[name].point, **settings)


def explored(source: bpv.Graph, point: dict[str, float], **settings: object) -> bpv.Explorer:
    """Explore a graph, at its last step unless told otherwise."""
    explorer = bpv.explore(source, point)
    explorer.theme = "light"
    for trait, value in settings.items():
        setattr(explorer, trait, value)
    if "step" not in settings:
        explorer.step = explorer.last_step
    return explorer


def make() -> None:
    """Write all of them."""
    network = bpv.MLP((4, 2, 1), activation="sigmoid", seed=1)
    graph, point = network.scalar_graph(), network.scalar_point([1.0, -0.5, 2.0, 0.5], 1.0)
    example("cmu-exp-ratio-sine").to_svg(FOLDER / "first_graph.svg")
    example("cornell-gates").to_svg(FOLDER / "gates.svg")
    example("imperial-tanh-net", mode="forward").to_svg(FOLDER / "forward_mode.svg")
    explored(graph, point, drawing="network").to_svg(FOLDER / "network.svg")
    example("cornell-logistic-coarse", drawing="computation graph").to_svg(FOLDER / "computation_graph.svg")
    example("cornell-branching", step=0).to_gif(FOLDER / "both_sweeps.gif", scale=1.0)


if __name__ == "__main__":
    make()
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
