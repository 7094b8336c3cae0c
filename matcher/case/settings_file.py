"""Settings of a case: ``settings.toml``, another file, or a sheet with key and value.

Keys are flat, such as ``travel_time.max_minutes``.

This floor knows what a value may look like and one key, ``planning_date``; which keys there are, the rulebook says.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from matcher.case import words
from matcher.case.cells import Problem, read_date, text_of
from matcher.case.raw import is_blank
from matcher.case.tables import SETTINGS_SHEET
from matcher.findings import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from matcher.case.raw import Cell, RawTable
    from matcher.findings import Finding
    from matcher.records import SettingValue

CheckSetting: TypeAlias = "Callable[[str, SettingValue], tuple[str, Mapping[str, str]] | None]"
"""Says what is wrong with a setting, as a finding's code and facts, or ``None``."""

_TRUTH = {"true": True, "sand": True, "ja": True, "yes": True, "false": False, "falsk": False, "nej": False, "no": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}[.,][0-9]{1,15}")
_TABLE = re.compile(r"\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=")
_STRAIGHT = str.maketrans("“”„‘’", '"""\'\'')
"""Quotation marks that a spreadsheet or a word processor puts in place of those that were typed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting and where it stands."""

    key: str
    value: Any
    file: str
    row: int | None = None
    table: str = ""

    def fault(self, code: str, facts: Mapping[str, str]) -> Finding:
        """A fault of this setting."""
        column = SETTINGS_SHEET[1] if self.table else self.key
        return Problem(code, facts).at(self.file, self.table, self.row, column, masked(str(self.value)))


def read_toml(path: Path) -> tuple[list[Entry], list[Finding]]:
    """The entries of a TOML file; nested tables become dotted keys."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        nested = tomllib.loads(text)
    except FileNotFoundError:
        return [], [Problem("settings_not_found").at(path.name)]
    except (OSError, UnicodeDecodeError):
        return [], [Problem("settings_not_text").at(path.name)]
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line ([0-9]+)", str(error))
        return [], [Problem("settings_not_toml").at(path.name, row=int(line[1]) if line else None)]
    lines = dict(_lines(text))
    return [Entry(key, value, path.name, lines.get(key)) for key, value in _flat(nested, "")], []


def read_sheet(raw: RawTable) -> tuple[list[Entry], list[Finding]]:
    """The entries of a sheet with the columns key and value."""
    known = words.headings(SETTINGS_SHEET)
    at = {known.get(words.as_heading(name)): index for index, name in reversed(list(enumerate(raw.heading)))}
    missing = [name for name in SETTINGS_SHEET if name not in at]
    if missing:
        problems = [(name, Problem("missing_column", {"danish": words.danish_column(name)})) for name in missing]
        return [], [problem.at(raw.file, raw.table, 1, name) for name, problem in problems]
    entries, findings = [], []
    for row in raw.rows:
        key, value = text_of(row.cells[at["key"]]), row.cells[at["value"]]
        if key and not is_blank(value):
            entries.append(Entry(key, _typed(value), raw.file, row.number, raw.table))
        elif not key:
            findings.append(Problem("blank_required").at(raw.file, raw.table, row.number, raw.heading[at["key"]]))
    return entries, findings


def settle(sources: Iterable[Iterable[Entry]], check: CheckSetting | None) -> tuple[dict[str, SettingValue], list[Finding]]:
    """All settings, later sources before earlier ones, and the faults of those that are wrong."""
    found: dict[str, Entry] = {}
    findings = []
    for source in sources:
        first: dict[str, Entry] = {}
        for entry in source:
            if entry.key in first:
                findings.append(entry.fault("setting_twice", {"key": entry.key, "first": str(first[entry.key].row)}))
            first.setdefault(entry.key, entry)
        found |= first
    settings = {}
    for entry in found.values():
        value, code = _value(entry)
        wrong = (code, {"key": entry.key}) if code else check(entry.key, value) if check else None
        if wrong:
            findings.append(entry.fault(*wrong))
        else:
            settings[entry.key] = value
    return dict(sorted(settings.items())), findings


def _value(entry: Entry) -> tuple[Any, str]:
    """The value a setting may have, or the code that says why not."""
    value = entry.value
    if entry.key == "planning_date":
        reading = read_date(value) if isinstance(value, str | date) else None
        return (reading.value, "") if reading and not reading.problems else (None, "planning_date_unreadable")
    if isinstance(value, list):
        value = ["+".join(item) if _is_set(item) else item for item in value]
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return tuple(str(item) for item in value), ""
    if isinstance(value, float) and not math.isfinite(value):
        return None, "setting_not_finite"
    if isinstance(value, bool | int | float | str | tuple) or (isinstance(value, date) and not isinstance(value, datetime)):
        return value, ""
    return None, "setting_not_plain"


def _is_set(item: object) -> bool:
    """Whether an item of a list is a list of words itself: a set of programmes, say."""
    return isinstance(item, list) and all(isinstance(word, str) for word in item)


def _flat(nested: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """The line of each key that begins one; a key inside an inline table has none."""
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.match(line):
            prefix = _dotted(found[1]) + "."
        elif found := _KEY.match(line):
            yield prefix + _dotted(found[1]), number


def _dotted(key: str) -> str:
    return ".".join(part.strip(" \t\"'") for part in key.split("."))


def _typed(cell: Cell) -> Any:  # noqa: ANN401  a list is read further by ``_value``
    """What a cell of the sheet means: a number, a date, a truth, a list, or text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return _typed_text(words.plain(cell)) if isinstance(cell, str) else cell


def _typed_text(text: str) -> Any:  # noqa: ANN401  a list is read further by ``_value``
    if (items := _list_of(text)) is not None:
        return items
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    if ";" in text or "|" in text:
        return tuple(item.strip() for item in text.replace("|", ";").split(";") if item.strip())
    return _TRUTH.get(words.folded(text), read_date(text).value or text)


def _list_of(text: str) -> list[Any] | None:
    """The list that a cell holds as a TOML file would, ``["voksenven+storebror", "familieven"]``; None where it is none."""
    if not text.startswith("["):
        return None
    try:
        found = tomllib.loads(f"value = {text.translate(_STRAIGHT)}")
    except (ValueError, RecursionError):  # no TOML, a number of thousands of digits, or brackets without end
        return None
    return found["value"] if found.keys() == {"value"} else None
