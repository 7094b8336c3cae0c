"""Ways found no further than asked against full searches, and one judge for many lists against a new judge for each."""

from __future__ import annotations

import random

from matcher.check import ProposalsJudge, check_proposals
from matcher.check.network import read_network
from matcher.check.residual import SINK, SOURCE, Exchanges, Node
from matcher.check.ways import Ways
from tests.check.instances import Row, proposals_of, random_case, random_settings, solved
from tests.volume import volume


def bellman_ford(exchanges: Exchanges, nodes: list[Node], home: Node) -> dict[Node, int]:
    """Costs of cheapest ways to ``home``, all steps looked at until nothing changes."""
    cost, changed = {home: 0}, True
    while changed:
        changed = False
        for node in nodes:
            for before, step in exchanges.into(node) if node in cost else ():
                if cost[node] + step < cost.get(before, 10**18):
                    cost[before], changed = cost[node] + step, True
    return cost


def test_a_search_shared_and_asked_in_any_order_finds_the_cheapest_ways() -> None:
    dear = 0
    for seed in range(volume(ci=150, long=3_000)):
        rng = random.Random(seed)
        answer = solved(random_case(rng), random_settings(rng))
        net = None if answer is None or answer[1]["prices"] is None else read_network(*answer)
        if net is None or net.forest is None:
            continue
        exchanges = Exchanges(net)
        outside = Ways(exchanges, SINK)
        nodes = [("child", c) for c in net.by_child] + [("volunteer", v) for v in net.room]
        nodes += [SINK, SOURCE, *(("limit", name) for name in net.limits)]
        for home in rng.sample(nodes, min(4, len(nodes))):
            right = bellman_ford(exchanges, nodes, home)
            ways = Ways(exchanges, home, outside)
            for node in rng.sample(nodes, len(nodes)):
                at_most = rng.choice([right.get(node, 0), right.get(node, 0) - 1])
                assert ways.cost(node, at_most) == (right[node] if right.get(node, at_most + 1) <= at_most else None)
                assert ways.cost(node) == right.get(node), (seed, home, node)
                dear += right.get(node, 0) > 0
    assert dear > 100


def test_one_judge_for_many_lists_finds_what_a_new_judge_finds() -> None:
    refused = 0
    for seed in range(volume(ci=100, long=2_000)):
        rng = random.Random(seed)
        answer = solved(random_case(rng), random_settings(rng))
        if answer is None:
            continue
        world, plan = answer
        rows = proposals_of(world, plan, 3)
        judge = ProposalsJudge(world, plan)
        for row in rng.sample(rows, len(rows)):
            mine: list[Row] = [{**one} for one in rows if one["child_id"] == row["child_id"]]
            victim = rng.choice(mine)
            victim["plan_cost"] = rng.choice([victim["plan_cost"], (victim["plan_cost"] or 0) + 1, None])
            mine = mine[: rng.randint(1, len(mine))]
            expected = check_proposals(world, mine, plan, top=3, asked=[row["child_id"]])
            assert judge.faults(mine, top=3, asked=[row["child_id"]]) == expected
            refused += expected != []
    assert refused > 50
