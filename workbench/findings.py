"""Faults and warnings of a case in words: where, what was there (masked), and what is expected."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from workbench.tables import Table
from workbench.words import counted, say, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matcher.findings import Finding

BELOW = " › "
"""Between a scenario, a change and a field, where ``scenarios.scenario`` says a place."""
_CHANGE = re.compile(r"change [0-9]+(?: › |$)")
COLUMNS = ("severity", "file", "table", "row", "column", "value", "code", "message")


def message(language: str, finding: Finding) -> str:
    """What is wrong or unusual; facts are shown just as the reader gave them."""
    place = {"file": finding.file, "table": finding.table, "row": finding.row, "column": finding.column, "value": finding.value}
    return sentences()[finding.code][language].format(**{**place, **finding.facts})


def line(language: str, finding: Finding) -> str:
    """One finding on one line."""
    parts = _in_toml(language, finding) if _is_toml(finding) else _in_table(language, finding)
    value = [say(language, "place.value", value=finding.value)] if finding.value else []
    where = ", ".join([*([finding.file] if finding.file else []), *parts, *value])
    return f"{where}: {message(language, finding)}"


def _in_table(language: str, finding: Finding) -> Iterator[str]:
    """Where in a table: row and column."""
    if finding.row is not None:
        yield say(language, "place.row", row=str(finding.row))
    if finding.column:
        yield say(language, "place.column", column=finding.column)


def _is_toml(finding: Finding) -> bool:
    return finding.file.endswith(".toml") or _is_of_scenario(finding)


def _is_of_scenario(finding: Finding) -> bool:
    """Whether the column says a scenario (whose name is the table), perhaps a change of it, and a field."""
    return bool(finding.table) and f"{finding.column}{BELOW}".startswith(f"{finding.table}{BELOW}")


def _in_toml(language: str, finding: Finding) -> Iterator[str]:
    """Where in a file of settings or scenarios: scenario, line, change and field."""
    of_scenario = _is_of_scenario(finding)
    below = finding.column.removeprefix(finding.table).removeprefix(BELOW) if of_scenario else finding.column
    change = below.partition(BELOW)[0] if _CHANGE.match(below) else ""
    field = below.removeprefix(change).removeprefix(BELOW)
    if of_scenario:
        yield say(language, "place.scenario", name=finding.table)
    if finding.row is not None:
        yield say(language, "place.line", line=str(finding.row))
    if change:
        yield change
    if field:
        yield say(language, "place.field", field=field)


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """Faults first, then by file, row and column; the same whatever order they were found in."""
    return sorted(found, key=lambda f: (not f.is_fault, f.file, f.table, f.row or 0, f.column, f.code, f.value))


def counts(found: Sequence[Finding]) -> tuple[int, int]:
    """How many faults and how many warnings."""
    faults = sum(f.is_fault for f in found)
    return faults, len(found) - faults


def lines(language: str, found: Sequence[Finding]) -> Iterator[str]:
    """All findings, grouped by severity and file, each group with its number."""
    number = Counter((f.is_fault, f.file) for f in found)
    group = None
    for finding in ordered(found):
        here = (finding.is_fault, finding.file)
        if here != group:
            group = here
            yield f"\n{finding.file}: {counted(language, 'faults' if finding.is_fault else 'warnings', number[here])}"
        yield f"  {line(language, finding)}"


def verdict(language: str, case: str, found: Sequence[Finding]) -> str:
    """Whether a case can be used."""
    faults, warnings = counts(found)
    key = "check.refused" if faults else "check.accepted" if warnings else "check.clean"
    said = {"faults": counted(language, "faults", faults), "warnings": counted(language, "warnings", warnings)}
    return say(language, key, case=case, **said)


def table(language: str, found: Sequence[Finding]) -> Table:
    """Findings as rows."""
    rows = (
        (f.severity.value, f.file, f.table or None, f.row, f.column or None, f.value or None, f.code, message(language, f))
        for f in ordered(found)
    )
    return Table("findings", COLUMNS, tuple(rows))
