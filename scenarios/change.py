"""What every change is: a frozen record whose ``apply`` makes another world of one. Its kinds lie in ``scenarios/changes``."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from matcher.case import words
from matcher.errors import RuleError, UsageError
from scenarios.fields import as_field, refused

if TYPE_CHECKING:
    from matcher.records import Child, Volunteer
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """One thing that could be otherwise.

    Raises
    ------
    UsageError
        A field cannot have its value; the fact ``field`` names it.
    """

    only_in: ClassVar[str] = ""
    """The mode in which alone it changes anything; blank: both."""
    of_rules: ClassVar[bool] = False
    """Whether it changes the rules that new people are vetted under: then it is made before all others."""

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if value is not item.default:
                object.__setattr__(self, item.name, _read(item, value))
        self.consistent()

    @property
    def kind(self) -> str:
        """Its name in a file: that of the module."""
        return type(self).__module__.rpartition(".")[2]

    def consistent(self) -> None:
        """Raise ``UsageError`` where the fields do not go together."""
        return

    @abstractmethod
    def apply(self, world: World, seed: int) -> World:
        """Make the changed world; whoever is drawn is drawn with the seed, whatever the order of rows.

        Raises
        ------
        UsageError
            It names somebody or something that the world does not have, or too few fit.
        RuleError
            A setting cannot have the value; a locked rule would be loosened.
        """

    def of_new_children(self, world: World, rows: tuple[Child, ...], seed: int) -> tuple[Child, ...]:  # noqa: ARG002
        """What becomes of children who come later (``World.later``): nothing, unless the kind says so."""
        return rows

    def of_new_volunteers(self, world: World, rows: tuple[Volunteer, ...], seed: int) -> tuple[Volunteer, ...]:  # noqa: ARG002
        """What becomes of volunteers who come later."""
        return rows


def _read(item: dataclasses.Field[Any], value: object) -> object:
    try:
        return item.metadata["read"](value)
    except UsageError as error:
        raise UsageError(error.code, **{**error.facts, "field": item.name}) from None


@cache
def kinds() -> Mapping[str, type[Change]]:
    """Every kind of change by its name: a file in ``scenarios/changes`` is in. Raises ``RuleError`` for one that holds none."""
    package = importlib.import_module("scenarios.changes")
    return MappingProxyType(
        {module.name: _kind(package.__name__, module.name) for module in pkgutil.iter_modules(package.__path__)}
    )


def _kind(package: str, name: str) -> type[Change]:
    kind = getattr(importlib.import_module(f"{package}.{name}"), name.title().replace("_", ""), None)
    if not (isinstance(kind, type) and issubclass(kind, Change)):
        raise RuleError(f"scenarios/changes/{name}.py: it must define {name.title().replace('_', '')} as its change")
    for item in dataclasses.fields(kind):
        if "read" not in item.metadata:
            raise RuleError(f"scenarios/changes/{name}.py: nothing says how {item.name} is read")
    return kind


def made(table: Mapping[str, Any]) -> Change | tuple[UsageError, ...]:
    """The change that a table of a file says, or everything that is wrong with it."""
    if "kind" not in table:
        return (refused("field_missing", field="kind"),)
    known = kinds()
    name = table["kind"].strip() if isinstance(table["kind"], str) else ""
    if name not in known:
        return (refused("kind_unknown", words.nearest(name, known), expected=", ".join(known), field="kind"),)
    wrong = tuple(_faults(known[name], {key: value for key, value in table.items() if key != "kind"}))
    if wrong:
        return wrong
    try:
        return known[name](**{key: value for key, value in table.items() if key != "kind"})
    except UsageError as error:
        return (error,)


def _faults(kind: type[Change], table: Mapping[str, Any]) -> Iterator[UsageError]:
    items = {item.name: item for item in dataclasses.fields(kind)}
    for key, value in table.items():
        if key not in items:
            yield refused("field_unknown", words.nearest(key, items), expected=", ".join(("kind", *items)), field=as_field(key))
            continue
        try:
            _read(items[key], value)
        except UsageError as error:
            yield error
    for name, item in items.items():
        if item.default is dataclasses.MISSING and name not in table:
            yield refused("field_missing", field=name)
