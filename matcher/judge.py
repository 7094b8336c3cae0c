"""Hands every answer to the independent checker as plain data; what it refuses is withheld."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matcher import check
from matcher.errors import CertificateError
from matcher.records import Case, Postcode
from matcher.results import Assignment, Proposal
from matcher.rules import Rulebook

RECHECKED = 250_000
"""Up to so many children times volunteers every pair is judged anew; beyond it as many in a sample: seconds, not minutes."""


@dataclass(frozen=True)
class Judge:
    """The checker with one case before it."""

    world: check.World

    @classmethod
    def of(
        cls, case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode], failing: Callable[[str, str], Collection[str]]
    ) -> Judge:
        """Give the checker the raw records, the settings and the map; nothing that the engine has computed.

        It knows the contract's rules. ``failing`` tells the names of the rules a pair fails, and is asked only about rules that
        the association has added since.
        """
        newer = {rule.key for rule in rulebook.eligibility} - set(check.RULE_NAMES)
        places = {name: (row.latitude, row.longitude) for name, row in postcodes.items()}

        def kept_out(child_id: str, volunteer_id: str) -> bool:
            return bool(newer) and not newer.isdisjoint(failing(child_id, volunteer_id))

        return cls(check.read_world(case.model_dump(exclude={"settings"}), rulebook.all_values(), places, kept_out))

    @property
    def judges(self) -> str:
        """``all`` where every pair of a child and a volunteer is judged anew, else ``sample``."""
        return "all" if len(self.world.children) * len(self.world.volunteers) <= RECHECKED else "sample"

    def accepts_plan(self, plan: Assignment) -> None:
        """Raise ``CertificateError`` with every violation, or return."""
        _refuse(check.check_plan(self.world, plain_plan(plan), recheck_at_most=RECHECKED))

    def beside(self, plan: Assignment | None) -> check.ProposalsJudge:
        """The judge of proposals beside a plan, to be kept: it proves the plan's prices once. None: of each row by itself."""
        return check.ProposalsJudge(self.world, None if plan is None else plain_plan(plan))

    def accepts_proposals(
        self,
        rows: Sequence[Proposal],
        judge: check.ProposalsJudge,
        *,
        of: Literal["child_id", "volunteer_id"],
        asked: tuple[str, ...],
        top: int | None,
    ) -> None:
        """Raise ``CertificateError`` with every violation that a judge ``beside`` a plan finds, or return."""
        _refuse(judge.faults([_plain_proposal(row) for row in rows], top=top, of=of, asked=asked or None))


def _refuse(violations: list[str]) -> None:
    if violations:
        raise CertificateError(violations)


def plain_plan(plan: Assignment) -> dict[str, Any]:
    """A plan as the checker reads it."""
    prices = plan.prices
    return {
        "pairs": plan.pairs,
        "eligible_pairs": plan.eligible_pairs,
        "forbidden_pairs": plan.forbidden_pairs,
        "unmatched": [(row.child_id, row.code) for row in plan.unmatched],
        "matched": plan.matched,
        "total": plan.total,
        "bound": plan.bound,
        "status": str(plan.status),
        "proof": str(plan.proof),
        "prices": {
            "match_bonus": prices.match_bonus,
            "children": prices.children,
            "volunteers": prices.volunteers,
            "matchers": prices.matchers,
            "quotas": prices.quotas,
        },
        **({} if plan.guaranteed is None else {"guaranteed": plan.guaranteed}),
    }


def _plain_proposal(row: Proposal) -> dict[str, Any]:
    return {
        "child_id": row.child_id,
        "rank": row.rank,
        "volunteer_id": row.volunteer_id,
        "points": row.points,
        "parts": {part.criterion: part.points for part in row.parts},
        "minutes": row.minutes,
        "plan_cost": row.plan_cost,
        "matches_lost": row.matches_lost,
        "exact": row.exact,
        "robust": None if row.robust is None else str(row.robust),
    }
