"""A scenario: a name, a mode, and changes one after another; and how SCENARIOS.toml says it, with all its faults at once."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.case import words
from matcher.errors import CaseError, RuleError, UsageError
from matcher.findings import Finding, Severity
from matcher.settings import SettingError
from scenarios.change import Change
from scenarios.fields import Plain, Whole, given, refused, text
from scenarios.world import started

if TYPE_CHECKING:
    from scenarios.world import World

MODES = ("today", "stream")
MOST_REPLICATIONS = 200
LARGEST_SEED = 10**14


def _changes(value: object) -> tuple[Change, ...]:
    """Read changes that are made already."""
    found = tuple(value) if isinstance(value, list | tuple) else ()
    if not all(isinstance(one, Change) for one in found) or not isinstance(value, list | tuple):
        raise refused("change_list")
    return found


def _text_or_blank(value: object) -> str:
    """Read a text; a blank one says nothing."""
    return "" if value == "" else text(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is asked: how things go if these changes are made.

    Attributes
    ----------
    mode : ``today`` (the plan made anew) or ``stream`` (over time).
    baseline : the scenario to compare with, by name; blank: the case as it is.
    years, replications : of a stream; so many replications at most.
    seed : of every draw; None: that of the settings.
    note : what the scenario means, for whoever reads it.

    Raises
    ------
    UsageError
        A field cannot have its value; the fact ``field`` names it.
    """

    name: str = given(text)
    mode: str = given(Plain(MODES), "today")
    change: tuple[Change, ...] = given(_changes, ())
    baseline: str = given(_text_or_blank, "")
    years: int = given(Whole(1, 30), 3)
    replications: int = given(Whole(2, MOST_REPLICATIONS), MOST_REPLICATIONS)
    seed: int | None = given(Whole(0, LARGEST_SEED), None)
    note: str = given(_text_or_blank, "")

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if value is not item.default:
                try:
                    object.__setattr__(self, item.name, item.metadata["read"](value))
                except UsageError as error:
                    raise UsageError(error.code, **{**error.facts, "field": item.name}) from None

    def world(self, start: World) -> World:
        """The world after all changes.

        Rules are changed before people, so that whoever is added is vetted under them. Each change draws with a seed of its own,
        by its kind and how many of that kind came before, so that one change more leaves the draws of the others as they are.

        Raises
        ------
        CaseError
            What does not fit this world; every fault of the scenario.
        """
        world, faults = self.tried(start)
        if faults:
            raise CaseError(faults)
        return world

    def tried(
        self, start: World, where: Place | None = None, numbers: Sequence[int] | None = None
    ) -> tuple[World, tuple[Finding, ...]]:
        """The world after the changes that can be made, and the faults of the others.

        ``numbers``: what the changes are counted as, where some that could not be read have been left out.
        """
        place = where or Place(file="", scenario=self.name)
        seed = int(start.rulebook.number("seed")) if self.seed is None else self.seed
        world, before, faults = started(start) if self.change else start, Counter[str](), list[tuple[int, Finding]]()
        told = zip(numbers or range(1, len(self.change) + 1), self.change, strict=True)
        for number, change in sorted(told, key=lambda one: not one[1].of_rules):
            before[change.kind] += 1
            try:
                if change.only_in not in {"", self.mode}:
                    raise refused("only_in_stream", kind=change.kind)
                world = change.apply(world, _seed(seed, change.kind, before[change.kind]))
            except (UsageError, SettingError) as error:
                faults.append((number, place.fault(error, number)))
        return world, tuple(fault for _, fault in sorted(faults, key=lambda one: one[0]))


def _seed(seed: int, kind: str, number: int) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed} {kind} {number}".encode(), digest_size=6).digest(), "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file a scenario stands: its name, and the line that it begins on."""

    file: str
    scenario: str
    line: int | None = None

    def fault(self, error: UsageError | RuleError, change: int = 0) -> Finding:
        """What is wrong with one of its changes, or (0) with the scenario itself; no value is repeated."""
        facts = dict(error.facts) if isinstance(error, UsageError | SettingError) else {}
        code = error.code if isinstance(error, UsageError | SettingError) else "whatif.rule"
        if code == "setting_wrong_kind":  # each kind of value has its own sentence
            code = f"setting_not_{facts['kind']}"
        field = facts.pop("field", "value" if isinstance(error, SettingError) else "")
        parts = (self.scenario, f"change {change}" if change else "", field)
        return Finding(
            severity=Severity.FAULT,
            code=f"{code}_near" if "nearest" in facts else code,
            file=self.file,
            table=self.scenario,
            row=self.line,
            column=" › ".join(part for part in parts if part),
            facts=facts,
        )


def worlds_of(scenarios: Sequence[Scenario], start: World, places: Mapping[str, Place] | None = None) -> dict[str, World]:
    """The world of each scenario, by name.

    Raises
    ------
    CaseError
        Names that are twice, unknown baselines or rings of them, and whatever does not fit this world: every fault.
    """
    known = dict(places or {})
    where = [known.get(one.name, Place(file="", scenario=one.name)) for one in scenarios]
    faults = [where[at].fault(error) for at, error in between([(one.name, one.baseline) for one in scenarios])]
    worlds: dict[str, World] = {}
    for one, place in zip(scenarios, where, strict=True):
        worlds[one.name], wrong = one.tried(start, place)
        faults += wrong
    if faults:
        raise CaseError(faults)
    return worlds


def between(asked: Sequence[tuple[str, str]]) -> Iterator[tuple[int, UsageError]]:
    """What is wrong with scenarios beside each other, given the name and the baseline of each: which one, and the error."""
    names = Counter(words.folded(name) for name, _ in asked)
    baselines = dict(asked)
    for at, (name, baseline) in enumerate(asked):
        if names[words.folded(name)] > 1:
            yield at, refused("name_twice", field="name")
        if baseline and baseline not in baselines:
            yield at, refused("baseline_unknown", words.nearest(baseline, baselines), field="baseline")
        elif _in_a_ring(name, baselines):
            yield at, refused("baseline_ring", field="baseline")


def _in_a_ring(name: str, baselines: Mapping[str, str]) -> bool:
    seen, at = {name}, baselines[name]
    while at and at in baselines and at not in seen:
        seen.add(at)
        at = baselines[at]
    return at == name
