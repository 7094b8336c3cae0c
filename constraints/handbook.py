"""The rulebook as a page to read: every rule and criterion with all that is said of it. Made from the code, never written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files

from constraints.calendar_rules import calendar_rules
from constraints.policy import Entry, Policy
from matcher.calendar.rules import SUBJECTS, CalendarRule, Counted
from matcher.columns import COLUMNS, FIXED
from matcher.functions import Criterion, Eligibility, Example, Function, Shared, Texts
from matcher.records import SettingValue
from matcher.rules import Rulebook

BOTH = ("da", "en")


class _Words:
    """Headings and labels in one language, or in several beside each other."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._texts: dict[str, Texts] = tomllib.loads(files("constraints").joinpath("handbook.toml").read_text("utf-8"))

    def __call__(self, key: str) -> str:
        return self.of(self._texts[key])

    def of(self, texts: Texts) -> str:
        """A text of the rules' own in these languages."""
        return " / ".join(texts[language] for language in self._languages)


def handbook(book: Rulebook, policy: Policy, languages: Sequence[str] = BOTH) -> str:
    """Write the page in Markdown.

    Parameters
    ----------
    book, policy
        The rules, and their owners and dated settings.
    languages
        Of headings and labels, ``da`` and ``en``; the sentences of the rules are shown in both.
    """
    words = _Words(languages)
    lines = [f"# {words('title')}", "", words("made"), ""]
    lines += [f"## {words('eligibility')}", "", words("eligibility_intro"), ""]
    for rule in book.eligibility:
        lines += [*_section(rule, policy.rule(rule.key), words), ""]
    lines += [f"## {words('criteria')}", "", words("criteria_intro"), ""]
    for criterion in book.criteria:
        lines += [*_section(criterion, policy.criterion(criterion.key), words), ""]
    lines += [f"## {words('calendar')}", "", words("calendar_intro"), ""]
    for counted in calendar_rules():
        lines += [*_calendar_section(counted, policy.calendar_rule(counted.key), words), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(function: Function, entry: Entry, words: _Words) -> Iterator[str]:
    yield f"### {words.of(function.title)}: `{function.key}`"
    yield ""
    yield function.page
    yield ""
    sides = [side for side in ("child", "volunteer", "pair") if function.needs_side(side)]
    yield f"- {words('asks')}: {', '.join(map(words, sides))} ({', '.join(f'`{need}`' for need in function.needs)})"
    if isinstance(function, Eligibility):
        yield f"- {words('locked')}: {words('locked_yes' if function.locked else 'locked_no')}"
        yield f"- {words('waived_by')}: {entry.waived_by or words('nobody')}"
    yield f"- {words('owner')}: {entry.owner}"
    yield from _settings(function, entry, words)
    for kind in ("reason", "unknown", "warning"):
        texts: Texts = getattr(function, kind, {})
        if texts:
            yield f"- {words(kind)}: {' / '.join(f'“{texts[language]}”' for language in BOTH)}"
    yield f"- {words('examples')}:"
    yield from (f"  - {_example(example, words)}" for example in function.examples)


def _calendar_section(rule: CalendarRule, entry: Entry, words: _Words) -> Iterator[str]:
    yield f"### {words.of(rule.title)}: `{rule.key}`"
    yield ""
    yield rule.page
    yield ""
    if isinstance(rule, Counted):
        yield f"- {words('counts')}: {', '.join(words(who) for who in rule.of)}; {words(f'span_{rule.span}')}"
        yield f"- {words('wish')}: {words('wish_yes' if rule.soft else 'wish_no')}"
    else:
        sides = [who for who in SUBJECTS if who in rule.subjects] or ["day"]
        yield f"- {words('asks')}: {', '.join(map(words, sides))}"
    yield f"- {words('owner')}: {entry.owner}"
    values = {rule.setting_key(name): default for name, default in rule.defaults.items()}
    for dated in sorted(entry.values, key=lambda v: v.valid_from):
        values |= {rule.setting_key(name): value for name, value in dated.settings.items()}
    if values:
        yield f"- {words('settings')}: {', '.join(f'`{key}` = {_value(value)}' for key, value in values.items())}"
    yield f"- {words('reason')}: {' / '.join(f'“{rule.reason[language]}”' for language in BOTH)}"


def _settings(function: Function, entry: Entry, words: _Words) -> Iterator[str]:
    """Its settings with their dates, and whose settings it shares."""
    lines = []
    for dated in sorted(entry.values, key=lambda v: v.valid_from):
        for name, value in dated.settings.items():
            own = name != "weight" or not isinstance(function, Criterion)
            key = function.setting_key(name) if own else f"weights.{function.key}"
            lines.append(f"  - `{key}` = {_value(value)} ({words('from')} {dated.valid_from})")
    if lines:
        yield f"- {words('settings')}:"
        yield from lines
    shared = dict.fromkeys(default.rule for default in function.defaults.values() if isinstance(default, Shared))
    if shared:
        yield f"- {words('shares')}: {', '.join(f'`{rule}`' for rule in shared)}"


def _value(value: SettingValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _example(example: Example, words: _Words) -> str:
    """One example in a line: the facts in words where there are words for them."""
    facts = "; ".join(f"{name} = {_fact(name, value)}" for name, value in example.values.items())
    if isinstance(example.expected, bool):
        return f"{facts}: {words('holds' if example.expected else 'fails')}"
    return f"{facts}: {words('earns')} {example.expected:.3g}"


def _fact(name: str, value: float) -> str:
    """A blank as a dash, a code by its words, a set of free words by letters, any other number as it is."""
    column = COLUMNS.get(name)
    if value != value or (column and column.vocabulary and value == 0):  # noqa: PLR0124  NaN is blank
        return "–"
    if column is None or column.kind == "number":
        return f"{value:g}".replace("inf", "∞")
    if column.kind == "set":
        return ", ".join(chr(ord("a") + i) for i in range(26) if int(value) >> i & 1)
    bits = FIXED[column.vocabulary]
    exact = [word for word, bit in bits.items() if bit == value]
    return "/".join(exact) or ", ".join(word for word, bit in bits.items() if bit & int(value))
