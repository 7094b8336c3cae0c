"""What if the association had more matchers, or fewer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scenarios.change import Change
from scenarios.fields import MOST_PEOPLE, Whole, count_or_names, given, one_of, refused, texts, yes_no
from scenarios.people import drawn, enough, fresh_ids, with_rows
from scenarios.population.organisation import draw_matchers

if TYPE_CHECKING:
    from matcher.records import Case, Child, Matcher
    from scenarios.world import World


def _count_or_ids(value: Any) -> int | tuple[str, ...]:  # noqa: ANN401  whatever was given
    """Read how many, which ones, or true: those of ``matcher_id``."""
    return () if value is True else count_or_names(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchers(Change):
    """Matchers more (``add``) or fewer (``lose``): how many or which, or true for those of ``matcher_id``.

    A new one is drawn like those of ``matcher sample``, with the limit ``max_new_friendships`` or none, and follows nobody yet;
    with ``take_over`` some children who wait, from those with the most. Whose matcher is lost is followed by nobody, and counts
    towards no matcher's limit; with ``take_over`` the others take these children over, those with the fewest first. A meeting
    that is set with a matcher who is lost is no longer set. Where the case has no table of them, those who are assumed over time
    are lost first.
    """

    add: int | tuple[str, ...] | None = given(_count_or_ids, None)
    lose: int | tuple[str, ...] | None = given(_count_or_ids, None)
    matcher_id: tuple[str, ...] | None = given(texts, None)
    max_new_friendships: int | None = given(Whole(0, MOST_PEOPLE), None)
    take_over: bool = given(yes_no, default=False)

    def consistent(self) -> None:
        """Raise unless just one of the two is asked for, of as many as are named."""
        if (self.add is None) == (self.lose is None):
            raise refused("add_or_lose", field="add")
        if self.lose is not None and self.max_new_friendships is not None:
            raise refused("field_unknown", expected="lose, matcher_id, take_over", field="max_new_friendships")
        number = self.lose if self.add is None else self.add
        named = len(self.matcher_id or ())
        if (named and number not in {named, ()}) or (not named and number == ()):
            raise refused("as_many_ids", field="matcher_id")

    def apply(self, world: World, seed: int) -> World:
        """Add them, or take them away."""
        if self.lose is None:
            return replace(world, case=self._more(world.case, seed), assumed_matchers=world.untabled_matchers)
        return self._fewer(world, self.lose, seed)

    def _names(self, number: int | tuple[str, ...] | None) -> tuple[str, ...]:
        """Those that are named."""
        return (number if isinstance(number, tuple) else ()) or self.matcher_id or ()

    def _more(self, case: Case, seed: int) -> Case:
        named, taken = self._names(self.add), {row.matcher_id for row in case.matchers}
        if taken.intersection(named):
            raise refused("matcher_there", field="matcher_id")
        ids = named or fresh_ids(case, "M", self.add if isinstance(self.add, int) else 0)
        years = (case.planning_date.year, case.planning_date.year + 1)
        new = [_plain(row, self.max_new_friendships) for row in draw_matchers(seed, ids, 0, years)]
        more = with_rows(case, "matchers", "matcher_id", (*case.matchers, *new))
        return _relieved(more, frozenset(row.matcher_id for row in new)) if self.take_over else more

    def _fewer(self, world: World, number: int | tuple[str, ...], seed: int) -> World:
        case, assumed = world.case, world.untabled_matchers
        ids = sorted(row.matcher_id for row in case.matchers)
        for name in self._names(number):
            one_of(name, ids, "matcher_unknown", field="matcher_id" if self.matcher_id else "lose")
        asked = number if isinstance(number, int) else len(self._names(number))
        enough(assumed + len(ids), asked, "matchers")
        nameless = 0 if self._names(number) else min(assumed, asked)
        gone = frozenset(self._names(number)) or drawn(seed, "lose matchers", ids, asked - nameless)
        kept = {
            name: tuple(row for row in getattr(case, name) if row.matcher_id not in gone) for name in ("matchers", "meetings")
        }
        left = case.model_copy(update=kept)
        left = _taken_over(left, gone) if self.take_over else left
        return replace(world, case=left, assumed_matchers=assumed - nameless)


def _plain(row: Matcher, limit: int | None) -> Matcher:
    """A new matcher, named by the id alone."""
    return row.model_copy(update={"name": "", "max_new_friendships": limit})


def _relieved(case: Case, new: frozenset[str]) -> Case:
    """The case with new matchers given children who wait, the longest first, until no other follows two more of these."""
    busy = {row.child_id for row in case.friendships if row.active_on(case.planning_date)}
    waiting: dict[str, list[Child]] = {row.matcher_id: [] for row in case.matchers}
    for child in sorted(case.children, key=lambda row: (row.registered_on, row.child_id), reverse=True):
        if child.child_id not in busy and child.matcher_id in waiting:
            waiting[child.matcher_id].append(child)
    rows: dict[str, Child] = {}
    while True:
        fewest = min(new, key=lambda name: (len(waiting[name]), name))
        most = max(sorted(waiting.keys() - new), key=lambda name: len(waiting[name]), default=fewest)
        if len(waiting[most]) < len(waiting[fewest]) + 2:
            return case.model_copy(update={"children": tuple(rows.get(row.child_id, row) for row in case.children)})
        child = waiting[most].pop()
        waiting[fewest].append(child)
        rows[child.child_id] = child.model_copy(update={"matcher_id": fewest})


def _taken_over(case: Case, gone: frozenset[str]) -> Case:
    """The case with the children of those who are gone given to the matchers who follow the fewest."""
    follows = {row.matcher_id: 0 for row in case.matchers}
    for child in case.children:
        if child.matcher_id in follows:
            follows[child.matcher_id] += 1
    rows = {}
    for child in sorted(case.children, key=lambda row: row.child_id):
        if child.matcher_id in gone and follows:
            name = min(follows, key=lambda one: (follows[one], one))
            follows[name] += 1
            rows[child.child_id] = child.model_copy(update={"matcher_id": name})
    return case.model_copy(update={"children": tuple(rows.get(row.child_id, row) for row in case.children)})
