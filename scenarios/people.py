"""Whom a change is about: children or volunteers by what they are, and a draw among them that no order of rows touches."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias

from matcher.case import words
from matcher.dates import completed_years
from matcher.records import PROGRAMMES
from scenarios.change import Change
from scenarios.fields import Code, Codes, Span, Whole, given, refused, share, text

if TYPE_CHECKING:
    from matcher.records import Case, Child, Postcode, Volunteer
    from scenarios.world import World

Facts: TypeAlias = Mapping[str, Any]
AGES = Span(0, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVolunteers(Change, ABC):
    """A change of volunteers who are all that is given; of several programmes they offer at least one."""

    gender: str | None = given(Code(("woman", "man", "other")), None)
    age: tuple[int, int] | None = given(AGES, None)
    municipality: str | None = given(text, None)
    programmes: tuple[str, ...] | None = given(Codes(PROGRAMMES), None)
    transport: str | None = given(Code(("car", "bike", "public")), None)
    capacity: int | None = given(Whole(1, 20), None)

    def among(self, world: World, rows: Sequence[Volunteer] | None = None) -> list[Volunteer]:
        """The volunteers of the world, or of some ``rows``, who are so."""
        asked = None if self.municipality is None else municipality_of(world, self.municipality)
        day, places = world.case.planning_date, places_of(world)
        return [
            row
            for row in (world.case.volunteers if rows is None else rows)
            if self.gender in {None, row.gender}
            and (self.age is None or self.age[0] <= completed_years(row.birth_date, day) <= self.age[1])
            and (asked is None or home_of(row, places) == asked)
            and (self.programmes is None or not set(self.programmes).isdisjoint(row.programmes))
            and self.transport in {None, row.transport}
            and self.capacity in {None, row.capacity}
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfVolunteers(OfVolunteers, ABC):
    """A share of the volunteers who are not so yet become so, of those who come later too.

    A larger share has those of a smaller one too.
    """

    share: float = share()

    @abstractmethod
    def is_so(self, row: Volunteer) -> bool:
        """Whether a volunteer is so already."""

    @abstractmethod
    def become(self, row: Volunteer) -> Facts:
        """What is then said of a volunteer."""

    def apply(self, world: World, seed: int) -> World:
        """Let them become so."""
        rows = self.of_new_volunteers(world, world.case.volunteers, seed)
        return replace(world, case=world.case.model_copy(update={"volunteers": rows}), later=(*world.later, (self, seed)))

    def of_new_volunteers(self, world: World, rows: tuple[Volunteer, ...], seed: int) -> tuple[Volunteer, ...]:
        """The rows, a share of them changed."""
        others = [row.volunteer_id for row in self.among(world, rows) if not self.is_so(row)]
        chosen = drawn(seed, self.kind, others, part_of(self.share, len(others)))
        return tuple(row.model_copy(update=self.become(row)) if row.volunteer_id in chosen else row for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfChildren(Change, ABC):
    """A change of children who are all that is given."""

    gender: str | None = given(Code(("girl", "boy", "other")), None)
    age: tuple[int, int] | None = given(AGES, None)
    municipality: str | None = given(text, None)
    programme: str | None = given(Code(PROGRAMMES), None)

    def among(self, world: World, rows: Sequence[Child] | None = None) -> list[Child]:
        """The children of the world, or of some ``rows``, who are so."""
        asked = None if self.municipality is None else municipality_of(world, self.municipality)
        day, places = world.case.planning_date, places_of(world)
        return [
            row
            for row in (world.case.children if rows is None else rows)
            if self.gender in {None, row.gender}
            and (self.age is None or self.age[0] <= completed_years(row.birth_date, day) <= self.age[1])
            and (asked is None or home_of(row, places) == asked)
            and self.programme in {None, row.programme}
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfChildren(OfChildren, ABC):
    """A share of the children who are not so yet become so, of those who come later too.

    It is that share of those who wait, and of those who have a friend. A larger share has those of a smaller one too.
    """

    share: float = share()

    @abstractmethod
    def is_so(self, row: Child) -> bool:
        """Whether a child is so already."""

    @abstractmethod
    def become(self, row: Child) -> Facts:
        """What is then said of a child."""

    def apply(self, world: World, seed: int) -> World:
        """Let them become so."""
        rows = self.of_new_children(world, world.case.children, seed)
        return replace(world, case=world.case.model_copy(update={"children": rows}), later=(*world.later, (self, seed)))

    def of_new_children(self, world: World, rows: tuple[Child, ...], seed: int) -> tuple[Child, ...]:
        """The rows, a share of them changed."""
        friends, chosen = befriended(world.case), frozenset[str]()
        others = [row.child_id for row in self.among(world, rows) if not self.is_so(row)]
        for some in ([name for name in others if name not in friends], [name for name in others if name in friends]):
            chosen |= drawn(seed, self.kind, some, part_of(self.share, len(some)))
        return tuple(row.model_copy(update=self.become(row)) if row.child_id in chosen else row for row in rows)


def befriended(case: Case) -> frozenset[str]:
    """Ids of the children who have an active friendship."""
    return frozenset(row.child_id for row in case.friendships if row.active_on(case.planning_date))


def places_of(world: World) -> Mapping[str, Postcode]:
    """Every postcode that is known; the case's own go first."""
    return {**world.postcodes, **{row.postcode: row for row in world.case.postcodes}}


