"""Which pairs could ever be asked in a replication, and how good the pair is at best: everybody's comings and goings known."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light
from scenarios.stream.bonds import steps_of
from scenarios.stream.offers import points_of
from scenarios.stream.state import ACTIVE, FOREVER, LISTED, READY, VETTING


@compiled
def possible_pairs(kids, adults, kinds, rates, weeks):  # type: ignore[no-untyped-def]
    """Child, volunteer and points at best of every pair that some policy could ask so that a friendship begins in time.

    ``kids`` and ``adults`` as they are before the first week. A volunteer with more places than one may stay as long as one is
    taken, so only a known last day ends that wait.
    """
    child, adult, points = [0][:0], [0][:0], [0][:0]
    last_week = int((7.0 * weeks - rates.gate_days.sum()) / 7.0)
    kid_from, adult_from = np.empty(kids.key.size), np.empty(adults.key.size)
    for c in range(kids.key.size):
        kid_from[c] = first_day(kids.state[c] == READY, kids.state[c] <= LISTED, max(kids.due[c], kids.listed[c]))
    for v in range(adults.key.size):
        adult_from[v] = first_day(adults.state[v] == ACTIVE, adults.state[v] <= VETTING, adults.due[v])
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


@light
def first_day(now, later, due):  # type: ignore[no-untyped-def]
    """The first weekly day on which somebody can be asked: today, the week after the visit is due, or never."""
    if now:
        return 0.0
    return 7.0 * (np.ceil(max(0.0, due) / 7.0) + 1.0) if later else FOREVER


@light
def best_points(kids, adults, kinds, rates, c, v, row, first_week, last_week):  # type: ignore[no-untyped-def]
    """The most points of a pair on any day on which both can be asked, or its answers are due; -1 where there is none."""
    end = min(kids.leave[c], kids.outgrown[c], adults.stops[v])
    if adults.capacity[v] == 1:
        end = min(end, adults.leave[v])
    best, most, ages = -1, kinds.points.shape[1] - 1, kinds.child_ok.shape[1] - 1
    after = rates.gate_days.sum()
    for week in range(first_week, last_week + 1):
        day = 7.0 * week
        if end <= day:
            break
        if not kinds.child_ok[kids.kind[c], steps_of(day, kids.birthday[c], ages)]:
            continue
        if adults.calendar[v] >= 0 and not kinds.weeks[adults.calendar[v], week]:
            continue
        now = kinds.points[row, steps_of(day, kids.birthday[c], most), steps_of(day, adults.birthday[v], most)]
        if now < 0:
            continue
        for k in range(2):
            for m in range(2):
                kid_step = steps_of(day + k * after, kids.birthday[c], most)
                adult_step = steps_of(day + m * after, adults.birthday[v], most)
                best = max(best, kinds.points[row, kid_step, adult_step])
    return best


@compiled
def points_then(kids, adults, kinds, child, adult, day):  # type: ignore[no-untyped-def]
    """Points of pairs on a day each; 0 where they are not allowed then."""
    found = np.zeros(child.size, np.int64)
    for k in range(child.size):
        found[k] = max(0, points_of(kids, adults, kinds, child[k], adult[k], day[k]))
    return found
