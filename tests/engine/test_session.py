"""A session's answers are a new engine's, whatever came before; and only what changed is computed again."""

from __future__ import annotations

import itertools
import random
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from matcher import check
from matcher.assignment import warm
from matcher.candidates import Candidates
from matcher.engine import Engine
from matcher.errors import InfeasibleError, UsageError
from matcher.geography.postcodes import load_postcodes
from matcher.loops import reading
from matcher.question import Planning
from matcher.records import Case, Decision, Decline, Friendship, Matcher, Meeting, Offer, Postcode, Quota
from matcher.session import Session
from matcher.session import candidates as session_candidates
from scenarios.synthetic import synthetic_case
from tests.edge_cases import DAY, TODAY, WORDS, dense_case, edge_case
from tests.engine.test_engine import EASY, RULEBOOK
from tests.engine.test_quotas import random_quotas, tight_case
from tests.volume import volume

seeds = st.integers(0, 2**32)
TABLES = ("friendships", "declines", "offers", "decisions", "quotas")
KINDS = ("friendship", "past", "decline", "offer", "lock", "forbid", "waive")
RULEBOOKS = (EASY, RULEBOOK, EASY.with_settings({"weights.interests": 60.0, "travel.detour": 1.7}))


def session_of(case: Case, **planning: Any) -> Session:
    return Session.of(case, EASY, load_postcodes(), Planning(**planning))


def fresh(session: Session) -> Engine:
    return Engine.of(session.case, session.rulebook, load_postcodes(), session.planning)


def answer(desk: Engine) -> tuple[object, ...]:
    """The plan, or the clash."""
    try:
        return "plan", desk.assign()
    except InfeasibleError as refused:
        return "clash", refused.clashing, refused.ways_out


def same_candidates(one: Candidates, other: Candidates) -> bool:
    arrays = ("child", "volunteer", "points")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and one.forbidden == other.forbidden
        and one.pair_facts == other.pair_facts
    )


def assert_as_new(session: Session) -> None:
    desk = fresh(session)
    with reading("compiled"):
        found = answer(session)
    assert same_candidates(session.candidates, desk.candidates)
    assert found == answer(desk)


def row_about(kind: str, child_id: str, volunteer_id: str, friendship_id: str = "F99") -> Any:
    """What may be said of a pair."""
    pair = {"child_id": child_id, "volunteer_id": volunteer_id}
    if kind in {"friendship", "past"}:
        ended = None if kind == "friendship" else TODAY
        begun = {"programme": "voksenven", "started_on": TODAY - 200 * DAY, "ended_on": ended}
        return Friendship(friendship_id=friendship_id, **pair, **begun)
    if kind == "decline":
        return Decline(**pair, declined_on=TODAY)
    if kind == "offer":
        return Offer(**pair, opened_on=TODAY)
    return Decision(**pair, kind=kind, rule="common_slots" if kind == "waive" else "", by="M1")


def people_like(seed: int) -> Case:
    """Other people on the rules' edges, of whom many may be paired; now and then one says a word that nobody said."""
    draw = random.Random(seed)
    words = (*WORDS, f"word{seed % 7}") if draw.random() < 0.2 else WORDS
    case = draw.choice((tight_case, tight_case, tight_case, dense_case, edge_case))(seed)
    if words is WORDS:
        return case
    return case.model_copy(
        update={"children": tuple(c.model_copy(update={"likes": (*c.likes, words[-1])}) for c in case.children)}
    )


