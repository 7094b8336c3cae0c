"""What stands in the way of a child, and what would help, as sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from workbench.sentences import capital, limit_name, rule_name, rule_names, some_ids, verdict_sentence
from workbench.words import counted, knows, listed, number_in_words, put, say, sentences, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matcher.results import ChildReasons, Reason, Relaxation, Unmatched
    from matcher.rules import Rulebook

MOST_OBSTACLES = 4


def relaxation(language: str, rulebook: Rulebook, change: Relaxation) -> str:
    """What would help: "Familiens grænse for rejsen 45 → 52 minutter: 2 frivillige"."""
    what = say(
        language,
        _sentence(change),
        rule=rule_name(language, rulebook, change.rule),
        before=_value(language, change.before),
        after=_value(language, change.after),
        volunteers=counted(language, "volunteers", len(change.gained)),
        ids=some_ids(language, change.gained),
    )
    return capital(what)


def _sentence(change: Relaxation) -> str:
    """The key of a change's sentence: its column's own, or the common one."""
    own = f"relax.{change.column.replace(';', '+')}.{change.how}"
    return own if knows(own) else f"relax.any.{change.how}"


def _says_before(change: Relaxation) -> bool:
    """Whether the sentence names the value from before; where it does not, two changes that differ only in it read alike."""
    return any("{before}" in text for text in sentences()[_sentence(change)].values())


def together(changes: Sequence[Relaxation]) -> list[Relaxation]:
    """The same change of several volunteers as one, at the place of the first; the same is what reads the same."""
    found: dict[tuple[str, ...], Relaxation] = {}
    for change in changes:
        whom = () if "volunteer_" in change.column else change.gained
        before = change.before if _says_before(change) else ""
        key = (change.rule, change.column, change.how, before, change.after, change.consent, *whom)
        earlier = found.get(key)
        found[key] = replace(earlier, gained=(*earlier.gained, *change.gained)) if earlier else change
    return list(found.values())


def consent(language: str, change: Relaxation) -> str:
    """Who must agree to a change."""
    several = change.consent == "volunteer" and len(change.gained) > 1
    return say(language, "consent.each" if several else f"consent.{change.consent}")


def _value(language: str, text: str) -> str:
    """A relaxation's value, kept as text: a number (of each side, where both move), an ISO date, or any of some words."""
    if not text:
        return say(language, "not_stated")
    items = text.split(";")
    joined = [_one_value(language, item) for item in items]
    return "/".join(joined) if items[0][0].isdigit() else listed(language, joined, joined_by="or")


def _one_value(language: str, item: str) -> str:
    try:
        return number_in_words(language, float(item))
    except ValueError:
        pass
    try:
        return put(language, date.fromisoformat(item))
    except ValueError:
        return word(language, item)


def unmatched(language: str, rulebook: Rulebook, child: Unmatched) -> str:
    """Why a child gets no match in the best plan."""
    facts = dict(child.facts)
    if "rules" in facts:
        facts["rules"] = rule_names(language, rulebook, facts["rules"])
    if "eligible" in facts:
        facts["eligible"] = counted(language, "volunteers", facts["eligible"])
    if "quota" in facts:
        facts["limit"] = limit_name(language, "quota", facts["quota"])
    return say(language, f"unmatched.{child.code}", **facts)


def held_back(language: str, numbers: Mapping[Reason, int]) -> str:
    """Why children get no match, how many each: "30 børn uden match: 8 har ingen mulige frivillige; …"; nothing where all do."""
    reasons = [say(language, f"unmatched_short.{code}", number=number) for code, number in sorted(numbers.items()) if number]
    whom = counted(language, "children", sum(numbers.values()))
    return say(language, "assign.unmatched", children=whom, reasons="; ".join(reasons)) if reasons else ""


def obstacle(language: str, rulebook: Rulebook, child: ChildReasons) -> str:
    """What stands in the way of a child, most in the way first: "Rejsetid udelukker 41, heraf 3 alene af den grund"."""
    if child.own:
        return " ".join(verdict_sentence(language, rulebook, verdict) for verdict in child.own)
    said = [
        say(
            language,
            "obstacle.alone" if item.alone else "obstacle.among_others",
            rule=rule_name(language, rulebook, item.rule),
            keeps_out=item.keeps_out,
            alone=len(item.alone),
        )
        for item in child.obstacles[:MOST_OBSTACLES]
    ]
    return "; ".join(said)


def when_met(language: str, child: ChildReasons) -> str:
    """Whom a child could get, were its own unmet rule met; nothing where it meets its own rules."""
    if not child.own:
        return ""
    rule = child.own[0].rule
    own = f"own.{rule}"
    alone = next((item.alone for item in child.obstacles if len(child.own) == 1 and item.rule == rule), ())
    if not alone:
        return say(language, "own.nobody_yet")
    volunteers = counted(language, "volunteers", len(alone))
    return say(language, own if knows(own) else "own.any", volunteers=volunteers, ids=some_ids(language, alone))
