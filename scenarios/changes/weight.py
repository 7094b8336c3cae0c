"""What if a criterion counted more, or less."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.errors import RuleError, UsageError
from matcher.settings import LARGEST, SettingError
from scenarios.change import Change
from scenarios.fields import Decimal, given, one_of, text

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Change):
    """A criterion with another weight; all weights together are 100 again."""

    criterion: str = given(text)
    value: float = given(Decimal(0.0, LARGEST))

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Put the weight in force."""
        keys = {item.key: item.weight_key for item in world.rulebook.criteria}
        one_of(self.criterion, keys, field="criterion")
        try:
            return replace(world, rulebook=world.rulebook.with_settings({keys[self.criterion]: self.value}))
        except SettingError:
            raise
        except RuleError as error:  # possible by itself, so what is left is weights that are all zero
            raise UsageError("weights_all_zero", field="value") from error
