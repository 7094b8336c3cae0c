"""Checks a finished plan by the rules themselves, without a solver: every rule is asked about every meeting and person.

What a fixed meeting breaks by itself is no violation, since somebody has decided it; what is added to it is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.calendar import facts as of
from matcher.calendar.limits import Limit, spans
from matcher.calendar.measure import levels_of
from matcher.calendar.settings import partition_of
from matcher.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matcher.calendar.fixed import Fixed
    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.rules import Who
    from matcher.calendar.year import Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule (its key, or ``fixed`` and ``objective`` for what no rule says) that a plan breaks, and where."""

    rule: str
    who: str
    where: str


def violations(year: Year, plan: YearPlan) -> tuple[Violation, ...]:
    """Everything that is wrong with a plan."""
    return tuple(_Verifying(year, plan).found())


class _Verifying:
    def __init__(self, year: Year, plan: YearPlan) -> None:
        self.plan, self.year = plan, year
        self.fixed = {one.meeting.meeting_id: one for one in self.year.fixed if one.in_year}
        self.volunteers = dict(zip(self.year.volunteers, self.year.facts_of_volunteers, strict=True))
        self.matchers = dict(zip(self.year.matchers, self.year.facts_of_matchers, strict=True))
        self.venues = dict(zip(self.year.venues, self.year.facts_of_venues, strict=True))

    def found(self) -> Iterator[Violation]:
        for meeting in self.plan.meetings:
            fixed = self.fixed.get(meeting.meeting_id)
            if fixed is None:
                yield from self._new(meeting)
            for name in meeting.volunteers:
                if fixed is None or name not in fixed.meeting.volunteers:
                    yield from self._attends(meeting, name, joins=fixed is not None)
            yield from self._size(meeting, fixed)
        yield from self._kept()
        yield from self._limits("volunteer", self.volunteers, lambda m: m.volunteers, lambda f: f.meeting.volunteers)
        yield from self._limits("matcher", self.matchers, lambda m: (m.matcher_id,), lambda f: (f.meeting.matcher_id,))
        yield from self._limits("venue", self.venues, lambda m: (m.venue_id,), lambda f: (f.meeting.venue_id,))
        yield from self._groups()

    def _broken(self, subjects: tuple[str, ...], facts: Mapping[str, Any], who: str, where: str) -> Iterator[Violation]:
        for rule in self.year.book.opens_of(*subjects):
            if not bool(self.year.book.answer(rule, facts)):
                yield Violation(rule=rule.key, who=who, where=where)

    def _at(self, meeting: PlannedMeeting) -> dict[str, Any]:
        day, slot = meeting.date.toordinal(), SLOTS.index(meeting.slot)
        return {**self.year.facts_of_case, "day": day, "slot": 1 << slot, **of.of_programmes(meeting.programme)}

    def _new(self, meeting: PlannedMeeting) -> Iterator[Violation]:
        facts, name = self._at(meeting), meeting.meeting_id
        matcher, venue = self.matchers.get(meeting.matcher_id), self.venues.get(meeting.venue_id)
        if matcher is None or venue is None or SLOTS.index(meeting.slot) // 3 != meeting.date.weekday():
            yield Violation(rule="objective", who=meeting.matcher_id, where=name)
            return
        yield from self._broken((), facts, meeting.slot, name)
        yield from self._broken(("matcher",), {**facts, **matcher}, meeting.matcher_id, name)
        yield from self._broken(("matcher", "meeting"), {**facts, **matcher}, meeting.matcher_id, name)
        yield from self._broken(("venue",), {**facts, **venue}, meeting.venue_id, name)
        if meeting.programme not in partition_of(tuple(self.year.book["together"])) or meeting.date.year != self.year.year:
            yield Violation(rule="together", who=";".join(meeting.programme), where=name)

    def _attends(self, meeting: PlannedMeeting, name: str, *, joins: bool) -> Iterator[Violation]:
        if name not in self.volunteers or (joins and self.fixed[meeting.meeting_id].is_fact):
            yield Violation(rule="fixed", who=name, where=meeting.meeting_id)
            return
        v, place = self.year.volunteer_index[name], self.year.venue_index.get(meeting.venue_id)
        minutes = float("nan") if place is None else float(self.year.journey[v, place])
        facts = {**self._at(meeting), **self.volunteers[name], "minutes": minutes}
        for subjects in ((), ("volunteer",), ("volunteer", "venue"), ("volunteer", "meeting")):
            yield from self._broken(subjects, facts, name, meeting.meeting_id)

    def _size(self, meeting: PlannedMeeting, fixed: Fixed | None) -> Iterator[Violation]:
        for rule in self.year.book.counts_of("meeting"):
            venue = self.venues.get(meeting.venue_id)
            if venue is None:
                continue
            count, number = self.year.book.answer(rule, venue), len(meeting.volunteers)
            too_many = count.most is not None and number > count.most and (fixed is None or number > fixed.people)
            if too_many or (fixed is None and number < count.least):
                yield Violation(rule=rule.key, who=str(number), where=meeting.meeting_id)

    def _kept(self) -> Iterator[Violation]:
        planned = {meeting.meeting_id: meeting for meeting in self.plan.meetings}
        if len(planned) != len(self.plan.meetings):
            yield Violation(rule="fixed", who="", where="meeting_id")
        for name, one in self.fixed.items():
            row, kept = one.meeting, planned.get(name)
            same = kept is not None and (kept.date, kept.slot, kept.venue_id, kept.matcher_id, set(kept.programme)) == (
                row.date,
                row.slot,
                row.venue_id,
                row.matcher_id,
                set(row.programme),
            )
            if not same or kept is None or not set(row.volunteers) <= set(kept.volunteers):
                yield Violation(rule="fixed", who="", where=name)

    def _limits(self, who: Who, people: Mapping[str, Mapping[str, Any]], of_plan: Any, of_fixed: Any) -> Iterator[Violation]:  # noqa: ANN401
        """Counted anew in every span; a span is broken where something new takes part in it."""
        items: dict[str, list[tuple[int, int, bool]]] = {name: [] for name in people}
        for one in self.year.fixed:
            for name in set(of_fixed(one)) & items.keys():
                items[name].append((one.day, one.slot, False))
        for meeting in self.plan.meetings:
            fixed = self.fixed.get(meeting.meeting_id)
            for name in set(of_plan(meeting)) & items.keys() - (set(of_fixed(fixed)) if fixed else set()):
                items[name].append((meeting.date.toordinal(), SLOTS.index(meeting.slot), True))
        for name, mine in items.items():
            for rule in self.year.book.counts_of(who):
                count = self.year.book.answer(rule, people[name])
                if count.most is not None:
                    limit = Limit(rule=rule.key, span=rule.span, days=count.days, most=count.most)
                    yield from _exceeded(limit, name, mine)

    def _groups(self) -> Iterator[Violation]:
        plan = self.plan
        if set(plan.home) != set(self.year.volunteers) or not set(plan.home.values()) <= set(plan.group_matcher):
            yield Violation(rule="group_size", who="", where="")
            return
        for meeting in plan.meetings:
            if meeting.meeting_id not in self.fixed and meeting.group not in plan.home.values():
                yield Violation(rule="objective", who=meeting.group, where=meeting.meeting_id)
        for rule in self.year.book.counts_of("group"):
            most = self.year.book.answer(rule, {}).most
            for group in plan.group_matcher:
                if most is not None and list(plan.home.values()).count(group) > most:
                    yield Violation(rule=rule.key, who="", where=group)
        if levels_of(self.year, plan.meetings, plan.home, plan.group_matcher) != plan.objective:
            yield Violation(rule="objective", who="", where="")


def _exceeded(limit: Limit, name: str, items: Iterable[tuple[int, int, bool]]) -> Iterator[Violation]:
    day, slot, new = np.array(sorted(items), dtype=np.int64).reshape(-1, 3).T
    for span in spans(limit, day, slot):
        if span.size > limit.most and new[span].any():
            yield Violation(rule=limit.rule, who=name, where=str(int(day[span].min())))
