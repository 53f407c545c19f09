"""What a gate does to a gradient on its way back, as a claim that a test checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """The part a gate plays in the backward sweep.

    Parameters
    ----------
    name : str
        One or two words for the picture, as in ``"gradient router"``.
    sentence : str
        What happens to the upstream gradient, as one sentence.
    """

    name: str
    sentence: str


DISTRIBUTOR = Role(
    "gradient distributor",
    "It passes the upstream gradient on, unchanged, to each of its arguments.",
)
SIGNED_DISTRIBUTOR = Role(
    "signed distributor",
    "It passes the upstream gradient on with the sign of each argument.",
)
CROSS_AMPLIFIER = Role(
    "gradient cross-amplifier (swap)",
    "It multiplies the upstream gradient by the other argument's value: the values swap places.",
)
ROUTER = Role(
    "gradient router",
    "It sends the upstream gradient to the argument that won, and nothing to the others.",
)
GATE = Role(
    "gradient gate",
    "It lets the upstream gradient through on one side of the kink and blocks, shrinks or turns it on the other.",
)
SCALER = Role(
    "gradient scaler",
    "It multiplies the upstream gradient by its own slope at this point.",
)
MIXER = Role(
    "gradient mixer",
    "Each entry of an argument receives a weighted sum over the entries of the upstream gradient.",
)
SPREADER = Role(
    "gradient spreader",
    "It hands each entry of its argument a share of the upstream gradient.",
)
COLLECTOR = Role(
    "gradient collector",
    "Each entry of its argument receives the sum of the upstream gradient from its own place on.",
)
MOVER = Role(
    "gradient mover",
    "It only moves entries, so it moves the upstream gradient back to where they came from.",
)
BLOCKER = Role(
    "gradient blocker",
    "Its value stays the same under small changes of its arguments, so no gradient passes.",
)
COMPOSITE = Role(
    "closed group",
    "It sends the upstream gradient back through the gates inside: its local gradient is theirs, multiplied along each "
    "way and summed over the ways.",
)
