"""P2: faults of every kind are planted by hand into right plans and proposals, and each is caught for what it is.

A fault takes a right answer and spoils it; it gives what the checker then says and the words that must be among it, or None
where this answer cannot be spoilt so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from matcher.check import World, check_plan, check_proposals
from matcher.check.world import free_places
from tests.check.instances import (
    TODAY,
    Case,
    Plan,
    Row,
    all_plans,
    decision,
    friendship,
    proposals_of,
    random_case,
    solved,
    told_again,
    world_of,
)
from tests.volume import volume

PLANS = volume(ci=50, long=500)
TOMORROW = TODAY + timedelta(days=1)


@dataclass(frozen=True)
class Right:
    """A case with its right plan and proposals (two a child)."""

    case: Case
    world: World
    plan: Plan
    rng: random.Random

    def a_pair(self) -> tuple[str, str]:
        child_id, volunteer_id, _ = self.rng.choice(self.plan["pairs"])
        return child_id, volunteer_id

    def points(self) -> dict[tuple[str, str], int]:
        return {(c, v): p for c, v, p in self.plan["eligible_pairs"]}

    def partners(self) -> dict[str, str]:
        return {c: v for c, v, _ in self.plan["pairs"]}

    def rows(self) -> list[Row]:
        return proposals_of(self.world, self.plan, 2)

    def with_facts(self, table: str, row_id: str, **facts: Any) -> Case:
        key = {"children": "child_id", "volunteers": "volunteer_id", "matchers": "matcher_id"}[table]
        return {**self.case, table: tuple({**row, **facts} if row[key] == row_id else row for row in self.case[table])}

    def with_rows(self, table: str, *rows: Row) -> Case:
        return {**self.case, table: (*self.case.get(table, ()), *rows)}

    def judged(self, plan: Plan, case: Case | None = None) -> list[str]:
        return check_plan(self.world if case is None else world_of(case), plan)


Answer = tuple[list[str], str] | None
Fault = Callable[[Right], Answer]
FAULTS: dict[str, Fault] = {}


def fault(plant: Fault) -> Fault:
    FAULTS[plant.__name__] = plant
    return plant


def rule_fault(rule: str, table: str, **facts: Any) -> None:
    """The facts of one side of a planned pair no longer fulfil ``rule``."""

    def plant(right: Right) -> Answer:
        child_id, volunteer_id = right.a_pair()
        case = right.with_facts(table, child_id if table == "children" else volunteer_id, **facts)
        words = f"pair {child_id}-{volunteer_id}: not eligible ("
        found = [text for text in right.judged(right.plan, case) if text.startswith(words)]
        return found, rule

    FAULTS[f"rule_{rule}_{'_'.join(facts)}_{len(FAULTS)}"] = plant


rule_fault("programme_offered", "volunteers", programmes=("familieven",))
rule_fault("child_age", "children", birth_date=date(2021, 3, 2))
rule_fault("child_age", "children", birth_date=date(2014, 3, 1))
rule_fault("volunteer_age", "volunteers", birth_date=date(2009, 3, 2))
rule_fault("criminal_record", "volunteers", criminal_record_on=None)
rule_fault("criminal_record", "volunteers", criminal_record_on=TOMORROW)
rule_fault("child_certificate", "volunteers", child_certificate_on=date(2025, 2, 28))
rule_fault("child_certificate", "volunteers", child_certificate_on=TOMORROW)
rule_fault("interview", "volunteers", interview_on=None)
rule_fault("volunteer_home_visit", "volunteers", home_visit_on=TOMORROW)
rule_fault("course", "volunteers", course_hours=19.5)
rule_fault("family_home_visit", "children", home_visit_on=None)
rule_fault("not_paused", "volunteers", paused_from=TODAY)
rule_fault("not_paused", "volunteers", paused_until=TODAY)
rule_fault("stays_long_enough", "volunteers", stops_on=date(2028, 2, 29))
rule_fault("volunteer_wants_age", "volunteers", wants_age_max=5)
rule_fault("volunteer_wants_age", "volunteers", wants_age_min=14)
rule_fault("common_language", "volunteers", languages=("farsi",))
rule_fault("travel_time", "children", max_minutes=1)
rule_fault("travel_time", "volunteers", postcode="8000")
rule_fault("travel_time", "children", postcode="9999")
rule_fault("volunteer_capacity", "volunteers", capacity=0)


def both(right: Right, rule: str, child_facts: Row, volunteer_facts: Row) -> Answer:
    child_id, volunteer_id = right.a_pair()
    case = right.with_facts("children", child_id, **child_facts)
    spoilt = Right(case, right.world, right.plan, right.rng).with_facts("volunteers", volunteer_id, **volunteer_facts)
    words = f"pair {child_id}-{volunteer_id}: not eligible ("
    return [text for text in right.judged(right.plan, spoilt) if text.startswith(words)], rule


@fault
def rule_child_wants_gender(right: Right) -> Answer:
    return both(right, "child_wants_gender", {"wants_gender": "woman"}, {"gender": "man"})


@fault
def rule_child_wants_own_gender_by_default(right: Right) -> Answer:
    return both(right, "child_wants_gender", {"wants_gender": None, "gender": "girl"}, {"gender": "man"})


@fault
def rule_volunteer_wants_gender(right: Right) -> Answer:
    return both(right, "volunteer_wants_gender", {"gender": "other"}, {"wants_gender": "girl"})


@fault
def rule_common_slots(right: Right) -> Answer:
    return both(right, "common_slots", {"availability": ("mon_morning",)}, {"availability": ("fri_evening",)})


@fault
def rule_allergies(right: Right) -> Answer:
    return both(right, "allergies", {"allergies": ("cat", "dog")}, {"pets": ("dog",)})


@fault
def rule_smoke_free(right: Right) -> Answer:
    return both(right, "smoke_free", {"smoke_free": True}, {"smoker": True})


@fault
def rule_no_repeat_after_a_decline(right: Right) -> Answer:
    c, v = right.a_pair()
    row = {"child_id": c, "volunteer_id": v, "declined_on": TODAY, "declined_by": "child"}
    return right.judged(right.plan, right.with_rows("declines", row)), f"pair {c}-{v}: not eligible (no_repeat"


@fault
def rule_no_repeat_after_a_friendship(right: Right) -> Answer:
    c, v = right.a_pair()
    case = right.with_rows("friendships", friendship(c, v, ended_on=TODAY))
    return right.judged(right.plan, case), f"pair {c}-{v}: not eligible (no_repeat"


@fault
def rule_child_free_of_friendships(right: Right) -> Answer:
    c, v = right.a_pair()
    case = right.with_rows("friendships", friendship(c, "F77", ended_on=TOMORROW))
    return right.judged(right.plan, case), f"pair {c}-{v}: not eligible (child_free"


@fault
def rule_child_free_of_offers(right: Right) -> Answer:
    c, v = right.a_pair()
    case = right.with_rows("offers", {"child_id": c, "volunteer_id": "F77", "opened_on": TODAY, "state": "open"})
    return right.judged(right.plan, case), f"pair {c}-{v}: not eligible (child_free"


@fault
def rule_capacity_taken_by_an_offer(right: Right) -> Answer:
    c, v = right.a_pair()
    offer = {"child_id": "B77", "volunteer_id": v, "opened_on": TODAY, "state": "open"}
    case = right.with_rows("offers", *([offer] * free_places(right.world.volunteers[v])))
    return right.judged(right.plan, case), f"pair {c}-{v}: not eligible (volunteer_capacity"


@fault
def a_waiver_of_a_locked_rule(right: Right) -> Answer:
    c, v = right.a_pair()
    spoilt = Right(right.with_facts("volunteers", v, course_hours=3), right.world, right.plan, right.rng)
    return right.judged(right.plan, spoilt.with_rows("decisions", decision("waive", c, v, "course"))), "not eligible (course"


@fault
def forbidden_pair_in_the_plan(right: Right) -> Answer:
    c, v = right.a_pair()
    return right.judged(right.plan, right.with_rows("decisions", decision("forbid", c, v))), f"pair {c}-{v}: forbidden, but"


@fault
def lock_left_out(right: Right) -> Answer:
    free = [pair for pair in right.points() if right.partners().get(pair[0]) != pair[1]]
    if not free:
        return None
    c, v = right.rng.choice(free)
    return right.judged(right.plan, right.with_rows("decisions", decision("lock", c, v))), f"pair {c}-{v}: locked, but not"


@fault
def child_matched_twice(right: Right) -> Answer:
    partners, points = right.partners(), right.points()
    more = [(c, v, p) for (c, v), p in points.items() if c in partners and partners[c] != v]
    if not more:
        return None
    row = right.rng.choice(more)
    plan = right.plan
    total = plan["total"] + row[2]
    pairs = sorted([*plan["pairs"], row])
    spoilt = {**plan, "pairs": pairs, "matched": len(pairs), "total": total, "bound": total}
    return right.judged(spoilt), f"child {row[0]}: matched 2 times"


@fault
def volunteer_given_too_many(right: Right) -> Answer:
    partners = right.partners()
    for c, v in right.rng.sample(sorted(right.points()), len(right.points())):
        crowd = {**partners, c: v}
        given = sum(other == v for other in crowd.values())
        room = free_places(right.world.volunteers[v])
        if given > room:
            return right.judged(
                told_again(right.world, right.plan, crowd)
            ), f"volunteer {v}: {given} new children, room for {room}"
    return None


@fault
def matcher_given_too_many(right: Right) -> Answer:
    for c in right.partners():
        matcher_id = right.world.children[c].matcher_id
        if matcher_id:
            case = right.with_facts("matchers", matcher_id, max_new_friendships=0)
            return right.judged(right.plan, case), f"matcher {matcher_id}: "
    return None


@fault
def quota_exceeded(right: Right) -> Answer:
    c, _ = right.a_pair()
    quota = {"dimension": "gender", "value": right.world.children[c].gender, "at_least": None, "at_most": 0}
    return right.judged(right.plan, right.with_rows("quotas", quota)), "at most 0"


@fault
def quota_not_reached(right: Right) -> Answer:
    quota = {"dimension": "programme", "value": "voksenven", "at_least": right.plan["matched"] + 1, "at_most": None}
    return right.judged(right.plan, right.with_rows("quotas", quota)), f"at least {right.plan['matched'] + 1}"


@fault
def unmatched_child_not_told(right: Right) -> Answer:
    told = right.plan["unmatched"]
    if not told:
        return None
    lost = right.rng.choice(told)
    return right.judged({**right.plan, "unmatched": [row for row in told if row != lost]}), f"child {lost[0]}: 0 times among"


@fault
def unmatched_child_told_twice(right: Right) -> Answer:
    told = right.plan["unmatched"]
    return (right.judged({**right.plan, "unmatched": [told[0], *told]}), f"child {told[0][0]}: 2 times among") if told else None


@fault
def matched_child_told_unmatched(right: Right) -> Answer:
    c, _ = right.a_pair()
    told = sorted([*right.plan["unmatched"], (c, "no_place")])
    return right.judged({**right.plan, "unmatched": told}), f"child {c}: 1 times among the unmatched, should be 0"


@fault
def befriended_child_told_unmatched(right: Right) -> Answer:
    told = [*right.plan["unmatched"], ("B9", "no_place")]
    return right.judged({**right.plan, "unmatched": told}), "child B9: 1 times among the unmatched, should be 0"


@fault
def unmatched_out_of_order(right: Right) -> Answer:
    told = right.plan["unmatched"]
    return (right.judged({**right.plan, "unmatched": told[::-1]}), "not in the order of child_id") if len(told) > 1 else None


@fault
def unmatched_without_reason(right: Right) -> Answer:
    told = right.plan["unmatched"]
    reason = right.rng.choice(("", "  ", None))
    return (right.judged({**right.plan, "unmatched": [(told[0][0], reason), *told[1:]]}), "without a reason") if told else None


@fault
def unmatched_names_a_stranger(right: Right) -> Answer:
    return right.judged({**right.plan, "unmatched": [*right.plan["unmatched"], ("B77", "no_place")]}), "'B77'"


@fault
def total_off_by_one(right: Right) -> Answer:
    plan = right.plan
    total = plan["total"] + right.rng.choice((1, -1))
    return right.judged({**plan, "total": total, "bound": total}), f"total is {total}, the pairs' sum is {plan['total']}"


@fault
def matched_off_by_one(right: Right) -> Answer:
    matched = right.plan["matched"] + right.rng.choice((1, -1))
    return right.judged({**right.plan, "matched": matched}), f"matched is {matched}"


@fault
def bound_below_total(right: Right) -> Answer:
    return right.judged({**right.plan, "bound": right.plan["total"] - 1}), "is below the total"


@fault
def feasible_bound_below_total(right: Right) -> Answer:
    spoilt = {**right.plan, "bound": right.plan["total"] - 1, "status": "feasible", "prices": None}
    return right.judged(spoilt), "is below the total"


@fault
def optimal_with_a_gap(right: Right) -> Answer:
    return right.judged({**right.plan, "bound": right.plan["total"] + 1}), "called optimal, but bound"


def regraded(right: Right, change: int) -> tuple[Plan, tuple[str, str]]:
    """One planned pair's points moved by ``change`` everywhere, sums and prices to match."""
    c, v = right.a_pair()
    plan = right.plan
    prices = plan["prices"]
    return {
        **plan,
        "pairs": [(a, b, p + change * ((a, b) == (c, v))) for a, b, p in plan["pairs"]],
        "eligible_pairs": [(a, b, p + change * ((a, b) == (c, v))) for a, b, p in plan["eligible_pairs"]],
        "total": plan["total"] + change,
        "bound": plan["total"] + change,
        "prices": {**prices, "children": {**prices["children"], c: prices["children"].get(c, 0) + change}},
    }, (c, v)


