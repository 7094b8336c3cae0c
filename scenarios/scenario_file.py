"""SCENARIOS.toml: scenarios from the text of a file, or everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher.case import words
from matcher.case.cpr import has_cpr
from matcher.errors import CaseError, UsageError
from matcher.findings import Finding, Severity
from scenarios.change import Change, made
from scenarios.fields import as_field, refused
from scenarios.scenario import Place, Scenario, between

if TYPE_CHECKING:
    from scenarios.world import World

_HEADING = re.compile(r"\s*\[\[\s*[\"']?scenario[\"']?\s*\]\]")
_LINE = re.compile(r"at line ([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partly:
    """What of a scenario with faults can be read: its changes with their numbers in the file; ``faults``: the rest."""

    scenario: Scenario
    numbers: tuple[int, ...]
    place: Place
    faults: tuple[Finding, ...]

    def beside(self, start: World) -> tuple[Finding, ...]:
        """What of its changes does not fit this world."""
        return self.scenario.tried(start, self.place, self.numbers)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFile:
    """The scenarios of a file in their order, where each stands, and everything that is wrong with the file.

    A scenario with a fault of its own is not among the scenarios but is ``partly`` read; its faults are among all.
    """

    scenarios: tuple[Scenario, ...]
    places: Mapping[str, Place]
    partly: tuple[Partly, ...] = ()
    faults: tuple[Finding, ...] = ()

    def refuse_beside(self, start: World) -> None:
        """Where the file has faults: raise ``CaseError`` with these and with what of the rest does not fit this world."""
        if self.faults:
            beside = [finding for one in self.scenarios for finding in one.tried(start, self.places[one.name])[1]]
            beside += [finding for one in self.partly for finding in one.beside(start)]
            raise CaseError([*self.faults, *beside])


def read_scenarios(content: bytes, file: str) -> ScenarioFile:
    """Read a file; ``file`` is what it is called.

    Raises
    ------
    CaseError
        Every fault of the file: what cannot be read, unknown names (with the nearest that is known), impossible values.
    """
    found = looked_through(content, file)
    if found.faults:
        raise CaseError(found.faults)
    return found


def looked_through(content: bytes, file: str) -> ScenarioFile:
    """Read a file, and gather its faults; raises ``CaseError`` where it is no text or no TOML."""
    text = _text(content, file)
    try:
        tables = tomllib.loads(text)
    except ValueError as error:  # also of numbers with thousands of digits, which Python does not read
        line = _LINE.search(str(error))
        raise CaseError([_of_file(file, refused("not_toml"), int(line[1]) if line else None)]) from None
    except RecursionError:
        raise CaseError([_of_file(file, refused("not_toml"))]) from None
    listed = [one for one in _listed(tables) if isinstance(one, dict)]
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _HEADING.match(line)]
    where = [
        Place(file=file, scenario=_called(table, at + 1), line=lines[at] if len(lines) == len(listed) else None)
        for at, table in enumerate(listed)
    ]
    read = [_scenario(table, place) for table, place in zip(listed, where, strict=True)]
    faults = [_of_file(file, error) for error in _top(tables)]
    partly = tuple(one for one in read if isinstance(one, Partly))
    faults += [finding for one in partly for finding in one.faults]
    faults += [where[at].fault(error) for at, error in between([_beside(t, p) for t, p in zip(listed, where, strict=True)])]
    good = [(one, place) for one, place in zip(read, where, strict=True) if isinstance(one, Scenario)]
    return ScenarioFile(
        scenarios=tuple(one for one, _ in good),
        places={one.name: place for one, place in good},
        partly=partly,
        faults=tuple(faults),
    )


def _listed(tables: Mapping[str, Any]) -> list[Any]:
    found = tables.get("scenario")
    return found if isinstance(found, list) else []


def _beside(table: Mapping[str, Any], place: Place) -> tuple[str, str]:
    """The scenario's name and that of its baseline, as far as they are texts."""
    name, baseline = table.get("name"), table.get("baseline", "")
    said = words.plain(name) if isinstance(name, str) and name.strip() else place.scenario
    return said, words.plain(baseline) if isinstance(baseline, str) else ""


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError([_of_file(file, refused("not_text"))]) from None


def _of_file(file: str, error: UsageError, line: int | None = None) -> Finding:
    facts = dict(error.facts)
    field = facts.pop("field", "")
    code = f"{error.code}_near" if "nearest" in facts else error.code
    return Finding(severity=Severity.FAULT, code=code, file=file, row=line, column=field, facts=facts)


def _top(tables: Mapping[str, Any]) -> Iterator[UsageError]:
    """What is wrong with the file's own keys."""
    for key in tables:
        if key != "scenario":
            near = words.nearest(key, ["scenario"])
            yield refused("heading_unknown", near)
    listed = tables.get("scenario")
    if listed is None:
        yield refused("no_scenario")
    elif not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        yield refused("scenario_list")


def _called(table: Mapping[str, Any], number: int) -> str:
    """The scenario's name, or its number where it has none that may be shown."""
    name = table.get("name")
    shown = isinstance(name, str) and name.strip() and name.isprintable() and not has_cpr(name)
    return words.plain(str(name))[:60] if shown else f"scenario {number}"


def _scenario(table: Mapping[str, Any], place: Place) -> Scenario | Partly:
    """The scenario of a table; where it has faults, what of it can be read."""
    wrong = list(_fields(table))
    faults = [place.fault(error) for error in wrong]
    changes: dict[int, Change] = {}
    listed = table.get("change", [])
    for number, one in enumerate(listed if isinstance(listed, list) else [], start=1):
        change = made(one) if isinstance(one, dict) else (refused("change_list", field=""),)
        if isinstance(change, Change):
            changes[number] = change
        else:
            faults += [place.fault(error, number) for error in change]
    if not faults:
        return Scenario(**{**table, "change": tuple(changes.values())})
    over_time = any(change.only_in for change in changes.values())
    usual = {"name": place.scenario, "mode": "stream" if over_time else "today"}
    bad = {error.facts.get("field") for error in wrong}
    known = {key: table[key] for key in ("mode", "seed") if key in table and key not in bad}
    readable = Scenario(**{**usual, **known, "change": tuple(changes.values())})
    return Partly(scenario=readable, numbers=tuple(changes), place=place, faults=tuple(faults))


def _fields(table: Mapping[str, Any]) -> Iterator[UsageError]:
    """What is wrong with the scenario's own fields, and personal numbers anywhere in it."""
    if any(has_cpr(text) for text in _texts(table)):
        yield refused("cpr")
    items = {item.name: item for item in dataclasses.fields(Scenario)}
    for key, value in table.items():
        if key not in items:
            yield refused("field_unknown", words.nearest(key, items), expected=", ".join(items), field=as_field(key))
        elif key == "change" and not isinstance(value, list):
            yield refused("change_list", field="change")
        elif key != "change":
            try:
                items[key].metadata["read"](value)
            except UsageError as error:
                yield UsageError(error.code, **{**error.facts, "field": key})
    if "name" not in table:
        yield refused("field_missing", field="name")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str | int):
        yield str(value)
