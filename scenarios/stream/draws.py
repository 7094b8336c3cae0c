"""Uniform numbers by name: each is a function of the seed, the person or pair, and the event, and of nothing else.

So a scenario that changes one thing leaves every other draw as it is (common random numbers), whatever the order of events.
The mixing is that of SplitMix64 [1]_.

.. [1] G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from matcher.compiling import light

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

# What a draw is for. Gates take GATE, GATE + 1, ...; a person's later episodes add EPISODE each.
COUNT, WHICH, WHEN, VISIT, LEAVE, PAPERS, RENEWAL, LASTS, CAUSE, CHILD_BACK, ADULT_BACK, GATE = range(12)
EPISODE = 1000
CHILD_SIDE, ADULT_SIDE = 11, 13


def keys_of(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number for each text; texts that differ have different ones."""
    return np.array([int.from_bytes(hashlib.blake2b(t.encode(), digest_size=8).digest(), "big") for t in texts], dtype=np.uint64)


@light
def mixed(key, name):  # type: ignore[no-untyped-def]
    """A number of 64 bits from two."""
    z = np.uint64(key) ^ (np.uint64(name) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@light
def uniform(stream, key, event):  # type: ignore[no-untyped-def]
    """A number in (0, 1) for a person or pair, and an event; the last bit of ``stream`` mirrors all draws (antithetic)."""
    bits = mixed(mixed(stream >> np.uint64(1), key), np.uint64(event)) >> np.uint64(12)
    u = (np.float64(bits) + 0.5) / 4503599627370496.0
    return 1.0 - u if stream & np.uint64(1) else u


@light
def pair_key(child, volunteer):  # type: ignore[no-untyped-def]
    """A number for two people."""
    return mixed(child, volunteer)


@light
def stream_of(seed, replication, mirrored):  # type: ignore[no-untyped-def]
    """The name of all draws of a replication."""
    return (mixed(mixed(np.uint64(17), np.uint64(seed)), np.uint64(replication)) << np.uint64(1)) | np.uint64(mirrored)
