"""Both readings of the loop over all pairs agree with the bodies on NumPy, with their plain answers, and with the checker."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rulebook import load_rulebook
from matcher import check
from matcher.ask import ask
from matcher.candidates import Candidates, failing, parts_of
from matcher.engine import Engine
from matcher.explain import parts
from matcher.geography.postcodes import load_postcodes
from matcher.loops import Reading, reading
from matcher.records import Case
from tests.edge_cases import TODAY, edge_case
from tests.volume import volume

RULEBOOK = load_rulebook(TODAY)
seeds = st.integers(0, 2**32)
readings: st.SearchStrategy[Reading] = st.sampled_from(("plain", "compiled"))


def engine(case: Case) -> Engine:
    return Engine.of(case, RULEBOOK, load_postcodes())


def listed(found: Candidates) -> list[tuple[str, str, int]]:
    people = found.people
    rows = zip(found.child, found.volunteer, found.points, strict=True)
    return [(people.children[i].child_id, people.volunteers[j].volunteer_id, int(p)) for i, j, p in rows]


@settings(max_examples=volume(ci=150, long=5_000), deadline=None)
@given(seed=seeds, wanted=readings)
def test_loop_equals_numpy_bodies(seed: int, wanted: Reading) -> None:
    desk = engine(edge_case(seed, decisions=False))
    with reading(wanted):
        people, found = desk.people, desk.candidates
    rows, columns = np.arange(len(people.children))[:, None], np.arange(len(people.volunteers))[None, :]
    ok = np.ones((rows.size, columns.size), dtype=bool)
    sparse = {name: np.zeros(ok.shape) for name in ("pair_declined", "pair_befriended")}
    for name, pairs in (("pair_declined", desk.pair_facts.declined), ("pair_befriended", desk.pair_facts.befriended)):
        for i, j in pairs:
            sparse[name][i, j] = 1.0
    for rule in RULEBOOK.eligibility:
        ok &= ask(people, RULEBOOK, rule, rows, columns, sparse)
    child, volunteer = np.nonzero(ok)
    assert np.array_equal(found.child, child)
    assert np.array_equal(found.volunteer, volunteer)
    assert np.array_equal(found.points, parts_of(people, RULEBOOK, child, volunteer).sum(axis=1))


@settings(max_examples=volume(ci=150, long=5_000), deadline=None)
@given(seed=seeds, wanted=readings)
def test_loop_equals_plain_answers_and_checker(seed: int, wanted: Reading) -> None:
    desk = engine(edge_case(seed))
    with reading(wanted):
        found = {(c, v): p for c, v, p in listed(desk.candidates)}
    world = desk.judge.world
    for i, child in enumerate(desk.people.children):
        for j, volunteer in enumerate(desk.people.volunteers):
            pair = (child.child_id, volunteer.volunteer_id)
            plain = failing(desk.people, RULEBOOK, desk.pair_facts, (i, j))
            forbidden = ("forbidden",) if (i, j) in desk.pair_facts.forbidden else ()
            assert set(check.eligible(world, *pair)) == {*plain, *forbidden}, pair
            assert (pair in found) == (not plain and not forbidden), pair
            if pair in found:
                own = {part.criterion: part.points for part in parts(desk.people, RULEBOOK, (i, j))}
                other = check.score(world, *pair)
                assert sum(own.values()) == found[pair]
                assert {k: v for k, v in own.items() if k != "travel_time"} == {
                    k: v for k, v in other.items() if k != "travel_time"
                }
                assert abs(own["travel_time"] - other["travel_time"]) <= 5


@settings(max_examples=volume(ci=40, long=1_000), deadline=None)
@given(seed=seeds)
def test_row_order_changes_nothing(seed: int) -> None:
    case = edge_case(seed)
    draw = random.Random(seed)
    tables = {
        name: tuple(draw.sample(getattr(case, name), len(getattr(case, name)))) for name in ("children", "volunteers", "declines")
    }
    assert listed(engine(case.model_copy(update=tables)).candidates) == listed(engine(case).candidates)


@settings(max_examples=volume(ci=40, long=1_000), deadline=None)
@given(seed=seeds)
def test_ids_and_matchers_never_change_a_score(seed: int) -> None:
    """Names, ids and who follows a child are no part of the score; a new person moves nobody else's."""
    case = edge_case(seed, decisions=False)
    renamed = case.model_copy(
        update={
            "children": tuple(c.model_copy(update={"child_id": f"Å{c.child_id}", "matcher_id": None}) for c in case.children),
            "friendships": tuple(f.model_copy(update={"child_id": f"Å{f.child_id}"}) for f in case.friendships),
            "declines": tuple(d.model_copy(update={"child_id": f"Å{d.child_id}"}) for d in case.declines),
            "offers": tuple(o.model_copy(update={"child_id": f"Å{o.child_id}"}) for o in case.offers),
        }
    )
    assert [(c[1:], v, p) for c, v, p in listed(engine(renamed).candidates)] == listed(engine(case).candidates)
    newcomer = edge_case(seed + 1, decisions=False).children[0].model_copy(update={"child_id": "Z"})
    more = case.model_copy(update={"children": (*case.children, newcomer)})
    assert [row for row in listed(engine(more).candidates) if row[0] != "Z"] == listed(engine(case).candidates)


@pytest.mark.parametrize("wanted", ["plain", "compiled"])
@pytest.mark.parametrize("n_words", [64, 65, 130])
def test_more_words_than_a_machine_word(n_words: int, wanted: Reading) -> None:
    words = tuple(f"w{n:03}" for n in range(n_words))
    for seed in range(30):
        desk = engine(edge_case(seed, words=words[-6:]))
        few = listed(desk.candidates)
        padded = desk.case.volunteers[0].model_copy(update={"volunteer_id": "Z", "likes": words, "interview_on": None})
        many = engine(desk.case.model_copy(update={"volunteers": (*desk.case.volunteers, padded)}))
        assert many.people.vocabularies["interests"].machine_words == -(-n_words // 64)
        with reading(wanted):
            assert listed(many.candidates) == few


@pytest.mark.parametrize(("children", "volunteers"), [(0, 0), (0, 5), (5, 0)])
def test_empty_sides(children: int, volunteers: int) -> None:
    desk = engine(edge_case(1, children=children, volunteers=volunteers))
    assert len(desk.candidates) == 0
    assert desk.assign().matched == 0
    assert desk.proposals() == ()
