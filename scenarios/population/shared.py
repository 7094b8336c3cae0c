"""What children and volunteers are drawn alike in: wishes, weekly slots, and dates counted back from the planning date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from matcher.records import SLOTS, Child, Volunteer
from scenarios.population.figures import Draws, FloatArray, figure

YEAR = 365.25
"""Days of a year on average."""

_OWN = {"girl": "woman", "boy": "man", "woman": "girl", "man": "boy"}
_OPPOSITE = {"girl": "man", "boy": "woman", "woman": "boy", "man": "girl"}


def days_before(day: date, days: int) -> date:
    """The date ``days`` before ``day``."""
    return day - timedelta(days=int(days))


def number(word: str) -> float | None:
    """A figure's word as a number; blank is unknown."""
    return float(word) if word else None


def season(planning_date: date, longest: int) -> FloatArray:
    """Weight of each day before the planning date, from yesterday back, by its month."""
    months = figure("season.months")["values"]
    return np.array([months[days_before(planning_date, ago).month - 1] for ago in range(1, longest + 1)], dtype=np.float64)


def wanted_gender(word: str, gender: str) -> Any:  # noqa: ANN401  one of the words that the records allow
    """A wish as the record says it: blank, ``any``, or the gender that is one's own, or not."""
    if word in {"", "any"}:
        return word or None
    return {"own": _OWN, "opposite": _OPPOSITE}[word].get(gender)


def wished_adult(child: Child) -> str:
    """The gender of volunteer that a child's wish asks for, or ``any``; where it says nothing, its own, but in Familieven."""
    if child.wants_gender is not None:
        return child.wants_gender
    return "any" if child.programme == "familieven" else _OWN.get(child.gender, "any")


def wished_child(volunteer: Volunteer, programme: str) -> str:
    """The gender of child that a volunteer's wish asks for in a programme, or ``any``; where silent, the same."""
    if volunteer.wants_gender is not None:
        return volunteer.wants_gender
    return "any" if programme == "familieven" else _OWN.get(volunteer.gender, "any")


def wishes(draws: Draws, side: str) -> list[dict[str, tuple[str, ...]]]:
    """Likes, dislikes and weekly slots of each person; blank for the share of people who have not said."""
    likes = draws.whole_in("likes", f"{side}.likes")
    dislikes = draws.whole_in("dislikes", f"{side}.dislikes")
    silent = draws.chance("no interests", f"{side}.no_interests")
    named = draws.subset("interests", "interests.weights", np.where(silent, 0, likes + dislikes))
    slots = np.where(draws.chance("no slots", f"{side}.no_slots"), 0, draws.whole_in("slots", f"{side}.slots"))
    free = draws.subset("availability", "slots.weights", slots)
    return [
        {"likes": words[:many], "dislikes": words[many:], "availability": tuple(slot for slot in SLOTS if slot in when)}
        for words, many, when in zip(named, likes.tolist(), free, strict=True)
    ]
