"""The calendar's contestants hand in plans that rules and checker accept, with true bounds; no test judges a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from benchmarks import __main__ as command
from benchmarks import calendar
from benchmarks.peers import calendar_cpsat, calendar_replan, calendar_timefold
from benchmarks.peers.calendar_answer import Few, Grouped
from benchmarks.peers.calendar_runs import Run, in_a_process, measured
from benchmarks.peers.calendar_years import KINDS, Question, along
from benchmarks.tools import page
from benchmarks.tools.pictures import draw
from benchmarks.tools.section import Section
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.running.watch import Effort
from matcher.calendar.settings import LEVELS

SMALL = 14
"""First-year volunteers; on some seeds they have a meeting or two in all."""


@pytest.fixture(scope="module")
def question() -> Question:
    return along(SMALL, 2)


@pytest.fixture(scope="module")
def runs(question: Question) -> dict[str, Run]:
    seconds = {"greedy": 1.0, "ours": 1.0, "cp_sat": 1.0} | ({} if calendar_timefold.missing() else {"timefold": 5.0})
    return {who: measured(who, question, [limit])[0] for who, limit in seconds.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_year_of_each_kind_has_a_first_plan_without_faults(kind: str) -> None:
    asked = KINDS[kind](SMALL, 2)
    assert asked.faults(first_plan(asked.year)) == []
    assert len(asked.year.fixed) > 0 or kind != "half"


def test_a_broken_plan_has_faults(question: Question) -> None:
    plan = first_plan(question.year)
    assert plan.meetings
    assert question.faults(replace(plan, meetings=plan.meetings[1:]))


def test_contestants_keep_the_rules_and_bounds_hold(runs: dict[str, Run]) -> None:
    assert [run.faults for run in runs.values()] == [()] * len(runs)
    assert all(run.levels[:2] <= runs["greedy"].levels[:2] for run in runs.values())
    bounds = [bound for run in runs.values() if (bound := run.bounds[0]) is not None]
    assert all(run.levels[0] >= max(bounds) for run in runs.values())


def test_the_one_model_is_as_good_as_ours_where_it_ends(question: Question) -> None:
    told: list[str] = []
    plan, bounds = calendar_cpsat.planned(question.year, seconds=300.0, seed=1, tell=lambda level, *_: told.append(level))
    ours = plan_year(question.year, effort=Effort.QUICK)
    assert plan.objective.values()[:2] == ours.bound.values()[:2] == bounds[:2]
    assert plan.objective.values() <= ours.objective.values()
    assert list(dict.fromkeys(told)) == list(LEVELS)
    assert question.faults(plan) == []


def test_the_greedy_draft_survives_the_way_to_records(question: Question) -> None:
    sessions = sessions_of(question.year)
    plan = Grouped.of(greedy_draft(sessions)).plan(sessions)
    assert plan.objective.values()[:2] == first_plan(question.year).objective.values()[:2]
    assert question.faults(plan) == []


def test_the_peers_refuse_what_they_are_not_written_for() -> None:
    with pytest.raises(ValueError, match="nothing is fixed"):
        Few.of(sessions_of(KINDS["half"](SMALL, 2).year), 10)


def test_runs_are_kept_and_read_again(tmp_path) -> None:
    first = in_a_process("greedy", "along", SMALL, 2, (1.0,), tmp_path)
    assert first[0].megabytes > 0
    assert in_a_process("greedy", "along", SMALL, 2, (1.0,), tmp_path) == first  # the seconds too


def test_all_becomes_a_section_and_takes_its_place_in_the_page(runs: dict[str, Run], tmp_path, monkeypatch) -> None:
    volume = replace(calendar.QUICK, sizes=(66,), moments=(1.0,))
    found = {(who, 66, 1): [run] for who, run in runs.items()}
    anew = calendar_replan.Replanning(
        obliged=66, what="x", changed=1, bound=1, unmet_before=2, unmet=3, seconds=2.0, proved_after=1.0, faults=()
    )
    section = calendar.section(volume, found, dict.fromkeys(calendar.VARIANTS, runs["ours"]), [anew], [runs["ours"]] * 2)
    assert Section.of_json(section.json()) == section
    for picture in section.pictures:
        draw(picture, tmp_path / "one.svg")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    old, other = (
        Section(title=section.title, text=("of the day before",), tables=()),
        Section(title="Other", text=("kept",), tables=()),
    )
    written = page.write_page([old, other], tmp_path / "docs", day=date(2027, 1, 1), facts={"cores": "2"})
    command.put_in_page(section, date(2027, 2, 3))
    text = written.read_text("utf-8")
    assert "of the day before" not in text
    assert text.index("## The year's calendar") < text.index("Measured on 2027-02-03") < text.index("## Other")
    assert text.endswith("kept\n")


def test_when_levels_were_proved_is_read_from_what_was_told(runs: dict[str, Run]) -> None:
    told = ((0.1, "unmet", 5.0, None), (0.2, "unmet", 4.0, 4.0), (0.3, "meetings", 4.0, 3.0), (0.9, "meetings", 3.0, 3.0))
    run = replace(runs["ours"], told=told)
    assert calendar.proved_after(run) == 0.9
    assert calendar.proved_after(replace(run, told=told[:3])) == float("inf")
    assert calendar.value_after(run, "unmet", 0.15) == 5.0


def test_only_who_can_is_told_of_volumes() -> None:
    assert command.volumes("calendar", quick=True, keep=None) == {"quick": True, "keep": None}
    assert command.volumes("limits", quick=True, keep=None) == {}
