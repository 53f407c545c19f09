"""Colours of the picture over two features."""

from __future__ import annotations

import math

import pytest

MODULES = ["training/boundary_and_fit"]
# Colours that tell what was asked of the palette: which class, and how sure, in millionths.
TABLE = """
  const palette = { theme: "light", wash: (row, sure) => [row, sure * 1e6, 0] };
  const picture = { palette, winner: null, plan: { classes: %d } };
  const [table] = boundary_and_fit.BoundaryPicture.prototype.colourTable.call(picture);
  return table.map(([row, sure]) => [row, sure]);"""


def test_between_two_classes_a_byte_tells_log_odds(javascript):
    table = javascript(TABLE % 2, modules=MODULES)
    for byte, (row, sure) in enumerate(table):
        root = byte / 127.5 - 1
        probability = 1 / (1 + math.exp(-8 * root * abs(root)))
        assert row == (probability > 0.5)
        assert sure == pytest.approx(abs(2 * probability - 1) * 1e6, abs=1)


def test_of_a_number_a_byte_tells_where_it_lies(javascript):
    table = javascript(TABLE % 0, modules=MODULES)
    assert table[0] == [0, 1e6]
    assert table[255] == [1, 1e6]
    assert table[127][1] == pytest.approx(1e6 / 255, abs=1)
