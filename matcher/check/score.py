"""The nine criteria (contract §2), each answering 0..1, and how their shares become whole thousandths."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from matcher.check.facts import whole_months_until
from matcher.check.people import Child, Volunteer
from matcher.check.settings import CRITERIA, Settings

FULL_SCORE = 100_000
UNKNOWN = 0.5
NO_SPAN = 0.001
Numbers = Mapping[str, float]


def caps(numbers: Numbers) -> dict[str, int]:
    """Most points of each criterion: the weights' parts of 100000, the missing ones to the largest remainders.

    Criteria that the contract does not have, but the settings weigh, take their part.
    """
    names = (*CRITERIA, *newer_criteria(numbers))
    weights = {name: Fraction(str(numbers[f"weights.{name}"])) for name in names}
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError(f"the weights must be 0 or more, and not all 0: {weights}")
    exact = {name: weight / whole * FULL_SCORE for name, weight in weights.items()}
    result = {name: math.floor(part) for name, part in exact.items()}
    missing = FULL_SCORE - sum(result.values())
    by_remainder = sorted(names, key=lambda name: result[name] - exact[name])
    for name in by_remainder[:missing]:
        result[name] += 1
    return result


def newer_criteria(numbers: Numbers) -> list[str]:
    """Criteria that the settings weigh beyond the contract's nine."""
    weighed = {key.removeprefix("weights.") for key in numbers if key.startswith("weights.")}
    return sorted(weighed - set(CRITERIA))


def clip(value: float) -> float:
    """The nearest number in 0..1."""
    return min(1.0, max(0.0, value))


def rise(above: float, span: float, least_span: float = NO_SPAN) -> float:
    """How far along ``span`` a value ``above`` its start has come, 0..1; settings that leave no span make it a step."""
    return clip(above / max(span, least_span))


def travel_time(minutes: float | None, limit: float, near: float) -> float:
    """Near is best; nothing is left at the limit."""
    if minutes is None:
        return UNKNOWN
    if minutes <= near:
        return 1.0
    return rise(limit - minutes, limit - near)


def interests(child: Child, volunteer: Volunteer, s: Settings) -> float:
    """Likes and dislikes in common speak for the pair, a like that meets a dislike against it."""
    child_says, volunteer_says = child.likes or child.dislikes, volunteer.likes or volunteer.dislikes
    if not child_says or not volunteer_says:
        return UNKNOWN
    agreed = _value(child.likes & volunteer.likes, s) + 0.6 * _value(child.dislikes & volunteer.dislikes, s)
    clash = _value(child.likes & volunteer.dislikes, s) + _value(child.dislikes & volunteer.likes, s)
    return clip((agreed - clash + 1) / (s.numbers["criteria.interests.enough"] + 1))


def _value(words: frozenset[str], s: Settings) -> float:
    """One a word, half as much more where it is rare, half as much less where it is everyday (both: one)."""
    return len(words) + 0.5 * len(words & s.rare) - 0.5 * len(words & s.everyday)


def common_slots(child: Child, volunteer: Volunteer, n: Numbers) -> float:
    """Weekly slots in common, up to enough of them."""
    if not child.slots or not volunteer.slots:
        return UNKNOWN
    return rise(len(child.slots & volunteer.slots), n["criteria.common_slots.enough"])


def expected_length(child: Child, volunteer: Volunteer, n: Numbers) -> float:
    """Both expect a long friendship, and equally long."""
    if child.expects_months is None or volunteer.expects_months is None:
        return UNKNOWN
    shorter, longer = sorted((child.expects_months, volunteer.expects_months))
    short, long = n["criteria.expected_length.short_months"], n["criteria.expected_length.long_months"]
    alike = rise(shorter, longer) if longer else 1.0
    return 0.5 * rise(shorter - short, long - short) + 0.5 * alike


def programme_age(child: Child, n: Numbers) -> float:
    """The part of the programme's years that the child has left."""
    youngest, oldest = n[f"child_age.min_{child.programme}"], n[f"child_age.max_{child.programme}"]
    return rise(oldest - child.age + 1, oldest - youngest + 1, least_span=1)


def volunteer_stability(volunteer: Volunteer, today: date, n: Numbers) -> float:
    """A quarter for all, up to half with age, a quarter for no known last day (less, the nearer it is)."""
    young, settled = n["criteria.volunteer_stability.young_years"], n["criteria.volunteer_stability.settled_years"]
    short, long = n["criteria.volunteer_stability.short_months"], n["criteria.volunteer_stability.long_months"]
    stays = 1.0
    if volunteer.stops_on is not None:
        stays = rise(whole_months_until(volunteer.stops_on, today) - short, long - short)
    return 0.25 + 0.5 * rise(volunteer.age - young, settled - young) + 0.25 * stays


def age_wish(child: Child, volunteer: Volunteer, n: Numbers) -> float:
    """Years until the child grows out of the volunteer's wish, up to enough of them."""
    youngest, oldest = volunteer.age_from, volunteer.age_to
    if youngest is None and oldest is None:
        return UNKNOWN
    if youngest is not None and child.age < youngest:
        return 0.0
    if oldest is None:
        return 1.0
    return 0.0 if child.age > oldest else rise(oldest - child.age + 1, n["criteria.age_wish.enough_years"])


def languages(child: Child, volunteer: Volunteer) -> float:
    """The part of the child's languages that the volunteer speaks."""
    return len(child.languages & volunteer.languages) / len(child.languages)


def shares(child: Child, volunteer: Volunteer, today: date, s: Settings) -> dict[str, float]:
    """The eight criteria that do not ask for the way, by name."""
    n = s.numbers
    return {
        "interests": interests(child, volunteer, s),
        "common_slots": common_slots(child, volunteer, n),
        "expected_length": expected_length(child, volunteer, n),
        "programme_age": programme_age(child, n),
        "volunteer_stability": volunteer_stability(volunteer, today, n),
        "age_wish": age_wish(child, volunteer, n),
        "languages": languages(child, volunteer),
        "transport": clip(n[f"criteria.transport.{volunteer.transport}"]),
    }


def points(share: float, cap: int, nudge: float = 0.0) -> int:
    """A share's whole thousandths, halves up; ``nudge`` moves the point where it rounds."""
    return math.floor(share * cap + 0.5 + nudge)
