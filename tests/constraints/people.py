"""A child and a volunteer who fit in every way, to be changed in one fact at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from matcher.ask import plain_values
from matcher.candidates import PairFacts
from matcher.columns import Facts
from matcher.records import Case, Child, Volunteer
from matcher.rules import Rulebook
from matcher.table import People
from tests.constraints.asking import BOOK, TODAY

CHILD: dict[str, Any] = {
    "child_id": "B1",
    "programme": "voksenven",
    "birth_date": date(2018, 5, 5),
    "gender": "girl",
    "postcode": "2750",
    "latitude": 55.73,
    "longitude": 12.36,
    "registered_on": date(2026, 6, 1),
    "home_visit_on": date(2026, 9, 1),
}
SEEN = dict.fromkeys(("interview_on", "home_visit_on", "criminal_record_on", "child_certificate_on"), date(2026, 9, 1))
VOLUNTEER: dict[str, Any] = {
    "volunteer_id": "V1",
    "programmes": ("voksenven", "storebror", "familieven"),
    "birth_date": date(1999, 5, 5),
    "gender": "woman",
    "postcode": "2750",
    "latitude": 55.74,
    "longitude": 12.37,
    "course_hours": 20,
    **SEEN,
}


def one_pair(child: Mapping[str, Any], volunteer: Mapping[str, Any], on: date = TODAY, **tables: Any) -> Case:
    """A case of the two, with these facts changed."""
    return Case(
        planning_date=on,
        children=(Child(**{**CHILD, **child}),),
        volunteers=(Volunteer(**{**VOLUNTEER, **volunteer}),),
        **tables,
    )


def people_of(case: Case, book: Rulebook = BOOK) -> People:
    return People.of(case, Facts.of(case, book.all_values(), {}))


def failing_rules(case: Case, book: Rulebook = BOOK) -> set[str]:
    """The rules that the case's one pair fails, each by its own body on the columns of its records."""
    people = people_of(case, book)
    sparse = PairFacts.of(case, people, book).sparse((0, 0))
    child, volunteer = people.children[0], people.volunteers[0]
    return {r.key for r in book.eligibility if not r.body(**plain_values(people, book, r, child, volunteer, sparse))}


def days(number: int, after: date = TODAY) -> date:
    return after + timedelta(days=number)
