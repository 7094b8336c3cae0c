"""An outing is where and when most can come: every date, place and choice of guests is tried on small cases."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.calendar.dates.outing import best_outings, guests, with_seats
from matcher.records import Case, Friendship, Matcher, Venue
from tests.calendar.gatherings import LAST, PLANNED_ON, Plain, child, diary_of, drawn_case, minutes, volunteer
from tests.calendar.years import along
from tests.volume import volume

MONDAY = date(2027, 6, 7)


def most(invited, plain, venue, day, slot):
    """The most friendships that fit into a venue, each child once, by trying every choice."""
    can = [
        row
        for row, kid, adult in zip(invited.friendships, invited.children, invited.volunteers, strict=True)
        if row.started_on <= day
        and (row.ended_on is None or day < row.ended_on)
        and plain.weekly(kid, slot)
        and plain.volunteer(adult, day, slot)
        and minutes(adult, venue) <= 60
    ]
    for number in range(len(can), 0, -1):
        for chosen in combinations(can, number):
            children, adults = {row.child_id for row in chosen}, {row.volunteer_id for row in chosen}
            if len(children) == number and number + len(adults) <= venue.capacity:
                return number
    return 0


@settings(max_examples=volume(ci=60, long=3_000), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(), ("voksenven",)]), st.sampled_from([(), ("Ballerup",)]))
def test_no_date_and_place_is_better(seed, programmes, towns):
    case = drawn_case(seed)
    bonds = {row.child_id: row for row in case.friendships}
    case = case.model_copy(update={"friendships": tuple(bonds.values())})  # one friendship of each child
    invited = guests(case, programmes, towns)
    found = best_outings(diary_of(case), invited, 10_000)
    turned = case.model_copy(
        update={name: getattr(case, name)[::-1] for name in ("matchers", "venues", "friendships", "volunteers")}
    )
    assert best_outings(diary_of(turned), guests(turned, programmes, towns), 10_000) == found
    plain, asked = Plain(case, small=False), {row.programme for row in invited.children}
    best: dict = {}
    for day, slot in plain.times():
        led = {row.matcher_id for row in case.matchers if plain.matcher(row, day, slot) and asked <= set(row.programmes)}
        for venue in case.venues:
            if led and plain.venue(venue, day, slot) and (number := most(invited, plain, venue, day, slot)):
                best[day, slot] = max(best.get((day, slot), (0, set())), (number, led), key=lambda pair: pair[0])
    assert {(one.date, one.slot): one.come for one in found.outings} == {time: number for time, (number, _) in best.items()}
    assert list(found.outings) == sorted(found.outings, key=lambda one: (-one.come, one.minutes, one.date))
    assert all(one.matcher_id in best[one.date, one.slot][1] for one in found.outings)
    assert found.invited == len(invited)


@given(st.lists(st.integers(0, 3), max_size=5), st.integers(0, 12))
def test_seats_take_as_many_children_as_any_choice(children, seats):
    choices = [0]
    for number in range(1, len(children) + 1):
        for brought in combinations(children, number):
            choices += [min(sum(brought), seats - number)]
    assert with_seats(np.array(children, dtype=np.int64)[:, None], seats).tolist() == [max(choices)]


def bond(name, kid, adult, **facts):
    known = {"programme": "voksenven", "started_on": date(2026, 1, 1)}
    return Friendship.model_validate({"friendship_id": name, "child_id": kid, "volunteer_id": adult, **known, **facts})


def outing_case(**tables):
    known = {
        "planning_date": PLANNED_ON,
        "children": tuple(child(f"B{k}", municipality="Ballerup") for k in range(3)),
        "volunteers": (volunteer("V0"), volunteer("V1")),
        "friendships": (bond("F0", "B0", "V0"), bond("F1", "B1", "V0"), bond("F2", "B2", "V1")),
        "matchers": (Matcher(matcher_id="M0", postcode="4000"), Matcher(matcher_id="M1", postcode="2750")),
        "venues": (Venue(venue_id="L0", postcode="2750", capacity=20),),
    }
    return Case.model_validate({**known, **tables})


def first(case, **asked):
    return best_outings(diary_of(case, PLANNED_ON, LAST), guests(case, **asked), 1).outings[0]


def test_the_nearest_matcher_and_an_early_day_are_taken():
    found = first(outing_case())
    assert (found.date, found.slot, found.venue_id, found.matcher_id) == (date(2027, 6, 1), "tue_evening", "L0", "M1")
    assert (found.come, found.could, found.minutes) == (3, ("F0", "F1", "F2"), pytest.approx(12))


def test_seats_are_for_children_and_volunteers():
    for seats, come in [(5, 3), (4, 2), (3, 2), (2, 1), (1, 0)]:
        case = outing_case(venues=(Venue(venue_id="L0", postcode="2750", capacity=seats),))
        found = best_outings(diary_of(case, PLANNED_ON, LAST), guests(case), 1).outings
        assert [one.come for one in found] == ([come] if come else [])


def test_a_child_with_two_friends_comes_once():
    case = outing_case(friendships=(bond("F0", "B0", "V0"), bond("F1", "B0", "V1"), bond("F2", "B1", "V1")))
    assert first(case).could == ("F0", "F2")
    away = case.volunteers[0].model_copy(update={"paused_from": date(2027, 1, 1)})
    assert first(case.model_copy(update={"volunteers": (away, case.volunteers[1])})).could == ("F1", "F2")


def test_who_is_invited():
    children = (child("B0", municipality="Ballerup"), child("B1", municipality="Herlev"), child("B2", programme="familieven"))
    over = bond("F2", "B2", "V1", ended_on=PLANNED_ON)
    case = outing_case(children=children, friendships=(bond("F1", "B1", "V0"), bond("F0", "B0", "V0"), over))
    assert [row.friendship_id for row in guests(case).friendships] == ["F0", "F1"]
    assert [row.friendship_id for row in guests(case, municipalities=("Herlev",)).friendships] == ["F1"]
    assert len(guests(case, programmes=("familieven",))) == 0


def test_what_is_missing_is_told():
    nobody = best_outings(diary_of(outing_case(matchers=())), guests(outing_case()), 3)
    assert (nobody.outings, nobody.led, nobody.open) == ((), False, False)
    nowhere = best_outings(diary_of(outing_case(venues=())), guests(outing_case()), 3)
    assert (nowhere.outings, nowhere.led, nowhere.open) == ((), True, False)
    empty = best_outings(diary_of(outing_case(friendships=())), guests(outing_case(friendships=())), 3)
    assert (empty.outings, empty.invited, empty.open) == ((), 0, True)


def test_where_every_day_is_closed_the_rules_are_told():
    shut = ({"from": date(2027, 6, 25), "to": date(2027, 7, 2), "what": "sommer"},)
    case = outing_case(closures=shut)

    def closed(first, last):
        return dict(best_outings(diary_of(case, first, last), guests(case), 3).closed)

    assert closed(date(2027, 6, 25), date(2027, 6, 30)) == {"closure": 6}
    assert closed(date(2027, 6, 30), date(2027, 7, 5)) == {"closure": 3, "july": 5}
    assert closed(date(2027, 6, 24), date(2027, 7, 2)) == {}  # one day is open
    holidays = diary_of(case.model_copy(update={"planning_date": date(2027, 3, 1)}), date(2027, 3, 25), date(2027, 3, 26))
    assert dict(best_outings(holidays, guests(case), 3).closed) == {"public_holiday": 2}


def test_who_and_what_is_free_on_closed_days_alone_is_of_no_use():
    shut = ({"from": date(2027, 6, 1), "to": date(2027, 6, 6), "what": "lukket"},)
    away = ((date(2027, 6, 7), date(2027, 12, 31)),)
    case = outing_case(closures=shut, matchers=(Matcher(matcher_id="M0", postcode="2750", absent=away),))
    found = best_outings(diary_of(case, PLANNED_ON, date(2027, 6, 20)), guests(case), 3)
    assert (found.outings, found.closed, found.led) == ((), (), False)
    case = outing_case(closures=shut, venues=(Venue(venue_id="L0", postcode="2750", capacity=20, closed=away),))
    found = best_outings(diary_of(case, PLANNED_ON, date(2027, 6, 20)), guests(case), 3)
    assert (found.outings, found.led, found.open) == ((), True, False)


def test_a_region_in_one_go():
    case = along(120, 2)
    found = best_outings(diary_of(case, date(2027, 1, 1), date(2027, 12, 31)), guests(case), 5)
    assert len({(one.date, one.slot) for one in found.outings}) == 5
    assert found.invited > 100
    assert all(one.date.month != 7 for one in found.outings)
