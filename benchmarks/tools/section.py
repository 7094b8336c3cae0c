"""What a benchmark hands in: a section of the page, with tables and pictures; it travels between processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


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
class Section:
    """One benchmark's part of the page."""

    title: str
    text: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Bars, ...] = ()

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
            pictures=tuple(
                Bars(**{**p, "labels": tuple(p["labels"]), "groups": {g: tuple(v) for g, v in p["groups"].items()}})
                for p in plain["pictures"]
            ),
        )