@fault
def points_too_high(right: Right) -> Answer:
    plan, (c, v) = regraded(right, right.rng.choice((20, 1_000)))
    return right.judged(plan), f"pair {c}-{v}: "


@fault
def points_too_low(right: Right) -> Answer:
    plan, (c, v) = regraded(right, -right.rng.choice((20, 1_000)))
    return right.judged(plan), f"pair {c}-{v}: "


@fault
def a_thousandth_too_much_in_one_town(right: Right) -> Answer:
    same_town = {c for c, v in right.partners().items() if right.world.children[c].place == right.world.volunteers[v].place}
    plan, (c, v) = regraded(right, 1)
    return (right.judged(plan), f"pair {c}-{v}: ") if c in same_town else None


@fault
def points_differ_from_the_list(right: Right) -> Answer:
    c, v = right.a_pair()
    listed = [(a, b, p + ((a, b) == (c, v))) for a, b, p in right.plan["eligible_pairs"]]
    return right.judged(
        {**right.plan, "eligible_pairs": listed}
    ), f"pair {c}-{v}: {dict(right.points())[c, v]} points in the plan"


@fault
def eligible_pair_left_out(right: Right) -> Answer:
    spare = [row for row in right.plan["eligible_pairs"] if row not in right.plan["pairs"]]
    if not spare:
        return None
    lost = right.rng.choice(spare)
    listed = [row for row in right.plan["eligible_pairs"] if row != lost]
    return right.judged({**right.plan, "eligible_pairs": listed}), f"pair {lost[0]}-{lost[1]}: eligible, but not among"


