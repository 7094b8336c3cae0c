"""SCENARIOS.toml and the same in Python: what is read, and what is wrong with a file, all at once and in words."""

from __future__ import annotations

import dataclasses
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.case import words
from matcher.errors import CaseError, UsageError
from scenarios.change import kinds
from scenarios.changes.lose import Lose
from scenarios.changes.recruit import Recruit
from scenarios.changes.setting import Setting
from scenarios.scenario import Scenario, worlds_of
from scenarios.scenario_file import looked_through, read_scenarios
from tests.scenarios.worlds import world
from tests.volume import volume
from workbench import findings

CONTRACT = """
[[scenario]]
name = "Ti mænd i Ballerup"
mode = "today"                 # the default; or "stream"
change = [
  { kind = "recruit", number = 10, gender = "man", municipality = "Ballerup", programmes = ["voksenven"], age = [25, 45] },
  { kind = "setting", name = "travel_time.max_minutes", value = 60 },
]
[[scenario]]
name = "Over tid"
mode = "stream"
baseline = "Ti mænd i Ballerup"
years = 2
replications = 50
seed = 7
"""


def test_the_contracts_example_is_read():
    first, second = read_scenarios(CONTRACT.encode(), "x.toml").scenarios
    assert first == Scenario(
        name="Ti mænd i Ballerup",
        change=(
            Recruit(number=10, gender="man", municipality="Ballerup", programmes=("voksenven",), age=(25, 45)),
            Setting(name="travel_time.max_minutes", value=60),
        ),
    )
    assert (first.mode, first.baseline, first.years, first.replications, first.seed) == ("today", "", 3, 200, None)
    assert (second.mode, second.change, second.years, second.replications, second.seed) == ("stream", (), 2, 50, 7)
    assert second.baseline == first.name


def test_codes_may_be_danish_and_tables_long():
    text = '[[scenario]]\nname = "A"\n[[scenario.change]]\nkind = "lose"\nnumber = 2\ngender = "Kvinde"\ntransport = "cykel"\n'
    (one,) = read_scenarios(b"\xef\xbb\xbf" + text.encode(), "x.toml").scenarios
    assert one.change == (Lose(number=2, gender="woman", transport="bike"),)


def test_one_change_more_leaves_the_draws_of_the_others():
    lose, recruit = Lose(number=3, free=True), Recruit(number=3)
    plain = Scenario(name="A", change=(lose, recruit)).world(world()).case
    more = Scenario(name="B", change=(Setting(name="travel_time.max_minutes", value=60), recruit, lose)).world(world()).case
    assert more.volunteers == plain.volunteers
    twice = Scenario(name="C", change=(recruit, recruit)).world(world()).case
    first, second = [row for row in twice.volunteers if row.volunteer_id.startswith("~")][::3]
    assert first.model_copy(update={"volunteer_id": ""}) != second.model_copy(update={"volunteer_id": ""})
    other = Scenario(name="D", seed=99, change=(lose, recruit)).world(world()).case
    assert other.volunteers != plain.volunteers


def head(text: str) -> str:
    return f'[[scenario]]\nname = "A"\n{text}'


def changed(text: str) -> str:
    return head(f"change = [{{ {text} }}]")


