"""The saved scenarios: every one is read, says what it means in Danish, and has an answer."""

from __future__ import annotations

import dataclasses

import pytest

from matcher.errors import UsageError
from scenarios import library
from scenarios.compare import compare
from tests.scenarios.worlds import world

START = world(60, 50, seed=1, friendships=20)


def test_there_are_ten_and_more_with_names_of_their_own():
    scenarios = [one for name in library.names() for one in library.saved(name).scenarios]
    assert len(library.names()) >= 10
    assert len({one.name for one in scenarios}) == len(scenarios)
    assert all(one.note for one in scenarios)


@pytest.mark.parametrize("name", library.names())
def test_a_saved_scenario_has_an_answer(name):
    saved = library.saved(name)
    short = [dataclasses.replace(one, years=1, replications=2) for one in saved.scenarios]
    found = compare(short, START)
    assert (found.refused, found.unfinished) == ({}, ())
    for one in saved.scenarios:
        values = [row for row in found.rows if row.scenario == one.name and not row.group]
        assert all(row.value is not None for row in values)
        assert len(values) >= 6


def test_ten_men_are_ten_men_and_help():
    (one,) = library.saved("ti-maend-i-ballerup").scenarios
    new = [row for row in one.world(START).case.volunteers if row.volunteer_id.startswith("~")]
    assert [(row.gender, row.municipality, row.programmes) for row in new] == [("man", "Ballerup", ("voksenven",))] * 10
    assert compare([one], START).value(one.name, "eligible_pairs").difference > 0


def test_a_wrong_name_is_told_the_nearest_and_all():
    with pytest.raises(UsageError) as caught:
        library.saved("ti-mand-i-ballerup")
    assert caught.value.code == "whatif.library_unknown"
    assert caught.value.facts["nearest"] == "ti-maend-i-ballerup"
    assert caught.value.facts["expected"].split(", ") == list(library.names())
