"""Friendships in the weekly loop: how they begin, go on, and end, and who comes back afterwards."""

from __future__ import annotations

import numpy as np

from matcher.compiling import light
from scenarios.stream.draws import ADULT_BACK, CAUSE, CHILD_BACK, EPISODE, LASTS, LEAVE, pair_key, uniform
from scenarios.stream.state import BY_AGE, BY_VOLUNTEER, FOREVER, FRIEND, GONE, LEFT, READY, YEAR

FIRST_YEAR = 365


@light
def steps_of(day, birthday, most):  # type: ignore[no-untyped-def]
    """Completed years since a person is known, ``most`` at most."""
    return 0 if day < birthday else min(most, 1 + int((day - birthday) / YEAR))


@light
def limit_of(u, lived, variance):  # type: ignore[no-untyped-def]
    """How far a friendship's own summed hazard may go, as ``matcher.duration.hazard.threshold``."""
    if variance == 0.0:
        return lived - np.log(u)
    return ((1.0 + variance * lived) * u ** (-variance) - 1.0) / variance


@light
def patience(u, waited, daily):  # type: ignore[no-untyped-def]
    """Days that a volunteer who has waited goes on waiting: hazard a day, days until it grows, and how many times."""
    first, calm, factor = daily
    if first <= 0.0:
        return FOREVER
    spent = -np.log(u)
    calm_left = max(0.0, calm - waited)
    if spent <= first * calm_left or factor <= 0.0:
        return spent / first if spent <= first * calm_left else FOREVER
    return calm_left + (spent - first * calm_left) / (first * factor)


@light
def ratio_of(kids, adults, kinds, rates, c, v, day):  # type: ignore[no-untyped-def]
    """Logarithm of a pair's hazard ratio if it begins on a day."""
    row = kinds.row[kids.kind[c], adults.kind[v]]
    known = kinds.log_ratio[row] if row >= 0 else 0.0
    child_years = steps_of(day, kids.birthday[c], 99)
    volunteer_years = steps_of(day, adults.birthday[v], kinds.ageing[adults.kind[v]])
    older = child_years * rates.age_log[0] + volunteer_years * rates.age_log[1]
    return known + older + (rates.broken_log if kids.broken[c] == 1 else 0.0)


@light
def begin(bonds, kids, adults, kinds, rates, stream, c, v, day):  # type: ignore[no-untyped-def]
    """A friendship begins."""
    b = bonds.count[0]
    bonds.count[0] += 1
    bonds.child[b], bonds.adult[b], bonds.begun[b] = c, v, day
    bonds.ended[b], bonds.planned[b], bonds.cause[b] = FOREVER, FOREVER, 0
    bonds.ratio[b] = np.exp(ratio_of(kids, adults, kinds, rates, c, v, day))
    bonds.lived[b] = 0.0
    bonds.limit[b] = limit_of(uniform(stream, pair_key(kids.key[c], adults.key[v]), LASTS), 0.0, rates.variance)
    kids.state[c] = FRIEND
    kids.friends[c] += 1
    adults.friends[v] += 1


@light
def go_on(bonds, kids, adults, rates, stream, day, contact, waits):  # type: ignore[no-untyped-def]
    """A week of all friendships; ``contact`` is the share of planned contacts that took place."""
    given = np.exp(rates.contact_log * (contact * rates.contacts - rates.usual) / 12.0)
    for b in range(bonds.count[0]):
        if bonds.ended[b] < FOREVER or bonds.begun[b] >= day:
            continue
        c, v = bonds.child[b], bonds.adult[b]
        age = day - bonds.begun[b]
        before = max(0.0, age - 7.0)
        added = (hazard_at(rates, age) - hazard_at(rates, before)) * bonds.ratio[b] * (given if before < FIRST_YEAR else 1.0)
        end, cause = FOREVER, 0
        if bonds.lived[b] + added >= bonds.limit[b]:
            part = (bonds.limit[b] - bonds.lived[b]) / added if added > 0.0 else 0.0
            end = np.ceil(bonds.begun[b] + before + part * (age - before))
            u = uniform(stream, pair_key(kids.key[c], adults.key[v]), CAUSE)
            cause = BY_VOLUNTEER + (u > rates.cause[0]) + (u > rates.cause[1])
        if adults.stops[v] < end:
            end, cause = adults.stops[v], BY_VOLUNTEER
        if bonds.planned[b] < end:
            end, cause = bonds.planned[b], BY_VOLUNTEER
        if kids.grown[c] < end:
            end, cause = kids.grown[c], BY_AGE
        bonds.lived[b] += added
        if end <= day:
            bonds.ended[b], bonds.cause[b] = max(end, bonds.begun[b]), cause
            part_ways(kids, adults, rates, stream, c, v, day, cause, waits)


@light
def hazard_at(rates, age):  # type: ignore[no-untyped-def]
    """The baseline's cumulative hazard at an age in days."""
    return rates.hazard[min(int(age), rates.hazard.size - 1)]


@light
def part_ways(kids, adults, rates, stream, c, v, day, cause, waits):  # type: ignore[no-untyped-def]
    """After a friendship: the child may come back to the list, the volunteer to those who are free."""
    kids.friends[c] -= 1
    adults.friends[v] -= 1
    kids.returns[c] += 1
    adults.returns[v] += 1
    again = EPISODE * kids.returns[c]
    if kids.friends[c] == 0:
        back = uniform(stream, kids.key[c], CHILD_BACK + again) < rates.child_back[cause - 1] and day < kids.outgrown[c]
        kids.state[c] = READY if back else LEFT
        if back:
            kids.listed[c] = kids.since[c] = day
            kids.broken[c] = max(kids.broken[c], 1)
            u = uniform(stream, kids.key[c], LEAVE + again)
            kids.leave[c] = day + patience(u, 0.0, (rates.child_leave, 0.0, 1.0))
            wait_begins(waits, kids, c, day)
    again = EPISODE * adults.returns[v]
    if uniform(stream, adults.key[v], ADULT_BACK + again) < rates.adult_back[cause - 1] and adults.stops[v] > day:
        adults.since[v] = day
        u = uniform(stream, adults.key[v], LEAVE + again)
        adults.leave[v] = day + patience(u, 0.0, (rates.adult_leave[0], rates.adult_leave[1], rates.adult_leave[2]))
    else:
        adults.quits[v] = True
    if adults.quits[v] and adults.friends[v] == 0 and adults.offers[v] == 0:
        adults.state[v] = GONE


@light
def wait_begins(waits, kids, c, day):  # type: ignore[no-untyped-def]
    """A child comes on the list."""
    s = waits.count[0]
    waits.count[0] += 1
    waits.child[s], waits.start[s], waits.stop[s], waits.end[s] = c, day, FOREVER, READY
    kids.spell[c] = s


@light
def wait_ends(waits, kids, c, day):  # type: ignore[no-untyped-def]
    """A child's wait is over; its state says how."""
    s = kids.spell[c]
    if s >= 0:
        waits.stop[s], waits.end[s] = day, kids.state[c]
        kids.spell[c] = -1
