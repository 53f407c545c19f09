"""Networks that learn on the graphs that are shown: perceptrons, data sets, optimisers, training as records."""

from __future__ import annotations

from backpropviz.learn import datasets, schedules
from backpropviz.learn.fit import fit
from backpropviz.learn.history import History
from backpropviz.learn.least_squares import least_squares
from backpropviz.learn.mlp import MLP
from backpropviz.learn.optimisers import SGD, Adam, RMSProp
from backpropviz.learn.records import EpochRecord
from backpropviz.learn.sweep import Sweep, Trial, sweep
from backpropviz.learn.traced_network import TracedNetwork
from backpropviz.learn.training import Training
from backpropviz.learn.unit_network import UnitNetwork

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "EpochRecord",
    "History",
    "RMSProp",
    "Sweep",
    "TracedNetwork",
    "Training",
    "Trial",
    "UnitNetwork",
    "datasets",
    "fit",
    "least_squares",
    "schedules",
    "sweep",
]