FAULTY: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", ["bad.toml: There is no scenario in the file. A scenario begins with [[scenario]]."]),
    "no TOML": ('[[scenario]]\nname = "A\n', ["bad.toml, line 2: The file is not valid TOML."]),
    "nested to the sky": ("a = " + "[" * 9000, ["bad.toml: The file is not valid TOML."]),
    "single brackets": ('[scenario]\nname = "A"', ["A scenario begins with [[scenario]] in double square brackets."]),
    "another heading": (
        '[[scenarios]]\nname = "A"',
        ["nothing but [[scenario]]. Did you mean scenario?", "There is no scenario in the file."],
    ),
    "no name": ("[[scenario]]\nyears = 3", ['scenario "scenario 1", line 1, field name: The field is missing.']),
    "a blank name": (
        '[[scenario]]\nname = " "',
        ['scenario "scenario 1", line 1, field name: Expected: text on one line, at most 200 characters.'],
    ),
    "two of one name": (
        head("") + '[[scenario]]\nname = "a"',
        [
            'scenario "A", line 1, field name: Two scenarios have the same name.',
            'scenario "a", line 3, field name: Two scenarios',
        ],
    ),
    "an unknown field": (head('mod = "today"'), ['scenario "A", line 1, field mod: The field is not known. Did you mean mode?']),
    "an unknown mode": (
        head('mode = "tody"'),
        ['scenario "A", line 1, field mode: The word is not known here. Did you mean today? Possible: today, stream.'],
    ),
    "a fraction of years": (head("years = 2.5"), ['scenario "A", line 1, field years: Expected: a whole number from 1 to 30.']),
    "too many replications": (
        head("replications = 201"),
        ['scenario "A", line 1, field replications: Expected: a whole number from 2 to 200.'],
    ),
    "a seed below zero": (head("seed = -1"), ['scenario "A", line 1, field seed: Expected: a whole number from 0 to']),
    "no such baseline": (
        head('baseline = "Bb"\n[[scenario]]\nname = "B"'),
        ['line 1, field baseline: No scenario of the file has the name that is to be compared with. Did you mean "B"?'],
    ),
    "a ring of one": (
        head('baseline = "A"'),
        ['scenario "A", line 1, field baseline: The scenario is compared in a ring with itself.'],
    ),
    "a ring of two": (
        head('baseline = "B"\n[[scenario]]\nname = "B"\nbaseline = "A"'),
        [
            'scenario "A", line 1, field baseline: The scenario is compared in a ring',
            'scenario "B", line 4, field baseline: The scenario is compared in a ring',
        ],
    ),
    "change is no list": (
        head('change = { kind = "lose" }'),
        ['scenario "A", line 1, field change: Changes are written as a list: change = [{ kind'],
    ),
    "change is a word": (head('change = ["lose"]'), ['scenario "A", line 1, change 1: Changes are written as a list']),
    "no kind": (changed("number = 3"), ['scenario "A", line 1, change 1, field kind: The field is missing.']),
    "an unknown kind": (
        changed('kind = "recrute", number = 3'),
        ['scenario "A", line 1, change 1, field kind: That kind of change is not known. Did you mean recruit?'],
    ),
    "no number": (changed('kind = "recruit"'), ['scenario "A", line 1, change 1, field number: The field is missing.']),
    "a number in words": (changed('kind = "recruit", number = "ti"'), ["number: Expected: a whole number from 1 to 10000."]),
    "none at all": (changed('kind = "recruit", number = 0'), ["number: Expected: a whole number from 1 to 10000."]),
    "truth as a number": (changed('kind = "lose", number = true'), ["number: Expected: a whole number from 1"]),
    "endlessly many": (changed('kind = "lose", number = inf'), ["number: Expected: a whole number from 1"]),
    "not a number": (changed('kind = "wishes", accept = "any", share = nan'), ["share: Expected: a number from 0 to 1."]),
    "more than all": (changed('kind = "wishes", accept = "any", share = 1.5'), ["share: Expected: a number from 0 to 1."]),
    "an unknown gender": (
        changed('kind = "recruit", number = 1, gender = "girl"'),
        ["gender: The word is not known here. Possible: woman (kvinde), man (mand), other (andet)."],
    ),
    "a misspelt programme": (
        changed('kind = "recruit", number = 1, programmes = ["voksenveb"]'),
        ["programmes: The word is not known here. Did you mean voksenven?"],
    ),
    "no programmes": (changed('kind = "lose", number = 1, programmes = []'), ["programmes: Expected: a word or a list of words"]),
    "ages backwards": (
        changed('kind = "lose", number = 1, age = [45, 25]'),
        ["age: The first number is larger than the second."],
    ),
    "one age": (
        changed('kind = "lose", number = 1, age = 25'),
        ["age: Expected: two whole numbers, from and to, between 0 and 120"],
    ),
    "three ages": (changed('kind = "lose", number = 1, age = [1, 2, 3]'), ["age: Expected: two whole numbers"]),
    "vetted children": (
        changed('kind = "recruit", number = 1, age = [15, 17]'),
        ["age: Expected: two whole numbers, from and to, between 18 and 120"],
    ),
    "an age outside the programme": (
        changed('kind = "children", number = 1, programme = "familieven", age = [9, 12]'),
        ["age: Expected: two whole numbers, from and to, between 0 and 6"],
    ),
    "a field of another kind": (
        changed('kind = "lose", number = 1, programme = "voksenven"'),
        ["programme: The field is not known. Did you mean programmes?"],
    ),
    "a quota of nothing": (
        changed('kind = "quota", dimension = "gender", value = "boy"'),
        ["A quota needs at_least, at_most or both."],
    ),
    "a quota backwards": (
        changed('kind = "quota", dimension = "gender", value = "boy", at_least = 3, at_most = 2'),
        ["at_most: The first number is larger than the second."],
    ),
    "a quota of an unknown dimension": (
        changed('kind = "quota", dimension = "town", value = "Herlev", at_most = 2'),
        ["dimension: The word is not known here. Possible: municipality, programme, initiative, matcher, gender."],
    ),
    "a quota of an unknown gender": (
        changed('kind = "quota", dimension = "gender", value = "dremg", at_most = 2'),
        ["value: The word is not known here. Did you mean dreng?"],
    ),
    "a pair without its volunteer": (changed('kind = "lock", child_id = "B1"'), ["volunteer_id: The field is missing."]),
    "an id that is a number": (
        changed('kind = "lock", child_id = 1, volunteer_id = "V1"'),
        ["child_id: Expected: text on one line"],
    ),
    "matchers more and fewer": (changed('kind = "matchers", add = 1, lose = 1'), ["Write either add or lose, and only one"]),
    "two of one matcher": (
        changed('kind = "matchers", lose = 2, matcher_id = "M1"'),
        ["Write just as many ids as the number says."],
    ),
    "no policy": (head('mode = "stream"\nchange = [{ kind = "policy" }]'), ["change 1, field name: The field is missing."]),
    "an unknown policy": (
        head('mode = "stream"\nchange = [{ kind = "policy", name = "montly" }]'),
        ["name: The word is not known here. Did you mean monthly?"],
    ),
    "an unknown parameter": (
        head('mode = "stream"\nchange = [{ kind = "stream", name = "child_per_year", value = 3 }]'),
        ["name: The word is not known here. Did you mean children_per_year?"],
    ),
    "a setting without a value": (
        changed('kind = "setting", name = "travel_time.max_minutes"'),
        ["value: The field is missing."],
    ),
    "a setting that is a table": (
        changed('kind = "setting", name = "travel_time.max_minutes", value = { a = 1 }'),
        ["value: Expected: a number, a text, a date, true/false or a list."],
    ),
    "a personal number": (
        head('note = "spørg 010203-1234"'),
        ['scenario "A", line 1: The scenario seems to hold a CPR number.'],
    ),
    "several at once": (
        head('mod = "x"\nyears = 0\nchange = [{ kind = "lose", number = 0, gendr = "man" }, { kind = "loose" }]'),
        [
            'scenario "A", line 1, change 1, field gendr: The field is not known. Did you mean gender?',
            'scenario "A", line 1, change 1, field number: Expected: a whole number',
            'scenario "A", line 1, change 2, field kind: That kind of change is not known. Did you mean lose?',
            'scenario "A", line 1, field mod: The field is not known.',
            'scenario "A", line 1, field years: Expected: a whole number',
        ],
    ),
}


