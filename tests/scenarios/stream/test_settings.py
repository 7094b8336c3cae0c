"""The stream's settings: every one has its mark and source, and what cannot be is refused by name."""

from __future__ import annotations

from dataclasses import fields

import pytest

from matcher.errors import RuleError
from scenarios.stream.settings import StreamSettings, load_rows


def test_every_setting_has_a_value_a_mark_and_a_source():
    assert set(load_rows()) == {item.name for item in fields(StreamSettings)}
    for name, row in load_rows().items():
        assert set(row) == {"value", "mark", "source"}, name
        assert row["mark"] in {"V", "I", "M"}, name
        assert row["source"], name


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"childen_per_year": 3}, "children_per_year"),
        ({"policy": "montly"}, "monthly"),
        ({"acceptance": [0.5, 0.5]}, "4 numbers"),
        ({"renewed_in_time": 1.2}, "renewed_in_time"),
        ({"child_leaves_per_month": 1.0}, "child_leaves_per_month"),
        ({"volunteers_per_year": -1}, "volunteers_per_year"),
        ({"volunteers_per_year": float("nan")}, "volunteers_per_year"),
        ({"score_sd": 0}, "score_sd"),
        ({"newcomers": 10.5}, "newcomers"),
        ({"newcomers": 5001}, "between 0 and 5000"),
        ({"gate_days": "four"}, "gate_days"),
        ({"child_visit_days": [110, 15]}, "child_visit_days"),
    ],
)
def test_what_cannot_be_is_refused(values, said):
    with pytest.raises(RuleError, match=said):
        StreamSettings.standard().with_values(values)


def test_values_are_taken_in_the_setting_s_own_kind():
    made = StreamSettings.standard().with_values({"volunteers_per_year": 30, "acceptance": [1, 1, 1, 1], "newcomers": 10})
    assert made.volunteers_per_year == 30.0
    assert made.acceptance == (1.0, 1.0, 1.0, 1.0)
    assert made == made.with_values({})
