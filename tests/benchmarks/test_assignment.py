"""The contestants of the assignment benchmarks give the right answer on small questions; nothing is timed that a test judges."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks import assignment, limits, prices, ranking
from benchmarks.peers import limited, markets
from benchmarks.tools.clock import Contestant, raced
from benchmarks.tools.figures import Goal, exponent, goals_table
from benchmarks.tools.pictures import draw
from benchmarks.tools.section import Section

BENCH_ONLY = "installed by dev.py bench alone"
SMALL = {
    "region": ((20, 25), (30, 30), (40, 40)),
    "scattered": ((30, 4), (50, 4), (70, 4)),
    "complete": ((10, 10), (20, 20), (30, 30)),
    "perfect": ((30, 5), (40, 5), (50, 5)),
}


def best_by_hand(market: markets.Market) -> tuple[int, int]:
    """Number of pairs and total of the best plan, by trying every choice of every left."""
    options = [[-1, *np.flatnonzero(market.left == i).tolist()] for i in range(market.n_left)]
    plans = ([k for k in plan if k >= 0] for plan in product(*options))
    fits = (plan for plan in plans if len({int(market.right[k]) for k in plan}) == len(plan))
    return max((len(plan), int(market.points[plan].sum())) for plan in fits)


@pytest.mark.parametrize("name", assignment.PREPARE)
@pytest.mark.parametrize(
    "market",
    [
        markets.scattered(6, 2, seed=1),
        markets.scattered(6, 3, seed=2),
        markets.complete(5, seed=3),
        markets.perfect(6, 2, seed=4),
    ],
    ids=["scattered", "scattered more", "complete", "perfect"],
)
def test_every_contestant_finds_the_best_plan(name, market):
    if name in assignment.PACKAGE:
        pytest.importorskip(assignment.PACKAGE[name], reason=BENCH_ONLY)
    contestant = assignment.PREPARE[name](market)
    assert contestant.value(contestant.call()) == best_by_hand(market)


def test_a_region_is_a_tenth_eligible_and_scattered_pairs_are_sorted():
    market = markets.region(200, 220, seed=1)
    assert 0.08 < market.left.size / (200 * 220) < 0.12
    keys = market.left.astype(np.int64) * market.n_right + market.right
    assert (np.diff(keys) > 0).all()
    assert 0 <= market.points.min() <= market.points.max() <= markets.TOP


def test_an_answer_that_matches_somebody_twice_or_what_may_not_be_is_told():
    market = markets.complete(3, seed=1)
    with pytest.raises(ValueError, match="twice"):
        market.value([0, 1], [2, 2])
    assert market.value([0], [3]) == (0, 0)


def test_a_family_is_timed_and_becomes_a_section(tmp_path, monkeypatch):
    found = {}
    monkeypatch.setattr(assignment, "DRAWS", 1)
    for key, family in assignment.FAMILIES.items():
        small = replace(family, sizes=SMALL[key])
        seconds = assignment.timed(small, small.sizes, turns=1, seed=1)
        assert set(seconds[assignment.OURS]) == set(small.sizes)
        names = small.contestants(small.sizes[-1])
        found[key] = assignment.Measured(small, seconds, dict.fromkeys(names, 1.0))
    section = assignment.section(found)
    assert Section.of_json(section.json()) == section
    for picture in section.pictures:
        draw(picture, tmp_path / "one.svg")
        assert "<svg" in (tmp_path / "one.svg").read_text("utf-8")
        draw(picture, tmp_path / "two.svg")
        assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_memory_grows_with_what_is_held(tmp_path):
    small, large = tmp_path / "small.npz", tmp_path / "large.npz"
    markets.complete(10, seed=1).save(small)
    markets.complete(2_000, seed=1).save(large)
    assert assignment.held(assignment.DENSE, small, large) > 20  # its matrix alone takes 32 MB
    again = markets.Market.load(large)
    assert again.perfect
    assert again.complete


@pytest.mark.parametrize("seed", [1, 2])
def test_contestants_agree_under_limits(seed):
    pytest.importorskip("highspy", reason=BENCH_ONLY)
    for question in (limited.nested(30, 35, seed=seed), limited.crossing(30, 35, seed=seed)):
        ours = limited.ours(question)
        right = ours.value(ours.call())
        assert right[0] > 0
        peers = [limited.mip(question), limited.cp_sat(question, seconds=60)]
        if question.limits[0].least == 0 and len(question.limits) == limited.PARTS:
            peers += [limited.min_cost_flow(question), limited.ours(question, solver="kernel")]
        assert [peer.value(peer.call()) for peer in peers] == [right] * len(peers)


def test_a_broken_limit_is_told():
    question = limited.crossing(30, 35, seed=1)
    with pytest.raises(ValueError, match="capacity"):
        question.value(np.ones(question.market.left.size, dtype=np.bool_))
    with pytest.raises(ValueError, match="limit"):
        question.value(np.zeros(question.market.left.size, dtype=np.bool_))


def test_limits_become_a_section(monkeypatch):
    pytest.importorskip("highspy", reason=BENCH_ONLY)
    monkeypatch.setattr(limits, "DRAWS", 1)
    found = [(kind, {(20, 20): limits.timed(kind, (20, 20), turns=1, cap=20.0)}) for kind in limits.KINDS]
    section = limits.section(found)
    assert Section.of_json(section.json()) == section


def test_costs_and_changes_agree_with_solving_anew(monkeypatch):
    pytest.importorskip("highspy", reason=BENCH_ONLY)
    monkeypatch.setattr(prices, "SAMPLE", 10)
    costs = {(40, 45): prices.costs_of(markets.region(40, 45, seed=2))}
    changes = {"tiny": prices.changed(markets.region(40, 45, seed=2), turns=1)}
    section = prices.section(costs, changes)
    assert Section.of_json(section.json()) == section


def test_rankings_agree_and_become_a_section(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_SECONDS", 1.0)
    section = ranking.section({40: ranking.ranked(40, children=2, turns=1)}, {30: ranking.proposed(30, asked=2)})
    assert Section.of_json(section.json()) == section


def test_a_contestant_that_errs_is_refused():
    right, wrong = Contestant(lambda: 1, lambda found: found), Contestant(lambda: 2, lambda found: found)
    with pytest.raises(ValueError, match="wrong finds 2, and right 1"):
        raced({"right": right, "wrong": wrong}, turns=1, budget=1.0)
    assert set(raced({"right": right}, turns=1, budget=1.0)) == {"right"}


def test_growth_is_a_power_and_goals_are_judged():
    assert exponent([(n, 3 * n**2) for n in (1, 10, 100)]) == pytest.approx(2)
    assert exponent([(1, 1), (2, 2)]) is None
    rows = goals_table([Goal("a", 0.1, 0.2), Goal("b", 0.3, 0.2)]).rows
    assert [row[-1] for row in rows] == ["reached", "not reached"]
