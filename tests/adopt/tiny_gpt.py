"""One step of a tiny GPT in plain Values: embeddings, root-mean-square norm, attention with heads, and a layer."""

from __future__ import annotations

import random


def loss(value, tokens=5, width=16, heads=4, vocabulary=27):
    """Give the loss of predicting each token from those before, and all weights; `value` makes a leaf."""
    source = random.Random(42)  # noqa: S311  no secret

    def matrix(rows, columns):
        return [[value(source.gauss(0.0, 0.08)) for _ in range(columns)] for _ in range(rows)]

    def times(weight, x):
        return [_total(w * each for w, each in zip(row, x, strict=True)) for row in weight]

    def normed(x):
        scale = (_total(each * each for each in x) * (1.0 / len(x)) + 1e-5) ** -0.5
        return [each * scale for each in x]

    def shares(scores):
        top = max(each.data for each in scores)
        powers = [(each - top).exp() for each in scores]
        whole = _total(powers)
        return [each / whole for each in powers]

    tokens_table, places = matrix(vocabulary, width), matrix(tokens, width)
    query, key, out = matrix(width, width), matrix(width, width), matrix(width, width)
    values, up, down, head = (
        matrix(width, width),
        matrix(4 * width, width),
        matrix(width, 4 * width),
        matrix(vocabulary, width),
    )
    text = [source.randrange(vocabulary) for _ in range(tokens + 1)]
    keys, held, losses, size = [], [], [], width // heads
    for place in range(tokens):
        x = normed([t + p for t, p in zip(tokens_table[text[place]], places[place], strict=True)])
        before, x = x, normed(x)
        q = times(query, x)
        keys.append(times(key, x))
        held.append(times(values, x))
        found = []
        for part in (slice(h * size, (h + 1) * size) for h in range(heads)):
            scores = [_total(a * b for a, b in zip(q[part], k[part], strict=True)) * size**-0.5 for k in keys]
            weights = shares(scores)
            found += [_total(w * v[part][j] for w, v in zip(weights, held, strict=True)) for j in range(size)]
        x = [a + b for a, b in zip(times(out, found), before, strict=True)]
        hidden = [each.relu() for each in times(up, normed(x))]
        x = [a + b for a, b in zip(times(down, hidden), x, strict=True)]
        losses.append(-shares(times(head, x))[text[place + 1]].log())
    return _total(losses) * (1.0 / tokens)


def _total(terms):
    iterator = iter(terms)
    total = next(iterator)
    for each in iterator:
        total = total + each
    return total
