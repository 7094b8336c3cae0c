"""P2 under limits: faults planted into right plans and proposals with quotas, and with children who are guaranteed a match.

A fault takes a right answer and spoils it; it gives what the checker then says and the words that must be among it, or None
where this answer cannot be spoilt so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from matcher.check import World, check_plan, check_proposals
from tests.check.instances import (
    Case,
    Plan,
    Row,
    all_plans,
    best_of,
    crossing,
    in_order,
    limited_case,
    proposals_of,
    random_settings,
    solved,
    solved_waiting_first,
    told_again,
    told_guaranteed,
    under,
    world_of,
)
from tests.volume import volume

PLANS = volume(ci=8, long=300)


class Right:
    """A case with its right answer."""

    def __init__(self, case: Case, settings: dict[str, object], answer: tuple[World, Plan], rng: random.Random) -> None:
        self.case, self.settings, self.rng = case, settings, rng
        self.world, self.plan = answer
        self.points = {(c, v): p for c, v, p in self.plan["eligible_pairs"]}
        self.partners = {c: v for c, v, _ in self.plan["pairs"]}

    def judged(self, **facts: Any) -> list[str]:
        return check_plan(self.world, {**self.plan, **facts})

    def with_quota(self, old: Row, **facts: Any) -> list[str]:
        """The plan judged in a case in which one quota's row is another."""
        quotas = tuple({**row, **facts} if row is old else row for row in self.case["quotas"])
        return check_plan(world_of({**self.case, "quotas": quotas}, self.settings), self.plan)

    def given(self, quota: Row) -> int:
        return len(under(self.world, quota) & self.partners.keys())

    def repriced(self, key: str, change: int) -> list[str]:
        prices = self.plan["prices"]
        return self.judged(prices={**prices, "quotas": {**prices["quotas"], key: prices["quotas"].get(key, 0) + change}})

    def priced(self) -> list[str]:
        return [key for key, price in self.plan["prices"]["quotas"].items() if price]

    def others(self) -> list[Plan]:
        """All other allowed plans, with sums to match and the same prices."""
        told = [told_again(self.world, self.plan, chosen) for chosen in all_plans(self.world, self.points)]
        return [other for other in told if other["pairs"] != self.plan["pairs"]]

    def same_children(self) -> list[Plan]:
        """The other allowed plans that match the same children."""
        return [other for other in self.others() if {c for c, _, _ in other["pairs"]} == self.partners.keys()]

    def rows(self) -> list[Row]:
        return proposals_of(self.world, self.plan, 3)

    def row_judged(self, row: Row, **facts: Any) -> list[str]:
        return check_proposals(self.world, [{**row, "rank": 1, **facts}], self.plan, asked=[row["child_id"]])

    def in_plan(self, row: Row) -> bool:
        return (row["child_id"], row["volunteer_id"]) in self.partners.items()


Answer = tuple[list[str], str] | None
Fault = Callable[[Right], Answer]
NESTED: dict[str, Fault] = {}
CROSSED: dict[str, Fault] = {}
WAITING: dict[str, Fault] = {}


def nested(plant: Fault) -> Fault:
    NESTED[plant.__name__] = plant
    return plant


def crossed(plant: Fault) -> Fault:
    CROSSED[plant.__name__] = plant
    return plant


def waiting(plant: Fault) -> Fault:
    WAITING[plant.__name__] = plant
    return plant


@nested
@crossed
def quota_exceeded_by_one(right: Right) -> Answer:
    quota = right.rng.choice(right.case["quotas"])
    most = right.given(quota) - 1
    return (right.with_quota(quota, at_most=most), f"{most + 1} matches, at most {most}") if most >= 0 else None


@nested
@crossed
def quota_missed_by_one(right: Right) -> Answer:
    quota = right.rng.choice(right.case["quotas"])
    least = right.given(quota) + 1
    return right.with_quota(quota, at_least=least), f"{least - 1} matches, at least {least}"


@nested
def quota_price_off_by_one(right: Right) -> Answer:
    keys, change = right.priced(), right.rng.choice((1, -1))
    words = "not proved optimal" if change > 0 else "more than its prices"
    limited = {c for c, _ in right.world.locked}
    if not keys or limited:
        return None
    return right.repriced(right.rng.choice(keys), change), words


@nested
@crossed
def quota_price_below_zero_without_a_least(right: Right) -> Answer:
    for row in right.case["quotas"]:
        key = f"{row['dimension']}={row['value']}"
        same = [q for q in right.case["quotas"] if under(right.world, q) == under(right.world, row)]
        if all(q["at_least"] is None for q in same):
            return right.repriced(key, -1 - right.plan["prices"]["quotas"].get(key, 0)), "below 0 though nothing is asked"
    return None


@nested
@crossed
def quota_price_above_zero_without_a_most(right: Right) -> Answer:
    for row in right.case["quotas"]:
        key = f"{row['dimension']}={row['value']}"
        same = [q for q in right.case["quotas"] if under(right.world, q) == under(right.world, row)]
        if all(q["at_most"] is None for q in same):
            return right.repriced(key, 1 - right.plan["prices"]["quotas"].get(key, 0)), "above 0 though nothing is bounded"
    return None


