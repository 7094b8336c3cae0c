"""What a rule of the calendar must be so that the engine can use it; no rule is here, only the contracts.

A rule is one pure function in one file under ``constraints/calendar``. Its name is its key, its docstring its page, its
parameters are its needs (``matcher.calendar.facts`` has them), and a parameter with a default is a setting,
``calendar.<key>.<parameter>``; ``min_<what>`` is never above the same rule's ``max_<what>``. There are two kinds:

- an ``open`` rule says whether a day, somebody at a time, or somebody with something, is possible at all;
- a ``count`` rule says how many of somebody's attendances or meetings there are, at least and at most, in every span.

A rule is asked only about those named in ``OPEN_ASKED`` and ``COUNT_ASKED``; ``complaints`` refuses any other.

From either come the model's rows, the check of a finished plan without a solver, the name in a clash or beside an unmet
obligation, and the sentence for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

from matcher.calendar.settings import GENERAL, DayRules, setting_of
from matcher.errors import RuleError
from matcher.functions import Body, Example, Texts, Written
from matcher.records import SettingValue
from matcher.settings import Setting, SettingError

Who = Literal["volunteer", "matcher", "venue", "meeting", "group"]
Span = Literal["slot", "date", "days", "month", "year", "meeting", "always"]
SUBJECTS = ("volunteer", "matcher", "venue", "meeting")
ANYBODY = frozenset({"day", "slot", "planning_day", "closures", "minutes"})
LANGUAGES = ("da", "en")
_A_TIME = frozenset({"day", "slot", "planning_day", "closures"})
_SPANS: frozenset[Span] = frozenset({"slot", "date", "days", "month", "year"})
OPEN_ASKED: Mapping[frozenset[str], frozenset[str]] = MappingProxyType(
    {
        frozenset(): frozenset({"day", "planning_day", "closures"}),
        frozenset({"volunteer"}): frozenset({"volunteer"}) | _A_TIME,
        frozenset({"matcher"}): frozenset({"matcher"}) | _A_TIME,
        frozenset({"venue"}): frozenset({"venue"}) | _A_TIME,
        frozenset({"matcher", "meeting"}): frozenset({"matcher", "meeting"}),
        frozenset({"volunteer", "meeting"}): frozenset({"volunteer", "meeting"}),
        frozenset({"volunteer", "venue"}): frozenset({"minutes"}),
    }
)
"""Whom an open rule may ask about, and which facts each question carries: subjects whose own facts it has, and single facts.

The year is arrays of just these answers (``year.py``), and a plan is checked by just these questions (``verify.py``). A rule
on anybody else together would be asked by neither, and so be ignored without a word.
"""
COUNT_ASKED: Mapping[Who, tuple[frozenset[str], frozenset[Span], frozenset[Span]]] = MappingProxyType(
    {
        "volunteer": (frozenset({"volunteer"}), _SPANS, frozenset({"year"})),
        "matcher": (frozenset({"matcher"}), _SPANS, frozenset()),
        "venue": (frozenset({"venue"}), _SPANS, frozenset()),
        "meeting": (frozenset({"venue"}), frozenset({"meeting"}), frozenset({"meeting"})),
        "group": (frozenset(), frozenset({"always"}), frozenset()),
    }
)
"""Whose number a count rule may limit: whose facts it is told, in which spans, and in which of them it may ask for a least.

A least is a wish of level 1 for a volunteer's year, and the size below which a meeting is not held; nothing else is made of it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many are possible in a span: at least and at most (None: any number); ``days`` is the span's length, if it is days."""

    least: int = 0
    most: int | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Worked example of a count rule."""

    values: Mapping[str, Any]
    expected: Count

    def __str__(self) -> str:
        return f"{', '.join(f'{k}={v}' for k, v in self.values.items())} -> {self.expected}"


def answers(count: Count, **values: Any) -> Answer:  # noqa: ANN401  facts are of several kinds
    """Make an example to which a count rule answers ``count``."""
    return Answer(values, count)


@dataclass(frozen=True, kw_only=True)
class CalendarRule(Written):
    """What both kinds share."""

    examples: tuple[Example | Answer, ...]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Whom it asks about: none (the day alone), one of ``SUBJECTS``, or two of them."""
        named = {name.partition("_")[0] for name in self.needs if name not in ANYBODY}
        return frozenset(named | ({"volunteer", "venue"} if "minutes" in self.needs else set()))

    def setting_key(self, parameter: str) -> str:
        """Full name of the setting that feeds a parameter."""
        return f"calendar.{self.key}.{parameter}"

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The settings it has."""
        return tuple(setting_of(self.setting_key(name), default) for name, default in self.defaults.items())


@dataclass(frozen=True, kw_only=True)
class Open(CalendarRule):
    """A rule that answers yes or no, for plain values or for arrays of days and slots."""


@dataclass(frozen=True, kw_only=True)
class Counted(CalendarRule):
    """A rule that answers with a ``Count``, for each of ``of`` and each of its spans. ``soft``: the least is a wish, level 1."""

    of: tuple[Who, ...]
    span: Span
    soft: bool = False


def open_rule(*, title: Texts, reason: Texts, examples: list[Example]) -> Callable[[Body], Open]:
    """Make a function a rule that says what is possible at all."""

    def wrap(body: Body) -> Open:
        return Open(body=body, title=title, reason=reason, examples=tuple(examples))

    return wrap


