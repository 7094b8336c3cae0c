"""Small cases, and their best plans by trying every plan: what the checker's tests compare with. No engine is asked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from matcher.check import World, eligible, read_world, score
from matcher.check.pair import minutes
from matcher.check.settings import CRITERIA
from matcher.check.world import free_places

TODAY = date(2027, 3, 1)
LONG_AGO = date(2026, 9, 1)
PLACES = {"2750": (55.7314, 12.3633), "2740": (55.7470, 12.3970), "3500": (55.7720, 12.3640), "8000": (56.1567, 10.2108)}
NEAR = ("2750", "2740", "3500")
WORDS = ("football", "chess", "cooking", "music", "swimming", "drawing")
SLOTS = tuple(f"{day}_{part}" for day in ("mon", "tue", "sat", "sun") for part in ("afternoon", "evening"))

Row = dict[str, Any]
Case = dict[str, Any]
Plan = dict[str, Any]


def child(child_id: str = "B1", **facts: Any) -> Row:
    """A boy of nine who is ready to be matched; ``facts`` replace or add columns."""
    return {
        "child_id": child_id,
        "programme": "voksenven",
        "birth_date": date(2018, 1, 15),
        "gender": "boy",
        "postcode": "2750",
        "latitude": None,
        "longitude": None,
        "municipality": "Ballerup",
        "registered_on": LONG_AGO,
        "home_visit_on": LONG_AGO,
        "languages": ("danish",),
        "likes": (),
        "dislikes": (),
        "wants_gender": None,
        "availability": (),
        "allergies": (),
        "smoke_free": False,
        "max_minutes": None,
        "expects_months": None,
        "initiative": (),
        "previous_friendships": 0,
        "matcher_id": None,
        **facts,
    }


def volunteer(volunteer_id: str = "F1", **facts: Any) -> Row:
    """A vetted man of 30 without any reservation; ``facts`` replace or add columns."""
    return {
        "volunteer_id": volunteer_id,
        "programmes": ("voksenven", "storebror", "familieven"),
        "birth_date": date(1997, 1, 15),
        "gender": "man",
        "postcode": "2750",
        "latitude": None,
        "longitude": None,
        "municipality": "Ballerup",
        "languages": ("danish",),
        "likes": (),
        "dislikes": (),
        "availability": (),
        "max_minutes": None,
        "expects_months": None,
        "wants_gender": None,
        "wants_age_min": None,
        "wants_age_max": None,
        "capacity": 1,
        "transport": "car",
        "smoker": None,
        "pets": (),
        "interview_on": LONG_AGO,
        "home_visit_on": LONG_AGO,
        "criminal_record_on": LONG_AGO,
        "child_certificate_on": LONG_AGO,
        "course_hours": 20.0,
        "paused_from": None,
        "paused_until": None,
        "stops_on": None,
        **facts,
    }


def friendship(child_id: str, volunteer_id: str, started_on: date = LONG_AGO, ended_on: date | None = None) -> Row:
    """A friendship, active unless it has ended."""
    return {
        "friendship_id": f"V{child_id}{volunteer_id}",
        "child_id": child_id,
        "volunteer_id": volunteer_id,
        "programme": "voksenven",
        "started_on": started_on,
        "ended_on": ended_on,
    }


def decision(kind: str, child_id: str, volunteer_id: str, rule: str = "") -> Row:
    return {"child_id": child_id, "volunteer_id": volunteer_id, "kind": kind, "rule": rule, "by": "M1", "reason": ""}


def random_settings(rng: random.Random) -> dict[str, object]:
    """The defaults, or weights that spread the scores from 0 to 100."""
    if rng.random() < 0.5:
        return {}
    return {f"weights.{name}": rng.choice((0, 1, 3)) for name in CRITERIA if name != "interests"}


def case_of(children: list[Row], volunteers: list[Row], **tables: Any) -> Case:
    return {"planning_date": TODAY, "children": tuple(children), "volunteers": tuple(volunteers), **tables}


def world_of(case: Case, settings: Mapping[str, object] | None = None) -> World:
    return read_world(case, settings or {}, PLACES)


def pair_world(child_facts: Row, volunteer_facts: Row, settings: Mapping[str, object] | None = None, **tables: Any) -> World:
    """A world of the child B1 and the volunteer F1 with these facts."""
    return world_of(case_of([child(**child_facts)], [volunteer(**volunteer_facts)], **tables), settings)


def random_case(rng: random.Random, children: int = 4, volunteers: int = 4) -> Case:
    """A small case with ties, limits, locks, refusals and people who are taken. Free ids: B9 is befriended, F9 has B9."""
    coarse = rng.random() < 0.5

    def some(words: tuple[str, ...]) -> tuple[str, ...]:
        return () if coarse else tuple(rng.sample(words, rng.randint(0, 3)))

    kids = [
        child(
            f"B{i}",
            birth_date=TODAY - timedelta(days=rng.randint(6 * 366, 13 * 365 - 10)),
            gender=rng.choice(("boy", "boy", "girl", "other")),
            wants_gender=rng.choice(("any", "any", "any", "man", "woman")),
            postcode=rng.choice(NEAR[:1] if coarse else NEAR),
            registered_on=LONG_AGO - timedelta(days=rng.randint(0, 2)),
            likes=some(WORDS),
            dislikes=some(WORDS),
            availability=some(SLOTS),
            expects_months=None if coarse else rng.choice((None, 6, 12, 24, 36)),
            matcher_id=rng.choice((None, "M1", "M2")),
            initiative=rng.choice(((), ("bryd_boblen",))),
            municipality=rng.choice(("Ballerup", "Herlev", None)),
        )
        for i in rng.sample(range(1, 9), rng.randint(2, children))
    ]
    adults = [
        volunteer(
            f"F{i}",
            birth_date=date(1990 if coarse else rng.randint(1960, 2005), 5, 17),
            gender=rng.choice(("man", "woman")),
            wants_gender=rng.choice(("any", "any", "any", "boy", "girl")),
            postcode=rng.choice(NEAR[:1] if coarse else NEAR),
            transport=rng.choice(("car", "bike", "public")),
            capacity=rng.choice((1, 1, 1, 2)),
            likes=some(WORDS),
            dislikes=some(WORDS),
            availability=some(SLOTS),
            expects_months=None if coarse else rng.choice((None, 6, 12, 24, 36)),
            smoker=rng.choice((None, True, False)),
        )
        for i in rng.sample(range(1, 9), rng.randint(2, volunteers))
    ]
    ids = [(k["child_id"], v["volunteer_id"]) for k in kids for v in adults]
    case = case_of(
        [*kids, child("B9", matcher_id="M1")],
        [*adults, volunteer("F9", capacity=rng.choice((1, 2)))],
        friendships=(friendship("B9", "F9"),),
        declines=tuple(
            {"child_id": c, "volunteer_id": v, "declined_on": LONG_AGO, "declined_by": "parent"} for c, v in rng.sample(ids, 1)
        ),
        decisions=tuple(decision("forbid", *pair) for pair in rng.sample(ids, rng.randint(0, 1))),
        matchers=(
            {"matcher_id": "M1", "postcode": "2750", "max_new_friendships": rng.choice((None, 1, 2))},
            {"matcher_id": "M2", "postcode": "2750", "max_new_friendships": None},
        ),
    )
    open_pairs = eligible_points(world_of(case))
    if open_pairs and rng.random() < 0.4:
        lock = rng.choice(sorted(open_pairs))
        case["decisions"] = (*case["decisions"], decision("lock", *lock))
    return case


def eligible_points(world: World) -> dict[tuple[str, str], int]:
    """Points of every eligible pair, pair by pair through the two doors."""
    return {
        (c, v): sum(score(world, c, v).values())
        for c in sorted(world.children)
        for v in sorted(world.volunteers)
        if not eligible(world, c, v)
    }


def all_plans(world: World, points: Mapping[tuple[str, str], int]) -> Iterator[dict[str, str]]:
    """Every plan within capacities, matchers' limits and quotas, with all locks: child_id to volunteer_id."""
    children = [c.id for c in sorted(world.children.values(), key=lambda c: (c.registered_on, c.id))]
    options = {c: [v for (child_id, v) in points if child_id == c] for c in children}
    locked = dict(world.locked)

    def extend(index: int, chosen: dict[str, str]) -> Iterator[dict[str, str]]:
        if index == len(children):
            yield dict(chosen)
            return
        child_id = children[index]
        if child_id not in locked:
            yield from extend(index + 1, chosen)
        for volunteer_id in [locked[child_id]] if child_id in locked else options[child_id]:
            if volunteer_id in options[child_id]:
                yield from extend(index + 1, {**chosen, child_id: volunteer_id})

    return (plan for plan in extend(0, {}) if _allowed(world, plan))


