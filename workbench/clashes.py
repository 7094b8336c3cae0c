"""A clash of demands in words, and the ways out of it, for a person and as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from matcher.errors import InfeasibleError
from workbench.sentences import capital, limit_name
from workbench.words import counted, listed, put, say, word

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from matcher.errors import WayOut
    from workbench.tables import Value

    Said = tuple[str, dict[str, str]]

MOST_WAYS = 6
"""So many ways out are shown to a person; the others are in the data."""
MOST_STILL = 4

WITH_COMMAND = frozenset({"lock_not_eligible"})
"""Demands whose sentence ends with a command that names the pair."""
UNNAMED = {"child": "clash.a_child", "volunteer": "clash.a_volunteer"}
COUNTED = {"places": "free_places", "one_match": "volunteers"}


def naming(language: str, error: InfeasibleError, named: Container[str]) -> InfeasibleError:
    """The same clash with the other children and volunteers as "a child" and "a volunteer": for readers who are no matchers."""
    ways = (
        replace(way, changes=_naming(language, way.changes, named), still=_naming(language, way.still, named))
        for way in error.ways_out
    )
    return InfeasibleError(_naming(language, error.clashing, named), tuple(ways))


def _naming(language: str, demands: Sequence[Said], named: Container[str]) -> tuple[Said, ...]:
    found = []
    for code, facts in demands:
        hidden = {key: say(language, UNNAMED[key]) for key in UNNAMED if key in facts and facts[key] not in named}
        said = {key: value for key, value in facts.items() if not (hidden and key == "by")}
        found.append((f"{code}_unnamed" if hidden and code in WITH_COMMAND else code, {**said, **hidden}))
    return tuple(found)


def in_words(error: InfeasibleError, language: str) -> str:
    """What cannot hold together, a line a demand, and what would help, a line a way."""
    head = say(language, "clash.cannot" if error.ways_out else "infeasible")
    lines = [head, *(f"  {_begun(language, demand(language, code, facts))}" for code, facts in error.clashing)]
    whole = [way for way in error.ways_out if not way.still]
    part = [way for way in error.ways_out if way.still]
    if whole:
        lines += [say(language, "clash.ways_out"), *_listed(language, whole)]
    elif part:
        lines += [say(language, "clash.no_way"), *_listed(language, part)]
    return "\n".join(lines)


def _begun(language: str, sentence: str) -> str:
    """A sentence that begins with somebody unnamed with its large first letter; an id stays as it is."""
    return capital(sentence) if sentence.startswith(tuple(say(language, key) for key in UNNAMED.values())) else sentence


def as_data(error: InfeasibleError, language: str) -> dict[str, Value]:
    """The clash and the ways out by code and facts, each with its sentence."""
    return {
        "clashing": _with_messages(language, error.clashing),
        "ways_out": [
            {
                "changes": [{"code": code, **facts, "message": change(language, code, facts)} for code, facts in way.changes],
                "everything_possible": not way.still,
                "still_clashing": _with_messages(language, way.still),
                "message": way_out(language, way),
            }
            for way in error.ways_out
        ],
    }


def demand(language: str, code: str, facts: Mapping[str, str]) -> str:
    """One demand that cannot hold. Rules are named by their keys, as ``decisions`` and ``matcher why`` name them."""
    said = dict(facts)
    if "rules" in said:
        said["rules"] = listed(language, said["rules"].split(";"))
    if "kind" in said:
        said["limit"] = limit_name(language, said["kind"], said["key"])
    if "slot" in said:
        said["slot"] = word(language, said["slot"])
    if "date" in said:
        said["date"] = put(language, date.fromisoformat(said["date"]))
    for name in ("number", "possible"):
        if name in said:
            said[name] = counted(language, COUNTED.get(code, "matches"), int(said[name]))
    return say(language, f"clash.{code}_by" if "by" in said else f"clash.{code}", **said)


def change(language: str, code: str, facts: Mapping[str, str]) -> str:
    """What would be changed, to follow on "by" or another change."""
    said = dict(facts)
    if "kind" in said:
        said["limit"] = _inside(limit_name(language, said["kind"], said["key"]), facts)
    if code == "places":
        said["more"] = counted(language, "more_places", int(facts["becomes"]) - int(facts["was"]))
    gone = code == "quota_least" and facts["becomes"] == "0"
    return say(language, "clash.change.quota_gone" if gone else f"clash.change.{code}", **said)


def way_out(language: str, way: WayOut) -> str:
    """All changes of a way out, and what still clashes after them."""
    what = listed(language, [change(language, code, facts) for code, facts in way.changes])
    if not way.still:
        return what
    still = [_inside(demand(language, code, facts), facts).rstrip(".") for code, facts in way.still[:MOST_STILL]]
    more = [say(language, "clash.more_demands", number=len(way.still) - MOST_STILL)] if len(way.still) > MOST_STILL else []
    return say(language, "clash.but_still", what=what, still="; ".join([*still, *more]))


def _listed(language: str, ways: Sequence[WayOut]) -> list[str]:
    said = list(dict.fromkeys(way_out(language, way) for way in ways))  # of unnamed people, several may read alike
    more = [say(language, "clash.more_ways", number=len(said) - MOST_WAYS)] if len(said) > MOST_WAYS else []
    return [f"  {line}" for line in [*said[:MOST_WAYS], *more]]


def _with_messages(language: str, demands: Sequence[Said]) -> list[Value]:
    return [{"code": code, **facts, "message": demand(language, code, facts)} for code, facts in demands]


def _inside(sentence: str, facts: Mapping[str, str]) -> str:
    """A limit's name, or a sentence that begins with one, within another: without its large first letter. Ids keep theirs."""
    return sentence[:1].lower() + sentence[1:] if "kind" in facts else sentence
