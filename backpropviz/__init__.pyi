# The names of the package, each with its home: names are loaded by this file, and types are checked against it.

from .adopt.jax_function import from_jax as from_jax
from .adopt.torch_model import from_torch as from_torch
from .adopt.value_objects import from_values as from_values
from .autodiff import gradient as gradient
from .autodiff.checking.check import check as check
from .autodiff.checking.error_curve import error_curve as error_curve
from .autodiff.checking.finite import finite_difference as finite_difference
from .autodiff.costs.cost import cost as cost
from .autodiff.jacobian import Jacobian as Jacobian
from .autodiff.jacobian import jacobian as jacobian
from .autodiff.paths import paths as paths
from .autodiff.second_order.hessian import Hessian as Hessian
from .autodiff.second_order.hessian import hessian as hessian
from .autodiff.symbolic.derivatives import symbolic as symbolic
from .autodiff.symbolic.swell import expression_swell as expression_swell
from .graph import Graph as Graph
from .graph import parse as parse
from .graph import trace as trace
from .graph.closing.zoom import zoom as zoom
from .learn import MLP as MLP
from .learn import SGD as SGD
from .learn import Adam as Adam
from .learn import EpochRecord as EpochRecord
from .learn import History as History
from .learn import Sweep as Sweep
from .learn import Training as Training
from .learn import UnitNetwork as UnitNetwork
from .learn import datasets as datasets
from .learn import fit as fit
from .learn import least_squares as least_squares
from .learn import schedules as schedules
from .learn import sweep as sweep
from .lecture_examples import examples as examples
from .steps import record as record
from .widgets import Explorer as Explorer
from .widgets import explore as explore
from .widgets.comparison import Comparison as Comparison
from .widgets.comparison import compare as compare
from .widgets.exercise import Exercise as Exercise
from .widgets.exercise import exercise as exercise
from .widgets.replay import Replay as Replay
from .widgets.replay import replay as replay
from .widgets.train import train as train
from .widgets.trainer import Trainer as Trainer

__version__: str
