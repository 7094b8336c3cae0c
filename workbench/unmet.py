"""Who gets too few meetings of a year, as sentences: the rules that leave her too few, and the nearest relaxations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from matcher.calendar.reasons.causes import SEARCH
from workbench.dates import called
from workbench.sentences import capital
from workbench.tables import Table
from workbench.words import counted, listed, say, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.reasons.changes import Change
    from matcher.calendar.reasons.relaxations import Help, Nearest, Relaxation
    from matcher.calendar.rules import CalendarBook
    from matcher.calendar.year import Year

DAYS = ("paused_from", "paused_until", "stops_on")
Names = Mapping[tuple[str, str], str]
"""What each venue and matcher is called, by kind and id, as ``workbench.dates.called`` says; whoever is not there, by her id."""
NO_NAMES: Names = MappingProxyType({})


class Explained(Protocol):
    """A plan, why somebody gets too few, and what would help."""

    @property
    def plan(self) -> YearPlan:
        """The finished plan."""

    @property
    def reasons(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of rules by volunteer."""

    @property
    def nearest(self) -> Nearest:
        """The nearest relaxations."""


def unmet_sentences(language: str, year: Year, answer: Explained) -> dict[str, str]:
    """What is said of each volunteer with unmet obligations, by her id."""
    found, names = {}, called(year.case)
    for name, missing in sorted(answer.plan.unmet.items()):
        why = reason(language, year.book, answer.reasons[name], missing)
        found[name] = f"{why} {would_help(language, answer.nearest.by_volunteer.get(name, ()), names)}".strip()
    return found


def reason(language: str, book: CalendarBook, keys: Sequence[str], missing: int) -> str:
    """Which rules leave her too few: "»Den frivilliges tider« og »Afstand mellem møder« giver tilsammen for få mulige møder."."""
    if keys == (SEARCH,):
        return say(language, "unmet.search", meetings=counted(language, "meetings", missing))
    titles = {rule.key: rule.title[language] for rule in book.rules}
    rules = listed(language, [say(language, "unmet.rule", name=titles[key]) for key in keys])
    return say(language, f"unmet.reason.{'one' if len(keys) == 1 else 'many'}", rules=rules)


def would_help(language: str, found: Sequence[Relaxation], names: Names = NO_NAMES) -> str:
    """The nearest relaxations in one sentence; nothing where no change is needed."""
    if not found:
        return say(language, "unmet.nothing_near")
    ways = [way(language, one, names) for one in found if one.changes]
    return say(language, "unmet.would_help", ways="; ".join(ways)) if ways else ""


def way(language: str, one: Relaxation, names: Names = NO_NAMES) -> str:
    """One relaxation and how much of what is missing it gives."""
    return say(language, "unmet.way", changes=_together(language, one.changes, names), gives=one.gives, missing=one.missing)


def help_lines(language: str, helps: Sequence[Help], names: Names = NO_NAMES) -> list[str]:
    """Which single changes help most volunteers, a line each, with a heading; nothing where none helps several."""
    if not helps:
        return []
    lines = [
        say(
            language,
            "unmet.help",
            change=capital(change(language, one.change, names)),
            volunteers=counted(language, "volunteers", len(one.volunteers)),
            meetings=counted(language, "meetings", one.gives),
        )
        for one in helps
    ]
    return [say(language, "unmet.helps"), *(f"  {line}" for line in lines)]


def change(language: str, one: Change, names: Names = NO_NAMES) -> str:
    """One change, to follow on a colon or within a sentence."""
    said, kind = _said(language, one, names), one.kind
    if kind == "travel":
        said["minutes"] = counted(language, "minutes", int(one.facts["more"]))
    if kind == "seats":
        said["places"] = counted(language, "more_places", int(one.facts["becomes"]) - int(one.facts["was"]))
    if kind == "venue_new":
        said["town"] = say(language, "unmet.town" if said["municipality"] else "unmet.postcode", **said)
    if kind == "pause":
        kind = "pause_ends" if said["ends"] else "pause_begins" if said["paused_from"] else "pause_dropped"
    if kind == "pause_dropped":
        said["was"] = date.fromisoformat(str(said["was"]))
    return say(language, f"unmet.change.{kind}", **said)


def _said(language: str, one: Change, names: Names) -> dict[str, object]:
    """The facts of a change, with slots in words, days as dates, and what venues and matchers are called."""
    said: dict[str, object] = dict(one.facts)
    for name, fact in one.facts.items():
        if name == "slot":
            said[name] = word(language, str(fact))
        elif name in DAYS and fact:
            said[name] = date.fromisoformat(str(fact))
        else:
            said[name] = names.get((name, str(fact)), fact)
    return said


def relaxations_table(language: str, nearest: Nearest, names: Names = NO_NAMES) -> Table:
    """``relaxations.csv``: each volunteer's relaxations by rank, the kinds of change and the sentence."""
    rows = [
        (
            name,
            rank,
            ";".join(change.kind for change in one.changes),
            one.gives,
            one.missing,
            _together(language, one.changes, names),
        )
        for name, found in sorted(nearest.by_volunteer.items())
        for rank, one in enumerate((one for one in found if one.changes), start=1)
    ]
    return Table("relaxations", ("volunteer_id", "rank", "kinds", "gives", "missing", "message"), tuple(rows))


def _together(language: str, changes: Sequence[Change], names: Names) -> str:
    return listed(language, [change(language, one, names) for one in changes])
