"""Synthetic children: those who wait, and those who have a friend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.records import Child
from scenarios.population.figures import GENDER, NEW, PROGRAMME, BoolArray, Draws, IntArray, figure, pick_index
from scenarios.population.shared import YEAR, days_before, number, season, wanted_gender, wishes
from scenarios.population.towns import load_towns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What the children's dates are counted from, in days; every array has shape (children,).

    ``until`` days before the planning date a child had waited ``waited`` days and was ``age`` days old. ``until`` is 0 for
    those who still wait, and the begin of the friendship for the others. ``homes`` are indices of ``load_towns()``.
    """

    programmes: list[str]
    waited: IntArray
    until: IntArray
    age: IntArray
    homes: IntArray


def age_bounds(programmes: Sequence[str], ages: Mapping[str, tuple[int, int]] | None = None) -> tuple[IntArray, IntArray]:
    """First and last day of life inside each programme's ages, or those that are given, in completed years."""
    ranges = ages or {name: figure(f"programmes.ages.{name}")["range"] for name in set(programmes)}
    low = np.array([int(ranges[name][0] * YEAR) + 1 for name in programmes], dtype=np.int64)
    high = np.array([int((ranges[name][1] + 1) * YEAR) - 2 for name in programmes], dtype=np.int64)
    return low, high


def still_waiting(draws: Draws, planning_date: date) -> Waits:
    """Children who wait on the planning date; a few have outgrown their programme."""
    programmes = draws.pick_evenly(PROGRAMME, "programmes.mix")
    longest = int(figure("children.wait_days")["longest"])
    waited = draws.waiting("waited", "children.wait_days", season(planning_date, longest))
    low, high = age_bounds(programmes)
    outgrown = draws.chance("outgrown", "children.outgrown")
    age = np.where(outgrown, high + draws.whole("outgrown by", 40, 300), draws.whole("age", low + waited, high))
    return Waits(
        programmes=programmes,
        waited=waited,
        until=np.zeros_like(waited),
        age=age,
        homes=load_towns().homes(draws),
    )


def with_a_friend(draws: Draws, planning_date: date) -> Waits:
    """Children of active friendships: the figure's share begun within the past year; still of their programme's age."""
    programmes = draws.pick_evenly(PROGRAMME, "programmes.mix")
    weights = season(planning_date, 365 + int(figure("friendships.later_years")["longest"]))
    waited = 30 + draws.waiting("waited", "children.wait_days", np.ones_like(weights))
    low, high = age_bounds(programmes)
    recent = 1 + pick_index(draws.uniform("recent"), weights[:364])
    older = 365 + draws.waiting("older", "friendships.later_years", weights[365:])
    longest = (high - low - waited) * (1.0 - 0.4 * draws.uniform("longest"))
    until = np.where(
        draws.even(NEW) < float(figure("friendships.first_year")["share"]), recent, np.minimum(older, longest.astype(np.int64))
    )
    return Waits(
        programmes=programmes,
        waited=waited,
        until=until,
        age=draws.whole("age", low + waited, high - until),
        homes=load_towns().homes(draws),
    )


def draw_children(
    draws: Draws, ids: Sequence[str], waits: Waits, planning_date: date, matcher_ids: Sequence[str]
) -> tuple[Child, ...]:
    """One child for each id; those whose wait has ended were visited before it did."""
    towns = load_towns()
    places = towns.coordinates(draws, waits.homes, "children.with_coordinates")
    visits = _visits(draws, waits)
    said = wishes(draws, "children")
    genders = draws.pick_evenly(GENDER, "children.gender")
    wanted = draws.pick("wanted gender", "children.wants_gender")
    languages = _languages(draws)
    allergic = draws.chance("allergic", "children.allergic").tolist()
    allergies = draws.pick("allergies", "children.allergies")
    smoke_free = draws.chance("smoke free", "children.smoke_free").tolist()
    minutes = draws.pick("minutes", "children.max_minutes")
    months = draws.pick("months", "children.expects_months")
    initiative = draws.chance("initiative", "children.initiative").tolist()
    matchers = _matchers(draws, matcher_ids)
    return tuple(
        Child(
            child_id=child_id,
            programme=waits.programmes[i],  # type: ignore[arg-type]
            birth_date=days_before(planning_date, waits.until[i] + waits.age[i]),
            gender=genders[i],  # type: ignore[arg-type]
            postcode=towns.codes[waits.homes[i]],
            latitude=places[i][0],
            longitude=places[i][1],
            municipality=towns.municipalities[waits.homes[i]],
            registered_on=days_before(planning_date, waits.until[i] + waits.waited[i]),
            home_visit_on=None if visits[i] < 0 else days_before(planning_date, visits[i]),
            languages=languages[i],
            wants_gender=wanted_gender(wanted[i], genders[i]),
            allergies=(allergies[i],) if allergic[i] else (),
            smoke_free=smoke_free[i],
            max_minutes=number(minutes[i]),
            expects_months=number(months[i]),
            initiative=("bryd_boblen",) if initiative[i] and genders[i] == "girl" else (),
            matcher_id=matchers[i],
            **said[i],  # type: ignore[arg-type]
        )
        for i, child_id in enumerate(ids)
    )


def _visits(draws: Draws, waits: Waits) -> list[int]:
    """Days before the planning date of the home visit; -1: not yet."""
    lag = draws.whole_in("visit", "children.visit_lag_days")
    ended = waits.until > 0
    lag = np.where(ended, np.minimum(lag, waits.waited), lag)
    done: BoolArray = ended | ((lag <= waits.waited) & ~draws.chance("never visited", "children.never_visited"))
    visits: list[int] = np.where(done, waits.until + waits.waited - lag, -1).tolist()
    return visits


def _languages(draws: Draws) -> list[tuple[str, ...]]:
    other = draws.pick("language", "languages.mix")
    second = draws.chance("second language", "children.second_language").tolist()
    foreign = draws.chance("no Danish", "children.no_danish").tolist()
    return [
        (word,) if alone else ("danish", word) if both else ("danish",)
        for word, both, alone in zip(other, second, foreign, strict=True)
    ]


def _matchers(draws: Draws, matcher_ids: Sequence[str]) -> list[str | None]:
    chosen = draws.whole("matcher", 0, len(matcher_ids) - 1).tolist()
    none = draws.chance("no matcher", "children.no_matcher").tolist()
    return [None if blank else matcher_ids[i] for i, blank in zip(chosen, none, strict=True)]
