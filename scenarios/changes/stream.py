"""What if people came, answered or left otherwise than they do."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, ClassVar

from matcher.errors import RuleError
from scenarios.change import Change
from scenarios.fields import given, one_of, plain, refused, text
from scenarios.stream.settings import StreamSettings

if TYPE_CHECKING:
    from matcher.records import SettingValue
    from scenarios.world import World


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
            raise refused("stream_value", name=self.name, why=str(error), field="value") from error
