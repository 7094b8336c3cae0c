"""Changes that read the same are one, so that no list repeats a sentence; those that read differently stay apart."""

from __future__ import annotations

from matcher.results import Relaxation
from workbench.hindrances import together


def change(**said):
    usual = {"rule": "programme_offered", "column": "volunteer_programmes", "how": "add", "consent": "volunteer"}
    return Relaxation(**(usual | {"before": "voksenven", "after": "familieven", "change": 1.0, "gained": ("V1",)} | said))


def test_a_value_that_is_not_said_keeps_nothing_apart():
    (one,) = together([change(gained=("V1", "V2")), change(before="storebror", gained=("V3",))])
    assert one.gained == ("V1", "V2", "V3")


def test_a_value_that_is_said_keeps_apart():
    months = {"rule": "stays_long_enough", "column": "volunteer_months_left", "how": "raise", "after": "12"}
    both = [change(**months, before="6"), change(**months, before="9")]
    assert together(both) == both


def test_a_family_is_asked_about_each_volunteer():
    asked = {"rule": "common_slots", "column": "child_slots", "consent": "family"}
    both = [change(**asked, before="mon_morning"), change(**asked, before="tue_morning", gained=("V2",))]
    assert together(both) == both
