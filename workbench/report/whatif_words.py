"""What scenarios come to, in words and numbers for a leader: measures, values, bands, groups and what a difference says."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from scenarios.stream.metrics import METRICS as OVER_TIME
from scenarios.today import CALENDAR_METRICS
from scenarios.today import METRICS as TODAY
from workbench import about as product
from workbench import clashes
from workbench.sentences import capital, group_name
from workbench.words import counted, decimals, knows, put, say, word

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from matcher.results import Reason
    from scenarios.change import Change
    from scenarios.comparison import Comparison, Row
    from scenarios.scenario import Scenario
    from workbench.about import Origin

MEASURES = {"today": (*TODAY, *CALENDAR_METRICS), "stream": OVER_TIME}
"""By mode, in the contract's order."""
WAITS = ("wait_median_days", "wait_p90_days", "wait_longest_days")
SHARES, RATIOS = frozenset({"lasting_12_months"}), frozenset({"offers_per_match"})
WHOLE = frozenset({*MEASURES["today"], *WAITS}) - {"total_score", "median_minutes"}
NOTES = ("person", "whatif_guess", "whatif_abroad", "whatif_band", "whatif_fiction", "whatif_small", "whatif_asked", "score")
"""What the model does not know, as a heading and a text each (``about.*.name``, ``about.*.text``)."""


def places(metric: str) -> int:
    """How many decimals a measure is shown with."""
    return 2 if metric in RATIOS else 0 if metric in WHOLE else 1


def said(language: str, metric: str, value: Decimal | None) -> str:
    """A value, or a dash where there is none; shares are per cent."""
    if value is None:
        return "–"
    seen = _shown(metric, value)
    return f"{'−' if seen < 0 else ''}{decimals(language, abs(seen), places(metric))}"


def signed(language: str, metric: str, value: Decimal | None) -> str:
    """A difference with its sign."""
    if value is None:
        return "–"
    seen = _shown(metric, value)
    sign = "+" if seen > 0 else "−" if seen < 0 else "±"
    return f"{sign}{decimals(language, abs(seen), places(metric))}"


def _shown(metric: str, value: Decimal) -> Decimal:
    return round(value * 100 if metric in SHARES else value, places(metric))


def span(language: str, low: str, high: str) -> str:
    """From here to there; a dash where neither is known."""
    return low if low == high == "–" else say(language, "whatif_report.span", low=low, high=high)


def gap(language: str, row: Row) -> str:
    """A difference with its band."""
    change, low, high = (signed(language, row.metric, one) for one in (row.difference, row.difference_low, row.difference_high))
    return change if low == "–" else say(language, "whatif_report.gap", change=change, low=low, high=high)


def is_clear(row: Row) -> bool:
    """Whether a difference is more than the chances of the calculation: its band does not reach zero, or it is exact."""
    if row.mode == "today":
        return bool(row.difference)
    low, high = row.difference_low, row.difference_high
    return low is not None and high is not None and (low > 0 or high < 0)


def reading(language: str, row: Row) -> str:
    """What a difference says, in a word or two."""
    if row.difference is None or (row.mode == "stream" and row.difference_low is None):
        return say(language, "whatif_report.reading.unknown")
    if is_clear(row):
        return say(language, "whatif_report.reading.higher" if row.difference > 0 else "whatif_report.reading.lower")
    same = not row.difference and row.difference_low == row.difference_high
    return say(language, "whatif_report.reading.same" if same else "whatif_report.reading.unclear")


def reason(language: str, code: Reason) -> str:
    """Why children get no match, as a heading."""
    return say(language, f"whatif_report.reason.{code}")


def whole_change(language: str, before: int, after: int) -> str:
    """A count with its difference: "6 (−2)"."""
    return say(language, "whatif_report.in_group", value=after, change=signed(language, "matched", Decimal(after - before)))


def measure(language: str, metric: str) -> str:
    """The name of a measure."""
    return capital(say(language, f"whatif.metric.{metric}"))


def meaning(language: str, metric: str) -> str:
    """What a measure is, in plain words."""
    return say(language, f"whatif_report.means.{metric}")


