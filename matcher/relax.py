"""The nearest relaxations for a child: the smallest change of one fact that brings volunteers whom one rule alone keeps out.

A rule says itself (``Relax``) whose fact could change and how. The change is found by asking the rule's own body with that
fact replaced, so whatever is offered here is true. Locked rules are never offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from matcher.ask import Given, IndexArray, ask
from matcher.candidates import PairFacts, failing
from matcher.columns import COLUMNS, FIXED
from matcher.results import Relaxation
from matcher.rules import Eligibility, Relax, Rulebook
from matcher.table import People

FARTHEST = 1024
"""No stated number is moved by more than this (minutes, months, years)."""

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
CONSENTS = {"nobody": 0, "family": 1, "volunteer": 1, "both": 2}


class _Question:
    """One rule, one child, and the volunteers whom this rule alone keeps out."""

    def __init__(
        self, people: People, rulebook: Rulebook, pair_facts: PairFacts, rule: Eligibility, child: int, alone: IndexArray
    ) -> None:
        self.people, self.rulebook, self.pair_facts, self.rule = people, rulebook, pair_facts, rule
        self.child, self.alone = child, alone
        self.here: IndexArray = np.full(len(alone), child)

    def holds(self, given: Given) -> BoolArray:
        """Whether the rule would hold with other facts, shape (alone,)."""
        found = ask(self.people, self.rulebook, self.rule, self.here, self.alone, given)
        return np.broadcast_to(found, self.here.shape)

    def current(self, column: str) -> FloatArray:
        """A number that is stated now, shape (alone,); NaN where it is not."""
        values = self.people.values(column)
        return np.asarray(values, dtype=np.float64)[self.here if column.startswith("child_") else self.alone]

    def ids(self, chosen: BoolArray) -> tuple[str, ...]:
        """Ids of some of the volunteers."""
        return tuple(self.people.volunteers[j].volunteer_id for j in self.alone[chosen])

    def words(self, column: str) -> tuple[str, ...]:
        """What the child's, or the only volunteer's, column says now."""
        person = self.people.children[self.child] if column.startswith("child_") else self.people.volunteers[self.alone[0]]
        found: tuple[str, ...] = self.people.words(person, column)
        return found


def relaxations(
    people: People, rulebook: Rulebook, pair_facts: PairFacts, child: int, table: BoolArray
) -> tuple[Relaxation, ...]:
    """Every single change that would bring a child at least one volunteer, nearest first.

    Parameters
    ----------
    table
        Whether each rule holds, shape (rules, volunteers) (``matcher.explain.answers``).

    Returns
    -------
    tuple of Relaxation
        Sorted by how many people must consent, then by the size of the change, then by how many volunteers it brings.
    """
    once = (~table).sum(axis=0) == 1
    forbidden = {j for i, j in pair_facts.forbidden if i == child}
    found: list[tuple[float, Relaxation]] = []
    for k, rule in enumerate(rulebook.eligibility):
        alone = np.array([j for j in np.flatnonzero(once & ~table[k]) if j not in forbidden], dtype=np.intp)
        if rule.locked or not len(alone):
            continue
        for relax in rule.relax:
            groups = [alone] if relax.column.startswith("child_") else [alone[n : n + 1] for n in range(len(alone))]
            for group in groups:
                question = _Question(people, rulebook, pair_facts, rule, child, group)
                found += [(item.change / relax.step, item) for item in _WAYS[relax.how](question, relax)]
        found += [(item.change / _step(rule), item) for item in _both_sides(people, rulebook, pair_facts, rule, child, alone)]
    ranked = sorted(found, key=lambda f: (CONSENTS[f[1].consent], f[0], -len(f[1].gained), f[1].rule, f[1].after, f[1].gained))
    return tuple(item for _, item in ranked)


def _step(rule: Eligibility) -> float:
    return rule.relax[0].step if rule.relax else 1.0


def _offer(question: _Question, relax: Relax, before: str, after: str, change: float, gained: BoolArray) -> Relaxation:
    return Relaxation(
        rule=question.rule.key,
        column=relax.column,
        how=relax.how,
        consent=relax.consent,
        before=before,
        after=after,
        change=change,
        gained=question.ids(gained),
    )


def _nearest(question: _Question, columns: tuple[str, ...], sign: int) -> FloatArray:
    """The nearest whole number (up for ``sign`` 1, down for -1) at which the rule holds for each; NaN where none does.

    Bisection over whole numbers: more room never makes such a rule fail again.
    """
    start = np.nan_to_num(question.current(columns[0]), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = np.floor(start) if sign > 0 else np.ceil(start), start + sign * FARTHEST
    high = np.trunc(high)

    def at(value: FloatArray) -> BoolArray:
        return question.holds(dict.fromkeys(columns, value))

    possible = at(high)
    while (np.abs(high - low) > 1).any():
        middle = np.trunc((low + high) / 2)
        good = at(middle)
        high, low = np.where(good, middle, high), np.where(good, low, middle)
    return np.where(possible, high, np.nan)


def _move(sign: int) -> Callable[[_Question, Relax], Iterator[Relaxation]]:
    def moved(question: _Question, relax: Relax) -> Iterator[Relaxation]:
        """Raise or lower a stated number: one offer for each value that brings somebody more."""
        needed = _nearest(question, (relax.column,), sign)
        before = question.current(relax.column)[0]
        for value in np.unique(needed[~np.isnan(needed)])[:: 1 if sign > 0 else -1]:
            gained = needed <= value if sign > 0 else needed >= value
            stated = _in_force(question, relax.column) if np.isnan(before) else float(before)
            yield _offer(question, relax, f"{stated:g}", f"{value:g}", abs(float(value) - stated), gained)

    return moved


def _in_force(question: _Question, column: str) -> float:
    """The setting that stands in for a number nobody stated: the rule's parameter of the same subject."""
    parameter = column.partition("_")[2]
    defaults = question.rule.defaults
    return question.rulebook.number(question.rule.setting_key(parameter)) if parameter in defaults else 0.0


