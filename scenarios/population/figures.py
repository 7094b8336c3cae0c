"""The figures that synthetic people are drawn from, and seeded draws from them.

Only uniform numbers are drawn; each figure is its own inverse. Every draw has a stream of its own, named by the seed, by whom
it is for and by the fact, so that one more fact or one more person never changes what is drawn for the others. The facts that
matter most (gender, programme, home, how new a friendship is) are spread evenly, so that small cases have the figures too.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

GENDER, PROGRAMME, HOME, NEW = range(4)
"""The axes of facts that are spread evenly."""

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@cache
def load_figures() -> Mapping[str, Any]:
    """The table of ``scenarios/synthetic.toml``, read once; figures are named ``table.figure``."""
    text = resources.files("scenarios").joinpath("synthetic.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def figure(name: str) -> Mapping[str, Any]:
    """One figure with its mark and source, such as ``figure("children.likes")``."""
    found: Any = load_figures()
    for part in name.split("."):
        found = found[part]
    return MappingProxyType(found)


def choices(name: str) -> tuple[tuple[str, ...], FloatArray]:
    """The words of a figure and their weights."""
    table = figure(name)["choices"]
    return tuple(table), np.array(list(table.values()), dtype=np.float64)


_STEPS = (math.sqrt(5.0) / 2.0, math.sqrt(2.0), math.sqrt(3.0), math.sqrt(13.0) / 2.0)


@dataclass(frozen=True)
class Draws:
    """Draws for ``count`` people of one kind: row i is the same whatever ``count`` is."""

    seed: int
    who: str
    count: int

    def uniform(self, fact: str, width: int = 1) -> FloatArray:
        """Numbers in [0, 1), shape (count,), or (count, width) where ``width`` is above 1."""
        stream = np.random.Generator(np.random.PCG64([self.seed, *f"{self.who} {fact}".encode()]))
        return stream.random(self.count if width == 1 else (self.count, width))

    def even(self, axis: int) -> FloatArray:
        """Numbers in [0, 1), shape (count,), spread evenly along one of four axes, from a drawn start.

        Multiples of a quadratic irrational, modulo 1: the first n leave no gap above a few n-ths (Kuipers and Niederreiter,
        Uniform Distribution of Sequences, 1974, chapter 2). The four are independent, so their combinations fill as well.
        """
        start = float(Draws(self.seed, self.who, 1).uniform(f"start of axis {axis}")[0])
        return np.modf(start + _STEPS[axis] * np.arange(self.count, dtype=np.float64))[0]

    def pick_evenly(self, axis: int, name: str) -> list[str]:
        """One word for each, by the figure's weights, spread evenly along ``axis``."""
        words, weights = choices(name)
        return [words[i] for i in pick_index(self.even(axis), weights)]

    def chance(self, fact: str, name: str) -> BoolArray:
        """Who is among the figure's ``share``."""
        return self.uniform(fact) < float(figure(name)["share"])

    def pick(self, fact: str, name: str) -> list[str]:
        """One word for each, by the figure's weights."""
        words, weights = choices(name)
        return [words[i] for i in pick_index(self.uniform(fact), weights)]

    def whole(self, fact: str, low: IntArray | int, high: IntArray | int) -> IntArray:
        """Whole numbers from ``low`` to ``high``, both included, all alike."""
        return (low + np.floor(self.uniform(fact) * (np.asarray(high) - low + 1))).astype(np.int64)

    def whole_in(self, fact: str, name: str) -> IntArray:
        """Whole numbers in the figure's ``range``."""
        low, high = figure(name)["range"]
        return self.whole(fact, low, high)

    def waiting(self, fact: str, name: str, day_weights: FloatArray) -> IntArray:
        """Days ago, 1 to ``longest``: exponential with the figure's ``mean``, times the weight of each day."""
        days = np.arange(1, int(figure(name)["longest"]) + 1)
        return 1 + pick_index(self.uniform(fact), np.exp(-days / figure(name)["mean"]) * day_weights[: len(days)])

    def subset(self, fact: str, name: str, sizes: IntArray) -> list[tuple[str, ...]]:
        """``sizes`` different words for each, by the figure's weights, the most heavily drawn first."""
        words, weights = choices(name)
        keys = np.log1p(-self.uniform(fact, len(words))) / weights
        order = np.argsort(-keys, axis=1, kind="stable")
        return [tuple(words[i] for i in row[:size]) for row, size in zip(order.tolist(), sizes.tolist(), strict=True)]


def pick_index(uniform: FloatArray, weights: FloatArray | Sequence[float]) -> IntArray:
    """Index by weight for each uniform number."""
    edges = np.cumsum(weights)
    index: IntArray = np.searchsorted(edges, uniform * edges[-1], side="right").astype(np.int64)
    return np.minimum(index, len(edges) - 1)
