"""What a command answers, and how it reaches the person: files, a few lines on the screen, or JSON."""

from __future__ import annotations

from collections import Counter
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
    """Tables and a summary for programs, workbooks and lines for people; ``folder`` is None where no file is asked for.

    ``stale``: files in the folder that an earlier run wrote and that would mislead beside these.
    """

    text: str
    summary: Mapping[str, Value]
    tables: tuple[Table, ...] = ()
    workbooks: Mapping[str, bytes] = field(default_factory=dict)
    folder: Path | None = None
    stale: tuple[str, ...] = ()
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
    paths = write_all(answer.folder, answer.files(), stale=answer.stale) if answer.folder else ()
    if screen.options.format is Format.JSON:
        screen.data(answer.json())
    screen.answer(answer.text)
    if paths:
        screen.answer(files_written(screen.options.language, paths))
    return answer.exit


def files_written(language: str, paths: tuple[Path, ...]) -> str:
    """Where the workbook and the other files lie; files in a folder below are counted."""
    folder = paths[0].parent
    books = [path for path in paths if path.suffix == ".xlsx"]
    others = ", ".join(path.name for path in paths if path.suffix != ".xlsx" and path.parent == folder)
    lines = [say(language, "files.workbook", path=str(book)) for book in books]
    lines.append(say(language, "files.tables", folder=str(folder), names=others))
    below = Counter(path.parent for path in paths if path.parent != folder)
    return "\n".join([*lines, *(say(language, "files.personal", folder=str(one), number=n) for one, n in below.items())])
