"""The best plan on scored pairs: flow, prices, proof, tie rule; what each pair costs; contract section 4's door."""

from __future__ import annotations

from matcher.assignment.best import Solved, solve
from matcher.assignment.costs import PlanCosts, plan_costs
from matcher.assignment.displacement import Step, displacement, displacements
from matcher.assignment.door import AssignmentResult, Status, solve_assignment
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.prices import Prices, certify

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
