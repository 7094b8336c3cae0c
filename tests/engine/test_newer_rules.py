"""A rule or criterion that the association adds: one function, and plans and proposals still pass the independent checker."""

from __future__ import annotations

from dataclasses import replace

from constraints.rulebook import load_rulebook
from matcher.bodies import Mask, Number, Share, clip01
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.rules import criterion, earns, eligibility, fails, holds
from tests.edge_cases import TODAY, dense_case

BOOK = load_rulebook(TODAY).with_settings({"travel_time.max_minutes": 500.0})


@eligibility(
    title={"da": "Ikke for langt fra hinanden i alder", "en": "Not too far apart in age"},
    reason={"da": "{volunteer_age} år; højst {max_years}.", "en": "{volunteer_age} years; at most {max_years}."},
    examples=[holds(volunteer_age=40.0, child_age=8.0), fails(volunteer_age=49.0, child_age=8.0)],
)
def close_in_age(volunteer_age: Number, child_age: Number, max_years: float = 40.0) -> Mask:
    """Nobody is more than so many years older than the child."""
    return volunteer_age - child_age <= max_years


@criterion(
    weight=7,
    title={"da": "Ro", "en": "Calm"},
    reason={"da": "{volunteer_age} år", "en": "{volunteer_age} years"},
    examples=[earns(0.5, volunteer_age=50.0)],
)
def calm(volunteer_age: Number) -> Share:
    """Older is calmer."""
    return clip01(volunteer_age / 100.0)


def test_a_new_rule_and_a_new_criterion_pass_the_checker() -> None:
    kept_out = 0
    for seed in range(60):
        case = dense_case(seed)
        newer = replace(BOOK, eligibility=(*BOOK.eligibility, close_in_age), criteria=(*BOOK.criteria, calm))
        before, after = (Engine.of(case, book, load_postcodes()) for book in (BOOK, newer))
        pairs = {pair[:2] for pair in after.assign().eligible_pairs}
        for child, volunteer, _ in before.assign().eligible_pairs:
            reasons = {v.rule: v.holds for v in after.why_pair(child, volunteer).verdicts}
            assert ((child, volunteer) in pairs) == reasons["close_in_age"]
            kept_out += not reasons["close_in_age"]
        for row in after.proposals():
            assert sum(part.points for part in row.parts) == row.points
            assert row.parts[-1].criterion == "calm"
    assert kept_out
