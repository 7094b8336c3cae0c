"""A world that could be: a case, the rules in force, the map, and how the stream runs. A change makes another one of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.records import Case, Postcode
from matcher.rules import Rulebook
from scenarios.stream.settings import StreamSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a scenario may change.

    Attributes
    ----------
    case, rulebook, postcodes : what the engine is asked about (``matcher.engine.Engine.of``).
    stream : how people come, are asked, leave, and stay friends over time, and the policy by which they are matched.
    """

    case: Case
    rulebook: Rulebook
    postcodes: Mapping[str, Postcode]
    stream: StreamSettings
