"""Sentences in the chosen language, from ``locale/*.toml``, with values put into words (Danish: decimal comma, dd-mm-yyyy)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


class Language(StrEnum):
    """What people read; Danish first."""

    DA = "da"
    EN = "en"


Sentence = Mapping[str, str]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda found: found.name):
        if item.is_dir():
            yield from _files(item)
        elif item.name.endswith(".toml"):
            yield item


def _sentences(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Sentence]]:
    """Flatten ``[help.check]`` to ``help.check``; the plain texts of a table are its sentence."""
    for name, value in table.items():
        texts = {language: text for language, text in value.items() if isinstance(text, str)}
        if texts:
            yield prefix + name, texts
        yield from _sentences({inner: below for inner, below in value.items() if inner not in texts}, f"{prefix}{name}.")


@cache
def sentences() -> Mapping[str, Sentence]:
    """Every sentence by its key; raises ``ValueError`` if two files have the same key."""
    found: dict[str, Sentence] = {}
    for file in _files(resources.files("workbench") / "locale"):
        for key, sentence in _sentences(tomllib.loads(file.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{file.name}: the sentence {key!r} is there twice")
            found[key] = sentence
    return found


def knows(key: str) -> bool:
    """Whether there is a sentence of that key."""
    return key in sentences()


def say(language: str, key: str, /, **facts: object) -> str:
    """Fill the sentence ``key`` with facts in words; raises ``KeyError`` for an unknown key or a missing fact."""
    return fill(language, sentences()[key][language], facts)


class _InWords:
    """Facts that are put into words when a template asks for them, so that the many it does not name cost nothing."""

    def __init__(self, language: str, facts: Mapping[str, object]) -> None:
        self._language, self._facts = language, facts

    def __getitem__(self, name: str) -> str:
        return put(self._language, self._facts[name])


def fill(language: str, template: str, facts: Mapping[str, object]) -> str:
    """Put facts in words into a template, such as a rule's reason; raises ``KeyError`` for a missing fact."""
    return template.format_map(_InWords(language, facts))


def counted(language: str, what: str, number: int) -> str:
    """A number with its noun, singular or plural.

    >>> counted("da", "children", 1), counted("da", "children", 2)
    ('1 barn', '2 børn')
    """
    return say(language, f"count.{what}.{'one' if number == 1 else 'many'}", number=number)


def put(language: str, fact: object) -> str:
    """One fact in words: text stays as it is, and a list of codes or words is said in the language.

    >>> put("da", 12.5), put("en", 12.5), put("da", date(2027, 3, 1)), put("da", ("football", "cooking")), put("en", None)
    ('12,5', '12.5', '01-03-2027', 'fodbold og madlavning', '–')
    """
    if fact is None:
        return "–"
    if isinstance(fact, bool):
        return say(language, "yes" if fact else "no")
    if isinstance(fact, int | float | Decimal):
        return number_in_words(language, fact)
    if isinstance(fact, date):
        return fact.strftime("%d-%m-%Y") if language == Language.DA else fact.isoformat()
    if isinstance(fact, Collection) and not isinstance(fact, str):
        return listed(language, [word(language, item) if isinstance(item, str) else put(language, item) for item in fact])
    return str(fact)


def listed(language: str, items: Collection[str], *, joined_by: str = "and") -> str:
    """Items as a person lists them, by "og" or by "eller"; none is said to be none."""
    *first, last = items or [say(language, "none")]
    return f"{', '.join(first)} {say(language, joined_by)} {last}" if first else last


def number_in_words(language: str, number: float | Decimal) -> str:
    """A number with as few decimals as still show that it is not whole, at most three; thousands set apart.

    >>> number_in_words("da", 45.04), number_in_words("en", 52.0), number_in_words("da", 1234.5)
    ('45,04', '52', '1.234,5')
    """
    if number != number:  # noqa: PLR0124  NaN is the only number that differs from itself
        return say(language, "unknown")
    places = next((n for n in range(1, 4) if round(number, n) != round(number)), 0)
    return point_or_comma(language, f"{number:,.{places}f}")


def decimals(language: str, number: float | Decimal, places: int) -> str:
    """A number with just so many decimals."""
    return point_or_comma(language, f"{number:,.{places}f}")


def point_or_comma(language: str, text: str) -> str:
    """Swap the marks of an English number where the language is Danish."""
    return text.translate(str.maketrans(",.", ".,")) if language == Language.DA else text


@cache
def _danish() -> Mapping[str, str]:
    from matcher.case.words import aliases  # noqa: PLC0415  not needed for the help

    tables = (aliases()["codes"], *aliases()["words"].values())
    return {code: str(said[0]) for table in reversed(tables) for code, said in table.items()}


def word(language: str, code: str) -> str:
    """A code, a weekly slot or a known free word as people say it; anything else stays as it is."""
    day, _, part = code.partition("_")
    if knows(f"day.{day}") and knows(f"part.{part}"):
        return say(language, "slot", day=say(language, f"day.{day}"), part=say(language, f"part.{part}"))
    return _danish().get(code, code) if language == Language.DA else code.replace("_", " ") if code in _danish() else code


def title(language: str, kind: str, key: str) -> str:
    """The name of a rule, criterion, column or fact; a new one has its own key until it gets a name."""
    full = f"{kind}.{key}"
    return say(language, full) if knows(full) else key.replace("_", " ")
