"""The words of a case in both languages: headings, sheet names, codes, slots and free words, all from ``aliases.toml``.

Capital letters, outer spaces and the way an accent is stored (NFC or NFD) never count.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


NONE = "none"
"""The word for none in a list of free words."""


def plain(text: str) -> str:
    """Text as it is kept: composed accents (NFC), no outer spaces."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def folded(text: str) -> str:
    """Text as it is compared.

    >>> folded("  LØB ")
    'løb'
    """
    return text.strip().lower() if text.isascii() else plain(plain(text).casefold())


def as_heading(text: str) -> str:
    """A heading or a sheet's name as it is compared: a space or a hyphen counts as an underscore."""
    return "_".join(folded(text).replace("-", " ").replace("_", " ").split())


@cache
def aliases() -> Mapping[str, Any]:
    """The whole data file."""
    return tomllib.loads(resources.files(__package__).joinpath("aliases.toml").read_text("utf-8"))


@cache
def _tables() -> Mapping[str, str]:
    return {as_heading(word): table for table, words in aliases()["tables"].items() for word in (table, *words)}


def table_named(name: str) -> str | None:
    """The contract's name of the table that a file or sheet is called after, or ``None``.

    >>> table_named("Børn"), table_named("guide"), table_named("Ark1")
    ('children', 'guide', None)
    """
    return _tables().get(as_heading(name))


def danish_table(name: str) -> str:
    """The Danish sheet name of a table."""
    return str(aliases()["tables"][name][0])


def danish_column(name: str) -> str:
    """The Danish heading of a column."""
    return str(aliases()["columns"][name][0])


@cache
def headings(columns: tuple[str, ...]) -> Mapping[str, str]:
    """Each heading that is read for these columns, in its compared form, and the column it stands for."""
    return {as_heading(word): name for name in columns for word in (name, *aliases()["columns"][name])}


@cache
def decision_headings() -> Mapping[str, str]:
    """Further headings that are read in a file of decisions, in their compared form, and the column each stands for."""
    return {as_heading(word): name for name, listed in aliases()["decided"].items() for word in listed}


def expected_columns(columns: Iterable[str]) -> str:
    """Columns by name, each with its Danish heading where that is another."""
    return ", ".join(name if danish_column(name) == name else f"{name} ({danish_column(name)})" for name in columns)


def slot_words() -> Mapping[str, tuple[str, ...]]:
    """Each weekly slot and its Danish word."""
    days, parts = aliases()["days"], aliases()["parts"]
    return {f"{day}_{part}": (f"{days[day]}_{parts[part]}",) for day in days for part in parts}


@cache
def _code_words() -> Mapping[str, tuple[str, ...]]:
    return {**{code: tuple(words) for code, words in aliases()["codes"].items()}, **slot_words()}


@cache
def codes(choices: tuple[str, ...]) -> Mapping[str, str]:
    """Each word that is read for one of ``choices``, in its compared form, and the code it stands for."""
    return {folded(word): code for code in choices for word in (code, *_code_words()[code])}


def danish_code(code: str) -> str:
    """The Danish word of a code or slot."""
    return _code_words()[code][0]


def expected(choices: Sequence[str]) -> str:
    """The codes that may stand in a cell, each with its Danish word where that is another; of a long list the ends.

    >>> expected(("girl", "boy", "any"))
    'girl (pige), boy (dreng), any (alle)'
    """
    listed = [code if danish_code(code) == code else f"{code} ({danish_code(code)})" for code in choices]
    return ", ".join(listed if len(listed) <= 10 else [*listed[:2], "…", listed[-1]])


@cache
def free_words(dictionary: str) -> Mapping[str, str]:
    """Each known word of a dictionary, in its compared form, and the canonical word it means."""
    entries = aliases()["words"][dictionary]
    return {folded(word): canonical for canonical, words in entries.items() for word in (canonical, *words)}


def is_none(text: str) -> bool:
    """Whether a word of a list says that there is none.

    >>> is_none("Ingen"), is_none("hund")
    (True, False)
    """
    return folded(text) in {NONE, *aliases()["none"]}


@cache
def vocabulary(dictionary: str) -> tuple[str, ...]:
    """The canonical words of a dictionary: ``languages``, ``interests``, ``animals`` or ``initiatives``."""
    return tuple(aliases()["words"][dictionary])


def danish_word(dictionary: str, word: str) -> str:
    """The Danish word for a canonical one; a word that is not in the dictionary stays."""
    if word == NONE:
        return str(aliases()["none"][0])
    return str(aliases()["words"][dictionary].get(word, (word,))[0])


def canonical_word(dictionary: str, text: str) -> tuple[str, bool]:
    """The canonical form of a free word, and whether the dictionary has it.

    >>> canonical_word("interests", " Fodbold"), canonical_word("interests", "Odense")
    (('football', True), ('odense', False))
    """
    known, word = free_words(dictionary), folded(text)
    found = known.get(word) or known.get(word.replace("_", " "))
    return (found, True) if found else (word, False)


def nearest(word: str, known: Iterable[str]) -> str:
    """The word of ``known`` that looks most like ``word``, or nothing: for headings and names, of which there are few."""
    found = difflib.get_close_matches(word[:40], list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _shortened(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


@cache
def _misspellings(known: tuple[str, ...]) -> Mapping[str, str]:
    return {short: word for word in known if len(word) > 3 for short in _shortened(word)}


def misspelt(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` is one letter away from (or two swapped ones), or nothing.

    Looks the word up without each of its letters, so a hundred thousand wrong cells take a second.

    >>> misspelt("fodbol", ["tennis", "fodbold"]), misspelt("fobdold", ["fodbold"]), misspelt("golf", ["fodbold"])
    ('fodbold', 'fodbold', '')
    """
    if not 3 < len(word) <= 40:
        return ""
    found = _misspellings(tuple(known))
    return next((found[short] for short in (word, *sorted(_shortened(word))) if short in found), "")


@cache
def _sensitive() -> tuple[frozenset[str], re.Pattern[str]]:
    listed = aliases()["sensitive"]
    texts = re.compile(rf"\b(?:{'|'.join(map(re.escape, listed['words']))})\b", re.IGNORECASE)
    return frozenset(map(as_heading, listed["columns"])), texts


def is_sensitive_heading(heading: str) -> bool:
    """Whether a column is called after something that has no place in a case, such as CPR or a password."""
    return as_heading(heading) in _sensitive()[0]


def has_sensitive_word(text: str) -> bool:
    """Whether a free text names a diagnosis, a conviction or the like."""
    return bool(_sensitive()[1].search(text))


def municipality_form(name: str, known: Mapping[str, str]) -> str | None:
    """The compared form under which ``known`` has a municipality, with or without the word for one.

    >>> municipality_form("Københavns Kommune", {"københavn": "København"})
    'københavn'
    """
    form = folded(name)
    short = form.removesuffix("kommune").strip()
    return next((found for found in (form, short, short.removesuffix("s")) if found in known), None)


def both_days(day: str) -> str:
    """A weekday's code with its Danish word."""
    return f"{day} ({aliases()['days'][day]})"


def yes_or_no(value: bool, language: str) -> str:
    """The word for yes or no in a language, ``da`` or ``en``."""
    english, danish = aliases()["yes_no"]["yes" if value else "no"][:2]
    return str(danish if language == "da" else english)
