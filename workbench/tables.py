"""The contract's files as plain tables: names, columns and typed cells; texts of CSV and JSON are made from these.

Cells are text, whole numbers, ``Decimal`` (its decimals are printed), yes or no, or blank (``None``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | bool | None
Value: TypeAlias = "Cell | Mapping[str, Value] | tuple[Value, ...] | list[Value]"


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its name without ending, its columns, and its rows in the order of their ids."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def score(points: int | None) -> Decimal | None:
    """Whole thousandths as a number with three decimals, exactly.

    >>> str(score(71250)), str(score(-5)), str(score(0))
    ('71.250', '-0.005', '0.000')
    """
    return None if points is None else Decimal(points).scaleb(-3)


def rounded(number: float, places: int) -> Decimal:
    """A measured number with so many decimals."""
    return Decimal(f"{number:.{places}f}")


def cell_text(cell: Cell) -> str:
    """One cell as it stands in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def csv_text(table: Table) -> str:
    """The whole file: commas, line feeds, quotes only where needed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(map(cell_text, row) for row in table.rows)
    return buffer.getvalue()


def as_objects(table: Table) -> list[Value]:
    """Rows as JSON objects: the same names and values as the CSV file, with numbers as numbers and blanks as null."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def json_text(value: Value) -> str:
    """JSON with decimals as they are printed in the files; two spaces a level, a row of a table on one line."""
    return "".join(_json(value, 0))


def _json(value: Value, depth: int) -> Iterable[str]:
    pad = "\n" + "  " * (depth + 1)
    if isinstance(value, Mapping) and depth < 2:
        yield from _joined("{", "}", depth, [(pad + json.dumps(k, ensure_ascii=False) + ": ", v) for k, v in value.items()])
    elif isinstance(value, list | tuple) and depth < 2:
        yield from _joined("[", "]", depth, [(pad, item) for item in value])
    else:
        yield _flat(value)


def _joined(opening: str, closing: str, depth: int, items: list[tuple[str, Value]]) -> Iterable[str]:
    yield opening
    for number, (lead, item) in enumerate(items):
        yield ("," if number else "") + lead
        yield from _json(item, depth + 1)
    yield ("\n" + "  " * depth if items else "") + closing


def _flat(value: Value) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_flat(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flat(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