@nested
@crossed
def quota_price_of_no_quota(right: Right) -> Answer:
    return right.repriced("programme=familieven", 0), "quotas programme=familieven is unknown"


@nested
@crossed
def quota_price_no_whole_number(right: Right) -> Answer:
    row = right.rng.choice(right.case["quotas"])
    key = f"{row['dimension']}={row['value']}"
    return right.judged(prices={**right.plan["prices"], "quotas": {key: 1.0}}), f"quotas {key} is no whole number"


@nested
def worse_plan_under_quotas(right: Right) -> Answer:
    worse = [o for o in right.others() if (o["matched"], o["total"]) < (right.plan["matched"], right.plan["total"])]
    return (check_plan(right.world, right.rng.choice(worse)), "not proved optimal") if worse else None


@nested
def tie_settled_otherwise_under_quotas(right: Right) -> Answer:
    same = [o for o in right.others() if (o["matched"], o["total"]) == (right.plan["matched"], right.plan["total"])]
    return (check_plan(right.world, right.rng.choice(same)), "but an equally good plan gives") if same else None


@nested
def search_without_crossing_limits(right: Right) -> Answer:
    return right.judged(proof="search"), "no limits cross"


@crossed
def gap_called_proved(right: Right) -> Answer:
    faults = right.judged(proof="prices")
    return (faults, "not proved optimal") if faults else None


@crossed
@nested
def proof_of_no_meaning(right: Right) -> Answer:
    return right.judged(proof=right.rng.choice(("", "cuts", None))), "neither prices nor search"


@crossed
@nested
def bound_forged(right: Right) -> Answer:
    return right.judged(bound=right.plan["total"] + right.rng.choice((1, 1_000))), "called optimal, but bound"


@crossed
@nested
def prices_lowered_until_they_meet_the_value(right: Right) -> Answer:
    """A feasible or searched plan whose prices are made to say that nothing better is left."""
    open_pairs = [(c, p) for (c, _), p in right.points.items() if c not in {b for b, _ in right.world.locked}]
    if not open_pairs:
        return None
    prices = {**right.plan["prices"], "children": {}, "volunteers": {}, "quotas": {}, "matchers": {}}
    return right.judged(prices=prices, status=right.rng.choice(("optimal", "feasible"))), "more than its prices"


@nested
def bonus_too_small(right: Right) -> Answer:
    prices = {**right.plan["prices"], "match_bonus": right.plan["total"]}
    return right.judged(prices=prices), "match_bonus"


@nested
def cost_off_by_one_under_quotas(right: Right) -> Answer:
    rows = [row for row in right.rows() if row["plan_cost"] is not None and not right.in_plan(row)]
    if not rows:
        return None
    row = right.rng.choice(rows)
    cost = row["plan_cost"] + 1
    return right.row_judged(row, plan_cost=cost), f"plan_cost {cost} and matches_lost"


@nested
def cost_where_a_quota_stands_against_it(right: Right) -> Answer:
    rows = [row for row in right.rows() if row["plan_cost"] is None]
    return (right.row_judged(rows[0], plan_cost=0, matches_lost=0), "(None, None) would be right") if rows else None


@nested
def bound_above_the_truth(right: Right) -> Answer:
    rows = [row for row in right.rows() if row["plan_cost"] is not None and not right.in_plan(row)]
    if not rows:
        return None
    row = right.rng.choice(rows)
    return right.row_judged(row, exact=False, plan_cost=row["plan_cost"] + 1, robust=None), "as a bound, but"


@nested
def bound_blank(right: Right) -> Answer:
    rows = [row for row in right.rows() if row["plan_cost"] is not None and not right.in_plan(row)]
    if not rows:
        return None
    return right.row_judged(right.rng.choice(rows), exact=False, plan_cost=None, matches_lost=None), "blank, but"


@nested
@crossed
def cost_below_the_prices_bound(right: Right) -> Answer:
    for row in right.rows():
        if row["plan_cost"] and not row["matches_lost"]:
            faults = right.row_judged(row, exact=False, plan_cost=0, robust=None)
            if any("by the prices" in fault for fault in faults):
                return faults, "by the prices it costs more"
    return None


@nested
def robust_wrong(right: Right) -> Answer:
    row = right.rng.choice(right.rows())
    wrong = right.rng.choice([word for word in ("always", "sometimes", "never") if word != row["robust"]])
    return right.row_judged(row, robust=wrong), f"robust is {wrong}, {row['robust']} would be right"


@crossed
def robust_against_its_own_cost(right: Right) -> Answer:
    rows = [row for row in right.rows() if not right.in_plan(row)]
    if not rows:
        return None
    row = right.rng.choice(rows)
    wrong = "sometimes" if row["robust"] == "never" else "never"
    return right.row_judged(row, robust=wrong), f"robust is {wrong}, {row['robust']} would be right"


@nested
@crossed
def robust_always_beside_the_plan(right: Right) -> Answer:
    rows = [row for row in right.rows() if not right.in_plan(row)]
    return (right.row_judged(right.rng.choice(rows), robust="always"), "robust is always") if rows else None


