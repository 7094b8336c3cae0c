"""``matcher assign --objective friendship_months``: as many matches, then the most months of friendship to be expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.case import write_case
from scenarios.synthetic import synthetic_case
from tests.workbench.desk import ask, load, rows_of


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("months") / "sag"
    write_case(synthetic_case(children=30, volunteers=25, seed=5), folder)
    return folder


def test_as_many_matches_more_months_and_what_it_costs(case: Path, tmp_path: Path) -> None:
    by_score = ask("assign", case, "--out", tmp_path / "score")
    by_months = ask("assign", case, "--objective", "friendship_months", "--out", tmp_path / "months")
    assert (by_score.returncode, by_months.returncode) == (0, 0), by_months.stderr
    best, other = (load((tmp_path / name / "summary.json").read_text("utf-8")) for name in ("score", "months"))
    assert other["matched"] == best["matched"]
    assert other["months"] >= other["months_best_score"]
    assert round(best["total"] - other["total"], 3) == other["price"] >= 0
    rows = rows_of(tmp_path / "months" / "assignment.csv")
    assert abs(sum(float(row["months"]) for row in rows) - other["months"]) <= 0.05 * len(rows) + 0.001
    assert all(float(row["months_low"]) <= float(row["months"]) <= float(row["months_high"]) for row in rows)
    assert other["months_status"] == "optimal"


def test_two_objectives_are_refused(case: Path) -> None:
    done = ask("assign", case, "--objective", "friendship_months", "--max-wait-first")
    assert done.returncode == 2
    assert "--max-wait-first" in done.stderr
