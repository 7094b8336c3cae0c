"""What the engine says of a pair, as sentences: rules, reasons, warnings, what a choice costs and whom it moves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.words import counted, fill, knows, listed, number_in_words, put, say, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.results import Part, Proposal, Step, Verdict
    from matcher.rules import Criterion, Function, Rulebook

YES_OR_NO = ("child_smoke_free", "volunteer_smoker")
STRONG_PARTS = 4
WEAK_PARTS = 2
STRONG_SHARE = 0.5
WEAK_SHARE = 0.25
MOST_STEPS = 3
WEIGHTY = 5_000
"""A part is named only where at least five points were at stake."""


def name_of(language: str, function: Function) -> str:
    """The name of a rule or criterion; its key where it has no other."""
    return function.title.get(language, function.key)


def rule_name(language: str, rulebook: Rulebook, key: str) -> str:
    """The name of a rule by its key."""
    return name_of(language, rulebook.rule(key))


def rule_names(language: str, rulebook: Rulebook, keys: Sequence[str]) -> str:
    """Several rules by name, as a list in words. ``forbidden`` is no rule but a matcher's own decision."""
    names = [say(language, "forbidden") if key == "forbidden" else rule_name(language, rulebook, key) for key in keys]
    return listed(language, [f"»{name}«" for name in names])


def verdict_sentence(language: str, rulebook: Rulebook, verdict: Verdict) -> str:
    """What one rule says of a pair: why it fails, what is unknown, or the values with which it holds."""
    rule = rulebook.rule(verdict.rule)
    if verdict.uncertain:
        return fill(language, rule.warning[language], verdict.facts)
    if verdict.holds:
        return values_in_words(language, rule, verdict)
    template = rule.unknown[language] if verdict.unknown and rule.unknown else rule.reason[language]
    return fill(language, template, verdict.facts)


def values_in_words(language: str, rule: Function, verdict: Verdict) -> str:
    """The facts that a rule saw and holds with, those that are stated, by their names."""
    stated = ((need, verdict.facts.get(need)) for need in rule.needs if knows(f"fact.{need}"))
    return "; ".join(
        f"{say(language, f'fact.{need}')}: {put(language, bool(fact) if need in YES_OR_NO else fact)}"
        for need, fact in stated
        if fact is not None and fact != () and not (isinstance(fact, float) and not math.isfinite(fact))
    )


def part_sentence(language: str, criterion: Criterion, part: Part, *, approximate: bool = False) -> str:
    """What one criterion saw; minutes are whole, "ca." where a place is only a postcode's."""
    facts = dict(part.facts)
    if isinstance(facts.get("minutes"), float):
        whole = put(language, round(facts["minutes"]))
        facts["minutes"] = say(language, "about", what=whole) if approximate else whole
    template = criterion.unknown if part.unknown and criterion.unknown else criterion.reason
    return fill(language, template[language], facts)


def reasons(language: str, rulebook: Rulebook, parts: Sequence[Part], *, approximate: bool) -> str:
    """What speaks for a pair, strongest first, and what pulls down.

    Named are, of the parts that can give five points or more, the four largest that give at least half (and not because
    something is blank), and the two weightiest that give less than a quarter.
    """
    criteria = {criterion.key: criterion for criterion in rulebook.criteria}
    said = []
    for key, group in (("reasons.for", _strong(parts)), ("reasons.against", _weak(parts))):
        each = (part_sentence(language, criteria[part.criterion], part, approximate=approximate) for part in group)
        what = "; ".join(_without_empty(language, sentence, keep_first=key == "reasons.against") for sentence in each)
        if what:
            said.append(capital(say(language, key, what=what)))
    return " ".join(said)


def _without_empty(language: str, sentence: str, *, keep_first: bool) -> str:
    """Leave out what says that there is none of something, such as "modsat: ingen"; of a weakness the first is kept."""
    first, *more = sentence.split("; ")
    ending = f": {say(language, 'none')}"
    kept = [piece for piece in more if not piece.endswith(ending)]
    return "; ".join([first, *kept] if keep_first or not kept or not first.endswith(ending) else kept)


