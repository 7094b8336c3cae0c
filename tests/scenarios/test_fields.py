"""Fields of changes: what each reader takes, and that whatever else is given has one clear answer."""

from __future__ import annotations

import pytest

from matcher.errors import CaseError, UsageError
from scenarios.fields import LARGEST, Decimal, Span, Whole, plain
from scenarios.scenario import Scenario
from scenarios.scenario_file import looked_through

HUGE = 10**400


@pytest.mark.parametrize("reader", [Whole(1, 100), Decimal(0.0, 1.0), Span(0, 120), plain])
@pytest.mark.parametrize("value", [HUGE, -HUGE, [HUGE, HUGE], float("inf"), float("nan"), None])
def test_what_no_field_can_be_is_refused(reader: Whole | Decimal | Span, value: object) -> None:
    with pytest.raises(UsageError):
        reader(value)


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0, 1.5, True, "x", [1, 2.5]])
def test_what_a_setting_may_be(value: object) -> None:
    assert plain(value) == (tuple(value) if isinstance(value, list) else value)


def test_a_number_that_python_does_not_read_is_a_fault_of_the_file() -> None:
    text = (
        f'[[scenario]]\nname = "x"\nchange = [{{ kind = "setting", name = "travel_time.max_minutes", value = {"9" * 5000} }}]\n'
    )
    with pytest.raises(CaseError) as caught:
        looked_through(text.encode(), "x.toml")
    assert "9" * 20 not in str(caught.value)


def test_a_blank_note_and_a_blank_baseline_say_nothing() -> None:
    found = looked_through(b'[[scenario]]\nname = "x"\nnote = ""\nbaseline = ""\n', "x.toml")
    assert (found.faults, found.scenarios) == ((), (Scenario(name="x"),))
