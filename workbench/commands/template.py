"""``matcher template``: an empty workbook with explained headings, and the words that a case may use."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from matcher.case import write_template
from matcher.case.words import aliases, slot_words
from matcher.errors import UsageError
from workbench.answer import Answer
from workbench.files import usable, write_all
from workbench.report.names import book_name
from workbench.tables import Table
from workbench.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from workbench.screen import Screen


def run(screen: Screen, *, today: date) -> Answer:  # noqa: ARG001  every command is given the day
    """Write the workbook, and print the table of words."""
    options = screen.options
    path = _place(options.out, options.language)
    _write(path, options.language)
    rows = tuple((group, word, ";".join(danish)) for group, words in _groups().items() for word, danish in words.items())
    lines = [say(options.language, "template.heading"), *_lines(options.language)]
    lines += ["", say(options.language, "files.workbook", path=str(path))]
    return Answer(
        text="\n".join(lines),
        summary={"workbook": str(path)},
        tables=(Table("words", ("kind", "english", "danish"), rows),),
    )


def _place(out: Path | None, language: str) -> Path:
    """Where the workbook goes: the name given, in the folder given, or here."""
    if out is not None and out.suffix.lower() == ".xlsx":
        return out
    return (out or Path()) / book_name(language, "template")


def _write(path: Path, language: str) -> None:
    """Write an empty template; a workbook that somebody has filled in is never overwritten. Raises ``UsageError``."""
    usable(path.parent)
    with TemporaryDirectory() as made:
        empty = {}
        for each in Language:
            write_template(Path(made) / f"{each}.xlsx", language=each)
            empty[each] = (Path(made) / f"{each}.xlsx").read_bytes()
    if path.exists() and (path.is_dir() or path.read_bytes() not in empty.values()):
        raise UsageError("file_in_use", file=str(path))
    write_all(path.parent, {path.name: empty[Language(language)]})


def _groups() -> Mapping[str, Mapping[str, list[str]]]:
    """All words by kind: each English word with the Danish ones that are read for it."""
    table = aliases()
    slots = {slot: list(words) for slot, words in slot_words().items()}
    return {
        "tables": table["tables"],
        "columns": table["columns"],
        "codes": table["codes"],
        "yes_no": table["yes_no"],
        "slots": slots,
        **table["words"],
    }


def _lines(language: str) -> Iterator[str]:
    for group, words in _groups().items():
        yield f"\n{say(language, f'template.{group}')}"
        for word, danish in words.items():
            yield f"  {word}: {', '.join(danish)}"