def _strong(parts: Sequence[Part]) -> list[Part]:
    good = (p for p in parts if p.cap >= WEIGHTY and p.points >= STRONG_SHARE * p.cap)
    known = (p for p in good if not (p.unknown and p.points <= STRONG_SHARE * p.cap + 1))  # one half is what a blank earns
    return sorted(known, key=lambda part: -part.points)[:STRONG_PARTS]


def _weak(parts: Sequence[Part]) -> list[Part]:
    bad = (p for p in parts if p.cap >= WEIGHTY and p.points < WEAK_SHARE * p.cap)
    return sorted(bad, key=lambda part: -part.cap)[:WEAK_PARTS]


def capital(sentence: str) -> str:
    """The sentence with a large first letter."""
    return sentence[:1].upper() + sentence[1:]


def warnings(language: str, rulebook: Rulebook, proposal: Proposal) -> str:
    """What a proposal rests on without knowing it."""
    return " ".join(verdict_sentence(language, rulebook, verdict) for verdict in proposal.warnings)


def minutes(language: str, number: float | None, *, approximate: bool) -> str:
    """Whole minutes; said to be about that where a place is only a postcode's."""
    if number is None:
        return say(language, "unknown")
    whole = counted(language, "minutes", round(number))
    return say(language, "about", what=whole) if approximate else whole


def limit_name(language: str, kind: str, key: str) -> str:
    """A limit of the case by name: "Kvoten for Ballerup Kommune"."""
    if kind == "matcher":
        return say(language, "limit.matcher", name=key)
    dimension, _, value = key.partition("=")
    coded = dimension in ("programme", "gender", "initiative")
    return say(language, f"limit.quota.{dimension}", name=word(language, value) if coded else value)


def group_name(language: str, dimension: str, value: str) -> str:
    """A group of children by name: "drenge", "Ballerup Kommune"."""
    own = f"group.{dimension}.{value}"
    return say(language, own) if knows(own) else say(language, f"group.{dimension}", name=word(language, value))


def plan_cost(language: str, proposal: Proposal) -> str:
    """What choosing a proposal costs the plan for all children; where that is only a bound, it says so."""
    cost = _cost(language, proposal)
    return cost if proposal.exact else say(language, "cost.at_least", cost=cost)


def _cost(language: str, proposal: Proposal) -> str:
    if proposal.plan_cost is None or proposal.matches_lost is None:
        return say(language, "cost.impossible")
    points = abs(proposal.plan_cost) / 1000
    if proposal.matches_lost:
        key = "cost.match_and_points" if proposal.plan_cost > 0 else "cost.match_for_points" if points else "cost.match"
        return say(language, key, matches=counted(language, "matches", proposal.matches_lost), points=_points(language, points))
    return say(language, "cost.points", points=_points(language, points)) if points else say(language, "cost.nothing")


def _points(language: str, points: float) -> str:
    """Points as a person reads a cost: one decimal, but never a nought where there is a cost."""
    return number_in_words(language, round(points, 1) or points)


def _step(language: str, step: Step) -> str:
    key = "step.moves" if step.was and step.becomes else "step.loses" if step.was else "step.gets"
    return say(language, key, child=step.child_id, was=step.was, becomes=step.becomes)


def chosen_and_displaced(language: str, proposal: Proposal) -> str:
    """The consequence of a choice for others: "Vælges V0012, mister B0007 ..."; nothing where nobody else is touched."""
    steps = [_step(language, step) for step in others(proposal)]
    if not steps:
        return ""
    more = [say(language, "step.more", number=len(steps) - MOST_STEPS)] if len(steps) > MOST_STEPS else []
    return say(language, "step.if_chosen", volunteer=proposal.volunteer_id, what="; ".join([*steps[:MOST_STEPS], *more]))


def others(proposal: Proposal) -> list[Step]:
    """The steps of everybody but the child whom the proposal is for."""
    return [step for step in proposal.displaced if step.child_id != proposal.child_id]


def step_codes(proposal: Proposal) -> str:
    """The same for programs: ``child:was>becomes`` joined by ``;``, nobody is blank."""
    return ";".join(f"{step.child_id}:{step.was}>{step.becomes}" for step in others(proposal))


def some_ids(language: str, ids: Sequence[str], most: int = 5) -> str:
    """A few ids, and how many more."""
    shown = ", ".join(ids[:most])
    return shown if len(ids) <= most else say(language, "and_more", shown=shown, number=len(ids) - most)
