"""Candidates again after some people have changed: scored anew for them alone, and merged with what was.

A pair's points depend on its two people, on the rows that name them, and on rules and settings; so the pairs of two people
who are as before (``matcher.session.kept``) are as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from matcher.ask import MINUTES_NEEDS
from matcher.candidates import Candidates, IntArray, PairFacts, find_candidates
from matcher.columns import COLUMNS
from matcher.records import Case
from matcher.rules import Rulebook
from matcher.session.kept import Kept, Side
from matcher.table import People, Values

Scored: TypeAlias = tuple[IntArray, IntArray, IntArray]
"""Child, volunteer and points of some pairs, sorted by (child, volunteer)."""
PARTLY_UP_TO = 0.75
"""Where a larger share of all pairs must be scored anew, all are; merging costs more than it saves (measured, 3,000 a side)."""


def carried(was: People, now: People, kept: Kept, rulebook: Rulebook) -> People:
    """The people of now with the columns that the rules need: from before for who is as before, anew for the others."""
    if not (kept.children.same.any() or kept.volunteers.same.any()):
        return now
    fresh = _some(now, kept.children.fresh, kept.volunteers.fresh, {})
    values = {
        name: _mixed(was.values(name), fresh.values(name), kept.children if name.startswith("child_") else kept.volunteers)
        for name in _needed(rulebook)
    }
    return _with_words(People(now.children, now.volunteers, now.facts, values), now)


def candidates_again(was: Candidates, case: Case, people: People, rulebook: Rulebook, kept: Kept) -> Candidates:
    """What ``find_candidates`` answers to the case of now, from what it answered before."""
    children, volunteers = kept.children, kept.volunteers
    n_children, n_volunteers = len(people.children), len(people.volunteers)
    anew = len(children.fresh) * n_volunteers + len(children.stayed) * len(volunteers.fresh)
    if anew > PARTLY_UP_TO * n_children * n_volunteers:
        return find_candidates(case, people, rulebook)
    rows = _block(case, people, rulebook, children.fresh, np.arange(n_volunteers))
    columns = _block(case, people, rulebook, children.stayed, volunteers.fresh)
    child, volunteer, points = _merged(_stayed(was, kept), [rows[0], columns[0]], n_volunteers)
    i, j, p = _merged(_forbidden(was, kept), [rows[1], columns[1]], n_volunteers)
    return Candidates(
        people=people,
        rulebook=rulebook,
        pair_facts=PairFacts.of(case, people, rulebook),
        child=child,
        volunteer=volunteer,
        points=points,
        forbidden=tuple(zip(i.tolist(), j.tolist(), p.tolist(), strict=True)),
    )


def _block(case: Case, people: People, rulebook: Rulebook, children: IntArray, volunteers: IntArray) -> tuple[Scored, Scored]:
    """The eligible and the forbidden pairs of some children with some volunteers, in everybody's numbers."""
    if not len(children) or not len(volunteers):
        return _columns_of(()), _columns_of(())
    values = {
        name: _picked(people.values(name), children if name.startswith("child_") else volunteers) for name in _needed(rulebook)
    }
    found = find_candidates(case, _some(people, children, volunteers, values), rulebook)
    i, j, p = _columns_of(found.forbidden)
    return (children[found.child], volunteers[found.volunteer], found.points), (children[i], volunteers[j], p)


def _columns_of(rows: Sequence[tuple[int, int, int]]) -> Scored:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _stayed(was: Candidates, kept: Kept) -> Scored:
    return _of_now((was.child, was.volunteer, was.points), was, kept)


def _forbidden(was: Candidates, kept: Kept) -> Scored:
    return _of_now(_columns_of(was.forbidden), was, kept)


def _of_now(pairs: Scored, was: Candidates, kept: Kept) -> Scored:
    """The pairs of two people who are as before, in the numbers of now; their order stays."""
    child = kept.children.now(len(was.people.children))[pairs[0]]
    volunteer = kept.volunteers.now(len(was.people.volunteers))[pairs[1]]
    stays = (child >= 0) & (volunteer >= 0)
    return (child, volunteer, pairs[2]) if stays.all() else (child[stays], volunteer[stays], pairs[2][stays])


def _merged(pairs: Scored, others: Sequence[Scored], width: int) -> Scored:
    """Sorted pairs and a few others in one order; no pair is in two of them."""
    child, volunteer, points = (np.concatenate(column) for column in zip(*others, strict=True))
    if not len(child):
        return pairs
    key = child * width + volunteer
    order = np.argsort(key)
    at = np.searchsorted(pairs[0] * width + pairs[1], key[order])
    i, j, p = (np.insert(old, at, new[order]) for old, new in zip(pairs, (child, volunteer, points), strict=True))
    return i, j, p


def _some(people: People, children: IntArray, volunteers: IntArray, values: dict[str, Values]) -> People:
    """Some of the people, with what is known of their columns; their words have the bits that they have among all."""
    some = People(
        tuple(people.children[i] for i in children.tolist()),
        tuple(people.volunteers[j] for j in volunteers.tolist()),
        people.facts,
        values,
    )
    return _with_words(some, people)


def _with_words(people: People, of: People) -> People:
    vars(people)["vocabularies"] = of.vocabularies
    return people


def _needed(rulebook: Rulebook) -> list[str]:
    needs = chain(MINUTES_NEEDS, *(function.needs for function in (*rulebook.eligibility, *rulebook.criteria)))
    return [need for need in dict.fromkeys(needs) if need in COLUMNS]


def _picked(values: Values, index: IntArray) -> Values:
    found: Values = tuple(word[index] for word in values) if isinstance(values, tuple) else values[index]
    return found


def _mixed(was: Values, fresh: Values, side: Side) -> Values:
    """One column of everybody: that of before, and anew for who is not as before."""
    if isinstance(was, tuple):
        words: Values = tuple(_placed(word, new, side) for word, new in zip(was, fresh, strict=True))
        return words
    numbers: Values = _placed(was, fresh, side)
    return numbers


def _placed(was: Any, fresh: Any, side: Side) -> Any:  # noqa: ANN401  arrays of one dtype
    values = np.empty(len(side.same), dtype=fresh.dtype)
    values[side.same] = was[side.was[side.same]]
    values[~side.same] = fresh
    return values
