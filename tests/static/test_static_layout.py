"""The page places graphs as Python does."""

from __future__ import annotations

import random

from backpropviz.scene.layout import Box, place

PLACE = "return graphs.map(({ boxes, arrows }) => place.place(boxes, arrows));"


def random_layout(seed: int) -> tuple[list[Box], list[tuple[int, int, int]]]:
    draw = random.Random(seed)  # noqa: S311  the same graphs in every run
    count = draw.choice([2, 5, 9, 14, 25, 45])
    widths = [draw.choice([40.0, 60.0, 83.0, 121.0]) for _ in range(count)]
    boxes = [
        Box(width, draw.choice([32.0, 100.0, 114.0]), source=draw.random() < 0.4, round=width == 60.0)
        for width in widths
    ]
    reach = draw.choice([3, 8, count])
    targets = [target for target in range(1, count) if not boxes[target].source or draw.random() < 0.3]
    slots = [(target, slot) for target in targets for slot in range(draw.choice([1, 2, 2, 3]))]
    arrows = [(draw.randrange(max(0, target - reach), target), target, slot) for target, slot in slots]
    return boxes, arrows


def test_the_page_places_200_random_graphs_as_python_does(javascript):
    graphs = [random_layout(seed) for seed in range(200)]
    plain = [
        {
            "boxes": [
                {"width": box.width, "height": box.height, "source": box.source, "round": box.round} for box in boxes
            ],
            "arrows": arrows,
        }
        for boxes, arrows in graphs
    ]
    found = javascript(PLACE, modules=["layout/place"], graphs=plain)
    for seed, ((boxes, arrows), answer) in enumerate(zip(graphs, found, strict=True)):
        expected = place(boxes, arrows)
        # Both round to a tenth of a px, so they agree in every digit or not at all.
        assert answer["centres"] == [list(centre) for centre in expected.centres], seed
        assert answer["paths"] == list(expected.paths), seed
        assert (answer["width"], answer["height"]) == (expected.width, expected.height), seed
