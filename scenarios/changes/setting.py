"""What if a rule's parameter were another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from matcher.case import words
from matcher.errors import UsageError
from scenarios.change import Change
from scenarios.fields import given, plain, refused, text

if TYPE_CHECKING:
    from matcher.records import SettingValue
    from scenarios.world import World

OURS = frozenset({"planning_date", "year", "time_limit", "seed", "workers"})
"""Settings of how a question is asked, not of the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Change):
    """A setting with another value; that of a locked rule is only ever tightened."""

    of_rules: ClassVar[bool] = True
    name: str = given(text)
    value: SettingValue = given(plain)  # noqa: RUF009  it makes a field

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Put the value in force."""
        known = [key for key in world.rulebook.settings if key not in OURS]
        if self.name in OURS:
            raise refused("setting_ours", key=self.name, field="name")
        if self.name not in known:
            near = words.nearest(self.name, known)
            raise UsageError("setting_unknown", key=self.name, field="name", **({"nearest": near} if near else {}))
        return replace(world, rulebook=world.rulebook.with_settings({self.name: self.value}))
