"""The independent checker: every plan and every list of proposals passes here before anybody sees it.

Written from the contract's text alone, in the standard library alone: it shares no code with the engine or the rules, so that
one mistake in a rule does not vouch for itself. It answers with the list of violations, in short sentences that name ids;
an empty list accepts.

>>> from datetime import date
>>> day = date(2027, 3, 1)
>>> child = {"child_id": "B1", "programme": "voksenven", "birth_date": date(2018, 3, 1), "gender": "boy", "postcode": "2750",
...          "registered_on": date(2026, 9, 1), "home_visit_on": date(2026, 10, 1)}
>>> vetted = dict.fromkeys(("interview_on", "home_visit_on", "criminal_record_on", "child_certificate_on"), date(2026, 9, 1))
>>> volunteer = {"volunteer_id": "F1", "programmes": ("voksenven",), "birth_date": date(1990, 1, 1), "gender": "man",
...              "postcode": "2750", "course_hours": 19, **vetted}
>>> world = read_world({"planning_date": day, "children": [child], "volunteers": [volunteer]}, {}, {"2750": (55.73, 12.36)})
>>> eligible(world, "B1", "F1")
['course']
"""

from __future__ import annotations

from matcher.check.calendar import YearWorld, check_calendar, check_replan, read_year
from matcher.check.pair import failing, parts
from matcher.check.plan import check_plan
from matcher.check.proposals import ProposalsJudge, check_proposals
from matcher.check.rules import RULE_NAMES
from matcher.check.world import World, read_world


def eligible(world: World, child_id: str, volunteer_id: str) -> list[str]:
    """Names of the rules that fail for a pair, and ``forbidden`` where it is; empty: the pair is eligible.

    Waivers of rules that are not locked are honoured. Raises ``KeyError`` for an unknown id.
    """
    return failing(world, world.children[child_id], world.volunteers[volunteer_id])


def score(world: World, child_id: str, volunteer_id: str) -> dict[str, int]:
    """Points of a pair by criterion, in whole thousandths of a score of 0..100; their sum is the pair's points.

    Raises ``KeyError`` for an unknown id.
    """
    return parts(world, world.children[child_id], world.volunteers[volunteer_id])


__all__ = [
    "YearWorld",
    "check_calendar",
    "check_replan",
    "read_year",
    "RULE_NAMES",
    "ProposalsJudge",
    "World",
    "check_plan",
    "check_proposals",
    "eligible",
    "read_world",
    "score",
]
