"""Tiny years by hand: what stands is no fault whatever it breaks, and who joins it must keep the rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from geopy.distance import geodesic

from matcher.check.calendar import check_calendar
from matcher.check.calendar_spread import could_lead
from matcher.check.calendar_world import SLACK_METRES
from matcher.records import Case
from tests.check.years import PLACES, Plan, Row, case_of, friendship, lead, meeting, venue, volunteer, world_of

TODAY = date(2026, 11, 1)
NAMES = ("F1", "F2", "F3", "F4", "F5")
TUESDAY = date(2027, 2, 2)


def five(**tables: Any) -> Row:
    """Five volunteers whose first year is 2027."""
    bonds = [friendship(f"V{name[1]}", name, date(2027, 1, 1)) for name in NAMES]
    return {**case_of(TODAY, [volunteer(name) for name in NAMES], bonds), **tables}


def held(*rows: Row, lacks: dict[str, int] | None = None, **facts: Any) -> Plan:
    """A plan of five in one group under M1, with its account by hand; everybody travels 5 minutes, in no distance."""
    seats = sum(len(row["volunteers"]) for row in rows)
    had = {name: sum(name in row["volunteers"] for row in rows) for name in NAMES}
    short = {name: 4 - had[name] for name in NAMES if had[name] < 4} if lacks is None else lacks
    objective = {
        "unmet": sum(short.values()),
        "meetings": len(rows),
        "changes": 0,
        "travel_minutes": 5.0 * seats,
        "load_spread": 0,
        **facts.pop("objective", {}),
    }
    return {
        "year": 2027,
        "meetings": [{"group": "G1", **{k: x for k, x in row.items() if k not in ("pinned", "group")}} for row in rows],
        "groups": [{"volunteer_id": name, "group": "G1", "matcher_id": "M1"} for name in NAMES],
        "unmet": [{"volunteer_id": name, "missing": number} for name, number in sorted(short.items())],
        "objective": objective,
        "bound": dict(objective),
        "status": "feasible",
        **facts,
    }


def test_four_meetings_of_five_owe_nothing() -> None:
    rows = [meeting(f"N{n}", TUESDAY + timedelta(28 * n), NAMES) for n in range(4)]
    assert check_calendar(world_of(five()), held(*rows)) == []
    assert check_calendar(world_of(five()), held(*rows, status="optimal")) == []
    assert check_calendar(world_of(five()), held(status="optimal")) == []


def test_six_are_the_most_and_27_days_too_few() -> None:
    days = [TUESDAY + timedelta(28 * n) for n in range(11)]
    rows = [meeting(f"N{n}", day, NAMES) for n, day in enumerate(d for d in days if d.month != 7)]
    assert check_calendar(world_of(five()), held(*rows[:6])) == []
    over = check_calendar(world_of(five()), held(*rows[:7]))
    assert over == [f"volunteer {name}: 7 meetings in the year, at most 6" for name in NAMES]
    near = meeting("N1", TUESDAY + timedelta(27), NAMES)
    faults = check_calendar(world_of(five()), held(rows[0], near))
    assert faults == [f"volunteer {name}: 27 days between meeting N0 and meeting N1, at least 28" for name in NAMES]


PINNED_ANYHOW = {
    "on a holiday": {"date": date(2027, 3, 26)},
    "in July": {"date": date(2027, 7, 6)},
    "in the morning": {"slot": "tue_morning"},
    "too few": {"volunteers": ("F1",)},
    "nobody": {"volunteers": ()},
    "somebody who is not planned": {"volunteers": ("F1", "F9")},
    "of a programme they have not": {"programme": ("familieven",)},
}


@pytest.mark.parametrize("broken", PINNED_ANYHOW.values(), ids=PINNED_ANYHOW.keys())
def test_what_a_pinned_meeting_breaks_by_itself_is_no_fault(broken: Row) -> None:
    row = meeting("P1", TUESDAY, NAMES, pinned=True)
    row = {**row, **broken}
    case = five(meetings=(row,), volunteers=(*five()["volunteers"], volunteer("F9")))
    assert check_calendar(world_of(case), held(row)) == []


def test_a_closed_venue_an_absent_matcher_and_a_full_room_are_no_fault_of_a_pinned_meeting() -> None:
    span = ((TUESDAY, TUESDAY),)
    row = meeting("P1", TUESDAY, NAMES, pinned=True)
    tables = {"matchers": (lead("M1", absent=span),), "venues": (venue("S1", closed=span, capacity=4),)}
    assert check_calendar(world_of(five(meetings=(row,), **tables)), held(row)) == []
    free = {**row, "pinned": False}
    said = check_calendar(world_of(five(meetings=(free,), **tables)), held(free))
    assert said == [
        f"meeting P1: matcher M1 is absent ({TUESDAY})",
        f"meeting P1: venue S1 is closed ({TUESDAY})",
        "meeting P1: 5 volunteers, venue S1 seats 4",
    ]


def test_who_joins_a_pinned_meeting_must_keep_the_rules() -> None:
    row = meeting("P1", TUESDAY, NAMES[:4], pinned=True)
    joined = {**row, "volunteers": NAMES}

    def said(pinned: Row = row, **tables: Any) -> list[str]:
        return check_calendar(
            world_of(five(meetings=(pinned,), **tables)), held({**joined, "date": pinned["date"], "slot": pinned["slot"]})
        )

    assert said() == []
    others = tuple(volunteer(name) for name in NAMES[:4])
    assert said(volunteers=(*others, volunteer("F5", stops_on=date(2027, 2, 1)))) == [
        "pinned meeting P1, volunteer F5: after the last day 2027-02-01 (2027-02-02)"
    ]
    assert said(volunteers=(*others, volunteer("F5", paused_from=TUESDAY))) == [
        "pinned meeting P1, volunteer F5: during a pause (2027-02-02)"
    ]
    assert said(volunteers=(*others, volunteer("F5", availability=("tue_morning",)))) == [
        "pinned meeting P1, volunteer F5: not free on tue_evening (2027-02-02)"
    ]
    assert said(venues=(venue("S1", capacity=4),)) == ["pinned meeting P1: 5 volunteers, venue S1 seats 4"]
    friday = {**row, "date": date(2027, 3, 26), "slot": "fri_evening"}
    assert said(friday) == ["pinned meeting P1, volunteer F5: 2027-03-26 lies on a public holiday"]
    pinned_again = meeting("P2", TUESDAY + timedelta(7), ("F5",), pinned=True)
    both = check_calendar(world_of(five(meetings=(row, pinned_again))), held(joined, pinned_again))
    assert both == ["volunteer F5: 7 days between pinned meeting P1 and pinned meeting P2, at least 28"]


def test_two_listed_too_near_each_other_are_no_fault_but_two_at_once_are() -> None:
    one, two = meeting("P1", TUESDAY, NAMES, pinned=True), meeting("P2", TUESDAY + timedelta(1), NAMES, pinned=True)
    assert check_calendar(world_of(five(meetings=(one, two))), held(one, two)) == []
    at_once = {**two, "date": TUESDAY, "slot": "tue_evening", "venue_id": "S2", "volunteers": ("F1",)}
    case = five(meetings=(one, at_once), venues=(venue("S1"), venue("S2")))
    assert check_calendar(world_of(case), held(one, at_once)) == [
        "volunteer F1: in pinned meeting P1 and pinned meeting P2 at once (2027-02-02, tue_evening)",
        "matcher M1: in pinned meeting P1 and pinned meeting P2 at once (2027-02-02, tue_evening)",
    ]


def test_facts_count_but_are_not_judged() -> None:
    facts = tuple(meeting(f"K{n}", TUESDAY + timedelta(n), NAMES[:4]) for n in range(5))
    case = {**five(meetings=facts), "planning_date": date(2027, 3, 1)}
    assert check_calendar(world_of(case), held(*facts)) == []
    assert check_calendar(world_of(case), held(*facts, meeting("N1", date(2027, 3, 6), NAMES))) == []
    near = meeting("N1", date(2027, 3, 5), NAMES)
    assert check_calendar(world_of(case), held(*facts, near)) == [
        f"volunteer {name}: 27 days between past meeting K4 and meeting N1, at least 28" for name in NAMES[:4]
    ]


def test_facts_of_other_people_are_kept_as_they_were() -> None:
    """Unknown people may be left out or not; known ones who are not planned stay, and have no home group."""
    fact = meeting("K1", TUESDAY, ("F1", "F8", "F9"), venue_id="S9", matcher_id="M9", group="old")
    case = {**five(meetings=(fact,)), "planning_date": date(2027, 3, 1)}
    case["volunteers"] = (*case["volunteers"], volunteer("F9"))
    listed = {
        **held(fact, objective={"travel_minutes": 0.0, "changes": 2}),
        "meetings": [{k: x for k, x in fact.items() if k != "pinned"}],
    }
    assert check_calendar(world_of(case), listed) == []
    without = {**listed, "meetings": [{**listed["meetings"][0], "volunteers": ("F1", "F9")}]}
    assert check_calendar(world_of(case), without) == []
    sent_away = {**listed, "meetings": [{**listed["meetings"][0], "volunteers": ("F1", "F8")}]}
    assert check_calendar(world_of(case), sent_away) == ["past meeting K1: volunteer F9 is listed, but sent away"]
    moved = {**listed, "meetings": [{**listed["meetings"][0], "group": "G1"}]}
    assert "past meeting K1: its group was old, and is now G1" in check_calendar(world_of(case), moved)


def test_a_kept_meeting_over_a_limit_bars_only_new_ones() -> None:
    pinned = tuple(meeting(f"P{n}", TUESDAY + timedelta(n), NAMES[:2], pinned=True) for n in range(5))
    case = five(meetings=pinned)
    assert check_calendar(world_of(case), held(*pinned)) == []
    new = meeting("N1", date(2027, 2, 26), (*NAMES[2:], "F6"))
    case = {**case, "volunteers": (*case["volunteers"], volunteer("F6"))}
    case["friendships"] = (*case["friendships"], friendship("V6", "F6", date(2026, 3, 1)))  # owes one, may come once
    plan = held(new, *pinned)
    plan["groups"].append({"volunteer_id": "F6", "group": "G1", "matcher_id": "M1"})
    assert check_calendar(world_of(case), plan) == ["matcher M1: 6 meetings in 2027-02, at most 4"]


def test_minutes_are_those_of_the_geodesic_to_a_metre() -> None:
    case = case_of(
        TODAY, [volunteer("F1", postcode="2740", transport="bike")], [], venues=(venue("S1", latitude=55.6, longitude=12.4),)
    )
    metres = geodesic(PLACES["2740"], (55.6, 12.4)).meters
    minutes = world_of(case).minutes("F1", "S1")
    assert minutes is not None
    assert abs(minutes - (60 * 1.3 * metres / 1000 / 15 + 2)) < 60 * 1.3 / 1000 / 15
    assert world_of(case, {"travel.bike_minutes": 3}).minutes("F1", "S1") == pytest.approx(minutes + 1)
    far = world_of(case, {"calendar.meeting_travel.max_minutes": minutes})
    assert far.minutes("F1", "S1", -SLACK_METRES) < minutes < far.minutes("F1", "S1", SLACK_METRES)  # type: ignore[operator]


def test_the_way_may_be_as_long_as_the_limit_to_a_metre() -> None:
    people = [volunteer(name, postcode="2740") for name in NAMES]
    row = meeting("N1", TUESDAY, NAMES)
    way = world_of(five(volunteers=people)).minutes("F1", "S1") or 0.0
    plan = held(row, objective={"travel_minutes": 5 * way})
    metre = 60 * 1.3 / 1000 / 40
    for limit, fine in ((way, True), (way - metre, True), (way - 2 * metre, False)):
        said = check_calendar(world_of(five(volunteers=people), {"calendar.meeting_travel.max_minutes": limit}), plan)
        assert (said == []) is fine
    own_limit = [volunteer(name, postcode="2740", max_minutes=1) for name in NAMES]  # of the friendship, not of meetings
    assert check_calendar(world_of(five(volunteers=own_limit)), plan) == []
    for off, fine in ((0.005, True), (0.05, False), (-0.05, False)):
        told = held(row, objective={"travel_minutes": 5 * way + off})
        assert (check_calendar(world_of(five(volunteers=people)), told) == []) is fine


def test_who_could_lead_any() -> None:
    out = ((date(2027, 1, 1), date(2027, 12, 31)),)
    leads = {
        "M1": lead("M1"),
        "M2": lead("M2", absent=out),
        "M3": lead("M3", availability=("tue_morning",)),  # no venue then
        "M4": lead("M4", programmes=("voksenven",)),  # not the whole set
        "M5": lead("M5", max_meetings_per_month=0),
        "M6": lead("M6", availability=("thu_evening",)),
        "M7": lead("M7", absent=((date(2027, 1, 1), date(2027, 12, 29)),)),  # 30 December is left
    }
    case = five(matchers=tuple(leads.values()))
    assert could_lead(world_of(case)) == {"M1", "M6", "M7"}
    assert "M4" in could_lead(world_of(case, {"together": ("voksenven", "storebror+familieven")}))
    assert could_lead(world_of(case, {"together": ("voksenven+storebror", "familieven")})) == {"M1", "M6", "M7"}
    assert could_lead(world_of({**case, "venues": (venue("S1", capacity=3),)})) == set()
    assert could_lead(world_of(case, {"calendar.meeting_size.min_volunteers": 6})) == set()
    row = meeting("N1", TUESDAY, NAMES)
    assert check_calendar(world_of(case), held(row, objective={"load_spread": 1})) == []
    pinned = meeting("P1", TUESDAY, NAMES, matcher_id="M2", pinned=True)
    said = held(pinned, objective={"load_spread": 1, "changes": 5})
    assert check_calendar(world_of({**case, "meetings": (pinned,)}), said) == []


def test_changes_count_the_group_and_the_matcher_each() -> None:
    case = five(matchers=(lead("M1"), lead("M2")))
    row = meeting("N1", TUESDAY, NAMES)
    homes = [{"volunteer_id": n, "group": "G1" if n < "F3" else "G2", "matcher_id": "M1" if n < "F3" else "M2"} for n in NAMES]
    assert check_calendar(world_of(case), held(row, groups=homes, objective={"changes": 6, "load_spread": 1})) == []
    same_lead = [{**home, "matcher_id": "M1"} for home in homes]
    assert check_calendar(world_of(case), held(row, groups=same_lead, objective={"changes": 3, "load_spread": 1})) == []


def test_slack_lets_a_level_lie_above_its_bound() -> None:
    plan = held(status="optimal")
    short = {**plan, "bound": {**plan["bound"], "unmet": plan["objective"]["unmet"] - 2}}
    assert check_calendar(world_of(five()), short) == ["plan: called optimal, but unmet is 20, and its bound 18"]
    assert check_calendar(world_of(five()), {**short, "status": "feasible"}) == []
    assert check_calendar(world_of(five(), {"calendar.slack.unmet": 2}), short) == []


def test_settings_of_the_days_are_read() -> None:
    row = meeting("N1", date(2027, 7, 6), NAMES)
    assert check_calendar(world_of(five(), {"calendar.july.closed_month": 0}), held(row)) == []
    may = meeting("N1", date(2027, 5, 4), NAMES)
    assert check_calendar(world_of(five(), {"calendar.quiet_day.days": ("05-04",)}), held(may)) == [
        "meeting N1: 2027-05-04 lies on a day kept like a holiday"
    ]


def test_a_records_dump_is_read_as_its_rows_are() -> None:
    closures = ({"from": TUESDAY, "to": TUESDAY, "what": "break"},)
    case = five(closures=closures, meetings=(meeting("P1", TUESDAY, NAMES, pinned=True),))
    dump = Case.model_validate(case).model_dump()
    one, two = world_of(case), world_of(dump)
    assert one == two
    assert check_calendar(two, held(meeting("N1", TUESDAY, NAMES))) != []


BAD_SHAPES: dict[str, tuple[Row, str]] = {
    "no status": ({"status": "best"}, "plan: status 'best' is neither optimal nor feasible"),
    "year as text": ({"year": "2027"}, "plan: year '2027' is no whole number"),
    "date as text": ({"meetings": [{**meeting("N1", TUESDAY, NAMES), "date": "2027-02-02"}]}, "meeting row 1: date is no date"),
    "no venue": ({"meetings": [{**meeting("N1", TUESDAY, NAMES), "venue_id": None}]}, "meeting row 1: venue_id is no text"),
    "one text": ({"meetings": [meeting("N1", TUESDAY, "F1")]}, "meeting row 1: volunteers is no list of texts"),  # type: ignore[arg-type]
    "group of nobody": ({"groups": [{"group": "G1", "matcher_id": "M1"}]}, "groups row 1: volunteer_id is no text"),
    "missing as text": ({"unmet": [{"volunteer_id": "F1", "missing": "2"}]}, "unmet row 1: missing is no whole number"),
    "a level left out": ({"bound": {"unmet": 1}}, "bound: keys are ['unmet'], not"),
    "not a number": ({"objective": dict.fromkeys(held()["objective"], float("nan"))}, "objective: unmet is no number"),
    "another year": ({"year": 2028}, "plan: of the year 2028, asked was 2027"),
}


@pytest.mark.parametrize(("wrong", "words"), BAD_SHAPES.values(), ids=BAD_SHAPES.keys())
def test_what_cannot_be_judged_is_refused(wrong: Row, words: str) -> None:
    assert any(fault.startswith(words) for fault in check_calendar(world_of(five()), {**held(), **wrong}))


@pytest.mark.parametrize("key", ["year", "meetings", "groups", "unmet", "objective", "bound", "status"])
def test_every_key_must_be_there(key: str) -> None:
    plan = held()
    del plan[key]
    assert check_calendar(world_of(five()), plan) == [f"plan: {key} is missing"]


def test_without_matchers_nothing_is_spread() -> None:
    """Then nobody can be anybody's home matcher either: the case has no calendar with home groups."""
    assert check_calendar(world_of(five(matchers=())), held()) == ["group G1: matcher M1 is not known"]


def test_only_travel_is_rounded() -> None:
    row = meeting("N1", TUESDAY, NAMES)
    plan = held(row, status="optimal")
    for level, hair, fine in (
        ("travel_minutes", 0.0005, True),
        ("travel_minutes", 0.002, False),
        ("unmet", 0.0005, False),
        ("load_spread", 0.0005, False),
    ):
        for sign in (1, -1):
            bound = {**plan["bound"], level: plan["bound"][level] + sign * hair}
            assert (check_calendar(world_of(five()), {**plan, "bound": bound}) == []) is fine, (level, hair, sign)


def test_the_planning_date_itself_is_not_past() -> None:
    row = meeting("P1", TUESDAY, NAMES[:4], pinned=True)
    case = {**five(meetings=(row,)), "planning_date": TUESDAY}
    assert check_calendar(world_of(case), held({**row, "volunteers": NAMES})) == []
    assert check_calendar(world_of({**case, "meetings": ()}), held(meeting("N1", TUESDAY, NAMES))) == []
    dropped = check_calendar(world_of({**case, "meetings": ({**row, "pinned": False},)}), held())
    assert dropped == []  # what is not pinned may go
