"""What is offered as a relaxation is true: carry it out, and exactly the named volunteers become eligible."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rulebook import load_rulebook
from matcher.columns import COLUMNS
from matcher.dates import add_months
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case
from matcher.results import Relaxation
from tests.edge_cases import TODAY, edge_case
from tests.volume import volume

RULEBOOK = load_rulebook(TODAY)
FIELDS = {"child_slots": "availability", "volunteer_slots": "availability", "volunteer_programmes": "programmes"}


def eligible(case: Case, child_id: str) -> set[str]:
    return set(Engine.of(case, RULEBOOK, load_postcodes()).why_child(child_id).eligible)


def carried_out(case: Case, child_id: str, offer: Relaxation) -> Case:
    """The case after the change that an offer names."""
    if offer.how == "wait":
        return case.model_copy(update={"planning_date": date.fromisoformat(offer.after)})
    for column in offer.column.split(";"):
        side, _, fact = column.partition("_")
        table, key, ids = (
            ("children", "child_id", {child_id}) if side == "child" else ("volunteers", "volunteer_id", set(offer.gained))
        )
        field = FIELDS.get(column, fact)

        def changed(row, field=field, column=column):
            if column == "volunteer_months_left":
                return row.model_copy(update={"stops_on": add_months(TODAY, int(offer.after))})
            if offer.how == "add":
                return row.model_copy(update={field: (*getattr(row, field), random.choice(offer.after.split(";")))})
            return row.model_copy(update={field: offer.after if COLUMNS[column].vocabulary else float(offer.after)})

        rows = tuple(changed(row) if getattr(row, key) in ids else row for row in getattr(case, table))
        case = case.model_copy(update={table: rows})
    return case


@settings(max_examples=volume(ci=120, long=5_000), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_offer_is_true(seed: int) -> None:
    case = edge_case(seed, children=3, volunteers=12)
    desk = Engine.of(case, RULEBOOK, load_postcodes())
    for child in desk.people.children:
        reasons = desk.why_child(child.child_id)
        for offer in reasons.relaxations:
            assert not RULEBOOK.rule(offer.rule).locked
            gained = eligible(carried_out(case, child.child_id, offer), child.child_id)
            if offer.how == "wait":
                assert set(offer.gained) <= gained
            else:
                assert gained == set(reasons.eligible) | set(offer.gained), offer


@settings(max_examples=volume(ci=60, long=2_000), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nearest_first(seed: int) -> None:
    desk = Engine.of(edge_case(seed, children=3, volunteers=12), RULEBOOK, load_postcodes())
    people = {"nobody": 0, "family": 1, "volunteer": 1, "both": 2}
    for child in desk.people.children:
        consents = [people[offer.consent] for offer in desk.why_child(child.child_id).relaxations]
        assert consents == sorted(consents)


@settings(max_examples=volume(ci=60, long=2_000), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_obstacles_count_what_each_rule_keeps_out(seed: int) -> None:
    desk = Engine.of(edge_case(seed), RULEBOOK, load_postcodes())
    for child in desk.people.children:
        reasons = desk.why_child(child.child_id)
        pairs = [desk.why_pair(child.child_id, v.volunteer_id) for v in desk.people.volunteers]
        failed = {p.volunteer_id: [v.rule for v in p.verdicts if not v.holds and not v.waived] for p in pairs}
        assert set(reasons.eligible) == {p.volunteer_id for p in pairs if p.eligible}
        for obstacle in reasons.obstacles:
            assert obstacle.keeps_out == sum(obstacle.rule in rules for rules in failed.values())
            assert set(obstacle.alone) == {v for v, rules in failed.items() if rules == [obstacle.rule]}
