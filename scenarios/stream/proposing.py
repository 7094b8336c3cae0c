"""Policies in the weekly loop: which of those who wait are asked about each other now."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light
from scenarios.stream.bonds import ratio_of, steps_of
from scenarios.stream.limits import has_room
from scenarios.stream.matching import best_pairs
from scenarios.stream.offers import BINS, ask, points_of
from scenarios.stream.state import ACTIVE, GREEDY, LISTED, MONTH, PRICES, PROPOSAL, READY

STILL_THERE = 0.9
"""The chance that a child on the list and a volunteer are both still there when the child is visited, about two months later."""


@compiled
def propose(asks, kids, adults, kinds, rates, ledger, barred, day, week):  # type: ignore[no-untyped-def]
    """Open the offers that the policy chooses, the greatest gain first, while there are hours for them and limits have room."""
    if week % rates.period:
        return
    while ask_best(asks, kids, adults, kinds, rates, ledger, barred, day, week):
        pass


@compiled
def ask_best(asks, kids, adults, kinds, rates, ledger, barred, day, week):  # type: ignore[no-untyped-def]
    """Ask the best pairs; whether a limit kept some of them back, so that their volunteers can be asked for other children."""
    if ledger.left[0] < rates.hours[PROPOSAL]:
        return False
    free_kids, free_adults = waiting_kids(kids, kinds, day), free_adults_of(adults, kinds, rates, day, week)
    free_kids = with_room(free_kids, kids, kinds, ledger)
    if free_kids.size == 0 or free_adults.size == 0:
        return False
    askable = free_kids.size
    if rates.policy == PRICES:  # a volunteer who suits a child that is still to be visited is kept for it
        free_kids = np.concatenate((free_kids, with_room(coming_kids(kids, kinds, day), kids, kinds, ledger)))
    gain = gains(kids, adults, kinds, rates, barred, free_kids, free_adults, day, week)
    since = kids.since[free_kids], adults.since[free_adults]
    match = first_come(gain, since[0], since[1]) if rates.policy == GREEDY else best_pairs(gain)
    worth = np.zeros(askable)
    for i in range(askable):
        if match[i] >= 0:
            worth[i] = gain[i, match[i]]
    kept_back = False
    for i in np.argsort(-worth, kind="mergesort"):
        if worth[i] <= 0.0 or ledger.left[0] < rates.hours[PROPOSAL]:
            break
        if has_room(ledger, kinds, kids.kind[free_kids[i]]):
            ask(asks, kids, adults, kinds, rates, ledger, free_kids[i], free_adults[match[i]], day)
        else:
            kept_back = True
    return kept_back


@compiled
def ask_locked(locked, asks, kids, adults, kinds, rates, ledger, barred, day, week):  # type: ignore[no-untyped-def]
    """Pairs that somebody has locked are asked before all others, on the first day on which both are free and may be paired."""
    for k in range(locked.shape[0]):
        c, v = locked[k, 0], locked[k, 1]
        if barred[c, v] or not (waits(kids, kinds, c, day) and is_free(adults, kinds, rates, v, day, week)):
            continue
        if points_of(kids, adults, kinds, c, v, day) >= 0 and has_room(ledger, kinds, kids.kind[c]):
            ask(asks, kids, adults, kinds, rates, ledger, c, v, day)


@light
def waits(kids, kinds, c, day):  # type: ignore[no-untyped-def]
    """Whether a child may be asked."""
    step = steps_of(day, kids.birthday[c], kinds.child_ok.shape[1] - 1)
    return kids.state[c] == READY and kinds.child_ok[kids.kind[c], step]


@light
def is_free(adults, kinds, rates, v, day, week):  # type: ignore[no-untyped-def]
    """Whether a volunteer has a free place and may be asked."""
    if adults.state[v] != ACTIVE or adults.quits[v] or adults.capacity[v] <= adults.friends[v] + adults.offers[v]:
        return False
    if adults.stops[v] <= day or (adults.calendar[v] >= 0 and not kinds.weeks[adults.calendar[v], week]):
        return False
    age = day - adults.certificate[v]
    return not (adults.late[v] and age % (rates.valid_days + rates.renewal_days) >= rates.valid_days)


@compiled
def waiting_kids(kids, kinds, day):  # type: ignore[no-untyped-def]
    """Children who may be asked."""
    found = np.empty(kids.state.size, np.int64)
    n = 0
    for c in range(kids.state.size):
        if waits(kids, kinds, c, day):
            found[n] = c
            n += 1
    return found[:n]


@compiled
def with_room(some, kids, kinds, ledger):  # type: ignore[no-untyped-def]
    """Those of some children whom no limit keeps from a match."""
    found, n = np.empty(some.size, np.int64), 0
    for c in some:
        if has_room(ledger, kinds, kids.kind[c]):
            found[n] = c
            n += 1
    return found[:n]


@compiled
def coming_kids(kids, kinds, day):  # type: ignore[no-untyped-def]
    """Children on the list who are not visited yet, and could be asked if they were."""
    found = np.empty(kids.state.size, np.int64)
    n = 0
    for c in range(kids.state.size):
        step = steps_of(day, kids.birthday[c], kinds.child_ok.shape[1] - 1)
        if kids.state[c] == LISTED and kinds.child_ok[kids.kind[c], step]:
            found[n] = c
            n += 1
    return found[:n]


@compiled
def free_adults_of(adults, kinds, rates, day, week):  # type: ignore[no-untyped-def]
    """Volunteers who may be asked."""
    found = np.empty(adults.state.size, np.int64)
    n = 0
    for v in range(adults.state.size):
        if is_free(adults, kinds, rates, v, day, week):
            found[n] = v
            n += 1
    return found[:n]


@compiled
def gains(kids, adults, kinds, rates, barred, free_kids, free_adults, day, week):  # type: ignore[no-untyped-def]
    """What each pair is expected to gain if it is asked now, less what keeping both is worth; 0 where it may not be."""
    gain = np.zeros((free_kids.size, free_adults.size))
    fill(gain, kids, adults, kinds, rates, barred, free_kids, free_adults, day, week)
    return gain


@light
def fill(gain, kids, adults, kinds, rates, barred, free_kids, free_adults, day, week):  # type: ignore[no-untyped-def]
    """Write the gains."""
    most, week = kinds.points.shape[1] - 1, min(week, kids.price.shape[1] - 1)
    for i in range(free_kids.size):
        c = free_kids[i]
        kind, step = kids.kind[c], steps_of(day, kids.birthday[c], most)
        for j in range(free_adults.size):
            v = free_adults[j]
            row = kinds.row[kind, adults.kind[v]]
            if row < 0 or barred[c, v]:
                continue
            adult_step = steps_of(day, adults.birthday[v], most)
            points = kinds.points[row, step, adult_step]
            if points < 0:
                continue
            score = min(BINS, kinds.judged[row, step, adult_step] // 100)
            gain[i, j] = rates.joint[score] * worth_of(kids, adults, kinds, rates, c, v, points, day)
            if rates.policy == PRICES:
                gain[i, j] *= STILL_THERE if kids.state[c] == LISTED else 1.0
                gain[i, j] -= rates.chance[score] * rates.price_share * (kids.price[c, week] + adults.price[v, week])


@light
def worth_of(kids, adults, kinds, rates, c, v, points, day):  # type: ignore[no-untyped-def]
    """What a friendship counts: its score, or the months that it is expected to last."""
    if not rates.by_months:
        return points / 1000.0
    return months_of(rates, ratio_of(kids, adults, kinds, rates, c, v, day), kids.grown[c] - day)


@light
def months_of(rates, log_ratio, days_left):  # type: ignore[no-untyped-def]
    """The months that a friendship is expected to last, so many days before the child is 18."""
    left = min(rates.months.shape[1] - 1, max(0, int(days_left / MONTH)))
    place = (log_ratio - rates.first_log) / rates.step_log
    at = min(rates.months.shape[0] - 2, max(0, int(place)))
    part = min(1.0, max(0.0, place - at))
    return (1.0 - part) * rates.months[at, left] + part * rates.months[at + 1, left]


@compiled
def first_come(gain, kid_since, adult_since):  # type: ignore[no-untyped-def]
    """Greedy at arrival: each in turn, as they came, takes the best of those who were there before."""
    n, m = gain.shape
    match, taken = np.full(n, -1, np.int64), np.zeros(m, np.bool_)
    order = np.argsort(np.concatenate((kid_since, adult_since)), kind="mergesort")
    here = np.zeros(n + m, np.bool_)
    for who in order:
        here[who] = True
        best, at = 0.0, -1
        if who < n:
            for j in range(m):
                if here[n + j] and not taken[j] and gain[who, j] > best:
                    best, at = gain[who, j], j
            if at >= 0:
                match[who], taken[at] = at, True
        else:
            for i in range(n):
                if here[i] and match[i] < 0 and gain[i, who - n] > best:
                    best, at = gain[i, who - n], i
            if at >= 0:
                match[at], taken[who - n] = who - n, True
    return match
