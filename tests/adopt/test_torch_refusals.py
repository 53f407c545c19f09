"""Modules in every state that users have them in: they are brought along, or it is said what to do with them."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import AdoptionError

torch = pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install 'backpropviz[torch]'")
nn = torch.nn

ROWS = torch.linspace(-1.0, 1.0, 12).reshape(4, 3)


def adopted(module, *inputs):
    return bpv.from_torch(module, *(inputs or [ROWS]), loss=torch.sum)


class Turned(nn.Module):
    """Parameters that are complex."""

    def __init__(self):
        super().__init__()
        self.turn = nn.Parameter(torch.ones(3, dtype=torch.cfloat))

    def forward(self, x):
        return (x * self.turn).abs()


class Casting(nn.Module):
    """Computes one part in double precision and one in single precision."""

    def __init__(self):
        super().__init__()
        self.wide, self.narrow = nn.Linear(3, 3).double(), nn.Linear(3, 2)

    def forward(self, x):
        return self.narrow(self.wide(x.double()).float())


def _hooked():
    layer = nn.Sequential(nn.Linear(3, 2))
    layer[0].register_full_backward_hook(lambda _module, slopes, _above: slopes)
    return layer


def _hooked_parameter(name="register_hook"):
    layer = nn.Linear(3, 2)
    getattr(layer.weight, name)(lambda slope: None)
    return layer


class Habit(nn.Module):
    """Does one thing that no graph keeps, between two layers."""

    def __init__(self, habit):
        super().__init__()
        self.first, self.second, self.habit = nn.Linear(3, 3), nn.Linear(3, 2), habit

    def forward(self, x):
        return self.second(self.habit(self.first, x))


def _in_narrow_precision(layer, x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return layer(x).float()


def _with_a_hook(layer, x):
    found = layer(x)
    if found.requires_grad:
        found.register_hook(lambda slope: 3 * slope)
    return found


def _run_twice(layer, x):
    return torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=True)


def _held_and_changed(layer, x):
    x = x.clone()
    x[:, 0].mul_(2.0)
    with torch.no_grad():
        return layer(x) + x


def _own_slope(layer, x):
    x = x.requires_grad_()
    return torch.autograd.grad(layer(x).sum(), x, create_graph=True)[0]


def _quantised():
    return torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(3, 2)), {nn.Linear})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adopted(nn.Sequential(nn.LazyLinear(2))), r"0.weight has no shape .*Run it once"),
        (lambda: adopted(nn.Linear(3, 2, device="meta")), r"weight is on the device meta.*to_empty"),
        (lambda: adopted(nn.Linear(3, 2), torch.empty(4, 3, device="meta")), "Input 1 is on the device meta"),
        (lambda: adopted(_hooked_parameter()), r"^weight has a hook.*remove\(\)"),
        (lambda: adopted(_hooked_parameter("register_post_accumulate_grad_hook")), "^weight has a hook"),
        (lambda: adopted(Habit(_in_narrow_precision)), "under torch.autocast.*enabled=False"),
        (lambda: adopted(Habit(_with_a_hook)), "hooks a tensor while it runs.*Leave out register_hook"),
        (lambda: adopted(Habit(_run_twice)), "use_reentrant=False"),
        (lambda: adopted(Habit(_held_and_changed)), r"changes entries .*\.detach\(\)"),
        (lambda: adopted(Habit(_own_slope)), "takes gradients itself.*bpv.hessian"),
        (
            lambda: adopted(lambda x: x["a"] @ x["b"], {"a": ROWS, "b": ROWS}),
            r"shapes \{'a': \(4, 3\), 'b': \(4, 3\)\}",
        ),
        (lambda: adopted(Turned()), "turn holds complex numbers.*pairs of real ones"),
        (lambda: adopted(lambda z: z.abs(), torch.ones(3, dtype=torch.cfloat)), "Input 1 holds complex numbers"),
        (lambda: adopted(lambda x: (x * 1j).abs()), "gives complex numbers here.*pairs of real ones"),
        (lambda: adopted(_quantised()), "0 is quantised.*as it was before"),
        (lambda: adopted(torch.sparse.sum, torch.eye(3).to_sparse()), r"Input 1 is sparse.*to_dense\(\)"),
        (lambda: adopted(lambda a: (a @ a).to_dense(), torch.eye(3).to_sparse_csr()), r"is sparse.*to_dense\(\)"),
        (lambda: adopted(_hooked()), r"0 has a backward hook.*remove\(\)"),
        (lambda: bpv.from_torch(nn.Linear(3, 2), ROWS, loss="mse_loss"), "mse_loss compares with a target.*target="),
        (
            lambda: adopted(nn.Embedding(4, 2).requires_grad_(requires_grad=False), torch.tensor([1, 2])),
            r"does not depend on any.*frozen.*requires_grad_\(\)",
        ),
        (lambda: adopted(Casting()), r"told in float64.*x.to\(self.weight.dtype\)"),
    ],
)
def test_what_has_other_numbers_or_none_yet_says_what_to_do(call, message):
    with pytest.raises(AdoptionError, match=message):
        call()


def test_what_was_compiled_or_exported_is_the_module_that_it_was_made_of():
    layer = nn.Linear(3, 2)
    program = torch.export.export(layer, (ROWS,))
    for made in (torch.compile(layer), program):
        found = adopted(made)
        found.check()
        assert found.parameters == ("weight", "bias")
    adopted(torch.compile(torch.sin)).check()


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_models_are_compared_where_no_gradients_are_kept(mode):
    with mode():
        adopted(nn.Linear(3, 2), ROWS.clone()).check()


def test_frozen_half_and_hooked_forwards_and_empty_are_brought_along():
    adopted(nn.Linear(3, 2).requires_grad_(requires_grad=False)).check()
    adopted(nn.Linear(3, 2).bfloat16(), ROWS.bfloat16()).check()
    adopted(nn.DataParallel(nn.Linear(3, 2))).check()
    adopted(nn.Linear(3, 2), torch.ones(0, 3)).check()
    hooked = nn.Linear(3, 2)
    hooked.register_forward_hook(lambda _module, _inputs, output: output * 2.0)
    adopted(hooked).check()


class Named(nn.Module):
    """Takes a dict with a list in it."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({"one": nn.Linear(3, 2), "more": nn.ModuleList([nn.Linear(3, 2)])})

    def forward(self, given):
        return self.layers["one"](given["x"]) + self.layers["more"][0](given["y"][0])


def test_inputs_in_dicts_and_tables_with_sparse_gradients_are_brought_along():
    found = adopted(Named(), {"x": ROWS, "y": [ROWS + 1.0]})
    assert sum(np.shape(found.point[name]) == (4, 3) for name in found.graph.inputs) == 2
    found.check()
    adopted(nn.Embedding(5, 3, sparse=True), torch.tensor([1, 2, 1])).check()


class Counting(nn.Module):
    """Counts its calls in a buffer that is saved, in one that is not, and in a number."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("unsaved", torch.zeros(()), persistent=False)
        self.number, self.layer = 0, nn.Linear(3, 2)

    def forward(self, x):
        self.calls += 1
        self.unsaved += 1
        self.number += 1
        x = x.clone()
        x[:, 0].mul_(2.0)
        return self.layer(x) * self.calls * self.unsaved * self.number


def test_a_model_that_counts_its_calls_is_told_as_at_the_next_call():
    module = Counting().double()
    found = adopted(module, ROWS.double())
    assert float(found.graph.evaluate(found.point).value) == pytest.approx(
        module(ROWS.double()).sum().item(), rel=1e-12
    )
