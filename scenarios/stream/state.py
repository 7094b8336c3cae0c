"""What the weekly loop reads and writes: arrays by name. Days are counted from the planning date.

Loops marked ``@compiled`` take these names and numbers in, so a change here compiles them anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

# Where a child is.
COMING, LISTED, READY, ASKED, FRIEND, LEFT, OUTGROWN = range(7)
# Where a volunteer is.
UNKNOWN, VETTING, ACTIVE, GONE = range(4)
# Why a friendship ended; 0: it goes on.
BY_VOLUNTEER, BY_FAMILY, BY_PROGRAMME, BY_AGE = range(1, 5)
# What hours go to.
INTERVIEW, HOME_VISIT, PROPOSAL, MEETING, FIRST_VISIT, CONTACT, LATER = range(7)
GREEDY, BATCH, PRICES = range(3)
FOREVER = 1e9
YEAR = 365.25
WEEKS_A_YEAR = YEAR / 7.0
MONTH = YEAR / 12.0


class Kids(NamedTuple):
    """Children of a replication; shape (children,) each."""

    key: Any  # uint64, of all draws
    kind: Any  # int32, the row of the table
    listed: Any  # day of registration
    due: Any  # first day on which the home visit can be made
    leave: Any  # day on which the family gives up waiting
    outgrown: Any  # day from which no rule about the child holds again
    birthday: Any  # first birthday after the person is known
    grown: Any  # 18th birthday
    broken: Any  # int8, whether a friendship broke before
    price: Any  # float32, what keeping the child is worth by week; one column, unread, under other policies
    state: Any  # int8
    since: Any  # day since which it can be asked
    friends: Any  # int32, active friendships
    returns: Any  # int32, times it came back
    offers: Any  # int32, offers so far
    hours: Any  # matchers' hours for it
    spell: Any  # int32, the row of its wait, -1 for none


class Adults(NamedTuple):
    """Volunteers of a replication; shape (volunteers,) each."""

    key: Any
    kind: Any
    due: Any  # first day on which the volunteer can be approved
    leave: Any
    stops: Any  # known last day
    birthday: Any
    certificate: Any  # day on which the certificate was seen
    late: Any  # bool, whether a certificate runs out before it is renewed
    calendar: Any  # int32, row of the weeks in which pauses and a last day allow an offer
    capacity: Any  # int32
    price: Any
    state: Any  # int8
    since: Any
    friends: Any  # int32
    offers: Any  # int32, open offers
    quits: Any  # bool, whether the volunteer leaves once no friendship is left
    returns: Any  # int32, friendships ended


class Bonds(NamedTuple):
    """Friendships; room for many, the first ``count[0]`` are there."""

    count: Any
    child: Any
    adult: Any
    begun: Any  # day
    ended: Any  # day, FOREVER while it lasts
    planned: Any  # a known last day
    cause: Any  # int8
    ratio: Any  # hazard ratio
    lived: Any  # its own summed hazard
    limit: Any  # where that ends it


class Asks(NamedTuple):
    """Open offers, in places that are used again; ``stage`` below 0 is a free place."""

    count: Any
    child: Any
    adult: Any
    stage: Any
    due: Any
    opened: Any  # number of all offers so far, shape (1,)


class Waits(NamedTuple):
    """Times on the list; room for many, the first ``count[0]`` are there."""

    count: Any
    child: Any
    start: Any
    stop: Any
    end: Any  # int8: the child's state after it; READY while it lasts


class Ledger(NamedTuple):
    """Matchers' hours, and what the limits on matches have left."""

    left: Any  # shape (1,), what may still be used
    used: Any  # by what they went to, shape (7,)
    contact: Any  # shape (1,), the share of planned contacts that the week has room for
    room: Any  # int64, shape (limits,), matches that each limit has left


class Kinds(NamedTuple):
    """What is known of all people who may appear, by their row in the table."""

    row: Any
    points: Any
    judged: Any  # the points by which people answer
    log_ratio: Any
    child_ok: Any
    weeks: Any
    counts: Any  # bool, shape (limits, children), whose matches count for each limit
    ageing: Any  # int64, for how many years more a volunteer's age counts in the hazard


class Rates(NamedTuple):
    """The settings as the loop needs them."""

    gate: Any  # acceptance by score in tenths and gate, shape (1001, 4)
    joint: Any  # of all gates, shape (1001,): what a friendship's worth is expected times
    chance: Any  # of all gates as the stream answers, shape (1001,): how surely both are no longer free
    gate_days: Any
    hours: Any
    budget: Any  # hours of each week
    carried: float  # hours that can be kept from a week to the next
    most: Any  # int64, matches that each limit allows
    limit_days: float  # in so many days
    hazard: Any  # baseline's cumulative hazard by day
    age_log: Any  # log ratio of a year of the child's, and of the volunteer's age
    broken_log: float
    variance: float
    contacts: float  # planned in the first year
    usual: float
    contact_log: float
    cause: Any  # cumulative shares
    adult_back: Any
    child_back: Any
    adult_leave: Any  # hazard a day, days of patience, factor afterwards
    child_leave: float
    valid_days: float
    renewal_days: float
    months: Any  # expected months by log ratio and months to 18
    first_log: float
    step_log: float
    by_months: bool  # whether a friendship counts its months rather than its score
    policy: int
    period: int
    price_share: float
