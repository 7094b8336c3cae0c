"""What the engine answers: frozen, keyword-only, and honest about how sure it is. Scores are whole thousandths (points)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NamedTuple, TypeAlias


class Status(StrEnum):
    """How good a plan is known to be."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


class Proof(StrEnum):
    """What shows how good a plan is: prices that anybody can add up, or an exhaustive search (where limits cross)."""

    PRICES = "prices"
    SEARCH = "search"


class Robust(StrEnum):
    """Whether a pair is in every, some or no plan with as many matches and a total within a hundredth of the best."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Pair(NamedTuple):
    """A child and a volunteer with their score in points."""

    child_id: str
    volunteer_id: str
    points: int


Reason: TypeAlias = Literal[
    "own_rule", "no_eligible", "all_forbidden", "matcher_limit", "quota_limit", "others_waited", "others_fit"
]
"""Why a child gets no match (``matcher.planning`` says when)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A child without an active friendship that gets no match, and why (a code, and facts for its sentence)."""

    child_id: str
    code: Reason
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Dual prices of the combined order (``match_bonus`` a match, plus points): the proof of a plan, in whole numbers.

    ``quotas`` are named ``dimension=value``; their prices are below 0 where a least binds.
    """

    match_bonus: int
    children: Mapping[str, int]
    volunteers: Mapping[str, int]
    matchers: Mapping[str, int]
    quotas: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The best plan: who is proposed for whom, and how far from the proven best.

    ``eligible_pairs`` are those a plan may hold; ``forbidden_pairs`` pass every rule too, but a matcher has forbidden them.
    ``guaranteed`` are the children who were given a match first, in their order; None where nobody asked for that, and then
    ``price`` is 0: the points that the plan gives up for it.
    """

    status: Status
    proof: Proof
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    eligible_pairs: tuple[Pair, ...]
    forbidden_pairs: tuple[Pair, ...]
    total: int
    bound: int
    prices: Prices
    data_hash: str
    guaranteed: tuple[str, ...] | None
    price: int

    @property
    def matched(self) -> int:
        """How many children get a match."""
        return len(self.pairs)

    @property
    def gap(self) -> float:
        """Distance from the proven bound, as a share of the total."""
        return abs(self.bound - self.total) / max(1, abs(self.total))


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """A limit of the case and what it does to the plan: ``gives_up`` and ``matches_lost`` are what all would gain without it."""

    kind: Literal["matcher", "quota"]
    key: str
    at_least: int | None
    at_most: int | None
    matches: int
    gives_up: int
    matches_lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one criterion gave: points of at most ``cap``, and the facts it saw. ``unknown``: it rests on a blank."""

    criterion: str
    points: int
    cap: int
    unknown: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one rule answered for a pair. ``uncertain``: it holds only because something is unknown. ``waived``: by decision."""

    rule: str
    holds: bool
    locked: bool
    uncertain: bool
    waived: bool
    unknown: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One person's lot when a proposal is chosen against the best plan: ``was`` and ``becomes`` are volunteers or blank."""

    child_id: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One ranked pair. ``plan_cost`` and ``matches_lost`` are None where no allowed plan holds the pair.

    Where ``exact`` is False they are only the least that it can cost. ``robust`` is None where it is not known.
    """

    child_id: str
    rank: int
    volunteer_id: str
    points: int
    parts: tuple[Part, ...]
    minutes: float | None
    approximate: bool
    plan_cost: int | None
    matches_lost: int | None
    exact: bool
    robust: Robust | None
    displaced: tuple[Step, ...]
    warnings: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReasons:
    """Everything known about one pair: each rule's verdict, and the parts of the score (also where it is not eligible)."""

    child_id: str
    volunteer_id: str
    eligible: bool
    forbidden: bool
    points: int
    parts: tuple[Part, ...]
    verdicts: tuple[Verdict, ...]
    minutes: float | None
    approximate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The smallest change of one kind that brings a child volunteers, and whose consent it takes.

    ``change`` is its size in its own unit (minutes, years, months, slots); ``gained`` the volunteers it would bring in.
    Words in ``after`` that are joined by ``;`` are alternatives: any one of them will do.
    """

    rule: str
    column: str
    how: str
    consent: str
    before: str
    after: str
    change: float
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One rule between a child and the volunteers: how many it keeps out, and whom it alone keeps out."""

    rule: str
    locked: bool
    keeps_out: int
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReasons:
    """Why a child has the proposals she has, or none."""

    child_id: str
    eligible: tuple[str, ...]
    volunteers: int
    own: tuple[Verdict, ...]
    obstacles: tuple[Obstacle, ...]
    relaxations: tuple[Relaxation, ...]
