"""The people of one replication: those of the case as they stand, and who comes, drawn by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.compiling import compiled, light
from scenarios.stream.bonds import limit_of, patience
from scenarios.stream.draws import (
    ADULT_SIDE,
    CHILD_SIDE,
    COUNT,
    EPISODE,
    LASTS,
    LEAVE,
    PAPERS,
    RENEWAL,
    VISIT,
    WHEN,
    WHICH,
    mixed,
    pair_key,
    uniform,
)
from scenarios.stream.state import (
    ACTIVE,
    ASKED,
    COMING,
    FOREVER,
    FRIEND,
    GONE,
    LISTED,
    READY,
    UNKNOWN,
    VETTING,
    Adults,
    Asks,
    Bonds,
    Kids,
    Waits,
)

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    from scenarios.stream.prepare import Prepared

MOST_A_PART = 2_000
PART = 500.0
"""A week's arrivals are drawn in parts of so many expected, as exp(-745) is no number any more."""
LISTED_TIMES = 4
"""So often can a child be on the list, at most, in the room that is made."""


@compiled
def arriving(stream, side, expected, here, kinds):  # type: ignore[no-untyped-def]
    """Who comes: key, row of the table, and day; Poisson by week, by inversion, so that more are expected: the same and more."""
    key, kind, day = [np.uint64(0)][:0], [0][:0], [0.0][:0]
    for week in range(expected.size):
        name = mixed(np.uint64(side), np.uint64(week))
        n = 0
        for part in range(int(expected[week] / PART) + 1):
            n += poisson(uniform(stream, name, COUNT + EPISODE * part), min(PART, expected[week] - PART * part))
        for one in range(n):
            who = mixed(name, np.uint64(one + 1))
            key.append(who)
            kind.append(here + int(uniform(stream, who, WHICH) * (kinds - here)))
            day.append(np.floor(7.0 * (week + uniform(stream, who, WHEN))))
    return np.array(key, dtype=np.uint64), np.array(kind, dtype=np.int64), np.array(day, dtype=np.float64)


@light
def poisson(u, expected):  # type: ignore[no-untyped-def]
    """The least number of arrivals that so large a share of weeks does not exceed."""
    n, chance = 0, np.exp(-expected)
    total = chance
    while total < u and n < MOST_A_PART:
        n += 1
        chance *= expected / n
        total += chance
    return n


@compiled
def drawn(stream, key, event):  # type: ignore[no-untyped-def]
    """A uniform number for each of some people."""
    found = np.empty(key.size)
    for i in range(key.size):
        found[i] = uniform(stream, key[i], event)
    return found


@compiled
def patience_of(u, waited, daily):  # type: ignore[no-untyped-def]
    """Days that each volunteer goes on waiting."""
    found = np.empty(u.size)
    for i in range(u.size):
        found[i] = patience(u[i], waited[i], (daily[0], daily[1], daily[2]))
    return found


@compiled
def limits(stream, child_key, adult_key, lived, variance):  # type: ignore[no-untyped-def]
    """Where friendships that have lived so far end."""
    found = np.empty(lived.size)
    for b in range(lived.size):
        found[b] = limit_of(uniform(stream, pair_key(child_key[b], adult_key[b]), LASTS), lived[b], variance)
    return found


def kids_of(ready: Prepared, stream: np.uint64) -> Kids:
    """The children of a replication."""
    now, here = ready.standing, ready.children.here
    keys, kinds, days = arriving(stream, CHILD_SIDE, ready.coming[0], here, len(ready.outgrown))
    key = np.concatenate([ready.children.key, keys])
    kind = np.concatenate([np.arange(here), kinds]).astype(np.int32)
    listed = np.concatenate([now.listed, days])
    known = np.concatenate([np.zeros(here), days])
    low, high = ready.world.stream.child_visit_days
    asked = np.isin(np.arange(here), now.offers[:, 0])
    state = np.full(len(key), COMING, dtype=np.int8)
    state[:here] = np.select([now.child_friends > 0, asked, now.visited], [FRIEND, ASKED, READY], default=LISTED)
    never = np.zeros(len(key))
    return Kids(
        key=key,
        kind=kind,
        listed=listed,
        due=np.maximum(known, listed + low + (high - low) * drawn(stream, key, VISIT)),
        leave=known + patience_of(drawn(stream, key, LEAVE), never, np.array([ready.rates.child_leave, 0.0, 1.0])),
        outgrown=known + ready.outgrown[kind],
        birthday=known + ready.children.birthday[kind],
        grown=known + ready.grown[kind],
        broken=now.broken[kind],
        price=np.zeros((len(key), 1), dtype=np.float32),
        state=state,
        since=listed.copy(),
        friends=_longer(now.child_friends, len(key)),
        returns=np.zeros(len(key), dtype=np.int32),
        offers=np.zeros(len(key), dtype=np.int32),
        hours=np.zeros(len(key)),
        spell=np.full(len(key), -1, dtype=np.int32),
    )


