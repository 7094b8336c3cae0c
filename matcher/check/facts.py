"""Plain facts the checker works out for itself: ages, calendar months, metres, minutes.

The distance is Vincenty's inverse solution on WGS84 [1]_, so that it shares no step with an engine that works with chords.

.. [1] T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid with application of nested equations,
   Survey Review 23 (176), 1975, pages 88-93.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import date

_EQUATOR_METRES = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_POLE_METRES = _EQUATOR_METRES * (1 - _FLATTENING)
_SECOND_ECCENTRICITY2 = _EQUATOR_METRES**2 / _POLE_METRES**2 - 1
_MOST_ROUNDS = 60  # near antipodes the iteration may not settle; pairs that far apart are never close calls
_SETTLED = 1e-12  # radians: six micrometres


def age_on(born: date, day: date) -> int:
    """Completed years on ``day``; who is born on 29 February has the birthday on 1 March in other years."""
    birthday_has_come = day >= _birthday(born, day.year)
    return day.year - born.year - (0 if birthday_has_come else 1)


def _birthday(born: date, year: int) -> date:
    if born.month == 2 and born.day == 29 and not calendar.isleap(year):
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def months_away(day: date, months: int) -> date:
    """The same day of the month ``months`` later (earlier when negative), or that month's last day.

    Beyond the calendar it is the calendar's own first or last day.
    """
    month_number = day.year * 12 + (day.month - 1) + months
    year, month = month_number // 12, month_number % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def whole_months_until(last_day: date, day: date) -> int:
    """The largest n for which ``day`` plus n months is not after ``last_day``; negative when that is past."""
    guess = (last_day.year - day.year) * 12 + (last_day.month - day.month)
    return guess if months_away(day, guess) <= last_day else guess - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the ellipsoid: longitude in radians, sine and cosine of the reduced latitude."""

    longitude: float
    sin_u: float
    cos_u: float


def place_at(latitude: float, longitude: float) -> Place:
    """The place at WGS84 degrees."""
    reduced = math.atan((1 - _FLATTENING) * math.tan(math.radians(latitude)))
    return Place(math.radians(longitude), math.sin(reduced), math.cos(reduced))


def metres_between(a: Place, b: Place) -> float:
    """Length of the geodesic in metres, good to a millimetre but near antipodes."""
    apart = math.remainder(b.longitude - a.longitude, math.tau)
    sin_u_product, cos_u_product = a.sin_u * b.sin_u, a.cos_u * b.cos_u
    lam = apart
    for _ in range(_MOST_ROUNDS):
        sin_lam, cos_lam = math.sin(lam), math.cos(lam)
        sin_sigma = math.hypot(b.cos_u * sin_lam, a.cos_u * b.sin_u - a.sin_u * b.cos_u * cos_lam)
        if sin_sigma == 0.0:
            return 0.0
        cos_sigma = sin_u_product + cos_u_product * cos_lam
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos_u_product * sin_lam / sin_sigma
        cos2_alpha = 1 - sin_alpha * sin_alpha
        cos_2m = cos_sigma - 2 * sin_u_product / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
        turn = sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m * cos_2m - 1))
        before, lam = lam, apart + (1 - c) * _FLATTENING * sin_alpha * turn
        if abs(lam - before) < _SETTLED:
            break
    return _arc_metres(sigma, sin_sigma, cos_sigma, cos2_alpha, cos_2m)


def _arc_metres(sigma: float, sin_sigma: float, cos_sigma: float, cos2_alpha: float, cos_2m: float) -> float:
    """Metres of an arc ``sigma`` on the auxiliary sphere: the series of Vincenty's equations 3, 4 and 6."""
    u2 = cos2_alpha * _SECOND_ECCENTRICITY2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    twice = 2 * cos_2m * cos_2m - 1
    inner = cos_sigma * twice - b / 6 * cos_2m * (4 * sin_sigma * sin_sigma - 3) * (4 * cos_2m * cos_2m - 3)
    return _POLE_METRES * a * (sigma - b * sin_sigma * (cos_2m + b / 4 * inner))


def minutes_for(metres: float, detour: float, kmh: float, extra_minutes: float) -> float:
    """Estimated minutes one way: the way is ``detour`` times the straight line, at ``kmh``, plus ``extra_minutes``."""
    return 60 * detour * (metres / 1000) / kmh + extra_minutes
