"""Models of every usual kind, small, each with the inputs it takes and what makes one number of its output."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional


def _rows(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 5), nn.Conv2d(3, 4, 3)
        self.fc1, self.fc2 = nn.Linear(4, 8), nn.Linear(8, 4)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        return self.fc2(functional.relu(self.fc1(torch.flatten(x, 1))))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1, stride=2, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(4), nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding="same")
        self.short = nn.Conv2d(2, 4, 1, stride=2)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return self.head(functional.adaptive_avg_pool2d(functional.relu(y + self.short(x)), 1).flatten(1))


class Block(nn.Module):
    """A block of a GPT, with a causal mask made by hand."""

    def __init__(self, width=8, heads=2, length=5):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))
        self.heads = heads
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.qkv(self.ln1(x)).split(width, dim=2)
        q, k, v = (each.view(batch, length, self.heads, -1).transpose(1, 2) for each in parts)
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
        scores = scores.masked_fill(self.mask[:, :, :length, :length] == 0, float("-inf"))
        y = (functional.softmax(scores, dim=-1) @ v).transpose(1, 2).contiguous().view(batch, length, width)
        x = x + self.project(y)
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    """Weights of embedding and head are one, as in GPT-2."""

    def __init__(self, vocabulary=11, width=8, length=5):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, 2, length) for _ in range(2))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, index):
        x = self.tokens(index) + self.places(torch.arange(index.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)).flatten(0, 1)


class Classifier(nn.Module):
    """A recurrent layer over tokens, and a head over its last state."""

    def __init__(self, layer, **settings):
        super().__init__()
        self.embed = nn.Embedding(7, 4, padding_idx=0)
        self.layer = layer(4, 5, batch_first=True, **settings)
        self.head = nn.Linear(10 if settings.get("bidirectional") else 5, 3)

    def forward(self, index):
        return self.head(self.layer(self.embed(index))[0][:, -1])


class Steps(nn.Module):
    """A cell called step by step."""

    def __init__(self, cell):
        super().__init__()
        self.cell, self.head = cell(3, 4), nn.Linear(4, 2)

    def forward(self, x):
        state = None
        for place in range(x.shape[1]):
            state = self.cell(x[:, place], state)
        return self.head(state[0] if isinstance(state, tuple) else state)


class Llama(nn.Module):
    """Root-mean-square norm, rotated places and a gated layer."""

    def __init__(self, width=8):
        super().__init__()
        self.norm, self.q, self.k, self.v = nn.RMSNorm(width), *(nn.Linear(width, width, bias=False) for _ in range(3))
        self.gate, self.up, self.down = nn.Linear(width, 12), nn.Linear(width, 12), nn.Linear(12, width)

    @staticmethod
    def rotated(x):
        half = x.shape[-1] // 2
        angle = torch.arange(x.shape[-2])[:, None] / 10.0 ** (torch.arange(half) / half)
        first, second = x.chunk(2, dim=-1)
        cosine, sine = torch.cos(angle).to(x.dtype), torch.sin(angle).to(x.dtype)
        return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)

    def forward(self, x):
        y = self.norm(x)
        q, k, v = self.rotated(self.q(y)), self.rotated(self.k(y)), self.v(y)
        x = x + functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return x + self.down(functional.silu(self.gate(x)) * self.up(x))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 3, 3, stride=2, padding=1), nn.ELU(), nn.GroupNorm(3, 3))
        self.up = nn.ConvTranspose2d(3, 1, 3, stride=2, padding=1, output_padding=1)

    def forward(self, x):
        return torch.sigmoid(self.up(self.down(x)))


class Decides(nn.Module):
    """Takes a branch by a number, so that it cannot be exported."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(3, 2), nn.Linear(3, 2)

    def forward(self, x):
        return self.left(x) if x.sum() > 0 else self.right(x).tanh()


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 4), nn.LeakyReLU(0.2, inplace=True), nn.Linear(4, 2))

    def forward(self, x):
        y = self.layers(x)
        y += 1.0
        return y.mul_(2.0)


def _labels(*shape, classes=3):
    return torch.randint(classes, shape, generator=torch.Generator().manual_seed(1))


def _square(output):
    return (output * output).mean()


def _first_square(output):
    return (output[0] * output[0]).mean()


def _weighted(output, target):
    weight = torch.tensor([1.0, 2.0, 0.5], dtype=output.dtype)
    return functional.cross_entropy(output, target, weight, ignore_index=1, label_smoothing=0.1)


