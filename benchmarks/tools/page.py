"""The page ``docs/performance.md``: what was measured, where and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.tools.pictures import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from benchmarks.tools.section import Section, Table

HEAD = """# Performance

Made by `python3 dev.py bench`; each section is one file of [benchmarks/](../benchmarks/). The figures are what this machine
did on that day, with whatever else it was doing; another machine gives others. Ratios between contestants of one run say more
than seconds."""


def write_page(sections: Sequence[Section], folder: Path, *, day: date, facts: Mapping[str, str]) -> Path:
    """Write ``performance.md`` and its pictures into a folder; returns the page's path."""
    parts = [HEAD, f"Measured on {day}: {', '.join(f'{name} {value}' for name, value in facts.items())}."]
    for section in sections:
        parts.append(in_words(section))
        for picture in section.pictures:
            draw(picture, folder / f"{picture.name}.svg")
            parts.append(f"![{picture.title}]({picture.name}.svg)")
    page = folder / "performance.md"
    page.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    return page


def in_words(section: Section) -> str:
    """One section as Markdown."""
    return "\n\n".join([f"## {section.title}", *section.text, *(_table(table) for table in section.tables)])


def _table(table: Table) -> str:
    rule = ["---", *("---:" for _ in table.heading[1:])]
    lines = [f"| {' | '.join(row)} |" for row in (table.heading, rule, *table.rows)]
    return "\n".join([f"**{table.caption}**", "", *lines])