def adults_of(ready: Prepared, stream: np.uint64) -> Adults:
    """The volunteers of a replication."""
    now, here = ready.standing, ready.volunteers.here
    keys, kinds, days = arriving(stream, ADULT_SIDE, ready.coming[1], here, len(ready.able))
    key = np.concatenate([ready.volunteers.key, keys])
    kind = np.concatenate([np.arange(here), kinds]).astype(np.int32)
    known = np.concatenate([np.zeros(here), days])
    low, high = ready.world.stream.volunteer_vetting_days
    vetted, valid = ready.vetted[:here], ready.rates.valid_days
    offers = np.bincount(now.offers[:, 1].astype(np.int64), minlength=here).astype(np.int32)
    due = known.copy()
    due[:here] = np.where(vetted, 0.0, low + (high - low) * drawn(stream, key[:here], PAPERS))
    state = np.full(len(key), UNKNOWN, dtype=np.int8)
    state[:here] = np.where(vetted, ACTIVE, VETTING)
    state[~ready.able[kind]] = GONE
    past = vetted & (now.certificate < -valid)
    return Adults(
        key=key,
        kind=kind,
        due=due,
        leave=due + patience_of(drawn(stream, key, LEAVE), _longer(now.waited, len(key)), ready.rates.adult_leave),
        stops=np.concatenate([now.stops, np.full(len(days), FOREVER)]),
        birthday=known + ready.volunteers.birthday[kind],
        certificate=np.concatenate([np.where(vetted, np.maximum(now.certificate, -valid), due[:here]), days]),
        late=(drawn(stream, key, RENEWAL) >= ready.world.stream.renewed_in_time) | _longer(past, len(key)),
        calendar=ready.calendar[kind],
        capacity=now.capacity[kind],
        price=np.zeros((len(key), 1), dtype=np.float32),
        state=state,
        since=np.minimum(0.0, due),
        friends=_longer(now.volunteer_friends, len(key)),
        offers=_longer(offers, len(key)),
        quits=np.zeros(len(key), dtype=np.bool_),
        returns=np.zeros(len(key), dtype=np.int32),
    )


def _longer(values: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """The same with zeros behind."""
    found = np.zeros(size, dtype=values.dtype)
    found[: len(values)] = values
    return found


def bonds_of(ready: Prepared, stream: np.uint64, kids: Kids, adults: Adults) -> Bonds:
    """The friendships of the case, how far each will go, and room for those to come."""
    now, room = ready.standing.active, len(ready.standing.active.child) + LISTED_TIMES * len(kids.key)
    limit = limits(stream, kids.key[now.child], adults.key[now.volunteer], now.lived, ready.rates.variance)
    return Bonds(
        count=np.array([len(now.child)]),
        child=_longer(now.child, room),
        adult=_longer(now.volunteer, room),
        begun=_longer(now.begun, room),
        ended=_longer(np.full(len(now.child), FOREVER), room),
        planned=_longer(now.planned, room),
        cause=np.zeros(room, dtype=np.int8),
        ratio=_longer(now.ratio, room),
        lived=_longer(now.lived, room),
        limit=_longer(limit, room),
    )


def asks_of(ready: Prepared, kids: Kids) -> Asks:
    """The open offers of the case: the volunteer is being told; and room for those to come."""
    rows = ready.standing.offers
    stage = np.full(len(kids.key) + len(rows), -1, dtype=np.int64)
    stage[: len(rows)] = 0
    return Asks(
        count=np.array([len(rows)]),
        child=_longer(rows[:, 0].astype(np.int32), len(stage)),
        adult=_longer(rows[:, 1].astype(np.int32), len(stage)),
        stage=stage,
        due=_longer(np.maximum(0.0, rows[:, 2] + ready.rates.gate_days[0]), len(stage)),
        opened=np.zeros(1, dtype=np.int64),
    )


def waits_of(kids: Kids) -> Waits:
    """The waits of those who are on the list; and room for those to come."""
    some = np.flatnonzero(np.isin(kids.state, (LISTED, READY, ASKED))).astype(np.int32)
    room = len(some) + LISTED_TIMES * len(kids.key)
    kids.spell[some] = np.arange(len(some))
    stop, end = np.full(room, FOREVER), np.full(room, READY, dtype=np.int8)
    return Waits(
        count=np.array([len(some)]), child=_longer(some, room), start=_longer(kids.listed[some], room), stop=stop, end=end
    )