def _accept(question: _Question, relax: Relax) -> Iterator[Relaxation]:
    """Accept more than was wished for."""
    column = COLUMNS[relax.column]
    gained = question.holds({relax.column: np.uint64(FIXED[column.vocabulary][relax.to])})
    if gained.any():
        yield _offer(question, relax, ";".join(question.words(relax.column)), relax.to, 1.0, gained)


def _add(question: _Question, relax: Relax) -> Iterator[Relaxation]:
    """Add one word (a weekly slot, a programme): a child gets one offer for each that helps, a volunteer one for all."""
    column = COLUMNS[relax.column]
    whose = question.here if relax.column.startswith("child_") else question.alone
    stated = np.asarray(question.people.values(relax.column), dtype=np.uint64)[whose]
    gained = {word: question.holds({relax.column: stated | np.uint64(bit)}) for word, bit in FIXED[column.vocabulary].items()}
    helping = [word for word, who in gained.items() if who.any()]
    before = ";".join(question.words(relax.column))
    if relax.column.startswith("child_"):
        for word in helping:
            yield _offer(question, relax, before, word, 1.0, gained[word])
    elif helping:
        yield _offer(question, relax, before, ";".join(helping), 1.0, gained[helping[0]])


def _wait(question: _Question, relax: Relax) -> Iterator[Relaxation]:
    """Wait until the fact has passed; offered only if every rule holds on that later day."""
    days = question.current(relax.column)
    if not np.isfinite(days[0]):
        return
    change = float(days[0]) + 1.0
    people = question.people
    later = people.facts.planning_date + timedelta(days=int(change))
    pair = (question.child, int(question.alone[0]))
    if not failing(people.on(later), question.rulebook, question.pair_facts, pair):
        yield _offer(
            question, relax, people.facts.planning_date.isoformat(), later.isoformat(), change, np.ones(1, dtype=np.bool_)
        )


_WAYS: dict[str, Callable[[_Question, Relax], Iterator[Relaxation]]] = {
    "raise": _move(1),
    "lower": _move(-1),
    "accept": _accept,
    "add": _add,
    "wait": _wait,
}


def _both_sides(
    people: People, rulebook: Rulebook, pair_facts: PairFacts, rule: Eligibility, child: int, alone: IndexArray
) -> Iterator[Relaxation]:
    """Both people must move where neither alone suffices (two travel limits): one offer a volunteer."""
    raised = [relax for relax in rule.relax if relax.how == "raise"]
    if {relax.column.partition("_")[0] for relax in raised} != {"child", "volunteer"}:
        return
    columns = tuple(relax.column for relax in raised)
    for n in range(len(alone)):
        question = _Question(people, rulebook, pair_facts, rule, child, alone[n : n + 1])
        if any(not np.isnan(_nearest(question, (column,), 1)).all() for column in columns):
            continue
        value = _nearest(question, columns, 1)[0]
        if np.isnan(value):
            continue
        stated = [c if not np.isnan(c) else _in_force(question, name) for name in columns for c in question.current(name)]
        change = sum(max(0.0, value - s) for s in stated)
        both = Relax(column=";".join(columns), how="raise", consent="both")
        before = ";".join(f"{s:g}" for s in stated)
        yield _offer(question, both, before, f"{value:g}", change, np.ones(1, dtype=np.bool_))
