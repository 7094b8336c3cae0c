"""Every plan of a tiny year, straight from the contract: sets of meetings, attendances, groups and matchers are all tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product

from matcher.calendar.finish import fixed_of_year
from matcher.calendar.measure import leaders
from matcher.calendar.year import Year

Held = tuple[int, int, tuple[int, ...], tuple[int, ...]]
"""Place of the time, venue, who comes, who could lead."""
Levels = tuple[int, int, int, int, int]


def best_levels(year: Year) -> tuple[Levels, set[tuple[int, int]]]:
    """The best five levels in the contract's order (travel in thousandths), and all pairs of the first two that plans have."""
    seen: set[tuple[int, int]] = set()
    best: tuple[int, int] | None = None
    candidates: list[tuple[tuple[Held, ...], tuple[tuple[int, ...], ...]]] = []
    for plan, joined in _plans(year):
        first = (_unmet(year, plan, joined), len(plan) + len(fixed_of_year(year)))
        seen.add(first)
        if best is None or first < best:
            best, candidates = first, []
        if first == best:
            candidates.append((plan, joined))
    assert best is not None
    rest = min(_rest(year, plan, joined) for plan, joined in candidates)
    return (*best, *rest), seen


def _plans(year: Year) -> Iterator[tuple[tuple[Held, ...], tuple[tuple[int, ...], ...]]]:
    """Sets of meetings that keep every rule, with who joins each fixed meeting of the year."""
    fixed = [(list(one.listed), one.day, one.slot) for one in fixed_of_year(year)]
    choices = [list(_joiners(year, k)) for k in range(len(fixed))]
    for joined in product(*choices):
        taken = [(v, day) for (listed, day, _), more in zip(fixed, joined, strict=True) for v in (*listed, *more)]
        more = [(v, fixed[k][1]) for k, some in enumerate(joined) for v in some]
        if all(_spaced(year, day, [d for w, d in taken if w == v], 1) for v, day in more) and _within(year, joined):
            for plan in _held(year, 0, (), tuple(taken)):
                yield plan, joined


def _within(year: Year, joined: tuple[tuple[int, ...], ...]) -> bool:
    more = [v for some in joined for v in some]
    return all(more.count(v) <= year.room[v] for v in set(more))


def _joiners(year: Year, k: int) -> Iterator[tuple[int, ...]]:
    one = fixed_of_year(year)[k]
    place = year.venue_index[one.meeting.venue_id]
    at = [t for t in range(len(year.day)) if year.day[t] == one.day and year.slot[t] == one.slot]
    able = [
        v
        for v in range(len(year.volunteers))
        if at and v not in one.listed and year.near[v, place] and year.volunteer_free[v, at[0]]
    ]
    room = max(0, int(year.size_most[place]) - one.people)
    for size in range(min(room, len(able)) + 1):
        yield from combinations(able, size)


def _spaced(year: Year, day: int, days: list[int], own: int) -> bool:
    gap = int(year.book["calendar.spacing.min_days"])
    return sum(abs(day - other) < gap for other in days) <= own


def _held(year: Year, first: int, plan: tuple[Held, ...], taken: tuple[tuple[int, int], ...]) -> Iterator[tuple[Held, ...]]:
    yield plan
    spots = [(t, place) for t in range(len(year.day)) for place in range(len(year.venues))]
    for k in range(first, len(spots)):
        t, place = spots[k]
        day = int(year.day[t])
        busy = any((one.day, one.slot, one.meeting.venue_id) == (day, year.slot[t], year.venues[place]) for one in year.fixed)
        if busy or not year.venue_free[place, t]:
            continue
        able = [
            v
            for v in range(len(year.volunteers))
            if year.volunteer_free[v, t]
            and year.near[v, place]
            and sum(w == v for w, _ in taken) < year.allowed[v]
            and _spaced(year, day, [d for w, d in taken if w == v], 0)
        ]
        leads = tuple(m for m in range(len(year.matchers)) if year.matcher_free[m, t] and year.leads[m, 0])
        for size in range(int(year.size_least[place]), int(year.size_most[place]) + 1):
            for who in combinations(able, size):
                more = (*plan, (t, place, who, leads))
                if next(_led(year, more), None) is not None:
                    yield from _held(year, k + 1, more, (*taken, *((v, day) for v in who)))


def _led(year: Year, plan: tuple[Held, ...]) -> Iterator[tuple[int, ...]]:
    """Ways of naming matchers within a day's and a month's limits."""
    for led in product(*(leads for _, _, _, leads in plan)):
        fixed = [(one.meeting.matcher_id, one.day) for one in year.fixed]
        all_led = [(year.matchers[m], int(year.day[t])) for m, (t, _, _, _) in zip(led, plan, strict=True)] + fixed
        days_ok = all(all_led.count(one) <= max(1, fixed.count(one)) for one in all_led)
        months = [(m, date.fromordinal(day).month) for m, day in all_led]
        most = {row.matcher_id: row.max_meetings_per_month for row in year.case.matchers}
        if days_ok and all(months.count(one) <= most[one[0]] for one in months):
            yield led


def _unmet(year: Year, plan: tuple[Held, ...], joined: tuple[tuple[int, ...], ...]) -> int:
    had = [int(n) for n in year.had]
    for who in (*(who for _, _, who, _ in plan), *joined):
        for v in who:
            had[v] += 1
    return sum(max(0, int(owed) - n) for owed, n in zip(year.owed, had, strict=True))


def _rest(year: Year, plan: tuple[Held, ...], joined: tuple[tuple[int, ...], ...]) -> tuple[int, int, int]:
    """Fewest changes, then travel, then spread, over all groups and matchers."""
    fixed = fixed_of_year(year)
    people = [sorted({*one.listed, *more}) for one, more in zip(fixed, joined, strict=True)] + [
        list(who) for _, _, who, _ in plan
    ]
    travel = sum(year.way(year.volunteers[v], one.meeting.venue_id) for one, who in zip(fixed, people, strict=False) for v in who)
    travel += sum(int(year.minutes[v, place]) for _, place, who, _ in plan for v in who)
    able, best = leaders(year), None
    for led in _led(year, plan):
        names = [one.meeting.matcher_id for one in fixed] + [year.matchers[m] for m in led]
        loads = [names.count(name) for name in able]
        value = (_changes(year, people, names), travel, max(loads, default=0) - min(loads, default=0))
        best = value if best is None or value < best else best
    assert best is not None
    return best


def _changes(year: Year, people: list[list[int]], names: list[str]) -> int:
    """Over all partitions of the volunteers into groups of at most so many, their matchers, and the meetings' groups."""
    most = int(year.book["calendar.group_size.max_members"])
    best = 10**9
    for home in _partitions(len(year.volunteers), most):
        groups = range(max(home, default=-1) + 1)
        for matchers in product(year.matchers, repeat=len(groups)):
            cost = 0
            for who, name in zip(people, names, strict=True):
                cost += min((sum(home[v] != g for v in who) for g in groups), default=0)
                cost += sum(matchers[home[v]] != name for v in who)
            best = min(best, cost)
    return best


def _partitions(n: int, most: int) -> Iterator[tuple[int, ...]]:
    def grow(done: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(done) == n:
            yield done
            return
        for g in range(max(done, default=-1) + 2):
            if done.count(g) < most:
                yield from grow((*done, g))

    yield from grow(())
