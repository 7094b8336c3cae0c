"""The product's own loop: as the door gives it, and alone with its arguments ready."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from matcher import fused
from matcher.candidates import find_candidates
from matcher.loops import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.instance import Instance, Pairs


def door(given: Instance) -> Callable[[], Pairs]:
    """``find_candidates`` as the product calls it: columns ready, everything else anew."""

    def call() -> Pairs:
        with reading("compiled"):
            found = find_candidates(given.case, given.people, given.rulebook)
        return found.child, found.volunteer, found.points

    return call


def loop(given: Instance) -> Callable[[], Any]:
    """The compiled loop alone, its arguments ready."""
    return _recorded(given)


def mask(given: Instance) -> Callable[[], Any]:
    """The compiled loop of the rules alone: no criterion is asked."""
    return _recorded(replace(given, rulebook=replace(given.rulebook, criteria=())))


def _recorded(given: Instance) -> Callable[[], Any]:
    """What the door hands to the compiled loop, listened to once."""
    heard: list[Callable[[], Any]] = []
    compiled_of = fused.loop_of

    def listening(source: str) -> Callable[..., Any]:
        compiled = compiled_of(source)

        def call(*arguments: object) -> Any:  # noqa: ANN401  what the loop returns
            heard.append(lambda: compiled(*arguments))
            return compiled(*arguments)

        return call

    with patch.object(fused, "loop_of", listening), reading("compiled"):
        find_candidates(given.case, given.people, given.rulebook)
    return heard[0]