@fault
def planned_pair_left_out_of_the_list(right: Right) -> Answer:
    c, v = right.a_pair()
    listed = [row for row in right.plan["eligible_pairs"] if row[:2] != (c, v)]
    return right.judged({**right.plan, "eligible_pairs": listed}), f"pair {c}-{v}: eligible, but not among"


@fault
def ineligible_pair_listed(right: Right) -> Answer:
    out = [(c, v) for c in right.world.children for v in right.world.volunteers if (c, v) not in right.points()]
    c, v = right.rng.choice(out)
    return right.judged({**right.plan, "eligible_pairs": sorted([*right.plan["eligible_pairs"], (c, v, 50_000)])}), (
        f"pair {c}-{v}: not eligible ("
    )


@fault
def listed_twice(right: Right) -> Answer:
    listed = right.plan["eligible_pairs"]
    return right.judged({**right.plan, "eligible_pairs": sorted([*listed, right.rng.choice(listed)])}), "or twice"


@fault
def list_out_of_order(right: Right) -> Answer:
    listed = right.plan["eligible_pairs"]
    return (right.judged({**right.plan, "eligible_pairs": listed[::-1]}), "not in the order of ids") if len(listed) > 1 else None


@fault
def pairs_out_of_order(right: Right) -> Answer:
    pairs = right.plan["pairs"]
    return (right.judged({**right.plan, "pairs": pairs[::-1]}), "not in the order of ids") if len(pairs) > 1 else None