def group(language: str, code: str) -> str:
    """A group of children by name; blank is all."""
    if not code:
        return say(language, "whatif_report.all_children")
    return capital(group_name(language, *code.split("=", 1)))


def beside(language: str, baseline: str) -> str:
    """What a scenario is compared with."""
    return baseline or say(language, "whatif_report.as_it_is")


def years(language: str, one: Scenario) -> str:
    """How long a stream is followed."""
    return say(language, f"whatif_report.years.{'one' if one.years == 1 else 'many'}", number=one.years)


def when(language: str, one: Scenario, found: Comparison) -> str:
    """Today, or over how many years and replications."""
    if one.mode == "today":
        return say(language, "whatif_report.mode.today")
    run = found.replications.get(one.name, 0)
    return say(language, "whatif_report.mode.stream", years=years(language, one), replications=run)


def changes(language: str, one: Scenario) -> str:
    """What a scenario changes, in words: "flere frivillige (antal: 10, køn: mand)"."""
    return "; ".join(_change(language, change) for change in one.change) or say(language, "whatif_report.nothing_changed")


def _change(language: str, change: Change) -> str:
    key = f"whatif_report.change.{change.kind}"
    name = say(language, key) if knows(key) else change.kind
    fields = sorted(dataclasses.fields(change), key=lambda item: item.name != "number")
    values = ((item.name, getattr(change, item.name), item.default) for item in fields)
    given = ", ".join(_field(language, field, value) for field, value, default in values if value not in (default, ()))
    return f"{name} ({given})" if given else name


def _field(language: str, field: str, value: Any) -> str:  # noqa: ANN401  whatever a change holds
    """A field of a change with its value."""
    if field == "age":
        shown = say(language, "whatif_report.ages", low=value[0], high=value[1])
    elif field == "share":
        shown = f"{decimals(language, 100 * value, 0)} %"
    else:
        shown = word(language, value) if isinstance(value, str) else put(language, value)
    return f"{say(language, f'whatif_report.field.{field}')}: {shown}"


def moves(language: str, name: str, found: Comparison) -> str:
    """Who gains, who loses, who gets another, in a sentence."""
    hows = [pair.how for pair in found.pairs if pair.scenario == name]
    parts = [
        say(language, f"whatif.moves.{how}", children=counted(language, "children", hows.count(how)))
        for how in ("gains", "loses", "changes")
        if how in hows
    ]
    if not parts:
        return say(language, "whatif.nobody_moves")
    return capital(say(language, "whatif.moves_all", parts="; ".join(parts)))


def state(found: Comparison, name: str) -> str:
    """How a scenario was answered: done, refused, without a baseline's plan, or unfinished."""
    parts = {"refused": found.refused, "without_baseline": found.without_baseline, "unfinished": found.unfinished}
    return next((key for key, names in parts.items() if name in names), "done")


def no_answer(language: str, found: Comparison, one: Scenario, named: Container[str] | None = None) -> str:
    """Why a scenario has no figures. Of the people in a clash those who are ``named`` are by id, or all of them."""
    error = found.refused.get(one.name) or found.without_baseline.get(one.name)
    if error is None:
        return say(language, "whatif.unfinished")
    why = clashes.in_words(error if named is None else clashes.naming(language, error, named), language)
    before = [say(language, "whatif.without_baseline", baseline=one.baseline)] if one.name in found.without_baseline else []
    return "\n".join([*before, why])


def named_in(found: Comparison) -> frozenset[str]:
    """Ids of the children and volunteers whom the scenarios themselves name."""
    changes = [change for one in found.scenarios for change in one.change]
    return frozenset(getattr(change, key) for change in changes for key in ("child_id", "volunteer_id") if hasattr(change, key))


def facts(language: str, engine: Origin) -> Iterator[tuple[str, str]]:
    """What an answer was made from: a heading and a text each."""
    yield say(language, "about.date"), put(language, engine.case.planning_date)
    yield say(language, "year.seed"), str(int(engine.rulebook.number("seed")))
    fingerprint = engine.data_hash  # in fours: ten digits in a row could pass for a CPR number
    yield say(language, "about.data"), " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
    yield say(language, "about.versions"), ", ".join(f"{name} {number}" for name, number in product.versions().items())