class Sessions(RuleBasedStateMachine):
    """Random changes to one case after another; each session is held against an engine that knows nothing of before."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.number = itertools.count(100)
        self.past: list[tuple[Session, tuple[object, ...]]] = []
        self.asked = True

    @initialize(seed=seeds, longest_first=st.booleans())
    def begin(self, seed: int, longest_first: bool) -> None:
        self.session = session_of(people_like(seed), max_wait_first=longest_first)

    def new_id(self, letter: str) -> str:
        return f"{letter}{(next(self.number) * 7919) % 1000:03}"  # before, between and after those who are there

    @rule(seed=seeds)
    def add_a_child(self, seed: int) -> None:
        self.session = self.session.add(people_like(seed).children[0].model_copy(update={"child_id": self.new_id("B")}))

    @rule(seed=seeds)
    def add_a_volunteer(self, seed: int) -> None:
        row = people_like(seed).volunteers[0].model_copy(update={"volunteer_id": self.new_id("V")})
        self.session = self.session.add(row)

    @precondition(lambda self: self.session.case.children)
    @rule(data=st.data())
    def remove_a_child(self, data: st.DataObject) -> None:
        self.session = self.session.remove(children=[data.draw(st.sampled_from(self.session.case.children)).child_id])

    @precondition(lambda self: self.session.case.volunteers)
    @rule(data=st.data())
    def remove_a_volunteer(self, data: st.DataObject) -> None:
        self.session = self.session.remove(data.draw(st.sampled_from(self.session.case.volunteers)))

    @precondition(lambda self: self.session.case.children)
    @rule(data=st.data(), seed=seeds)
    def edit_a_child(self, data: st.DataObject, seed: int) -> None:
        child, other = data.draw(st.sampled_from(self.session.case.children)), people_like(seed).children[0]
        field = data.draw(st.sampled_from(["availability", "likes", "wants_gender", "registered_on", "matcher_id", "birth_date"]))
        self.session = self.session.replace(child.model_copy(update={field: getattr(other, field)}))

    @precondition(lambda self: self.session.case.volunteers)
    @rule(data=st.data(), seed=seeds)
    def edit_a_volunteer(self, data: st.DataObject, seed: int) -> None:
        volunteer, other = data.draw(st.sampled_from(self.session.case.volunteers)), people_like(seed).volunteers[0]
        field = data.draw(st.sampled_from(["capacity", "likes", "latitude", "transport", "paused_from", "programmes"]))
        self.session = self.session.replace(volunteer.model_copy(update={field: getattr(other, field)}))

    @precondition(lambda self: self.session.case.children and self.session.case.volunteers)
    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def say_something_of_a_pair(self, data: st.DataObject, kind: str) -> None:
        child = data.draw(st.sampled_from(self.session.case.children))
        volunteer = data.draw(st.sampled_from(self.session.case.volunteers))
        row = row_about(kind, child.child_id, volunteer.volunteer_id, self.new_id("F"))
        self.session = self.session.add(row)

    @precondition(lambda self: any(getattr(self.session.case, table) for table in TABLES))
    @rule(data=st.data())
    def take_something_back(self, data: st.DataObject) -> None:
        rows = [row for table in TABLES for row in getattr(self.session.case, table)]
        self.session = self.session.remove(data.draw(st.sampled_from(rows)))

    @rule(seed=seeds)
    def other_quotas(self, seed: int) -> None:
        self.session = self.session.with_case(self.session.case.model_copy(update={"quotas": random_quotas(seed)}))

    @rule(most=st.sampled_from([None, 0, 1, 2]))
    def other_limit_of_a_matcher(self, most: int | None) -> None:
        self.session = self.session.replace(Matcher(matcher_id="M1", postcode="2750", max_new_friendships=most))

    @rule(rulebook=st.sampled_from(RULEBOOKS))
    def other_rules(self, rulebook: Any) -> None:
        self.session = self.session.with_rulebook(rulebook)

    @rule(days=st.sampled_from([-1, 1]))
    def another_day(self, days: int) -> None:
        day = self.session.case.planning_date + days * DAY
        self.session = self.session.with_case(self.session.case.model_copy(update={"planning_date": day}))

    @rule(place=st.sampled_from([(55.93, 12.30), (55.6761, 12.5683)]))
    def a_postcode_moves(self, place: tuple[float, float]) -> None:
        row = Postcode(postcode="2750", latitude=place[0], longitude=place[1])
        self.session = self.session.with_case(self.session.case.model_copy(update={"postcodes": (row,)}))

    @rule(shuffled=st.randoms(use_true_random=False))
    def rows_in_another_order(self, shuffled: random.Random) -> None:
        tables = {name: tuple(shuffled.sample(rows, len(rows))) for name in TABLES for rows in [getattr(self.session.case, name)]}
        self.session = self.session.with_case(self.session.case.model_copy(update=tables))

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def back_to_an_earlier_session(self, data: st.DataObject) -> None:
        self.session, before = data.draw(st.sampled_from(self.past))
        assert answer(self.session) == before

    @rule()
    def change_twice_before_asking(self) -> None:
        self.asked = False

    @precondition(lambda self: not self.session.planning.max_wait_first)
    @rule()
    def proposals_are_as_new(self) -> None:
        if answer(self.session)[0] == "plan":
            assert self.session.proposals(top=3) == fresh(self.session).proposals(top=3)

    @invariant()
    def as_new(self) -> None:
        if not self.asked:
            self.asked = True
            return
        assert_as_new(self.session)
        self.past.append((self.session, answer(self.session)))


Sessions.TestCase.settings = settings(max_examples=volume(ci=40, long=2_000), stateful_step_count=12, deadline=None)
TestSessions = Sessions.TestCase


def scored_by(session: Session) -> list[tuple[int, int]]:
    """How many children with how many volunteers were scored anew for a session's candidates."""
    real, heard = session_candidates.find_candidates, []

    def listening(case: Case, people: Any, rulebook: Any) -> Candidates:
        heard.append((len(people.children), len(people.volunteers)))
        return real(case, people, rulebook)

    with patch.object(session_candidates, "find_candidates", listening):
        assert len(session.candidates) > 0
    return heard


