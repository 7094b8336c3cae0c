"""``matcher shadow``: past friendships beside what would have been proposed that day, and what a case can know of the past."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from constraints.rulebook import load_rulebook
from matcher.duration.measures import mean_within
from matcher.duration.past import case_before
from matcher.duration.replay import Replayed, Shadow, lasting_by_rank, shadow
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Decision, Decline, Friendship, Offer, Quota, Volunteer
from scenarios.synthetic import synthetic_case
from tests.workbench.desk import ask, child, load, rows_of, same, volunteer, write_case

THEN = "2025-03-03"
VETTED = {
    "interview_on": "2024-01-05",
    "home_visit_on": "2024-01-06",
    "criminal_record_on": "2024-01-07",
    "child_certificate_on": "2024-01-08",
}
RENEWED = {**VETTED, "criminal_record_on": "2026-01-07", "child_certificate_on": "2026-01-08"}
WAITED = {"registered_on": "2024-01-01", "home_visit_on": "2024-02-01"}
FRIENDSHIPS = [
    {"friendship_id": "F1", "child_id": "B1", "volunteer_id": "V1", "started_on": THEN},
    {"friendship_id": "F2", "child_id": "gone", "volunteer_id": "V2", "started_on": "2025-04-01", "ended_on": "2025-08-01"},
    {"friendship_id": "F3", "child_id": "B2", "volunteer_id": "V4", "started_on": "2025-09-01", "ended_on": "2026-02-01"},
    {"friendship_id": "F4", "child_id": "B3", "volunteer_id": "V5", "started_on": "2024-06-01"},
]
CHILDREN = [
    child(child_id="B1", **WAITED),
    child(child_id="B2", likes="music", **{**WAITED, "registered_on": "2025-01-01"}),
    child(child_id="B3", **WAITED),
    child(child_id="B4", registered_on="2025-10-01"),
]
VOLUNTEERS = [
    volunteer(volunteer_id="V1", likes="music", transport="public", **RENEWED),
    volunteer(volunteer_id="V2", **VETTED),
    volunteer(volunteer_id="V3"),  # interviewed in 2026
    volunteer(volunteer_id="V4", likes="chess", allergies="", pets="dog", **VETTED, availability="fri_evening"),
    volunteer(volunteer_id="V5", **VETTED),
]


def without(rows, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


@pytest.fixture
def case(tmp_path):
    friendships = [{"programme": "voksenven", **row} for row in FRIENDSHIPS]
    return write_case(tmp_path / "case", CHILDREN, without(VOLUNTEERS, "allergies"), friendships=friendships)


@pytest.mark.parametrize(("ended_on", "months"), [("2026-04-01", "12"), ("2026-03-31", "11")])
def test_a_year_ends_on_the_day_it_began(tmp_path, ended_on, months):
    """The contract's months: the same day of the next one, not so many days."""
    rows = [{"programme": "voksenven", **FRIENDSHIPS[1], "ended_on": ended_on}]
    case = write_case(tmp_path / "case", CHILDREN, without(VOLUNTEERS, "allergies"), friendships=rows)
    assert ask("shadow", case, "--from", "2025-01-01").returncode == 0
    assert [row["months"] for row in rows_of(tmp_path / "out" / "shadow.csv")] == [months]


def test_the_engine_s_rank_of_whom_was_chosen(case, tmp_path):
    done = ask("shadow", case, "--from", "2025-01-01")
    assert done.returncode == 0, done.stderr
    rows = {row["friendship_id"]: row for row in rows_of(tmp_path / "out" / "shadow.csv")}
    assert list(rows) == ["F1", "F2", "F3"]
    chosen = rows["F1"]
    assert {name: chosen[name] for name in ("replayed", "eligible", "failed", "rank", "of")} == {
        "replayed": "yes",
        "eligible": "yes",
        "failed": "",
        "rank": "2",
        "of": "2",
    }
    assert (chosen["best_volunteer_id"], chosen["planned_volunteer_id"]) == ("V2", "V2")
    assert (chosen["waiting"], chosen["free"]) == ("2", "3")
    assert (chosen["months"], chosen["ended"]) == ("22", "no")
    assert float(chosen["score"]) < float(chosen["best_score"])
    assert (rows["F2"]["replayed"], rows["F2"]["eligible"], rows["F2"]["rank"], rows["F2"]["months"]) == ("no", "", "", "4")
    assert (rows["F3"]["eligible"], rows["F3"]["failed"], rows["F3"]["rank"]) == ("no", "common_slots", "")
    assert (rows["F3"]["months"], rows["F3"]["ended"]) == ("5", "yes")


