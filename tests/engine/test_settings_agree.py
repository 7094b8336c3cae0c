"""Whatever the settings allow, the engine's bodies and the independent checker give the same answer.

``Engine.assign`` and ``Engine.proposals`` raise ``CertificateError`` where they do not.
"""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rulebook import load_rulebook
from matcher.dates import add_months
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, SettingValue
from matcher.settings import Setting
from tests.edge_cases import TODAY, WORDS, dense_case, edge_case
from tests.volume import volume

RULEBOOK = load_rulebook(TODAY)
POSTCODES = load_postcodes()
NO_ANSWER_DEPENDS_ON = frozenset({"year", "time_limit", "seed", "workers"})
NUMBERS = {
    key: setting
    for key, setting in RULEBOOK.settings.items()
    if isinstance(setting.default, int | float) and key not in NO_ANSWER_DEPENDS_ON and not key.startswith("calendar.")
}
EASY: dict[str, SettingValue] = {"travel_time.max_minutes": 500.0, "common_slots.min_common": 0.0}
WORD_SETTINGS = ("criteria.interests.rare", "criteria.interests.everyday")


def allowed(setting: Setting) -> st.SearchStrategy[float]:
    """Numbers that the setting may be: its ends, numbers of the size people write, and any."""
    low, high, start = setting.at_least, setting.largest, setting.default
    assert isinstance(start, int | float)
    if setting.locked:
        name, floor = setting.key.rpartition(".")[2], setting.floor
        assert isinstance(floor, int | float)
        low, high = (floor, high) if name.startswith("min_") else (low, floor)
    common = min(high, max(low, 2.0 * start))
    return st.one_of(
        st.sampled_from((low, high, common)),
        st.integers(round(low + 0.49), int(common)).map(float) if int(common) >= round(low + 0.49) else st.just(low),
        st.floats(low, common),
        st.floats(low, high),
    )


@st.composite
def any_settings(draw: st.DrawFn) -> dict[str, SettingValue]:
    """Some of the settings changed, the others as they are, with at least one weight above 0."""
    keys = draw(st.lists(st.sampled_from(sorted(NUMBERS)), unique=True, max_size=12))
    found: dict[str, SettingValue] = {**EASY, **{key: draw(allowed(NUMBERS[key])) for key in keys}}
    for key in WORD_SETTINGS:
        found[key] = tuple(draw(st.lists(st.sampled_from(WORDS), unique=True, max_size=3)))
    if not any(found.get(c.weight_key, c.weight) for c in RULEBOOK.criteria):
        found[RULEBOOK.criteria[0].weight_key] = 1.0
    return found


def varied_case(seed: int) -> Case:
    """A small case in which most pairs are eligible, with every criterion's facts spread out, blank ones among them."""
    draw, case = random.Random(seed), dense_case(seed)
    ages = {"voksenven": (6, 12), "storebror": (11, 15), "familieven": (0, 6)}
    children = [
        c.model_copy(update={"birth_date": add_months(TODAY, -12 * draw.choice(ages[c.programme]))}) for c in case.children
    ]
    stops = (None, *(add_months(TODAY, months) for months in (12, 13, 30, 48, 60)))
    volunteers = [
        v.model_copy(
            update={
                "birth_date": add_months(TODAY, -12 * draw.choice((20, 27, 33, 35))),
                "stops_on": draw.choice(stops),
                "wants_age_max": draw.choice((None, 12, 15)),
                "capacity": 2,
            }
        )
        for v in case.volunteers
    ]
    return case.model_copy(update={"children": tuple(children), "volunteers": tuple(volunteers)})


def accepted(seed: int, values: dict[str, SettingValue]) -> None:
    """Answer under these settings; raises ``CertificateError`` where the checker sees it otherwise."""
    for case in (varied_case(seed), edge_case(seed)):
        desk = Engine.of(case, RULEBOOK.with_settings(values), POSTCODES)
        desk.assign()
        desk.proposals(top=10)


@settings(max_examples=volume(ci=150, long=4_000), deadline=None)
@given(seed=st.integers(0, 2**32), values=any_settings())
def test_the_checker_agrees_under_any_settings(seed: int, values: dict[str, SettingValue]) -> None:
    accepted(seed, values)


def test_every_number_is_tried_at_both_ends() -> None:
    """One at a time, so that none hides behind another."""
    for number, (key, setting) in enumerate(NUMBERS.items()):
        for end in (setting.at_least, setting.largest):
            tightens = not setting.locked or key.rpartition(".")[2].startswith("min_") == (end == setting.largest)
            if tightens:
                accepted(number, {**EASY, key: end})


def test_settings_that_leave_no_span_are_steps() -> None:
    stepped: dict[str, SettingValue] = {
        "criteria.common_slots.enough": 0,
        "criteria.age_wish.enough_years": 0,
        "criteria.expected_length.short_months": 24,
        "criteria.volunteer_stability.young_years": 48,
        "criteria.volunteer_stability.short_months": 48,
        "criteria.travel_time.near_minutes": 500,
        "criteria.transport.car": 2,
    }
    for seed in range(20):
        accepted(seed, {**EASY, **stepped})


def test_a_span_too_small_is_the_same_small_span_for_both() -> None:
    """Half of the least span lies above the start: neither nothing nor all, so that another least span would show."""
    narrow: dict[str, SettingValue] = {
        "criteria.expected_length.short_months": 23.9995,
        "criteria.volunteer_stability.young_years": 34.9995,
        "criteria.volunteer_stability.settled_years": 35,
        "criteria.volunteer_stability.short_months": 29.9995,
        "criteria.volunteer_stability.long_months": 30,
    }
    for seed in range(20):
        accepted(seed, {**EASY, **narrow})
