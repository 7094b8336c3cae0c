"""All nine measures of one history that is made, and worked out, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from matcher.dates import add_months
from matcher.duration.history import months_lived
from scenarios.stream.metrics import METRICS, days_of_year, measured
from scenarios.stream.run import History
from scenarios.stream.state import FOREVER, Adults, Asks, Bonds, Kids, Waits
from tests.scenarios.stream.worlds import small_stream

END = 104 * 7
"""The first day after the years: 728."""


def by_hand() -> History:
    """Six children, three volunteers, one friendship from before and five new ones; from 4 January 2027."""
    boys, girls = (
        np.flatnonzero(codes == words.index(one)) for words, codes in [small_stream().groups["gender"]] for one in ("boy", "girl")
    )
    kind = np.array([girls[0], boys[0], girls[1], boys[1], girls[2], boys[2]], dtype=np.int32)
    nothing = dict.fromkeys(Kids._fields, np.zeros(6))
    kids = Kids(
        **nothing
        | {
            "kind": kind,
            "grown": np.full(6, 5000.0),
            "offers": np.array([0, 3, 1, 2, 2, 1], dtype=np.int32),
            "hours": np.array([0.0, 24.0, 11.0, 17.0, 15.0, 13.0]),
        }
    )
    adults = Adults(**dict.fromkeys(Adults._fields, np.zeros(3)) | {"stops": np.full(3, FOREVER)})
    begun = np.array([-200.0, 10.0, 20.0, 430.0, 500.0, 56.0])
    bonds = Bonds(
        count=np.array([6]),
        child=np.array([0, 1, 2, 3, 4, 5]),
        adult=np.array([0, 1, 1, 2, 0, 2]),
        begun=begun,
        # Before; 14 January 2027 to the 13th of 2028; 24 January to the 24th; two go on; 1 March 2027 to 29 February.
        ended=np.array([100.0, 374.0, 385.0, FOREVER, FOREVER, 421.0]),
        planned=np.full(6, FOREVER),
        cause=np.zeros(6),
        ratio=np.ones(6),
        lived=np.full(6, 0.1),
        limit=np.array([0.1, 0.1, 0.1, 9.0, 0.1001, 0.1]),  # the first that goes on has long to go, the other has not
    )
    starts = np.array([0.0, -30.0, 5.0, 100.0, 0.0, 700.0, 300.0, 362.0, 363.0, 50.0])
    stops = np.array([10.0, 20.0, 430.0, 500.0, 56.0, FOREVER, FOREVER, FOREVER, FOREVER, 80.0])
    waits = Waits(
        count=np.array([10]),
        child=np.array([1, 2, 3, 4, 5, 0, 0, 1, 2, 4]),
        start=starts,
        stop=stops,
        end=np.zeros(10, dtype=np.int8),
    )
    asks = Asks(**dict.fromkeys(Asks._fields, np.zeros(0)))
    used = np.array(
        [20.0, 50.0, 18.0, 15.0, 12.0, 100.0, 30.0]
    )  # interviews, visits, proposals, meetings, first visits; then what follows
    return History(kids=kids, adults=adults, bonds=bonds, waits=waits, asks=asks, used=used, before=1, weeks=104)


BY_HAND = {
    "friendships": 5.0,
    "friendship_years": (100 + 364 + 365 + (END - 430) + (END - 500) + 365) / 365.25,
    "lasting_12_months": 2 / 5,
    # Days waited, in order: 10, 28, 30, 50, 56, 365, 366, 400, 425, 428.
    "wait_median_days": (56 + 365) / 2,
    "wait_p90_days": 425 + 0.1 * (428 - 425),
    "wait_longest_days": 428.0,
    "unmatched_after_365_days": 2.0,  # 366 and 428 days; 365 are not more, and two with more have a friend
    "offers_per_match": 9 / 5,
    "matcher_hours_per_match": (20 + 50 + 18 + 15 + 12) / 5,
}


@pytest.mark.parametrize("metric", METRICS)
def test_each_measure_is_what_it_is_by_hand(metric):
    assert measured(small_stream(), by_hand())[metric, ""] == pytest.approx(BY_HAND[metric])


def test_hours_for_volunteers_fall_on_every_friendship_alike():
    """Of 115 hours 80 were for children, 54 for three boys, 26 for two girls: 7 for volunteers fall on each friendship."""
    found = measured(small_stream(), by_hand())
    assert found["matcher_hours_per_match", "gender=boy"] == pytest.approx(54 / 3 + 7)
    assert found["matcher_hours_per_match", "gender=girl"] == pytest.approx(26 / 2 + 7)
    assert found["lasting_12_months", "gender=boy"] == pytest.approx(1 / 3)
    assert found["offers_per_match", "gender=girl"] == pytest.approx(3 / 2)


def test_a_year_is_the_same_twelve_months_as_in_the_history_of_friendships():
    first = date(2027, 1, 4)
    begun = np.arange(0.0, 1500.0)
    for day, days in zip(begun, days_of_year(first, begun), strict=True):
        start = date.fromordinal(first.toordinal() + int(day))
        last = date.fromordinal(start.toordinal() + int(days))
        assert last == add_months(start, 12)
        assert months_lived(start, last) == 12
        assert months_lived(start, date.fromordinal(last.toordinal() - 1)) == 11