@fault
def pair_of_a_stranger(right: Right) -> Answer:
    stranger = right.rng.choice((("B77", "F1"), ("B9", "F77")))
    return right.judged({**right.plan, "pairs": [*right.plan["pairs"], (*stranger, 1)]}), "are not both known"


@fault
def points_that_are_no_whole_number(right: Right) -> Answer:
    (c, v, p), *rest = right.plan["pairs"]
    return right.judged({**right.plan, "pairs": [(c, v, float(p)), *rest]}), "is not (child_id, volunteer_id, points)"


@fault
def one_match_fewer_than_possible(right: Right) -> Answer:
    locked = {c for c, _ in right.world.locked}
    free = [c for c in right.partners() if c not in locked]
    if not free:
        return None
    lost = right.rng.choice(free)
    fewer = {c: v for c, v in right.partners().items() if c != lost}
    return right.judged(told_again(right.world, right.plan, fewer)), "not proved optimal"


@fault
def worse_plan_with_as_many_matches(right: Right) -> Answer:
    for chosen in all_plans(right.world, right.points()):
        other = told_again(right.world, right.plan, chosen)
        if other["matched"] == right.plan["matched"] and other["total"] < right.plan["total"]:
            return right.judged(other), "not proved optimal"
    return None


@fault
def tie_settled_otherwise(right: Right) -> Answer:
    for chosen in all_plans(right.world, right.points()):
        other = told_again(right.world, right.plan, chosen)
        same = (other["matched"], other["total"]) == (right.plan["matched"], right.plan["total"])
        if same and other["pairs"] != right.plan["pairs"]:
            return right.judged(other), "but an equally good plan gives"
    return None


