"""PyTorch's models brought along: every value and gradient as its own autograd has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.adopt.aten.table import _HANDLERS
from backpropviz.adopt.comparing import difference
from backpropviz.errors import AdoptionError, GradientCheckError
from backpropviz.graph.notation.printing import definition

torch = pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install 'backpropviz[torch]'")
sys.path.insert(0, str(Path(__file__).resolve().parent))
from torch_families import FAMILIES  # noqa: E402  it needs PyTorch
from torch_outside import OUTSIDE  # noqa: E402  as above
from torch_zoo import MODELS, LeNet  # noqa: E402  as above


@pytest.fixture(autouse=True)
def _quiet(caplog):
    torch.manual_seed(0)
    with np.errstate(all="ignore"):
        yield


def _by_autograd(module, inputs, loss=None, target=None, seed=None):
    """Loss and gradients by name, in double precision, without anything of this package."""
    module = module.double() if isinstance(module, torch.nn.Module) else module
    inputs = [each.double().requires_grad_() if each.is_floating_point() else each for each in inputs]
    output = module(*inputs)
    if seed is not None:
        value = (output * seed.double()).sum()
    else:
        function = getattr(torch.nn.functional, loss) if isinstance(loss, str) else loss or (lambda output: output)
        wanted = target.double() if target is not None and target.is_floating_point() else target
        value = function(output) if target is None else function(output, wanted)
    value.backward()
    named = module.named_parameters() if isinstance(module, torch.nn.Module) else ()
    found = {name: each.grad for name, each in named}
    return value.detach(), found, [each.grad for each in inputs if each.is_floating_point()]


@pytest.mark.parametrize("name", [*MODELS, *FAMILIES, *OUTSIDE])
def test_value_and_gradients_are_those_of_autograd(name):
    module, inputs, settings = {**MODELS, **FAMILIES, **OUTSIDE}[name]()
    torch.manual_seed(3)
    adopted = bpv.from_torch(module, *inputs, **settings)
    torch.manual_seed(3)
    value, slopes, of_inputs = _by_autograd(module, inputs, **settings)
    tape = adopted.graph.evaluate(adopted.point)
    adjoints = tape.reverse()
    assert difference(tape.value, value.numpy()) <= 1e-12
    expected = {key: slope for key, slope in slopes.items() if slope is not None}
    assert set(expected) <= set(adopted.graph.inputs)
    for key, slope in expected.items():
        assert difference(adjoints[key], slope.numpy()) <= 1e-12, key
    others = [each for each in adopted.graph.inputs if each not in slopes]
    assert len(others) == len(of_inputs)
    for key, slope in zip(others, of_inputs, strict=True):
        assert difference(adjoints[key], np.zeros(tape.primals[key].shape) if slope is None else slope.numpy()) <= 1e-12
    adopted.check()  # and node by node


def test_modules_are_closed_gates_that_open():
    torch.manual_seed(0)
    adopted = bpv.from_torch(LeNet(), torch.randn(2, 1, 14, 14), loss="cross_entropy", target=torch.tensor([1, 3]))
    graph = adopted.graph
    assert next(name for name in graph.nodes if graph.arguments(name)) == "conv1"
    assert {"conv1", "conv2", "fc1", "fc2"} < set(graph.nodes)
    opened = graph.expand("conv1")
    assert "conv2d.windows" in opened.nodes
    before, after = graph.evaluate(adopted.point), opened.evaluate(adopted.point)
    assert before.value == after.value
    assert before.reverse()["conv1.weight"].tobytes() == after.reverse()["conv1.weight"].tobytes()
    assert adopted.modules["conv2d.windows"] == "conv1"
    assert definition(graph, "conv1", "unicode") == "convolution(x, conv1.weight, conv1.bias)"
    assert adopted.sources["linear"].partition(":")[0].endswith("torch_zoo.py")


def test_parameters_that_share_memory_are_one_input():
    module, inputs, settings = MODELS["GPT"]()
    adopted = bpv.from_torch(module, *inputs, **settings)
    assert "tokens.weight" in adopted.point
    assert "head.weight" not in adopted.point


def test_frozen_parameters_are_constants_and_single_precision_is_told():
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1))
    module[0].weight.requires_grad_(requires_grad=False)
    adopted = bpv.from_torch(module, torch.randn(4, 3), loss=torch.sum)
    assert "0.weight" not in adopted.point
    assert "float32" in adopted.notes[0]
    assert bpv.from_torch(module.double(), torch.randn(4, 3).double(), loss=torch.sum).notes[0] == "Told in float64."


def test_the_model_is_left_alone():
    module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    before = {key: value.clone() for key, value in module.state_dict().items()}
    bpv.from_torch(module, torch.randn(2, 1, 5, 5), loss=lambda output: output.square().sum())
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())
    assert next(module.parameters()).dtype == torch.float32


def _shape_misfit():
    return bpv.from_torch(torch.nn.Linear(3, 2), torch.randn(4, 5), loss=torch.sum)


def _no_scalar():
    return bpv.from_torch(torch.nn.Linear(3, 2), torch.randn(4, 3))


def _no_loss_of_that_name():
    return bpv.from_torch(torch.nn.Linear(3, 2), torch.randn(4, 3), loss="crossentropy")


def _no_counterpart():
    return bpv.from_torch(lambda x: torch.linalg.eigvalsh(x).sum(), torch.randn(3, 3))


class Sign(torch.autograd.Function):
    """A gradient of its own, which no graph keeps."""

    @staticmethod
    def forward(context, x):
        return x.sign()

    @staticmethod
    def backward(context, upstream):
        return upstream


def _back_from_lists():
    return bpv.from_torch(lambda x: torch.stack([torch.tensor(each) for each in x.tolist()]).sum(), torch.ones(3))


def _more_inputs_than_it_takes():
    return bpv.from_torch(torch.nn.Linear(3, 2), torch.ones(2, 3), torch.ones(2, 3), loss=torch.sum)


class Last(torch.nn.Module):
    """What a recurrent network answers after its last step."""

    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 2, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


def test_a_cell_that_hands_on_two_values_is_a_block_with_two_ways_out():
    adopted = bpv.from_torch(Last(), torch.randn(1, 5, 3), loss=lambda out: out.square().sum())
    unrolled = adopted.graph.expand("lstm")
    assert {f"lstm.{step}.{way}" for step in (1, 2, 3, 4) for way in "ch"} <= set(unrolled.nodes)
    found, expected = (graph.evaluate(**adopted.point).reverse() for graph in (unrolled, adopted.gates))
    shared = [node for node in unrolled.nodes if node in adopted.gates.nodes]
    assert set(unrolled.inputs) <= set(shared)
    for node in shared:
        np.testing.assert_array_equal(found[node], expected[node])


def _shortened():
    table = torch.nn.Embedding(4, 3, max_norm=0.5)
    rows = torch.tensor([1, 2])
    with pytest.raises(AdoptionError, match=r"embedding_renorm_ changes .* in place where no gradient.*Call the model"):
        bpv.from_torch(table, rows, loss=torch.sum)
    table(rows)
    bpv.from_torch(table.double(), rows, loss=torch.sum).check()
    return bpv.from_torch(lambda x: (x.detach().mul_(2.0).sum() + x).sum(), torch.ones(3))


def _several_outputs():
    return bpv.from_torch(torch.nn.LSTM(3, 4), torch.ones(5, 2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (_back_from_lists, "does not depend on any.* item is held at what it gives here"),
        (lambda: bpv.from_torch(lambda x: Sign.apply(x).sum(), torch.ones(3)), r"Sign is a .*\(f\(x\) - x\).detach"),
        (_more_inputs_than_it_takes, r"does not run on inputs of shapes \(2, 3\), \(2, 3\).*Give example inputs"),
        (_shortened, "mul_ changes x in place|mul_ changes .* in place where no gradient"),
        (
            lambda: bpv.from_torch(lambda x: torch.func.vmap(torch.func.grad(torch.sin))(x).sum(), torch.ones(3)),
            "does not run outside of the model.*write the derivative out",
        ),
        (
            lambda: bpv.from_torch(lambda x: torch.cond(x.sum() > 0, torch.sin, torch.cos, (x,)).sum(), torch.ones(3)),
            "torch.cond is not followed. Write it as a Python if",
        ),
        (_several_outputs, "output is a tuple.*Give loss="),
        (_shape_misfit, r"does not run on inputs of shapes \(4, 5\).*Give example inputs"),
        (_no_scalar, r"shape \(4, 2\).*Give loss="),
        (_no_loss_of_that_name, "'crossentropy' is no loss"),
        (lambda: bpv.from_torch(lambda x: torch.fft.irfft(x).sum(), torch.ones(3)), "_fft_c2r has no counterpart"),
        (lambda: bpv.from_torch(lambda x: torch.cov(x).sum(), torch.ones(2, 3)), "cov has no counterpart.* d @ d.mT"),
        (_no_counterpart, "linalg_eigvalsh: .* has no counterpart.*trace, det"),
        (lambda: bpv.from_torch("model"), "takes a module or a function"),
        (
            lambda: bpv.from_torch(torch.nn.utils.weight_norm(torch.nn.Linear(3, 2)), torch.ones(4, 3)),
            "Use torch.nn.utils.parametrizations.weight_norm",
        ),
        (
            lambda: bpv.from_torch(lambda x: torch.tensor(1.0), torch.ones(2)),
            "not depend",
        ),
    ],
)
def test_what_cannot_be_brought_along_says_what_to_do(call, message):
    with pytest.raises(AdoptionError, match=message):
        call()


def test_what_is_held_is_told():
    adopted = bpv.from_torch(lambda x: (x * x.argmax()).sum() + x.topk(1).values.sum(), torch.tensor([1.0, 3.0]))
    assert adopted.notes[1:] == ("argmax is held at what it gives here: no gradient passes.",)
    assert bpv.gradient(adopted)["x"].tolist() == [1.0, 2.0]


def test_no_framework_is_imported_before_it_is_used():
    check = "import sys, backpropviz, backpropviz.adopt; print({'torch', 'jax', 'onnx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_pytorch_writes_by_other_numbers_is_refused(monkeypatch):
    # Its own decomposition of this loss is wrong in 2.13.
    monkeypatch.delitem(_HANDLERS, "multilabel_margin_loss")
    module, inputs, settings = FAMILIES["classes and sequences"]()
    with pytest.raises(AdoptionError, match=r"multilabel_margin_loss.* give other numbers"):
        bpv.from_torch(module, *inputs, **settings)


def test_gradients_of_a_sparse_table_are_compared_and_casts_are_told():
    table = torch.nn.Embedding(4, 3, sparse=True).double()
    bpv.from_torch(table, torch.tensor([1, 2]), loss=torch.sum).check()
    adopted = bpv.from_torch(lambda x: x.half().double().sum(), torch.ones(3).double())
    assert any("rounds to float16, which is left out here" in each for each in adopted.notes)


def test_what_pytorch_itself_takes_in_float32_is_told():
    adopted = bpv.from_torch(
        torch.nn.Hardsigmoid(), torch.linspace(-2.0, 2.0, 5).double(), loss=lambda output: output.sum()
    )
    assert any("hardsigmoid" in each and "float32" in each for each in adopted.notes)
    adopted.check(1e-7)


def test_a_gradient_that_differs_is_named_where_it_differs_first_on_the_way_back():
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Hardsigmoid(), torch.nn.Linear(4, 2)).double()
    adopted = bpv.from_torch(model, torch.linspace(-1.0, 1.0, 3).double(), loss=torch.sum)
    with pytest.raises(GradientCheckError, match=r"from hardsigmoid.*float32.*check\(1e-6\)") as caught:
        adopted.check()
    assert caught.value.node == "linear"
    adopted.check(1e-6)


def test_what_is_recorded_is_so_without_pages_of_the_graph(capfd):
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2, momentum=None)).double()
    bpv.from_torch(model, torch.eye(2).double(), loss=torch.sum).check()
    assert capfd.readouterr() == ("", "")
