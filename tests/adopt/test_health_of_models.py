"""Faults planted in PyTorch's models are named exactly: the module, the node, the line."""

from __future__ import annotations

import pytest

import backpropviz as bpv

torch = pytest.importorskip("torch", reason="PyTorch is not installed: python -m pip install 'backpropviz[torch]'")
from torch import nn  # noqa: E402  it needs PyTorch


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def perceptron(activation=nn.ReLU):
    layers = [each for size in (8, 16, 16) for each in (nn.Linear(size, 16), activation())]
    return nn.Sequential(*layers, nn.Linear(16, 3))


def looked_at(module, *inputs, **settings):
    return bpv.health(bpv.from_torch(module, *inputs, **(settings or {"loss": lambda output: output.square().mean()})))


def kinds(found):
    return [(each.kind, each.where) for each in found.findings]


def test_rows_are_modules_with_their_parameters_and_lines():
    found = looked_at(perceptron(nn.GELU), torch.randn(40, 8))
    assert [each.name for each in found.blocks[:7]] == list("0123456")
    assert [each.parameters for each in found.blocks[:7]] == [144, 0, 272, 0, 272, 0, 51]
    assert found.findings == ()


def test_a_layer_of_another_scale():
    model = perceptron(nn.GELU)
    model[4].weight.data *= 300.0
    assert kinds(looked_at(model, torch.randn(40, 8))) == [("scale", "4.weight")]


def test_a_dead_block():
    model = perceptron()
    model[2].bias.data -= 100.0
    found = looked_at(model, torch.randn(40, 8))
    finding = found.findings[0]
    assert (finding.kind, finding.units) == ("silent", tuple(range(16)))
    assert "(3" in finding.text  # the module of the ReLU
    assert [each.name for each in found.blocks if each.silent == 1.0] == ["3"]
    assert found.blocks[0].weight_gradient == 0.0


class Recurrent(nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.cell = nn.RNNCell(3, 4, nonlinearity="relu")
        self.cell.weight_hh.data = scale * torch.eye(4)
        self.head = nn.Linear(4, 1)

    def forward(self, x):
        state = torch.ones(x.shape[1], 4, dtype=x.dtype)
        for place in range(len(x)):
            state = self.cell(x[place], state)
        return self.head(state)


def test_an_exploding_recurrence():
    found = looked_at(Recurrent(3.0), 0.1 * torch.randn(12, 2, 3))
    (finding,) = (each for each in found.findings if each.kind == "exploding")
    assert finding.where.startswith("cell.weight_")
    assert "12 uses" in finding.text
    assert "exploding" not in [kind for kind, _ in kinds(looked_at(Recurrent(1.0), 0.1 * torch.randn(12, 2, 3)))]


class Bent(nn.Module):
    """A recurrence that starts from zeros, and whose activation is written with a condition."""

    def __init__(self, scale, activation):
        super().__init__()
        self.given, self.held = nn.Linear(3, 5), nn.Linear(5, 5, bias=False)
        nn.init.orthogonal_(self.held.weight)
        self.held.weight.data *= scale
        self.activation = activation

    def forward(self, x):
        state = torch.zeros(x.shape[0], 5, dtype=x.dtype)
        for _ in range(12):
            state = self.activation(self.given(x) + self.held(state))
        return state


def test_a_sound_recurrence_from_zeros_is_not_called_dead():
    for activation in (nn.functional.elu, torch.tanh, nn.functional.leaky_relu):
        assert looked_at(Bent(0.9, activation), torch.randn(3, 3)).findings == ()


def test_a_leaky_recurrence_that_explodes():
    (finding,) = looked_at(Bent(6.0, nn.functional.leaky_relu), torch.randn(3, 3)).findings
    assert (finding.kind, finding.where) == ("exploding", "given.weight")


def test_a_factor_of_zero_is_named_where_nothing_else_leads_to_what_it_scales():
    model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 2))
    model[1].weight.data *= 0.0
    (finding,) = (each for each in looked_at(model, torch.randn(20, 4)).findings if each.kind == "dead")
    assert finding.where.startswith("batch_norm")


class Attention(nn.Module):
    def __init__(self, mask):
        super().__init__()
        self.qkv = nn.Linear(4, 12)
        self.register_buffer("mask", mask)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        scores = (q @ k.transpose(-2, -1)).masked_fill(self.mask, float("-inf"))
        return torch.softmax(scores, dim=-1) @ v


def test_minus_infinity_in_a_mask():
    mask = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1)
    assert looked_at(Attention(mask), torch.randn(5, 4)).findings == ()
    mask = mask.clone()
    mask[2] = True
    found = looked_at(Attention(mask), torch.randn(5, 4))
    assert kinds(found) == [("not finite", "softmax")]
    assert "test_health_of_models.py" in found.findings[0].text
    assert "at [2] holds only −∞" in found.findings[0].text


class Branched(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk, self.branch = nn.Linear(3, 4), nn.Linear(3, 4)

    def forward(self, x):
        return self.trunk(x) + self.branch(x).detach()


def test_a_detached_branch():
    found = looked_at(Branched(), torch.randn(20, 3))
    (finding,) = found.findings
    assert (finding.kind, finding.where) == ("detached", "branch.weight")
    assert "branch.weight, branch.bias" in finding.text
    assert "detach (test_health_of_models.py:" in finding.text


class Frozen(Branched):
    def forward(self, x):
        with torch.no_grad():
            held = self.branch(x)
        return self.trunk(x) + held


def test_a_branch_without_gradients():
    adopted = bpv.from_torch(Frozen(), torch.randn(20, 3), loss=lambda output: output.square().mean())
    adopted.check()
    (finding,) = bpv.health(adopted).findings
    assert (finding.kind, finding.where) == ("detached", "branch.weight")


def test_two_initialisations():
    pair = bpv.health(*(bpv.from_torch(perceptron(), torch.randn(20, 8), loss=lambda y: y.mean()) for _ in range(2)))
    assert len(pair.first.blocks) == len(pair.second.blocks)
    assert "2:1" in str(pair)
