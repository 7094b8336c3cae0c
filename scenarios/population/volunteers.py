"""Synthetic volunteers: free ones as they are met, or with some facts given in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.records import PROGRAMMES, Volunteer
from scenarios.population.figures import GENDER, PROGRAMME, Draws, IntArray, figure
from scenarios.population.shared import YEAR, days_before, number, wanted_gender, wishes
from scenarios.population.towns import load_towns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is known of volunteers in advance; ``None``: drawn. Each sequence has one entry a volunteer.

    ``homes`` are indices of ``load_towns()``. ``since``: days before the planning date by which each was approved and had the
    drawn age. ``years``: completed years today, by which a drawn programme goes. ``vetted``: nothing is missing, past, paused or
    about to end.
    """

    homes: IntArray | None = None
    since: IntArray | None = None
    years: IntArray | None = None
    programmes: Sequence[tuple[str, ...]] | None = None
    genders: Sequence[str | None] | None = None
    vetted: bool = False


def draw_volunteers(draws: Draws, ids: Sequence[str], planning_date: date, given: Given | None = None) -> tuple[Volunteer, ...]:
    """One volunteer for each id, with what is given and the rest drawn."""
    given = given or Given()
    towns = load_towns()
    homes = towns.homes(draws) if given.homes is None else given.homes
    places = towns.coordinates(draws, homes, "volunteers.with_coordinates")
    said = wishes(draws, "volunteers")
    genders = _genders(draws, given)
    wanted = draws.pick("wanted gender", "volunteers.wants_gender")
    years = _years(draws, given) if given.years is None else given.years
    offers = _offers(draws, years) if given.programmes is None else given.programmes
    age_wishes = _age_wishes(draws, offers)
    born = _born(draws, years, given.since)
    languages = _languages(draws)
    transport = draws.pick("transport", "volunteers.transport")
    smoker = draws.pick("smoker", "volunteers.smoker")
    pets = draws.pick("pets", "volunteers.pets")
    minutes = draws.pick("minutes", "volunteers.max_minutes")
    months = draws.pick("months", "volunteers.expects_months")
    two = draws.chance("capacity", "volunteers.capacity_two").tolist()
    papers = _papers(draws, planning_date, given)
    absences = _absences(draws, planning_date, vetted=given.vetted)
    return tuple(
        Volunteer(
            volunteer_id=volunteer_id,
            programmes=offers[i],  # type: ignore[arg-type]
            birth_date=days_before(planning_date, born[i]),
            gender=genders[i],  # type: ignore[arg-type]
            postcode=towns.codes[homes[i]],
            latitude=places[i][0],
            longitude=places[i][1],
            municipality=towns.municipalities[homes[i]],
            languages=languages[i],
            max_minutes=number(minutes[i]),
            expects_months=number(months[i]),
            wants_gender=wanted_gender(wanted[i], genders[i]),
            wants_age_min=age_wishes[i][0],
            wants_age_max=age_wishes[i][1],
            capacity=2 if two[i] else 1,
            transport=transport[i],  # type: ignore[arg-type]
            smoker={"yes": True, "no": False}.get(smoker[i]),
            pets=tuple(pets[i].split(";")) if pets[i] else (),
            **said[i],  # type: ignore[arg-type]
            **papers[i],
            **absences[i],  # type: ignore[arg-type]
        )
        for i, volunteer_id in enumerate(ids)
    )


def _genders(draws: Draws, given: Given) -> list[str]:
    drawn = draws.pick_evenly(GENDER, "volunteers.gender")
    known = given.genders or [None] * draws.count
    return [gender or other for gender, other in zip(known, drawn, strict=True)]


def _years(draws: Draws, given: Given) -> IntArray:
    """Completed years, ``since`` days ago; those who are given storebror have its ages then and now."""
    spans = np.array([span.split("-") for span in draws.pick("age group", "volunteers.ages")], dtype=np.int64).reshape(-1, 2)
    if given.programmes is not None:
        brothers = np.array(["storebror" in words for words in given.programmes], dtype=np.bool_)
        low, high = figure("volunteers.brother_ages")["range"]
        passed = np.zeros(draws.count, dtype=np.int64) if given.since is None else given.since // 365 + 1
        spans[brothers] = np.stack([np.full_like(passed, low), np.maximum(high - passed, low)], axis=1)[brothers]
    return draws.whole("years", spans[:, 0], spans[:, 1])


def _born(draws: Draws, years: IntArray, since: IntArray | None) -> list[int]:
    """Days since birth, so that exactly ``years`` were completed ``since`` days ago."""
    days = np.ceil(years * YEAR).astype(np.int64) + draws.whole("days since the birthday", 1, 363)
    born: list[int] = (days if since is None else days + since).tolist()
    return born