def home_of(row: Child | Volunteer, places: Mapping[str, Postcode]) -> str | None:
    """The municipality somebody lives in; that of the postcode where none is said."""
    known = places.get(row.postcode)
    return row.municipality or (known.municipality if known else None)


def municipality_of(world: World, name: str) -> str:
    """The municipality of that name as it is spelled, with or without the word for one; raises ``UsageError``."""
    rows: tuple[Child | Volunteer | Postcode, ...] = (*places_of(world).values(), *world.case.children, *world.case.volunteers)
    named = {row.municipality for row in rows}
    known = {words.folded(one): one for one in sorted(one for one in named if one)}
    form = words.municipality_form(name, known)
    if form is None:
        near = words.nearest(words.folded(name), known)
        raise refused("municipality_unknown", known.get(near, ""), field="municipality")
    return known[form]


def drawn(seed: int, what: str, ids: Iterable[str], number: int) -> frozenset[str]:
    """So many of the ids, the same whatever their order; one more leaves the others drawn as they are."""
    ranked = sorted((hashlib.blake2b(f"{seed} {what} {name}".encode(), digest_size=16).digest(), name) for name in ids)
    return frozenset(name for _, name in ranked[:number])


def part_of(share: float, number: int) -> int:
    """A share of a number of people, halves up."""
    return floor(share * number + 0.5 + 1e-9)


def enough(found: int, asked: int, who: str) -> None:
    """Raise ``UsageError`` where fewer fit than are asked for."""
    if found < asked:
        raise refused(f"too_few_{who}", found=str(found), asked=str(asked))


def fresh_ids(case: Case, letter: str, number: int) -> list[str]:
    """Ids that nobody and nothing in the case has or names; they come behind all others in the order of the text."""
    rows: Iterable[Any] = (*case.friendships, *case.declines, *case.offers, *case.decisions)
    taken = {row.child_id for row in (*case.children, *rows)} | {row.volunteer_id for row in (*case.volunteers, *rows)}
    taken |= {row.matcher_id for row in case.matchers} | {row.venue_id for row in case.venues}
    taken |= {row.matcher_id for row in case.children if row.matcher_id}
    found: list[str] = []
    count = 0
    while len(found) < number:
        count += 1
        name = f"~{letter}{count:05d}"
        if name not in taken:
            found.append(name)
    return found


def with_rows(case: Case, table: str, key: str, rows: Iterable[Any]) -> Case:
    """The case with a table of these rows, in the order of their ids."""
    return case.model_copy(update={table: tuple(sorted(rows, key=lambda row: str(getattr(row, key))))})
