"""What a plan's prices are good for: the cost of every pair, and plans that are mended after a change instead of made anew."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.peers import assignment_scipy, markets
from benchmarks.peers.warm_highs import WarmHighs
from benchmarks.tools.clock import Contestant, raced
from benchmarks.tools.figures import Goal, goals_table, short
from benchmarks.tools.section import Section, Table
from matcher.assignment import ScoredPairs, plan_costs, solve
from matcher.assignment.warm import Live
from matcher.loops import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from benchmarks.peers.markets import Market
    from matcher.assignment import PlanCosts, Solved

    Tuples = list[tuple[int, int]]

COST_SIZES = ((255, 280), (1_000, 1_000))
MARKETS: Mapping[str, Callable[[], Market]] = {
    "region, 255 by 280": lambda: markets.region(255, 280, seed=1),
    "region, 1,000 by 1,000": lambda: markets.region(1_000, 1_000, seed=1),
    "sparse, 5,000, 10 each": lambda: markets.scattered(5_000, 10, seed=1),
}
SAMPLE, LEAVERS, SHARE, TURNS, BUDGET = 30, 20, 0.01, 3, 30.0
TEXT = (
    "*Cost of every pair*: what the best plan has more, in matches and points, than the best plan with that pair; `plan_costs` "
    "with plan and prices ready, compiled. The peer solves anew with the pair forced, SciPy's `linear_sum_assignment` with its "
    "matrix ready: {sample} pairs drawn at random, compared with ours one by one, and their CPU extrapolated to all pairs.",
    "*One leaves, and 1 % of the scores change*: `matcher.assignment.warm.Live`, which proves each answer, beside HiGHS's "
    "simplex (highspy), which starts from the basis it had. {leavers} volunteers with a match leave one after the other, "
    "then 1 % of the pairs trade their scores; both do each in turn, and number of pairs and total are compared after each. CPU "
    "microseconds a change; the median of {turns} runs with other people and pairs. Making the first plan is not counted.",
)


@dataclass
class Change:
    """CPU seconds of a change, one figure a run."""

    ours: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Our CPU over HiGHS's."""
        return median(self.ours) / median(self.highs)


Changes = dict[str, tuple[Change, Change]]
Costs = dict[tuple[int, int], tuple[int, float, float]]


def measure() -> Section:
    """Run both parts."""
    with reading("compiled"):
        costs = {size: costs_of(markets.region(*size, seed=1)) for size in COST_SIZES}
        changes = {}
        for name, draw in MARKETS.items():
            print(f"  {name}", file=sys.stderr, flush=True)
            changes[name] = changed(draw(), turns=TURNS)
    return section(costs, changes)


def _solved(market: Market) -> tuple[ScoredPairs, Solved]:
    pairs = ScoredPairs.of(market.left, market.right, market.points, n_left=market.n_left, n_right=market.n_right)
    return pairs, solve(pairs, np.arange(market.n_left))


def costs_of(market: Market) -> tuple[int, float, float]:
    """Number of pairs, and CPU seconds a pair: of ``plan_costs``, and of solving anew; ``ValueError`` where they differ."""
    pairs, solved = _solved(market)
    sample = np.sort(np.random.default_rng(1).choice(pairs.n_pairs, SAMPLE, replace=False))

    def with_each(costs: PlanCosts) -> Tuples:
        some = costs.of(sample)
        return list(zip((solved.matched - some.lost).tolist(), (solved.total - some.cost).tolist(), strict=True))

    taken = raced(
        {"ours": Contestant(lambda: plan_costs(pairs, solved), with_each), "anew": _anew(market, sample)},
        turns=TURNS,
        budget=BUDGET,
    )
    return pairs.n_pairs, taken["ours"] / pairs.n_pairs, taken["anew"] / SAMPLE


