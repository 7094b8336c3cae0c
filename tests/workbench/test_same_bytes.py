"""P4: the same case gives the same bytes in every file, whatever the order of its rows."""

from __future__ import annotations

import random

from constraints.rulebook import load_rulebook
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case
from scenarios.synthetic import synthetic_case
from tests.volume import volume
from workbench import rows
from workbench.report.plan import workbook as plan_workbook
from workbench.tables import csv_text


def shuffled(case: Case, seed: int) -> Case:
    draw = random.Random(seed)
    tables = {name: getattr(case, name) for name in Case.model_fields if isinstance(getattr(case, name), tuple)}
    return case.model_copy(update={name: tuple(draw.sample(table, len(table))) for name, table in tables.items()})


def files_of(case: Case) -> dict[str, object]:
    engine = Engine.of(case, load_rulebook(case.planning_date), load_postcodes())
    plan = engine.assign()
    tables = (*rows.plan("da", engine, plan), rows.proposals("da", engine, engine.proposals()))
    return {table.name: csv_text(table) for table in tables} | {"plan": plan_workbook("da", engine, plan)}


def test_an_answer_is_named_by_what_it_rests_on_and_not_by_who_worked_it_out() -> None:
    case = synthetic_case(children=3, volunteers=3, seed=5)
    book = load_rulebook(case.planning_date)

    def name_with(key: str, value: float) -> str:
        return Engine.of(case, book.with_settings({key: value}), load_postcodes()).data_hash

    plain = Engine.of(case, book, load_postcodes()).data_hash
    assert name_with("workers", 2) == name_with("time_limit", 30.0) == plain
    assert name_with("seed", 2) != plain


def test_the_same_bytes_in_any_row_order() -> None:
    case = synthetic_case(children=30, volunteers=25, seed=5, friendships=20)
    first = files_of(case)
    for seed in range(volume(ci=15, long=1_000)):
        assert files_of(shuffled(case, seed)) == first, seed
