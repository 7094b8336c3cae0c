"""What if the association had more matchers, or fewer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scenarios.change import Change
from scenarios.fields import MOST_PEOPLE, Whole, count_or_names, given, one_of, refused, texts, yes_no
from scenarios.people import drawn, enough, fresh_ids, with_rows
from scenarios.population.organisation import draw_matchers

if TYPE_CHECKING:
    from matcher.records import Case, Matcher
    from scenarios.world import World


def _count_or_ids(value: Any) -> int | tuple[str, ...]:  # noqa: ANN401  whatever was given
    """Read how many, which ones, or true: those of ``matcher_id``."""
    return () if value is True else count_or_names(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchers(Change):
    """Matchers more (``add``) or fewer (``lose``): how many or which, or true for those of ``matcher_id``.

    A new one is drawn like those of ``matcher sample``, with the limit ``max_new_friendships`` or none. Whose matcher is lost is
    followed by nobody, and counts towards no matcher's limit; with ``take_over`` the others take these children over, those with
    the fewest first. A meeting that is set with a matcher who is lost is no longer set.
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
        number = self.lose if self.add is None else self.add
        named = len(self.matcher_id or ())
        if (named and number not in {named, ()}) or (not named and number == ()):
            raise refused("as_many_ids", field="matcher_id")

    def apply(self, world: World, seed: int) -> World:
        """Add them, or take them away."""
        case = self._more(world.case, seed) if self.lose is None else self._fewer(world.case, self.lose, seed)
        return replace(world, case=case)

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
        return with_rows(case, "matchers", "matcher_id", (*case.matchers, *new))

    def _fewer(self, case: Case, number: int | tuple[str, ...], seed: int) -> Case:
        ids = sorted(row.matcher_id for row in case.matchers)
        for name in self._names(number):
            one_of(name, ids, "matcher_unknown", field="matcher_id" if self.matcher_id else "lose")
        asked = number if isinstance(number, int) else len(self._names(number))
        enough(len(ids), asked, "matchers")
        gone = frozenset(self._names(number)) or drawn(seed, "lose matchers", ids, asked)
        kept = {
            name: tuple(row for row in getattr(case, name) if row.matcher_id not in gone) for name in ("matchers", "meetings")
        }
        left = case.model_copy(update=kept)
        return _taken_over(left, gone) if self.take_over else left


def _plain(row: Matcher, limit: int | None) -> Matcher:
    """A new matcher, named by the id alone."""
    return row.model_copy(update={"name": "", "max_new_friendships": limit})


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
