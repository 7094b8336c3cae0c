"""Replications in chunks, as they are sent to wherever they run: here, to other processes, or to a cluster.

A chunk names its world, its seed and its numbers and nothing else, so it gives the same results wherever it is run. Its world
travels as a parcel, which a process opens and makes ready once.
"""

from __future__ import annotations

import importlib
import io
import sys
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

import cloudpickle  # type: ignore[import-untyped]

from matcher.functions import Function
from scenarios.stream.metrics import replicated
from scenarios.stream.prices import ready_stream

if TYPE_CHECKING:
    from scenarios.stream.metrics import Measured
    from scenarios.stream.prepare import Prepared
    from scenarios.world import World

KEPT = 4
"""Worlds that a process keeps ready at once."""


class Parcel:
    """A world that other processes can be sent: they get it as bytes, and know it again by them; this one takes it as it is."""

    def __init__(self, world: World | None, sent: bytes = b"") -> None:
        self._world, self._sent, self._bytes = world, sent, sent

    @property
    def world(self) -> World:
        """The world inside."""
        found: World = cloudpickle.loads(self._sent) if self._world is None else self._world
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._bytes:
            self._bytes = packed(self.world)
        return Parcel, (None, self._bytes)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Parcel) and self._sent != b"" and self._sent == other._sent)

    def __hash__(self) -> int:
        return hash(self._sent) if self._sent else id(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some replications of a world: from ``first`` to before ``end``."""

    parcel: Parcel
    years: int
    seed: int
    first: int
    end: int


def run_chunk(chunk: Chunk) -> list[Measured]:
    """The measures of each; a process makes a world ready once for all chunks that it gets."""
    return replicated(made_ready(chunk.parcel, chunk.years), range(chunk.first, chunk.end), chunk.seed)


@lru_cache(maxsize=KEPT)
def made_ready(parcel: Parcel, years: int) -> Prepared:
    """The world of a parcel, ready for so many years; the last few are kept."""
    return ready_stream(parcel.world, years)


def packed(world: World) -> bytes:
    """A world as bytes, for another process that has this project."""
    buffer = io.BytesIO()
    _Packer(buffer).dump(world)
    return buffer.getvalue()


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]
    """Rules, and bodies of rules that are changed, go by name: the engine reads their text where they run."""

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401  whatever a world holds
        body = obj.body if isinstance(obj, Function) else obj
        if isinstance(body, FunctionType) and body.__module__ != "__main__":
            known = getattr(sys.modules.get(body.__module__), body.__name__, None)
            if isinstance(known, Function) and (known is obj or known.body is obj):
                return _named, (body.__module__, body.__name__, known is obj)
        return super().reducer_override(obj)


def _named(module: str, name: str, whole: bool) -> Any:  # noqa: ANN401  a rule or criterion, or its body
    known = getattr(importlib.import_module(module), name)
    return known if whole else known.body