def _offers(draws: Draws, years: IntArray) -> list[tuple[str, ...]]:
    """Programmes offered; storebror only by those of its ages."""
    low, high = figure("volunteers.brother_ages")["range"]
    offered = [tuple(words.split(";")) for words in draws.pick_evenly(PROGRAMME, "volunteers.offers")]
    return [
        words if low <= age <= high else tuple(dict.fromkeys("voksenven" if w == "storebror" else w for w in words))
        for words, age in zip(offered, years.tolist(), strict=True)
    ]


def _age_wishes(draws: Draws, offers: Sequence[tuple[str, ...]]) -> list[tuple[float | None, float | None]]:
    """Some who offer one programme wish a narrower span than it has, at one end or both."""
    wishing = draws.chance("wanted age", "volunteers.wants_age").tolist()
    rise, fall = draws.whole("age from", 0, 2).tolist(), draws.whole("age to", 0, 2).tolist()
    ranges: dict[str, tuple[int, int]] = {name: figure(f"programmes.ages.{name}")["range"] for name in PROGRAMMES}
    found: list[tuple[float | None, float | None]] = []
    for words, wish, more, less in zip(offers, wishing, rise, fall, strict=True):
        low, high = ranges[words[0]]
        narrow = wish and len(words) == 1
        found.append((float(low + more) if narrow and more else None, float(high - less) if narrow and less else None))
    return found


def _languages(draws: Draws) -> list[tuple[str, ...]]:
    other = draws.pick("language", "languages.mix")
    english = draws.chance("english", "volunteers.english").tolist()
    second = draws.chance("second language", "volunteers.second_language").tolist()
    return [
        tuple(dict.fromkeys(("danish", *(("english",) if speaks else ()), *((word,) if more else ()))))
        for word, speaks, more in zip(other, english, second, strict=True)
    ]


def _papers(draws: Draws, planning_date: date, given: Given) -> list[dict[str, Any]]:
    """Interview, home visit, records and course; most have all, the others lack one."""
    latest = draws.whole_in("approved", "volunteers.approved_days") if given.since is None else given.since + 45
    interview = latest + draws.whole("since the interview", 0, 30)
    visit = interview - draws.whole("until the visit", 5, 20)
    record = visit - draws.whole("until the record", 1, 15)
    certificate = _certificate_days(draws, vetted=given.vetted)
    hours = draws.pick("hours", "volunteers.course_hours")
    partly = draws.whole("hours so far", 0, 3).tolist()
    complete = draws.chance("vetted", "volunteers.fully_vetted").tolist()
    papers = []
    for i, lacks in enumerate(draws.pick("missing", "volunteers.missing")):
        found: dict[str, Any] = {
            "interview_on": days_before(planning_date, interview[i]),
            "home_visit_on": days_before(planning_date, visit[i]),
            "criminal_record_on": days_before(planning_date, record[i]),
            "child_certificate_on": days_before(planning_date, certificate[i]),
            "course_hours": float(hours[i]),
        }
        if not (given.vetted or complete[i]):
            found.update({"course_hours": (None, 4.0, 8.0, 12.0)[partly[i]]} if lacks == "course" else {f"{lacks}_on": None})
        papers.append(found)
    return papers


def _certificate_days(draws: Draws, *, vetted: bool) -> IntArray:
    """How long ago the child certificate was seen."""
    kinds = ["fresh"] * draws.count if vetted else draws.pick("certificate", "volunteers.certificate")
    spans = figure("volunteers.certificate_days")
    bounds = np.array([spans[kind] for kind in kinds], dtype=np.int64).reshape(-1, 2)
    return draws.whole("certificate days", bounds[:, 0], bounds[:, 1])


def _absences(draws: Draws, planning_date: date, *, vetted: bool) -> list[dict[str, date | None]]:
    """Pauses and known last days."""
    kinds = [""] * draws.count if vetted else draws.pick("pause", "volunteers.pause")
    begun, length = draws.whole("pause begun", 5, 60).tolist(), draws.whole("pause length", 65, 200).tolist()
    stops = draws.chance("stops", "volunteers.stops").tolist()
    last = draws.whole_in("stops in", "volunteers.stops_days").tolist()
    found: list[dict[str, date | None]] = []
    for kind, ago, days, stop, ahead in zip(kinds, begun, length, stops, last, strict=True):
        first = planning_date + timedelta(days={"over": -ago - days - 5, "coming": ago}.get(kind, -ago))
        found.append(
            {
                "paused_from": first if kind else None,
                "paused_until": first + timedelta(days=days) if kind not in {"", "open"} else None,
                "stops_on": planning_date + timedelta(days=ahead) if stop and not vetted else None,
            }
        )
    return found