def test_its_scores_are_those_that_propose_gave_on_the_day(case, tmp_path):
    """The same day as a case of its own: who was there, vetted by then, and free."""
    that_day = [{**row, "criminal_record_on": "2024-01-07", "child_certificate_on": "2024-01-08"} for row in VOLUNTEERS[:2]]
    folder = write_case(tmp_path / "then", CHILDREN[:2], that_day)
    (folder / "settings.toml").write_text(f"planning_date = {THEN}\n", encoding="utf-8")
    assert ask("propose", folder, "--child", "B1", "--out", tmp_path / "proposed").returncode == 0
    assert ask("shadow", case, "--from", THEN).returncode == 0
    proposed = {row["volunteer_id"]: row for row in rows_of(tmp_path / "proposed" / "proposals.csv")}
    row = next(row for row in rows_of(tmp_path / "out" / "shadow.csv") if row["friendship_id"] == "F1")
    assert (row["score"], row["rank"]) == (proposed["V1"]["score"], proposed["V1"]["rank"])
    assert (row["best_score"], proposed["V2"]["rank"]) == (proposed["V2"]["score"], "1")


def test_the_summary_and_its_words(case, tmp_path):
    done = ask("shadow", case, "--from", "01-01-2025", "--format", "json")
    assert done.returncode == 0
    found = load(done.stdout)
    summary = found["summary"]
    assert (summary["friendships"], summary["replayed"], summary["eligible"]) == (3, 2, 1)
    assert summary["top"]["1"] == {"friendships": 0, "share": 0.0, "by_chance": 0.5}
    assert summary["top"]["3"] == {"friendships": 1, "share": 1.0, "by_chance": 1.0}
    assert (summary["median_rank"], summary["median_of"], summary["as_planned"]) == (2.0, 2.0, 0)
    assert summary["failed"] == {"common_slots": 1}
    assert summary["lasting"]["enough_data"] is False
    assert summary["lasting"]["difference"] is None
    assert summary["duration"]["until_from"]["enough_data"] is False
    assert summary["duration"]["until_from"]["friendships"] == 1
    assert (summary["duration"]["today"]["friendships"], summary["duration"]["today"]["ends"]) == (4, 2)
    assert summary["duration"]["brier"]["12"]["fit"] is None
    written = rows_of(tmp_path / "out" / "shadow.csv")
    assert all(same(cell, row[name]) for line, row in zip(found["shadow"], written, strict=True) for name, cell in line.items())
    danish, english = (ask("shadow", case, "--from", "2025-01-01", "--language", one).stdout for one in ("da", "en"))
    assert "3 venskaber er begyndt siden 01-01-2025." in danish
    assert "For lidt data" in danish
    assert "Read the figures with care" in english
    assert "Too little data" in english
    assert "the published figures say" in english
    assert "Slots in common (1)" in english


@pytest.mark.parametrize("language", ["da", "en"])
def test_nothing_begun_since(case, language):
    done = ask("shadow", case, "--from", "2026-12-01", "--language", language)
    assert done.returncode == 0
    assert done.stdout.startswith({"da": "0 venskaber", "en": "Begun since 2026-12-01: 0 friendships"}[language])


@pytest.mark.parametrize(("line", "said"), [((), "--from mangler."), (("--from", "maj"), "--from skal være en dato")])
def test_the_day_must_be_said(case, line, said):
    done = ask("shadow", case, *line)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


# The case as it was


def known(**tables) -> Case:
    """A synthetic case of known people, with some tables replaced."""
    return synthetic_case(children=30, volunteers=30, seed=4, friendships=50).model_copy(update=tables)


def begun(case: Case, number: int = 0) -> Friendship:
    ours = [row for row in case.friendships if row.ended_on is None and row.started_on >= date(2025, 9, 1)]
    return sorted(ours, key=lambda row: row.started_on)[number]


def test_whoever_came_later_was_not_there():
    case = known()
    one = begun(case)
    then = case_before(case, one)
    assert then.planning_date == one.started_on
    assert all(row.started_on < one.started_on for row in then.friendships)
    assert all(row.ended_on is None or row.ended_on <= one.started_on for row in then.friendships)
    assert all(row.registered_on <= one.started_on for row in then.children if row.child_id != one.child_id)
    friends = {row.child_id for row in then.friendships if row.active_on(one.started_on)}
    assert friends.isdisjoint(row.child_id for row in then.children)
    assert one.child_id in {row.child_id for row in then.children}
    assert all(row.declined_on <= one.started_on for row in then.declines)


def test_what_has_no_date_or_is_said_later_is_left_out():
    case = known()
    one = begun(case)
    other = next(row.volunteer_id for row in case.volunteers if row.volunteer_id != one.volunteer_id)
    pair = {"child_id": one.child_id, "volunteer_id": other, "by": "M1"}
    case = case.model_copy(
        update={
            "decisions": tuple(Decision(kind=kind, rule="travel_time", **pair) for kind in ("lock", "forbid", "waive")),
            "quotas": (Quota(dimension="gender", value="girl", at_most=0),),
            "declines": (Decline(child_id=one.child_id, volunteer_id=other, declined_on=date(2026, 12, 1)),),
            "offers": (Offer(child_id=one.child_id, volunteer_id=other, opened_on=one.started_on),),
        }
    )
    then = case_before(case, one)
    assert [row.kind for row in then.decisions] == ["waive"]
    assert (then.quotas, then.matchers, then.declines, then.offers) == ((), (), (), ())


