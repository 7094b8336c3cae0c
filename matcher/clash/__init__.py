"""No answer, explained: which demands of a question cannot hold together, and the cheapest ways out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.clash.deletion import Demands, irreducible
from matcher.clash.demands import FACTS, Demand, Ground, demands_of, lockers
from matcher.clash.ways import Change, Way, smallest_change, ways_out
from matcher.errors import CertificateError, InfeasibleError, WayOut
from matcher.question import Question
from matcher.records import Case

Said = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clash:
    """Demands that cannot hold together, though any but one of them can.

    Attributes
    ----------
    ground : what holds beside the demands.
    demands : the clash, in order.
    ways : ways out of it; those that make everything possible first, each kind cheapest first.
    """

    ground: Ground
    demands: Demands
    ways: tuple[Way, ...]


def clash_of(question: Question, locked_by: Mapping[tuple[str, str], str] | None = None) -> Clash:
    """The clash in a question that no plan answers.

    Parameters
    ----------
    question : what was asked.
    locked_by : who locked a pair, by the ids of child and volunteer, where that is known.

    Raises
    ------
    CertificateError
        There is a plan after all, or the second opinion on the clash differs.
    """
    demands = demands_of(question, locked_by or {})
    ground = Ground.of(question.pairs, demands)
    clash = irreducible(ground, demands)
    if not clash:
        raise CertificateError(["no plan was found, but one is possible"])
    return Clash(ground=ground, demands=clash, ways=ways_out(ground, demands, clash))


def explained(question: Question, case: Case) -> InfeasibleError:
    """The clash in the question of a case as an error: codes and facts, for words to be made from.

    Raises
    ------
    CertificateError
        As ``clash_of``.
    """
    clash = clash_of(question, lockers(case))
    ways = [
        WayOut(changes=tuple(map(_of_change, way.changes)), still=tuple(_of_clash(clash.ground, way.still))) for way in clash.ways
    ]
    return InfeasibleError(_of_clash(clash.ground, clash.demands), ways)


def _of_clash(ground: Ground, demands: Demands) -> list[Said]:
    """The demands by code and facts; of a quota that no decision keeps from being met, how many matches it can have at most."""
    if demands and demands[0].code == "quota_least" and all(one.code in FACTS for one in demands[1:]):
        most = smallest_change(ground, demands[0], demands)
        if most is not None:
            return [("quota_alone", {**_facts(demands[0]), "possible": str(most.becomes)})]
    return [(one.code, _facts(one)) for one in demands]


def _of_change(change: Change) -> Said:
    demand = change.demand
    numbers = {} if demand.code == "lock" else {"was": str(demand.number), "becomes": str(change.becomes)}
    return demand.code, {**demand.facts, **numbers}


def _facts(demand: Demand) -> dict[str, str]:
    return dict(demand.facts) | ({} if demand.code == "lock" else {"number": str(demand.number)})
