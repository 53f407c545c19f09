"""Widgets whose pages the tests stand in for."""

from __future__ import annotations

import pytest
from trainer_runs import CLASSIFIER

import backpropviz as bpv
from backpropviz.widgets.callbacks import recorded


@pytest.fixture
def trainer():
    made = bpv.train(bpv.MLP((2, 4, 1), **CLASSIFIER), bpv.datasets.moons(), bpv.SGD(0.3), batch_size=10, epochs=10**6)
    made.frames = []
    made.send_frame = lambda content, parts: made.frames.append((content, parts))
    recorded.clear()
    yield made
    made.close()