def how_solved(session: Session) -> str:
    """Whether a session's plan came from the one before."""
    with reading("compiled"), patch.object(warm, "resolve", wraps=warm.resolve) as again:
        assert session.solved.matched > 0
    return "warm" if again.called else "anew"


def test_only_what_changed_is_scored_again() -> None:
    case = tight_case(6)
    begun = session_of(case)
    assert begun.solved.matched
    child, volunteer = case.children[0], case.volunteers[0]
    n_children, n_volunteers = len(case.children), len(case.volunteers)
    assert scored_by(begun.remove(children=[child.child_id])) == []
    assert scored_by(begun.replace(Matcher(matcher_id="M1", postcode="2750", max_new_friendships=1))) == []
    assert scored_by(begun.replace(child.model_copy(update={"max_minutes": 60.0}))) == [(1, n_volunteers)]
    assert scored_by(begun.replace(volunteer.model_copy(update={"capacity": 2}))) == [(n_children, 1)]
    assert scored_by(begun.with_rulebook(RULEBOOKS[2])) == [(n_children, n_volunteers)]


def test_the_latest_plan_is_where_the_next_session_begins() -> None:
    case = tight_case(6)
    begun = session_of(case)
    assert begun.solved.matched
    edited = begun.replace(case.children[0].model_copy(update={"max_minutes": 60.0}))
    assert edited.solved.matched
    assert scored_by(edited.replace(case.children[1].model_copy(update={"max_minutes": 60.0}))) == [(1, len(case.volunteers))]
    unasked = begun.replace(case.children[0].model_copy(update={"max_minutes": 50.0}))
    assert scored_by(unasked.replace(case.children[1].model_copy(update={"max_minutes": 60.0}))) == [(2, len(case.volunteers))]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_pair_and_taken_back(kind: str) -> None:
    """Of pairs in the plan and of others; and then its two people are edited."""
    for seed in (5, 6, *range(volume(ci=0, long=100))):
        begun = session_of(tight_case(seed))
        plan = begun.assign()
        for pair in (*plan.pairs[:2], *plan.eligible_pairs[-3:]):
            row = row_about(kind, pair.child_id, pair.volunteer_id)
            said = begun.add(row)
            assert_as_new(said)
            child, volunteer = said.people.children[said.child_index(pair.child_id)], pair.volunteer_id
            assert_as_new(said.replace(child.model_copy(update={"max_minutes": 60.0})))
            other = said.people.volunteers[said.volunteer_index(volunteer)].model_copy(update={"max_minutes": 60.0})
            assert_as_new(said.replace(other))
            assert answer(said.remove(row)) == ("plan", plan)


