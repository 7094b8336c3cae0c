"""Judges a plan: its pairs, its limits, its sums, the list of eligible pairs, and its claim to be the best."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from matcher.check.certificate import bound_faults, proof_faults
from matcher.check.guarantee import list_faults, more_matches_faults, passed_over_faults, waiting_order
from matcher.check.limits import as_decided, once_each, within_capacity, within_matchers_limits, within_quotas
from matcher.check.network import Network, read_network
from matcher.check.pair import FORBIDDEN, SLACK_METRES, failing, holds, points_window
from matcher.check.shape import plan_shape
from matcher.check.ways import tie_faults
from matcher.check.world import Pair, World

Triple = tuple[str, str, int]


def check_plan(
    world: World,
    plan: Mapping[str, Any],
    *,
    recheck_at_most: int = 1_000_000,
    ties_at_most: int = 2_000,
    seed: int = 0,
) -> list[str]:
    """Find everything that is wrong with a plan; an empty list accepts it.

    Parameters
    ----------
    world : World
        The case.
    plan : mapping
        ``pairs``, ``eligible_pairs`` and, where there are any, ``forbidden_pairs`` (child_id, volunteer_id, points),
        ``unmatched`` (child_id, reason), ``matched``,
        ``total``, ``bound``, ``status`` (``optimal`` or ``feasible``), ``prices`` (``children``, ``volunteers``, ``matchers``:
        id to whole number, 0 where missing; ``quotas``: ``dimension=value`` to whole number of either sign, 0 where missing;
        ``match_bonus``), or None where the status is ``feasible``. Where there are any: ``proof`` (``prices`` or ``search``,
        see below) and ``guaranteed`` (the ids of those who are guaranteed a match by waiting first, in their order; the
        prices are then of the question in which no other child has pairs).
    recheck_at_most : int
        Up to so many children times volunteers, every pair is judged anew; beyond it, as many pairs in a sample.
    ties_at_most : int
        Up to so many children the tie rule is checked, and who is guaranteed, where the plan is proved optimal and limits
        nest.
    seed : int
        Of the sample.

    Returns
    -------
    list of str
        Violations, each a sentence with the ids.

    Notes
    -----
    Where limits cross, whole prices that prove a plan the best need not exist. Such a plan may be called ``optimal`` by
    ``search``: then the prices bound its value from above, its pairs and limits are judged as always, but that nothing lies
    between its value and the bound is the engine's word. Nothing is said there of the tie rule, of more matches, or of who
    could be guaranteed one. Among plans that hold all the guaranteed no limit can bind, since each has the same children: there
    prices prove the best plan however limits lie.
    """
    faults = plan_shape(world, plan)
    if faults:
        return faults
    pairs = [(child_id, volunteer_id) for child_id, volunteer_id, _ in plan["pairs"]]
    faults = [
        *_in_order("pairs", plan["pairs"]),
        *_in_order("eligible_pairs", plan["eligible_pairs"]),
        *_each_pair(world, plan["pairs"]),
        *_as_listed(plan),
        *once_each(pairs),
        *within_capacity(world, pairs),
        *within_matchers_limits(world, pairs),
        *within_quotas(world, pairs),
        *as_decided(world, pairs),
        *(list_faults(world, plan) if plan.get("guaranteed") is not None else ()),
        *_everybody_answered(world, plan),
        *_sums(plan),
        *_listed(world, plan["eligible_pairs"], recheck_at_most, seed),
        *_forbidden(world, plan.get("forbidden_pairs", ())),
    ]
    if not faults and plan["prices"] is not None:
        return list(_priced(world, plan, ties_at_most))
    return list(dict.fromkeys(faults))  # a planned pair is judged in both lists


def _in_order(name: str, rows: Sequence[Triple]) -> Iterator[str]:
    for before, after in pairwise(rows):
        if before[:2] >= after[:2]:
            yield f"{name}: {after[0]}-{after[1]} comes after {before[0]}-{before[1]}: not in the order of ids, or twice"


def _each_pair(world: World, rows: Sequence[Triple]) -> Iterator[str]:
    for row in rows:
        yield from judge(world, row)


def judge(world: World, row: Triple) -> Iterator[str]:
    """What is wrong with the claim that a pair is eligible and earns so many points."""
    child, volunteer = world.children[row[0]], world.volunteers[row[1]]
    if not holds(world, child, volunteer, -SLACK_METRES):
        yield f"pair {row[0]}-{row[1]}: not eligible ({', '.join(failing(world, child, volunteer))})"
        return
    least, most = points_window(world, child, volunteer)
    if not least <= row[2] <= most:
        right = str(least) if least == most else f"{least} to {most}"
        yield f"pair {row[0]}-{row[1]}: {row[2]} points, {right} would be right"


def _as_listed(plan: Mapping[str, Any]) -> Iterator[str]:
    planned = {(child_id, volunteer_id): points for child_id, volunteer_id, points in plan["pairs"]}
    listed = {(c, v): points for c, v, points in plan["eligible_pairs"] if (c, v) in planned}
    for (child_id, volunteer_id), points in planned.items():
        stands = listed.get((child_id, volunteer_id))
        if stands != points:
            yield f"pair {child_id}-{volunteer_id}: {points} points in the plan, {stands} among the eligible pairs"


def _everybody_answered(world: World, plan: Mapping[str, Any]) -> Iterator[str]:
    """Each child without an active friendship is matched or, once, among the unmatched, with a reason."""
    matched = {child_id for child_id, _, _ in plan["pairs"]}
    told = Counter(child_id for child_id, _ in plan["unmatched"])
    for child_id, child in world.children.items():
        due = 0 if child_id in matched or child.befriended else 1
        if told[child_id] != due:
            yield f"child {child_id}: {told[child_id]} times among the unmatched, should be {due}"
    for child_id, reason in plan["unmatched"]:
        if not isinstance(reason, str) or not reason.strip():
            yield f"child {child_id}: unmatched without a reason"
    ids = [child_id for child_id, _ in plan["unmatched"]]
    if ids != sorted(ids):
        yield "unmatched: not in the order of child_id"


def _sums(plan: Mapping[str, Any]) -> Iterator[str]:
    count, total = len(plan["pairs"]), sum(points for _, _, points in plan["pairs"])
    if plan["matched"] != count:
        yield f"plan: matched is {plan['matched']}, there are {count} pairs"
    if plan["total"] != total:
        yield f"plan: total is {plan['total']}, the pairs' sum is {total}"
    if plan["bound"] < plan["total"]:
        yield f"plan: bound {plan['bound']} is below the total {plan['total']}"
    if plan["status"] == "optimal" and plan["bound"] != plan["total"]:
        yield f"plan: called optimal, but bound {plan['bound']} is not the total {plan['total']}"


def _listed(world: World, rows: Sequence[Triple], recheck_at_most: int, seed: int) -> Iterator[str]:
    """Whether the list is all eligible pairs with their points, by looking at every pair or at a sample."""
    children, volunteers = list(world.children), list(world.volunteers)
    if len(children) * len(volunteers) <= recheck_at_most:
        yield from _each_pair(world, rows)
        yield from _left_out(world, rows, dict.fromkeys((c, v) for c in children for v in volunteers))
        return
    draw = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    yield from _each_pair(world, draw.sample(rows, min(len(rows), recheck_at_most // 2)))
    drawn = [(draw.choice(children), draw.choice(volunteers)) for _ in range(recheck_at_most // 2)]
    yield from _left_out(world, rows, dict.fromkeys(drawn))


def _left_out(world: World, rows: Sequence[Triple], candidates: dict[Pair, None]) -> Iterator[str]:
    """Candidates that are eligible, but not in the rows; takes out of ``candidates`` those that are."""
    for child_id, volunteer_id, _ in rows:
        candidates.pop((child_id, volunteer_id), None)
    for child_id, volunteer_id in candidates:
        if not holds(world, world.children[child_id], world.volunteers[volunteer_id], SLACK_METRES):
            continue
        if not world.kept_out(child_id, volunteer_id):
            yield f"pair {child_id}-{volunteer_id}: eligible, but not among the eligible pairs"


def _forbidden(world: World, rows: Sequence[Triple]) -> Iterator[str]:
    """What is wrong with the claim that a matcher's word alone keeps these pairs out."""
    for child_id, volunteer_id, points in rows:
        child, volunteer = world.children[child_id], world.volunteers[volunteer_id]
        failed = [name for name in failing(world, child, volunteer, -SLACK_METRES) if name != FORBIDDEN]
        if failed or (child_id, volunteer_id) not in world.forbidden:
            yield f"pair {child_id}-{volunteer_id}: said to be forbidden only, but {', '.join(failed) or 'nobody forbade it'}"
        least, most = points_window(world, child, volunteer)
        if not least <= points <= most:
            yield f"pair {child_id}-{volunteer_id}: forbidden, {points} points, {least} to {most} would be right"


def _priced(world: World, plan: Mapping[str, Any], ties_at_most: int) -> Iterator[str]:
    """Whether the prices keep what the status promises, and whether the plan is the one that the contract's rules name."""
    net, waiting = read_network(world, plan), plan.get("guaranteed") is not None
    if plan["status"] != "optimal":
        yield from bound_faults(net, plan["total"])
        return
    everyone = read_network(world, {**plan, "guaranteed": None}) if waiting else net
    searched = plan.get("proof") == "search"
    faults = (bound_faults if searched and not waiting else proof_faults)(net, plan["total"])
    if searched and everyone.forest is not None:
        faults.append("plan: called optimal by search, but no limits cross: prices would prove it")
    yield from faults
    if not faults:
        order = waiting_order(world) if len(world.children) <= ties_at_most else []
        if waiting:
            yield from _guaranteed(everyone, order)
        if waiting or net.forest is not None:
            yield from tie_faults(net, order, all_kept=waiting)


def _guaranteed(everyone: Network, order: Sequence[str]) -> Iterator[str]:
    """Whether the matches are the most possible and nobody is passed over; where limits cross, that is not known."""
    if everyone.forest is not None:
        faults = list(more_matches_faults(everyone))
        yield from faults or passed_over_faults(everyone, order)
