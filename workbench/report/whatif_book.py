"""The workbook of ``matcher whatif``: scenarios, figures for all and by group, whom it changes, and what each figure means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report import about
from workbench.report import whatif_words as words
from workbench.report.book import Book
from workbench.report.grid import Cell, Column, Row, Shown, draw
from workbench.report.names import sheet_name
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from matcher.engine import Engine
    from scenarios.comparison import Comparison
    from scenarios.comparison import Row as Figure
    from scenarios.scenario import Scenario

Table = tuple[list[Column], list[Row]]
VALUE_WIDTH = 17.0
EXACT, BANDED = ("before", "value", "change"), ("before", "value", "low", "high", "change", "gap_low", "gap_high")
"""Columns of numbers: where every figure is exact, and where some have bands."""


def whatif_workbook(language: str, found: Comparison, engine: Engine) -> bytes:
    """The whole workbook; the same comparison gives the same bytes. ``engine`` is that of the case as it is."""
    book = Book(say(language, "whatif_report.title"))
    sheets = {"scenarios": _scenarios(language, found), "summary": _summary(language, found)}
    if any(row.metric in words.WAITS for row in found.rows):
        sheets["waits"] = _waits(language, found)
    sheets["rows"] = _rows(language, found)
    if found.held:
        sheets["held_back"] = _held_back(language, found)
    if found.pairs:
        sheets["pairs"] = _pairs(language, found)
    sheets["measures"] = _measures(language, found)
    for name, table in sheets.items():
        draw(book, sheet_name(language, f"whatif.{name}"), *table, frozen=1)
    about.sheet(book, language, engine, say(language, "asked.whatif"), words.NOTES)
    return book.content()


def _column(language: str, key: str, width: float, *, wrap: bool = False, center: bool = False, group: bool = False) -> Column:
    return Column(title=say(language, f"whatif_report.head.{key}"), width=width, wrap=wrap, center=center, group=group)


def _values(language: str, *keys: str) -> list[Column]:
    """Columns of numbers."""
    return [Column(title=say(language, f"whatif_report.head.{key}"), width=VALUE_WIDTH, form="General") for key in keys]


def _scenarios(language: str, found: Comparison) -> Table:
    """What was asked, a row each."""
    columns = [
        _column(language, "scenario", 40, wrap=True),
        _column(language, "note", 60, wrap=True),
        _column(language, "mode", 24, wrap=True),
        _column(language, "baseline", 30, wrap=True),
        _column(language, "changes", 60, wrap=True),
        _column(language, "state", 50, wrap=True),
    ]
    return columns, [Row(one.name, tuple(_scenario(language, found, one))) for one in found.scenarios]


def _scenario(language: str, found: Comparison, one: Scenario) -> Iterator[Cell]:
    state = words.state(found, one.name)
    yield one.name
    yield one.note or None
    yield words.when(language, one, found)
    yield words.beside(language, one.baseline)
    yield words.changes(language, one)
    has_clash = state in {"refused", "without_baseline"}
    yield words.no_answer(language, found, one) if has_clash else say(language, f"whatif_report.state.{state}")


def _summary(language: str, found: Comparison) -> Table:
    """Every measure for all children, with what it means."""
    shown = _shown(found)
    columns = [
        _column(language, "scenario", 36, wrap=True, group=True),
        _column(language, "measure", 40, wrap=True),
        *_values(language, *shown),
        _column(language, "reading", 24),
        _column(language, "meaning", 70, wrap=True),
    ]
    rows = []
    for row in found.rows:
        if not row.group:
            name, said = words.measure(language, row.metric), words.reading(language, row)
            cells = (row.scenario, name, *_figures(row, shown), said, words.meaning(language, row.metric))
            rows.append(Row(row.scenario, cells))
    return columns, rows


def _rows(language: str, found: Comparison) -> Table:
    """Every row of the comparison."""
    shown = _shown(found)
    columns = [
        _column(language, "scenario", 36, wrap=True),
        _column(language, "baseline", 24, wrap=True),
        _column(language, "measure", 40, wrap=True),
        _column(language, "kind", 12),
        _column(language, "group", 26, wrap=True),
        *_values(language, *shown),
        _column(language, "reading", 24),
    ]
    rows = []
    for row in found.rows:
        kind = row.group.partition("=")[0] or "all"
        cells = (
            row.scenario,
            words.beside(language, row.baseline),
            words.measure(language, row.metric),
            say(language, f"whatif_report.kind.{kind}"),
            words.group(language, row.group),
            *_figures(row, shown),
            None if row.difference is None else words.reading(language, row),
        )
        rows.append(Row(f"{row.scenario} {row.metric}", cells))
    return columns, rows


def _waits(language: str, found: Comparison) -> Table:
    """Waiting in days by scenario and group: the measures side by side."""
    columns = [_column(language, "scenario", 36, wrap=True, group=True), _column(language, "group", 26, wrap=True)]
    for metric in words.WAITS:
        title = say(language, f"whatif_report.picture.short.{metric}")
        change = f"{say(language, 'whatif_report.head.change')}: {title}"
        columns += [Column(title=title, width=20, form="0"), Column(title=change, width=22, form="0")]
    of = {(row.scenario, row.group, row.metric): row for row in found.rows if row.metric in words.WAITS}
    rows = []
    for scenario, group in dict.fromkeys((scenario, group) for scenario, group, _ in of):
        cells: list[Cell] = [scenario, words.group(language, group)]
        for metric in words.WAITS:
            row = of[scenario, group, metric]
            cells += [_number(metric, row.value), _number(metric, row.difference, signed=True)]
        rows.append(Row(scenario, tuple(cells)))
    return columns, rows


def _held_back(language: str, found: Comparison) -> Table:
    """Why the others get no match, in the baseline and in the scenario."""
    columns = [
        _column(language, "scenario", 36, wrap=True, group=True),
        _column(language, "reason", 50, wrap=True),
        *_values(language, *EXACT),
    ]
    rows = []
    for name, held in found.held.items():
        for code, (before, after) in held.items():
            counts = Shown(before, "0"), Shown(after, "0"), Shown(after - before, "+0;−0;±0")
            rows.append(Row(name, (name, words.reason(language, code), *counts)))
    return columns, rows


def _pairs(language: str, found: Comparison) -> Table:
    """Children whose match is another, by id."""
    columns = [
        _column(language, "scenario", 36, wrap=True, group=True),
        _column(language, "child", 14),
        _column(language, "how", 24),
        _column(language, "volunteer_before", 22),
        _column(language, "volunteer_after", 22),
        *_values(language, "points_before", "points_after"),
    ]
    rows = []
    for pair in found.pairs:
        points = (None if one is None else Shown(one / 1000, "0.0") for one in (pair.points_before, pair.points_after))
        how = say(language, f"whatif_report.how.{pair.how}")
        rows.append(Row(pair.scenario, (pair.scenario, pair.child_id, how, pair.before or None, pair.after or None, *points)))
    return columns, rows


def _measures(language: str, found: Comparison) -> Table:
    """What each measure means, in plain words."""
    columns = [_column(language, "measure", 52, wrap=True), _column(language, "meaning", 120, wrap=True)]
    metrics = dict.fromkeys(row.metric for row in found.rows)
    return columns, [Row(one, (words.measure(language, one), words.meaning(language, one))) for one in metrics]


def _shown(found: Comparison) -> tuple[str, ...]:
    """The columns of numbers that say something here."""
    return BANDED if any(row.mode == "stream" for row in found.rows) else EXACT


def _figures(row: Figure, shown: tuple[str, ...]) -> tuple[Cell, ...]:
    """The numbers of a row by column: differences with their sign."""
    plain = {"before": row.baseline_value, "value": row.value, "low": row.low, "high": row.high}
    gaps = {"change": row.difference, "gap_low": row.difference_low, "gap_high": row.difference_high}
    return tuple(_number(row.metric, {**plain, **gaps}[key], signed=key in gaps) for key in shown)


def _number(metric: str, value: Decimal | None, *, signed: bool = False) -> Cell:
    """A number as it is, shown as a person reads it: shares as per cent, as the measure's name says."""
    if value is None:
        return None
    places = words.places(metric)
    form = f"#,##0.{'0' * places}" if places else "#,##0"
    number = float(value * 100 if metric in words.SHARES else value)
    return Shown(number, f"+{form};−{form};±{form}" if signed else form)
