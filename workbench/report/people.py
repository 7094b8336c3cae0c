"""Columns about a child that several sheets show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.dates import completed_years
from workbench.report.grid import Cell, Column
from workbench.words import say, word

if TYPE_CHECKING:
    from matcher.engine import Engine
    from matcher.records import Child


def columns(language: str) -> tuple[Column, ...]:
    """Programme, age, gender, municipality, and what stands beside the score."""
    return (
        Column(title=say(language, "heading.programme"), width=12),
        Column(title=say(language, "heading.age"), width=6, center=True),
        Column(title=say(language, "heading.gender"), width=8),
        Column(title=say(language, "heading.municipality"), width=17),
        *waiting_columns(language),
    )


def waiting_columns(language: str, *, group: bool = False) -> tuple[Column, ...]:
    """How long a child has waited, and how many friendships broke before."""
    return (
        Column(title=say(language, "heading.waiting"), width=10.5, form=say(language, "form.days"), center=True, group=group),
        Column(title=say(language, "heading.broken"), width=11.5, center=True, group=group),
    )


def cells(language: str, engine: Engine, child: Child) -> tuple[Cell, ...]:
    """The cells of ``columns``."""
    return (
        word(language, child.programme).capitalize(),
        completed_years(child.birth_date, engine.case.planning_date),
        word(language, child.gender),
        child.municipality,
        *waiting_cells(engine, child),
    )


def waiting_cells(engine: Engine, child: Child) -> tuple[Cell, ...]:
    """The cells of ``waiting_columns``."""
    return (engine.case.planning_date - child.registered_on).days, child.previous_friendships


def without_friend(engine: Engine) -> list[Child]:
    """Children who have no active friendship, in the order of their ids."""
    active = engine.people.facts.child_active
    return [child for child in engine.people.children if not active.get(child.child_id)]
