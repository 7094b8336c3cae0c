"""What if some children had to have, or could only have, so many of the matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher import records
from matcher.case import words
from matcher.errors import UsageError
from matcher.records import PROGRAMMES
from scenarios.change import Change
from scenarios.fields import MOST_PEOPLE, Code, Plain, Whole, given, one_of, refused, text
from scenarios.people import municipality_of

if TYPE_CHECKING:
    from scenarios.world import World

DIMENSIONS = ("municipality", "programme", "initiative", "matcher", "gender")
CODES = {"programme": Code(PROGRAMMES), "gender": Code(("girl", "boy", "other"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Change):
    """One more row of the table ``quotas``."""

    dimension: str = given(Plain(DIMENSIONS))
    value: str = given(text)
    at_least: int | None = given(Whole(0, MOST_PEOPLE), None)
    at_most: int | None = given(Whole(0, MOST_PEOPLE), None)

    def consistent(self) -> None:
        """Raise where it limits nothing, or nothing can fulfil it."""
        if self.at_least is None and self.at_most is None:
            raise refused("quota_blank", field="at_least")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise refused("span_backwards", field="at_most")
        if self.dimension in CODES:
            self._read()

    def _read(self) -> str:
        try:
            return CODES[self.dimension](self.value)
        except UsageError as error:
            raise UsageError(error.code, **{**error.facts, "field": "value"}) from None

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Add the row."""
        row = records.Quota.model_validate(
            {"dimension": self.dimension, "value": self._value(world), "at_least": self.at_least, "at_most": self.at_most}
        )
        rows = sorted((*world.case.quotas, row), key=lambda one: (one.dimension, one.value))
        return replace(world, case=world.case.model_copy(update={"quotas": tuple(rows)}))

    def _value(self, world: World) -> str:
        if self.dimension in CODES:
            return self._read()
        try:
            return self._name(world)
        except UsageError as error:
            raise UsageError(error.code, **{**error.facts, "field": "value"}) from None

    def _name(self, world: World) -> str:
        case = world.case
        if self.dimension == "municipality":
            return municipality_of(world, self.value)
        if self.dimension == "matcher":
            ids = {*(row.matcher_id for row in case.matchers), *(row.matcher_id for row in case.children if row.matcher_id)}
            return one_of(self.value, sorted(ids), "matcher_unknown")
        known = {*words.vocabulary("initiatives"), *(word for row in case.children for word in row.initiative)}
        return one_of(words.canonical_word("initiatives", self.value)[0], sorted(known), "initiative_unknown")