def repriced(right: Right, side: str, key: str, change: int) -> list[str]:
    prices = right.plan["prices"]
    new = {**prices[side], key: prices[side].get(key, 0) + change}
    return right.judged({**right.plan, "prices": {**prices, side: new}})


@fault
def price_too_high(right: Right) -> Answer:
    side = right.rng.choice(("children", "volunteers"))
    c, v = right.a_pair()
    if any(pair[0] == c for pair in right.world.locked) or any(pair[1] == v for pair in right.world.locked):
        return None
    return repriced(right, side, c if side == "children" else v, 1), "not proved optimal"


@fault
def price_too_low(right: Right) -> Answer:
    c, v = right.a_pair()
    if any(pair[0] == c for pair in right.world.locked):
        return None
    return repriced(right, "children", c, -1), f"pair {c}-{v}: worth 1 more than its prices"


@fault
def price_below_zero(right: Right) -> Answer:
    v = next(iter(right.world.volunteers))
    return repriced(right, "volunteers", v, -1 - right.plan["prices"]["volunteers"][v]), f"volunteers {v} has -1, below 0"


@fault
def price_of_a_stranger(right: Right) -> Answer:
    return repriced(right, right.rng.choice(("children", "volunteers")), "X77", 0), "X77 is unknown"


@fault
def price_that_is_no_whole_number(right: Right) -> Answer:
    c, _ = right.a_pair()
    prices = right.plan["prices"]
    spoilt = {**prices, "children": {**prices["children"], c: float(prices["children"].get(c, 0))}}
    return right.judged({**right.plan, "prices": spoilt}), f"children {c} is no whole number"


