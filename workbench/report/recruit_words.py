"""Kinds of volunteers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.sentences import capital
from workbench.words import decimals, say, word

if TYPE_CHECKING:
    from scenarios.recruiting import Worth


def line(language: str, one: Worth) -> str:
    """What a kind adds: "En mand på 25-35 i Ballerup til Voksenven: i snit 0,8 match mere (+45,2 point)"."""
    return say(
        language,
        "recruit.line",
        person=say(language, f"recruit.person.{one.kind.gender}"),
        ages=ages(language, one),
        municipality=one.kind.municipality,
        programme=programme(language, one.kind.programme),
        matches=decimals(language, one.matches, 1),
        points=signed(language, one.points / 1000),
    )


def ages(language: str, one: Worth) -> str:
    """The ages of a kind."""
    return say(language, "recruit.ages", first=str(one.kind.ages[0]), last=str(one.kind.ages[1]))


def programme(language: str, code: str) -> str:
    """A programme as a name."""
    return capital(word(language, code))


def signed(language: str, points: float) -> str:
    """Points with their sign."""
    text = decimals(language, abs(points), 1)
    return f"{'−' if points < 0 else '+'}{text}"


def known(language: str, one: Worth) -> str:
    """How the numbers of a kind are known."""
    how = "resolved" if one.resolved else "exact" if one.exact else "estimate"
    return say(language, f"recruit.known.{how}")
