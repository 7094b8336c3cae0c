"""Ways of exchange by hand-made networks and by re-solving larger plans with SciPy."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.check import World, check_plan, check_proposals
from matcher.check.certificate import most_points, proof_faults
from matcher.check.costs import PlanCosts
from matcher.check.network import Network, read_network
from matcher.check.residual import Exchanges
from matcher.check.ways import costs_back, tie_faults
from tests.check.instances import (
    Plan,
    case_of,
    child,
    eligible_points,
    plan_as_told,
    proposals_of,
    random_case,
    solved,
    volunteer,
    world_of,
)
from tests.volume import volume

BONUS = 1_000


def network(rows: list[tuple[str, str, int]], partners: dict[str, str], **prices: Any) -> Network:
    """A network of volunteers with one place each and no limits."""
    points = {(c, v): p for c, v, p in rows}
    return Network(
        rows=rows,
        planned={pair: points[pair] for pair in partners.items()},
        partners=partners,
        room={v: 1 for _, v, _ in rows},
        used=Counter(partners.values()),
        limits={},
        locked={},
        price={},
        bonus=BONUS,
        **prices,
    )


def one_apart() -> Network:
    """B1-F2 with B2-F1 is 115, one more than B1-F1 with B2-F2; the prices make B1-F1 tight all the same."""
    rows = [("B1", "F1", 50), ("B1", "F2", 60), ("B2", "F1", 55), ("B2", "F2", 64)]
    prices = {"u": {"B1": BONUS + 50, "B2": BONUS + 55}, "v": {"F2": 10}}
    return network(rows, {"B1": "F2", "B2": "F1"}, **prices)


def test_a_tight_pair_is_no_tie_when_the_way_back_costs_a_point() -> None:
    net = one_apart()
    assert proof_faults(net, 115) == []
    assert [net.excess(*row) for row in net.by_child["B1"]] == [0, 0]
    assert costs_back(Exchanges(net), "B1") == {"F1": 1, "F2": 0}
    assert costs_back(Exchanges(net), "B1", at_most=0) == {"F2": 0}
    assert costs_back(Exchanges(net), "B1", at_most=1) == {"F1": 1, "F2": 0}
    assert list(tie_faults(net, ["B1", "B2"])) == []
    costs = PlanCosts(net)
    found = [costs.of(child_id, volunteer_id) for child_id, volunteer_id, _ in net.rows]
    assert found == [(1, 0), (0, 0), (0, 0), (1, 0)]


def test_pairs_without_points_add_nothing_to_what_could_be_won() -> None:
    """By the children 5, by the places 10; and the other way about."""
    two_places = network([("B1", "F1", 5), ("B2", "F1", 0), ("B2", "F2", 5)], {}, u={}, v={})
    assert most_points(two_places) == 10
    assert most_points(network([("B1", "F1", 0), ("B2", "F1", 5), ("B2", "F2", 5)], {}, u={}, v={})) == 5
    assert most_points(network([("B1", "F1", 0), ("B1", "F2", 5), ("B2", "F2", 5)], {}, u={}, v={})) == 5


def test_a_way_that_must_lose_a_match_costs_its_price() -> None:
    """B2 suits F1 alone: B1 can have F1 only if B2 goes without."""
    net = network(
        [("B1", "F1", 50), ("B1", "F2", 60), ("B2", "F1", 55)],
        {"B1": "F2", "B2": "F1"},
        u={"B1": BONUS + 50, "B2": BONUS + 55},
        v={"F2": 10},
    )
    assert proof_faults(net, 115) == []
    assert list(tie_faults(net, ["B1", "B2"])) == []
    assert PlanCosts(net).of("B1", "F1") == (65, 1)
    assert PlanCosts(net).of("B2", "F2") == (None, None)


def test_fixed_children_stay_where_they_are() -> None:
    rows = [("B1", "F1", 50), ("B1", "F2", 50), ("B2", "F1", 50), ("B2", "F2", 50)]
    net = network(rows, {"B1": "F2", "B2": "F1"}, u={"B1": BONUS + 50, "B2": BONUS + 50}, v={})
    assert list(tie_faults(net, ["B1", "B2"])) == ["child B1: has F2, but an equally good plan gives F1"]
    assert list(tie_faults(net, ["B2", "B1"])) == []
    assert costs_back(Exchanges(net, held={"B2"}), "B1") == {"F2": 0}


def test_one_id_may_be_a_childs_a_volunteers_and_a_matchers() -> None:
    children = [child(i, matcher_id="1") for i in ("1", "2", "3")]
    matchers = ({"matcher_id": "1", "max_new_friendships": 2},)
    answer = solved(case_of(children, [volunteer(i) for i in ("1", "2", "3")], matchers=matchers))
    assert answer is not None
    assert check_plan(*answer) == []
    assert check_proposals(answer[0], proposals_of(*answer, 3), answer[1], top=3) == []
    alone = solved(case_of([child("1", gender="girl", wants_gender="any")], [volunteer("1"), volunteer("2", wants_gender="any")]))
    assert alone is not None
    assert costs_back(Exchanges(read_network(*alone)), "1").keys() == {"1", "2"}


def test_prices_of_nothing_may_be_left_out_of_costs() -> None:
    for seed in range(volume(ci=150, long=3_000)):
        answer = solved(random_case(random.Random(seed)))
        if answer is None:
            continue
        world, plan = answer
        prices = plan["prices"]
        kept = {side: {k: p for k, p in prices[side].items() if p} for side in ("children", "volunteers", "matchers")}
        slim = {**plan, "prices": {**kept, "match_bonus": prices["match_bonus"]}}
        assert check_plan(world, slim) == []
        assert check_proposals(world, proposals_of(world, plan, 3), slim, top=3) == []


def larger(seed: int) -> tuple[World, Plan]:
    """Fourteen children and thirteen volunteers, all with one place, planned by SciPy."""
    rng = random.Random(seed)
    words = ("chess", "music", "golf", "art", "food", "cars")
    kids = [child(f"B{i:02}", likes=tuple(rng.sample(words, 3)), postcode=rng.choice(("2750", "2740"))) for i in range(14)]
    adults = [
        volunteer(
            f"F{i:02}", likes=tuple(rng.sample(words, 3)), dislikes=(rng.choice(words),), transport=rng.choice(("car", "bike"))
        )
        for i in range(13)
    ]
    out = tuple({"child_id": f"B{i:02}", "volunteer_id": f"F{j:02}"} for i in range(14) for j in range(13) if rng.random() < 0.55)
    world = world_of(case_of(kids, adults, declines=out))
    points = eligible_points(world)
    return world, plan_as_told(world, points, best(points))


def best(points: dict[tuple[str, str], int], without: tuple[str, str] = ("", "")) -> dict[str, str]:
    """Most matches, then most points, over pairs that share nobody with ``without``."""
    free = {(c, v): p for (c, v), p in points.items() if c != without[0] and v != without[1]}
    children, volunteers = sorted({c for c, _ in free}), sorted({v for _, v in free})
    worth = np.zeros((len(children), len(volunteers)))
    for (c, v), p in free.items():
        worth[children.index(c), volunteers.index(v)] = 10_000_000 + p
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return {children[i]: volunteers[j] for i, j in zip(rows, columns, strict=True) if worth[i, j]}


def test_costs_in_larger_plans_as_by_solving_again() -> None:
    for seed in range(volume(ci=6, long=200)):
        world, plan = larger(seed)
        points = {(c, v): p for c, v, p in plan["eligible_pairs"]}
        net = read_network(world, plan)
        assert proof_faults(net, plan["total"]) == []
        costs = PlanCosts(net)
        for pair, value in points.items():
            rest = best(points, without=pair)
            total = value + sum(points[other] for other in rest.items())
            assert costs.of(*pair) == (plan["total"] - total, plan["matched"] - len(rest) - 1), (seed, pair)