@fault
def bonus_too_small(right: Right) -> Answer:
    bonus = right.rng.choice((0, 1, right.plan["total"]))
    return right.judged({**right.plan, "prices": {**right.plan["prices"], "match_bonus": bonus}}), f"match_bonus {bonus} is not"


@fault
def optimal_without_prices(right: Right) -> Answer:
    return right.judged({**right.plan, "prices": None}), "called optimal without prices"


@fault
def prices_of_a_side_missing(right: Right) -> Answer:
    side = right.rng.choice(("children", "volunteers", "matchers"))
    prices = {name: given for name, given in right.plan["prices"].items() if name != side}
    return right.judged({**right.plan, "prices": prices}), f"prices: {side} missing"


@fault
def status_of_no_meaning(right: Right) -> Answer:
    return right.judged({**right.plan, "status": "OPTIMAL"}), "neither optimal nor feasible"


@fault
def a_key_missing(right: Right) -> Answer:
    key = right.rng.choice(sorted(right.plan))
    return right.judged({name: value for name, value in right.plan.items() if name != key}), f"plan: {key} is missing"


def proposals_judged(right: Right, rows: list[Row]) -> list[str]:
    return check_proposals(right.world, rows, right.plan, top=2)


def with_row(rows: list[Row], row: Row, **facts: Any) -> list[Row]:
    return [{**other, **facts} if other is row else other for other in rows]


