"""A rule file that breaks its contract is refused with its name and what is wrong; a sound one is simply in."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from constraints.rulebook import discovered, load_rulebook
from matcher.errors import RuleError
from matcher.functions import Eligibility
from tests.constraints.asking import BOOK, TODAY

GOOD = '''"""Eligibility rule: new_rule."""

from matcher.bodies import Mask, Number
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Ny", "en": "New"},
    reason={
        "da": "{volunteer_course_hours} timer; mindst {min_hours}.",
        "en": "{volunteer_course_hours} hours; at least {min_hours}.",
    },
    examples=[holds(volunteer_course_hours=3.0), fails(volunteer_course_hours=1.0)],
    locked=True,
)
def new_rule(volunteer_course_hours: Number, min_hours: float = 2.0) -> Mask:
    """A rule for this test."""
    return volunteer_course_hours >= min_hours
'''
NUMBERS = itertools.count()
Package = Callable[[str], ModuleType]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Makes a package with one rule file, ``new_rule.py``."""
    monkeypatch.syspath_prepend(tmp_path)
    made = []

    def make(text: str) -> ModuleType:
        name = f"rules_for_a_test_{next(NUMBERS)}"
        made.append(name)
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("", "utf-8")
        (tmp_path / name / "new_rule.py").write_text(text, "utf-8")
        return import_module(name)

    yield make
    for name in list(sys.modules):
        if name.partition(".")[0] in made:
            del sys.modules[name]


def test_a_new_file_is_a_new_rule(package: Package) -> None:
    (rule,) = discovered(package(GOOD), Eligibility)
    assert rule.key == "new_rule"
    assert rule.page == "A rule for this test."
    assert rule.sides == "volunteer"


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("def new_rule", "def other_rule", "must define new_rule"),
        ("@eligibility", "@(lambda **_: lambda body: body)", "must define new_rule"),
        ("volunteer_course_hours", "volunteer_shoe_size", "no column volunteer_shoe_size"),
        ('"en": "New"', '"de": "Neu"', "title is missing in en"),
        ('"en": "{volunteer_course_hours} hours; at least {min_hours}.",', "", "reason is missing in en"),
        ("mindst {min_hours}", "mindst {min_years}", "uses min_years"),
        ("at least {min_hours}", "at least some", "other facts in one language"),
        ("examples=[", "unknown={'da': 'Ukendt.'}, examples=[", "unknown is missing in en"),
        ("examples=[", "uncertain=lambda volunteer_course_hours: False, examples=[", "warning is missing"),
        ("examples=[", "uncertain=lambda child_age: False, examples=[", "uncertain asks for child_age"),
        ("examples=[", "facts={'x': lambda child_age: 1}, examples=[", "x asks for child_age"),
        ("locked=True", "relax=(Relax(column='child_age', how='raise', consent='family'),)", "is not possible"),
        (
            "locked=True",
            "locked=True, relax=(Relax(column='volunteer_course_hours', how='raise', consent='volunteer'),)",
            "locked",
        ),
        ("min_hours", "hours", "must be called min_ or max_"),
        ("holds(volunteer_course_hours=3.0)", "holds(child_age=3.0)", "names or lacks child_age, volunteer_course_hours"),
        ("[holds(volunteer_course_hours=3.0), fails(volunteer_course_hours=1.0)]", "[]", "no example"),
        ('    """A rule for this test."""\n', "", "no docstring"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(package: Package, was: str, becomes: str, message: str) -> None:
    assert was in GOOD
    with pytest.raises(RuleError, match=rf"rules_for_a_test_\d+\.new_rule: .*{message}"):
        list(discovered(package(GOOD.replace(was, becomes)), Eligibility))


def test_two_rulebooks_of_one_day_are_equal() -> None:
    again = load_rulebook(TODAY)
    assert [r.key for r in again.eligibility] == [r.key for r in BOOK.eligibility] == sorted(r.key for r in BOOK.eligibility)
    assert again.all_values() == BOOK.all_values()
