"""What a command answers, and how it reaches the person: files, a few lines on the screen, or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.exits import Exit
from workbench.files import write_all
from workbench.options import Format
from workbench.tables import Table, Value, as_objects, csv_text, json_text
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbench.screen import Screen


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Tables and a summary for programs, workbooks and lines for people; ``folder`` is None where no file is asked for."""

    text: str
    summary: Mapping[str, Value]
    tables: tuple[Table, ...] = ()
    workbooks: Mapping[str, bytes] = field(default_factory=dict)
    folder: Path | None = None
    exit: Exit = Exit.DONE

    def files(self) -> dict[str, bytes]:
        """Content of every file by its name."""
        tables = {f"{table.name}.csv": csv_text(table).encode() for table in self.tables}
        return {**tables, **self.workbooks, "summary.json": (json_text(self.summary) + "\n").encode()}

    def json(self) -> str:
        """The tables and the summary as one JSON object."""
        return json_text({**{table.name: as_objects(table) for table in self.tables}, "summary": self.summary})


def deliver(answer: Answer, screen: Screen) -> Exit:
    """Write the files, then show the answer."""
    paths = write_all(answer.folder, answer.files()) if answer.folder else ()
    if screen.options.format is Format.JSON:
        screen.data(answer.json())
    screen.answer(answer.text)
    if paths:
        screen.answer(files_written(screen.options.language, paths))
    return answer.exit


def files_written(language: str, paths: tuple[Path, ...]) -> str:
    """Where the workbook and the other files lie."""
    books = [path for path in paths if path.suffix == ".xlsx"]
    others = ", ".join(path.name for path in paths if path.suffix != ".xlsx")
    lines = [say(language, "files.workbook", path=str(book)) for book in books]
    return "\n".join([*lines, say(language, "files.tables", folder=str(paths[0].parent), names=others)])
