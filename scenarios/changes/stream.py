"""What if people came, answered or left otherwise than they do."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, ClassVar

from matcher.case import words
from matcher.errors import RuleError, UsageError
from scenarios.change import Change
from scenarios.fields import given, one_of, plain, refused, text
from scenarios.stream.settings import WORDS, StreamSettings, load_rows, most_of

if TYPE_CHECKING:
    from matcher.records import SettingValue
    from scenarios.world import World

ABOVE_ZERO = frozenset({"newcomers", "score_sd"})
"""Bounds as ``scenarios.stream.settings`` checks them; a test holds the two together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream(Change):
    """A parameter of the stream (``scenarios/stream/stream.toml`` lists them) with another value."""

    only_in: ClassVar[str] = "stream"
    name: str = given(text)
    value: SettingValue = given(plain)  # noqa: RUF009  it makes a field

    def consistent(self) -> None:
        """Raise where no parameter has that name."""
        one_of(self.name, (item.name for item in fields(StreamSettings)), field="name")

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Put the value in force."""
        try:
            return replace(world, stream=world.stream.with_values({self.name: self.value}))
        except RuleError as error:
            found = self._expected()
            raise UsageError(found.code, **found.facts, field="value") from error

    def _expected(self) -> UsageError:
        """What the parameter may be, for a value that it cannot have; as ``scenarios.stream.settings`` has it."""
        usual = load_rows()[self.name]["value"]
        if self.name in WORDS:
            return refused("word_unknown", words.nearest(str(self.value), WORDS[self.name]), expected=", ".join(WORDS[self.name]))
        most = f"{most_of(self.name):g}"
        if isinstance(usual, tuple) and len(usual) == 2:
            return refused("stream_span", count="2", most=most)
        if isinstance(usual, tuple):
            return refused("stream_numbers", count=str(len(usual)), most=most)
        if isinstance(usual, int):
            return refused("whole", least=str(int(self.name in ABOVE_ZERO)), most=most)
        return refused("number", least="0", most=most) if self.name not in ABOVE_ZERO else refused("stream_above_zero", most=most)
