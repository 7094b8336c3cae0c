"""Reading the door's array-likes: what is wrong with one is said in a ValueError that names it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from matcher.assignment.kernel.read import in_order, survey

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int

Float = npt.NDArray[np.float64]
Dtype = type[np.int64] | type[np.float64]

SPREAD = 2
"""Indices up to so many times the number of pairs are taken as they are; beyond, gaps are closed first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """The lefts or rights 0 to ``size - 1`` and their indices, rising; without ``ids`` they are their own."""

    size: int
    ids: Int | None

    def named(self, own: Int) -> Int:
        """The indices of lefts or rights."""
        return own if self.ids is None else self.ids[own]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """Scored pairs by (left, right), each once, at its best score.

    Attributes
    ----------
    left, right : int64 arrays, shape (pairs,); below the sides' sizes. score : float64 array, shape (pairs,), finite.
    lefts, rights : the two sides.
    largest : the largest magnitude of a score that was listed.
    whole : whether all scores are whole numbers.
    """

    left: Int
    right: Int
    score: Float
    lefts: Side
    rights: Side
    largest: float
    whole: bool

    def without_negative(self) -> Listing:
        """The pairs that score 0 or more."""
        kept = self.score >= 0
        return replace(self, left=self.left[kept], right=self.right[kept], score=self.score[kept])


def listed(left: npt.ArrayLike, right: npt.ArrayLike, score: npt.ArrayLike) -> Listing:
    """The pairs of three arrays in any order, with repeats."""
    one, two, scores = as_index("left", left), as_index("right", right), as_scores("score", score)
    if not one.size == two.size == scores.size:
        raise ValueError(f"left, right and score have different lengths: {one.size}, {two.size} and {scores.size}")
    in_their_order, (first_left, last_left), (first_right, last_right), (largest, n_finite, n_whole) = survey(one, two, scores)
    for name, index, first in (("left", one, first_left), ("right", two, first_right)):
        if first < 0:
            _refuse(name, index < 0, index, "is negative, as index cannot be")
    if n_finite < scores.size:
        _refuse("score", ~np.isfinite(scores), scores, "is not a finite number")
    lefts, one = _side(one, last_left)
    rights, two = _side(two, last_right)
    if not in_their_order:
        one, two, scores = in_order(one, two, scores, lefts.size, rights.size)
    return Listing(left=one, right=two, score=scores, lefts=lefts, rights=rights, largest=largest, whole=n_whole == n_finite)


def _side(index: Int, last: int) -> tuple[Side, Int]:
    """The side of an ``index`` whose largest is ``last``, and the index in it: its own where there are few gaps."""
    if last < SPREAD * index.size:
        return Side(size=last + 1, ids=None), index
    ids, own = np.unique(index, return_inverse=True)
    return Side(size=ids.size, ids=ids), own


def as_index(name: str, values: npt.ArrayLike) -> Int:
    """A 1-D array of whole numbers (whole floats too); ``listed`` refuses those below 0."""
    if _is_plain(values, np.int64):
        return cast("Int", values)
    return _whole(name, _one_dimension(name, _numbers(name, values)), "index")


def as_scores(name: str, values: npt.ArrayLike) -> Float:
    """A 1-D array of floats; ``listed`` refuses those that are not finite."""
    if _is_plain(values, np.float64):
        return cast("Float", values)
    return _plain(_one_dimension(name, _numbers(name, values)), np.float64)


def as_capacity(name: str, values: npt.ArrayLike, side: Side) -> Int:
    """The capacity of every left or right of a side, from one number for all or an array with an entry per index."""
    if type(values) is int and 0 <= values < 2**63:
        return np.full(side.size, values, dtype=np.int64)
    array = _numbers(name, values)
    if array.ndim == 0:
        return np.repeat(_whole(name, array.reshape(1), "capacity"), side.size)
    capacity = _whole(name, _one_dimension(name, array), "capacity")
    last = side.size - 1 if side.ids is None else int(side.ids.max(initial=-1))
    if last >= capacity.size:
        raise ValueError(f"{name}: {capacity.size} entries, but an index is {last}")
    return capacity[: side.size] if side.ids is None else capacity[side.ids]


def _numbers(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    """As an array of integers or floats."""
    try:
        array = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: not an array of numbers ({error})") from error
    if array.dtype.kind == "O" and all(isinstance(v, int | float) and not isinstance(v, bool) for v in array.ravel()):
        try:
            return array.astype(np.float64)
        except OverflowError as error:
            raise ValueError(f"{name}: a number exceeds the range of floats") from error
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name}: holds {array.dtype}, not numbers")
    return array


def _one_dimension(name: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.ndim != 1:
        raise ValueError(f"{name}: has {array.ndim} dimensions, not 1")
    return array


def _whole(name: str, array: npt.NDArray[Any], kind: str) -> Int:
    """Whole numbers from 0 to below 2**63."""
    if array.dtype.kind == "f":
        _refuse(name, ~np.isfinite(array), array, "is not a finite number")
        _refuse(name, array != np.floor(array), array, f"is no whole number, as {kind} must be")
    if array.size and array.min() < 0:
        _refuse(name, array < 0, array, f"is negative, as {kind} cannot be")
    if array.dtype.kind != "i" and array.size and array.max() >= 2**63:
        _refuse(name, array >= 2**63, array, "is too large")
    return _plain(array, np.int64)


def _is_plain(values: npt.ArrayLike, dtype: Dtype) -> bool:
    """Whether compiled loops can read a list of numbers as it is: they know writeable, contiguous arrays only."""
    return type(values) is np.ndarray and values.ndim == 1 and values.flags.carray and values.dtype == dtype


def _plain(array: npt.NDArray[Any], dtype: Dtype) -> npt.NDArray[Any]:
    """The array itself where compiled loops can read it as it is, else a copy."""
    return array if _is_plain(array, dtype) else np.require(array, dtype, ["C", "A", "W"])


def _refuse(name: str, bad: npt.NDArray[np.bool_], array: npt.NDArray[Any], what: str) -> None:
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise ValueError(f"{name}: entry {at} ({array[at]}) {what}")
