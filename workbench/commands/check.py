"""``matcher check``: every fault and warning of a case; writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.errors import CaseError
from workbench import findings
from workbench.answer import Answer
from workbench.desk import open_case
from workbench.exits import Exit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from workbench.screen import Screen


def run(screen: Screen, *, today: date, case: Path, decisions: tuple[Path, ...] = ()) -> Answer:
    """Read the case, and decisions in files of their own, and tell all that is found."""
    try:
        found = open_case(case, screen, today, decisions).warnings
    except CaseError as error:
        found = error.findings
    language = screen.options.language
    faults, warnings = findings.counts(found)
    return Answer(
        text="\n".join([findings.verdict(language, str(case), found), *findings.lines(language, found)]),
        summary={"case": str(case), "faults": faults, "warnings": warnings},
        tables=(findings.table(language, found),),
        exit=Exit.REFUSED if faults else Exit.DONE,
    )