def _allowed(world: World, plan: Mapping[str, str]) -> bool:
    rooms = all(n <= free_places(world.volunteers[v]) for v, n in Counter(plan.values()).items())
    given = Counter(world.children[c].matcher_id for c in plan)
    limits = all(given[m] <= most for m, most in world.matcher_limits.items())
    quotas = all((q.get("at_least") or 0) <= len(under(world, q) & plan.keys()) <= _most(q) for q in world.quotas)
    return rooms and limits and quotas


def _most(quota: Mapping[str, Any]) -> int:
    return 10**9 if quota.get("at_most") is None else quota["at_most"]


def under(world: World, quota: Mapping[str, Any]) -> set[str]:
    """The children that count for a quota, as the contract has it."""
    column = {"matcher": "matcher_id", "initiative": "initiatives"}.get(quota["dimension"], quota["dimension"])
    found = set()
    for c in world.children.values():
        said = getattr(c, column)
        words = said if isinstance(said, frozenset) else [said or ""]
        if quota["value"].strip().lower() in [word.strip().lower() for word in words]:
            found.add(c.id)
    return found


def best_of(world: World, points: Mapping[tuple[str, str], int], plans: list[dict[str, str]]) -> dict[str, str]:
    """Most matches, then most points, then the contract's tie rule, by comparing all plans."""
    children = [c.id for c in sorted(world.children.values(), key=lambda c: (c.registered_on, c.id))]

    def key(plan: Mapping[str, str]) -> tuple[int, int, list[tuple[bool, str]]]:
        total = sum(points[pair] for pair in plan.items())
        return -len(plan), -total, [(c not in plan, plan.get(c, "")) for c in children]

    return min(plans, key=key)


