"""A year's dates, places and days without meetings in words, for the workbook and the page."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import holidays

from matcher.records import DAYS, PROGRAMMES
from workbench import about
from workbench.words import Language, counted, listed, put, say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbench.report.year_records import ShownChange, ShownLevel, ShownMeeting, YearView


def month_name(language: str, month: int) -> str:
    """``januar``."""
    return say(language, f"year.month.{month}")


def short_month(language: str, month: int) -> str:
    """``jan``."""
    return month_name(language, month)[:3]


def weekday(language: str, day: date) -> str:
    """``mandag``."""
    return say(language, f"day.{DAYS[day.weekday()]}")


def long_date(language: str, day: date) -> str:
    """``mandag 4. januar``."""
    return say(language, "year.long_date", weekday=weekday(language, day), day=day.day, month=month_name(language, day.month))


def short_weekday(language: str, day: date) -> str:
    """``ma``."""
    return say(language, f"year.short_day.{DAYS[day.weekday()]}")


def short_date(language: str, day: date) -> str:
    """``ma 4. jan``."""
    name = short_weekday(language, day)
    return say(language, "year.short_date", weekday=name, day=day.day, month=short_month(language, day.month))


def short_dates(language: str, days: Iterable[date]) -> str:
    """Several days, apart so that each is read as one."""
    return " · ".join(short_date(language, day) for day in days)


def clock_times(language: str, clock: str) -> str:
    """``19.00–21.00`` in Danish, ``19:00–21:00`` in English."""
    times = clock.replace("-", "–")
    return times.replace(":", ".") if language == Language.DA else times


def when_and_where(language: str, row: ShownMeeting | ShownChange) -> str:
    """``mandag 4. januar kl. 19.00–21.00, Fritidshuset``."""
    clock = clock_times(language, row.clock)
    return say(language, "year.when_and_where", date=long_date(language, row.date), clock=clock, place=row.place)


def programmes(language: str, meeting: ShownMeeting) -> str:
    """The programmes that meet, as a list; all of them in a word."""
    if set(meeting.programme) == set(PROGRAMMES):
        return say(language, "year.all_programmes")
    return listed(language, [word(language, code).capitalize() for code in meeting.programme])


@cache
def _day_names(language: str, year: int) -> Mapping[date, str]:
    """What Danes call the days that have a name; which of them are closed, the rules say."""
    spoken = "da" if language == Language.DA else "en_US"
    return dict(holidays.country_holidays("DK", years=year, language=spoken, categories=("public", "optional")))


def closed_name(language: str, view: YearView, day: date) -> str:
    """Why a day has no meetings: the day's own name, what the closure is called, else the rule's; blank where it is open."""
    closed = view.closed.get(day)
    if closed is None:
        return ""
    return _day_names(language, view.year).get(day) or closed.what or closed.title[language]


def closed_spans(language: str, view: YearView, month: int) -> Iterator[tuple[date, date, str]]:
    """First and last day, and name, of every stretch of days without meetings in a month."""
    first = date(view.year, month, 1)
    days = [first + timedelta(days=k) for k in range(31) if (first + timedelta(days=k)).month == month]
    for name, stretch in groupby(days, key=lambda day: closed_name(language, view, day)):
        if name:
            run = list(stretch)
            yield run[0], run[-1], name


def by_day(view: YearView) -> Mapping[date, tuple[ShownMeeting, ...]]:
    """The meetings of each day that has any."""
    return {day: tuple(rows) for day, rows in groupby(view.meetings, key=lambda row: row.date)}


def summary(language: str, view: YearView) -> str:
    """How many meetings there are for how many, and what is missing."""
    held, people = counted(language, "meetings", len(view.meetings)), counted(language, "volunteers", len(view.people))
    short = [row.missing for row in view.people if row.missing]
    said = say(language, "year.summary", meetings=held, volunteers=people)
    if not short:
        return f"{said} {say(language, 'year.nobody_missing')}"
    missing, of = counted(language, "meetings", sum(short)), counted(language, "volunteers", len(short))
    return f"{said} {say(language, 'year.summary_missing', missing=missing, volunteers=of)}"


def certainty(language: str, level: ShownLevel) -> str:
    """How sure a level's value is."""
    if level.value <= level.bound:
        return say(language, "year.is_proved")
    within = level.value <= level.bound + level.slack
    return say(language, "year.is_within_slack" if within else "year.is_not_proved", bound=level.bound)


def outcome(language: str, view: YearView) -> str:
    """Whether the plan is the best one, in a sentence or two."""
    best = all(level.value <= level.bound for level in view.levels)
    proof = say(language, "year.outcome_proved" if best else "year.outcome_within_slack")
    said = proof if view.proved else say(language, "year.outcome_found")
    return f"{said} {say(language, 'year.outcome_cut')}" if view.cut else said


def facts(language: str, view: YearView) -> Iterator[tuple[str, str]]:
    """What the plan says of itself, beside its levels: a heading and a text each."""
    yield say(language, "about.person.name"), say(language, "year.person")
    yield say(language, "year.reading.name"), say(language, "year.reading.text")
    yield say(language, "about.date"), put(language, view.planning_date)
    changed = (
        say(language, "about.setting", key=key, value=put(language, now), policy=put(language, usual))
        for key, (now, usual) in sorted(view.settings.items())
    )
    yield say(language, "about.settings"), "\n".join(changed) or listed(language, [])
    if view.seed is not None:
        yield say(language, "year.seed"), str(view.seed)
    if view.data_hash:  # in fours: ten digits in a row could pass for a CPR number
        yield say(language, "about.data"), " ".join(view.data_hash[at : at + 4] for at in range(0, len(view.data_hash), 4))
    yield say(language, "about.versions"), ", ".join(f"{name} {number}" for name, number in about.versions().items())
