"""``matcher sample``: a fictional case, the same for the same numbers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from constraints.rulebook import load_rulebook
from matcher.case import write_case
from matcher.case.words import table_named
from matcher.errors import UsageError
from scenarios.synthetic import synthetic_case
from workbench.answer import Answer
from workbench.files import usable, write_all
from workbench.words import counted, say

if TYPE_CHECKING:
    from datetime import date

    from matcher.records import Case
    from workbench.screen import Screen
    from workbench.tables import Value


def run(screen: Screen, *, today: date, children: int, volunteers: int) -> Answer:
    """Draw the case and write it to a folder, or to a workbook where the name ends in ``.xlsx``."""
    options, path = screen.options, screen.options.out
    if path is None:
        raise UsageError("out_missing")
    seed = int(load_rulebook(today).with_settings(options.overrides).number("seed"))
    with screen.working("working.sampling"):
        case = synthetic_case(children=children, volunteers=volunteers, seed=seed)
        _write(case, path, options.language)
    said = {"children": counted(options.language, "children", len(case.children))}
    said["volunteers"] = counted(options.language, "volunteers", len(case.volunteers))
    lines = [say(options.language, "sample.made", **said), say(options.language, "files.case", path=str(path))]
    summary: dict[str, Value] = {
        "case": str(path),
        "seed": seed,
        "children": len(case.children),
        "volunteers": len(case.volunteers),
    }
    return Answer(text="\n".join(lines), summary=summary)


def _write(case: Case, path: Path, language: str) -> None:
    """Write the case whole; a folder that holds tables of another case is left alone. Raises ``UsageError``."""
    is_book = path.suffix.lower() == ".xlsx"
    folder = usable(path.parent if is_book else path)
    with TemporaryDirectory() as made:
        target = Path(made) / (path.name or "case")
        try:
            write_case(case, target, language=language)
        except ValueError as error:
            raise UsageError("case_unwritable", why=str(error)) from error
        contents = {file.name: file.read_bytes() for file in ([target] if is_book else sorted(target.iterdir()))}
    if not is_book and folder.is_dir():
        others = [file for file in folder.iterdir() if table_named(file.stem) and file.name not in contents]
        if others:
            raise UsageError("out_in_use", path=str(folder), file=min(file.name for file in others))
    write_all(folder, contents)
