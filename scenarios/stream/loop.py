"""The weekly loop: who comes, leaves, answers, is followed, is asked, and is visited, in this order, week after week."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light
from scenarios.stream.bonds import FIRST_YEAR, go_on, wait_begins, wait_ends
from scenarios.stream.limits import make_room
from scenarios.stream.offers import answer, spend
from scenarios.stream.proposing import ask_locked, propose
from scenarios.stream.state import (
    ACTIVE,
    BATCH,
    COMING,
    CONTACT,
    FOREVER,
    GONE,
    HOME_VISIT,
    INTERVIEW,
    LATER,
    LEFT,
    LISTED,
    OUTGROWN,
    READY,
    UNKNOWN,
    VETTING,
    WEEKS_A_YEAR,
)


@compiled
def run_weeks(kids, adults, kinds, rates, bonds, asks, waits, ledger, barred, stream, weeks, locked):  # type: ignore[no-untyped-def]
    """Run the weeks; everything is written in place. ``locked``: pairs (child, volunteer) that are asked first."""
    for week in range(weeks):
        day = 7.0 * week
        ledger.left[0] = min(ledger.left[0], rates.carried) + rates.budget[week]
        come(kids, adults, waits, day)
        answer(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, day)
        if week:
            go_on(bonds, kids, adults, rates, stream, day, ledger.contact[0], waits)
        leave(kids, adults, waits, day)
        follow(bonds, rates, ledger, day)
        make_room(ledger, asks, bonds, kids, kinds, rates, day)
        ask_locked(locked, asks, kids, adults, kinds, rates, ledger, barred, day, week)
        propose(asks, kids, adults, kinds, rates, ledger, barred, day, week)
        visit(kids, adults, rates, ledger, day)
        if rates.policy != BATCH:
            propose_at_once(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, week)
    day = 7.0 * weeks
    come(kids, adults, waits, day)
    answer(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, day)
    go_on(bonds, kids, adults, rates, stream, day, ledger.contact[0], waits)
    leave(kids, adults, waits, day)


@compiled
def propose_at_once(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, week):  # type: ignore[no-untyped-def]
    """Greedy and bid prices do not wait for the next week: they ask on the day of a visit, and when somebody is free again."""
    day = 7.0 * week
    propose(asks, kids, adults, kinds, rates, ledger, barred, day, week)
    for _ in range(6):
        day += 1.0
        if answer(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, day):
            leave(kids, adults, waits, day)
            make_room(ledger, asks, bonds, kids, kinds, rates, day)
            propose(asks, kids, adults, kinds, rates, ledger, barred, day, week)


@light
def come(kids, adults, waits, day):  # type: ignore[no-untyped-def]
    """Children who are put on the list, and volunteers who can be approved now."""
    for c in range(kids.state.size):
        if kids.state[c] == COMING and kids.listed[c] <= day:
            kids.state[c] = LISTED
            wait_begins(waits, kids, c, kids.listed[c])
    for v in range(adults.state.size):
        if adults.state[v] == UNKNOWN and adults.due[v] <= day:
            adults.state[v] = VETTING


@light
def leave(kids, adults, waits, day):  # type: ignore[no-untyped-def]
    """Families who give up, children who have outgrown their programme, volunteers who do not wait any longer."""
    for c in range(kids.state.size):
        if kids.state[c] in (LISTED, READY) and min(kids.leave[c], kids.outgrown[c]) <= day:
            kids.state[c] = LEFT if kids.leave[c] < kids.outgrown[c] else OUTGROWN
            wait_ends(waits, kids, c, max(kids.since[c], min(kids.leave[c], kids.outgrown[c])))
    for v in range(adults.state.size):
        alone = adults.state[v] in (VETTING, ACTIVE) and adults.friends[v] + adults.offers[v] == 0
        if alone and min(adults.leave[v], adults.stops[v]) <= day:
            adults.state[v] = GONE


@light
def follow(bonds, rates, ledger, day):  # type: ignore[no-untyped-def]
    """Hours for those who are friends: the first year's contacts, as many as there is room for, and a little later on."""
    first = later = 0
    for b in range(bonds.count[0]):
        if bonds.ended[b] == FOREVER and bonds.begun[b] <= day:
            if day - bonds.begun[b] < FIRST_YEAR:
                first += 1
            else:
                later += 1
    wanted = first * rates.contacts / WEEKS_A_YEAR * rates.hours[CONTACT]
    ledger.contact[0] = 1.0 if wanted <= 0.0 else min(1.0, max(0.0, ledger.left[0] / wanted))
    spend(ledger, CONTACT, wanted * ledger.contact[0])
    spend(ledger, LATER, min(max(0.0, ledger.left[0]), later * rates.hours[LATER] / WEEKS_A_YEAR))


@light
def visit(kids, adults, rates, ledger, day):  # type: ignore[no-untyped-def]
    """Interviews and home visits, whoever is due first, while there are hours."""
    cost = rates.hours[INTERVIEW] + rates.hours[HOME_VISIT]
    while ledger.left[0] >= cost:
        earliest, who, side = np.inf, -1, 0
        for c in range(kids.state.size):
            if kids.state[c] == LISTED and kids.due[c] <= day and kids.due[c] < earliest:
                earliest, who, side = kids.due[c], c, 0
        for v in range(adults.state.size):
            if adults.state[v] == VETTING and adults.due[v] <= day and adults.due[v] < earliest:
                earliest, who, side = adults.due[v], v, 1
        if who < 0:
            return
        spend(ledger, INTERVIEW, rates.hours[INTERVIEW])
        spend(ledger, HOME_VISIT, rates.hours[HOME_VISIT])
        if side == 0:
            kids.state[who], kids.since[who] = READY, day
            kids.hours[who] += cost
        else:
            adults.state[who], adults.since[who] = ACTIVE, day
