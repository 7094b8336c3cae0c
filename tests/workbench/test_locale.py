"""Every sentence is there in both languages, with the same facts, and every key the code uses exists."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import workbench
from constraints.rulebook import load_rulebook
from matcher.columns import COLUMNS
from matcher.results import Reason
from workbench.cli import app
from workbench.options import COMMON
from workbench.words import counted, knows, put, say, sentences, word

SOURCES = sorted(Path(workbench.__file__).parent.rglob("*.py"))
KEYS = sorted(sentences())
UNSAID = {"volunteer_pause_starts_in", "volunteer_pause_ends_in", "volunteer_states_gender"}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_say_the_same(key):
    both = sentences()[key]
    assert set(both) == {"da", "en"}
    assert all(text.strip() for text in both.values())
    assert placeholders(both["da"]) == placeholders(both["en"])


def said_in(path):
    """Texts given as a key to a function that says something; a choice between two is both."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = {"say": 0 if isinstance(node.func, ast.Attribute) else 1, "working": 0, "UsageError": 0}.get(name)
            if at is not None and len(node.args) > at:
                choice = node.args[at]
                branches = [choice.body, choice.orelse] if isinstance(choice, ast.IfExp) else [choice]
                yield from (b.value for b in branches if isinstance(b, ast.Constant))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_key_in_the_code_exists(path):
    assert [key for key in said_in(path) if not knows(key)] == []


def test_the_walk_finds_keys():
    assert len({key for path in SOURCES for key in said_in(path)}) > 80


def test_every_key_is_used():
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    engine = Path(workbench.__file__).parents[1] / "matcher"
    own = ("settings.py", "engine.py", "planning.py", "assignment/solvers/__init__.py", "session/rows.py")
    own = (*own, "calendar/settings.py", "calendar/dates/meet.py", "case/plan_files.py")
    text += "\n".join((engine / name).read_text("utf-8") for name in own)
    files = ("commands", "results", "report", "words", "limits", "clash", "meet")
    files = (*files, "calendar", "ics", "year", "unmet", "whatif", "whatif_report", "recruit", "shadow", "advise")
    keys = [key for file in files for key in keys_of(file)]
    assert [key for key in keys if not is_used(key, text)] == []


def is_used(key, text):
    """Whether the whole key stands in the code, or the beginning of one that is completed there."""
    parts = key.split(".")
    begun = (".".join(parts[:n]) + "." for n in range(1, len(parts)))
    return (
        f'"{key}"' in text or f"'{key}'" in text or any(b in text for b in begun) or key.startswith(("setting_not_", "unknown_"))
    )


def keys_of(file):
    text = (Path(workbench.__file__).parent / "locale" / f"{file}.toml").read_text("utf-8")
    return [heading.replace('"', "") for heading in re.findall(r"^\[(.+)\]$", text, re.MULTILINE)]


def test_every_command_and_option_has_help():
    for command in app.registered_commands:
        name = command.callback.__name__
        assert knows(f"help.command.{name}")
        for option in set(command.callback.__annotations__) - {"return"}:
            assert knows(f"help.option.{name}.{option}") or knows(f"help.option.{option}"), (name, option)
    assert all(knows(f"help.option.{option}") for option in COMMON)


def test_every_fact_a_rule_asks_about_has_a_name():
    book = load_rulebook(date(2027, 1, 4))
    needs = {need for rule in book.eligibility for need in rule.needs} - UNSAID
    assert {need for need in needs if not knows(f"fact.{need}")} == set()


def test_no_name_is_kept_for_a_fact_that_is_gone():
    names = {key.removeprefix("fact.") for key in sentences() if key.startswith("fact.")}
    assert names - COLUMNS.keys() == {"minutes", "pair_declined", "pair_befriended"}


def test_every_relaxation_of_the_rulebook_has_a_sentence():
    book = load_rulebook(date(2027, 1, 4))
    for rule in book.eligibility:
        for relax in rule.relax:
            assert knows(f"relax.{relax.column}.{relax.how}") or knows(f"relax.any.{relax.how}"), (rule.key, relax)
            assert knows(f"consent.{relax.consent}")


@pytest.mark.parametrize(
    ("fact", "da", "en"),
    [
        (12.5, "12,5", "12.5"),
        (45.04, "45,04", "45.04"),
        (45.0, "45", "45"),
        (45.96, "45,96", "45.96"),
        (1234567, "1.234.567", "1,234,567"),
        (date(2027, 3, 1), "01-03-2027", "2027-03-01"),
        (("football", "cooking", "knurhår"), "fodbold, madlavning og knurhår", "football, cooking and knurhår"),
        (("mon_evening",), "mandag aften", "Monday evening"),
        ((), "ingen", "none"),
        (True, "ja", "yes"),
        ("V0001", "V0001", "V0001"),
        ("girl", "girl", "girl"),
    ],
)
def test_facts_in_words(fact, da, en):
    assert put("da", fact) == da
    assert put("en", fact) == en


def test_codes_are_said_in_danish_and_left_in_english():
    assert word("da", "girl") == "pige"
    assert word("en", "bryd_boblen") == "bryd boblen"
    assert counted("da", "children", 1) == "1 barn"
    assert counted("da", "children", 0) == "0 børn"


def test_an_unknown_key_or_a_missing_fact_is_an_error():
    with pytest.raises(KeyError):
        say("da", "no.such.key")
    with pytest.raises(KeyError):
        say("da", "unknown_child")


def test_every_reason_for_no_match_has_its_sentences():
    codes = get_args(Reason)
    assert len(codes) == 7
    assert [
        code
        for code in codes
        if not (all(knows(f"{one}.{code}") for one in ("unmatched", "unmatched_short", "whatif_report.reason")))
    ] == []
