"""Which pairs could ever be asked in a replication, and how good the pair is at best: everybody's comings and goings known."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light
from scenarios.stream.bonds import steps_of
from scenarios.stream.offers import BINS, points_of
from scenarios.stream.state import ACTIVE, FOREVER, LISTED, READY, VETTING

LAST_DAY = 6.0
"""Of a week: a policy that does not wait for the next one may ask until then."""


@compiled
def possible_pairs(kids, adults, kinds, rates, weeks):  # type: ignore[no-untyped-def]
    """Child, volunteer and points at best of every pair that some policy could ask so that a friendship begins in time.

    ``kids`` and ``adults`` as they are before the first week. A volunteer with more places than one may stay as long as one is
    taken, so only a known last day ends that wait.
    """
    child, adult, points = [0][:0], [0][:0], [0][:0]
    last_week = int((7.0 * weeks - rates.gate_days.sum()) / 7.0)
    kid_from, adult_from = first_days(kids, adults)
    for c in range(kids.key.size):
        for v in range(adults.key.size):
            row = kinds.row[kids.kind[c], adults.kind[v]]
            start = max(kid_from[c], adult_from[v])
            if row < 0 or start >= FOREVER or adults.capacity[v] <= adults.friends[v]:
                continue
            best = best_points(kids, adults, kinds, rates, c, v, row, int(start / 7.0), last_week)
            if best >= 0:
                child.append(c)
                adult.append(v)
                points.append(best)
    return np.array(child, dtype=np.int64), np.array(adult, dtype=np.int64), np.array(points, dtype=np.int64)


@compiled
def first_days(kids, adults):  # type: ignore[no-untyped-def]
    """The first day on which each child, and each volunteer, can be asked where hours are without end; before the first week."""
    kid_from, adult_from = np.empty(kids.key.size), np.empty(adults.key.size)
    for c in range(kids.key.size):
        kid_from[c] = first_day(kids.state[c] == READY, kids.state[c] <= LISTED, max(kids.due[c], kids.listed[c]))
    for v in range(adults.key.size):
        adult_from[v] = first_day(adults.state[v] == ACTIVE, adults.state[v] <= VETTING, adults.due[v])
    return kid_from, adult_from


@light
def first_day(now, later, due):  # type: ignore[no-untyped-def]
    """The day from which somebody can be asked: today, the weekly day of the visit, or never."""
    if now:
        return 0.0
    return 7.0 * np.ceil(max(0.0, due) / 7.0) if later else FOREVER


@light
def best_points(kids, adults, kinds, rates, c, v, row, first_week, last_week):  # type: ignore[no-untyped-def]
    """The most points of a pair on any day on which both can be asked, or its answers are due; -1 where there is none."""
    best = -1
    for week in range(first_week, last_week + 1):
        if last_day(kids, adults, c, v) <= 7.0 * week:
            break
        best = max(best, points_in(kids, adults, kinds, rates, c, v, row, week))
    return best


@light
def last_day(kids, adults, c, v):  # type: ignore[no-untyped-def]
    """The day from which one of the two is no longer there."""
    end = min(kids.leave[c], kids.outgrown[c], adults.stops[v])
    return min(end, adults.leave[v]) if adults.capacity[v] == 1 else end


@light
def points_in(kids, adults, kinds, rates, c, v, row, week):  # type: ignore[no-untyped-def]
    """The most points of a pair that is asked in a week, then or when its answers are due; -1 where it may not be asked."""
    most, ages = kinds.points.shape[1] - 1, kinds.child_ok.shape[1] - 1
    day, end = 7.0 * week, 7.0 * week + LAST_DAY
    after, birthdays = end + rates.gate_days.sum(), (kids.birthday[c], adults.birthday[v])
    fits = kinds.child_ok[kids.kind[c]]
    if not (fits[steps_of(day, birthdays[0], ages)] or fits[steps_of(end, birthdays[0], ages)]) or (
        adults.calendar[v] >= 0 and not kinds.weeks[adults.calendar[v], week]
    ):
        return -1
    if best_between(kinds.points[row], day, end, birthdays, most) < 0:
        return -1
    return best_between(kinds.points[row], day, after, birthdays, most)


@light
def best_between(points, first, last, birthdays, most):  # type: ignore[no-untyped-def]
    """The most points of a pair, by both ages, on the one day or the other of each."""
    best = -1
    for child_day in (first, last):
        for volunteer_day in (first, last):
            best = max(best, points[steps_of(child_day, birthdays[0], most), steps_of(volunteer_day, birthdays[1], most)])
    return best


@compiled
def charged_worths(kids, adults, kinds, judged, rates, child, volunteer, weeks, charges):  # type: ignore[no-untyped-def]
    """What a friendship of each possible pair counts at best, less what both are charged up to the week of the offer.

    ``judged``: as ``kinds``, with the points by which people answer.
    """
    worth = np.full(child.size, -np.inf)
    last_week = int((7.0 * weeks - rates.gate_days.sum()) / 7.0)
    kid_from, adult_from = first_days(kids, adults)
    for k in range(child.size):
        c, v = child[k], volunteer[k]
        row = kinds.row[kids.kind[c], adults.kind[v]]
        for week in range(int(max(kid_from[c], adult_from[v]) / 7.0), last_week + 1):
            if last_day(kids, adults, c, v) <= 7.0 * week:
                break
            points = points_in(kids, adults, kinds, rates, c, v, row, week)
            if points >= 0:
                score = min(BINS, points_in(kids, adults, judged, rates, c, v, row, week) // 100)
                counts = rates.joint[score] / rates.chance[score] * points / 1000.0
                worth[k] = max(worth[k], counts - charges[0][c, week] - charges[1][v, week])
    return worth


@compiled
def points_then(kids, adults, kinds, child, adult, day):  # type: ignore[no-untyped-def]
    """Points of pairs on a day each; 0 where they are not allowed then."""
    found = np.zeros(child.size, np.int64)
    for k in range(child.size):
        found[k] = max(0, points_of(kids, adults, kinds, child[k], adult[k], day[k]))
    return found
