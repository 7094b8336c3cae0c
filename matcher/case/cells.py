"""One cell to one value: a parser per kind of column, strict and the same for text and for Excel's typed values.

Nothing is guessed. What a parser cannot read it says by code; the words for it are in ``workbench``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from matcher.case import words
from matcher.case.tables import Kind
from matcher.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matcher.case.raw import Cell
    from matcher.case.tables import Column

LARGEST = 1_000_000_000
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_THREE_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_ISO = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})")
_DANISH = re.compile(r"(?P<d>[0-9]{1,2})(?:-(?P<m>[0-9]{1,2})-|\.(?P<m2>[0-9]{1,2})\.|/(?P<m3>[0-9]{1,2})-)(?P<y>[0-9]{4})")
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ][0-9]{2}")
_POSTCODE = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell, or one ``item`` of its list, is refused or unusual."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    is_fault: bool = True
    item: str | None = None

    def at(self, file: str, table: str = "", row: int | None = None, column: str = "", shown: str = "") -> Finding:
        """The finding of this problem at a cell; ``shown`` is its masked content."""
        severity = Severity.FAULT if self.is_fault else Severity.WARNING
        return Finding(
            severity=severity, code=self.code, file=file, table=table, row=row, column=column, value=shown, facts=self.facts
        )


def near_or_not(code: str, near: str, *, is_fault: bool = True, **facts: str) -> Problem:
    """A problem that names the nearest word where there is one: the code then ends in ``_near``."""
    return Problem(f"{code}_near", {**facts, "nearest": near}, is_fault) if near else Problem(code, facts, is_fault)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: a value (``None`` where it is blank or cannot be read) and what is wrong with it."""

    value: Any = None
    problems: tuple[Problem, ...] = ()


BLANK = Reading()


def _refused(code: str, **facts: str) -> Reading:
    return Reading(None, (Problem(code, facts),))


