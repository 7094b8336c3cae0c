"""Every finding of a case has its sentence in both languages, with facts that are there."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import matcher.case
from tests.case.case_files import write_csv
from tests.case.test_truths import EXAMPLES, read

HERE = Path(matcher.case.__file__).parent
LOCALE = HERE.parents[1] / "workbench" / "locale" / "findings"
SENTENCES = {
    code: both
    for name in ("files", "cells", "truths")
    for code, both in tomllib.loads((LOCALE / f"{name}.toml").read_text("utf-8")).items()
}
PLACES = {"file", "table", "row", "column", "value"}
SAYING = {"Problem", "_unusual", "unusual", "impossible", "_refused", "near_or_not", "fault"}


def codes_said() -> set[str]:
    """Codes in the source: the first text of a call that makes a finding, and texts that are chosen between."""
    found = set()
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SAYING:
                names = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
                found |= {name for name in names if re.fullmatch(r"[a-z]+(_[a-z]+)+", name)}
                if getattr(node.func, "id", "") == "near_or_not":
                    found |= {f"{n.value}_near" for n in node.args[:1] if isinstance(n, ast.Constant)}
    return found


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_code_has_a_sentence() -> None:
    columns = {
        "birth_date",
        "child_id",
        "volunteer_id",
        "wants_age_max",
        "home_visit_on",
        "started_on",
        "planning_date",
        "at_most",
        "max_months",
    }
    assert len(codes_said()) > 60
    assert codes_said() - columns - SENTENCES.keys() == set()


@pytest.mark.parametrize("name", ["cells", "truths"])
def test_every_sentence_is_used_and_says_the_same_in_both_languages(name: str) -> None:
    sources = "".join(path.read_text("utf-8") for path in HERE.glob("*.py"))
    for code, both in tomllib.loads((LOCALE / f"{name}.toml").read_text("utf-8")).items():
        assert f'"{code.removesuffix("_near")}"' in sources, code
        assert set(both) == {"da", "en"}
        assert placeholders(both["da"]) == placeholders(both["en"]), code


def test_every_placeholder_is_filled(tmp_path: Path) -> None:
    seen = set()
    for number, example in enumerate(EXAMPLES):
        for finding in read(write_csv(tmp_path / str(number), example.tables()), **example.options)[1]:
            seen.add(finding.code)
            for sentence in SENTENCES[finding.code].values():
                assert placeholders(sentence) <= PLACES | finding.facts.keys(), finding
    assert len(seen) > 40