def _anew(market: Market, sample: npt.NDArray[np.int64]) -> Contestant:
    """Each sampled pair forced by a cost below all others, and everything solved again."""
    cost = assignment_scipy.matrix(market)
    forced = 2.0 * market.n_left * float(cost.min())

    def call() -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        found = []
        for at in zip(market.left[sample], market.right[sample], strict=True):
            before, cost[at] = cost[at], forced
            found.append(linear_sum_assignment(cost))
            cost[at] = before
        return found

    return Contestant(call, lambda found: [market.value(*one) for one in found])


def changed(market: Market, *, turns: int) -> tuple[Change, Change]:
    """Volunteers who leave, and scores that change; raises ``ValueError`` where HiGHS finds another plan."""
    leave, rescore = Change(), Change()
    pairs, solved = _solved(market)
    matched = np.unique(solved.match[solved.match >= 0])
    for turn in range(-1, turns):
        random = np.random.default_rng(10 + turn)
        live, highs = Live(pairs, solved), WarmHighs(market)
        here, there = [], []
        for right in random.choice(matched, min(LEAVERS, matched.size), replace=False).tolist():
            here.append(_seconds(live.close_right, right))
            there.append(_seconds(highs.close_right, right))
            _must_equal(live, highs)
        some = np.sort(random.choice(pairs.n_pairs, max(2, int(SHARE * pairs.n_pairs)), replace=False))
        points = random.permutation(market.points[some])
        both = _seconds(live.change_points, some, points), _seconds(highs.change_points, some, points)
        _must_equal(live, highs)
        if turn >= 0:  # the first run compiles what is not compiled yet
            leave.ours.append(fmean(here))
            leave.highs.append(fmean(there))
            rescore.ours.append(both[0])
            rescore.highs.append(both[1])
    return leave, rescore


def _seconds(call: Callable[..., None], *arguments: object) -> float:
    began = time.process_time()
    call(*arguments)
    return time.process_time() - began


def _must_equal(live: Live, highs: WarmHighs) -> None:
    if highs.value() != (live.matched, live.total):
        raise ValueError(f"HiGHS finds {highs.value()}, and ours {(live.matched, live.total)}")


def section(costs: Costs, changes: Changes) -> Section:
    """Tables and goals."""
    cost_table = Table(
        caption="cost of every pair",
        heading=("", *(f"{left:,} by {right:,}" for left, right in costs)),
        rows=(
            ("pairs", *(f"{n:,}" for n, _, _ in costs.values())),
            ("ours, microseconds a pair", *(short(1e6 * ours) for _, ours, _ in costs.values())),
            ("solving anew, microseconds a pair", *(short(1e6 * anew) for _, _, anew in costs.values())),
            ("ours, all pairs, ms", *(short(1e3 * n * ours) for n, ours, _ in costs.values())),
            ("solving anew, all pairs, ms (extrapolated)", *(short(1e3 * n * anew) for n, _, anew in costs.values())),
            ("ours / solving anew", *(f"1/{anew / ours:,.0f}" for _, ours, anew in costs.values())),
        ),
    )
    tables = [cost_table]
    for k, what in enumerate(("one volunteer leaves", "1 % of the scores change")):
        rows = [
            (name, short(1e6 * median(of[k].ours)), short(1e6 * median(of[k].highs)), f"1/{1 / of[k].ratio:,.0f}")
            for name, of in changes.items()
        ]
        heading = ("CPU microseconds", "ours, proved", "HiGHS, warm basis", "ours / HiGHS")
        tables.append(Table(caption=what, heading=heading, rows=tuple(rows)))
    (first, (_, ours, _)), *_ = costs.items()
    goals = [Goal(f"plan cost, {first[0]} by {first[1]}: microseconds a pair", 1e6 * ours, 6.0)]
    goals += [Goal(f"one leaves, {name}: of HiGHS", leave.ratio, 1 / 100) for name, (leave, _) in changes.items()]
    goals += [Goal(f"1 % of scores, {name}: of HiGHS", rescore.ratio, 1 / 50) for name, (_, rescore) in changes.items()]
    text = [part.format(sample=SAMPLE, leavers=LEAVERS, turns=TURNS) for part in TEXT]
    return Section(title="Costs of pairs, and changes", text=tuple(text), tables=(*tables, goals_table(goals)))
