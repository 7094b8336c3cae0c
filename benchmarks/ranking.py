"""One child's best volunteers: ranked by score alone, and as proposals with their reasons."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from benchmarks.peers import numpy_best, numpy_bodies, ours, polars_cross
from benchmarks.peers.instance import instance, of_one_child
from benchmarks.tools.clock import Contestant, raced, together
from benchmarks.tools.figures import Goal, goals_table, short
from benchmarks.tools.section import Lines, Section, Table
from constraints.rulebook import load_rulebook
from matcher.candidates import pair_rules
from matcher.engine import Engine
from matcher.fused import fused_pairs
from matcher.geography.postcodes import load_postcodes
from matcher.judge import Judge
from matcher.loops import reading
from scenarios.synthetic import PLANNING_DATE, synthetic_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.peers.instance import Instance

SIZES = (280, 10_000, 100_000)
PROPOSING = (280, 10_000)
SEED, CHILDREN, TOP, TURNS, BUDGET, ASKED, MOST_SECONDS = 1, 5, 10, 9, 20.0, 100, 40.0
LOOP, GATHERED = "the compiled loop, one child", "the same, its columns gathered anew"
PEERS: Mapping[str, Callable[..., Callable[[], Any]]] = {
    "NumPy, written for it": numpy_best.prepare,
    "NumPy, the same bodies": numpy_bodies.prepare,
    "polars, cross join": polars_cross.prepare,
}
TEXT = (
    "*Ranking alone*: all rules about two people and all criteria for one child with every volunteer, and the {top} best scores. "
    "CPU milliseconds a child, mean of {children} children, medians of {turns} turns in which every contestant goes once, one "
    "thread; the best points are compared first and are equal. Everybody's columns of facts are ready; the peers are those of "
    "*Scoring pairs*, with one child a block.",
    f"- *{LOOP}*: the generated loop with its arguments ready. *{GATHERED}*: as the engine calls it "
    "(`matcher.fused.fused_pairs`); the engine has no call of its own for one child's ranking, it scores everybody once and "
    "keeps that.",
    "*Proposals*: `Engine.proposals` for one child, top {top}, plan and prices at hand: scores, parts, warnings, minutes, cost "
    "of each pair, who is displaced, robustness, and the independent checker's judgement of it all; *unchecked*: the "
    "same without that judgement. CPU milliseconds a call over {asked} children, or as many as "
    "{most:.0f} s are enough for; the first is not counted. Reasons are facts here; sentences are the workbench's.",
)
P95, UNCHECKED = "95 % take at most", "unchecked: "
QUANTILES = {"median": 0.5, P95: 0.95, "slowest": 1.0}
Milliseconds = dict[str, float]


def measure() -> Section:
    """Run both parts."""
    with reading("compiled"):
        ranked_at = {size: ranked(size, children=CHILDREN, turns=TURNS) for size in SIZES}
        proposed_at = {size: proposed(size, asked=ASKED) for size in PROPOSING}
    return section(ranked_at, proposed_at)


def ranked(volunteers: int, *, children: int, turns: int) -> Milliseconds:
    """CPU milliseconds a child of each contestant; raises ``ValueError`` where one finds other points."""
    print(f"  {volunteers:,} volunteers", file=sys.stderr, flush=True)
    given = instance(volunteers, seed=SEED, children=children)
    ones = [of_one_child(given, k) for k in range(children)]
    prepare = {LOOP: ours.loop, GATHERED: _gathered} | _a_child_at_a_time()
    contestants = {name: together([_best(make(one)) for one in ones]) for name, make in prepare.items()}
    return {name: 1e3 * taken / children for name, taken in raced(contestants, turns=turns, budget=BUDGET).items()}


def _a_child_at_a_time() -> dict[str, Callable[..., Callable[[], Any]]]:
    return {name: partial(peer, rows=1) for name, peer in PEERS.items()}


def _gathered(given: Instance) -> Callable[[], Any]:
    rules, child, volunteers = pair_rules(given.rulebook), np.arange(1), np.arange(len(given.people.volunteers))
    return lambda: fused_pairs(given.people, given.rulebook, rules, child, volunteers)


def _best(call: Callable[[], Any]) -> Contestant:
    """Pairs in, the best of them out: positions and points, best first."""

    def best() -> Any:  # noqa: ANN401
        _, volunteer, points = call()
        top = np.argpartition(-points, TOP)[:TOP] if len(points) > TOP else np.arange(len(points))
        top = top[np.argsort(-points[top], kind="stable")]
        return volunteer[top], points[top]

    return Contestant(best, lambda found: found[1].tolist())


def proposed(volunteers: int, *, asked: int) -> Milliseconds:
    """CPU milliseconds of a child's proposals: of half the children, of 95 % and of all no more than this; and unchecked."""
    print(f"  proposals among {volunteers:,} volunteers", file=sys.stderr, flush=True)
    case = synthetic_case(children=volunteers, volunteers=volunteers, seed=SEED)
    engine = Engine.of(case, load_rulebook(PLANNING_DATE), load_postcodes())
    engine.assign()
    waiting = np.flatnonzero(np.diff(engine.candidates.starts) > 0)
    some = np.random.default_rng(SEED).choice(waiting, min(asked + 1, waiting.size), replace=False).tolist()
    ids = [engine.people.children[child].child_id for child in some]
    checked = _each(ids, engine)
    with patch.object(Judge, "accepts_proposals"):
        unchecked = _each(ids, engine)
    found: Milliseconds = {}
    for name, taken in (("", checked), (UNCHECKED, unchecked)):
        quantiles = np.quantile(taken, list(QUANTILES.values())).tolist()
        found |= {name + key: value for key, value in zip(QUANTILES, quantiles, strict=True)} | {f"{name}calls": len(taken)}
    return found


