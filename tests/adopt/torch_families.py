"""Models whose operations have no counterpart of their own, are held, or change parts of arrays in place."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional
from torch_zoo import _rows, _square


class Experts(nn.Module):
    """Two of three experts answer each row, chosen by a router; as Mixtral has it, or by masks."""

    def __init__(self, *, by_index):
        super().__init__()
        self.router, self.by_index = nn.Linear(4, 3), by_index
        self.experts = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))

    def forward(self, x):
        weights, chosen = torch.topk(self.router(x), 2, dim=-1)
        weights = weights.softmax(-1)
        out = torch.zeros_like(x)
        for place, expert in enumerate(self.experts):
            if self.by_index:
                rows, columns = torch.where(chosen == place)
                out[rows] += weights[rows, columns, None] * expert(x[rows])
            else:
                out = out + (weights * (chosen == place)).sum(-1, keepdim=True) * expert(x)
        return out


class UNet(nn.Module):
    """Down, up by a transposed convolution and by interpolation, and past both."""

    def __init__(self):
        super().__init__()
        self.down, self.norm, self.middle = nn.Conv2d(1, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.Conv2d(4, 8, 1)
        self.up, self.out = nn.ConvTranspose2d(8, 4, 2, 2), nn.Conv2d(16, 1, 1)

    def forward(self, x):
        before = functional.silu(self.norm(self.down(x)))
        low = functional.gelu(self.middle(functional.max_pool2d(before, 2)))
        up = functional.interpolate(low, scale_factor=2, mode="bilinear")
        return self.out(torch.cat([before, self.up(low), up], 1))


class Sampled(nn.Module):
    """A variational autoencoder: noise that is drawn is held."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(4, 6), nn.Linear(3, 4)

    def forward(self, x):
        mean, log_variance = self.encoder(x).chunk(2, -1)
        code = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        prior = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).mean()
        return functional.mse_loss(self.decoder(code), x) + prior


def _rows_filled(x):
    out = torch.zeros(3, 4, dtype=x.dtype)
    for row in range(3):
        out[row] = x[row] * x[(row + 1) % 3]
    out[:, 0] = x[:, 1].exp()
    out[x > 0] *= 0.5
    return (out**2).sum()


def _scattered(x):
    index, zeros = torch.tensor([[0, 1, 1], [2, 4, 4]]), torch.zeros(2, 5, dtype=x.dtype)
    added = zeros.scatter_add(1, index, x) ** 3
    means = zeros.scatter_reduce(1, index, x, "mean", include_self=False) ** 2
    put = torch.full_like(zeros, -torch.inf).scatter(1, torch.tensor([[0, 3], [1, 2]]), x[:, :2]).softmax(-1)
    return added.sum() + means.sum() + (put**2).sum() + x.masked_select(x > 0).exp().sum()


def _numbers_and_zeros(x):
    place, number, zero = torch.tensor(0), x.sum(), x - x.detach()
    put = number.scatter_add(0, place, x[0, 0] ** 2) * number.scatter(0, place, x[0, 1])
    put = put + number.index_add(0, place.reshape(1), x[0, 2]) * number.index_copy(0, place.reshape(1), x[1, 0])
    put = put + number.scatter_reduce(0, place, x[1, 1], "mean").exp() + x.masked_select(x[:1] > 0).exp().sum()
    lengths = torch.linalg.vector_norm(zero, 3.0) + torch.linalg.vector_norm(zero, -0.5) + torch.cdist(x, x, 1.5).sum()
    shut = torch.where(torch.tensor([[True], [False]]), x[:2], -torch.inf)
    return put + lengths + torch.cdist(x, x, 0.0).sum() + torch.ops.aten._safe_softmax(shut, 1).pow(2).sum()


def _orders(x):
    sums = x.logcumsumexp(1).sum() + x.cumprod(1).sum() + torch.cummax(x, 1).values.pow(2).sum()
    ordered = x.sort(descending=True).values[:, 0].sum() + x.kthvalue(2).values.exp().sum() + x.median() ** 2
    return sums + ordered + torch.quantile(x, 0.3) + x[torch.arange(3), x.argmax(1)].sum() + x.min() * x.max()


def _pictures(x):
    sizes = [(mode, {}) for mode in ("bilinear", "bicubic", "nearest", "area")]
    ways = [*sizes, ("bilinear", {"align_corners": True})]
    seen = [functional.interpolate(x, size=(7, 5), mode=mode, **settings).pow(2).sum() for mode, settings in ways]
    grid = functional.grid_sample(x[:, :1], x[:, :2].permute(0, 2, 3, 1).tanh(), align_corners=False)
    return sum(seen) + grid.pow(2).sum() + functional.fold(functional.unfold(x, 2) * x.sum(), (4, 4), 2).pow(2).sum()


