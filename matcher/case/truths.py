"""What cannot be true of one row (a fault), and what can be but is unusual (a warning).

The age bounds here only decide about warnings; who may be matched is the rules' matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.case import words
from matcher.case.cells import near_or_not, read_code
from matcher.case.whereabouts import coordinates, municipality, place
from matcher.case.world import impossible, unusual
from matcher.dates import completed_years
from matcher.records import DAYS, PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from matcher.case.rows import Row
    from matcher.case.world import Said, World

_OLDEST = 110

QUOTA_CHOICES: Mapping[str, tuple[str, ...]] = {"programme": PROGRAMMES, "gender": ("girl", "boy", "other")}


def birth(row: Row, world: World) -> Iterator[Said]:
    """Born by the planning date, and not longer ago than people live."""
    born = row.values.get("birth_date")
    if born is None:
        return
    if born > world.today:
        yield impossible("birth_date", "born_after_planning", planning_date=world.today.isoformat())
    elif completed_years(born, world.today) > _OLDEST:
        yield unusual("birth_date", "very_old", years=str(completed_years(born, world.today)))


def _after_birth(*columns: str) -> Callable[[Row, World], Iterator[Said]]:
    def after_birth(row: Row, world: World) -> Iterator[Said]:
        """Nothing was done before the person was born, or will have been done after the planning date."""
        values, born = row.values, row.values.get("birth_date")
        for column in columns:
            day = values.get(column)
            if day is not None and born is not None and day < born:
                yield unusual(column, "before_birth")
            elif day is not None and day > world.today:
                yield unusual(column, "in_the_future", planning_date=world.today.isoformat())

    return after_birth


def child(row: Row, world: World) -> Iterator[Said]:
    """Of an age for the programme; visited after registration."""
    values = row.values
    born, programme = values.get("birth_date"), values.get("programme")
    if born is not None and programme is not None and born <= world.today:
        years = completed_years(born, world.today)
        low, high = world.within(f"child_age.min_{programme}", f"child_age.max_{programme}")
        if not low <= years <= high:
            code = "child_too_old" if years > high else "child_too_young"
            yield unusual("birth_date", code, programme=programme, low=f"{low:g}", high=f"{high:g}", years=str(years))
    visited, registered = values.get("home_visit_on"), values.get("registered_on")
    if visited is not None and registered is not None and visited < registered:
        yield unusual("home_visit_on", "visit_before_registration")


def volunteer(row: Row, world: World) -> Iterator[Said]:
    """Of age; a wish and a pause that leave something."""
    values = row.values
    born = values.get("birth_date")
    if born is not None and born <= world.today:
        yield from _volunteer_age(completed_years(born, world.today), values.get("programmes", ()), world)
    low, high = values.get("wants_age_min"), values.get("wants_age_max")
    if low is not None and high is not None and low > high:
        yield unusual("wants_age_max", "age_wish_empty")
    if values.get("capacity") == 0:
        yield unusual("capacity", "capacity_zero")


def _volunteer_age(years: int, programmes: Collection[str], world: World) -> Iterator[Said]:
    least = world.usual.get("volunteer_age.min_years", 0)
    low, high = world.within("volunteer_age.min_storebror", "volunteer_age.max_storebror")
    if years < least:
        yield unusual("birth_date", "volunteer_too_young", least=f"{least:g}", years=str(years))
    elif "storebror" in programmes and not low <= years <= high:
        yield unusual("birth_date", "volunteer_age_storebror", low=f"{low:g}", high=f"{high:g}", years=str(years))


def _in_order(start: str, end: str) -> Callable[[Row, World], Iterator[Said]]:
    def in_order(row: Row, _: World) -> Iterator[Said]:
        """No end before its start."""
        first, last = row.values.get(start), row.values.get(end)
        if first is not None and last is not None and last < first:
            yield impossible(end, "end_before_start")

    return in_order


def venue(row: Row, _: World) -> Iterator[Said]:
    """Room for somebody."""
    if row.values.get("capacity") == 0:
        yield unusual("capacity", "capacity_zero")


def decision(row: Row, world: World) -> Iterator[Said]:
    """A waiver says of which rule, one that may be waived; and a rule that is named is there."""
    rule = world.rule_key(row.values.get("rule", ""))
    if "rule" in row.unread:
        return
    if not rule and row.values.get("kind") == "waive":
        yield unusual("rule", "waive_without_rule")
    elif rule and world.rules is not None and rule not in world.rules:
        yield "rule", near_or_not("unknown_rule", words.nearest(rule, [*world.rules, *world.titles]))
    elif rule in world.locked and row.values.get("kind") == "waive":
        yield unusual("rule", "waive_of_locked_rule")


def quota(row: Row, _: World) -> Iterator[Said]:
    """A value that its dimension has; at least no more than at most."""
    choices = QUOTA_CHOICES.get(row.values.get("dimension", ""))
    if choices and "value" in row.values:
        yield from (("value", problem) for problem in read_code(row.values["value"], choices).problems)
    low, high = row.values.get("at_least"), row.values.get("at_most")
    if low is not None and high is not None and low > high:
        yield unusual("at_most", "quota_empty")


def meeting(row: Row, _: World) -> Iterator[Said]:
    """Held on the weekday of its slot."""
    day, slot = row.values.get("date"), row.values.get("slot")
    if day is not None and slot is not None and DAYS[day.weekday()] != slot[:3]:
        yield impossible("slot", "slot_on_other_day", day=words.both_days(DAYS[day.weekday()]))


CHECKS: Mapping[str, tuple[Callable[[Row, World], Iterator[Said]], ...]] = {
    "children": (birth, coordinates, place, municipality, _after_birth("registered_on", "home_visit_on"), child),
    "volunteers": (
        birth,
        coordinates,
        place,
        municipality,
        _after_birth("interview_on", "home_visit_on", "criminal_record_on", "child_certificate_on"),
        volunteer,
        _in_order("paused_from", "paused_until"),
    ),
    "friendships": (_in_order("started_on", "ended_on"),),
    "declines": (_after_birth("declined_on"),),
    "offers": (_after_birth("opened_on"),),
    "decisions": (decision,),
    "quotas": (quota,),
    "matchers": (place,),
    "venues": (coordinates, place, venue),
    "postcodes": (coordinates,),
    "meetings": (meeting,),
    "closures": (_in_order("from", "to"),),
}
"""What is asked of each row of a table."""
