"""What a person reads of somebody who gets too few meetings, in both languages; no placeholder left, no volunteer's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from constraints.calendar_rules import load_calendar
from constraints.rulebook import load_rulebook
from matcher.calendar.fixed import clashes as pinned_clashes
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.reasons.causes import SEARCH, unmet_reasons
from matcher.calendar.reasons.changes import KINDS, Change
from matcher.calendar.reasons.relaxations import Nearest, Relaxation, nearest_relaxations
from matcher.calendar.year import Year
from matcher.errors import InfeasibleError
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Matcher, Meeting, Venue
from tests.calendar.years import along, case_of, friendship, volunteer, year_of
from workbench import clashes
from workbench.dates import called
from workbench.unmet import change, help_lines, reason, relaxations_table, unmet_sentences

BOOK = load_calendar()


@dataclass(frozen=True)
class Told:
    plan: YearPlan
    reasons: Mapping[str, tuple[str, ...]]
    nearest: Nearest


def told(case: Case) -> tuple[Year, Told]:
    year = year_of(case)
    plan = first_plan(year)
    general = load_rulebook(case.planning_date).all_values()
    return year, Told(plan, unmet_reasons(year, plan), nearest_relaxations(year, plan, general, load_postcodes()))


def test_one_volunteer_in_both_languages() -> None:
    people = [volunteer(f"V{k}", **({"availability": ("sat_evening",)} if k == 0 else {})) for k in range(6)]
    year, found = told(case_of(people, [friendship(row.volunteer_id) for row in people]))
    assert unmet_sentences("da", year, found) == {
        "V0": "»Den frivilliges tider« og »Mødets størrelse« giver tilsammen for få mulige møder. "
        "Det hjælper: en mandag aften mere (giver 3 af 3)."
    }
    assert unmet_sentences("en", year, found) == {
        "V0": "“The volunteer's times” and “Size of a meeting” together leave too few possible meetings. "
        "What helps: also free on Monday evening (gives 3 of 3)."
    }
    table = relaxations_table("en", found.nearest)
    assert table.rows == (("V0", 1, "volunteer_slot", 3, 3, "also free on Monday evening"),)


def test_what_helps_most() -> None:
    people = [volunteer(f"V{k}") for k in range(6)]
    never = (Matcher(matcher_id="M1", postcode="2750", max_meetings_per_month=0),)
    found = told(case_of(people, [friendship(row.volunteer_id) for row in people], matchers=never))[1]
    assert help_lines("da", found.nearest.helps) == [
        "Disse enkelte ændringer hjælper flest:",
        "  Et møde mere om måneden for matcher M1 (1 i stedet for 0): 6 frivillige, 18 møder",
    ]
    assert help_lines("da", ()) == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_large_year_is_said_whole(language: str) -> None:
    case = along(50, 2)
    year, found = told(case)
    said = unmet_sentences(language, year, found)
    assert set(said) == set(found.plan.unmet)
    assert not any(mark in text for text in said.values() for mark in ("{", "}", "_"))


FACTS: Mapping[str, Mapping[str, Any]] = {
    "seats": {"venue": "L1", "was": 5, "becomes": 6},
    "volunteer_slot": {"volunteer": "V1", "slot": "mon_evening"},
    "travel": {"rule": "meeting_travel", "parameter": "max_minutes", "was": 60.0, "becomes": 64, "more": 4, "venue": "L1"},
    "matcher_month": {"matcher": "M1", "was": 4, "becomes": 5},
    "venue_slot": {"venue": "L1", "slot": "sat_morning"},
    "matcher_slot": {"matcher": "M1", "slot": "tue_afternoon"},
    "pause": {"volunteer": "V1", "paused_from": "", "paused_until": "2027-03-14", "ends": 1},
    "stays": {"volunteer": "V1", "stops_on": "2027-05-03"},
    "apart": {"rule": "spacing", "parameter": "min_days", "was": 28, "becomes": 21},
    "least": {"rule": "meeting_size", "parameter": "min_volunteers", "was": 4, "becomes": 3},
    "most": {"rule": "meeting_size", "parameter": "max_volunteers", "was": 10, "becomes": 11},
    "venue_new": {"postcode": "2730", "municipality": "Herlev"},
}
DANISH = {
    "seats": "1 plads mere på L1",
    "volunteer_slot": "en mandag aften mere",
    "travel": "4 minutter længere rejse, til L1",
    "matcher_month": "et møde mere om måneden for matcher M1 (5 i stedet for 4)",
    "venue_slot": "stedet L1 åbent også lørdag morgen",
    "matcher_slot": "en tirsdag eftermiddag mere for matcher M1",
    "pause": "en kortere pause, der slutter 14-03-2027",
    "stays": "en senere sidste dag, 03-05-2027",
    "apart": "møder med 21 dages mellemrum i stedet for 28",
    "least": "møder med kun 3 frivillige i stedet for mindst 4",
    "most": "møder med op til 11 frivillige i stedet for 10",
    "venue_new": "et sted i Herlev (2730)",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_is_said(kind: str) -> None:
    one = Change(kind=kind, facts=FACTS[kind])
    assert change("da", one) == DANISH[kind]
    assert "{" not in change("en", one)


def test_venues_and_matchers_are_called_by_name_and_id() -> None:
    rooms = {"L1": "Mødested 8", "M1": "Hal"}
    venues = tuple(Venue(venue_id=name, name=said, postcode="2750", capacity=10) for name, said in rooms.items())
    led = tuple(Matcher(matcher_id=name, name=said, postcode="2750") for name, said in {"M1": "Ann  Ager", "M2": ""}.items())
    names = called(case_of([], [], venues=venues, matchers=led))
    assert names == {("venue", "L1"): "Mødested 8 (L1)", ("venue", "M1"): "Hal (M1)", ("matcher", "M1"): "Ann Ager (M1)"}
    said = {kind: change("da", Change(kind=kind, facts=FACTS[kind]), names) for kind in KINDS}
    assert said["seats"] == "1 plads mere på Mødested 8 (L1)"
    assert said["travel"] == "4 minutter længere rejse, til Mødested 8 (L1)"
    assert said["venue_slot"] == "stedet Mødested 8 (L1) åbent også lørdag morgen"
    assert said["matcher_month"] == "et møde mere om måneden for matcher Ann Ager (M1) (5 i stedet for 4)"
    nameless = Change(kind="matcher_slot", facts={"matcher": "M2", "slot": "tue_evening"})
    assert change("en", nameless, names) == "matcher M2 also free on Tuesday evening"
    people = [volunteer(f"V{k}") for k in range(6)]
    never = (Matcher(matcher_id="M1", name="Ann Ager", postcode="2750", max_meetings_per_month=0),)
    case = case_of(people, [friendship(row.volunteer_id) for row in people], matchers=never)
    year, found = told(case)
    assert all("matcher Ann Ager (M1)" in text for text in unmet_sentences("da", year, found).values())
    assert "matcher Ann Ager (M1)" in help_lines("da", found.nearest.helps, called(case))[1]
    assert {str(row[-1]).count("Ann Ager (M1)") for row in relaxations_table("da", found.nearest, called(case)).rows} == {1}


def test_a_pause_that_begins_later_and_a_town_without_name() -> None:
    later: dict[str, Any] = {"volunteer": "V1", "paused_from": "2027-03-14", "paused_until": "", "ends": 0}
    assert change("da", Change(kind="pause", facts=later)) == "en kortere pause, der begynder 14-03-2027"
    none: dict[str, Any] = {"volunteer": "V1", "paused_from": "", "paused_until": "", "ends": 0, "was": "2027-02-01"}
    assert change("da", Change(kind="pause", facts=none)) == "ingen pause 01-02-2027"
    assert change("en", Change(kind="pause", facts=none)).startswith("no pause on ")
    assert change("en", Change(kind="venue_new", facts={"postcode": "2730", "municipality": ""})) == "a venue in postcode 2730"


def test_no_rule_and_no_way() -> None:
    assert reason("en", BOOK, (SEARCH,), 1).startswith("The plan has room for 1 meeting more")
    nothing = Nearest(by_volunteer={"V1": ()}, helps=())
    assert relaxations_table("da", nearest=nothing).rows == ()
    free = Relaxation(volunteer_id="V1", changes=(), missing=1, meetings=())
    assert relaxations_table("da", nearest=Nearest(by_volunteer={"V1": (free,)}, helps=())).rows == ()


def meeting(name: str, **facts: Any) -> Meeting:
    known = {"date": date(2027, 2, 1), "slot": "mon_evening", "venue_id": "L1", "matcher_id": "M1", "pinned": True}
    return Meeting.model_validate({"meeting_id": name, "programme": ("voksenven",), **known, **facts})


def test_every_clash_of_pinned_meetings_is_named() -> None:
    meetings = (
        meeting("N1", volunteers=("V1", "V2")),
        meeting("N2", venue_id="L2", volunteers=("V2", "V3")),
        meeting("N3", matcher_id="M2"),
        meeting("N4", date=date(2027, 2, 8)),
    )
    people = [volunteer(f"V{k}") for k in range(1, 4)]
    venues = tuple(Venue(venue_id=name, postcode="2750", capacity=10) for name in ("L1", "L2"))
    matchers = tuple(Matcher(matcher_id=name, postcode="2750") for name in ("M1", "M2"))
    bonds = [friendship(row.volunteer_id) for row in people]
    with pytest.raises(InfeasibleError) as refused:
        year_of(case_of(people, bonds, meetings=meetings, venues=venues, matchers=matchers))
    assert clashes.in_words(refused.value, "da").splitlines() == [
        "Ingen plan kan opfylde det hele:",
        "  De fastlagte møder N1 og N2 er begge mandag aften 01-02-2027, og matcher M1 skal lede dem begge. Flyt et af dem.",
        "  De fastlagte møder N1 og N2 er begge mandag aften 01-02-2027, og frivillig V2 er sat på dem begge. "
        "Flyt et af dem, eller tag V2 af det ene.",
        "  De fastlagte møder N1 og N3 er begge mandag aften 01-02-2027 på stedet L1. Flyt et af dem.",
    ]
    english = clashes.in_words(refused.value, "en").splitlines()
    assert english[1] == (
        "  The pinned meetings N1 and N2 are both on Monday evening 2027-02-01, and matcher M1 is to lead both. Move one of them."
    )
    assert refused.value.clashing == tuple(pinned_clashes(iter(meetings)))
