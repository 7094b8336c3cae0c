"""What a benchmark hands in: a section of the page, with tables and pictures; it travels between processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells are text already, as they are printed."""

    caption: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A picture: for each label a bar of each group, on a logarithmic scale."""

    name: str
    title: str
    unit: str
    labels: tuple[str, ...]
    groups: dict[str, tuple[float, ...]]


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A picture: for each name a line through its points (x, y), both scales logarithmic."""

    name: str
    title: str
    across: str
    unit: str
    lines: dict[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One benchmark's part of the page."""

    title: str
    text: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Bars | Lines, ...] = ()

    def json(self) -> str:
        """As text for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> Section:
        """From another process's text."""
        plain = json.loads(text)
        return cls(
            title=plain["title"],
            text=tuple(plain["text"]),
            tables=tuple(
                Table(caption=t["caption"], heading=tuple(t["heading"]), rows=tuple(tuple(row) for row in t["rows"]))
                for t in plain["tables"]
            ),
            pictures=tuple(_picture(p) for p in plain["pictures"]),
        )


def _picture(plain: dict[str, Any]) -> Bars | Lines:
    if "lines" in plain:
        lines = {name: tuple((x, y) for x, y in points) for name, points in plain["lines"].items()}
        return Lines(**{**plain, "lines": lines})
    groups = {name: tuple(values) for name, values in plain["groups"].items()}
    return Bars(**{**plain, "labels": tuple(plain["labels"]), "groups": groups})
