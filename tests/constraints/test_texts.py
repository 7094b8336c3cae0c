"""Every sentence of a rule can be filled with the facts that the engine gives for a pair, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.candidates import PairFacts
from matcher.explain import why_pair
from matcher.functions import Function
from tests.constraints.asking import BOOK, FUNCTIONS, TODAY
from tests.constraints.people import days, one_pair, people_of

FULL: tuple[dict[str, Any], dict[str, Any]] = (
    {
        "likes": ("chess", "football"),
        "dislikes": ("music",),
        "availability": ("mon_evening",),
        "allergies": ("dog",),
        "expects_months": 24,
    },
    {
        "likes": ("chess", "music"),
        "dislikes": ("football",),
        "availability": ("mon_evening",),
        "pets": ("dog",),
        "expects_months": 12,
        "stops_on": days(100),
        "paused_from": days(-1),
        "paused_until": days(30),
        "wants_age_max": 7,
    },
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{type(f).__name__}-{f.key}")
@pytest.mark.parametrize("facts", [FULL, ({}, {})], ids=["full", "blank"])
def test_texts_can_be_filled(function: Function, facts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    case = one_pair(*facts)
    people = people_of(case)
    reasons = why_pair(people, BOOK, PairFacts.of(case, people, BOOK), (0, 0))
    seen = (
        {v.rule: v.facts for v in reasons.verdicts}
        if function in BOOK.eligibility
        else {p.criterion: p.facts for p in reasons.parts}
    )
    for kind in ("reason", "unknown", "warning"):
        for text in getattr(function, kind, {}).values():
            assert "{" not in text.format(**seen[function.key])


def _verdicts(child: dict[str, Any], volunteer: dict[str, Any]) -> dict[str, Any]:
    case = one_pair(child, volunteer)
    people = people_of(case)
    return {v.rule: v for v in why_pair(people, BOOK, PairFacts.of(case, people, BOOK), (0, 0)).verdicts}


@pytest.mark.parametrize(
    ("rule", "child", "volunteer", "da"),
    [
        ("child_certificate", {}, {"child_certificate_on": days(-780)}, "Børneattesten er set for 26 måneder siden; højst 24."),
        ("child_certificate", {}, {"child_certificate_on": None}, "Børneattesten er ikke set endnu."),
        ("child_certificate", {}, {"child_certificate_on": days(3)}, "Børneattesten er ikke set endnu."),
        ("interview", {}, {"interview_on": days(3)}, "Datoen for samtalen med den frivillige ligger 3 dage ude i fremtiden."),
        ("interview", {}, {"interview_on": None}, "Samtalen med den frivillige er ikke holdt."),
        ("not_paused", {}, {"paused_from": TODAY}, "Den frivillige holder pause uden slutdato."),
        ("not_paused", {}, {"paused_until": days(4)}, "Den frivillige holder pause; den slutter om 4 dage."),
        ("stays_long_enough", {}, {"stops_on": days(-40)}, "Den frivillige har 0 måneder tilbage; mindst 12."),
        ("child_age", {"birth_date": TODAY}, {}, "Barnet er 0 år; voksenven er for 6–12 år."),
        ("travel_time", {"latitude": None}, {}, "Mindst et af stederne er ukendt."),
        ("travel_time", {"max_minutes": 7}, {"latitude": 55.73, "longitude": 12.36}, "Rejsen tager 12 minutter; højst 7."),
        ("volunteer_wants_gender", {"gender": "boy"}, {}, "Den frivilliges ønske er girl; barnet er boy."),
        ("allergies", {"allergies": ("dog",)}, {"pets": ("cat", "dog")}, "Den frivillige har dog, som barnet ikke tåler."),
        ("course", {}, {"course_hours": None}, "Den frivilliges kursustimer er ikke oplyst."),
    ],
)
def test_a_reason_names_its_values(rule: str, child: dict[str, Any], volunteer: dict[str, Any], da: str) -> None:
    verdict = _verdicts(child, volunteer)[rule]
    texts = BOOK.rule(rule).unknown if verdict.unknown else BOOK.rule(rule).reason
    plain = {
        k: ", ".join(v) if isinstance(v, tuple) else f"{v:g}" if isinstance(v, float | int) else v
        for k, v in verdict.facts.items()
    }
    assert not verdict.holds
    assert texts["da"].format(**plain) == da


@pytest.mark.parametrize(
    ("rule", "child", "volunteer"),
    [
        ("common_slots", {}, {"availability": ("mon_evening",)}),
        ("common_slots", {"availability": ("mon_evening",)}, {}),
        ("allergies", {"allergies": ("dog",)}, {}),
        ("smoke_free", {"smoke_free": True}, {"smoker": None}),
    ],
)
def test_what_is_unknown_warns_where_it_matters(rule: str, child: dict[str, Any], volunteer: dict[str, Any]) -> None:
    assert _verdicts(child, volunteer)[rule].uncertain


@pytest.mark.parametrize(("rule", "child", "volunteer"), [("allergies", {}, {}), ("smoke_free", {}, {"smoker": None})])
def test_what_is_unknown_does_not_warn_where_it_does_not(rule: str, child: dict[str, Any], volunteer: dict[str, Any]) -> None:
    assert not _verdicts(child, volunteer)[rule].uncertain


def test_facts_of_interests() -> None:
    case = one_pair(*FULL)
    people = people_of(case)
    parts = {p.criterion: p for p in why_pair(people, BOOK, PairFacts.of(case, people, BOOK), (0, 0)).parts}
    assert parts["interests"].facts["common_likes"] == ("chess",)
    assert set(parts["interests"].facts["clashing_interests"]) == {"football", "music"}
