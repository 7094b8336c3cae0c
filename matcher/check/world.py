"""A case with its settings and postcodes, indexed once so that a pair is judged in microseconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.check.people import Child, Row, Volunteer, read_child, read_places, read_volunteer
from matcher.check.rules import CHILD_RULES, LOCKED, VOLUNTEER_RULES, Numbers
from matcher.check.score import caps
from matcher.check.settings import Settings, read_settings

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the checker knows. Pairs are (child_id, volunteer_id)."""

    today: date
    settings: Settings
    caps: Mapping[str, int]
    children: Mapping[str, Child]
    volunteers: Mapping[str, Volunteer]
    child_fails: Mapping[str, frozenset[str]]
    volunteer_fails: Mapping[Pair, frozenset[str]]
    met_before: frozenset[Pair]
    locked: frozenset[Pair]
    forbidden: frozenset[Pair]
    waived: Mapping[Pair, frozenset[str]]
    matcher_limits: Mapping[str, int]
    quotas: tuple[Row, ...]
    kept_out: Callable[[str, str], bool]


def nobody(child_id: str, volunteer_id: str) -> bool:  # noqa: ARG001 (the shape of an answer)
    """No rule beyond the contract's keeps a pair apart."""
    return False


def read_world(
    case: Mapping[str, Any],
    settings: Mapping[str, object],
    places: Mapping[str, tuple[float, float]],
    kept_out: Callable[[str, str], bool] = nobody,
) -> World:
    """Index a case.

    Parameters
    ----------
    case : mapping
        ``planning_date`` and the tables as sequences of rows, fields named as the contract's columns.
    settings : mapping
        All settings by their flat keys.
    places : mapping
        Postcode to (latitude, longitude) in degrees WGS84: the product's table with the case's own rows in it.
    kept_out : callable
        Whether a rule that the association has added to the contract's keeps a pair (child_id, volunteer_id) apart. Such
        rules are not judged here; without this answer their pairs would be missed among the eligible ones.
    """
    today, known = case["planning_date"], read_settings(settings)
    active = [f for f in case.get("friendships", ()) if f.get("ended_on") is None or f["ended_on"] > today]
    asked = [o for o in case.get("offers", ()) if o.get("state", "open") == "open"]
    children, volunteers = _people(case, places, active, asked)
    numbers = known.numbers
    return World(
        today=today,
        settings=known,
        caps=caps(numbers),
        children=children,
        volunteers=volunteers,
        child_fails={c.id: _child_fails(c, today, numbers) for c in children.values()},
        volunteer_fails={(v.id, p): _volunteer_fails(v, p, today, numbers) for v in volunteers.values() for p in v.wishes},
        met_before=_pairs(case.get("declines", ())) | _pairs(case.get("friendships", ())),
        locked=_pairs(_of_kind(case, "lock")),
        forbidden=_pairs(_of_kind(case, "forbid")),
        waived=_waived(_of_kind(case, "waive")),
        matcher_limits={
            m["matcher_id"]: m["max_new_friendships"]
            for m in case.get("matchers", ())
            if m.get("max_new_friendships") is not None
        },
        quotas=tuple(case.get("quotas", ())),
        kept_out=kept_out,
    )


def free_places(volunteer: Volunteer) -> int:
    """How many children more the volunteer has room for."""
    return max(0, volunteer.capacity - volunteer.busy)


def _people(
    case: Mapping[str, Any], centres: Mapping[str, tuple[float, float]], active: list[Row], asked: list[Row]
) -> tuple[dict[str, Child], dict[str, Volunteer]]:
    today, places = case["planning_date"], read_places(centres)
    befriended_ids = {row["child_id"] for row in active}
    asked_ids = {row["child_id"] for row in asked}
    busy = Counter(row["volunteer_id"] for row in [*active, *asked])
    children = {
        row["child_id"]: read_child(
            row, today, places, befriended=row["child_id"] in befriended_ids, asked=row["child_id"] in asked_ids
        )
        for row in case["children"]
    }
    volunteers = {
        row["volunteer_id"]: read_volunteer(row, today, places, busy=busy[row["volunteer_id"]]) for row in case["volunteers"]
    }
    return children, volunteers


def _child_fails(child: Child, today: date, numbers: Numbers) -> frozenset[str]:
    return frozenset(name for name, holds in CHILD_RULES.items() if not holds(child, today, numbers))


def _volunteer_fails(volunteer: Volunteer, programme: str, today: date, numbers: Numbers) -> frozenset[str]:
    return frozenset(name for name, holds in VOLUNTEER_RULES.items() if not holds(volunteer, programme, today, numbers))


def _pairs(rows: Any) -> frozenset[Pair]:  # noqa: ANN401
    return frozenset((row["child_id"], row["volunteer_id"]) for row in rows)


def _of_kind(case: Mapping[str, Any], kind: str) -> list[Row]:
    return [row for row in case.get("decisions", ()) if row["kind"] == kind]


def _waived(rows: list[Row]) -> dict[Pair, frozenset[str]]:
    """Rules waived by pair; a waiver of a locked rule counts for nothing."""
    found: dict[Pair, set[str]] = defaultdict(set)
    for row in rows:
        if row["rule"] not in LOCKED:
            found[row["child_id"], row["volunteer_id"]].add(row["rule"])
    return {pair: frozenset(names) for pair, names in found.items()}
