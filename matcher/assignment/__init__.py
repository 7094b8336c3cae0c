"""The best plan on scored pairs: flow, prices, proof, tie rule; what each pair costs; contract section 4's door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.assignment.best import Solved, solve
from matcher.assignment.costs import PlanCosts, plan_costs
from matcher.assignment.displacement import Step, displacement, displacements
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.prices import Prices, certify

if TYPE_CHECKING:
    from matcher.assignment.door import AssignmentResult, Status, solve_assignment

__all__ = [
    "AssignmentResult",
    "PlanCosts",
    "Prices",
    "ScoredPairs",
    "Solved",
    "Status",
    "Step",
    "certify",
    "displacement",
    "displacements",
    "plan_costs",
    "solve",
    "solve_assignment",
]


def __getattr__(name: str) -> object:
    """The door for programs, when it is asked for: it loads compiled loops, which the engine's small questions do without."""
    if name in {"AssignmentResult", "Status", "solve_assignment"}:
        from matcher.assignment import door  # noqa: PLC0415

        return getattr(door, name)
    raise AttributeError(name)