def test_a_lock_is_in_the_plan_that_is_found_from_the_one_before() -> None:
    kept = 0
    for seed in (0, 5, 6, 10, 14):
        begun = session_of(tight_case(seed))
        plan = begun.assign()
        for pair in set(plan.eligible_pairs) - set(plan.pairs):
            locked = begun.add(row_about("lock", pair.child_id, pair.volunteer_id))
            if answer(fresh(locked))[0] == "plan":
                kept += how_solved(locked) == "warm" and pair in locked.assign().pairs
                assert_as_new(locked)
    assert kept


def test_equal_rows_of_another_reading_are_as_before() -> None:
    begun = session_of(tight_case(6))
    assert begun.solved.matched
    again = begun.with_case(Case.model_validate(begun.case.model_dump()))
    assert scored_by(again) == []
    assert_as_new(again)


def test_the_plan_is_found_from_the_one_before_where_no_limits_cross_and_no_solver_is_named() -> None:
    case = tight_case(6)
    begun = session_of(case)
    assert how_solved(begun) == "anew"
    assert how_solved(begun.remove(children=[case.children[0].child_id])) == "warm"
    assert how_solved(begun.with_planning(Planning(solver="flow"))) == "anew"
    rows = (Quota(dimension="gender", value="boy", at_most=1), Quota(dimension="matcher", value="M1", at_most=1))
    crossing = next(s for n in range(99) for s in [session_of(tight_case(n)).add(*rows)] if s.question.pairs.crossing)
    begun = crossing.remove(*rows)
    assert begun.solved.matched
    assert how_solved(begun.add(*rows)) == "anew"


def test_the_checker_is_asked_for_what_is_shown_and_for_totals_not_at_all() -> None:
    session = session_of(tight_case(6))
    with patch.object(check, "check_plan", wraps=check.check_plan) as judged, patch.object(check, "read_world") as read:
        assert session.solved.matched
        session = session.remove(children=[session.case.children[0].child_id])
        assert session.solved.matched
        assert not judged.called
        assert not read.called
    with patch.object(check, "check_plan", wraps=check.check_plan) as judged:
        session.assign()
        session.proposals()
        session.assign()
    assert judged.call_count == 1


def test_undo_gives_the_same_answers() -> None:
    for seed in range(volume(ci=8, long=200)):
        begun = session_of(tight_case(seed))
        child, volunteer = begun.case.children[0], begun.case.volunteers[-1]
        plan = begun.assign()
        edited = begun.replace(child.model_copy(update={"max_minutes": 1.0, "likes": ("a word of its own",)}))
        assert_as_new(edited)
        fewer = edited.remove(volunteer)
        assert_as_new(fewer)
        about = [r for name in TABLES[:4] for r in getattr(edited.case, name) if r.volunteer_id == volunteer.volunteer_id]
        back = fewer.add(volunteer, *about).replace(child)
        assert_as_new(back)
        assert back.assign() == plan == begun.assign()


def test_everybody_leaves_and_comes_back() -> None:
    case = dense_case(5)
    begun = session_of(case)
    plan = begun.assign()
    nobody = begun.remove(*case.children, *case.volunteers)
    assert_as_new(nobody)
    assert (nobody.assign().matched, nobody.proposals()) == (0, ())
    empty = session_of(Case(planning_date=TODAY, children=(), volunteers=()))
    assert_as_new(empty)
    assert empty.with_case(case).assign() == plan == nobody.with_case(case).assign()


def test_another_person_under_the_same_id_is_not_as_before() -> None:
    for seed in range(volume(ci=8, long=200)):
        begun, other = session_of(dense_case(seed)), dense_case(seed + 1)
        assert begun.solved.matched >= 0
        swapped = begun.with_case(begun.case.model_copy(update={"volunteers": other.volunteers[:2] + begun.case.volunteers[2:]}))
        assert_as_new(swapped)


def test_a_session_stays_usable_after_a_clash() -> None:
    begun = session_of(tight_case(6))
    before = begun.assign()
    quota = Quota(dimension="gender", value="boy", at_least=99)
    clash = begun.add(quota)
    with pytest.raises(InfeasibleError) as refused:
        clash.assign()
    assert answer(fresh(clash)) == ("clash", refused.value.clashing, refused.value.ways_out)
    assert how_solved(clash.remove(quota)) == "warm"
    assert clash.remove(quota).assign() == before


