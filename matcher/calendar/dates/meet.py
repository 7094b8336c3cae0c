"""Dates beside the network meetings: a talk, a visit or a call of a few people (samtale, hjemmebesøg, første møde)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from matcher.calendar.dates.diary import UNSTATED, Hindrance, Party
from matcher.calendar.dates.followups import follower
from matcher.errors import UsageError

if TYPE_CHECKING:
    from matcher.calendar.dates.diary import Diary, Mask
    from matcher.geography.distance import Point
    from matcher.records import Case, Child, Matcher, Venue, Volunteer

Where = Literal["venue", "matcher_place", "child_home", "volunteer_home", "call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Whom a meeting is about, how many matchers come, and whether it is on neutral ground, in a home, or a call."""

    about: Literal["volunteer", "either", "both"]
    matchers: int
    where: Literal["neutral", "home", "call"]


KINDS: Mapping[str, Terms] = {
    "interview": Terms(about="volunteer", matchers=1, where="neutral"),
    "home_visit": Terms(about="either", matchers=2, where="home"),
    "first_meeting": Terms(about="both", matchers=1, where="neutral"),
    "first_visit": Terms(about="both", matchers=1, where="home"),
    "follow_up": Terms(about="either", matchers=1, where="call"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A meeting that is looked for; ``matcher``: who must lead it, or be one of the two.

    Child and volunteer may both be given for any kind; ``family`` and ``guest`` are those of them whom it needs. Raises
    ``UsageError`` where somebody who is needed is not given.
    """

    kind: str
    child: Child | None = None
    volunteer: Volunteer | None = None
    matcher: Matcher | None = None

    def __post_init__(self) -> None:
        require(self.kind, child=self.child is not None, volunteer=self.volunteer is not None)

    @property
    def terms(self) -> Terms:
        """What the kind asks for."""
        return KINDS[self.kind]

    @property
    def family(self) -> Child | None:
        """The child whose family takes part."""
        return None if self.terms.about == "volunteer" else self.child

    @property
    def guest(self) -> Volunteer | None:
        """The volunteer who takes part; what is with one side is with the family, where there is one."""
        return None if self.terms.about == "either" and self.child is not None else self.volunteer

    @property
    def left_aside(self) -> Literal["", "child", "volunteer"]:
        """Who is given and not needed."""
        if self.family is not self.child:
            return "child"
        return "" if self.guest is self.volunteer else "volunteer"

    @property
    def programmes(self) -> tuple[str, ...]:
        """The child's programme, or all that the volunteer offers."""
        if self.family is not None:
            return (self.family.programme,)
        return self.guest.programmes if self.guest is not None else ()


def require(kind: str, *, child: bool, volunteer: bool) -> None:
    """Raise ``UsageError`` where somebody whom a kind needs is not given."""
    about = KINDS[kind].about
    if not {"volunteer": volunteer, "either": child or volunteer, "both": child and volunteer}[about]:
        raise UsageError(f"meet.about.{about}", kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDate:
    """A date on which all can; minutes are estimated, one way, of the matchers together; NaN where a place is unknown.

    None: somebody who does not come, or has no way to go. ``venue_id`` is empty where it is in no venue.
    """

    date: date
    slot: str
    where: Where
    venue_id: str
    matchers: tuple[str, ...]
    volunteer_minutes: float | None
    family_minutes: float | None
    matcher_minutes: float | None

    @property
    def minutes(self) -> float:
        """Everybody's minutes; infinite where one is unknown, so that known journeys come first."""
        total = sum(part or 0.0 for part in (self.volunteer_minutes, self.family_minutes, self.matcher_minutes))
        return math.inf if math.isnan(total) else total


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The next dates in order; where there are none, what stands in the way, with how many dates there would be without it."""

    dates: tuple[MeetingDate, ...]
    hindrances: tuple[tuple[Hindrance, int], ...] = ()


def meet_dates(diary: Diary, asked: Asked, top: int, without: Sequence[str] = ()) -> Dates:
    """The next dates, each with its best place and matchers.

    Sooner goes first. For one time, whoever follows the child goes before others; of two matchers one with social education
    is wanted; a venue, being neutral ground, goes before the matcher's place; then everybody's minutes on the way are the
    fewest.

    Parameters
    ----------
    diary : the times to look at.
    top : so many dates at most.
    without : keys of rules on days that concern network meetings only.
    """
    search = _Search(diary, asked, without)
    times = np.flatnonzero(search.times())[:top].tolist()
    if times:
        return Dates(dates=tuple(search.best(t) for t in times))
    return Dates(dates=(), hindrances=search.hindrances())


def followers(case: Case, child: Child | None, volunteer: Volunteer | None) -> tuple[str, ...]:
    """Who follows them: the matchers of their active friendships, the earliest first, else the child's."""
    children = {row.child_id: row for row in case.children}
    active = [
        row
        for row in sorted(case.friendships, key=lambda row: (row.started_on, row.friendship_id))
        if row.active_on(case.planning_date)
        and (child is None or row.child_id == child.child_id)
        and (volunteer is None or row.volunteer_id == volunteer.volunteer_id)
    ]
    found = [follower(row, children) for row in active] or [(child.matcher_id if child else None) or ""]
    return tuple(dict.fromkeys(name for name in found if name))


class _Search:
    """Everybody who is needed or could be, with their times."""

    def __init__(self, diary: Diary, asked: Asked, without: Sequence[str]) -> None:
        self.diary, self.asked, self.terms = diary, asked, asked.terms
        self.followed_by = followers(diary.case, asked.family, asked.guest)
        self.needed: list[Party] = [diary.days(without)]
        self.needed += [diary.family(asked.family)] if asked.family else []
        self.needed += [diary.volunteer(asked.guest)] if asked.guest else []
        only = asked.matcher if self.terms.matchers == 1 else None
        self.matchers = [only] if only else sorted(diary.case.matchers, key=lambda row: row.matcher_id)
        self.leaders = [self._leader(row) for row in self.matchers]
        neutral = self.terms.where == "neutral"
        self.venues = sorted(diary.case.venues, key=lambda row: row.venue_id) if neutral else []
        self.rooms = [diary.venue(row).with_answers(diary.near(self._way(diary.place(row)))) for row in self.venues]
        self.places = [self._place_of(row) for row in self.matchers] if neutral else []

    def _leader(self, row: Matcher) -> Party:
        """Whoever follows them may come anyway; others, where they follow one of the programmes."""
        answers = [self.diary.follows(row, (programme,)) for programme in self.asked.programmes]
        best = max(answers, key=lambda one: sum(one.values()), default={})
        return self.diary.matcher(row).with_answers({} if row.matcher_id in self.followed_by else best)

    def _place_of(self, row: Matcher) -> Party:
        n_times = len(self.diary.day)
        place = Party(who="matcher_place", name=row.matcher_id, n_times=n_times, leaves={})
        return place.with_answers(self.diary.near(self._way(self.diary.place(row))))

    def _way(self, place: Point) -> float:
        """The volunteer's minutes to a place."""
        row = self.asked.guest
        return math.nan if row is None else self.diary.minutes(self.diary.place(row), place, row.transport)

    def times(self, without: Hindrance | None = None) -> Mask:
        """The times at which it is possible, but for one hindrance, shape (T,)."""
        free = np.logical_and.reduce([party.free(without) for party in self.needed])
        led = self._all(self.leaders, without)
        if self.terms.where == "neutral":
            led &= self._all(self.rooms, without).any(axis=0) | self._all(self.places, without)
        enough: Mask = led.sum(axis=0) >= self.terms.matchers
        if self.asked.matcher is not None:
            enough &= led[self._wanted]
        possible: Mask = free & enough
        return possible

    @cached_property
    def _wanted(self) -> int:
        return [row.matcher_id for row in self.matchers].index(self.asked.matcher.matcher_id) if self.asked.matcher else -1

    def _all(self, parties: Sequence[Party], without: Hindrance | None) -> Mask:
        rows = [party.free(without) for party in parties]
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(self.diary.day))

    @cached_property
    def _free(self) -> tuple[Mask, Mask, Mask]:
        return self._all(self.leaders, None), self._all(self.rooms, None), self._all(self.places, None)

    def best(self, t: int) -> MeetingDate:
        """The best place and matchers of a time at which it is possible."""
        led = np.flatnonzero(self._free[0][:, t]).tolist()
        teams = [team for team in combinations(led, self.terms.matchers) if self._wanted < 0 or self._wanted in team]
        return min((one for team in teams for one in self._options(t, team)), key=self._rank)

    def _rank(self, one: MeetingDate) -> tuple[bool, bool, bool, float, str, tuple[str, ...]]:
        """What is wanted least comes last."""
        stranger = not set(one.matchers) & set(self.followed_by)
        trained = any(row.social_education for row in self.matchers if row.matcher_id in one.matchers)
        untrained = len(one.matchers) > 1 and not trained
        return stranger, untrained, one.where == "matcher_place", one.minutes, one.venue_id, one.matchers

    def _options(self, t: int, team: tuple[int, ...]) -> Iterator[MeetingDate]:
        rows = [self.matchers[m] for m in team]
        asked, (_, rooms, places) = self.asked, self._free
        if self.terms.where == "call":
            yield self._option(t, rows, "call", None)
        elif self.terms.where == "home":
            home: Child | Volunteer | None = asked.family or asked.guest
            yield self._option(t, rows, "child_home" if asked.family else "volunteer_home", home)
        else:
            for place in np.flatnonzero(rooms[:, t]).tolist():
                yield self._option(t, rows, "venue", self.venues[place])
            if places[team[0], t]:
                yield self._option(t, rows, "matcher_place", rows[0])

    def _option(
        self, t: int, team: list[Matcher], where: Where, there: Child | Volunteer | Matcher | Venue | None
    ) -> MeetingDate:
        day, slot = self.diary.when(t)
        ways = [way for row in team if (way := self._minutes(row, there)) is not None]
        return MeetingDate(
            date=day,
            slot=slot,
            where=where,
            venue_id=getattr(there, "venue_id", ""),
            matchers=tuple(row.matcher_id for row in team),
            volunteer_minutes=self._minutes(self.asked.guest, there),
            family_minutes=self._minutes(self.asked.family, there),
            matcher_minutes=sum(ways) if ways else None,
        )

    def _minutes(
        self, person: Child | Volunteer | Matcher | None, there: Child | Volunteer | Matcher | Venue | None
    ) -> float | None:
        if person is None or there is None or person is there:
            return None
        where = self.diary.place(person), self.diary.place(there)
        return self.diary.minutes(*where, getattr(person, "transport", UNSTATED))

    def hindrances(self) -> tuple[tuple[Hindrance, int], ...]:
        """Single rules without which there would be dates, else people and places whose rules must all give; most dates first."""
        parties = [*self.needed, *self.leaders, *self.rooms, *self.places]
        single = [Hindrance(who=one.who, name=one.name, rule=rule) for one in parties for rule in one.leaves]
        whole = [Hindrance(who=one.who, name=one.name) for one in parties if one.leaves]
        for tried in (single, whole):
            gains = [(one, int(self.times(one).sum())) for one in tried]
            telling = [(one, gain) for one, gain in gains if gain]
            if telling:
                return tuple(sorted(telling, key=lambda pair: (-pair[1], pair[0].who, pair[0].name, pair[0].rule)))
        return ()
