"""The first plan and its groups: what is counted along the way is what counting everything anew would say."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matcher.calendar.finish import met_of
from matcher.calendar.groups.estimate import Estimate
from matcher.calendar.groups.grouping import FREE, TRIED, Met, _merged, _moved, grouped
from matcher.calendar.meetings.greedy import _Greedy, greedy_draft
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.year import Int
from matcher.records import Case
from tests.calendar.years import along, tiny_case, year_of
from tests.volume import volume

SETS = {"together": ("voksenven+storebror", "familieven"), "calendar.meeting_size.min_volunteers": 3}


def scarce(case: Case, most: int) -> Case:
    matchers = tuple(row.model_copy(update={"max_meetings_per_month": most}) for row in case.matchers)
    return case.model_copy(update={"matchers": matchers})


def years() -> list[Any]:
    """Small years, also with pinned meetings, few matchers, and two sets of programmes."""
    tiny = [pytest.param(*tiny_case(seed), id=f"tiny {seed}") for seed in range(volume(ci=8, long=80))]
    few = [pytest.param(scarce(along(40, seed), 1 + seed % 2), {}, id=f"few {seed}") for seed in range(1, volume(ci=3, long=20))]
    return [*tiny, *few, pytest.param(along(60, 2), {}, id="all"), pytest.param(along(50, 5), SETS, id="two sets")]


def best_by_counting(plan: _Greedy) -> int | None:
    """The next session, by counting all open entries."""
    sessions, n = plan.sessions, len(plan.sessions)
    coming = np.bincount(sessions.session_of[plan.open_entry], minlength=n)
    needy = plan.open_entry & (plan.need[sessions.who] > 0)
    at, who = sessions.session_of[needy], sessions.who[needy]
    wanted, choices = np.bincount(at, minlength=n), np.bincount(who, minlength=len(plan.need))
    few = np.bincount(at, 1.0 / choices[who], minlength=n)
    usable = plan.open_session & (coming >= sessions.least) & (wanted > 0)
    score = np.where(usable, np.minimum(wanted, sessions.most) + np.minimum(few, 0.999), -1.0)
    score[usable & ~sessions.is_new] += len(plan.need)
    return int(score.argmax()) if usable.any() else None


@pytest.mark.parametrize(("case", "settings"), years())
def test_the_next_session_is_the_best_by_counting(case: Case, settings: dict[str, Any]) -> None:
    sessions = sessions_of(year_of(case, settings))
    plan, turns = _Greedy(sessions), 0
    while (session := best_by_counting(plan)) is not None:
        assert plan._best() == session
        plan._hold(session)
        turns += 1
    assert plan._best() is None
    assert turns > 0 or not len(sessions)
    assert (greedy_draft(sessions).entries == sorted(plan.entries)).all()


def plain_estimate(met: Met, label: Int) -> int:
    """Changes if each volunteer had her best home, the first of equal ones; twice for each member too many."""
    groups, cost = np.unique(label), []
    for group in groups:
        led = np.zeros(met.n_matchers + 1, dtype=np.int64)
        for k in np.flatnonzero(label == group):
            led[met.leader[k]] += met.comes[k].sum()
        matcher = int(led[: max(1, met.n_matchers)].argmax())
        known = met.leader == matcher if met.n_matchers else np.ones(len(label), dtype=np.bool_)
        cost.append((2 * met.comes - met.comes * (label == group)[:, None] - met.comes * known[:, None]).sum(axis=0))
    home = np.argmin(cost, axis=0)
    crowd = np.bincount(home, minlength=len(groups)) - met.most
    return int(np.min(cost, axis=0).sum() + 2 * crowd[crowd > 0].sum())


def plainly_merged(met: Met, label: Int) -> Int:
    cost = plain_estimate(met, label)
    while True:
        people = {g: met.comes[label == g].any(axis=0) for g in np.unique(label).tolist()}
        pairs = [pair for pair in combinations(people, 2) if (people[pair[0]] & people[pair[1]]).any()]
        pairs.sort(key=lambda pair: -(people[pair[0]] & people[pair[1]]).sum())
        tries = [np.where((label == other) & (met.label == FREE), one, label) for one, other in pairs[:TRIED]]
        costs = [plain_estimate(met, one) for one in tries]
        if min(costs, default=cost) >= cost:
            return label
        cost, label = min(costs), tries[costs.index(min(costs))]


def plainly_moved(met: Met, label: Int) -> Int:
    cost = plain_estimate(met, label)
    for k in np.flatnonzero(met.label == FREE).tolist():
        for group in np.unique(label).tolist():
            moved = np.where(np.arange(len(label)) == k, group, label)
            if (other := plain_estimate(met, moved)) < cost:
                label, cost = moved, other
    return label


def random_met(seed: int, size: int = 8) -> Met:
    """Meetings of few people, some with a given group, some with an unknown leader, crowded groups."""
    draw = np.random.default_rng(seed)
    n_meetings, n_people, n_matchers = (int(draw.integers(low, size + 1)) for low in (size // 2, 1, 0))
    label = np.where(draw.random(n_meetings) < 0.3, draw.integers(0, 2, n_meetings), FREE)
    if not (label == 0).any():
        label[label == 1] = 0
    return Met(
        comes=draw.random((n_meetings, n_people)) < draw.random(),
        leader=draw.integers(-1, n_matchers, n_meetings),
        label=label,
        n_matchers=n_matchers,
        most=int(draw.integers(1, 5)),
    )


def alone(met: Met) -> Int:
    """Each free meeting a group of its own."""
    given = int(met.label.max()) + 1
    return np.where(met.label == FREE, given + np.arange(len(met.label)), met.label)


def agreed(met: Met) -> bool:
    """Whether any meetings went together or moved."""
    merged = _merged(met, alone(met))
    assert (merged == plainly_merged(met, alone(met))).all()
    moved = _moved(met, merged)
    assert (moved == plainly_moved(met, merged)).all()
    return bool((moved != alone(met)).any())


def test_groups_by_trying_everything_anew() -> None:
    assert sum(agreed(random_met(seed)) for seed in range(volume(ci=60, long=2000))) > 10
    assert sum(agreed(random_met(seed, size=20)) for seed in range(volume(ci=4, long=100))) > 1  # more pairs than are tried


@pytest.mark.parametrize("seed", [1, 2])
def test_groups_of_a_year_by_trying_everything_anew(seed: int) -> None:
    assert agreed(met_of(greedy_draft(sessions_of(year_of(scarce(along(15, seed), 1 + seed))))))


@pytest.mark.parametrize("seed", range(20))
def test_the_estimate_stays_true(seed: int) -> None:
    met, draw = random_met(seed), np.random.default_rng(seed)
    estimate = Estimate(met, alone(met))
    for _ in range(10):
        assert estimate.cost == plain_estimate(met, estimate.label)
        k = int(draw.integers(len(met.label)))
        here, goals = int(estimate.label[k]), np.setdiff1d(estimate.label, estimate.label[k])
        if not goals.size:
            break
        costs = estimate.after(np.array([here]), goals, estimate.meetings.of(np.array([k])))
        anew = [plain_estimate(met, np.where(np.arange(len(met.label)) == k, goal, estimate.label)) for goal in goals]
        assert costs.tolist() == anew
        estimate.move(np.array([k]), here, int(draw.choice(goals)))


def test_nobody_and_no_meeting() -> None:
    sessions = sessions_of(year_of(along(15, 1), year=2025))
    draft = greedy_draft(sessions)
    assert not len(draft.held)
    assert len(grouped(met_of(draft)).home) == len(sessions.year.volunteers)
