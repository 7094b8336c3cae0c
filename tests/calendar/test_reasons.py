"""Why somebody gets too few: rules that do so together, none of which can be left out, by asking every rule in plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from matcher.calendar import facts as of
from matcher.calendar.limits import Limit, spans
from matcher.calendar.measure import unmet_of
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.reasons.causes import SEARCH, irreducible, own_rules, shared_rules, unmet_reasons
from matcher.calendar.running.watch import Effort
from matcher.calendar.year import Year
from matcher.records import PROGRAMMES, SLOTS, Case, Matcher, Meeting, Venue
from tests.calendar.years import PLANNED_ON, YEAR, case_of, friendship, volunteer, year_of
from tests.volume import volume

Few = Callable[[frozenset[str]], bool]


def reasons(case: Case) -> dict[str, tuple[str, ...]]:
    year = year_of(case)
    return dict(unmet_reasons(year, plan_year(year, effort=Effort.QUICK)))


def six(begun: date = PLANNED_ON + timedelta(days=30), tables: Mapping[str, Any] | None = None, **of_first: Any) -> Case:
    people = [volunteer(f"V{k}", **(of_first if k == 0 else {})) for k in range(6)]
    return case_of(people, [friendship(row.volunteer_id, begun) for row in people], **(tables or {}))


def test_nobody_lacks_anything() -> None:
    assert reasons(six()) == {}


def test_a_time_that_nobody_shares() -> None:
    assert reasons(six(availability=("sat_evening",)))["V0"] == ("volunteer_available", "meeting_size")


def test_a_time_at_which_nothing_is_open() -> None:
    found = reasons(six(availability=("sat_morning",)))["V0"]
    assert found[0] == "volunteer_available"
    assert len(found) == 2


def test_too_far_away() -> None:
    assert reasons(six(postcode="9000"))["V0"] == ("meeting_travel",)


def test_a_pause_without_end() -> None:
    assert reasons(six(paused_from=PLANNED_ON))["V0"] == ("volunteer_paused",)


def test_few_weeks_between_two_absences() -> None:
    case = six(paused_from=date(YEAR, 3, 1), begun=date(2026, 11, 20))
    assert reasons(case)["V0"] == ("volunteer_paused", "spacing")


def test_no_matcher_for_the_evening() -> None:
    found = reasons(six(tables={"matchers": (Matcher(matcher_id="M1", postcode="2750", availability=("wed_evening",)),)}))
    assert set(found) == {f"V{k}" for k in range(6)}
    assert all("matcher_available" in keys for keys in found.values())


def test_matchers_at_their_limit() -> None:
    never = (Matcher(matcher_id="M1", postcode="2750", max_meetings_per_month=0),)
    assert set(reasons(six(tables={"matchers": never})).values()) == {("matcher_month",)}


def test_no_venue_and_no_matcher_at_all() -> None:
    assert set(reasons(six(tables={"venues": ()})).values()) == {("venue_available",)}
    assert set(reasons(six(tables={"venues": (), "matchers": ()})).values()) == {("matcher_available", "venue_available")}


def test_a_full_meeting_on_the_only_day_is_the_size() -> None:
    """She alone could come, but the plan gives the places to others."""
    only = date(YEAR, 2, 1)
    shut = ((date(YEAR, 1, 1), only - timedelta(days=1)), (only + timedelta(days=1), date(YEAR, 12, 31)))
    closures = tuple({"from": first, "to": last, "what": "lukket"} for first, last in shut)
    venues = (Venue(venue_id="L1", postcode="2750", capacity=5),)
    case = six(begun=date(2026, 3, 1), tables={"closures": closures, "venues": venues})
    assert list(reasons(case).values()) == [("meeting_size",)]


def test_a_pinned_meeting_that_she_could_join_is_a_date() -> None:
    """Nobody else could come at that time; the meeting is there all the same, so her times leave her enough."""
    meeting = Meeting(
        meeting_id="N1",
        date=date(YEAR, 1, 9),
        slot="sat_morning",
        venue_id="L1",
        matcher_id="M1",
        programme=PROGRAMMES,
        pinned=True,
        volunteers=("V1",),
    )
    case = six(begun=date(2026, 3, 1), availability=("sat_morning",), tables={"meetings": (meeting,)})
    assert "V0" not in reasons(case)


def test_a_plan_with_room_left_blames_no_rule() -> None:
    year = year_of(six())
    plan = first_plan(year)
    fewer = replace(plan, meetings=plan.meetings[:1], unmet=unmet_of(year, plan.meetings[:1]))
    assert set(unmet_reasons(year, fewer).values()) == {(SEARCH,)}


def test_a_set_that_cannot_be_made_smaller() -> None:
    def few(dropped: frozenset[str]) -> bool:
        return not {"a", "b"} <= dropped and "c" not in dropped

    assert irreducible(few, ("a", "b", "c", "d")) == ("b", "c")
    assert irreducible(lambda _: False, ("a",)) == ()
    assert irreducible(lambda _: True, ("a",)) == ()


class Slowly:
    """Every date, slot, venue, matcher and set asked in plain values, rule by rule; knows nothing of the arrays."""

    def __init__(self, year: Year, plan: YearPlan | None, name: str) -> None:
        self.year, self.book, self.name = year, year.book, name
        self.plan = plan
        self.rows = list(plan.meetings) if plan else [one.meeting for one in year.fixed if one.in_year]
        self.facts = [one.meeting.meeting_id for one in year.fixed if one.is_fact]
        self.v = year.volunteer_index[name]

    def holds(self, subjects: tuple[str, ...], facts: Mapping[str, Any], dropped: frozenset[str]) -> bool:
        rules = [rule for rule in self.book.opens_of(*subjects) if rule.key not in dropped]
        return all(bool(self.book.answer(rule, facts)) for rule in rules)

    def fits(self, who: Any, facts: Mapping[str, Any], had: list[tuple[int, int]], at: tuple[int, int], dropped: Any) -> bool:
        day, slot = np.array([*had, at], dtype=np.int64).T
        for rule in self.book.counts_of(who):
            count = self.book.answer(rule, facts)
            if rule.key in dropped or count.most is None:
                continue
            limit = Limit(rule=rule.key, span=rule.span, days=count.days, most=count.most)
            if any(len(span) > count.most and len(had) in span for span in spans(limit, day, slot)):
                return False
        return True

    def had(self, of_row: Callable[[Any], bool]) -> list[tuple[int, int]]:
        outside = [one.meeting for one in self.year.fixed if not one.in_year]
        return [(row.date.toordinal(), SLOTS.index(row.slot)) for row in [*self.rows, *outside] if of_row(row)]

    def could(self, v: int, at: Mapping[str, Any], place: int, told: Mapping[str, Any], dropped: frozenset[str]) -> bool:
        facts = {**at, **self.year.facts_of_volunteers[v], **told, "minutes": float(self.year.journey[v, place])}
        groups: tuple[tuple[str, ...], ...] = (("volunteer",), ("volunteer", "venue"), ("volunteer", "meeting"))
        return all(self.holds(subjects, facts, dropped) for subjects in groups) and self.fits(
            "volunteer", facts, self.had(lambda row: self.year.volunteers[v] in row.volunteers), at["at"], dropped
        )

    def possible(self, day: int, slot: int, dropped: frozenset[str]) -> bool:
        year = self.year
        at = {**year.facts_of_case, "day": day, "slot": 1 << slot, "at": (day, slot)}
        if not self.holds((), at, dropped):
            return False
        return any(
            self.joins(at, place, dropped) or any(self.held(at, place, one, dropped) for one in year.sets)
            for place in range(len(year.venues))
        )

    def size(self, place: int, number: int, dropped: frozenset[str], *, least: bool) -> bool:
        for rule in self.book.counts_of("meeting"):
            count = self.book.answer(rule, self.year.facts_of_venues[place])
            if rule.key not in dropped and (number > count.most if not least else number < count.least):
                return False
        return True

    def joins(self, at: Mapping[str, Any], place: int, dropped: frozenset[str]) -> bool:
        for row in self.rows:
            here = (row.date.toordinal(), SLOTS.index(row.slot), row.venue_id) == (*at["at"], self.year.venues[place])
            if here and row.meeting_id not in self.facts and self.name not in row.volunteers:
                room = self.size(place, len(row.volunteers) + 1, dropped, least=False)
                if room and self.could(self.v, at, place, of.of_programmes(row.programme), dropped):
                    return True
        return False

    def held(self, at: Mapping[str, Any], place: int, one: tuple[str, ...], dropped: frozenset[str]) -> bool:
        year, told, venue = self.year, of.of_programmes(one), self.year.facts_of_venues[place]
        housed = self.had(lambda row: row.venue_id == year.venues[place])
        if not self.holds(("venue",), {**at, **venue}, dropped) or not self.fits("venue", venue, housed, at["at"], dropped):
            return False
        if not self.could(self.v, at, place, told, dropped) or not self.led(at, told, dropped):
            return False
        others = sum(self.could(v, at, place, told, frozenset()) for v in range(len(year.volunteers)) if v != self.v)
        return self.size(place, others + 1, dropped, least=True)

    def led(self, at: Mapping[str, Any], told: Mapping[str, Any], dropped: frozenset[str]) -> bool:
        for name, facts in zip(self.year.matchers, self.year.facts_of_matchers, strict=True):
            known = {**at, **facts, **told}
            able = self.holds(("matcher",), known, dropped) and self.holds(("matcher", "meeting"), known, dropped)
            led = self.had(lambda row, name=name: row.matcher_id == name)  # type: ignore[misc]
            if able and self.fits("matcher", facts, led, at["at"], dropped):
                return True
        return False

    def few(self, number: int, dropped: frozenset[str]) -> bool:
        """Whether there are fewer such dates, beside each other, than this; the earliest first."""
        facts = self.year.facts_of_volunteers[self.v]
        taken = self.had(lambda row: self.name in row.volunteers)
        found = 0
        for day in range(date(YEAR, 1, 1).toordinal(), date(YEAR, 12, 31).toordinal() + 1):
            for part in range(3):
                at = (day, (day - 1) % 7 * 3 + part)
                if self.fits("volunteer", facts, taken, at, dropped) and self.possible(*at, dropped):
                    taken.append(at)
                    found += 1
                if found >= number:
                    return False
        return True


def drawn(seed: int) -> Case:
    """Six volunteers; each seed has another thing in the way of the first, or of all."""
    tables: list[dict[str, Any]] = [
        {"matchers": (Matcher(matcher_id="M1", postcode="2750", max_meetings_per_month=0),)},
        {"matchers": (Matcher(matcher_id="M1", postcode="2750", availability=("mon_evening",)),)},
        {"venues": (Venue(venue_id="L1", postcode="2750", capacity=4), Venue(venue_id="L2", postcode="3000", capacity=9))},
        {"venues": (Venue(venue_id="L1", postcode="2750", capacity=9, closed=((date(YEAR, 3, 1), date(YEAR, 12, 31)),)),)},
        {"closures": ({"from": date(YEAR, 1, 1), "to": date(YEAR, 11, 1), "what": "lukket"},)},
    ]
    firsts: list[dict[str, Any]] = [
        {"availability": ("tue_evening", "wed_morning")},
        {"stops_on": date(YEAR, 2, 20)},
        {"postcode": "3000"},
        {"paused_from": date(YEAR, 2, 1)},
    ]
    return six(begun=date(2026, 9, 1), tables=tables[seed % 5], **firsts[seed % 4])


@pytest.mark.parametrize("seed", range(volume(ci=2, long=20)))
def test_rules_named_are_irreducible_when_asked_slowly(seed: int) -> None:
    year = year_of(drawn(seed))
    plan = first_plan(year)
    days = frozenset(rule.key for rule in year.book.opens_of())
    shared, own = frozenset(shared_rules(year.book)), frozenset(own_rules(year.book))
    everything = days | shared | own
    for name, keys in list(unmet_reasons(year, plan).items())[:2]:
        need = int(year.need[year.volunteer_index[name]])
        alone, beside = Slowly(year, None, name), Slowly(year, plan, name)
        asked: Few
        if alone.few(need, frozenset()):
            asked, among = (lambda dropped, a=alone, n=need: a.few(n, dropped)), everything  # type: ignore[misc]
        else:
            asked = lambda dropped, b=beside: b.few(1, dropped)  # type: ignore[misc]  # noqa: E731
            among = shared if not asked(shared) else everything
        rest = among - set(keys)
        assert set(keys) <= among
        assert asked(rest)
        assert not any(asked(rest | {key}) for key in keys)
