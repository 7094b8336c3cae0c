"""Where to recruit: what prices say of a newcomer beside plans made anew, on cases with limits, locks, ties and nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from matcher.assignment.best import Solved
from matcher.dates import completed_years
from matcher.engine import Engine
from matcher.errors import CertificateError, TimeLimitError, UsageError
from matcher.records import Decision, Quota, Volunteer
from scenarios.changes.weight import Weight
from scenarios.population.figures import figure
from scenarios.recruiting import Recruiting, Worth, _Anew, recruiting
from scenarios.recruits import AGES, Kind, centres, homes, kinds_in, newcomers
from scenarios.synthetic import synthetic_case
from scenarios.world import World
from tests.scenarios.worlds import shuffled, world, world_of
from tests.volume import volume

PLACES = ("København",)


def asked(one: World, **facts: Any) -> Recruiting:
    return recruiting(one, **{"seed": 5, "draws": 2, "top": 3, "municipalities": PLACES, **facts})


def by_hand(one: World, rows: Sequence[Worth]) -> list[tuple[tuple[int, int], ...]]:
    """What the newcomers of some kinds add, each by a new engine."""

    def solved(*more: Volunteer) -> Solved:
        case = one.case.model_copy(update={"volunteers": (*one.case.volunteers, *more)})
        return Engine.of(case, one.rulebook, one.postcodes).solved

    before, found = solved(), []
    for row in rows:
        after = [solved(person) for person in newcomers(one, row.kind, len(row.gains), 5)]
        found.append(tuple((plan.matched - before.matched, plan.total - before.total) for plan in after))
    return found


def changed(one: World, **tables: Any) -> World:
    return replace(one, case=one.case.model_copy(update=tables))


@cache
def of(children: int, volunteers: int, seed: int) -> World:
    return world_of(synthetic_case(children=children, volunteers=volunteers, seed=seed, friendships=4))


def with_quotas(one: World, *quotas: tuple[str, str, int | None, int | None]) -> World:
    rows = [Quota(dimension=what, value=value, at_least=least, at_most=most) for what, value, least, most in quotas]  # type: ignore[arg-type]
    return changed(one, quotas=tuple(rows))


def locked(one: World) -> World:
    pair = Engine.of(one.case, one.rulebook, one.postcodes).assign().eligible_pairs[0]
    row = Decision(child_id=pair.child_id, volunteer_id=pair.volunteer_id, kind="lock", by="L")
    return changed(one, decisions=(row,))


def worlds() -> Iterator[tuple[str, World]]:
    yield "as it is", of(24, 18, 1)
    yield "few volunteers", of(24, 4, 2)
    yield "many volunteers", of(8, 30, 3)
    yield "a limit that only newcomers make bind", with_quotas(of(24, 4, 2), ("programme", "voksenven", None, 3))
    yield "a limit that binds", with_quotas(of(24, 18, 1), ("gender", "boy", None, 2))
    yield "limits around each other", with_quotas(of(24, 18, 1), ("programme", "voksenven", None, 5), ("matcher", "M0001", 1, 2))
    yield "a least number", with_quotas(of(24, 18, 4), ("gender", "girl", 2, None))
    yield "a locked pair", locked(of(24, 18, 1))
    yield "nobody to ask", changed(of(24, 4, 2), volunteers=())
    yield "one volunteer", changed(of(24, 18, 1), volunteers=of(24, 18, 1).case.volunteers[:1])


@pytest.mark.parametrize(("name", "one"), list(worlds()), ids=lambda value: value if isinstance(value, str) else "")
def test_prices_say_what_a_plan_made_anew_gives(name, one):
    found = asked(one)
    assert all(row.exact for row in found.worths), name
    some = found.worths[:: volume(ci=7, long=1)]
    assert [row.gains for row in some] == by_hand(one, some)
    assert any(row.gains[0] != (0, 0) for row in found.worths)


def test_a_better_volunteer_for_a_matched_child_is_no_match_more():
    """However few points the plan has beside those that a newcomer brings."""
    one = of(24, 18, 1)
    pair = Engine.of(one.case, one.rulebook, one.postcodes).assign().pairs[0]
    child = next(row for row in one.case.children if row.child_id == pair.child_id)
    friend = next(row for row in one.case.volunteers if row.volunteer_id == pair.volunteer_id)
    likes = newcomers(one, next(kinds_in(one, "København")), 2, 5)[0].likes
    child, friend = (
        child.model_copy(update={"likes": likes, "dislikes": ()}),
        friend.model_copy(update={"likes": ("knitting",), "dislikes": likes}),
    )
    poor = changed(one, children=(child,), volunteers=(friend,))
    for criterion in one.rulebook.criteria:
        poor = Weight(criterion=criterion.key, value=100.0 if criterion.key == "interests" else 0.0).apply(poor, 0)
    found = asked(poor, municipalities=homes(one)[:3])
    assert Engine.of(poor.case, poor.rulebook, poor.postcodes).solved.total == 0
    assert {matches for row in found.worths for matches, _ in row.gains} == {0}
    assert max(points for row in found.worths for _, points in row.gains) > 50_000


def test_where_limits_cross_those_named_are_made_anew_and_the_others_are_estimates():
    one = with_quotas(of(24, 18, 1), ("programme", "voksenven", None, 4), ("gender", "boy", None, 4))
    found = asked(one, municipalities=("Ballerup",), top=2)
    assert {(row.exact, row.resolved) for row in found.best} == {(True, True)}
    assert [row.gains for row in found.best] == by_hand(one, found.best)
    others = [row for row in found.worths if not row.resolved]
    assert others
    assert not any(row.exact for row in others)
    some = others[::6]
    for row, gains in zip(some, by_hand(one, some), strict=True):
        assert all(gain <= said for gain, said in zip(gains, row.gains, strict=True))


def test_the_best_are_the_best_and_have_been_checked():
    found = asked(of(24, 18, 1), top=4)
    rank = [(-row.matches, -row.points) for row in found.worths]
    assert [(-row.matches, -row.points) for row in found.best] == sorted(rank)[:4]
    assert all(row.resolved for row in found.best)
    assert found.plans == 4 * 2 + 20


def test_a_child_is_counted_where_a_newcomer_would_be_a_gain():
    one = changed(of(24, 4, 2), volunteers=())
    found = {row.kind: row for row in asked(one).worths}
    kind = Kind(gender="man", ages=(25, 35), municipality="København", programme="voksenven")
    people = newcomers(one, kind, 2, 5)
    twins = [row.model_copy(update={"volunteer_id": f"N{n}"}) for n, row in enumerate(people)]
    engine = Engine.of(one.case.model_copy(update={"volunteers": tuple(twins)}), one.rulebook, one.postcodes)
    assert found[kind].children == len(set(engine.candidates.child.tolist())) > 0


def test_the_people_are_of_their_kind_and_vetted():
    one = of(24, 18, 1)
    kind = Kind(gender="woman", ages=(36, 49), municipality="Ballerup", programme="familieven")
    rows = newcomers(one, kind, 6, 5)
    day = one.case.planning_date
    assert {(row.gender, row.municipality, row.programmes, row.capacity) for row in rows} == {
        ("woman", "Ballerup", ("familieven",), 1)
    }
    assert all(36 <= completed_years(row.birth_date, day) <= 49 for row in rows)
    assert all(row.child_certificate_on and row.criminal_record_on and row.course_hours >= 20 for row in rows)
    assert len({(row.likes, row.availability, row.birth_date) for row in rows}) == 6


def test_the_order_of_rows_changes_nothing_and_more_draws_leave_the_first():
    one = of(24, 18, 1)
    found = asked(one)
    assert asked(replace(one, case=shuffled(one.case, 3))).worths == found.worths
    more = {row.kind: row.gains for row in asked(one, draws=4).worths}
    assert all(more[row.kind][:2] == row.gains for row in found.worths)
    assert [row.gains for row in asked(one, seed=6).worths] != [row.gains for row in found.worths]


def test_every_kind_is_there_and_no_storebror_of_another_age():
    kinds = list(kinds_in(world(), "Ballerup"))
    assert len(kinds) == len(set(kinds)) == 2 * (len(AGES) + 2 + len(AGES))
    low, high = figure("volunteers.brother_ages")["range"]
    assert all(low <= kind.ages[0] <= kind.ages[1] <= high for kind in kinds if kind.programme == "storebror")
    one = of(24, 18, 1)
    found = recruiting(one, seed=5, draws=1, top=1)
    assert sorted({row.kind.municipality for row in found.worths}) == homes(one)
    assert set(homes(one)) <= centres(one).keys()


def test_an_empty_case_has_nobody_to_help():
    empty = changed(world(), children=(), volunteers=(), friendships=(), declines=(), offers=())
    assert asked(empty, municipalities=()).worths == ()
    assert {row.gains for row in asked(empty).worths} == {((0, 0), (0, 0))}


def test_what_cannot_be_asked_and_time_that_is_out():
    one = of(24, 18, 1)
    with pytest.raises(UsageError, match="municipality_unknown"):
        asked(one, municipalities=("Balerup",))
    with pytest.raises(TimeLimitError):
        asked(one, left=lambda: 0.0)


def test_a_plan_made_anew_that_says_something_else_withholds_the_answer():
    one = of(24, 18, 1)
    found = asked(one)
    row: Worth = found.best[0]
    people = {row.kind: tuple(newcomers(one, row.kind, 2, 5))}
    wrong = replace(row, gains=((row.gains[0][0], row.gains[0][1] + 1), row.gains[1]))
    anew = _Anew(found.session, people, lambda: None)
    anew.agrees(wrong, 1)
    with pytest.raises(CertificateError):
        anew.agrees(wrong, 0)
