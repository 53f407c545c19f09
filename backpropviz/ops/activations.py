"""Activation functions of networks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backpropviz.ops.op import Elementwise, Interval, Kink
from backpropviz.ops.roles import GATE, SCALER
from backpropviz.ops.special import erf, erfc
from backpropviz.ops.traps import SIGMOID_SATURATES

_ROOT_TWO = math.sqrt(2.0)
_ERF_SLOPE = 2.0 / math.sqrt(math.pi)
_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
_RELU_SOURCE = "Glorot, Bordes and Bengio (2011), Deep sparse rectifier neural networks"


def _gelu_partial(x: Any) -> Any:
    return 0.5 * erfc(-x / _ROOT_TWO) + x * np.exp(-0.5 * x * x) / _ROOT_TWO_PI


OPS = (
    Elementwise(
        name="sigmoid",
        arity=1,
        activation=True,
        # exp(-x) may overflow to inf, and 1/inf is the right 0: no branch is needed at ±1000.
        value=lambda x: 1.0 / (1.0 + np.exp(-x)),
        # out·(1 - out) would be 0 from x = 37 on, where out is rounded to 1.
        partials=lambda out, x: (out / (1.0 + np.exp(x)),),
        formulas=("out*(1 - out)",),
        symbol="σ",
        role=SCALER,
        latex=r"\sigma({0})",
        kinks=(SIGMOID_SATURATES,),
        source="Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors",
    ),
    Elementwise(
        name="softplus",
        arity=1,
        activation=True,
        value=lambda x: np.logaddexp(0.0, x),
        partials=lambda _out, x: (1.0 / (1.0 + np.exp(-x)),),
        formulas=("sigmoid(x)",),
        symbol="softplus",
        role=SCALER,
        latex=r"\operatorname{{softplus}}({0})",
        analytic=False,
        source=_RELU_SOURCE,
    ),
    Elementwise(
        name="relu",
        arity=1,
        activation=True,
        value=lambda x: np.maximum(x, 0.0),
        partials=lambda _out, x: (np.where(np.greater(x, 0.0), 1.0, 0.0),),
        formulas=("[x > 0]",),
        symbol="ReLU",
        role=GATE,
        latex=r"\operatorname{{ReLU}}({0})",
        domain=(Interval(0.2, 3.0),),
        kinks=(
            Kink(lambda _out, x: ["zero", x], "ReLU has a kink at 0: the convention used here is slope 0 at the kink."),
            Kink(
                lambda _out, x: ["negative", x],
                "The unit is off: a negative argument blocks the gradient, because the curve is flat there.",
                "off",
            ),
        ),
        analytic=False,
        source=_RELU_SOURCE,
    ),
    Elementwise(
        name="leaky_relu",
        arity=1,
        activation=True,
        value=lambda x, slope=0.01: np.where(np.greater(x, 0.0), x, slope * x),
        partials=lambda _out, x, slope=0.01: (np.where(np.greater(x, 0.0), 1.0, slope),),
        formulas=("[x > 0], else the slope",),
        symbol="leaky",
        role=GATE,
        latex=r"\operatorname{{LeakyReLU}}({0})",
        domain=(Interval(0.2, 3.0),),
        kinks=(
            Kink(
                lambda _out, x: ["zero", x],
                "Leaky ReLU has a kink at 0: the convention used here is the slope of the negative side.",
            ),
        ),
        parameters={"slope": 0.01},
        analytic=False,
        source="Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models",
    ),
    Elementwise(
        name="gelu",
        arity=1,
        activation=True,
        # erfc keeps its digits far to the left, where 1 + erf(x) loses all of them.
        value=lambda x: 0.5 * x * erfc(-x / _ROOT_TWO),
        partials=lambda _out, x: (_gelu_partial(x),),
        formulas=("Φ(x) + x·φ(x)",),
        symbol="GELU",
        role=SCALER,
        latex=r"\operatorname{{GELU}}({0})",
        analytic=False,
        source="Hendrycks and Gimpel (2016), Gaussian error linear units",
    ),
    Elementwise(
        name="erf",
        arity=1,
        value=erf,
        partials=lambda _out, x: (_ERF_SLOPE * np.exp(-x * x),),
        formulas=("2/sqrt(pi)*exp(-x**2)",),
        symbol="erf",
        role=SCALER,
        latex=r"\operatorname{{erf}}({0})",
        analytic=False,
        source="NIST DLMF, section 7.2",
    ),
    Elementwise(
        name="erfc",
        arity=1,
        value=erfc,
        partials=lambda _out, x: (-_ERF_SLOPE * np.exp(-x * x),),
        formulas=("-2/sqrt(pi)*exp(-x**2)",),
        symbol="erfc",
        role=SCALER,
        latex=r"\operatorname{{erfc}}({0})",
        analytic=False,
        source="NIST DLMF, section 7.2",
    ),
)
