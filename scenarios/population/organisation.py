"""The association around the friendships: matchers, venues for network meetings, and school breaks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from matcher.records import PROGRAMMES, Closure, Matcher, Venue
from scenarios.population.figures import Draws, figure
from scenarios.population.towns import load_towns

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENINGS = tuple(f"{day}_evening" for day in ("mon", "tue", "wed", "thu"))
_WEEKEND = ("sat_morning", "sat_afternoon", "sun_afternoon")
_SUMMER = (date(2001, 6, 20), date(2001, 7, 10))
"""First and last day (of any year) on which summer holidays begin."""


def matcher_count(friendships: int) -> int:
    """Six matchers, more in a larger case so that each has about as many friendships as in the region."""
    return max(int(figure("matchers.number")["count"]), round(friendships / int(figure("matchers.friendships_each")["count"])))


def draw_matchers(seed: int, ids: Sequence[str], children: int, years: Sequence[int]) -> tuple[Matcher, ...]:
    """Matchers: every other with social education, every third with a limit on new friendships, one in six without Familieven."""
    draws = Draws(seed, "matcher", len(ids))
    towns = load_towns()
    homes = towns.homes(draws).tolist()
    monthly = draws.pick("meetings", "matchers.meetings_per_month")
    evenings = draws.uniform("evenings", len(_EVENINGS)).tolist()
    blank = draws.uniform("no availability").tolist()
    begin = draws.uniform("absence", len(years)).tolist() if len(years) > 1 else [[u] for u in draws.uniform("absence").tolist()]
    length = draws.whole_in("absent days", "matchers.absent_days").tolist()
    limits = figure("matchers.limits")["values"]
    return tuple(
        Matcher(
            matcher_id=matcher_id,
            name=f"Matcher {k + 1}",
            postcode=towns.codes[homes[k]],
            programmes=PROGRAMMES[:2] if k % 6 == 5 else PROGRAMMES,
            social_education=k % 2 == 0,
            availability=() if blank[k] < 0.5 else _free(evenings[k]),
            max_new_friendships=max(1, round(children / len(ids) * limits[k // 3 % len(limits)])) if k % 3 == 1 else None,
            max_meetings_per_month=int(monthly[k]),
            absent=tuple(_spell(year, begin[k][n], length[k]) for n, year in enumerate(years)),
        )
        for k, matcher_id in enumerate(ids)
    )


def _free(uniform: Sequence[float]) -> tuple[str, ...]:
    """At least two evenings, and Saturday morning."""
    kept = tuple(slot for slot, u in zip(_EVENINGS, uniform, strict=True) if u < 0.7)
    return (kept if len(kept) > 1 else _EVENINGS[:2]) + _WEEKEND[:1]


def _spell(year: int, uniform: float, days: int) -> tuple[date, date]:
    """Some weeks off in a year."""
    first = date(year, 1, 15) + timedelta(days=int(uniform * 300))
    return first, first + timedelta(days=days - 1)


def venue_count(matchers: int) -> int:
    """How many venues there are for so many matchers."""
    return matchers * int(figure("matchers.venues_each")["count"])


def draw_venues(seed: int, ids: Sequence[str], years: Sequence[int]) -> tuple[Venue, ...]:
    """Rooms of volunteer centres and libraries, spread as people are."""
    draws = Draws(seed, "venue", len(ids))
    towns = load_towns()
    homes = towns.homes(draws)
    places = towns.coordinates(draws, homes, "volunteers.with_coordinates")
    capacity = draws.pick("capacity", "matchers.venue_capacity")
    kinds = draws.uniform("kind").tolist()
    summer = draws.whole("summer", 0, (_SUMMER[1] - _SUMMER[0]).days).tolist()
    return tuple(
        Venue(
            venue_id=venue_id,
            name=f"Mødested {k + 1}",
            postcode=towns.codes[homes[k]],
            latitude=places[k][0],
            longitude=places[k][1],
            capacity=int(capacity[k]),
            availability=() if kinds[k] < 0.4 else _EVENINGS if kinds[k] < 0.75 else _EVENINGS[1:] + _WEEKEND,
            closed=tuple(_closed(year, summer[k]) for year in years) if kinds[k] > 0.2 else (),
        )
        for k, venue_id in enumerate(ids)
    )


def _closed(year: int, days: int) -> tuple[date, date]:
    first = _SUMMER[0].replace(year=year) + timedelta(days=days)
    return first, first + timedelta(days=27)


def _closure(first: date, last: date, what: str) -> Closure:
    return Closure.model_validate({"from": first, "to": last, "what": what})


def school_breaks(years: Sequence[int]) -> tuple[Closure, ...]:
    """Winter break in week 7, summer from the last Saturday of June for six weeks, autumn in week 42, Christmas."""
    found = []
    for year in years:
        june = date(year, 6, 30)
        summer = june - timedelta(days=(june.weekday() - 5) % 7)
        winter, autumn = (date.fromisocalendar(year, week, 1) for week in (7, 42))
        found += [
            _closure(winter, winter + timedelta(days=6), "vinterferie"),
            _closure(summer, summer + timedelta(days=42), "sommerferie"),
            _closure(autumn, autumn + timedelta(days=6), "efterårsferie"),
            _closure(date(year, 12, 21), date(year + 1, 1, 2), "juleferie"),
        ]
    return tuple(found)
