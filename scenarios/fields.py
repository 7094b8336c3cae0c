"""What a field of a change may hold: each reader takes what a file or a caller gave, and gives the value or an error."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.case import words
from matcher.case.cpr import has_cpr
from matcher.errors import UsageError

MOST_PEOPLE = 10_000
"""So many people a change adds or takes away at most."""
LONGEST = 200
"""Letters of a text at most."""
LARGEST = 10**15
"""The largest number that a setting may be given."""
REQUIRED: Any = dataclasses.MISSING
Reader = Callable[[Any], Any]


def refused(code: str, near: str = "", **facts: str) -> UsageError:
    """The error of one wrong value; ``near`` is the nearest that would be right."""
    return UsageError(f"whatif.{code}", **facts, **({"nearest": near} if near else {}))


def one_of(value: object, choices: Iterable[str], code: str = "word_unknown", **facts: str) -> str:
    """The word itself where it is one of these; else the error names the nearest."""
    word, known = value.strip() if isinstance(value, str) else "", tuple(choices)
    if word not in known:
        raise refused(code, words.nearest(word, known), expected=", ".join(known), **facts)
    return word


def as_field(key: str) -> str:
    """A key of a file where it may be shown: one that could be a field's name."""
    return key if key.isidentifier() and len(key) <= 40 and not has_cpr(key) else ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int
    most: int

    def __call__(self, value: Any) -> int:  # noqa: ANN401  whatever was given
        """Read it."""
        if not _is_number(value) or value != int(value) or not self.least <= value <= self.most:
            raise refused("whole", least=str(self.least), most=str(self.most))
        return int(value)


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number, perhaps with decimals."""

    least: float
    most: float

    def __call__(self, value: Any) -> float:  # noqa: ANN401
        """Read it."""
        if not _is_number(value) or not self.least <= value <= self.most:
            raise refused("number", least=f"{self.least:.16g}", most=f"{self.most:.16g}")
        return float(value)


@dataclass(frozen=True, slots=True)
class Span:
    """Two whole numbers, from and to, both included."""

    least: int
    most: int

    def __call__(self, value: Any) -> tuple[int, int]:  # noqa: ANN401
        """Read them."""
        whole = Whole(self.least, self.most)
        try:
            low, high = (whole(one) for one in value)
        except (TypeError, ValueError, UsageError):
            raise refused("span", least=str(self.least), most=str(self.most)) from None
        if low > high:
            raise refused("span_backwards")
        return low, high


@dataclass(frozen=True, slots=True)
class Code:
    """One of the words that a case may use, in either language."""

    choices: tuple[str, ...]

    def __call__(self, value: Any) -> str:  # noqa: ANN401
        """Read it."""
        known = words.codes(self.choices)
        word = words.folded(value) if isinstance(value, str) else ""
        if word not in known:
            raise refused("word_unknown", words.nearest(word, known), expected=words.expected(self.choices))
        return known[word]


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of such words; one word alone is a list of one."""

    choices: tuple[str, ...]

    def __call__(self, value: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Read them."""
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not items:
            raise refused("words", expected=words.expected(self.choices))
        return tuple(dict.fromkeys(Code(self.choices)(item) for item in items))


@dataclass(frozen=True, slots=True)
class Plain:
    """One of some words of ours."""

    choices: tuple[str, ...]

    def __call__(self, value: Any) -> str:  # noqa: ANN401
        """Read it."""
        return one_of(value, self.choices)


def text(value: Any) -> str:  # noqa: ANN401
    """Read a text that says something."""
    if not isinstance(value, str) or not words.plain(value) or len(value) > LONGEST or not value.isprintable():
        raise refused("text", most=str(LONGEST))
    return words.plain(value)


def texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read one text or a list of them."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items:
        raise refused("text", most=str(LONGEST))
    return tuple(dict.fromkeys(map(text, items)))


def yes_no(value: Any) -> bool:  # noqa: ANN401
    """Read yes or no."""
    if not isinstance(value, bool):
        raise refused("yes_no")
    return value


def plain(value: Any) -> Any:  # noqa: ANN401
    """Read what a setting may be: a number, a text, a date, a truth, or a list; a list in it is a set of words."""
    if isinstance(value, list | tuple):
        return tuple("+".join(texts(one)) if isinstance(one, list | tuple) else plain(one) for one in value)
    if not (isinstance(value, bool | str | date) or _is_number(value)):
        raise refused("plain")
    return value if isinstance(value, bool | str | date) else _exact(value)


def count_or_names(value: Any) -> int | tuple[str, ...]:  # noqa: ANN401
    """Read how many, or which ones by id."""
    return texts(value) if isinstance(value, str | list | tuple) else Whole(1, MOST_PEOPLE)(value)


def given(reader: Reader, default: Any = REQUIRED) -> Any:  # noqa: ANN401  a field of whatever type it is declared
    """A field of a change, read by ``reader``; without a default it must be given."""
    return dataclasses.field(default=default, metadata={"read": reader})


def share(default: Any = 1.0) -> Any:  # noqa: ANN401
    """A field that is a share from 0 to 1."""
    return given(Decimal(0.0, 1.0), default)


def _exact(value: int | float) -> int | float:
    """The number, unless it is so large that a float would not hold it to the unit."""
    if abs(value) > LARGEST:
        raise refused("number", least=f"{-LARGEST}", most=f"{LARGEST}")
    return value


def _is_number(value: object) -> bool:
    """Whether it is a number and finite; whole ones of any length are compared as they are, for a float could not hold them."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and math.isfinite(value))
