"""Synthetic cases: the same for the same seed, with the figures they promise, true in every date and id, at any size."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.case import read_case, write_case
from matcher.dates import completed_years, months_ago
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Child
from scenarios.population.figures import load_figures
from scenarios.synthetic import PLANNING_DATE, synthetic_case
from tests.volume import volume

ROOT = Path(__file__).resolve().parents[2]
AGES = {"voksenven": (6, 12), "storebror": (11, 15), "familieven": (0, 6)}
DIGEST = """
import hashlib
from scenarios.synthetic import synthetic_case
print(hashlib.sha256(synthetic_case(children=40, volunteers=30, seed=7).model_dump_json(by_alias=True).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def region() -> Case:
    """A case as large as the association's."""
    return synthetic_case(children=70, volunteers=60, seed=2027, friendships=200)


@pytest.fixture(scope="module")
def large() -> Case:
    """A case large enough for shares."""
    return synthetic_case(children=5_000, volunteers=5_000, seed=1)


def waiting(case: Case) -> list[Child]:
    """Children without an active friendship."""
    taken = {row.child_id for row in case.friendships if row.active_on(case.planning_date)}
    return [child for child in case.children if child.child_id not in taken]


def test_the_same_seed_gives_the_same_case_in_every_process() -> None:
    case = synthetic_case(children=40, volunteers=30, seed=7)
    here = hashlib.sha256(case.model_dump_json(by_alias=True).encode()).hexdigest()
    for hash_seed in ("0", "12345"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        there = subprocess.run([sys.executable, "-c", DIGEST], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        assert there.stdout.strip() == here


def test_another_seed_gives_another_case() -> None:
    one, two = (synthetic_case(children=40, volunteers=30, seed=seed) for seed in (7, 8))
    for table in ("children", "volunteers", "friendships", "matchers", "venues"):
        assert getattr(one, table) != getattr(two, table)


def test_more_people_leave_the_first_ones_as_they_are() -> None:
    small = synthetic_case(children=20, volunteers=10, seed=7, friendships=0)
    big = synthetic_case(children=90, volunteers=50, seed=7, friendships=0)
    assert small.children == big.children[:20]
    assert small.volunteers == big.volunteers[:10]


@pytest.mark.parametrize("children", [0, 1, 2])
@pytest.mark.parametrize("volunteers", [0, 1])
@pytest.mark.parametrize("friendships", [None, 0, 1, 3])
def test_any_size(children: int, volunteers: int, friendships: int | None, tmp_path: Path) -> None:
    case = synthetic_case(children=children, volunteers=volunteers, seed=3, friendships=friendships)
    assert len(waiting(case)) == children
    assert len(case.children) - children == (3 * children if friendships is None else friendships)
    write_case(case, tmp_path / "case")
    assert read_case(tmp_path / "case", today=date(2030, 1, 1))[0] == case


@pytest.mark.parametrize("wrong", [{"children": -1}, {"volunteers": -1}, {"friendships": -1}, {"seed": -1}])
def test_numbers_below_zero_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="below 0"):
        synthetic_case(**{"children": 1, "volunteers": 1, "friendships": 0, "seed": 1, **wrong})


@pytest.mark.parametrize(("name", "language"), [("case", "en"), ("case.xlsx", "da")])
def test_it_reads_back_with_no_fault_and_few_warnings(region: Case, tmp_path: Path, name: str, language: str) -> None:
    write_case(region, tmp_path / name, language=language)
    again, findings = read_case(tmp_path / name, today=date(2030, 1, 1))
    assert again == region
    assert {finding.code for finding in findings} <= {"certificate_expired", "child_too_old"}
    assert len(findings) <= 15


def test_ids_are_unique_and_in_order(region: Case, large: Case) -> None:
    for case in (region, large):
        tables = (
            [row.child_id for row in case.children],
            [row.volunteer_id for row in case.volunteers],
            [row.friendship_id for row in case.friendships],
            [row.matcher_id for row in case.matchers],
            [row.venue_id for row in case.venues],
        )
        for ids in tables:
            assert ids == sorted(set(ids))
            assert len({len(name) for name in ids}) == 1


def test_the_region(region: Case) -> None:
    assert len(waiting(region)) == 70
    active = [row for row in region.friendships if row.active_on(PLANNING_DATE)]
    taken = Counter(row.volunteer_id for row in active)
    capacity = {row.volunteer_id: row.capacity for row in region.volunteers}
    assert len(active) == len({row.child_id for row in active}) == 200
    assert sum(volunteer.volunteer_id not in taken for volunteer in region.volunteers) == 60
    assert 2 in taken.values()
    assert all(many <= capacity[name] for name, many in taken.items())
    first_year = [row for row in active if row.started_on > PLANNING_DATE - timedelta(days=365)]
    assert 30 <= len(first_year) <= 60
    assert len(region.matchers) == 6
    assert sum(row.max_new_friendships is not None for row in region.matchers) == 2
    assert len(region.venues) == 12
    assert {row.what for row in region.closures} == {"vinterferie", "sommerferie", "efterårsferie", "juleferie"}
    assert region.declines
    assert any(row.state == "open" for row in region.offers)
    assert any(row.ended_on is not None and row.end_reason for row in region.friendships)
    assert any("bryd_boblen" in child.initiative for child in region.children)
    assert region.settings == {"planning_date": PLANNING_DATE}


def test_shares_of_children(large: Case) -> None:
    children = waiting(large)

    def share(held: int) -> float:
        return held / len(children)

    genders, programmes = Counter(child.gender for child in children), Counter(child.programme for child in children)
    assert share(genders["boy"]) == pytest.approx(0.70, abs=0.025)
    assert share(programmes["voksenven"]) == pytest.approx(0.70, abs=0.025)
    assert share(programmes["storebror"]) == pytest.approx(0.15, abs=0.02)
    assert share(programmes["familieven"]) == pytest.approx(0.15, abs=0.02)
    assert 0.7 < share(sum(child.home_visit_on is not None for child in children)) < 0.95
    assert 0.75 < share(sum(child.wants_gender is None for child in children)) < 0.95
    assert 0.3 < share(sum(child.latitude is not None for child in children)) < 0.5
    assert 0.005 < share(sum("danish" not in child.languages for child in children)) < 0.04
    assert {gender for child in children if child.initiative for gender in [child.gender]} == {"girl"}
    registered = Counter(child.registered_on.month for child in children if child.registered_on >= date(2026, 1, 4))
    assert registered[7] < 0.6 * min(registered[6], registered[8])
    assert registered[9] > 1.15 * max(registered[8], registered[7])


def test_shares_of_volunteers(large: Case) -> None:
    taken = {row.volunteer_id for row in large.friendships if row.active_on(PLANNING_DATE)}
    free = [row for row in large.volunteers if row.volunteer_id not in taken]
    assert len(free) == 5_000
    assert sum(row.gender == "man" for row in free) / len(free) == pytest.approx(0.365, abs=0.02)
    lacking = [
        sum(x is None for x in (v.interview_on, v.home_visit_on, v.criminal_record_on, v.child_certificate_on))
        + ((v.course_hours or 0) < 20)
        for v in free
    ]
    assert max(lacking) == 1
    assert 0.08 < sum(lacking) / len(free) < 0.18
    months = [months_ago(v.child_certificate_on, PLANNING_DATE) for v in free if v.child_certificate_on is not None]
    assert 0.03 < sum(m > 24 for m in months) / len(free) < 0.10
    assert 0.05 < sum(22 <= m <= 24 for m in months) / len(free) < 0.20
    assert 0.04 < sum(v.capacity == 2 for v in free) / len(free) < 0.09
    assert sum(v.stops_on is not None for v in free) > 100
    assert sum(v.paused_from is not None for v in free) > 100
    for volunteer in free:
        years = completed_years(volunteer.birth_date, PLANNING_DATE)
        assert 18 <= years <= 75
        assert "storebror" not in volunteer.programmes or 20 <= years <= 35


@pytest.mark.parametrize("seed", range(volume(ci=10, long=200)))
def test_a_small_case_has_the_figures_too(seed: int) -> None:
    case = synthetic_case(children=70, volunteers=60, seed=seed, friendships=200)
    children, taken = waiting(case), {row.volunteer_id for row in case.friendships if row.ended_on is None}
    free = [row for row in case.volunteers if row.volunteer_id not in taken]
    assert 0.64 <= sum(child.gender == "boy" for child in children) / 70 <= 0.76
    assert 0.32 <= sum(row.gender == "man" for row in free) / 60 <= 0.41
    assert 0.66 <= sum(child.programme == "voksenven" for child in children) / 70 <= 0.74
    assert any(child.municipality == "Ballerup" for child in children)
    assert len({person.municipality for person in (*case.children, *case.volunteers)}) == 20
    first_year = [row for row in case.friendships if row.ended_on is None and row.started_on >= date(2026, 1, 4)]
    assert 38 <= len(first_year) <= 50


def test_where_people_live(large: Case) -> None:
    table = load_postcodes()
    by_municipality = Counter(child.municipality for child in waiting(large))
    assert len(by_municipality) == 20
    assert 0.02 < by_municipality["Ballerup"] / 5_000 < 0.05
    assert 0.33 < by_municipality["København"] / 5_000 < 0.45
    for person in (*large.children, *large.volunteers):
        place = table[person.postcode]
        assert person.municipality == place.municipality
        if person.latitude is not None and person.longitude is not None:
            assert abs(person.latitude - place.latitude) < 0.008
            assert abs(person.longitude - place.longitude) < 0.014


def test_dates_follow_each_other(large: Case) -> None:
    today = large.planning_date
    too_old, still = 0, {child.child_id for child in waiting(large)}
    for child in large.children:
        assert child.birth_date < child.registered_on < today
        assert child.registered_on > today - timedelta(days=1096) or child.child_id not in still
        assert child.home_visit_on is None or child.registered_on < child.home_visit_on <= today
        years, (low, high) = completed_years(child.birth_date, today), AGES[child.programme]
        assert years >= low
        too_old += years > high
    assert 0 < too_old < 0.03 * 5_000
    for v in large.volunteers:
        done = [day for day in (v.interview_on, v.home_visit_on, v.criminal_record_on) if day is not None]
        assert done == sorted(done)
        assert all(day < today for day in done)
        assert v.paused_until is None or (v.paused_from is not None and v.paused_from <= v.paused_until)
        assert v.stops_on is None or v.stops_on > today


def test_friendships_fit_their_people(large: Case) -> None:
    children = {row.child_id: row for row in large.children}
    volunteers = {row.volunteer_id: row for row in large.volunteers}
    ended = Counter(row.child_id for row in large.friendships if row.ended_on is not None)
    for row in large.friendships:
        child, volunteer = children.get(row.child_id), volunteers.get(row.volunteer_id)
        if row.ended_on is None:
            assert child is not None
            assert volunteer is not None
            assert child.home_visit_on is not None
            assert child.home_visit_on <= row.started_on < large.planning_date
            assert completed_years(volunteer.birth_date, row.started_on) >= 18
        else:
            assert row.started_on < row.ended_on <= large.planning_date
        if child is not None:
            assert completed_years(child.birth_date, row.started_on) >= AGES[child.programme][0]
            assert child.programme == row.programme
        if volunteer is not None:
            assert row.programme in volunteer.programmes
            assert volunteer.interview_on is not None
            assert volunteer.interview_on < row.started_on
    assert all(child.previous_friendships == ended[child.child_id] for child in large.children)
    assert sum(child.previous_friendships > 0 for child in waiting(large)) > 100


def test_who_was_asked(large: Case) -> None:
    children = {row.child_id: row for row in large.children}
    pairs = [(row.child_id, row.volunteer_id) for row in large.declines]
    assert pairs == sorted(set(pairs))
    assert len(pairs) > 500
    for row in large.declines:
        visited = children[row.child_id].home_visit_on
        assert visited is not None
        assert visited <= row.declined_on <= large.planning_date
    asked = [name for row in large.offers for name in (row.child_id, row.volunteer_id)]
    assert len(asked) == len(set(asked))
    assert not {(row.child_id, row.volunteer_id) for row in large.offers} & set(pairs)


@given(seed=st.integers(0, 2**64), day=st.dates(date(2020, 1, 1), date(2050, 12, 31)))
@settings(max_examples=volume(ci=25, long=500), deadline=None)
def test_any_seed_and_day(seed: int, day: date) -> None:
    case = synthetic_case(children=12, volunteers=8, seed=seed, planning_date=day)
    assert Case.model_validate(case.model_dump(by_alias=True)) == case
    for child in case.children:
        assert child.birth_date < child.registered_on < day
    assert all(row.start <= row.end for row in case.closures)


def test_every_figure_has_a_mark_and_a_source() -> None:
    def figures(table: dict[str, object]) -> list[dict[str, object]]:
        if "mark" in table:
            return [table]
        return [found for inner in table.values() if isinstance(inner, dict) for found in figures(inner)]

    found = figures(dict(load_figures()))
    assert len(found) > 60
    for one in found:
        assert one["mark"] in {"V", "I", "M"}, one
        assert one["source"], one


def test_a_large_case() -> None:
    many = volume(ci=10_000, long=100_000)
    case = synthetic_case(children=many, volunteers=many, seed=5)
    assert len(waiting(case)) == many
    assert len(case.children) == many + 2_000
