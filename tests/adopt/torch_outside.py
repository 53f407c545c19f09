"""Models as published ones are written: in one call each, with helpers, shared parts and losses of their own."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm, weight_norm
from torch.utils.checkpoint import checkpoint
from torch_zoo import _labels, _rows, _square


class Basic(nn.Module):
    """A residual block as in torchvision: one ReLU for both, in place, and an addition in place."""

    def __init__(self, given, made, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(given, made, 3, stride, 1, bias=False), nn.BatchNorm2d(made)
        self.conv2, self.bn2 = nn.Conv2d(made, made, 3, 1, 1, bias=False), nn.BatchNorm2d(made)
        self.relu = nn.ReLU(inplace=True)
        self.down = nn.Conv2d(given, made, 1, stride) if stride > 1 else None

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += x if self.down is None else self.down(x)
        return self.relu(y)


class Siamese(nn.Module):
    """One net for both arguments, and a contrastive loss inside."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 6), nn.LeakyReLU(0.1), nn.Linear(6, 3))

    def forward(self, one, other):
        apart = functional.pairwise_distance(self.net(one), self.net(other))
        same = torch.tensor([0.0, 1.0, 0.0, 1.0])
        return (same * apart.pow(2) + (1 - same) * torch.clamp(1.0 - apart, min=0).pow(2)).mean()


class Contrast(nn.Module):
    """SimCLR: each row's partner among all others."""

    def __init__(self):
        super().__init__()
        self.net = nn.Linear(4, 3)

    def forward(self, one, other):
        rows = functional.normalize(torch.cat([self.net(one), self.net(other)]), dim=1)
        likeness = (rows @ rows.t() / 0.5).masked_fill(torch.eye(len(rows), dtype=torch.bool), -1e9)
        return functional.cross_entropy(likeness, torch.arange(len(rows)).roll(len(rows) // 2))


class WaveNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.leave = nn.Conv1d(1, 4, 1), nn.Conv1d(3, 5, 1)
        self.filters, self.gates = (
            nn.ModuleList(nn.Conv1d(4, 4, 2, dilation=apart) for apart in (1, 2)) for _ in range(2)
        )
        self.skips = nn.ModuleDict({str(layer): nn.Conv1d(4, 3, 1) for layer in range(2)})

    def forward(self, x):
        x, total = self.enter(x), 0
        for layer, (bent, gate) in enumerate(zip(self.filters, self.gates, strict=True)):
            past = functional.pad(x, (2**layer, 0))
            passed = torch.tanh(bent(past)) * torch.sigmoid(gate(past))
            total, x = total + self.skips[str(layer)](passed), x + passed
        return self.leave(functional.relu(total))


class Translator(nn.Module):
    """A recurrent encoder both ways, and additive attention over it from a cell called step by step."""

    def __init__(self):
        super().__init__()
        self.words, self.encoder = nn.Embedding(7, 3), nn.GRU(3, 4, bidirectional=True, batch_first=True)
        self.decoder, self.head = nn.LSTMCell(3 + 8, 4), nn.Linear(12, 7)
        self.ask, self.answer, self.score = nn.Linear(4, 5, bias=False), nn.Linear(8, 5), nn.Linear(5, 1, bias=False)

    def forward(self, given, wanted):
        memory, _ = self.encoder(self.words(given))
        h = memory.new_zeros(given.shape[0], 4)
        c, found = torch.zeros_like(h), []
        for step in range(wanted.shape[1]):
            weights = self.score(torch.tanh(self.answer(memory) + self.ask(h).unsqueeze(1))).squeeze(-1).softmax(1)
            context = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
            h, c = self.decoder(torch.cat([self.words(wanted[:, step]), context], -1), (h, c))
            found.append(self.head(torch.cat([h, context], -1)))
        return torch.stack(found, 1).transpose(1, 2)


class EdgeAttention(nn.Module):
    """Attention along the edges of a graph, added up where they end."""

    def __init__(self):
        super().__init__()
        self.weight, self.asked = nn.Linear(3, 4, bias=False), nn.Parameter(_rows(8, seed=3))

    def forward(self, x, edges):
        h, (source, target) = self.weight(x), edges
        score = functional.leaky_relu(torch.cat([h[source], h[target]], -1) @ self.asked, 0.2).exp()
        total = torch.zeros(len(x)).to(score).index_add(0, target, score)
        share = score / (total[target] + 1e-9)
        return torch.zeros_like(h).scatter_add(0, target[:, None].expand(-1, 4), share[:, None] * h[source])


class Flow(nn.Module):
    """Coupling layers with their log-determinant, and torch.distributions for what they end in."""

    def __init__(self):
        super().__init__()
        self.nets = nn.ModuleList(nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 4)) for _ in range(2))

    def forward(self, x):
        volume = 0
        for net in self.nets:
            kept, moved = x.chunk(2, 1)
            scale, shift = net(kept).chunk(2, 1)
            volume = volume + torch.tanh(scale).sum(1)
            x = torch.cat([moved * torch.tanh(scale).exp() + shift, kept], 1).flip(1)
        return -(torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(1) + volume).mean()