@fault
def proposal_rank_gap(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    return proposals_judged(right, with_row(rows, row, rank=row["rank"] + 1)), "in order"


@fault
def proposal_order_wrong(right: Right) -> Answer:
    rows = right.rows()
    for first, second in pairwise(rows):
        if first["child_id"] == second["child_id"]:
            others = [row for row in rows if row["child_id"] != first["child_id"]]
            swapped = [{**second, "rank": 1}, {**first, "rank": 2}, *others]
            return proposals_judged(right, swapped), "should stand before"
    return None


@fault
def proposal_parts_shifted(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    parts = {**row["parts"], "languages": row["parts"]["languages"] - 7, "transport": row["parts"]["transport"] + 7}
    return proposals_judged(right, with_row(rows, row, parts=parts)), "languages gives"


@fault
def proposal_parts_do_not_add_up(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    return proposals_judged(right, with_row(rows, row, points=row["points"] + right.rng.choice((1, -1)))), "the parts give"


@fault
def proposal_minutes_wrong(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    wrong = row["minutes"] + right.rng.choice((0.05, -0.05, 3, -60))
    return proposals_judged(right, with_row(rows, row, minutes=wrong)), f"{wrong} minutes"


@fault
def proposal_cost_off_by_one(right: Right) -> Answer:
    rows = right.rows()
    priced = [row for row in rows if row["plan_cost"] is not None]
    if not priced:
        return None
    row = right.rng.choice(priced)
    words = "in the plan, but plan_cost is 1" if _planned(right, row) else f"plan_cost {row['plan_cost'] + 1} and"
    return proposals_judged(right, with_row(rows, row, plan_cost=row["plan_cost"] + 1)), words


def _planned(right: Right, row: Row) -> bool:
    return right.partners().get(row["child_id"]) == row["volunteer_id"]


@fault
def proposal_cost_below_zero(right: Right) -> Answer:
    rows = right.rows()
    free = [row for row in rows if row["matches_lost"] == 0]
    return (proposals_judged(right, with_row(rows, free[-1], plan_cost=-1)), "plan_cost is -1, below 0") if free else None


@fault
def proposal_of_the_plan_with_a_cost(right: Right) -> Answer:
    rows = right.rows()
    planned = [row for row in rows if _planned(right, row)]
    return (proposals_judged(right, with_row(rows, planned[0], plan_cost=9)), "in the plan, but") if planned else None


@fault
def proposal_matches_lost_off(right: Right) -> Answer:
    rows = right.rows()
    free = [row for row in rows if row["matches_lost"] is not None and not _planned(right, row)]
    if not free:
        return None
    row = right.rng.choice(free)
    lost = row["matches_lost"] + 1
    return proposals_judged(right, with_row(rows, row, matches_lost=lost)), f"and matches_lost {lost}, "


@fault
def proposal_cost_blank_without_need(right: Right) -> Answer:
    rows = right.rows()
    free = [row for row in rows if row["plan_cost"] is not None and not _planned(right, row)]
    if not free:
        return None
    return proposals_judged(right, with_row(rows, free[0], plan_cost=None, matches_lost=None)), "plan_cost None and"


@fault
def proposal_cost_where_no_plan_can_have_it(right: Right) -> Answer:
    rows = right.rows()
    blank = [row for row in rows if row["plan_cost"] is None]
    return (proposals_judged(right, with_row(rows, blank[0], plan_cost=0, matches_lost=0)), "(None, None)") if blank else None


@fault
def best_proposal_left_out(right: Right) -> Answer:
    for rows in (right.rows(),):
        second = next((row for row in rows if row["rank"] == 2), None)
        if second is not None:
            left = [row for row in rows if row["child_id"] != second["child_id"]]
            return proposals_judged(
                right, [*left, {**second, "rank": 1}]
            ), f"proposals of {second['child_id']}: 1 rows, should be 2"
    return None


@fault
def better_proposal_replaced(right: Right) -> Answer:
    for row in proposals_of(right.world, right.plan, 9):
        if row["rank"] == 3:
            rows = right.rows()
            second = next(r for r in rows if r["child_id"] == row["child_id"] and r["rank"] == 2)
            spoilt = [{**row, "rank": 2} if other is second else other for other in rows]
            return proposals_judged(right, spoilt), f"{second['volunteer_id']} ranks before"
    return None


@fault
def child_without_proposals(right: Right) -> Answer:
    rows = right.rows()
    lost = right.rng.choice(rows)["child_id"]
    return proposals_judged(right, [row for row in rows if row["child_id"] != lost]), f"proposals of {lost}: 0 rows, should be"


@fault
def proposal_repeated(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    mine = [r for r in rows if r["child_id"] == row["child_id"]]
    return proposals_judged(right, [*rows, {**row, "rank": len(mine) + 1}]), "somebody is proposed twice"


@fault
def forbidden_pair_proposed(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    world = world_of(right.with_rows("decisions", decision("forbid", row["child_id"], row["volunteer_id"])))
    return check_proposals(world, rows, right.plan, top=2), "forbidden"


@fault
def expired_certificate_proposed(right: Right) -> Answer:
    rows = right.rows()
    volunteer_id = right.rng.choice(rows)["volunteer_id"]
    world = world_of(right.with_facts("volunteers", volunteer_id, child_certificate_on=date(2025, 2, 1)))
    return check_proposals(world, rows, right.plan, top=2), "child_certificate"


@fault
def proposal_part_missing(right: Right) -> Answer:
    rows = right.rows()
    row = right.rng.choice(rows)
    parts = {name: part for name, part in row["parts"].items() if name != "languages"}
    return proposals_judged(right, with_row(rows, row, parts=parts)), "not the criteria's"


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_caught(name: str) -> None:
    plant, planted, seed = FAULTS[name], 0, 0
    while planted < PLANS:
        seed += 1
        assert seed < 60 * PLANS, f"{planted} plans could be spoilt so"
        case = random_case(random.Random(f"{name} {seed}"))
        answer = solved(case)
        if answer is None or not answer[1]["pairs"]:
            continue
        world, plan = answer
        outcome = plant(Right(case, world, plan, random.Random(seed)))
        if outcome is not None:
            planted += 1
            faults, words = outcome
            assert any(words in text for text in faults), (seed, words, faults)


def test_the_right_answers_they_start_from_are_accepted() -> None:
    for seed in range(PLANS):
        case = random_case(random.Random(f"right {seed}"))
        answer = solved(case)
        if answer is not None:
            right = Right(case, *answer, random.Random(seed))
            assert check_plan(right.world, right.plan) == []
            assert proposals_judged(right, right.rows()) == []


def test_there_are_forty_kinds_and_more() -> None:
    assert len(FAULTS) >= 40