@nested
@crossed
def robust_never_in_the_plan(right: Right) -> Answer:
    rows = [row for row in right.rows() if right.in_plan(row)]
    return (right.row_judged(right.rng.choice(rows), robust="never"), "robust is never") if rows else None


@waiting
def guaranteed_child_left_out(right: Right) -> Answer:
    guaranteed = right.plan["guaranteed"]
    lost = right.rng.choice(guaranteed)
    return right.judged(guaranteed=[c for c in guaranteed if c != lost]), f"guaranteed: {len(guaranteed) - 1} children"


@waiting
def guaranteed_child_not_matched(right: Right) -> Answer:
    free = [c for c in in_order(right.world) if c not in right.partners]
    if not free:
        return None
    wrong = right.rng.choice(free)
    some = {*right.plan["guaranteed"][1:], wrong}
    listed = [c for c in in_order(right.world) if c in some]
    return right.judged(guaranteed=listed), f"child {wrong}: guaranteed a match, but not matched"


@waiting
def guaranteed_out_of_order(right: Right) -> Answer:
    guaranteed = right.plan["guaranteed"]
    return (right.judged(guaranteed=guaranteed[::-1]), "not in the order of registered_on") if len(guaranteed) > 1 else None


@waiting
def guaranteed_twice(right: Right) -> Answer:
    first, *rest = right.plan["guaranteed"]
    return right.judged(guaranteed=[first, first, *rest]), "or somebody twice"


@waiting
def guaranteed_stranger(right: Right) -> Answer:
    return right.judged(guaranteed=[*right.plan["guaranteed"], "B77"]), "'B77' is no known child"


def _holding(right: Right, matched: int) -> Plan | None:
    """The best plan of another set of so many children, all of them said to be guaranteed."""
    plans = [p for p in all_plans(right.world, right.points) if len(p) == matched and p.keys() != right.partners.keys()]
    if not plans or crossing(right.world, right.points):
        return None
    held = right.rng.choice(plans).keys()
    best = best_of(right.world, right.points, [p for p in plans if p.keys() == held])
    return told_guaranteed(right.world, right.points, [c for c in in_order(right.world) if c in held], best)


@waiting
def someone_passed_over(right: Right) -> Answer:
    wrong = _holding(right, right.plan["matched"])
    return None if wrong is None else (check_plan(right.world, wrong), "passed over, but could be guaranteed a match")


@waiting
def fewer_guaranteed_than_possible(right: Right) -> Answer:
    wrong = _holding(right, right.plan["matched"] - 1)
    return None if wrong is None else (check_plan(right.world, wrong), "but one more is possible")


@waiting
def worse_plan_of_the_guaranteed(right: Right) -> Answer:
    worse = [
        o for o in right.others() if {c for c, _, _ in o["pairs"]} == right.partners.keys() and o["total"] < right.plan["total"]
    ]
    return (check_plan(right.world, right.rng.choice(worse)), "not proved optimal") if worse else None


@waiting
def tie_of_the_guaranteed_settled_otherwise(right: Right) -> Answer:
    same = [
        o for o in right.others() if {c for c, _, _ in o["pairs"]} == right.partners.keys() and o["total"] == right.plan["total"]
    ]
    return (check_plan(right.world, right.rng.choice(same)), "but an equally good plan gives") if same else None


@waiting
def prices_of_the_guaranteed_too_low(right: Right) -> Answer:
    free = [c for c in right.plan["guaranteed"] if c not in {b for b, _ in right.world.locked}]
    if not free:
        return None
    prices, c = right.plan["prices"], right.rng.choice(free)
    lower = {**prices, "children": {**prices["children"], c: prices["children"][c] - 1}}
    return right.judged(prices=lower), f"pair {c}-{right.partners[c]}: worth 1 more than its prices"


BASES = {"nested": NESTED, "crossed": CROSSED, "waiting": WAITING}


@pytest.mark.parametrize(("base", "name"), [(base, name) for base, faults in BASES.items() for name in sorted(faults)])
def test_a_planted_fault_is_caught(base: str, name: str) -> None:
    plant, planted, seed = BASES[base][name], 0, 0
    while planted < PLANS:
        seed += 1
        assert seed < 60 * PLANS, f"{planted} answers could be spoilt so"
        rng = random.Random(f"{base} {name} {seed}")
        case, settings = limited_case(rng, cross=base == "crossed"), random_settings(rng)
        answer = (solved_waiting_first if base == "waiting" else solved)(case, settings)
        if answer is None or not answer[1]["pairs"] or ("proof" in answer[1]) != (base == "crossed"):
            continue
        right = Right(case, settings, answer, rng)
        if not planted:
            assert right.judged() == []
        outcome = plant(right)
        if outcome is not None:
            planted += 1
            faults, words = outcome
            assert any(words in text for text in faults), (seed, words, faults)


def test_there_are_twenty_five_kinds_and_more() -> None:
    assert len({*NESTED, *CROSSED, *WAITING}) >= 25