def count_rule(
    *, of: Who | tuple[Who, ...], span: Span, title: Texts, reason: Texts, examples: list[Answer], soft: bool = False
) -> Callable[[Body], Counted]:
    """Make a function a rule that says how many are possible in each span."""
    who = of if isinstance(of, tuple) else (of,)

    def wrap(body: Body) -> Counted:
        return Counted(body=body, title=title, reason=reason, examples=tuple(examples), of=who, span=span, soft=soft)

    return wrap


@dataclass(frozen=True, kw_only=True)
class CalendarBook:
    """All rules of the calendar, by key, with the settings in force."""

    rules: tuple[CalendarRule, ...]
    values: Mapping[str, SettingValue] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting of the calendar by its key, general ones first."""
        on_days = tuple(rule.key for rule in self.opens_of())
        general = (replace(one, possible=on_days) if isinstance(one, DayRules) else one for one in GENERAL)
        own = (setting for rule in self.rules for setting in rule.settings)
        return MappingProxyType({setting.key: setting for setting in (*general, *own)})

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  of the setting's own kind
        """Value in force of a setting."""
        if key not in self.settings:
            raise RuleError(f"no setting of the calendar is called {key!r}")
        return self.values.get(key, self.settings[key].default)

    def with_settings(self, values: Mapping[str, SettingValue]) -> CalendarBook:
        """Return a book with those of the values that are the calendar's; raises ``SettingError``.

        Values that cannot be together are refused too: a least above its most.
        """
        own = {key: self.settings[key].parsed(value) for key, value in values.items() if key in self.settings}
        book = replace(self, values=MappingProxyType({**self.values, **own}))
        for low, high in book.bounds:
            if book[low] > book[high]:
                raise SettingError("setting_least_above_most", key=low, other=high, least=str(book[low]), most=str(book[high]))
        return book

    @cached_property
    def bounds(self) -> tuple[tuple[str, str], ...]:
        """Keys of the settings that are the least and the most of one thing."""
        pairs = [(key, key.replace(".min_", ".max_")) for key in self.settings if ".min_" in key]
        return tuple((low, high) for low, high in pairs if high in self.settings)

    @property
    def opens(self) -> tuple[Open, ...]:
        """Rules that say what is possible at all."""
        return tuple(rule for rule in self.rules if isinstance(rule, Open))

    def opens_of(self, *subjects: str) -> tuple[Open, ...]:
        """Those that ask about exactly these."""
        return tuple(rule for rule in self.opens if rule.subjects == frozenset(subjects))

    def counts_of(self, who: Who) -> tuple[Counted, ...]:
        """Rules that count what is somebody's."""
        return tuple(rule for rule in self.rules if isinstance(rule, Counted) and who in rule.of)

    def answer(self, rule: CalendarRule, facts: Mapping[str, Any]) -> Any:  # noqa: ANN401  a mask or a Count
        """What a rule says of these facts, under the settings in force."""
        own = {name: self[rule.setting_key(name)] for name in rule.defaults}
        return rule.body(**{name: facts[name] for name in rule.needs}, **own)


def complaints(rule: CalendarRule) -> Iterator[str]:
    """Everything that is wrong with a rule, in plain words; nothing if it is sound.

    Whether a count rule asks for a least is seen from its examples.
    """
    if not rule.page:
        yield "it has no docstring"
    if not rule.examples:
        yield "it has no example"
    known = {*rule.needs, *rule.defaults}
    for example in rule.examples:
        if set(rule.needs) - set(example.values) or set(example.values) - known:
            yield f"the example {example} does not fit its parameters"
    for text in (rule.title, rule.reason):
        used = {language: _fields(text.get(language, "")) for language in LANGUAGES}
        if not all(text.get(language) for language in LANGUAGES) or used["da"] != used["en"] or used["da"] - known - {"number"}:
            yield "a text is missing in a language, or its placeholders are not known in both"
    yield from _unasked_count(rule) if isinstance(rule, Counted) else _unasked_open(rule)


def _unasked_open(rule: CalendarRule) -> Iterator[str]:
    """What no question carries that is asked when a year is planned."""
    carried = OPEN_ASKED.get(rule.subjects)
    if carried is None:
        possible = "; ".join(" and ".join(sorted(one)) or "the day alone" for one in OPEN_ASKED)
        yield f"nothing asks a rule about {' and '.join(sorted(rule.subjects))}; it may be about: {possible}"
    elif lacking := _lacking(rule, carried):
        about = " and ".join(sorted(rule.subjects)) or "the day alone"
        yield f"a rule about {about} is not told {', '.join(lacking)}"


def _unasked_count(rule: Counted) -> Iterator[str]:
    """What a count rule says that no model or check heeds."""
    least = any(isinstance(one, Answer) and one.expected.least for one in rule.examples)
    for who in rule.of:
        carried, spans, spans_with_least = COUNT_ASKED[who]
        if lacking := _lacking(rule, carried):
            yield f"a count rule of a {who} is not told {', '.join(lacking)}"
        if rule.span not in spans:
            yield f"what is a {who}'s is not counted by {rule.span}; it is by: {', '.join(sorted(spans))}"
        elif least and rule.span not in spans_with_least:
            yield f"a least of a {who}'s is not heeded by {rule.span}; at most can be said"


def _lacking(rule: CalendarRule, carried: frozenset[str]) -> list[str]:
    return [name for name in rule.needs if not {name, name.partition("_")[0]} & carried]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