def plan_as_told(world: World, points: Mapping[tuple[str, str], int], chosen: Mapping[str, str]) -> Plan:
    """The mapping that the checker takes, called optimal, with prices by Bellman-Ford."""
    listed = {"eligible_pairs": [(c, v, p) for (c, v), p in sorted(points.items())], "status": "optimal"}
    return told_again(world, {**listed, "prices": prices(world, points, chosen)}, chosen)


def told_again(world: World, plan: Plan, chosen: Mapping[str, str]) -> Plan:
    """The same list and prices with other pairs, all sums right."""
    points = {(c, v): p for c, v, p in plan["eligible_pairs"]}
    total = sum(points[pair] for pair in chosen.items())
    left = [c for c in sorted(world.children) if c not in chosen and not world.children[c].befriended]
    return {
        **plan,
        "pairs": [(c, v, points[c, v]) for c, v in sorted(chosen.items())],
        "unmatched": [(c, "no_place") for c in left],
        "matched": len(chosen),
        "total": total,
        "bound": total,
    }


@dataclass(frozen=True)
class Limit:
    """One limit of the case: whose, and the children with pairs that count."""

    side: str
    key: str
    members: frozenset[str]
    least: int
    most: int


def limits_in(world: World, points: Mapping[tuple[str, str], int]) -> list[Limit]:
    """All limits, the larger first."""
    found = [
        Limit("matchers", m, frozenset(c for c, _ in points if world.children[c].matcher_id == m), 0, most)
        for m, most in world.matcher_limits.items()
    ]
    for q in world.quotas:
        members = frozenset(c for c, _ in points if c in under(world, q))
        found.append(Limit("quotas", f"{q['dimension']}={q['value']}", members, q.get("at_least") or 0, _most(q)))
    return sorted(found, key=lambda limit: -len(limit.members))


def crossing(world: World, points: Mapping[tuple[str, str], int]) -> bool:
    """Whether two limits that some plan could break share some children, and each has others."""
    binding = [limit for limit in limits_in(world, points) if limit.least or limit.most < len(limit.members)]
    return any(a.members & b.members and a.members - b.members and b.members - a.members for a in binding for b in binding)


def relaxed(world: World, points: Mapping[tuple[str, str], int]) -> World:
    """The world with fewer quotas, so that limits nest."""
    kept = replace(world, quotas=())
    for quota in world.quotas:
        trial = replace(kept, quotas=(*kept.quotas, quota))
        kept = kept if crossing(trial, points) else trial
    return kept


