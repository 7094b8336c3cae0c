"""A calendar planned anew: what was before the date stays, and who is promised something else is told."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.check.calendar import check_calendar, check_replan
from tests.check.test_calendar_rules import NAMES, TUESDAY, five, held
from tests.check.years import Plan, Row, lead, meeting, right_year, venue, world_of
from tests.volume import volume

WEEKS = timedelta(28)
FIRST, SECOND, THIRD = (meeting(f"N{n}", TUESDAY + n * WEEKS, NAMES) for n in range(3))
FROM = date(2027, 2, 20)
TWO_VENUES = (venue("S1"), venue("S2"))


def promise(name: str, row: Row) -> Row:
    return {"volunteer_id": name, "date": row["date"], "slot": row["slot"], "venue_id": row["venue_id"]}


def told(*rows: Row, broken: list[Row] | None = None, **facts: Any) -> Plan:
    return {**held(*rows, **facts), "changed_promises": broken or []}


BEFORE = held(FIRST, SECOND, THIRD)
LATER = {**SECOND, "date": SECOND["date"] + timedelta(1), "slot": "wed_evening"}
LATER_BROKEN = [promise(name, SECOND) for name in NAMES]


def judged(after: Plan, before: Plan = BEFORE, **tables: Any) -> list[str]:
    return check_replan(world_of(five(venues=TWO_VENUES, **tables)), before, after, FROM)


def test_the_same_plan_again_breaks_nothing() -> None:
    assert judged(told(FIRST, SECOND, THIRD)) == []


def test_a_meeting_moved_by_a_day_breaks_five_promises() -> None:
    near = {**THIRD, "date": THIRD["date"] + timedelta(1), "slot": "wed_evening"}
    broken = sorted(
        [promise(name, row) for name in NAMES for row in (SECOND, THIRD)], key=lambda p: (p["volunteer_id"], p["date"])
    )
    assert judged(told(FIRST, LATER, near, broken=broken)) == []
    assert len(judged(told(FIRST, LATER, near, broken=broken[1:]))) == 1


def test_slot_and_venue_are_promises_but_matcher_id_and_group_are_not() -> None:
    elsewhere = {**SECOND, "venue_id": "S2"}
    assert judged(told(FIRST, elsewhere, THIRD, broken=LATER_BROKEN)) == []
    assert len(judged(told(FIRST, elsewhere, THIRD))) == 5
    other_lead = {**SECOND, "matcher_id": "M2", "meeting_id": "N9"}
    two = (lead("M1"), lead("M2"))
    objective = {"changes": 5, "load_spread": 1}
    assert judged(told(FIRST, THIRD, other_lead, objective=objective), matchers=two) == []


def test_who_leaves_is_told_too() -> None:
    """A friendship ends: she is planned no more, and her promise is broken; what she has been to stays."""
    ended = tuple(
        {**bond, "ended_on": None if bond["volunteer_id"] != "F5" else date(2026, 10, 1)} for bond in five()["friendships"]
    )
    rest = [{**row, "volunteers": NAMES[:4]} for row in (SECOND, THIRD)]
    after = told(FIRST, *rest, broken=[promise("F5", SECOND), promise("F5", THIRD)], lacks=dict.fromkeys(NAMES[:4], 1))
    after["groups"] = after["groups"][:4]
    assert judged(after, friendships=ended) == []
    assert len(judged({**after, "changed_promises": []}, friendships=ended)) == 2
    without = told({**FIRST, "volunteers": NAMES[:4]}, *rest, broken=after["changed_promises"], lacks=dict.fromkeys(NAMES[:4], 1))
    without["groups"] = without["groups"][:4]
    assert judged(without, friendships=ended) == ["past meeting N0: volunteer F5 is listed, but sent away"]


def test_the_case_knows_better_who_came() -> None:
    """A meeting that the case lists as held is as the case tells it, not as it was planned."""
    came = {**FIRST, "volunteers": NAMES[:4]}
    case = {**five(venues=TWO_VENUES, meetings=(came,)), "planning_date": FROM}
    assert check_replan(world_of(case), BEFORE, told(came, SECOND, THIRD), FROM) == []
    assert check_replan(world_of(case), BEFORE, told(FIRST, SECOND, THIRD), FROM) == [
        "past meeting N0: volunteer F5 was not there"
    ]


def test_a_pinned_meeting_before_the_date_keeps_those_who_joined_it() -> None:
    pinned = {**FIRST, "pinned": True, "volunteers": NAMES[:2]}
    assert judged(told(FIRST, SECOND, THIRD), meetings=(pinned,)) == []
    fewer = told({**FIRST, "volunteers": NAMES[:4]}, SECOND, THIRD)
    assert judged(fewer, meetings=(pinned,)) == ["past meeting N0: volunteer F5 is listed, but sent away"]


FAULTS: dict[str, tuple[Plan, str]] = {
    "a meeting before the date moved": (
        told({**FIRST, "date": FIRST["date"] - timedelta(7)}, SECOND, THIRD),
        "past meeting N0: its date was 2027-02-02, and is now 2027-01-26",
    ),
    "a meeting before the date at another venue": (
        told({**FIRST, "venue_id": "S2"}, SECOND, THIRD),
        "past meeting N0: its venue was S1",
    ),
    "a meeting before the date in another slot": (
        told({**FIRST, "slot": "tue_morning"}, SECOND, THIRD),
        "its slot was tue_evening",
    ),
    "a meeting before the date led by another": (told({**FIRST, "matcher_id": "M2"}, SECOND, THIRD), "its matcher was M1"),
    "a meeting before the date dropped": (told(SECOND, THIRD), "past meeting N0: not in the plan"),
    "a meeting before the date under a new id": (
        told({**FIRST, "meeting_id": "A0"}, SECOND, THIRD),
        "past meeting N0: not in the plan",
    ),
    "somebody taken out before the date": (
        told({**FIRST, "volunteers": NAMES[1:]}, SECOND, THIRD),
        "past meeting N0: volunteer F1 is listed, but sent away",
    ),
    "a new meeting before the date": (
        told({**FIRST, "meeting_id": "A0", "date": FROM - timedelta(1), "slot": "fri_evening"}, FIRST, SECOND, THIRD),
        "meeting A0: 2027-02-19 lies before 2027-02-20",
    ),
    "a broken promise not told": (told(FIRST, LATER, THIRD, broken=LATER_BROKEN[1:]), "changed promises: F1 on 2027-03-02"),
    "a kept promise told as broken": (told(FIRST, SECOND, THIRD, broken=LATER_BROKEN[:1]), "told 1 times, should be 0"),
    "a broken promise told twice": (
        told(FIRST, LATER, THIRD, broken=[LATER_BROKEN[0], *LATER_BROKEN]),
        "told 2 times, should be 1",
    ),
    "promises out of order": (told(FIRST, LATER, THIRD, broken=LATER_BROKEN[::-1]), "changed promises: not in the order"),
    "the new place told for the old": (
        told(FIRST, LATER, THIRD, broken=[promise(name, LATER) for name in NAMES]),
        "changed promises: F1 on 2027-03-03",
    ),
    "no list": (held(FIRST, SECOND, THIRD), "plan: changed_promises is missing"),
    "a row without a date": (
        {**told(FIRST), "changed_promises": [{**LATER_BROKEN[0], "date": None}]},
        "changed_promises row 1: date is no date",
    ),
    "what any calendar may have wrong": (told(FIRST, SECOND, THIRD, objective={"meetings": 2}), "objective: meetings is 2"),
}


@pytest.mark.parametrize(("after", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_caught(after: Plan, words: str) -> None:
    assert any(words in fault for fault in judged(after)), judged(after)


def test_a_pinned_meeting_stays() -> None:
    pinned = (meeting("P1", THIRD["date"] + WEEKS, NAMES, pinned=True),)
    before = held(FIRST, SECOND, THIRD, pinned[0])
    assert judged(told(FIRST, SECOND, THIRD, pinned[0]), before, meetings=pinned) == []
    assert any(
        "pinned meeting P1: not in the plan" in fault for fault in judged(told(FIRST, SECOND, THIRD), before, meetings=pinned)
    )


def test_what_cannot_be_judged_is_refused() -> None:
    after = told(FIRST, SECOND, THIRD)
    assert judged(after, {**BEFORE, "year": 2026}) == ["earlier plan: of the year 2026, asked was 2027"]
    assert judged(after, {**BEFORE, "status": "best"})[0].startswith("earlier plan: status")
    assert judged({**after, "year": 2026}) == ["plan: of the year 2026, asked was 2027"]


def test_any_right_calendar_is_its_own_new_plan_from_any_date() -> None:
    for seed in range(volume(ci=25, long=500)):
        case, settings, year, plan = right_year(seed)
        rng, world = random.Random(seed), world_of(case, settings, year)
        from_date = date(year, 1, 1) + timedelta(rng.randrange(365))
        after = {**plan, "changed_promises": []}
        said = [fault for fault in check_replan(world, plan, after, from_date) if "load_spread" not in fault]
        assert said == [], seed
        later = [row for row in plan["meetings"] if row["date"] >= max(from_date, world.floor) and row["volunteers"]]
        if later:
            dropped = {**after, "meetings": [row for row in plan["meetings"] if row is not later[0]]}
            names = {
                fault.split()[2]
                for fault in check_replan(world, plan, dropped, from_date)
                if fault.startswith("changed promises")
            }
            assert names == {*later[0]["volunteers"]}
        earlier = [row for row in plan["meetings"] if row["date"] < from_date]
        if earlier:
            gone = {**after, "meetings": [row for row in plan["meetings"] if row is not earlier[0]]}
            assert any(
                f"{earlier[0]['meeting_id']}: not in the plan" in fault for fault in check_replan(world, plan, gone, from_date)
            )
        assert check_calendar(world, plan) == []
