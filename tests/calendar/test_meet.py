"""Dates of a few: every time and place is compared with what the records say; what stands in the way is true."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.calendar.dates.diary import Diary, Hindrance
from matcher.calendar.dates.meet import KINDS, Asked, followers, meet_dates
from matcher.errors import UsageError
from matcher.records import PROGRAMMES, SLOTS, Case, Friendship, Matcher, Meeting, Venue
from tests.calendar.gatherings import LAST, PLANNED_ON, Plain, child, diary_of, drawn_case, minutes, volunteer
from tests.volume import volume

WITHOUT = ("closure", "july")
NEEDS = {"interview": (False, True), "first_meeting": (True, True), "first_visit": (True, True)}


def asked_of(case, kind, *, of_child=True, matcher=None):
    with_child, with_volunteer = NEEDS.get(kind, (of_child, not of_child))
    return Asked(
        kind=kind,
        child=case.children[0] if with_child else None,
        volunteer=case.volunteers[0] if with_volunteer else None,
        matcher=matcher,
    )


def options(case, asked):
    """Every time, place and team that the records allow, with what it costs: a second opinion."""
    plain = Plain(case, small=True)
    follow = set(followers(case, asked.child, asked.volunteer))
    for day, slot in plain.times():
        child_can = asked.child is None or plain.weekly(asked.child, slot)
        if not child_can or (asked.volunteer and not plain.volunteer(asked.volunteer, day, slot)):
            continue
        able = [
            row
            for row in case.matchers
            if plain.matcher(row, day, slot) and (row.matcher_id in follow or set(row.programmes) & set(asked.programmes))
        ]
        for team in combinations(able, 2 if asked.kind == "home_visit" else 1):
            if asked.matcher and asked.matcher not in team:
                continue
            for where, there in places(case, asked, plain, team, day, slot):
                ids = tuple(row.matcher_id for row in team)
                yield (day, slot), (where, getattr(there, "venue_id", ""), ids), cost(asked, follow, team, where, there)


def places(case, asked, plain, team, day, slot):
    if asked.kind == "follow_up":
        yield "call", None
    elif asked.kind in {"home_visit", "first_visit"}:
        yield ("child_home", asked.child) if asked.child else ("volunteer_home", asked.volunteer)
    else:
        for row in case.venues:
            if plain.venue(row, day, slot) and minutes(asked.volunteer, row) <= 60:
                yield "venue", row
        if minutes(asked.volunteer, team[0]) <= 60:
            yield "matcher_place", team[0]


def cost(asked, follow, team, where, there):
    travellers = [] if there is None else [row for row in (asked.child, asked.volunteer, *team) if row not in {None, there}]
    total = sum(minutes(row, there) for row in travellers)
    stranger = not {row.matcher_id for row in team} & follow
    untrained = len(team) > 1 and not any(row.social_education for row in team)
    return stranger, untrained, where == "matcher_place", math.inf if math.isnan(total) else total


@settings(max_examples=volume(ci=120, long=5_000), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(KINDS)), st.booleans(), st.booleans())
def test_dates_are_those_that_the_records_allow_each_at_its_best(seed, kind, of_child, with_matcher):
    case = drawn_case(seed)
    asked = asked_of(case, kind, of_child=of_child, matcher=case.matchers[0] if with_matcher else None)
    found = meet_dates(diary_of(case), asked, 1000, WITHOUT).dates
    tables = ("matchers", "venues", "friendships", "meetings", "children", "volunteers")
    turned = case.model_copy(update={name: getattr(case, name)[::-1] for name in tables})
    assert repr(meet_dates(diary_of(turned), asked, 1000, WITHOUT).dates) == repr(found)  # NaN is not NaN
    by_time: dict = {}
    for time, option, price in options(case, asked):
        by_time.setdefault(time, {})[option] = price
    assert [(one.date, one.slot) for one in found] == list(by_time)
    for one in found:
        possible = by_time[one.date, one.slot]
        mine, best = possible[one.where, one.venue_id, one.matchers], min(possible.values())
        assert mine[:3] == best[:3]
        assert near(mine[3], best[3])
        assert near(mine[3], one.minutes)


def near(one, other):
    return one == other or abs(one - other) < 0.01


@settings(max_examples=volume(ci=60, long=2_000), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(KINDS)))
def test_what_stands_in_the_way_does(seed, kind):
    """Without the hindrance there are just so many dates: asked of a case in which it is gone."""
    case = drawn_case(seed)
    case = case.model_copy(update={"matchers": case.matchers[:1]})
    asked = asked_of(case, kind, matcher=case.matchers[0])
    found = meet_dates(diary_of(case), asked, 5, WITHOUT)
    assert not (found.dates and found.hindrances)
    for hindrance, number in found.hindrances:
        if (cured := without(case, asked, hindrance)) is not None:
            assert len(meet_dates(diary_of(cured[0]), cured[1], 1000, WITHOUT).dates) == number


def without(case: Case, asked: Asked, hindrance: Hindrance) -> tuple[Case, Asked] | None:
    """The case in which a rule has nothing to say, for the rules that a changed cell can silence."""
    always = {"availability": SLOTS}
    cells = {
        "family_available": ("children", "child", always),
        "volunteer_available": ("volunteers", "volunteer", always),
        "volunteer_last_day": ("volunteers", "volunteer", {"stops_on": None}),
        "volunteer_paused": ("volunteers", "volunteer", {"paused_from": None, "paused_until": None}),
        "matcher_available": ("matchers", "matcher", always),
        "matcher_absent": ("matchers", "matcher", {"absent": ()}),
        "matcher_programmes": ("matchers", "matcher", {"programmes": PROGRAMMES}),
    }
    if hindrance.rule not in cells:
        return None
    table, role, cell = cells[hindrance.rule]
    old = getattr(asked, role)
    new = old.model_copy(update=cell)
    rows = tuple(new if row is old else row for row in getattr(case, table))
    return case.model_copy(update={table: rows}), replace(asked, **{role: new})


MONDAY = date(2027, 6, 7)


def plain_case(**tables):
    known = {
        "planning_date": PLANNED_ON,
        "children": (child("B1", availability=("mon_evening",)),),
        "volunteers": (volunteer("V1", availability=("mon_evening",)),),
        "matchers": (Matcher(matcher_id="M1", postcode="2750"),),
    }
    return Case.model_validate({**known, **tables})


def days(case, kind="first_visit", top=3, diary=None, **more):
    asked = Asked(kind=kind, child=case.children[0], volunteer=case.volunteers[0], **more)
    return [one.date for one in meet_dates(diary or diary_of(case), asked, top, WITHOUT).dates]


def test_a_few_may_meet_in_a_closure_and_in_july_but_not_on_a_holiday():
    closed = ({"from": date(2027, 6, 1), "to": date(2027, 8, 1), "what": "lukket"},)
    case = plain_case(closures=closed)
    assert days(case, diary=diary_of(case, date(2027, 6, 28), date(2027, 7, 6))) == [date(2027, 6, 28), date(2027, 7, 5)]
    easter = case.model_copy(update={"planning_date": date(2027, 3, 1)})
    assert days(easter, diary=diary_of(easter, date(2027, 3, 28), date(2027, 4, 5))) == [date(2027, 4, 5)]
    strict = meet_dates(diary_of(case, PLANNED_ON), asked_of(case, "first_visit"), 3)
    assert not strict.dates
    assert [one.rule for one, _ in strict.hindrances] == ["closure"]


def test_nobody_is_in_two_places():
    facts = {"slot": "mon_evening", "venue_id": "L1", "programme": PROGRAMMES}
    busy = Meeting(meeting_id="N1", date=MONDAY, matcher_id="M1", **facts)
    also = Meeting(meeting_id="N2", date=date(2027, 6, 14), matcher_id="M2", volunteers=("V1",), **facts)
    assert days(plain_case(meetings=(busy, also))) == [date(2027, 6, 21), date(2027, 6, 28)]
    case = plain_case()
    assert days(case, diary=Diary.of(case, diary_of(case).book, diary_of(case).map, MONDAY, LAST, (busy,)))[0] == date(
        2027, 6, 14
    )


def test_whoever_follows_the_child_goes_first_and_may_follow_any_programme():
    team = (
        Matcher(matcher_id="M1", postcode="2750"),
        Matcher(matcher_id="M2", postcode="4000", programmes=("familieven",)),
    )
    bond = Friendship(
        friendship_id="F1", child_id="B1", volunteer_id="V1", programme="voksenven", started_on=PLANNED_ON, matcher_id="M2"
    )
    case = plain_case(matchers=team, friendships=(bond,))
    asked = Asked(kind="follow_up", child=case.children[0])
    assert meet_dates(diary_of(case), asked, 1).dates[0].matchers == ("M2",)
    away = team[1].model_copy(update={"absent": ((MONDAY, MONDAY),)})
    case = plain_case(matchers=(team[0], away), friendships=(bond,))
    assert [one.matchers for one in meet_dates(diary_of(case), asked, 2).dates] == [("M1",), ("M2",)]


def test_two_matchers_with_one_who_is_trained_and_the_wanted_one():
    team = tuple(
        Matcher(matcher_id=f"M{k}", postcode=town, social_education=k == 3)
        for k, town in enumerate(["2750", "2750", "2750", "4000"])
    )
    case = plain_case(matchers=team)
    found = meet_dates(diary_of(case), Asked(kind="home_visit", child=case.children[0]), 1).dates[0]
    assert found.matchers == ("M0", "M3")
    assert near(found.matcher_minutes, minutes(team[0], case.children[0]) + minutes(team[3], case.children[0]))
    assert (found.volunteer_minutes, found.family_minutes) == (None, None)
    wanted = Asked(kind="home_visit", child=case.children[0], matcher=team[1])
    assert meet_dates(diary_of(case), wanted, 1).dates[0].matchers == ("M1", "M3")


def test_neutral_ground_goes_before_the_matchers_place():
    venue = Venue(venue_id="L1", postcode="2740", capacity=1)
    found = meet_dates(diary_of(plain_case(venues=(venue,))), asked_of(plain_case(), "first_meeting"), 1).dates[0]
    assert (found.where, found.venue_id, found.matchers) == ("venue", "L1", ("M1",))
    closed = venue.model_copy(update={"closed": ((MONDAY, MONDAY),)})
    found = meet_dates(diary_of(plain_case(venues=(closed,))), asked_of(plain_case(), "first_meeting"), 1).dates[0]
    assert (found.date, found.where, found.venue_id, found.matcher_minutes) == (MONDAY, "matcher_place", "", None)


def test_where_several_stand_in_the_way_people_are_named_or_nobody():
    monday, tuesday = ("mon_evening",), ("tue_evening",)
    stopped = volunteer("V1", availability=monday, stops_on=date(2027, 1, 1), paused_from=date(2027, 1, 1))
    found = meet_dates(diary_of(plain_case(volunteers=(stopped,))), asked_of(plain_case(volunteers=(stopped,)), "first_visit"), 1)
    assert [(one.who, one.name, one.rule) for one, _ in found.hindrances] == [("volunteer", "V1", "")]
    case = plain_case(
        volunteers=(volunteer("V1", availability=tuesday),),
        matchers=(Matcher(matcher_id="M1", postcode="2750", availability=("wed_evening",)),),
    )
    assert meet_dates(diary_of(case), asked_of(case, "first_visit"), 1).hindrances == ()
    alone = meet_dates(diary_of(plain_case(matchers=())), asked_of(plain_case(), "follow_up"), 1)
    assert (alone.dates, alone.hindrances) == ((), ())


@pytest.mark.parametrize(
    ("kind", "roles", "code"),
    [
        ("interview", {"child"}, "meet.about.volunteer"),
        ("interview", set(), "meet.about.volunteer"),
        ("home_visit", set(), "meet.about.either"),
        ("follow_up", set(), "meet.about.either"),
        ("first_meeting", {"child"}, "meet.about.both"),
        ("first_meeting", set(), "meet.about.both"),
        ("first_visit", {"volunteer"}, "meet.about.both"),
    ],
)
def test_whoever_is_needed_must_be_named(kind, roles, code):
    people = {"child": child("B1"), "volunteer": volunteer("V1")}
    with pytest.raises(UsageError) as refused:
        Asked(kind=kind, **{role: people[role] for role in roles})
    assert refused.value.code == code


@pytest.mark.parametrize(("kind", "role"), [("interview", "child"), ("home_visit", "volunteer"), ("follow_up", "volunteer")])
def test_whoever_is_not_needed_changes_nothing(kind, role):
    busy = {"availability": ("sat_morning",), "postcode": "9990"}
    case = plain_case(
        children=(child("B1", **(busy if role == "child" else {})),),
        volunteers=(volunteer("V1", **(busy if role == "volunteer" else {})),),
        matchers=tuple(Matcher(matcher_id=name, postcode="2750") for name in ("M1", "M2")),
    )
    people = {"child": case.children[0], "volunteer": case.volunteers[0]}
    both = Asked(kind=kind, **people)
    assert both.left_aside == role
    alone = Asked(kind=kind, **{name: row for name, row in people.items() if name != role})
    assert alone.left_aside == ""
    found = meet_dates(diary_of(case), both, 5, WITHOUT)
    assert len(found.dates) == 5
    assert found == meet_dates(diary_of(case), alone, 5, WITHOUT)