def test_a_lock_that_breaks_a_rule_is_told_as_an_engine_tells_it() -> None:
    begun = session_of(edge_case(3))
    assert begun.solved.matched >= 0
    locked = begun.add(Decision(child_id="B000", volunteer_id="V000", kind="lock", by="M1"))
    kind, [(code, _)], _ = answer(locked)
    assert (kind, code) == ("clash", "lock_not_eligible")
    assert_as_new(locked)


def test_with_people_go_the_rows_that_name_them() -> None:
    pair = {"child_id": "B000", "volunteer_id": "V000"}
    meeting = Meeting(
        meeting_id="N1", date=TODAY, slot="mon_evening", venue_id="S1", matcher_id="M1", programme=(), volunteers=("V000", "V001")
    )
    begun = session_of(dense_case(1).model_copy(update={"meetings": (meeting,)})).add(
        Friendship(friendship_id="F77", **pair, programme="voksenven", started_on=TODAY),
        Decline(**pair, declined_on=TODAY),
        Offer(**pair, opened_on=TODAY),
        Decision(**pair, kind="forbid", by="M1"),
    )
    case = begun.remove(volunteers=["V000"]).case
    assert all(row.volunteer_id != "V000" for name in TABLES[:4] for row in getattr(case, name))
    assert [row.volunteers for row in case.meetings] == [("V001",)]
    assert len(begun.remove(children=["B000"]).case.offers) == len([o for o in begun.case.offers if o.child_id != "B000"])


def test_rows_that_do_not_fit_are_named() -> None:
    begun = session_of(dense_case(1))
    child = begun.case.children[0]
    stranger, new = child.model_copy(update={"child_id": "B00"}), child.model_copy(update={"child_id": "N"})
    quota = Quota(dimension="gender", value="boy")
    wrong = [
        (lambda: begun.add(child), "row_taken", "B000"),
        (lambda: begun.add(new, new), "row_taken", "N"),
        (lambda: begun.replace(stranger), "row_unknown", "B00"),
        (lambda: begun.replace(quota), "row_unnamed", None),
        (lambda: begun.remove(volunteers=["V9"]), "unknown_volunteer", "V9"),
        (lambda: begun.remove(quota), "row_unknown", str(quota)),
    ]
    for ask, code, name in wrong:
        with pytest.raises(UsageError) as refused:
            ask()
        assert (refused.value.code, refused.value.facts.get("id")) == (code, name)
    with pytest.raises(UsageError) as refused:
        begun.replace(stranger)
    assert refused.value.facts["nearest"].startswith("B00")


def test_a_hundred_changes_one_after_another() -> None:
    """Enough people for long chains: each session from the last one's plan, held against solving anew now and then."""
    case = synthetic_case(children=70, volunteers=60, seed=2, friendships=5)
    draw = random.Random(5)
    session = session_of(case)
    children, volunteers = list(case.children), list(case.volunteers)
    for number in range(volume(ci=60, long=1_000)):
        assert session.solved.matched
        child = draw.choice(session.case.children)
        kind = draw.randrange(4)
        if kind == 0:
            session = session.remove(draw.choice(session.case.volunteers))
        elif kind == 1:
            twin = draw.choice(volunteers).model_copy(update={"volunteer_id": f"V{number:04}x"})
            session = session.add(twin)
        elif kind == 2:
            session = session.replace(draw.choice(children).model_copy(update={"child_id": child.child_id}))
        else:
            session = session.replace(child.model_copy(update={"matcher_id": draw.choice([None, "M1"])}))
        with reading(draw.choice(("plain", "compiled"))):
            found, desk = session.solved, fresh(session)
        assert same_candidates(session.candidates, desk.candidates)
        assert np.array_equal(found.chosen, desk.solved.chosen)
        for name in ("left", "right", "group"):
            assert np.array_equal(getattr(found.prices, name), getattr(desk.solved.prices, name))
    assert session.assign() == fresh(session).assign()
