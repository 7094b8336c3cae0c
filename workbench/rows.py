"""Results as rows of the contract's files: English codes and ISO dates, whatever the language of the sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import hindrances, sentences
from workbench.tables import Cell, Table, rounded, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.duration.expected import Expected
    from matcher.engine import Engine
    from matcher.fairness import Floor
    from matcher.results import Assignment, ChildReasons, Pair, PairReasons, Proposal


def proposals(language: str, engine: Engine, found: Sequence[Proposal]) -> Table:
    """``proposals.csv``: the contract's columns, then what stands beside the score."""
    children = {child.child_id: child for child in engine.people.children}
    criteria = tuple(criterion.key for criterion in engine.rulebook.criteria)

    def row(proposal: Proposal) -> tuple[Cell, ...]:
        child = children[proposal.child_id]
        return (
            proposal.child_id,
            proposal.rank,
            proposal.volunteer_id,
            score(proposal.points),
            *(score(part.points) for part in proposal.parts),
            None if proposal.minutes is None else rounded(proposal.minutes, 3),
            score(proposal.plan_cost),
            proposal.matches_lost,
            None if proposal.plan_cost is None else "exact" if proposal.exact else "bound",
            proposal.robust.value if proposal.robust else None,
            proposal.approximate,
            (engine.case.planning_date - child.registered_on).days,
            child.previous_friendships,
            sentences.step_codes(proposal) or None,
            ";".join(verdict.rule for verdict in proposal.warnings) or None,
            sentences.reasons(language, engine.rulebook, proposal.parts, approximate=proposal.approximate),
        )

    contract = ("child_id", "rank", "volunteer_id", "score", *criteria, "minutes", "plan_cost", "matches_lost")
    beside = ("plan_cost_is", "robust", "approximate", "waiting_days", "previous_friendships", "displaced", "warnings", "reasons")
    return Table("proposals", (*contract, *beside), tuple(map(row, found)))


def _pairs(name: str, pairs: Sequence[Pair]) -> Table:
    rows = tuple((pair.child_id, pair.volunteer_id, score(pair.points)) for pair in pairs)
    return Table(name, ("child_id", "volunteer_id", "score"), rows)


def _with_months(table: Table, expected: Expected) -> Table:
    """The plan's pairs with the months of friendship to be expected of each, and their band."""
    bands = zip(expected.months.tolist(), expected.low.tolist(), expected.high.tolist(), strict=True)
    rows = tuple((*row, *(rounded(value, 1) for value in band)) for row, band in zip(table.rows, bands, strict=True))
    return Table(table.name, (*table.columns, "months", "months_low", "months_high"), rows)


def plan(language: str, engine: Engine, found: Assignment, expected: Expected | None = None) -> tuple[Table, ...]:
    """``assignment.csv``, ``unmatched.csv`` and ``pairs.csv``; ``expected``: months of friendship of the plan's pairs."""
    without = tuple((u.child_id, u.code, hindrances.unmatched(language, engine.rulebook, u)) for u in found.unmatched)
    return (
        _with_months(_pairs("assignment", found.pairs), expected) if expected else _pairs("assignment", found.pairs),
        Table("unmatched", ("child_id", "reason", "explanation"), without),
        _pairs("pairs", sorted((*found.eligible_pairs, *found.forbidden_pairs))),
    )


def fairness(found: Sequence[Floor]) -> Table:
    """``fairness.csv``: the price of each floor."""
    columns = ("floor", "value", "at_least", "in_best_plan", "most", "matched", "total", "score_given_up", "matches_given_up")
    rows = tuple(
        (
            f.dimension,
            f.value or None,
            f.at_least,
            f.without,
            f.most,
            f.matched,
            score(f.total),
            score(f.gives_up),
            f.matches_lost,
        )
        for f in found
    )
    return Table("fairness", columns, rows)


def pair_reasons(language: str, engine: Engine, found: PairReasons) -> tuple[Table, ...]:
    """``rules.csv`` and ``parts.csv`` of one pair."""
    book = engine.rulebook
    criteria = {criterion.key: criterion for criterion in book.criteria}
    rules: tuple[tuple[Cell, ...], ...] = tuple(
        (v.rule, v.holds, v.waived, v.uncertain, v.locked, sentences.verdict_sentence(language, book, v) or None)
        for v in found.verdicts
    )
    parts = tuple(
        (
            p.criterion,
            score(p.points),
            score(p.cap),
            sentences.part_sentence(language, criteria[p.criterion], p, approximate=found.approximate),
        )
        for p in found.parts
    )
    return (
        Table("rules", ("rule", "holds", "waived", "uncertain", "locked", "reason"), rules),
        Table("parts", ("criterion", "points", "most", "reason"), parts),
    )


def child_reasons(language: str, engine: Engine, found: ChildReasons) -> tuple[Table, ...]:
    """``eligible.csv``, ``obstacles.csv`` and ``relaxations.csv`` of one child."""
    book = engine.rulebook
    obstacles = tuple((o.rule, o.locked, o.keeps_out, len(o.alone), ";".join(o.alone) or None) for o in found.obstacles)
    relaxations = tuple(
        (
            number,
            r.rule,
            r.column,
            r.how,
            r.before or None,
            r.after,
            rounded(r.change, 3),
            r.consent,
            len(r.gained),
            ";".join(r.gained),
            hindrances.relaxation(language, book, r),
        )
        for number, r in enumerate(found.relaxations, start=1)
    )
    columns = ("rank", "rule", "column", "how", "before", "after", "change", "consent", "brings", "volunteers", "sentence")
    return (
        Table("eligible", ("volunteer_id",), tuple((name,) for name in found.eligible)),
        Table("obstacles", ("rule", "locked", "keeps_out", "alone", "alone_volunteers"), obstacles),
        Table("relaxations", columns, relaxations),
    )
