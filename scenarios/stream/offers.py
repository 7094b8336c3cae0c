"""Offers in the weekly loop: four gates, one after another, and what they take of the matchers' hours."""

from __future__ import annotations

from matcher.compiling import light
from scenarios.stream.bonds import begin, steps_of, wait_ends
from scenarios.stream.draws import GATE, pair_key, uniform
from scenarios.stream.limits import take_room
from scenarios.stream.state import ASKED, FIRST_VISIT, GONE, MEETING, PROPOSAL, READY

GATES = 4
BINS = 1000


@light
def points_of(kids, adults, kinds, c, v, day):  # type: ignore[no-untyped-def]
    """Thousandths of a pair's score on a day; below 0 where it is not allowed."""
    row = kinds.row[kids.kind[c], adults.kind[v]]
    if row < 0:
        return -1
    most = kinds.points.shape[1] - 1
    return kinds.points[row, steps_of(day, kids.birthday[c], most), steps_of(day, adults.birthday[v], most)]


@light
def judged_of(kids, adults, kinds, c, v, day):  # type: ignore[no-untyped-def]
    """The same by which people answer, in tenths of a score; the middle where the pair is not allowed any more."""
    row = kinds.row[kids.kind[c], adults.kind[v]]
    most = kinds.judged.shape[1] - 1
    points = -1 if row < 0 else kinds.judged[row, steps_of(day, kids.birthday[c], most), steps_of(day, adults.birthday[v], most)]
    return min(BINS, points // 100) if points >= 0 else BINS // 2


@light
def spend(ledger, what, hours):  # type: ignore[no-untyped-def]
    """Hours are used; more than are left is owed by the next weeks."""
    ledger.left[0] -= hours
    ledger.used[what] += hours


@light
def ask(asks, kids, adults, kinds, rates, ledger, c, v, day):  # type: ignore[no-untyped-def]
    """Open an offer: the volunteer will be told first."""
    place = 0
    while place < asks.count[0] and asks.stage[place] >= 0:
        place += 1
    asks.count[0] = max(asks.count[0], place + 1)
    asks.child[place], asks.adult[place], asks.stage[place] = c, v, 0
    asks.due[place] = day + rates.gate_days[0]
    asks.opened[0] += 1
    kids.state[c] = ASKED
    kids.offers[c] += 1
    adults.offers[v] += 1
    kids.hours[c] += rates.hours[PROPOSAL]
    spend(ledger, PROPOSAL, rates.hours[PROPOSAL])
    take_room(ledger, kinds, kids.kind[c])


@light
def answer(asks, kids, adults, kinds, rates, ledger, bonds, waits, barred, stream, day):  # type: ignore[no-untyped-def]
    """All gates that are due; how many pairs are free for others again."""
    free = 0
    for place in range(asks.count[0]):
        while asks.stage[place] >= 0 and asks.due[place] <= day:
            c, v, stage, when = asks.child[place], asks.adult[place], asks.stage[place], asks.due[place]
            score = judged_of(kids, adults, kinds, c, v, when)
            says_yes = uniform(stream, pair_key(kids.key[c], adults.key[v]), GATE + stage) < rates.gate[score, stage]
            barred[c, v] = True  # never asked twice, whatever comes of it
            if not says_yes or adults.stops[v] <= when:
                asks.stage[place] = -1
                back(kids, adults, c, v, when)
                free += 1
            elif stage + 1 == GATES:
                asks.stage[place] = -1
                adults.offers[v] -= 1
                begin(bonds, kids, adults, kinds, rates, stream, c, v, when)
                wait_ends(waits, kids, c, when)
            else:
                asks.stage[place] = stage + 1
                asks.due[place] = when + rates.gate_days[stage + 1]
                what = MEETING if stage == 1 else FIRST_VISIT
                if stage >= 1:
                    kids.hours[c] += rates.hours[what]
                    spend(ledger, what, rates.hours[what])
    return free


@light
def back(kids, adults, c, v, day):  # type: ignore[no-untyped-def]
    """After a no both are free for others."""
    kids.state[c] = READY
    kids.since[c] = adults.since[v] = day
    adults.offers[v] -= 1
    if adults.quits[v] and adults.friends[v] == 0 and adults.offers[v] == 0:
        adults.state[v] = GONE
