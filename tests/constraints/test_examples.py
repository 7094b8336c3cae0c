"""The rulebook's own examples, walked by table in all three forms of each body."""

from __future__ import annotations

import ast
import inspect
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.functions import Eligibility, Example, Function
from tests.constraints.asking import BOOK, FUNCTIONS, compiled, on_arrays, plainly
from tests.constraints.facts import facts_for, settings_for
from tests.volume import volume

EXAMPLES = [pytest.param(f, e, id=f"{type(f).__name__}-{f.key}-{n}") for f in FUNCTIONS for n, e in enumerate(f.examples)]


@pytest.mark.parametrize(("function", "example"), EXAMPLES)
def test_plain_values(function: Function, example: Example) -> None:
    answer = plainly(function, example.values)
    assert answer == pytest.approx(example.expected, abs=1e-12)
    assert isinstance(answer, bool if isinstance(function, Eligibility) else float | int)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{type(f).__name__}-{f.key}")
def test_arrays(function: Function) -> None:
    answers = on_arrays(function, [e.values for e in function.examples])
    assert answers.tolist() == [plainly(function, e.values) for e in function.examples]
    assert answers.dtype == (np.bool_ if isinstance(function, Eligibility) else np.float64)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{type(f).__name__}-{f.key}")
def test_compiled(function: Function) -> None:
    for example in function.examples:
        answer = compiled(function, example.values)
        assert answer == plainly(function, example.values)
        assert isinstance(answer, bool if isinstance(function, Eligibility) else float)


@pytest.mark.parametrize("rule", BOOK.eligibility, ids=lambda r: r.key)
@given(data=st.data())
@settings(max_examples=volume(ci=50, long=1_000), deadline=None)
def test_a_rule_answers_the_same_in_every_form(rule: Eligibility, data: st.DataObject) -> None:
    row = st.builds(lambda facts, values: {**facts, **values}, facts_for(rule), settings_for(rule))
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    plain = [plainly(rule, row) for row in rows]
    assert all(isinstance(answer, bool) for answer in plain)
    assert on_arrays(rule, rows).tolist() == plain
    assert [compiled(rule, row) for row in rows] == plain


@pytest.mark.parametrize("rule", BOOK.eligibility, ids=lambda r: r.key)
def test_every_rule_shows_both_answers(rule: Eligibility) -> None:
    assert {e.expected for e in rule.examples} == {True, False}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{type(f).__name__}-{f.key}")
def test_no_branches_in_a_body(function: Function) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function.body)))
    body = ast.walk(ast.Module(tree.body[0].body, []))  # type: ignore[attr-defined]
    assert not [n for n in body if isinstance(n, ast.BoolOp | ast.If | ast.IfExp | ast.For | ast.While | ast.UnaryOp)]


@pytest.mark.parametrize("rule", [r for r in BOOK.eligibility if r.uncertain is not None], ids=lambda r: r.key)
def test_uncertain_only_where_something_is_blank(rule: Eligibility) -> None:
    seen = [bool(rule.uncertain(**{n: e.values[n] for n in rule.needs})) for e in rule.examples]  # type: ignore[misc]
    assert any(seen)
    assert all(e.expected for e, uncertain in zip(rule.examples, seen, strict=True) if uncertain)
    assert not all(seen)


def test_the_rules_are_the_contracts() -> None:
    locked = {
        "child_age", "volunteer_age", "criminal_record", "child_certificate", "interview", "volunteer_home_visit", "course",
        "family_home_visit", "allergies", "smoke_free", "no_repeat", "child_free", "volunteer_capacity",
    }  # fmt: skip
    open_ones = {
        "programme_offered", "not_paused", "stays_long_enough", "child_wants_gender", "volunteer_wants_gender",
        "volunteer_wants_age", "common_language", "common_slots", "travel_time",
    }  # fmt: skip
    assert len(locked | open_ones) == 22
    assert {r.key for r in BOOK.eligibility if r.locked} >= locked
    assert {r.key for r in BOOK.eligibility if not r.locked} >= open_ones


def test_rules_are_asked_where_they_are_cheapest() -> None:
    sides = {r.key: r.sides for r in BOOK.eligibility}
    assert {k for k, s in sides.items() if s == "child"} >= {"child_age", "family_home_visit", "child_free"}
    assert {k for k, s in sides.items() if s == "volunteer"} >= {
        "criminal_record", "child_certificate", "interview", "volunteer_home_visit", "course", "not_paused",
        "stays_long_enough", "volunteer_capacity",
    }  # fmt: skip
    assert {k for k, s in sides.items() if s == "sparse"} == {"no_repeat"}
