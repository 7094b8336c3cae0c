"""Reasons: what each rule said of a pair and each criterion gave it, and what stands between a child and the volunteers.

The rules' and criteria's own bodies are asked, in plain values for one pair and on columns for one child; nothing is
written a second time here. Answers are data; ``workbench`` makes sentences of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.ask import IndexArray, ask, person_of, plain_values, stated_minutes
from matcher.candidates import PairFacts
from matcher.columns import COLUMNS
from matcher.functions import Eligibility, Function, called
from matcher.records import Child, Volunteer
from matcher.relax import relaxations
from matcher.results import ChildReasons, Obstacle, PairReasons, Part, Verdict
from matcher.rules import Rulebook
from matcher.table import People

BoolArray = npt.NDArray[np.bool_]
NOBODY = -1
"""Stands for the volunteer where a rule about the child alone is asked."""


def facts_of(
    people: People, rulebook: Rulebook, function: Function, child: Child, volunteer: Volunteer | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What a function's texts may name: facts in words or numbers (None = unknown), settings, common words, its own facts.

    ``values`` are what its body was called with.
    """
    facts: dict[str, Any] = dict(rulebook.arguments(function))
    listed: dict[str, tuple[str, ...]] = {}
    for need in function.needs:
        if need == "minutes":
            facts[need] = stated_minutes(people, child, volunteer)
        elif need in COLUMNS:
            facts[need] = people.words(person_of(need, child, volunteer), need)
            if COLUMNS[need].vocabulary:
                listed[need] = facts[need]
        else:
            facts[need] = bool(values[need])
    facts.update(_common_words(listed))
    facts.update({name: called(body, values) for name, body in function.facts.items()})
    return facts


def _common_words(listed: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """``common_x`` of child_x and volunteer_x; ``clashing_v`` of differently named lists over one vocabulary v."""
    facts: dict[str, Any] = {}
    for a in (name for name in listed if name.startswith("child_")):
        for b in (name for name in listed if name.startswith("volunteer_")):
            if COLUMNS[a].vocabulary != COLUMNS[b].vocabulary:
                continue
            shared = tuple(word for word in listed[a] if word in listed[b])
            subject = a.removeprefix("child_")
            if subject == b.removeprefix("volunteer_"):
                facts[f"common_{subject}"] = shared
                facts[f"common_{subject}_count"] = len(shared)
            else:
                name = f"clashing_{COLUMNS[a].vocabulary}"
                facts[name] = tuple(dict.fromkeys((*facts.get(name, ()), *shared)))
    return facts


def verdict(people: People, rulebook: Rulebook, pair_facts: PairFacts, rule: Eligibility, pair: tuple[int, int]) -> Verdict:
    """What one rule says of one pair, with the values it saw."""
    child, volunteer = people.children[pair[0]], None if pair[1] == NOBODY else people.volunteers[pair[1]]
    values = plain_values(people, rulebook, rule, child, volunteer, pair_facts.sparse(pair))
    holds = bool(rule.body(**values))
    return Verdict(
        rule=rule.key,
        holds=holds,
        locked=rule.locked,
        uncertain=holds and rule.uncertain is not None and bool(called(rule.uncertain, values)),
        waived=rule.key in pair_facts.waived.get(pair, frozenset()),
        unknown=not holds and rule.rests_on_blank(values),
        facts=facts_of(people, rulebook, rule, child, volunteer, values),
    )


def parts(people: People, rulebook: Rulebook, pair: tuple[int, int]) -> tuple[Part, ...]:
    """What each criterion gives one pair, eligible or not."""
    child, volunteer = people.children[pair[0]], people.volunteers[pair[1]]
    found = []
    for criterion, cap in zip(rulebook.criteria, rulebook.caps, strict=True):
        values = plain_values(people, rulebook, criterion, child, volunteer)
        found.append(
            Part(
                criterion=criterion.key,
                points=int(criterion.body(**values) * float(cap) + 0.5),
                cap=cap,
                unknown=criterion.rests_on_blank(values),
                facts=facts_of(people, rulebook, criterion, child, volunteer, values),
            )
        )
    return tuple(found)


def approximate(child: Child, volunteer: Volunteer) -> bool:
    """Whether travel is estimated from a postcode's centre on either side."""
    return any(person.latitude is None or person.longitude is None for person in (child, volunteer))


def why_pair(people: People, rulebook: Rulebook, pair_facts: PairFacts, pair: tuple[int, int]) -> PairReasons:
    """Everything known about one pair."""
    child, volunteer = people.children[pair[0]], people.volunteers[pair[1]]
    verdicts = tuple(verdict(people, rulebook, pair_facts, rule, pair) for rule in rulebook.eligibility)
    scored = parts(people, rulebook, pair)
    forbidden = pair in pair_facts.forbidden
    return PairReasons(
        child_id=child.child_id,
        volunteer_id=volunteer.volunteer_id,
        eligible=not forbidden and all(v.holds or v.waived for v in verdicts),
        forbidden=forbidden,
        points=sum(part.points for part in scored),
        parts=scored,
        verdicts=verdicts,
        minutes=stated_minutes(people, child, volunteer),
        approximate=approximate(child, volunteer),
    )


def answers(people: People, rulebook: Rulebook, pair_facts: PairFacts, child: int) -> BoolArray:
    """Whether each rule holds, or is waived, for one child and every volunteer; shape (rules, volunteers)."""
    everyone: IndexArray = np.arange(len(people.volunteers))
    here: IndexArray = np.full(len(everyone), child)
    sparse = pair_facts.sparse_columns(child, len(everyone))
    table = np.ones((len(rulebook.eligibility), len(everyone)), dtype=np.bool_)
    for k, rule in enumerate(rulebook.eligibility):
        table[k] = ask(people, rulebook, rule, here, everyone, sparse)
        waived = [j for (i, j), rules in pair_facts.waived.items() if i == child and rule.key in rules]
        table[k, waived] = True
    return table


def why_child(people: People, rulebook: Rulebook, pair_facts: PairFacts, child: int) -> ChildReasons:
    """What keeps each volunteer from one child, whom one rule alone keeps out, and the nearest relaxations."""
    table = answers(people, rulebook, pair_facts, child)
    ids = [v.volunteer_id for v in people.volunteers]
    forbidden = {j for i, j in pair_facts.forbidden if i == child}
    failed = (~table).sum(axis=0)
    obstacles = tuple(
        Obstacle(
            rule=rule.key,
            locked=rule.locked,
            keeps_out=int((~table[k]).sum()),
            alone=tuple(ids[j] for j in np.flatnonzero(~table[k] & (failed == 1))),
        )
        for k, rule in enumerate(rulebook.eligibility)
        if not table[k].all()
    )
    own_rules = [rule for rule in rulebook.eligibility if rule.sides == "child"]
    own = tuple(verdict(people, rulebook, pair_facts, rule, (child, NOBODY)) for rule in own_rules)
    return ChildReasons(
        child_id=people.children[child].child_id,
        eligible=tuple(ids[j] for j in np.flatnonzero(failed == 0) if j not in forbidden),
        volunteers=len(ids),
        own=tuple(v for v in own if not v.holds),
        obstacles=tuple(sorted(obstacles, key=lambda o: (-o.keeps_out, o.rule))),
        relaxations=relaxations(people, rulebook, pair_facts, child, table),
    )