def sentences(text: str, language: str = "en") -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_scenarios(text.encode(), "bad.toml")
    return [findings.line(language, found) for found in findings.ordered(caught.value.findings)]


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_is_refused_in_words(name):
    text, expected = FAULTY[name]
    said = sentences(text)
    assert len(said) == len(expected), said
    assert [part for part in expected if not any(part in line for line in said)] == [], said
    assert len(sentences(text, "da")) == len(expected)


def test_no_personal_number_is_repeated():
    text = '[[scenario]]\nname = "010203-1234"\nmode = "010203-1234"\nx0102031234 = 1\nchange = [{ kind = "010203-1234" }]'
    for language in ("da", "en"):
        said = "\n".join(sentences(text, language))
        assert "CPR" in said
        assert "1234" not in said


def test_no_value_of_a_file_is_repeated():
    text = head('baseline = "Karla Hansen"\nchange = [{ kind = "lose", number = 1, gender = "Karla", municipality = "" }]')
    assert "Karla" not in "\n".join(sentences(text))


def test_bytes_that_are_no_text_are_refused():
    for content in ("[[scenario]]\nname = 'Ti mænd'".encode("cp1252"), b"PK\x03\x04\xff\xfe"):
        with pytest.raises(CaseError) as caught:
            read_scenarios(content, "bad.toml")
        assert [found.code for found in caught.value.findings] == ["whatif.not_text"]


def test_what_does_not_fit_the_case_is_said_beside_what_cannot_be_read():
    text = head("years = 0") + '\n[[scenario]]\nname = "B"\nchange = [{ kind = "lose", number = 9999 }]'
    found = looked_through(text.encode(), "bad.toml")
    with pytest.raises(CaseError) as caught:
        found.refuse_beside(world())
    assert {(f.table, f.code) for f in caught.value.findings} == {("A", "whatif.whole"), ("B", "whatif.too_few_volunteers")}


