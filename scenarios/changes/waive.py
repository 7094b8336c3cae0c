"""What if a rule were waived for a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.decided import OnPair
from scenarios.fields import given, one_of, refused, text

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(OnPair):
    """One rule does not count for the pair; a locked rule cannot be waived."""

    rule: str = given(text)

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Add the decision."""
        rules = {rule.key: rule for rule in world.rulebook.eligibility}
        one_of(self.rule, rules, "rule_unknown", field="rule")
        if rules[self.rule].locked:
            raise refused("rule_locked", rule=self.rule, field="rule")
        return self.decided(world, self.rule)