def text_of(cell: Cell) -> str:
    """The text that a person sees in the cell; a whole number has no decimals (7.0 is the id ``7``).

    >>> text_of(" Åse "), text_of(2750.0), text_of(True), text_of(date(2027, 3, 1))
    ('Åse', '2750', 'True', '2027-03-01')
    """
    if isinstance(cell, str):
        return words.plain(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _id(cell: Cell) -> Reading:
    return Reading(text_of(cell))


def _text(cell: Cell) -> Reading:
    text = text_of(cell)
    return Reading(text, (Problem("sensitive_text", is_fault=False),) if words.has_sensitive_word(text) else ())


def _date_in(text: str) -> date | str:
    """The date in a text, day before month unless the year stands first; else the code that says why not."""
    found = _ISO.fullmatch(text) or _DANISH.fullmatch(text)
    if not found:
        return "two_digit_year" if _TWO_DIGIT_YEAR.fullmatch(text) else "not_a_date"
    part = found.groupdict()
    try:
        return date(int(part["y"]), int(part["m"] or part.get("m2") or part["m3"]), int(part["d"]))
    except ValueError:
        return "impossible_date"


def read_date(cell: Cell) -> Reading:
    """``2027-03-01``, ``01-03-2027``, ``01.03.2027``, ``1/3-2027`` or a real Excel date.

    A time of day in a real Excel date is left out with a warning; in a text it is no date.

    >>> read_date("12-05-2015").value, read_date("1/3-2027").value, read_date("29-02-2023").problems[0].code
    (datetime.date(2015, 5, 12), datetime.date(2027, 3, 1), 'impossible_date')
    """
    if isinstance(cell, datetime):
        midnight = cell.time() == datetime.min.time()
        return Reading(cell.date(), () if midnight else (Problem("time_of_day", is_fault=False),))
    if isinstance(cell, date):
        return Reading(cell)
    if not isinstance(cell, str):
        return _refused("number_not_date")
    found = _date_in(words.plain(cell))
    return Reading(found) if isinstance(found, date) else _refused(found)


def _ranges(cell: Cell, separators: str) -> Reading:
    if not isinstance(cell, str):
        return _refused("not_a_range")
    spans, problems = [], []
    for item in _items(cell, separators):
        ends = [_date_in(end.strip()) for end in item.split("/")]
        wrong = next((end for end in ends if isinstance(end, str)), None)
        if len(ends) != 2:
            problems.append(Problem("not_a_range", item=item))
        elif wrong is not None:
            problems.append(Problem(wrong, item=item))
        elif ends[1] < ends[0]:  # type: ignore[operator]  # both are dates here
            problems.append(Problem("end_before_start", item=item))
        spans.append(tuple(ends))
    return Reading(None, tuple(problems)) if problems else Reading(tuple(dict.fromkeys(spans)) or None)


def read_number(cell: Cell, *, signed: bool = False) -> Reading:
    """``12.5`` or ``12,5``, or Excel's number; never an exponent, a unit, or separated thousands.

    ``1.000`` is read as 1, as the contract says of decimals; since many would mean a thousand, a warning says so
    (not of coordinates, the ``signed`` ones, which often have three decimals).

    >>> read_number("12,5").value, read_number("1e3").problems[0].code, read_number(-3).problems[0].code
    (12.5, 'not_a_number', 'negative_number')
    """
    if isinstance(cell, bool | date):
        return _refused("date_not_number" if isinstance(cell, date) else "not_a_number")
    text = words.plain(cell) if isinstance(cell, str) else ""
    if isinstance(cell, str) and not _NUMBER.fullmatch(text):
        return _refused("not_a_number")
    value = float(text.replace(",", ".")) if text else float(cell)
    if math.isnan(value):
        return _refused("not_a_number")
    if abs(value) > LARGEST:
        return _refused("number_too_large", most=f"{LARGEST}")
    if value < 0 and not signed:
        return _refused("negative_number")
    unclear = not signed and _THREE_DECIMALS.fullmatch(text)
    return Reading(value or 0.0, (Problem("thousands_or_decimals", is_fault=False),) if unclear else ())


def _whole(cell: Cell) -> Reading:
    number = read_number(cell)
    if number.value is None:
        return number
    exact = Decimal(words.plain(cell).replace(",", ".")) if isinstance(cell, str) else Decimal(number.value)
    return Reading(int(exact), number.problems) if exact == int(exact) else _refused("not_whole")


def _postcode(cell: Cell) -> Reading:
    text = text_of(cell)
    return Reading(text) if _POSTCODE.fullmatch(text) else _refused("postcode_not_four_digits")


def _yes_no(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading(cell)
    word = words.folded(text_of(cell))
    if word in words.aliases()["yes_no"]["yes"]:
        return Reading(value=True)
    return Reading(value=False) if word in words.aliases()["yes_no"]["no"] else _refused("not_yes_no")


def _unknown_code(word: str, choices: tuple[str, ...], item: str | None) -> Problem:
    near = words.misspelt(word, words.codes(choices))
    return replace(near_or_not("unknown_code", near, expected=words.expected(choices)), item=item)


def read_code(cell: Cell, choices: tuple[str, ...]) -> Reading:
    """The code that a word stands for in either language."""
    word = words.folded(text_of(cell))
    code = words.codes(choices).get(word)
    return Reading(code) if code else Reading(None, (_unknown_code(word, choices, None),))


def _items(cell: Cell, separators: str) -> list[str]:
    text = text_of(cell)
    for separator in separators:
        text = text.replace(separator, ";")
    return [item for part in text.split(";") if (item := part.strip())]


def _codes(cell: Cell, choices: tuple[str, ...], separators: str) -> Reading:
    known, found, problems = words.codes(choices), [], []
    for item in _items(cell, separators):
        word = words.folded(item)
        if word in known:
            found.append(known[word])
        else:
            problems.append(_unknown_code(word, choices, item))
    return Reading(None, tuple(problems)) if problems else Reading(tuple(dict.fromkeys(found)) or None)


def _words(cell: Cell, dictionary: str, separators: str, *, says_none: bool = False) -> Reading:
    found, problems = [], []
    for item in _items(cell, separators):
        if words.is_none(item):
            found += [words.NONE] if says_none else []
            continue
        word, familiar = words.canonical_word(dictionary, item)
        found.append(word)
        if not familiar:
            problem = near_or_not("unfamiliar_word", words.misspelt(word, words.free_words(dictionary)), is_fault=False)
            problems.append(replace(problem, item=item))
    return Reading(tuple(dict.fromkeys(found)) or None, tuple(problems))


def _ids(cell: Cell, separators: str) -> Reading:
    return Reading(tuple(dict.fromkeys(_items(cell, separators))) or None)


def parser(column: Column, separators: str) -> Callable[[Cell], Reading]:
    """The parser of a column's cells, for cells that are not blank."""
    simple: dict[Kind, Callable[[Cell], Reading]] = {
        Kind.ID: _id,
        Kind.TEXT: _text,
        Kind.DATE: read_date,
        Kind.NUMBER: read_number,
        Kind.WHOLE: _whole,
        Kind.YES_NO: _yes_no,
        Kind.POSTCODE: _postcode,
        Kind.LATITUDE: partial(read_number, signed=True),
        Kind.LONGITUDE: partial(read_number, signed=True),
        Kind.CODE: partial(read_code, choices=column.choices),
        Kind.CODES: partial(_codes, choices=column.choices, separators=separators),
        Kind.WORDS: partial(_words, dictionary=column.words, separators=separators, says_none=column.says_none),
        Kind.IDS: partial(_ids, separators=separators),
        Kind.RANGES: partial(_ranges, separators=separators),
    }
    return simple[column.kind]
