"""Faults and warnings of a case in words: where, what was there (masked), and what is expected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from workbench.tables import Table
from workbench.words import counted, say, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matcher.findings import Finding

COLUMNS = ("severity", "file", "table", "row", "column", "value", "code", "message")


def message(language: str, finding: Finding) -> str:
    """What is wrong or unusual; facts are shown just as the reader gave them."""
    place = {"file": finding.file, "table": finding.table, "row": finding.row, "column": finding.column, "value": finding.value}
    return sentences()[finding.code][language].format(**{**place, **finding.facts})


def line(language: str, finding: Finding) -> str:
    """One finding on one line."""
    parts = [
        say(language, "place.row", row=str(finding.row)) if finding.row is not None else "",
        say(language, "place.column", column=finding.column) if finding.column else "",
        say(language, "place.value", value=finding.value) if finding.value else "",
    ]
    where = ", ".join([finding.file, *(part for part in parts if part)])
    return f"{where}: {message(language, finding)}"


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