MODELS = {
    "perceptron": lambda: (
        nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3)),
        [_rows(7, 4)],
        {"loss": "cross_entropy", "target": _labels(7)},
    ),
    "regression": lambda: (
        nn.Sequential(nn.Linear(4, 6), nn.Softplus(), nn.Linear(6, 1)),
        [_rows(7, 4)],
        {"loss": "mse_loss", "target": _rows(7, 1, seed=2)},
    ),
    "LeNet": lambda: (LeNet(), [_rows(2, 1, 14, 14)], {"loss": "cross_entropy", "target": _labels(2)}),
    "residual with batch norm": lambda: (
        Residual(),
        [_rows(3, 2, 8, 8)],
        {"loss": "cross_entropy", "target": _labels(3)},
    ),
    "batch norm once trained": lambda: (Residual().eval(), [_rows(3, 2, 8, 8)], {"loss": _square}),
    "GPT block": lambda: (Block(), [_rows(2, 5, 8)], {"loss": _square}),
    "GPT": lambda: (GPT(), [_labels(2, 5, classes=11)], {"loss": "cross_entropy", "target": _labels(10, classes=11)}),
    "Llama block": lambda: (Llama(), [_rows(2, 5, 8)], {"loss": _square}),
    "transformer encoder": lambda: (
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True), 2),
        [_rows(2, 5, 8)],
        {"loss": _square},
    ),
    "transformer encoder with dropout": lambda: (
        nn.TransformerEncoderLayer(8, 2, 16, 0.3, activation="gelu", norm_first=True),
        [_rows(5, 2, 8)],
        {"loss": _square},
    ),
    "transformer decoder": lambda: (
        nn.TransformerDecoderLayer(8, 2, 16, 0.0, batch_first=True),
        [_rows(2, 5, 8), _rows(2, 4, 8, seed=3)],
        {"loss": _square},
    ),
    "multi-head attention": lambda: (
        nn.MultiheadAttention(8, 2, batch_first=True),
        [_rows(2, 5, 8), _rows(2, 4, 8, seed=4), _rows(2, 4, 8, seed=5)],
        {"loss": _first_square},
    ),
    "LSTM": lambda: (Classifier(nn.LSTM), [_labels(2, 5, classes=7)], {"loss": "cross_entropy", "target": _labels(2)}),
    "LSTM, two layers both ways with dropout": lambda: (
        Classifier(nn.LSTM, num_layers=2, bidirectional=True, dropout=0.4),
        [_labels(2, 5, classes=7)],
        {"loss": "cross_entropy", "target": _labels(2)},
    ),
    "GRU": lambda: (Classifier(nn.GRU), [_labels(2, 5, classes=7)], {"loss": _weighted, "target": _labels(2)}),
    "RNN": lambda: (
        Classifier(nn.RNN, nonlinearity="relu", num_layers=2),
        [_labels(2, 5, classes=7)],
        {"loss": "cross_entropy", "target": _labels(2)},
    ),
    "LSTM cell, step by step": lambda: (Steps(nn.LSTMCell), [_rows(2, 4, 3)], {"loss": _square}),
    "GRU cell, step by step": lambda: (Steps(nn.GRUCell), [_rows(2, 4, 3)], {"loss": _square}),
    "convolution in one dimension": lambda: (
        nn.Sequential(
            nn.Conv1d(2, 4, 3, dilation=2, groups=2),
            nn.SiLU(),
            nn.AvgPool1d(2),
            nn.BatchNorm1d(4),
            nn.Flatten(),
            nn.Linear(12, 3),
        ),
        [_rows(3, 2, 10)],
        {"loss": _weighted, "target": _labels(3)},
    ),
    "depthwise convolution": lambda: (
        nn.Sequential(
            nn.Conv2d(3, 6, 3, groups=3, padding=1),
            nn.Hardswish(),
            nn.Conv2d(6, 4, 1),
            nn.AdaptiveMaxPool2d((2, 3)),
            nn.InstanceNorm2d(4, affine=True),
            nn.Flatten(),
            nn.Linear(24, 3),
        ),
        [_rows(2, 3, 6, 7)],
        {"loss": "cross_entropy", "target": _labels(2)},
    ),
    "autoencoder": lambda: (
        Autoencoder(),
        [_rows(2, 1, 6, 6)],
        {"loss": "binary_cross_entropy", "target": torch.sigmoid(_rows(2, 1, 6, 6, seed=6))},
    ),
    "dropout": lambda: (
        nn.Sequential(nn.Linear(4, 9), nn.ReLU(), nn.Dropout(0.5), nn.Linear(9, 1)),
        [_rows(5, 4)],
        {"loss": "binary_cross_entropy_with_logits", "target": torch.rand(5, 1)},
    ),
    "changed in place": lambda: (InPlace(), [_rows(4, 3)], {"loss": "huber_loss", "target": _rows(4, 2, seed=7)}),
    "decides by numbers": lambda: (Decides(), [_rows(4, 3)], {"loss": _square}),
    "bilinear and norm": lambda: (
        nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.Mish(), nn.Linear(4, 2), nn.Softmax(dim=-1)),
        [_rows(5, 4)],
        {"seed": _rows(5, 2, seed=8)},
    ),
}