class Looked(nn.Module):
    """A spatial transformer: the image is sampled where a layer says."""

    def __init__(self):
        super().__init__()
        self.place = nn.Linear(16, 6)
        nn.init.normal_(self.place.weight, std=0.02)
        self.place.bias.data.copy_(torch.tensor([1.0, 0, 0, 0, 1, 0]))

    def forward(self, x):
        grid = functional.affine_grid(self.place(x.flatten(1)).view(-1, 2, 3), x.shape, align_corners=False)
        return functional.grid_sample(x, grid, align_corners=False)


class Capsules(nn.Module):
    """Routing by agreement, whose weights depend on what they weigh."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(_rows(1, 4, 3, 5, 2, seed=4) * 0.3)

    def forward(self, x):
        guesses = (self.weight @ x[:, :, None, :, None]).squeeze(-1)
        agreed = torch.zeros(*guesses.shape[:3], 1).to(guesses)
        for _ in range(2):
            made = (agreed.softmax(2) * guesses).sum(1, keepdim=True)
            size = (made**2).sum(-1, keepdim=True)
            made = size / (1 + size) * made / torch.sqrt(size + 1e-8)
            agreed = agreed + (guesses * made).sum(-1, keepdim=True)
        return made.squeeze(1).norm(dim=-1)


class Odd(nn.Module):
    """What engineers do beside: a buffer that counts, a part without gradients, one that is run again, tied layers."""

    def __init__(self):
        super().__init__()
        self.layer, self.held, self.head = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 2)
        self.twice = nn.Sequential(self.layer, nn.ReLU(), self.layer)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        x = x.clone()
        x[:, 0].mul_(2)
        fixed = self.held(x).detach()
        return self.head(checkpoint(self.twice, x, use_reentrant=False) + fixed) * self.calls


OUTSIDE = {
    "residual blocks in place": lambda: (
        nn.Sequential(Basic(2, 3, 2), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(3, 4)),
        [_rows(2, 2, 4, 4)],
        {"loss": "cross_entropy", "target": _labels(2)},
    ),
    "siamese": lambda: (Siamese(), [_rows(4, 4), _rows(4, 4, seed=1)], {}),
    "contrast": lambda: (Contrast(), [_rows(3, 4), _rows(3, 4, seed=1)], {}),
    "WaveNet": lambda: (WaveNet(), [_rows(2, 1, 6)], {"loss": "cross_entropy", "target": _labels(2, 6)}),
    "translator": lambda: (
        Translator(),
        [_labels(2, 3, classes=7), _labels(2, 2, classes=7)],
        {"loss": "cross_entropy", "target": _labels(2, 2, classes=7)},
    ),
    "attention along edges": lambda: (
        EdgeAttention(),
        [_rows(4, 3), torch.tensor([[0, 1, 2, 3, 0], [1, 2, 3, 0, 0]])],
        {"loss": _square},
    ),
    "coupling flow": lambda: (Flow(), [_rows(3, 4)], {}),
    "spatial transformer": lambda: (Looked(), [_rows(2, 1, 4, 4)], {"loss": _square}),
    "capsules": lambda: (Capsules(), [_rows(2, 4, 2)], {"loss": "multi_margin_loss", "target": _labels(2, classes=3)}),
    "parametrised weights": lambda: (
        nn.Sequential(weight_norm(nn.Linear(3, 4)), nn.Tanh(), spectral_norm(nn.Linear(4, 2))).eval(),
        [_rows(3, 3)],
        {"loss": _square},
    ),
    "odd habits": lambda: (Odd(), [_rows(2, 3)], {"loss": _square}),
}
