"""P2 for calendars: faults planted into right ones, each caught by its own message.

A fault takes a right calendar and spoils it, or the case around it; it gives what the checker then says and the words that
must be among it, or None where this calendar cannot be spoilt so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.check.calendar import check_calendar
from matcher.check.calendar_days import easter_sunday
from tests.check.years import (
    LEVELS,
    Case,
    Plan,
    Row,
    a_year_on,
    danish,
    first_years,
    friendship,
    meeting,
    right_year,
    slots_on,
    volunteer,
    world_of,
)
from tests.volume import volume

PLANS = volume(ci=5, long=60)
WEEK = timedelta(7)


class Right:
    """A case with its right calendar, and one meeting of it that is new."""

    def __init__(self, case: Case, settings: dict[str, object], year: int, plan: Plan, rng: random.Random) -> None:
        self.case, self.settings, self.year, self.plan, self.rng = case, settings, year, plan, rng
        self.today = case["planning_date"]
        listed = {row["meeting_id"]: row for row in case["meetings"]}
        self.new = [row for row in plan["meetings"] if row["meeting_id"] not in listed]
        self.pinned = [row for row in plan["meetings"] if row["meeting_id"] in listed and row["date"] >= self.today]
        self.facts = [row for row in plan["meetings"] if row["date"] < self.today]
        self.planned = first_years(case, year)
        self.row = rng.choice(self.new)
        self.who = rng.choice(self.row["volunteers"])
        self.name = f"meeting {self.row['meeting_id']}"

    def judged(self, **facts: Any) -> list[str]:
        return check_calendar(world_of(self.case, self.settings, self.year), {**self.plan, **facts})

    def in_case(self, settings: dict[str, object] | None = None, **tables: Any) -> list[str]:
        return check_calendar(world_of({**self.case, **tables}, {**self.settings, **(settings or {})}, self.year), self.plan)

    def with_meeting(self, old: Row, **facts: Any) -> list[str]:
        return self.judged(meetings=[{**row, **facts} if row is old else row for row in self.plan["meetings"]])

    def moved(self, day: date) -> list[str]:
        return self.with_meeting(self.row, date=day, slot=slots_on(day)[2])

    def more(self, row: Row) -> list[str]:
        return self.judged(meetings=sorted([*self.plan["meetings"], row], key=lambda r: str(r["meeting_id"])))

    def changed(self, table: str, key: str, name: str, **facts: Any) -> dict[str, Any]:
        """A table of the case in which one row has other facts."""
        return {table: tuple({**row, **facts} if row[key] == name else row for row in self.case[table])}

    def with_lead(self, **facts: Any) -> list[str]:
        return self.in_case(**self.changed("matchers", "matcher_id", self.row["matcher_id"], **facts))

    def with_hall(self, **facts: Any) -> list[str]:
        return self.in_case(**self.changed("venues", "venue_id", self.row["venue_id"], **facts))

    def with_who(self, **facts: Any) -> list[str]:
        return self.in_case(**self.changed("volunteers", "volunteer_id", self.who, **facts))

    def with_bond(self, **facts: Any) -> list[str]:
        return self.in_case(**self.changed("friendships", "friendship_id", self.planned[self.who]["friendship_id"], **facts))

    def homes(self, n: int, **facts: Any) -> list[str]:
        return self.judged(groups=[{**row, **facts} if k == n else row for k, row in enumerate(self.plan["groups"])])

    def told(self, name: str, level: str, change: float) -> list[str]:
        return self.judged(**{name: {**self.plan[name], level: self.plan[name][level] + change}})

    def other_slot(self) -> str:
        return str(next(slot for slot in slots_on(self.row["date"]) if slot != self.row["slot"]))


Answer = tuple[list[str], str] | None
FAULTS: dict[str, Callable[[Right], Answer]] = {}


def fault(plant: Callable[[Right], Answer]) -> Callable[[Right], Answer]:
    FAULTS[plant.__name__] = plant
    return plant


def named(name: str) -> Callable[[Callable[[Right], Answer]], None]:
    def keep(plant: Callable[[Right], Answer]) -> None:
        FAULTS[name] = plant

    return keep


# Days


def _on(right: Right, day: date, words: str) -> Answer:
    if day < right.today or (day in danish(right.year) and "kept" in words):
        return None
    return right.moved(day), f"{right.name}: {day} lies {words}"


@fault
def meeting_in_july(right: Right) -> Answer:
    return _on(right, date(right.year, 7, right.rng.randint(1, 31)), "in month 7")


@fault
def meeting_on_a_fixed_holiday(right: Right) -> Answer:
    return _on(right, date(right.year, 12, right.rng.choice((25, 26))), "on a public holiday")


@fault
def meeting_on_a_movable_holiday(right: Right) -> Answer:
    return _on(right, easter_sunday(right.year) + timedelta(right.rng.choice((-3, -2, 0, 1, 39, 49, 50))), "on a public holiday")


for _month, _day in ((6, 5), (12, 24), (12, 31)):
    named(f"meeting_on_{_month}_{_day}")(lambda right, m=_month, d=_day: _on(right, date(right.year, m, d), "on a day kept"))  # type: ignore[misc]


@fault
def meeting_in_a_closure(right: Right) -> Answer:
    day = right.row["date"]
    return right.in_case(closures=({"start": day, "end": day, "what": "break"},)), f"{right.name}: {day} lies in a closure"


@fault
def meeting_before_the_planning_date(right: Right) -> Answer:
    day = right.today - timedelta(1)
    return (right.moved(day), f"{right.name}: {day} lies before {right.today}") if day.year == right.year else None


@fault
def meeting_in_another_year(right: Right) -> Answer:
    day = right.row["date"] + 53 * WEEK
    return (right.moved(day), f"{right.name}: on {day}, not in {right.year}") if day.year != right.year else None


@fault
def slot_of_another_weekday(right: Right) -> Answer:
    wrong = slots_on(right.row["date"] + timedelta(1))[2]
    return right.with_meeting(right.row, slot=wrong), f"{right.name}: {wrong} is no slot of"


@fault
def slot_that_is_none(right: Right) -> Answer:
    return right.with_meeting(right.row, slot=right.row["slot"][:4] + "night"), "night is no slot of"


@fault
def holiday_not_told(right: Right) -> Answer:
    days = danish(right.year)
    gone = days.pop(right.rng.randrange(len(days)))
    return check_calendar(world_of(right.case, right.settings, right.year, days), right.plan), f"{gone} is one, but was not told"


@fault
def prayer_day_told_as_a_holiday(right: Right) -> Answer:
    day = easter_sunday(right.year) + timedelta(26)
    told = [*danish(right.year), day]
    return check_calendar(world_of(right.case, right.settings, right.year, told), right.plan), f"{day} was told, but is none"


# The matcher


@fault
def matcher_absent(right: Right) -> Answer:
    span = (right.row["date"] - timedelta(1), right.row["date"])
    return right.with_lead(absent=(span,)), f"{right.name}: matcher {right.row['matcher_id']} is absent"


@fault
def matcher_not_free(right: Right) -> Answer:
    return right.with_lead(availability=(right.other_slot(),)), f"is not free on {right.row['slot']}"


def _blank_in_the_morning(right: Right, table: str, key: str, name: str) -> list[str]:
    """The meeting held in the morning, by somebody or somewhere that has not said when: any evening."""
    slot = slots_on(right.row["date"])[0]
    case = {**right.case, **right.changed(table, key, name, availability=())}
    rows = [{**row, "slot": slot} if row is right.row else row for row in right.plan["meetings"]]
    return check_calendar(world_of(case, right.settings, right.year), {**right.plan, "meetings": rows})


@fault
def matcher_who_says_nothing_in_the_morning(right: Right) -> Answer:
    who = right.row["matcher_id"]
    return _blank_in_the_morning(right, "matchers", "matcher_id", who), f"{right.name}: matcher {who} is not free on"


@fault
def venue_that_says_nothing_in_the_morning(right: Right) -> Answer:
    where = right.row["venue_id"]
    return _blank_in_the_morning(right, "venues", "venue_id", where), f"{right.name}: venue {where} is not free on"


@fault
def volunteer_who_says_nothing_in_the_morning(right: Right) -> Answer:
    said = _blank_in_the_morning(right, "volunteers", "volunteer_id", right.who)
    return said, f"{right.name}, volunteer {right.who}: not free on"


@fault
def matcher_without_a_programme(right: Right) -> Answer:
    lacks = right.row["programme"][0]
    rest = tuple({"voksenven", "storebror", "familieven"} - {lacks})
    return right.with_lead(programmes=rest), f"{right.name}: matcher {right.row['matcher_id']} does not have {lacks}"


@fault
def matcher_nobody_knows(right: Right) -> Answer:
    return right.with_meeting(right.row, matcher_id="M99"), f"{right.name}: matcher M99 is not known"


@fault
def matcher_over_the_month(right: Right) -> Answer:
    rows = [r for r in right.plan["meetings"] if r["matcher_id"] == right.row["matcher_id"]]
    count = sum(r["date"].month == right.row["date"].month for r in rows)
    return right.with_lead(
        max_meetings_per_month=count - 1
    ), f"{count} meetings in {right.row['date']:%Y-%m}, at most {count - 1}"


def _twin(right: Right, **facts: Any) -> list[str]:
    return right.more({**right.row, "meeting_id": "Z1", "volunteers": right.row["volunteers"][:4], **facts})


@fault
def matcher_twice_a_day(right: Right) -> Answer:
    said = _twin(right, slot=right.other_slot(), venue_id="S9")
    return said, f"matcher {right.row['matcher_id']}: 2 meetings on {right.row['date']}, at most 1"


@fault
def matcher_in_two_places(right: Right) -> Answer:
    return _twin(right, venue_id="S9"), f"matcher {right.row['matcher_id']}: in {right.name} and meeting Z1 at once"


# The venue


@fault
def venue_closed(right: Right) -> Answer:
    span = (right.row["date"], right.row["date"] + timedelta(3))
    return right.with_hall(closed=(span,)), f"{right.name}: venue {right.row['venue_id']} is closed"


@fault
def venue_not_free(right: Right) -> Answer:
    return right.with_hall(availability=(right.other_slot(),)), f"venue {right.row['venue_id']} is not free on"


@fault
def venue_nobody_knows(right: Right) -> Answer:
    return right.with_meeting(right.row, venue_id="S99"), f"{right.name}: venue S99 is not known"


@fault
def venue_too_small(right: Right) -> Answer:
    seats = len(right.row["volunteers"]) - 1
    return right.with_hall(capacity=seats), f"{right.name}: {seats + 1} volunteers, venue {right.row['venue_id']} seats {seats}"


@fault
def venue_taken_twice(right: Right) -> Answer:
    return _twin(right, matcher_id="M9"), f"venue {right.row['venue_id']}: in {right.name} and meeting Z1 at once"


# Size and programmes


@fault
def meeting_of_three(right: Right) -> Answer:
    return right.with_meeting(right.row, volunteers=right.row["volunteers"][:3]), f"{right.name}: 3 volunteers, at least 4"


@fault
def meeting_of_nobody(right: Right) -> Answer:
    return right.with_meeting(right.row, volunteers=()), f"{right.name}: 0 volunteers, at least 4"


@fault
def meeting_of_eleven(right: Right) -> Answer:
    crowd = sorted({*right.row["volunteers"], *right.planned})[:11]
    return (
        (right.with_meeting(right.row, volunteers=crowd), f"{right.name}: 11 volunteers, at most 10")
        if len(crowd) == 11
        else None
    )


@fault
def set_that_does_not_meet_together(right: Right) -> Answer:
    wrong = ("voksenven", "familieven")
    return right.with_meeting(right.row, programme=wrong), f"{right.name}: familieven;voksenven is no set of programmes"


@fault
def programme_named_twice(right: Right) -> Answer:
    twice = (*right.row["programme"], right.row["programme"][0])
    return right.with_meeting(right.row, programme=twice), f"{right.name}: a programme stands there twice"


@fault
def volunteer_of_another_programme(right: Right) -> Answer:
    others = {"voksenven", "storebror", "familieven"} - {*right.row["programme"]}
    if not others:
        return None
    other = sorted(others)[0]
    return right.with_bond(programme=other), f"volunteer {right.who}: {other} is not among its programmes"


@fault
def programme_of_a_later_friendship(right: Right) -> Answer:
    """The earliest friendship counts, not the one whose programme would do."""
    others = {"voksenven", "storebror", "familieven"} - {*right.row["programme"]}
    if not others or right.planned[right.who]["started_on"] <= date(right.year - 1, 1, 3):
        return None
    earlier = friendship("V0", right.who, date(right.year - 1, 1, 3), programme=sorted(others)[0])
    return right.in_case(friendships=(*right.case["friendships"], earlier)), "is not among its programmes"


# Volunteers


@fault
def volunteer_paused(right: Right) -> Answer:
    said = right.with_who(paused_from=right.row["date"] - timedelta(9), paused_until=right.row["date"])
    return said, f"{right.name}, volunteer {right.who}: during a pause"


@fault
def volunteer_in_a_pause_without_end(right: Right) -> Answer:
    return right.with_who(paused_from=right.row["date"], paused_until=None), f"volunteer {right.who}: during a pause"


@fault
def volunteer_in_a_pause_without_beginning(right: Right) -> Answer:
    return right.with_who(paused_from=None, paused_until=right.row["date"]), f"volunteer {right.who}: during a pause"


@fault
def volunteer_after_the_last_day(right: Right) -> Answer:
    said = right.with_who(stops_on=right.row["date"] - timedelta(1))
    return said, f"{right.name}, volunteer {right.who}: after the last day"


@fault
def volunteer_not_free(right: Right) -> Answer:
    return right.with_who(availability=(right.other_slot(),)), f"volunteer {right.who}: not free on {right.row['slot']}"


@fault
def volunteer_before_the_first_year(right: Right) -> Answer:
    started = right.row["date"] + timedelta(1)
    return (right.with_bond(started_on=started, ended_on=None), "outside the first year") if started.year == right.year else None


@fault
def volunteer_on_the_anniversary(right: Right) -> Answer:
    day = right.row["date"]
    alone = [b for b in right.case["friendships"] if b["volunteer_id"] != right.who]
    bond = friendship(
        "V0", right.who, day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    )
    assert a_year_on(bond["started_on"]) <= day
    return right.in_case(friendships=(*alone, bond)), f"volunteer {right.who}: outside the first year"


@fault
def volunteer_too_far(right: Right) -> Answer:
    return right.with_who(latitude=55.10, longitude=14.70), f"volunteer {right.who}: "


@fault
def volunteer_nobody_can_place(right: Right) -> Answer:
    return right.with_who(postcode="9998"), f"volunteer {right.who}: the way to venue {right.row['venue_id']} is not known"


@fault
def volunteer_past_the_first_year_listed(right: Right) -> Answer:
    crowd = tuple(sorted((*right.row["volunteers"], "F00")))
    rows = [{**r, "volunteers": crowd} if r is right.row else r for r in right.plan["meetings"]]
    case = {**right.case, "volunteers": (*right.case["volunteers"], volunteer("F00"))}
    said = check_calendar(world_of(case, right.settings, right.year), {**right.plan, "meetings": rows})
    return said, f"{right.name}, volunteer F00: not a first-year volunteer"


@fault
def volunteer_whose_friendship_has_ended(right: Right) -> Answer:
    mine = [b for b in right.case["friendships"] if b["volunteer_id"] == right.who]
    if len(mine) > 1 or mine[0]["started_on"] > right.today:
        return None
    return right.with_bond(ended_on=right.today), f"volunteer {right.who}: not a first-year volunteer"


@fault
def volunteer_nobody_knows(right: Right) -> Answer:
    crowd = (*right.row["volunteers"], "X9")
    return right.with_meeting(right.row, volunteers=crowd), f"{right.name}, volunteer X9: not known"


@fault
def volunteer_twice_in_a_meeting(right: Right) -> Answer:
    crowd = sorted((*right.row["volunteers"], right.who))
    return right.with_meeting(right.row, volunteers=crowd), f"{right.name}, volunteers: {right.who} twice"


@fault
def volunteer_in_two_places(right: Right) -> Answer:
    who = right.row["volunteers"][0]
    return _twin(right, venue_id="S9", matcher_id="M9"), f"volunteer {who}: in {right.name} and meeting Z1 at once"


@fault
def volunteer_27_days_later(right: Right) -> Answer:
    day, who = right.row["date"] + timedelta(27), right.row["volunteers"][0]
    between = any(right.row["date"] < r["date"] < day and who in r["volunteers"] for r in right.plan["meetings"])
    said = _twin(right, date=day, slot=slots_on(day)[2])
    return None if between else (said, f"volunteer {who}: 27 days between {right.name} and meeting Z1, at least 28")


def _beside(right: Right, day: date, fact: bool) -> Answer:
    """A meeting that stands near a new one; the plan keeps it."""
    row = meeting("Z1", day, (right.who,), pinned=not fact, venue_id="S7", matcher_id="M7")
    near = any(
        abs((r["date"] - day).days) < 28 and right.who in r["volunteers"] for r in right.plan["meetings"] if r is not right.row
    )
    if near or (day < right.today) != fact:
        return None
    case = {**right.case, "meetings": (*right.case["meetings"], row)}
    plan = {**right.plan, "meetings": [*right.plan["meetings"], row]} if day.year == right.year else right.plan
    return check_calendar(
        world_of(case, right.settings, right.year), plan
    ), f"volunteer {right.who}: {abs((right.row['date'] - day).days)} days"


@fault
def volunteer_too_soon_after_a_pinned_meeting(right: Right) -> Answer:
    return _beside(right, right.row["date"] - timedelta(14), fact=False)


@fault
def volunteer_too_soon_after_a_fact(right: Right) -> Answer:
    right.row = right.new[0]
    first = min(right.new, key=lambda r: r["date"])
    right.row, right.who = first, first["volunteers"][0]
    return _beside(right, right.today - timedelta(2), fact=True) if (first["date"] - right.today).days < 26 else None


@fault
def volunteer_too_soon_after_a_meeting_of_last_year(right: Right) -> Answer:
    first = min(right.new, key=lambda r: r["date"])
    right.row, right.who = first, first["volunteers"][0]
    day = first["date"] - timedelta(20)
    return _beside(right, day, fact=day < right.today) if day.year < right.year else None


@fault
def volunteer_over_the_most(right: Right) -> Answer:
    said = right.in_case({"calendar.obligation.max_meetings": 1})
    return (said, f"volunteer {right.who}: ") if any("meetings in the year, at most" in text for text in said) else None


# Pinned meetings and facts


for _what, _fact in (("date", date(2027, 2, 2)), ("slot", "fri_night"), ("venue", "S5"), ("matcher", "M5"), ("programme", ())):

    def _moves(right: Right, what: str = _what, value: Any = _fact) -> Answer:
        if not right.pinned:
            return None
        row = right.rng.choice(right.pinned)
        key = what + ("_id" if what in ("venue", "matcher") else "")
        return right.with_meeting(row, **{key: value}), f"pinned meeting {row['meeting_id']}: its {what} was "

    named(f"pinned_{_what}_moved")(_moves)


@fault
def pinned_dropped(right: Right) -> Answer:
    if not right.pinned:
        return None
    gone = right.rng.choice(right.pinned)
    rows = [r for r in right.plan["meetings"] if r is not gone]
    return right.judged(meetings=rows), f"pinned meeting {gone['meeting_id']}: not in the plan"


@fault
def pinned_under_another_id(right: Right) -> Answer:
    if not right.pinned:
        return None
    row = right.rng.choice(right.pinned)
    return right.with_meeting(row, meeting_id="K99"), f"pinned meeting {row['meeting_id']}: not in the plan"


@fault
def pinned_loses_a_listed_volunteer(right: Right) -> Answer:
    for row in right.pinned:
        listed = next(r for r in right.case["meetings"] if r["meeting_id"] == row["meeting_id"])["volunteers"]
        if listed:
            rest = tuple(v for v in row["volunteers"] if v != listed[0])
            return right.with_meeting(row, volunteers=rest), f"volunteer {listed[0]} is listed, but sent away"
    return None


@fault
def pinned_joined_by_somebody_on_a_pause(right: Right) -> Answer:
    for row in right.pinned:
        listed = next(r for r in right.case["meetings"] if r["meeting_id"] == row["meeting_id"])["volunteers"]
        for v in row["volunteers"]:
            if v not in listed:
                said = right.in_case(**right.changed("volunteers", "volunteer_id", v, paused_from=row["date"], paused_until=None))
                return said, f"pinned meeting {row['meeting_id']}, volunteer {v}: during a pause"
    return None


@fault
def pinned_joined_beyond_ten(right: Right) -> Answer:
    for row in right.pinned:
        crowd = sorted({*row["volunteers"], *right.planned})
        if len(crowd) > max(10, len(row["volunteers"])):
            said = right.with_meeting(row, volunteers=crowd)
            return said, f"pinned meeting {row['meeting_id']}: {len(crowd)} volunteers, at most 10"
    return None


@fault
def pinned_joined_in_july(right: Right) -> Answer:
    for row in right.pinned:
        fresh = sorted(right.planned.keys() - {*row["volunteers"]})
        if row["date"].month == 7 and fresh:
            said = right.with_meeting(row, volunteers=sorted((*row["volunteers"], fresh[0])))
            return said, f"pinned meeting {row['meeting_id']}, volunteer {fresh[0]}: {row['date']} lies in month 7"
    return None


@fault
def two_pinned_meetings_clash(right: Right) -> Answer:
    if not right.pinned:
        return None
    twin = {**right.pinned[0], "meeting_id": "Z1", "pinned": True, "matcher_id": "M9"}
    case = {**right.case, "meetings": (*right.case["meetings"], twin)}
    plan = {**right.plan, "meetings": [*right.plan["meetings"], twin]}
    said = check_calendar(world_of(case, right.settings, right.year), plan)
    return said, f"venue {twin['venue_id']}: in pinned meeting {right.pinned[0]['meeting_id']} and pinned meeting Z1 at once"


@fault
def fact_dropped(right: Right) -> Answer:
    if not right.facts:
        return None
    gone = right.rng.choice(right.facts)
    rows = [r for r in right.plan["meetings"] if r is not gone]
    return right.judged(meetings=rows), f"past meeting {gone['meeting_id']}: not in the plan"


@fault
def fact_led_by_another(right: Right) -> Answer:
    if not right.facts:
        return None
    row = right.rng.choice(right.facts)
    return right.with_meeting(row, matcher_id="M8"), f"past meeting {row['meeting_id']}: its matcher was {row['matcher_id']}"


@fault
def fact_in_another_group(right: Right) -> Answer:
    for row in right.facts:
        if next(r for r in right.case["meetings"] if r["meeting_id"] == row["meeting_id"])["group"]:
            return right.with_meeting(row, group="G8"), f"past meeting {row['meeting_id']}: its group was {row['group']}"
    return None


@fault
def somebody_added_to_a_fact(right: Right) -> Answer:
    for row in right.facts:
        fresh = sorted(right.planned.keys() - {*row["volunteers"]})
        if fresh:
            said = right.with_meeting(row, volunteers=sorted((*row["volunteers"], fresh[0])))
            return said, f"past meeting {row['meeting_id']}: volunteer {fresh[0]} was not there"
    return None


@fault
def somebody_taken_out_of_a_fact(right: Right) -> Answer:
    for row in right.facts:
        if row["volunteers"]:
            said = right.with_meeting(row, volunteers=row["volunteers"][1:])
            return said, f"past meeting {row['meeting_id']}: volunteer {row['volunteers'][0]} is listed, but sent away"
    return None


@fault
def id_of_a_meeting_of_another_year(right: Right) -> Answer:
    day = date(right.year - 1, 11, 2)
    case = {**right.case, "meetings": (*right.case["meetings"], meeting(right.row["meeting_id"], day, pinned=True))}
    said = check_calendar(world_of(case, right.settings, right.year), right.plan)
    return said, f"{right.name}: the id is that of a meeting on {day}"


# Home groups


@fault
def somebody_without_a_home_group(right: Right) -> Answer:
    gone, *rest = right.plan["groups"]
    return right.judged(groups=rest), f"volunteer {gone['volunteer_id']}: 0 home groups, should be 1"


@fault
def somebody_with_two_home_groups(right: Right) -> Answer:
    first = right.plan["groups"][0]
    twice = [first, {**first, "group": "G9"}, *right.plan["groups"][1:]]
    return right.judged(groups=twice), f"volunteer {first['volunteer_id']}: 2 home groups, should be 1"


@fault
def home_group_of_somebody_not_planned(right: Right) -> Answer:
    more = [*right.plan["groups"], {**right.plan["groups"][0], "volunteer_id": "X9"}]
    return right.judged(groups=more), "volunteer X9: 1 home groups, should be 0"


@fault
def group_with_two_home_matchers(right: Right) -> Answer:
    other = {"M1": "M2"}.get(right.plan["groups"][0]["matcher_id"], "M1")
    alone = [row["group"] for row in right.plan["groups"]].count(right.plan["groups"][0]["group"]) == 1
    return None if alone else (right.homes(0, matcher_id=other), "several home matchers (M1, M")


@fault
def group_of_eleven(right: Right) -> Answer:
    one = [{**row, "group": "G1", "matcher_id": "M1"} for row in right.plan["groups"]]
    return (right.judged(groups=one), f"group G1: {len(one)} home members, at most 10") if len(one) > 10 else None


@fault
def home_matcher_nobody_knows(right: Right) -> Answer:
    return right.homes(0, group="G77", matcher_id="M77"), "group G77: matcher M77 is not known"


@fault
def group_without_a_name(right: Right) -> Answer:
    return right.homes(0, group=" "), "groups: a home group has no name"


@fault
def meeting_of_a_group_of_nobody(right: Right) -> Answer:
    return right.with_meeting(right.row, group="G88"), f"{right.name}: group 'G88' is nobody's home"


# The account


@fault
def unmet_left_out(right: Right) -> Answer:
    if not right.plan["unmet"]:
        return None
    gone, *rest = right.plan["unmet"]
    return right.judged(unmet=rest), f"unmet: volunteer {gone['volunteer_id']} 0 times, should be 1"


@fault
def unmet_of_nothing(right: Right) -> Answer:
    fine = sorted(right.planned.keys() - {row["volunteer_id"] for row in right.plan["unmet"]})
    if not fine:
        return None
    rows = [*right.plan["unmet"], {"volunteer_id": fine[0], "missing": 0}]
    return right.judged(unmet=rows), f"unmet: volunteer {fine[0]} 1 times, should be 0"


@fault
def unmet_by_another_number(right: Right) -> Answer:
    if not right.plan["unmet"]:
        return None
    row, *rest = right.plan["unmet"]
    said = right.judged(unmet=[{**row, "missing": row["missing"] + 1}, *rest])
    return said, f"unmet: volunteer {row['volunteer_id']} lacks {row['missing']}, not {row['missing'] + 1}"


@fault
def unmet_told_twice(right: Right) -> Answer:
    if not right.plan["unmet"]:
        return None
    row = right.plan["unmet"][0]
    return right.judged(unmet=[row, *right.plan["unmet"]]), f"unmet: volunteer {row['volunteer_id']} 2 times"


@fault
def unmet_without_a_reason(right: Right) -> Answer:
    if not right.plan["unmet"]:
        return None
    row, *rest = right.plan["unmet"]
    return right.judged(unmet=[{**row, "reason": " "}, *rest]), f"unmet: volunteer {row['volunteer_id']} without a reason"


@fault
def obligation_of_a_friendship_that_runs_on(right: Right) -> Answer:
    """As if the known end did not lower what is owed."""
    for row in right.plan["unmet"]:
        mine = [b for b in right.case["friendships"] if b["volunteer_id"] == row["volunteer_id"]]
        bond = right.planned[row["volunteer_id"]]
        if len(mine) == 1 and bond["started_on"] < date(right.year, 1, 1) and bond["ended_on"] is None:
            end = max(right.today + timedelta(1), bond["started_on"])
            if end <= date(right.year, 1, 1):
                said = right.in_case(**right.changed("friendships", "friendship_id", bond["friendship_id"], ended_on=end))
                return said, f"unmet: volunteer {row['volunteer_id']} 1 times, should be 0"
    return None


for _level in LEVELS:
    for _change in (1, -1):

        def _wrong(right: Right, level: str = _level, change: int = _change) -> Answer:
            return right.told("objective", level, change), f"objective: {level} is "

        named(f"{_level}_told_{'too_high' if _change > 0 else 'too_low'}")(_wrong)

    def _above(right: Right, level: str = _level) -> Answer:
        return right.told("bound", level, 0.5), f"bound: {level} is "

    def _below(right: Right, level: str = _level) -> Answer:
        bound = {**right.plan["bound"], level: right.plan["bound"][level] - 1}
        return right.judged(bound=bound, status="optimal"), f"plan: called optimal, but {level} is "

    named(f"bound_of_{_level}_above_its_value")(_above)
    named(f"optimal_without_the_bound_of_{_level}")(_below)


# Order and shape


@fault
def meetings_out_of_order(right: Right) -> Answer:
    return right.judged(meetings=right.plan["meetings"][::-1]), "meetings: "


@fault
def meeting_told_twice(right: Right) -> Answer:
    rows = sorted([*right.plan["meetings"], right.row], key=lambda r: str(r["meeting_id"]))
    return right.judged(meetings=rows), f"meetings: {right.row['meeting_id']} twice"


@fault
def volunteers_out_of_order(right: Right) -> Answer:
    return right.with_meeting(right.row, volunteers=right.row["volunteers"][::-1]), f"{right.name}, volunteers: "


@fault
def groups_out_of_order(right: Right) -> Answer:
    return right.judged(groups=right.plan["groups"][::-1]), "groups: "


@fault
def unmet_out_of_order(right: Right) -> Answer:
    return (right.judged(unmet=right.plan["unmet"][::-1]), "unmet: ") if len(right.plan["unmet"]) > 1 else None


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_caught(name: str) -> None:
    planted, seed = 0, 0
    while planted < PLANS:
        seed += 1
        assert seed < 60 + 60 * PLANS, f"{planted} calendars could be spoilt so"
        right = _right(seed)
        if right is None:
            continue
        outcome = FAULTS[name](right)
        if outcome is not None:
            planted += 1
            faults, words = outcome
            assert any(words in text for text in faults), (seed, words, faults)


KNOWN: dict[int, tuple[Case, dict[str, object], int, Plan]] = {}


def _right(seed: int) -> Right | None:
    """The right calendar of a seed, made once; none where nothing new is in it."""
    if seed not in KNOWN:
        KNOWN[seed] = right_year(seed)
    case, settings, year, plan = KNOWN[seed]
    listed = {row["meeting_id"] for row in case["meetings"]}
    if all(row["meeting_id"] in listed for row in plan["meetings"]):
        return None
    return Right(case, settings, year, plan, random.Random(seed))


def test_the_calendars_are_right_before_they_are_spoilt() -> None:
    found = [right for seed in range(1, 12) if (right := _right(seed)) is not None]
    assert found
    assert all(right.judged() == [] for right in found)


def test_there_are_sixty_kinds_and_more() -> None:
    assert len(FAULTS) >= 60
