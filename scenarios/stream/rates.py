"""The settings as the loop needs them: tables by score, hours by week, hazards by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.duration.hazard import DAYS_A_MONTH, GROWN, expected_months, load_priors
from scenarios.stream.lasting import belief_of
from scenarios.stream.limits import limits_of
from scenarios.stream.offers import BINS
from scenarios.stream.state import BATCH, GREEDY, PRICES, WEEKS_A_YEAR, Rates

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.duration.belief import Belief
    from scenarios.stream.settings import StreamSettings
    from scenarios.world import World

PERIODS = {"greedy": 1, "weekly": 1, "monthly": 4, "quarterly": 13, "prices": 1}
POLICY_OF = {"greedy": GREEDY, "prices": PRICES}
LOG_GRID = np.linspace(-4.0, 4.0, 33)
"""Log hazard ratios at which the expected months are tabulated."""
DAYS = GROWN * 366
HALF_A_WEEK = 4
UNLIMITED = 1e9
"""Hours of a week without a limit."""
NO_LIMIT = 10**9
"""Matches of a limit that is lifted."""


def gate_table(settings: StreamSettings) -> npt.NDArray[np.float64]:
    """Acceptance by score in tenths and gate, shape (1001, gates): logistic in the score."""
    base = np.clip(np.array(settings.acceptance), 1e-9, 1.0 - 1e-9)
    z = (np.arange(BINS + 1) / 10.0 - settings.score_mean) / settings.score_sd
    logit = np.log(base / (1.0 - base)) + settings.acceptance_slope * z[:, None]
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def hours_by_week(world: World, weeks: int) -> npt.NDArray[np.float64]:
    """Hours of all matchers in each week: none of a matcher in a week of which half or more falls in an absence.

    Those who are assumed where the case has no table of them (``World.untabled_matchers``) are never away.
    """
    case, hours, day = world.case, world.stream.matcher_hours_per_week, world.case.planning_date
    found = np.full(weeks, hours * world.untabled_matchers)
    for matcher in case.matchers:
        away = np.zeros(7 * weeks, dtype=np.bool_)
        for first, last in matcher.absent:
            away[max(0, (first - day).days) : max(0, (last - day).days + 1)] = True
        found += np.where(away.reshape(weeks, 7).sum(axis=1) < HALF_A_WEEK, hours, 0.0)
    return found


def rates_of(world: World, weeks: int, valid_days: float, *, unlimited: bool = False, belief: Belief | None = None) -> Rates:
    """The world's settings for so many weeks; ``unlimited``: hours without end, and no limits on matches."""
    settings = world.stream
    budget, most = hours_by_week(world, weeks), limits_of(world.case)
    gate = gate_table(settings)
    return Rates(
        gate=gate,
        joint=gate.prod(axis=1),
        chance=gate.prod(axis=1),
        gate_days=np.array(settings.gate_days),
        hours=hours_of(settings),
        budget=np.full(weeks, UNLIMITED) if unlimited else budget,
        carried=settings.carried_weeks * (float(budget.mean()) if weeks else 0.0),
        most=np.full(len(most), NO_LIMIT) if unlimited else most,
        limit_days=settings.limit_months * DAYS_A_MONTH,
        **_lasting(belief or belief_of(world)),
        contacts=settings.contacts_first_year,
        adult_back=np.array(settings.volunteer_returns),
        child_back=np.array(settings.child_returns),
        adult_leave=_leaving(settings),
        child_leave=daily(settings.child_leaves_per_month),
        valid_days=valid_days,
        renewal_days=settings.renewal_days,
        by_months=settings.objective == "friendship_months",
        policy=POLICY_OF.get(settings.policy, BATCH),
        period=PERIODS[settings.policy],
        price_share=settings.price_share,
    )


def hours_of(settings: StreamSettings) -> npt.NDArray[np.float64]:
    """What each kind of work takes, in the order of ``scenarios.stream.state``."""
    return np.array(
        [
            settings.hours_interview,
            settings.hours_home_visit,
            settings.hours_proposal,
            settings.hours_meeting,
            settings.hours_first_visit,
            settings.hours_contact,
            settings.hours_later_year,
        ]
    )


def _leaving(settings: StreamSettings) -> npt.NDArray[np.float64]:
    """A waiting volunteer's hazard a day, the days of patience, and the factor afterwards."""
    patience = settings.volunteer_patience_months * DAYS_A_MONTH
    return np.array([daily(settings.volunteer_leaves_per_month), patience, settings.volunteer_impatience])


def _lasting(belief: Belief) -> dict[str, Any]:
    """What the loop needs to know of how long friendships last, by its names."""
    priors, baseline = load_priors(), belief.baseline
    log_ratios = dict(zip(belief.names, belief.log_ratios.tolist(), strict=True))
    shares = np.array(list(priors.causes.values()))
    return {
        "hazard": baseline.cumulative(np.arange(DAYS) / DAYS_A_MONTH),
        "age_log": np.array([log_ratios["child_year"], log_ratios["volunteer_decade"] / 10.0]),
        "broken_log": log_ratios["broken_before"],
        "variance": belief.variance,
        "usual": priors.usual_contacts,
        "contact_log": float(np.log(priors.contact.ratio)),
        "cause": np.cumsum(shares / shares.sum())[:2],
        "months": expected_months(baseline, LOG_GRID, GROWN * 12, belief.variance),
        "first_log": float(LOG_GRID[0]),
        "step_log": float(LOG_GRID[1] - LOG_GRID[0]),
    }


def daily(monthly_share: float) -> float:
    """Hazard a day at which so large a share leaves in a month."""
    return float(-np.log1p(-monthly_share) / DAYS_A_MONTH)


def arrivals_by_week(settings: StreamSettings, yearly: float, day: date, weeks: int) -> npt.NDArray[np.float64]:
    """Expected arrivals of each week, by the season of its middle."""
    mean = float(np.mean(settings.season)) or 1.0
    months = [(day + timedelta(days=7 * week + 3)).month - 1 for week in range(weeks)]
    return np.array([yearly / WEEKS_A_YEAR * settings.season[month] / mean for month in months])
