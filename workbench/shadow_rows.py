"""Past friendships beside the engine's lists, as rows and as a summary for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matcher.duration.evaluate import HORIZONS
from matcher.duration.replay import TOPS
from workbench.tables import Table, rounded, score

if TYPE_CHECKING:
    from matcher.duration.evaluate import Brier, Calibrated, Evaluation
    from matcher.duration.fit import Fit
    from matcher.duration.replay import Lasting, Replayed, Shadow
    from workbench.tables import Cell, Value

COLUMNS = (
    "friendship_id",
    "started_on",
    "child_id",
    "volunteer_id",
    "replayed",
    "eligible",
    "failed",
    "rank",
    "of",
    "score",
    "best_score",
    "best_volunteer_id",
    "planned_volunteer_id",
    "waiting",
    "free",
    "months",
    "ended",
)


def table(found: Shadow) -> Table:
    """``shadow.csv``."""
    return Table("shadow", COLUMNS, tuple(_row(one) for one in sorted(found.rows, key=lambda row: row.friendship_id)))


def _row(one: Replayed) -> tuple[Cell, ...]:
    return (
        one.friendship_id,
        one.started_on.isoformat(),
        one.child_id,
        one.volunteer_id,
        one.known,
        not one.failed if one.known else None,
        ";".join(one.failed) or None,
        one.rank,
        one.eligible,
        score(one.points),
        score(one.best_points),
        one.best or None,
        one.planned or None,
        one.waiting,
        one.free,
        one.months,
        one.ended,
    )


def _number(value: float | None, places: int = 3) -> Cell:
    """A measured number for a program; blank where there is none."""
    return None if value is None or math.isnan(value) else rounded(value, places)


def counts(found: Shadow) -> dict[str, Value]:
    """How the engine's lists compare with what was chosen."""
    ranked = len(found.ranked)
    top: dict[str, Value] = {
        str(k): {
            "friendships": found.in_top(k),
            "share": _number(found.in_top(k) / ranked if ranked else None),
            "by_chance": _number(found.chance_in_top[k] / ranked if ranked else None),
        }
        for k in TOPS
    }
    return {
        "friendships": len(found.rows),
        "replayed": len(found.replayed),
        "eligible": ranked,
        "top": top,
        "median_rank": _number(found.median_rank, 1),
        "median_of": _number(found.median_eligible, 1),
        "median_below_best": _number(found.median_below_best),
        "as_planned": sum(row.planned == row.volunteer_id for row in found.replayed),
        "failed": dict(found.failed),
    }


def lasting(found: Lasting) -> dict[str, Value]:
    """Whether those ranked high lasted longer."""
    low, high = (None, None) if found.difference is None else found.difference[1:]
    return {
        "enough_data": found.enough,
        "high_friendships": found.high_friendships,
        "low_friendships": found.low_friendships,
        "high_months": _number(found.high),
        "low_months": _number(found.low),
        "difference": _number(None if found.difference is None else found.difference[0]),
        "difference_low": _number(low),
        "difference_high": _number(high),
    }


def duration(today: Fit, judged: Evaluation) -> dict[str, Value]:
    """What is known today of how long friendships last; the fit up to the day, and how it did afterwards."""
    return {
        "today": _fit(today),
        "until_from": _fit(judged.fit),
        "later_friendships": judged.friendships,
        "brier": {str(one.horizon): _brier(one) for one in judged.brier},
        "c_index": _number(judged.c_index),
        "ndcg": _number(judged.ndcg),
        "ndcg_by_chance": _number(judged.chance),
        "calibration": [_calibrated(one) for one in judged.calibration],
    }


def _fit(fit: Fit) -> dict[str, Value]:
    """What a history taught; shares and ratios are value, low and high of the 95 % band."""
    posterior = fit.posterior
    shares: dict[str, Value] = {
        str(months): {
            name: [_number(value) for value in belief.share_band(months)]
            for name, belief in (("prior", fit.prior), ("fit", posterior))
        }
        for months in HORIZONS
    }
    bands = posterior.ratio_bands().tolist()
    ratios: dict[str, Value] = {
        name: {"value": _number(value), "low": _number(low), "high": _number(high), "enough_data": enough}
        for name, (value, low, high), enough in zip(posterior.names, bands, fit.ratios_enough, strict=True)
    }
    return {
        "enough_data": fit.enough,
        "friendships": fit.friendships,
        "ends": fit.ends,
        "expected_ends": _number(fit.expected_ends, 1),
        "ends_missing": fit.ends_missing,
        "told": _number(fit.level_told),
        "typical_share": shares,
        "hazard_ratios": ratios,
    }


def _calibrated(one: Calibrated) -> dict[str, Value]:
    shares = {"predicted": one.predicted, "observed": one.observed, "low": one.low, "high": one.high}
    return {"friendships": one.friendships, **{name: _number(value) for name, value in shares.items()}}


def _brier(one: Brier) -> dict[str, Value]:
    """A score of friendships too few to tell is left blank."""
    values = {"fit": one.fit, "prior": one.prior, "nobody": one.nobody}
    gains = dict(zip(("gain", "gain_low", "gain_high"), one.gain, strict=True))
    return {
        "enough_data": one.enough,
        "ends": one.ends,
        "reached": one.reached,
        **{name: _number(value if one.enough else None, 4) for name, value in (values | gains).items()},
    }