def _matrices(x):
    product = torch.kron(x, x).sum() + torch.einsum("ij,jk,ki->", x, x, x) + torch.cross(x, x.flip(0), dim=1).sum()
    return (
        product
        + torch.linalg.det(x)
        + torch.linalg.cholesky(x @ x.T + torch.eye(3)).sum()
        + torch.cdist(x, x + 1).sum()
        + torch.linalg.svd(x)[1].prod() * torch.linalg.matrix_norm(x[:2], "nuc") / torch.linalg.cond(x[:, :2])
    )


class Bags(nn.Module):
    """Words without their order: sums, means and largest entries of rows, some of which pad."""

    def __init__(self):
        super().__init__()
        self.bags = nn.ModuleList(nn.EmbeddingBag(6, 3, mode=mode, padding_idx=2) for mode in ("sum", "mean", "max"))

    def forward(self, weights):
        words, starts = torch.tensor([1, 2, 0, 4, 2, 2]), torch.tensor([0, 2, 2, 5])
        found = sum((bag(words, starts) ** 2).sum() for bag in self.bags)
        return found + self.bags[0](words.reshape(2, 3), per_sample_weights=weights).exp().sum()


def _triangles(x):
    lower = torch.linalg.cholesky(x @ x.T + torch.eye(3))
    found = torch.linalg.solve_triangular(x.triu() + 3 * torch.eye(3), x, upper=True, unitriangular=True)
    found = found * torch.cholesky_solve(x, lower) + torch.cholesky_inverse(lower) + torch.linalg.matrix_power(x, -1)
    fitted = torch.linalg.lstsq(x[:, :2], x[:, 2:]).solution
    drawn = torch.distributions.MultivariateNormal(x[0], scale_tril=lower).log_prob(x[1])
    return (found**2).sum() + fitted.sum() + drawn


def _classes_and_sequences(x):
    target = torch.tensor([[0, 2, -1, 1], [3, -1, 0, 0], [1, 1, 3, -1]])
    several = functional.multilabel_margin_loss(x, target) + functional.multilabel_margin_loss(x[0], target[0])
    joined = torch.nn.utils.rnn.pad_sequence([x[0], x[1, :2]], padding_value=0.5)
    return several + (joined * joined).sum() + torch.round(x, decimals=1) @ x[0] @ x[:, 0]


def _asked_by_unit_vectors(x):
    strides, small = torch.as_strided(x, (2, 3), (1, 2)), x.reshape(1, 1, 4, 4)
    shrunk = functional.interpolate(small, size=(3, 2), mode="bilinear", antialias=True)
    return (strides**3).sum() + (shrunk**2).sum()


def _found_again(x):
    return (torch.addmm(x @ x.T, x, x.T, beta=0.5) ** 2).sum() + functional.alpha_dropout(x, 0.3, training=True).sum()


FAMILIES = {
    "bags of words": lambda: (Bags(), [_rows(2, 3)], {}),
    "projected states": lambda: (
        nn.LSTM(3, 4, proj_size=2, num_layers=2, bidirectional=True),
        [_rows(3, 2, 3)],
        {"loss": lambda found: sum((each**2).sum() for each in (found[0], *found[1]))},
    ),
    "triangles": lambda: (_triangles, [_rows(3, 3)], {}),
    "classes and sequences": lambda: (_classes_and_sequences, [_rows(3, 4)], {}),
    "asked by unit vectors": lambda: (_asked_by_unit_vectors, [_rows(4, 4)], {}),
    "found again inside another call": lambda: (_found_again, [_rows(3, 3)], {}),
    "mixture of experts by index": lambda: (Experts(by_index=True), [_rows(5, 4)], {"loss": _square}),
    "mixture of experts by mask": lambda: (Experts(by_index=False), [_rows(5, 4)], {"loss": _square}),
    "U-Net": lambda: (UNet(), [_rows(1, 1, 8, 8)], {"loss": _square}),
    "variational autoencoder": lambda: (Sampled(), [_rows(3, 4)], {}),
    "rows filled in place": lambda: (_rows_filled, [_rows(3, 4)], {}),
    "scattered": lambda: (_scattered, [_rows(2, 3)], {}),
    "numbers as rows, and lengths of 0": lambda: (_numbers_and_zeros, [_rows(3, 3)], {}),
    "orders": lambda: (_orders, [_rows(3, 4)], {}),
    "pictures": lambda: (_pictures, [_rows(1, 2, 4, 4)], {}),
    "matrices": lambda: (_matrices, [_rows(3, 3)], {}),
    "grouped queries": lambda: (
        lambda q, k: functional.scaled_dot_product_attention(q, k, k, is_causal=True, enable_gqa=True).pow(2).sum(),
        [_rows(1, 4, 3, 2), _rows(1, 2, 3, 2, seed=1)],
        {},
    ),
    "mapped over rows": lambda: (
        lambda x: torch.vmap(lambda row: (row * row.sum()).tanh())(x).sum(),
        [_rows(3, 4)],
        {},
    ),
}