def _each(children: list[str], engine: Engine) -> list[float]:
    """CPU milliseconds of the proposals of each child but the first, as long as there is time."""
    taken: list[float] = []
    for child in children:
        began = time.process_time()
        engine.proposals([child], top=TOP)
        taken.append(1e3 * (time.process_time() - began))
        if len(taken) > 1 and sum(taken) > 1e3 * MOST_SECONDS:
            break
    return taken[1:]


def section(ranked_at: dict[int, Milliseconds], proposed_at: dict[int, Milliseconds]) -> Section:
    """Tables, goals and a picture."""
    names = list(next(iter(ranked_at.values())))
    rows = [(name, *(short(at[name]) for at in ranked_at.values())) for name in names]
    shares = ("ours / best peer", *(short(at[LOOP] / min(at[name] for name in PEERS)) for at in ranked_at.values()))
    ranking = Table(
        caption=f"ranking alone: the {TOP} best of one child",
        heading=("CPU ms", *(f"{n:,} volunteers" for n in ranked_at)),
        rows=(*rows, shares),
    )
    proposals = Table(
        caption="proposals for one child, with everything that is said about them",
        heading=("CPU ms", *(f"{n:,} volunteers" for n in proposed_at)),
        rows=tuple((name, *(short(at[name]) for at in proposed_at.values())) for name in next(iter(proposed_at.values()))),
    )
    goals = [Goal(f"{name}, {n:,} volunteers: ms", at[name], 1.0) for name in (LOOP, GATHERED) for n, at in ranked_at.items()]
    last = max(proposed_at)
    goals.append(Goal(f"proposals, {last:,} volunteers: ms, {P95}", proposed_at[last][P95], 10.0))
    picture = Lines(
        name="performance-ranking",
        title=f"The {TOP} best of one child",
        across="volunteers",
        unit="CPU ms",
        lines={name: tuple((n, at[name]) for n, at in ranked_at.items()) for name in names},
    )
    text = [part.format(top=TOP, children=CHILDREN, turns=TURNS, asked=ASKED, most=MOST_SECONDS) for part in TEXT]
    tables = (ranking, proposals, goals_table(goals))
    return Section(title="One child's best volunteers", text=tuple(text), tables=tables, pictures=(picture,))
