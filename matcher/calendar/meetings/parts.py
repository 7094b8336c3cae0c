"""Parts of a year that share nobody: no volunteer, venue or fixed meeting. Each is planned by itself, then joined.

Matchers may lead anywhere, so they tie regions together that share nothing else. A year that is large is split all the same:
each region gets the nearest matchers as its own. In another plan any matcher might lead there, so the bounds of such a region
count every session that any matcher of the whole year could lead, and ask nothing of matchers beyond that: they hold for the
whole year. A region that leaves more unmet than its bound is planned once more, together with those whose matchers might help.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.finish import within_slack
from matcher.calendar.measure import levels_of, unmet_of
from matcher.calendar.plan import Levels, YearPlan
from matcher.geography.distance import UNKNOWN, point
from matcher.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matcher.calendar.draft import Draft
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.year import Int, Year


LARGE = 60_000
"""Entries of a year that is split though its regions share matchers, and the most of regions that are put together again."""


def parts_of(sessions: Sessions, large: int = LARGE) -> tuple[tuple[Year, ...], bool]:
    """The parts of a year, the one with the first volunteer first, and whether they share matchers.

    Whoever meets nobody is in the first part.
    """
    roots = _roots(sessions, with_matchers=True)
    parts = _split(sessions.year, roots)
    if len(parts) > 1 or len(sessions.who) <= large:
        return parts, False
    parts = _split(sessions.year, _allotted(sessions, _roots(sessions, with_matchers=False)))
    return parts, len(parts) > 1


def _split(year: Year, roots: Int) -> tuple[Year, ...]:
    n_volunteers, n_matchers = len(year.volunteers), len(year.matchers)
    sizes = Counter(roots.tolist())
    of_volunteers = [root for root in roots[:n_volunteers].tolist() if sizes[root] > 1]
    order = {root: k for k, root in enumerate(dict.fromkeys(of_volunteers))}
    if len(order) < 2:
        return (year,)
    part = np.array([order.get(root, 0) for root in roots.tolist()])
    nodes = part[:n_volunteers], part[n_volunteers : n_volunteers + n_matchers], part[n_volunteers + n_matchers :]
    return tuple(_restricted(year, k, *nodes) for k in range(len(order)))


def _allotted(sessions: Sessions, roots: Int) -> Int:
    """Roots in which each matcher who leads nothing yet belongs to a near region, as many to each as its needs are of all."""
    year = sessions.year
    n_volunteers, n_matchers = len(year.volunteers), len(year.matchers)
    first_venue = n_volunteers + n_matchers
    need = Counter[int]()
    for v, root in enumerate(roots[:n_volunteers].tolist()):
        need[root] += int(year.need[v])
    venues = [(k, int(root)) for k, root in enumerate(roots[first_venue:].tolist()) if need[root] > 0]
    free = [m for m in range(n_matchers) if (roots == roots[n_volunteers + m]).sum() == 1]
    places = {row.venue_id: year.map.place(row) for row in year.case.venues}  # type: ignore[arg-type]  # has a person's columns
    codes = {row.matcher_id: year.map.postcodes.get(row.postcode) for row in year.case.matchers}
    homes = {name: UNKNOWN if row is None else point(row.latitude, row.longitude) for name, row in codes.items()}
    where = np.array([places[year.venues[k]] for k, _ in venues], dtype=np.float64).reshape(-1, len(UNKNOWN))
    quota = {root: -(-len(free) * need[root] // max(1, sum(need.values()))) for _, root in venues}
    pairs = []
    for m in free:
        here = np.array(homes[year.matchers[m]], dtype=np.float64)
        far = np.nan_to_num(((where - here) ** 2).sum(axis=1), nan=np.inf)
        pairs += [(distance, m, root) for distance, (_, root) in zip(far.tolist(), venues, strict=True)]
    answer, left = roots.copy(), set(free)
    for full in (False, True):  # then whoever is left goes to the nearest
        for _, m, root in sorted(pairs):
            if m in left and (full or quota[root] > 0):
                quota[root] -= 1
                left.remove(m)
                answer[n_volunteers + m] = root
    return answer


def grouped_by_help(whole: Sessions, parts: Sequence[tuple[Sessions, Draft]], lacking: Sequence[int]) -> list[tuple[int, ...]]:
    """Which parts are planned as one: those ``lacking``, each with others whose matchers could lead there, up to ``LARGE``.

    ``parts`` : of each the sessions that anybody could lead, and its plan.
    """
    of_part = {name: k for k, (sessions, _) in enumerate(parts) for name in sessions.year.matchers}
    owner = np.array([of_part[name] for name in whole.year.matchers], dtype=np.int64)
    label, size = list(range(len(parts))), [len(sessions.who) for sessions, _ in parts]
    for k in lacking:
        for other in _helpers(whole, *parts[k], owner):
            one, two = label[k], label[other]
            if one != two and size[one] + size[two] <= LARGE:
                size[one] += size[two]
                label = [one if its == two else its for its in label]
    groups = [tuple(k for k, its in enumerate(label) if its == one) for one in dict.fromkeys(label)]
    return [one for one in groups if len(one) > 1]


def _helpers(whole: Sessions, sessions: Sessions, draft: Draft, owner: Int) -> list[int]:
    """Parts whose matchers could lead a session here: first those who could lead most for volunteers that lack one."""
    new = sessions.is_new
    could = whole.matcher_open[:, sessions.time[new]] & whole.year.leads[:, sessions.of_set[new]]
    wanted = np.bincount(sessions.session_of, draft.missing[sessions.who], minlength=len(sessions))[new] > 0
    some, more = (np.bincount(owner, could[:, which].sum(axis=1)) for which in (slice(None), wanted))
    return sorted(np.flatnonzero(some > 0).tolist(), key=lambda k: (-more[k], -some[k], k))


def united(year: Year, parts: Sequence[Year], chosen: Sequence[int]) -> Year:
    """The year of several of its parts; of all of them, the year itself."""
    if len(chosen) == len(parts):
        return year
    k = 0 if 0 in chosen else 1  # whatever nobody knows is in the first part

    def labels(kind: str) -> Int:
        mine = {name for place in chosen for name in getattr(parts[place], kind)}
        return np.array([k if name in mine else 1 - k for name in getattr(year, kind)], dtype=np.int64)

    return _restricted(year, k, labels("volunteers"), labels("matchers"), labels("venues"))


def _roots(sessions: Sessions, *, with_matchers: bool) -> Int:
    """A number for each volunteer, matcher and venue: equal for those of one part."""
    year = sessions.year
    first_matcher = len(year.volunteers)
    first_venue = first_matcher + len(year.matchers)
    parent = list(range(first_venue + len(year.venues)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(nodes: Iterable[int]) -> None:
        found = sorted({root(node) for node in nodes})
        for other in found[1:]:
            parent[other] = found[0]

    new = sessions.is_new
    for place in np.unique(sessions.venue[new]).tolist():
        here = new & (sessions.venue == place)
        people = np.unique(sessions.who[here[sessions.session_of]])
        led = (sessions.matcher_open[:, sessions.time[here]] & year.leads[:, sessions.of_set[here]]).any(axis=1) & with_matchers
        join([first_venue + place, *people.tolist(), *(first_matcher + np.flatnonzero(led)).tolist()])
    for s in np.flatnonzero(~new).tolist():
        join([*sessions.who[sessions.start[s] : sessions.start[s + 1]].tolist(), first_venue + int(sessions.venue[s])])
    groups: dict[str, int] = {}
    for one in year.fixed:
        row = one.meeting
        nodes = list(one.listed)
        nodes += [first_matcher + year.matcher_index[row.matcher_id]] if row.matcher_id in year.matcher_index else []
        nodes += [first_venue + year.venue_index[row.venue_id]] if row.venue_id in year.venue_index else []
        nodes += [groups.setdefault(row.group, nodes[0])] if nodes and row.group else []
        join(nodes)
    return np.array([root(node) for node in range(len(parent))], dtype=np.int64)


def _restricted(year: Year, k: int, volunteer: Int, matcher: Int, venue: Int) -> Year:
    """The year of one part."""
    who, led, where = (np.flatnonzero(part == k) for part in (volunteer, matcher, venue))
    place = {int(v): i for i, v in enumerate(who)}

    def mine(nodes: Sequence[int], row_matcher: str, row_venue: str) -> bool:
        parts = [int(volunteer[v]) for v in nodes]
        parts += [int(matcher[year.matcher_index[row_matcher]])] if row_matcher in year.matcher_index else []
        parts += [int(venue[year.venue_index[row_venue]])] if row_venue in year.venue_index else []
        return (parts[0] if parts else 0) == k

    fixed = [one for one in year.fixed if mine(one.listed, one.meeting.matcher_id, one.meeting.venue_id)]
    return replace(
        year,
        volunteers=tuple(year.volunteers[v] for v in who),
        matchers=tuple(year.matchers[m] for m in led),
        venues=tuple(year.venues[place] for place in where),
        set_of=year.set_of[who],
        volunteer_free=year.volunteer_free[who],
        matcher_free=year.matcher_free[led],
        venue_free=year.venue_free[where],
        near=year.near[np.ix_(who, where)],
        journey=year.journey[np.ix_(who, where)],
        leads=year.leads[led],
        size_least=year.size_least[where],
        size_most=year.size_most[where],
        owed=year.owed[who],
        allowed=year.allowed[who],
        fixed=tuple(replace(one, listed=tuple(place[v] for v in one.listed)) for one in fixed),
        facts_of_volunteers=tuple(year.facts_of_volunteers[v] for v in who),
        facts_of_matchers=tuple(year.facts_of_matchers[m] for m in led),
        facts_of_venues=tuple(year.facts_of_venues[place] for place in where),
    )


def joined(year: Year, plans: Sequence[YearPlan], load_spread: int, *, cut: bool) -> YearPlan:
    """One plan of the parts' plans, whose bounds are added up; groups are numbered anew, but for names that were given."""
    given = {one.meeting.group for one in year.fixed if one.is_fact and one.in_year and one.meeting.group}
    free = iter(name for k in range(1, 10**6) if (name := f"G{k:02d}") not in given)
    names = [{g: g if g in given else next(free) for g in _groups(plan)} for plan in plans]
    meetings = [
        replace(row, group=name.get(row.group, row.group))
        for plan, name in zip(plans, names, strict=True)
        for row in plan.meetings
    ]
    meetings.sort(key=lambda row: (row.date, SLOTS.index(row.slot), row.meeting_id))
    home = {v: name[g] for plan, name in zip(plans, names, strict=True) for v, g in plan.home.items()}
    anybody = next(iter(year.matchers), "")  # for groups of a part without a matcher
    matcher = {name[g]: m or anybody for plan, name in zip(plans, names, strict=True) for g, m in plan.group_matcher.items()}
    bound = Levels(
        unmet=sum(plan.bound.unmet for plan in plans),
        meetings=sum(plan.bound.meetings for plan in plans),
        changes=sum(plan.bound.changes for plan in plans),
        travel_minutes=round(sum(plan.bound.travel_minutes for plan in plans), 3),
        load_spread=load_spread,
    )
    objective = levels_of(year, meetings, home, matcher)
    return YearPlan(
        year=year.year,
        planning_date=year.planning_date,
        meetings=tuple(meetings),
        home=dict(sorted(home.items())),
        group_matcher=dict(sorted(matcher.items())),
        unmet=unmet_of(year, meetings),
        objective=objective,
        bound=bound,
        status="optimal" if within_slack(year, objective, bound) else "feasible",
        cut=cut,
        data_hash=plans[0].data_hash,
    )


def _groups(plan: YearPlan) -> list[str]:
    return list(dict.fromkeys([*(row.group for row in plan.meetings), *plan.home.values()]))
