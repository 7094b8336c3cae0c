"""Reading the door's array-likes: what is wrong with one is said in a ValueError that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int

Float = npt.NDArray[np.float64]


def as_index(name: str, values: npt.ArrayLike) -> Int:
    """A 1-D array of whole numbers >= 0 (whole floats too)."""
    return _whole(name, _one_dimension(name, _numbers(name, values)), "index")


def as_scores(name: str, values: npt.ArrayLike) -> Float:
    """A 1-D array of finite floats of any magnitude."""
    array = _one_dimension(name, _numbers(name, values)).astype(np.float64)
    _refuse(name, ~np.isfinite(array), array, "is not a finite number")
    return array + 0.0


def as_capacity(name: str, values: npt.ArrayLike, index: Int) -> Int:
    """The capacity of every left or right in ``index``, from one number for all or an array with an entry per index."""
    array = _numbers(name, values)
    if array.ndim == 0:
        return np.repeat(_whole(name, array.reshape(1), "capacity"), index.size)
    capacity = _whole(name, _one_dimension(name, array), "capacity")
    if index.size and index.max() >= capacity.size:
        raise ValueError(f"{name}: {capacity.size} entries, but an index is {index.max()}")
    return capacity[index]


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
    _refuse(name, array < 0, array, f"is negative, as {kind} cannot be")
    _refuse(name, array >= 2**63 if array.dtype.kind != "i" else np.zeros(array.size, np.bool_), array, "is too large")
    return array.astype(np.int64)


def _refuse(name: str, bad: npt.NDArray[np.bool_], array: npt.NDArray[Any], what: str) -> None:
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise ValueError(f"{name}: entry {at} ({array[at]}) {what}")