def test_a_renewal_hides_an_earlier_certificate_only_of_who_had_none():
    case = known()
    one = begun(case)
    late = {"child_certificate_on": date(2026, 12, 1), "interview_on": date(2026, 12, 1), "stops_on": date(2026, 12, 31)}
    never = next(
        row.volunteer_id for row in case.volunteers if row.volunteer_id not in {f.volunteer_id for f in case.friendships}
    )
    renewed = tuple(
        row.model_copy(update=late) if row.volunteer_id in {one.volunteer_id, never} else row for row in case.volunteers
    )
    then: dict[str, Volunteer] = {
        row.volunteer_id: row for row in case_before(case.model_copy(update={"volunteers": renewed}), one).volunteers
    }
    assert then[one.volunteer_id].child_certificate_on == one.started_on
    assert then[one.volunteer_id].interview_on == date(2026, 12, 1)
    assert then[never].child_certificate_on == date(2026, 12, 1)
    assert then[never].stops_on is None


@pytest.fixture(scope="module")
def asked() -> tuple[Case, Shadow]:
    case = known()
    return case, replayed(case)


def replayed(case: Case) -> Shadow:
    return shadow(case, load_rulebook(case.planning_date), load_postcodes(), date(2025, 6, 1))


def test_rows_hold_together(asked):
    case, found = asked
    assert len(found.rows) == sum(date(2025, 6, 1) <= row.started_on <= case.planning_date for row in case.friendships)
    assert len(found.ranked) > 5
    for row in found.replayed:
        assert (row.rank is None) == bool(row.failed)
        if row.rank is not None:
            assert 1 <= row.rank <= row.eligible
            assert row.points <= row.best_points
            assert (row.rank == 1) == (row.points == row.best_points)
    assert found.in_top(1) <= found.in_top(3) <= found.in_top(5) <= len(found.ranked)


def test_what_came_later_changes_no_rank(asked):
    case, found = asked
    day = found.rows[len(found.rows) // 2].started_on
    earlier = tuple(row for row in case.friendships if row.started_on <= day)
    ended = tuple(row.model_copy(update={"ended_on": row.ended_on or case.planning_date}) for row in earlier)
    again = {row.friendship_id: row for row in replayed(case.model_copy(update={"friendships": ended})).rows}
    assert len(again) > 3
    for row in found.rows:
        if row.friendship_id in again:
            other = again[row.friendship_id]
            assert (row.rank, row.points, row.best, row.planned) == (other.rank, other.points, other.best, other.planned)


def test_the_order_of_rows_is_nothing(asked):
    case, found = asked
    mixed = case.model_copy(
        update={name: getattr(case, name)[::-1] for name in ("children", "volunteers", "friendships", "declines")}
    )
    assert replayed(mixed).rows == found.rows


def test_time_that_runs_out_is_said(asked):
    case, found = asked
    ticks = iter([True, True, False])
    short = shadow(case, load_rulebook(case.planning_date), load_postcodes(), date(2025, 6, 1), in_time=lambda: next(ticks))
    assert short.rows == found.rows[:2]
    assert short.unfinished == len(found.rows) - 2


# Whether those ranked high lasted longer


def outcome(rank: int, months: int, *, ended: bool, of: int = 4) -> Replayed:
    ids = {"friendship_id": "F", "child_id": "B", "volunteer_id": "V"}
    return Replayed(**ids, started_on=date(2024, 1, 1), known=True, rank=rank, eligible=of, months=months, ended=ended)


def test_those_ranked_high_beside_those_ranked_low():
    high = [outcome(1 + n % 2, 12 if n > 4 else 9, ended=n <= 4) for n in range(12)]
    low = [outcome(3 + n % 2, 24 if n > 7 else 3, ended=n <= 7) for n in range(16)]
    alone = [outcome(1, 5, ended=True, of=1)] * 20
    found = lasting_by_rank([*high, *low, *alone])
    assert (found.enough, found.high_friendships, found.low_friendships) == (True, 12, 16)
    (best, spread), (value, variance) = (
        mean_within(np.array([row.months for row in side]), np.array([row.ended for row in side]), 12) for side in (high, low)
    )
    assert (found.high, found.low) == (best, value)
    difference, least, most = found.difference
    assert difference == pytest.approx(best - value)
    assert (most - least) / 2 == pytest.approx(1.96 * np.sqrt(spread + variance), rel=1e-3)
    assert least > 0.0


FEW = [outcome(1, 30, ended=False)] * 4 + [outcome(1, 5, ended=True)] * 5
MANY = [outcome(4, 30, ended=False)] * 40 + [outcome(4, 5, ended=True)] * 20


@pytest.mark.parametrize("rows", [[], FEW + MANY, MANY + [outcome(1, 30, ended=False)] * 40])
def test_too_few_say_nothing(rows):
    found = lasting_by_rank(rows)
    assert (found.enough, found.high, found.low, found.difference) == (False, None, None, None)


def test_friendships_too_young_say_nothing():
    rows = [outcome(1 + n % 4, 11, ended=n < 40) for n in range(60)]
    assert not lasting_by_rank(rows).enough
    assert lasting_by_rank([*rows, outcome(1, 12, ended=False), outcome(4, 12, ended=False)]).enough
