"""Whether a plan or a list of proposals is data that can be judged at all: keys, kinds, known ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from matcher.check.groups import quota_name
from matcher.check.world import World

PLAN_KEYS = ("pairs", "eligible_pairs", "unmatched", "matched", "total", "bound", "status", "prices")
ROW_KEYS = ("child_id", "rank", "volunteer_id", "points", "parts", "minutes", "plan_cost", "matches_lost")
STATUSES = frozenset({"optimal", "feasible"})
PROOFS = frozenset({"prices", "search"})
ROBUST = frozenset({"always", "sometimes", "never"})


def whole(value: object) -> bool:
    """Whether it is a whole number (a truth value is none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def plan_shape(world: World, plan: Mapping[str, Any]) -> list[str]:
    """What keeps the plan from being judged."""
    missing = [f"plan: {key} is missing" for key in PLAN_KEYS if key not in plan]
    if missing:
        return missing
    faults = [*_pair_rows(world, "pairs", plan["pairs"]), *_pair_rows(world, "eligible_pairs", plan["eligible_pairs"])]
    faults += [
        f"unmatched: {row!r} names no known child, or not one reason"
        for row in plan["unmatched"]
        if len(row) != 2 or row[0] not in world.children
    ]
    faults += [f"plan: {key} is no whole number" for key in ("matched", "total", "bound") if not whole(plan[key])]
    if plan["status"] not in STATUSES:
        faults.append(f"plan: status {plan['status']!r} is neither optimal nor feasible")
    if plan.get("proof", "prices") not in PROOFS:
        faults.append(f"plan: proof {plan['proof']!r} is neither prices nor search")
    unknown = [child_id for child_id in plan.get("guaranteed") or () if child_id not in world.children]
    faults += [f"guaranteed: {child_id!r} is no known child" for child_id in unknown]
    if plan["prices"] is not None:
        faults += price_shape(world, plan["prices"])
    elif plan["status"] == "optimal":
        faults.append("plan: called optimal without prices")
    return faults


def price_shape(world: World, prices: Mapping[str, Any]) -> list[str]:
    """What is wrong with the prices as data: names, ids, whole numbers."""
    faults = [] if whole(prices.get("match_bonus")) else ["prices: match_bonus is no whole number"]
    people: Mapping[str, Mapping[str, Any]] = {"children": world.children, "volunteers": world.volunteers}
    for side in ("children", "volunteers", "matchers"):
        if side not in prices:
            faults.append(f"prices: {side} missing")
            continue
        given = prices[side]
        unknown = given.keys() - people[side].keys() if side in people else ()  # a matcher without a limit has no say
        faults += [f"prices: {side} {key} is unknown" for key in sorted(unknown)]
        faults += [f"prices: {side} {key} is no whole number" for key, value in given.items() if not whole(value)]
    return [*faults, *_quota_prices(world, prices.get("quotas", {}))]


def _quota_prices(world: World, given: Mapping[str, Any]) -> Iterator[str]:
    known = {quota_name(row["dimension"], row["value"]) for row in world.quotas}
    for key, value in given.items():
        dimension, _, said = key.partition("=")
        if quota_name(dimension, said) not in known:
            yield f"prices: quotas {key} is unknown"
        if not whole(value):
            yield f"prices: quotas {key} is no whole number"


def proposals_shape(world: World, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What keeps the rows from being judged."""
    faults = []
    for number, row in enumerate(rows, start=1):
        missing = [key for key in ROW_KEYS if key not in row]
        if missing:
            faults.append(f"proposal {number}: {', '.join(missing)} missing")
        elif row["child_id"] not in world.children or row["volunteer_id"] not in world.volunteers:
            faults.append(f"proposal {number}: {row['child_id']}-{row['volunteer_id']} are not both known")
        else:
            faults += [f"proposal {number}: {wrong}" for wrong in _row_kinds(row, world.caps)]
    return faults


def _row_kinds(row: Mapping[str, Any], criteria: Collection[str]) -> Iterator[str]:
    for key in ("rank", "points"):
        if not whole(row[key]):
            yield f"{key} is no whole number"
    for key in ("plan_cost", "matches_lost"):
        if row[key] is not None and not whole(row[key]):
            yield f"{key} is neither blank nor a whole number"
    if row.get("exact") not in (None, True, False):
        yield "exact is neither true nor false"
    if row.get("robust") and row["robust"] not in ROBUST:
        yield f"robust is {row['robust']!r}, not always, sometimes or never"
    if set(row["parts"]) != set(criteria):
        yield "parts are not the criteria's"
    elif not all(whole(part) for part in row["parts"].values()):
        yield "a part is no whole number"


def _pair_rows(world: World, name: str, rows: Sequence[Any]) -> Iterator[str]:
    for row in rows:
        if len(row) != 3 or not whole(row[2]):
            yield f"{name}: {row!r} is not (child_id, volunteer_id, points)"
        elif row[0] not in world.children or row[1] not in world.volunteers:
            yield f"{name}: {row[0]}-{row[1]} are not both known"