def prices(world: World, points: Mapping[tuple[str, str], int], chosen: Mapping[str, str]) -> dict[str, Any]:
    """Prices from shortest distances in what is left of the network after the plan; a locked pair is no part of it.

    The limits that some plan could break must nest.
    """
    bonus = 2 * 100_000 * (len(world.children) + 1) + 1
    locked = {c for c, v in world.locked}
    used = Counter(chosen.values())
    arcs: list[tuple[str, str, int]] = []

    def arc(start: str, end: str, cost: int, flow: int, most: int, least: int = 0) -> None:
        if flow < most:
            arcs.append((start, end, cost))
        if flow > max(0, least):
            arcs.append((end, start, -cost))

    limits = [limit for limit in limits_in(world, points) if limit.least or limit.most < len(limit.members)]
    around: dict[str, str] = {}
    outer = []
    for k, limit in enumerate(limits):
        outer.append(next((around[c] for c in limit.members if c in around), "hub"))
        around.update(dict.fromkeys(limit.members, f"limit{k}"))
        taken = len(locked & limit.members)
        flow = len(chosen.keys() & limit.members) - taken
        arc(outer[-1], f"limit{k}", 0, flow, limit.most - taken, limit.least - taken)
    for c in world.children.keys() - locked:
        arc(around.get(c, "hub"), f"c{c}", 0, int(c in chosen), 1)
    for (c, v), p in points.items():
        if c not in locked:
            arc(f"c{c}", f"v{v}", -bonus - p, int(chosen.get(c) == v), 2)
    for v in world.volunteers.values():
        taken = sum(pair[1] == v.id for pair in world.locked)
        arc(f"v{v.id}", "hub", 0, used[v.id] - taken, free_places(v) - taken)
    far = _distances(arcs)
    g: dict[str, Counter[str]] = {"matchers": Counter(world.matcher_limits.keys()), "quotas": Counter()}
    g["matchers"].subtract(world.matcher_limits.keys())
    for k, limit in enumerate(limits):
        price = far[f"limit{k}"] - far[outer[k]]
        g[limit.side][limit.key] += price if limit.least else max(0, price)
    u = {c: far[f"c{c}"] - far[around.get(c, "hub")] for c in world.children.keys() - locked}
    v_prices = {v: far["hub"] - far[f"v{v}"] for v in world.volunteers}
    return {
        "children": {c: max(0, price) for c, price in sorted(u.items())},
        "volunteers": {v: max(0, price) for v, price in sorted(v_prices.items())},
        "matchers": dict(sorted(g["matchers"].items())),
        "quotas": dict(sorted(g["quotas"].items())),
        "match_bonus": bonus,
    }


def _distances(arcs: list[tuple[str, str, int]]) -> Counter[str]:
    """Shortest distances from a point that reaches every node at no cost."""
    far: Counter[str] = Counter()
    for _ in range(100):
        moved = False
        for start, end, cost in arcs:
            if far[start] + cost < far[end]:
                far[end] = far[start] + cost
                moved = True
        if not moved:
            return far
    raise AssertionError("the plan is not the best: a cycle makes it better")


def solved(case: Case, settings: Mapping[str, object] | None = None) -> tuple[World, Plan] | None:
    """The world and its best plan; None where no plan has all locks."""
    world = world_of(case, settings)
    points = eligible_points(world)
    plans = list(all_plans(world, points))
    if not plans:
        return None
    best = best_of(world, points, plans)
    if not crossing(world, points):
        return world, plan_as_told(world, points, best)
    easier = relaxed(world, points)
    bounding = plan_as_told(easier, points, best_of(easier, points, list(all_plans(easier, points))))
    return world, told_again(world, {**bounding, "proof": "search"}, best)


def proposals_of(world: World, plan: Plan, top: int) -> list[Row]:
    """Ranked proposals with costs by comparing, for each pair, all plans that have it."""
    points = {(c, v): p for c, v, p in plan["eligible_pairs"]}
    plans = list(all_plans(world, points))
    rows: list[Row] = []
    for c in sorted(world.children):
        listed = [_proposal(world, plan, points, plans, pair) for pair in points if pair[0] == c]
        listed.sort(key=lambda r: (-r["points"], r["plan_cost"] is None, r["plan_cost"] or 0, r["volunteer_id"]))
        rows += [{**row, "rank": rank} for rank, row in enumerate(listed[:top], start=1)]
    return rows