def test_what_does_not_fit_the_world_is_told_with_what_cannot_be_read():
    """All at once, also of a scenario that cannot be read whole, by the numbers that the changes have in the file."""
    text = head(
        'mode = "strem"\nchange = [{ kind = "stream", name = "acceptance", value = 2 }, { kind = "recruit", number = -3 },\n'
        '  { kind = "recruit", number = 1, municipality = "Balerup" }]\n'
        '[[scenario]]\nname = "B"\nchange = [{ kind = "quta" }, { kind = "lose", number = 9999 }]\n'
        '[[scenario]]\nname = "C"\nchange = [{ kind = "recruit", number = 1, municipality = "Hillerd" }]\n'
    )
    with pytest.raises(CaseError) as caught:
        looked_through(text.encode(), "bad.toml").refuse_beside(world())
    lines = [findings.line("en", found) for found in findings.ordered(caught.value.findings)]
    for part in (
        'scenario "A", line 1, change 1, field value: ',
        'scenario "A", line 1, change 2, field number: Expected: a whole number from 1',
        'scenario "A", line 1, change 3, field municipality: No municipality is called that. Did you mean Ballerup?',
        'scenario "A", line 1, field mode: The word is not known here.',
        'scenario "B", line 6, change 1, field kind: That kind of change is not known. Did you mean quota?',
        'scenario "B", line 6, change 2: 9999 are asked for, but only',
        'scenario "C", line 9, change 1, field municipality: No municipality is called that. Did you mean Hillerød?',
    ):
        assert any(part in line for line in lines), (part, lines)
    assert len(lines) == 7


def test_every_fault_of_every_scenario_is_found_in_the_world():
    asked = [
        Scenario(name="A", change=(Lose(number=9999), Recruit(number=1, municipality="Balerup"))),
        Scenario(name="B", change=(Setting(name="child_certificate.max_months", value=60),)),
        Scenario(name="C", change=(Setting(name="travel_time.max_minutes", value="far"),), baseline="D"),
    ]
    with pytest.raises(CaseError) as caught:
        worlds_of(asked, world())
    lines = [findings.line("en", found) for found in findings.ordered(caught.value.findings)]
    for part in (
        'scenario "A", change 1: 9999 are asked for, but only',
        'scenario "A", change 2, field municipality: No municipality is called that. Did you mean Ballerup?',
        'scenario "B", change 1, field value: child_certificate.max_months is locked because it protects children',
        'scenario "C", change 1, field value: travel_time.max_minutes must be a number.',
        'scenario "C", field baseline: No scenario of the file has the name',
    ):
        assert any(part in line for line in lines), lines
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"name": ""}, "name"), ({"mode": "now"}, "mode"), ({"change": "lose"}, "change"), ({"replications": 1}, "replications")],
)
def test_a_scenario_in_python_is_checked_too(facts, field):
    with pytest.raises(UsageError) as caught:
        Scenario(**{"name": "A", **facts})
    assert caught.value.facts["field"] == field


def test_a_ring_of_three_is_found_and_a_tail_is_not_part_of_it():
    baselines = {"A": "B", "B": "C", "C": "A", "D": "A"}
    with pytest.raises(CaseError) as caught:
        worlds_of([Scenario(name=name, baseline=other) for name, other in baselines.items()], world())
    assert sorted(found.table for found in caught.value.findings) == ["A", "B", "C"]


KEYS = ("name", "mode", "change", "baseline", "years", "replications", "seed", "note", "x")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(["today", "stream", "A", "any", "gender", "Ballerup", "man", "travel_time.max_minutes", "monthly"]),
)
FIELDS = sorted({item.name for kind in kinds().values() for item in dataclasses.fields(kind)} | {"kind", "nummer"})
TABLES = st.dictionaries(
    st.sampled_from(FIELDS), st.one_of(VALUES, st.lists(VALUES, max_size=3), st.just([25, 45]), st.just(3)), max_size=6
)
CHANGES = st.builds(lambda kind, table: {"kind": kind, **table}, st.sampled_from([*kinds(), "", 7]), TABLES)


@settings(max_examples=volume(ci=150, long=20_000), deadline=None)
@given(st.lists(st.one_of(CHANGES, TABLES, VALUES), max_size=3), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_whatever_stands_in_a_file_is_read_or_refused_in_words(changes, facts):
    start, refused = world(), ()
    words.aliases()  # our own files are read before anything stands in for a file
    try:
        with patch("tomllib.loads", return_value={"scenario": [{"name": "A", **facts, "change": changes}]}):
            read = read_scenarios(b"", "x.toml")
        worlds_of(read.scenarios, start)
    except CaseError as error:
        refused = error.findings
        assert refused
    for language in ("da", "en"):
        assert all(findings.line(language, one) for one in refused)
