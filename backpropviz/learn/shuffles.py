"""Orders of the examples, the same in Python and in a page: how a run's shuffles travel.

The orders are those of :meth:`numpy.random.Generator.permutation` on PCG64, as they have always been, so every run of
a given seed keeps its bits. A page implements the same generator (``web/src/training/random_draws.ts``): seeding by
:class:`numpy.random.SeedSequence`, the generator, and a Fisher-Yates shuffle from the last place down, each place drawn
by masking and rejection from 32 bits. NumPy does not promise that its permutations stay the same from release to
release: the cases in ``web/src/training/shuffle_cases.json``, which both sides are tested against, would tell.

References
----------
O'Neill (2014), PCG: A family of simple fast space-efficient statistically good algorithms for random number generation.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def shuffles_to(generator: np.random.Generator) -> dict[str, Any]:
    """Give where a generator stands, as JSON can hold it: a page draws the same orders from there on.

    Parameters
    ----------
    generator : Generator
        On PCG64, as :func:`numpy.random.default_rng` makes it.

    Returns
    -------
    dict
        ``state`` and ``increment``, 128 bits each in hexadecimal digits, and ``half``: 32 bits that are drawn already
        but not used, or None.

    Examples
    --------
    >>> import numpy as np
    >>> sorted(shuffles_to(np.random.default_rng(0)))
    ['half', 'increment', 'state']
    """
    told: Any = generator.bit_generator.state
    inner = told["state"]
    half = int(told["uinteger"]) if told["has_uint32"] else None
    return {"state": f"{inner['state']:032x}", "increment": f"{inner['inc']:032x}", "half": half}


def shuffles_from(plain: Any) -> np.random.Generator:
    """Read what :func:`shuffles_to` gave.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where something is missing or does not fit.
    """
    generator = np.random.default_rng(0)
    inner = {"state": int(plain["state"], 16), "inc": int(plain["increment"], 16)}
    half = plain["half"]
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": inner,
        "has_uint32": int(half is not None),
        "uinteger": half or 0,
    }
    return generator
