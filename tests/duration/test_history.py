"""The association's own friendships as the fit takes them: what is watched, what is known, and what was known on a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from matcher.columns import Facts
from matcher.duration.hazard import load_priors
from matcher.duration.history import History, history_of, months_in_pieces
from matcher.records import Case, Child, Friendship, Postcode, Volunteer
from matcher.settings import GENERAL
from matcher.table import People

DAY = date(2027, 1, 4)
AT = {name: place for place, name in enumerate(load_priors().ratios)}


def child(name: str, **facts) -> Child:
    usual = {"programme": "voksenven", "birth_date": date(2017, 6, 1), "gender": "boy", "postcode": "2750"}
    return Child.model_validate({"child_id": name, "registered_on": date(2020, 1, 1), **usual, **facts})


def volunteer(name: str, **facts) -> Volunteer:
    usual = {"programmes": ("voksenven",), "birth_date": date(1986, 6, 1), "gender": "man", "postcode": "2750"}
    return Volunteer.model_validate({"volunteer_id": name, **usual, **facts})


def friendship(name: str, who: str, whom: str, started: date, ended: date | None = None) -> Friendship:
    return Friendship(
        friendship_id=name, child_id=who, volunteer_id=whom, programme="voksenven", started_on=started, ended_on=ended
    )


def asked(case: Case, listed_from: date | None = None) -> History:
    places = {"2750": Postcode(postcode="2750", latitude=55.73, longitude=12.36)}
    people = People.of(case, Facts.of(case, {setting.key: setting.default for setting in GENERAL}, places))
    return history_of(case, people, listed_from)


def case_of(*friendships: Friendship, children=None, volunteers=None) -> Case:
    ours = (child("B1"), child("B2", gender="girl")) if children is None else children
    others = (volunteer("V1"), volunteer("V2", birth_date=date(1966, 6, 1))) if volunteers is None else volunteers
    return Case(planning_date=DAY, children=ours, volunteers=others, friendships=friendships)


@pytest.mark.parametrize(
    ("started", "ended", "months", "broke"),
    [
        (date(2026, 1, 4), None, 12, False),
        (date(2026, 1, 5), None, 11, False),
        (date(2025, 3, 1), date(2026, 3, 1), 12, True),
        (date(2025, 3, 1), date(2026, 2, 28), 11, True),
        (date(2024, 2, 29), date(2025, 2, 28), 12, True),
        (date(2025, 8, 31), date(2026, 2, 27), 5, True),
        (date(2026, 1, 1), None, 12, False),
        (date(2026, 1, 4), date(2026, 3, 20), 2, True),
        (date(2026, 1, 4), date(2026, 1, 4), 0, True),
        (date(2026, 1, 4), DAY, 12, True),
        (date(2026, 1, 4), date(2027, 2, 1), 12, False),
        (DAY, None, 0, False),
    ],
)
def test_months_lived_and_whether_it_broke(started, ended, months, broke):
    found = asked(case_of(friendship("F1", "B1", "V1", started, ended)))
    assert (len(found), int(found.months[0]), bool(found.ended[0]), int(found.entry[0])) == (1, months, broke, 0)


def test_one_still_to_come_is_none():
    assert len(asked(case_of(friendship("F1", "B1", "V1", date(2027, 1, 5))))) == 0
    assert len(asked(case_of())) == 0


@pytest.mark.parametrize("ended", [date(2026, 6, 1), date(2026, 9, 1), None])
def test_an_end_at_18_is_no_break(ended):
    grown = child("B1", birth_date=date(2008, 6, 1))
    found = asked(case_of(friendship("F1", "B1", "V1", date(2025, 6, 1), ended), children=(grown,)))
    assert (int(found.months[0]), bool(found.ended[0])) == (12, False)
    assert found.stopped[0] == date(2026, 6, 1).toordinal()


def test_ages_are_those_of_the_start():
    found = asked(case_of(friendship("F1", "B1", "V2", date(2024, 7, 1), date(2025, 1, 1))))
    assert found.facts[0, AT["child_year"]] == 7 - 9
    assert found.facts[0, AT["volunteer_decade"]] == pytest.approx((58 - 40) / 10)


def test_a_friendship_that_broke_later_had_not_broken_yet():
    rows = (
        friendship("F1", "B1", "V1", date(2023, 1, 1), date(2024, 1, 1)),
        friendship("F2", "B1", "V2", date(2024, 3, 1)),
        friendship("F3", "B2", "V1", date(2024, 3, 1), date(2025, 3, 1)),
    )
    ours = (child("B1", previous_friendships=1), child("B2", gender="girl", previous_friendships=2))
    found = asked(case_of(*rows, children=ours))
    assert found.facts[:, AT["broken_before"]].tolist() == [0.0, 1.0, 1.0]


def test_a_friendship_of_one_day_is_not_its_own_earlier_one():
    same = friendship("F1", "B1", "V1", date(2024, 1, 1), date(2024, 1, 1))
    found = asked(case_of(same, children=(child("B1", previous_friendships=1), child("B2"))))
    assert found.facts[:, AT["broken_before"]].tolist() == [0.0]


def test_whoever_has_left_has_the_mean_of_the_others():
    rows = (
        friendship("F1", "B1", "V1", date(2024, 7, 1)),
        friendship("F2", "B2", "V2", date(2024, 8, 1)),
        friendship("F3", "gone", "V1", date(2024, 9, 1), date(2024, 12, 1)),
        friendship("F4", "gone too", "left", date(2024, 10, 1), date(2024, 12, 1)),
    )
    found = asked(case_of(*rows))
    assert found.known.tolist() == [True, True, False, False]
    assert found.facts[:, AT["girl"]].tolist() == [0.0, 1.0, 0.5, 0.5]
    assert found.facts[2, AT["volunteer_decade"]] == found.facts[0, AT["volunteer_decade"]]
    of_both = [AT[name] for name in ("few_slots", "likes_in_common", "cross_gender", "travel_ten_minutes")]
    assert found.facts[3, of_both] == pytest.approx(found.facts[:2, of_both].mean(axis=0))
    assert np.isfinite(found.facts).all()
    nobody = asked(case_of(*rows, children=(), volunteers=()))
    assert (nobody.facts == 0.0).all()


def test_the_order_of_rows_is_nothing():
    rows = [friendship(f"F{n}", f"B{1 + n % 2}", f"V{1 + n % 2}", date(2024, 1 + n, 1), date(2025, 1 + n, 1)) for n in range(6)]
    one, other = asked(case_of(*rows)), asked(case_of(*rows[::-1]))
    assert (one.facts == other.facts).all()
    assert (one.stopped == other.stopped).all()


def test_what_was_known_on_a_day():
    rows = (
        friendship("F1", "B1", "V1", date(2024, 1, 1), date(2024, 6, 1)),
        friendship("F2", "B2", "V2", date(2024, 2, 1), date(2026, 6, 1)),
        friendship("F3", "B1", "V1", date(2025, 1, 1)),
    )
    found = asked(case_of(*rows))
    then = found.seen_on(date(2025, 1, 1))
    assert then.ended.tolist() == [True, False]
    assert then.months.tolist() == [5, 11]
    assert found.begun_since(date(2025, 1, 1)).started.tolist() == [date(2025, 1, 1).toordinal()]
    assert len(then) + len(found.begun_since(date(2025, 1, 1))) == len(found)


def test_a_list_that_begins_late_watches_from_then():
    rows = (
        friendship("F1", "B1", "V1", date(2022, 1, 1), date(2022, 6, 1)),
        friendship("F2", "B2", "V2", date(2022, 1, 1), date(2026, 6, 1)),
        friendship("F3", "B1", "V1", date(2025, 1, 1)),
    )
    found = asked(case_of(*rows), listed_from=date(2024, 1, 1))
    assert found.entry.tolist() == [24, 0]
    assert found.months.tolist() == [53, 24]
    assert asked(case_of(*rows)).entry.tolist() == [0, 0, 0]


def test_months_in_pieces_are_those_of_the_cumulative_hazard():
    baseline = load_priors().baselines["B"]
    ages = np.array([0.0, 2.5, 12.0, 30.0, 200.0])
    spent = months_in_pieces(ages, baseline.months)
    assert spent.sum(axis=1) == pytest.approx(ages)
    assert spent @ np.array(baseline.monthly) == pytest.approx(baseline.cumulative(ages))
