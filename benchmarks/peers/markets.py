"""Drawn assignment questions: who may be paired and how well; every contestant is given the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Int = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]
TOP = 100_000
"""Most points of a pair: a hundred, in thousandths."""
ELIGIBLE = 0.1
TOWNS = 7
CHUNK = 500


@dataclass(frozen=True, eq=False)
class Market:
    """Pairs sorted by (left, right), no pair twice, and whole points; wanted are most pairs, then the highest total.

    Attributes
    ----------
    left, right : int32, shape (pairs,).
    points : int64, shape (pairs,).
    perfect : everybody can be matched at once, and there are as many lefts as rights.
    """

    left: Index
    right: Index
    points: Int
    n_left: int
    n_right: int
    perfect: bool = False

    @property
    def complete(self) -> bool:
        """Whether everybody may be matched with everybody."""
        return self.left.size == self.n_left * self.n_right

    @property
    def size(self) -> float:
        """Lefts and rights as one number."""
        return float(np.sqrt(self.n_left * self.n_right))

    @property
    def largest(self) -> int:
        """Largest magnitude of points."""
        return int(np.abs(self.points).max(initial=0))

    @property
    def weight(self) -> int:
        """What a match counts beside its points, for solvers that know no order of aims.

        It is no proof of most matches first, but enough here, as answers are compared; a safe one is larger by the number
        of lefts, and makes most of these solvers slower, HiGHS several times.
        """
        return 3 * self.largest + 1

    def value(self, left: npt.ArrayLike, right: npt.ArrayLike) -> tuple[int, int]:
        """Number of pairs and total points of an answer; pairs that may not be made count as unmatched.

        Raises
        ------
        ValueError
            Somebody is matched twice.
        """
        one, two = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
        keys, asked = self.left.astype(np.int64) * self.n_right + self.right, one * self.n_right + two
        at = np.minimum(np.searchsorted(keys, asked), keys.size - 1)
        at = at[(keys[at] == asked) & (two < self.n_right) & (two >= 0)]
        for side in (self.left[at], self.right[at]):
            if np.unique(side).size < side.size:
                raise ValueError("somebody is matched twice")
        return at.size, int(self.points[at].sum())

    def save(self, path: Path) -> None:
        """Write the arrays, for another process."""
        sides = np.array([self.n_left, self.n_right, self.perfect])
        np.savez(path, left=self.left, right=self.right, points=self.points, sides=sides)

    @classmethod
    def load(cls, path: Path) -> Market:
        """Read what ``save`` wrote."""
        with np.load(path) as kept:
            n_left, n_right, perfect = kept["sides"].tolist()
            return cls(kept["left"], kept["right"], kept["points"], n_left, n_right, bool(perfect))


def region(n_left: int, n_right: int, *, seed: int) -> Market:
    """People in and around some towns, of which some have more lefts and some more rights; a tenth of the pairs are eligible.

    Points are shares of a hundred for who lives near, for what the right is like to everybody, and for what suits the two.
    """
    random = np.random.default_rng(seed)
    towns = random.random((TOWNS, 2))
    here, there = _homes(n_left, towns, random), _homes(n_right, towns, random)
    kind, takes, liked = random.random(n_left, dtype=np.float32), random.random(n_right, dtype=np.float32), random.random(n_right)
    parts: list[tuple[Index, Index, Int]] = []
    limit = 0.0
    for start in range(0, n_left, CHUNK):
        rows = slice(start, start + CHUNK)
        far = np.hypot(here[rows, None, 0] - there[:, 0], here[rows, None, 1] - there[:, 1])
        suits = np.abs(kind[rows, None] - takes) < 0.3
        limit = limit or float(np.quantile(far[suits], ELIGIBLE / suits.mean()))
        i, j = np.nonzero(suits & (far <= limit))
        share = 0.4 * (1 - far[i, j] / limit) + 0.3 * liked[j] + 0.3 * random.random(i.size)
        parts.append(((i + start).astype(np.int32), j.astype(np.int32), np.rint(share * TOP).astype(np.int64)))
    left, right, points = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Market(left, right, points, n_left, n_right)


def _homes(people: int, towns: npt.NDArray[np.float64], random: np.random.Generator) -> npt.NDArray[np.float32]:
    centre = towns[random.choice(len(towns), people, p=random.dirichlet(np.full(len(towns), 3.0)))]
    in_town = random.random((people, 1)) < 0.7
    return np.where(in_town, centre + 0.06 * random.normal(size=(people, 2)), random.random((people, 2))).astype(np.float32)


def scattered(n: int, each: int, *, seed: int) -> Market:
    """Each of ``n`` lefts may have any of ``each`` rights among ``n``, drawn at random, with any points."""
    left, right = _drawn_pairs(n, each, np.random.default_rng(seed))
    return Market(left, right, np.random.default_rng(seed + 1).integers(0, TOP + 1, left.size), n, n)


def complete(n: int, *, seed: int) -> Market:
    """Every pair may be made; costs are whole, 1 to 100, as in Beasley's assign instances: points are minus the cost."""
    left, right = np.divmod(np.arange(n * n), n)
    costs = np.random.default_rng(seed).integers(1, 101, n * n)
    return Market(left.astype(np.int32), right.astype(np.int32), -costs, n, n, perfect=True)


def perfect(n: int, each: int, *, seed: int) -> Market:
    """Some pairs of each, with costs 1 to 100 and so with many ties; one plan that matches everybody is hidden among them."""
    random = np.random.default_rng(seed)
    left, right = _drawn_pairs(n, each, random)
    keys = np.union1d(left.astype(np.int64) * n + right, np.arange(n) * n + random.permutation(n))
    left, right = (side.astype(np.int32) for side in np.divmod(keys, n))
    return Market(left, right, -random.integers(1, 101, keys.size), n, n, perfect=True)


def _drawn_pairs(n: int, each: int, random: np.random.Generator) -> tuple[Index, Index]:
    keys = np.unique(np.repeat(np.arange(n), each) * n + random.integers(0, n, n * each))
    left, right = np.divmod(keys, n)
    return left.astype(np.int32), right.astype(np.int32)