def _proposal(
    world: World, plan: Plan, points: Mapping[tuple[str, str], int], plans: list[dict[str, str]], pair: tuple[str, str]
) -> Row:
    holding = [p for p in plans if p.get(pair[0]) == pair[1]]
    best = best_of(world, points, holding) if holding else None
    good = [p for p in plans if len(p) == plan["matched"] and sum(points[q] for q in p.items()) >= plan["total"] * 99 / 100]
    having = sum(p in holding for p in good)
    return {
        "child_id": pair[0],
        "volunteer_id": pair[1],
        "points": points[pair],
        "parts": score(world, *pair),
        "minutes": minutes(world, world.children[pair[0]], world.volunteers[pair[1]]),
        "plan_cost": None if best is None else plan["total"] - sum(points[p] for p in best.items()),
        "matches_lost": None if best is None else plan["matched"] - len(best),
        "exact": True,
        "robust": "never" if not having else "always" if having == len(good) else "sometimes",
    }


def limited_case(rng: random.Random, *, cross: bool) -> Case:
    """A small case with few places and one to three quotas that cross as asked, if a few draws find such.

    Some stand in two rows.
    """
    case = random_case(rng, 6, 3)
    kids = [{**row, "wants_gender": "any", "gender": rng.choice(("boy", "girl"))} for row in case["children"]]
    adults = [{**row, "wants_gender": "any"} for row in case["volunteers"]]
    case = {**case, "children": tuple(kids), "volunteers": tuple(adults)}
    world = world_of(case)
    points = eligible_points(world)
    for _ in range(20):
        quotas = tuple(_quota(rng) for _ in range(rng.randint(1, 3)))
        if crossing(replace(world, quotas=quotas), points) is cross:
            return {**case, "quotas": quotas}
    return case


def _quota(rng: random.Random) -> Row:
    values = {
        "gender": ("boy", "girl", "Boy "),
        "municipality": ("Ballerup", "HERLEV"),
        "programme": ("voksenven",),
        "matcher": ("M1", "m2"),
        "initiative": ("bryd_boblen",),
    }
    dimension = rng.choice(tuple(values))
    least = rng.choice((None, 1, 1, 2))
    most = rng.choice((None, (least or 0) + rng.randint(0, 1), rng.randint(1, 2)))
    return {"dimension": dimension, "value": rng.choice(values[dimension]), "at_least": least, "at_most": most}


def in_order(world: World) -> list[str]:
    """The waiting list."""
    return [c.id for c in sorted(world.children.values(), key=lambda c: (c.registered_on, c.id))]


def waiting_first(world: World, points: Mapping[tuple[str, str], int]) -> tuple[list[str], list[dict[str, str]]]:
    """Who is guaranteed a match by ``--max-wait-first``, and the plans that hold them all."""
    plans = list(all_plans(world, points))
    most = max((len(plan) for plan in plans), default=0)
    kept, guaranteed = [plan for plan in plans if len(plan) == most], []
    for child_id in in_order(world):
        having = [plan for plan in kept if child_id in plan]
        if having:
            kept = having
            guaranteed.append(child_id)
    return guaranteed, kept


def told_guaranteed(
    world: World, points: Mapping[tuple[str, str], int], guaranteed: list[str], chosen: Mapping[str, str]
) -> Plan:
    """The mapping that the checker takes of a plan that holds the guaranteed."""
    own = {pair: p for pair, p in points.items() if pair[0] in guaranteed}
    listed = {"eligible_pairs": [(c, v, p) for (c, v), p in sorted(points.items())], "status": "optimal"}
    plan = {**listed, "prices": prices(relaxed(world, own), own, chosen), "guaranteed": guaranteed}
    return told_again(world, plan, chosen)


def solved_waiting_first(case: Case, settings: Mapping[str, object] | None = None) -> tuple[World, Plan] | None:
    """The world and its best plan by ``--max-wait-first``; None where no plan has all locks and quotas."""
    world = world_of(case, settings)
    points = eligible_points(world)
    guaranteed, plans = waiting_first(world, points)
    return (world, told_guaranteed(world, points, guaranteed, best_of(world, points, plans))) if plans else None
