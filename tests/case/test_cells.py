"""What a cell's text means, form by form."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.case import words
from matcher.case.cells import parser, read_date, read_number, text_of
from matcher.case.cpr import cells_with_cpr, has_cpr
from matcher.case.tables import BY_NAME, TABLES, Kind


def value(table: str, column: str, cell: Any, separators: str = ";|,") -> Any:
    reading = parser(BY_NAME[table].by_name[column], separators)(cell)
    assert all(not problem.is_fault for problem in reading.problems), reading
    return reading.value


@pytest.mark.parametrize(
    "text", ["2027-03-01", "01-03-2027", "01.03.2027", "1/3-2027", "1-3-2027", "1.3.2027", "01/03-2027", " 2027-3-1 "]
)
def test_every_form_of_a_date(text: str) -> None:
    assert read_date(text).value == date(2027, 3, 1)


def test_the_day_stands_first_always() -> None:
    assert [read_date(text).value for text in ("12-05-2015", "13-05-2015", "05-12-2015")] == [
        date(2015, 5, 12),
        date(2015, 5, 13),
        date(2015, 12, 5),
    ]
    assert read_date(datetime.fromisoformat("2015-05-12")).value == date(2015, 5, 12)


@given(st.dates())
def test_every_day_reads_back_in_every_form(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day.day}-{day.month}-{day.year:04}",
        f"{day:%d.%m.}{day.year:04}",
        f"{day.day}/{day.month}-{day.year:04}",
    )
    assert {read_date(form).value for form in forms} == {day}


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for table in TABLES:
        for column in table.columns:
            parser(column, ";|,")(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", 12.5), ("12,5", 12.5), ("+5", 5), ("0", 0), ("-0", 0), ("007", 7), (7, 7), ("1.000", 1), ("0.123", 0.123)],
)
def test_numbers(text: str, number: float) -> None:
    assert read_number(text).value == number
    assert str(read_number(text).value)[0] != "-"


def test_three_decimals_of_a_coordinate_are_no_thousands() -> None:
    assert read_number("55,676", signed=True).problems == ()
    assert read_number("55,676").problems[0].code == "thousands_or_decimals"
    assert read_number("0.123").problems == ()


@pytest.mark.parametrize(
    ("cell", "answer"),
    [(word, True) for word in ("yes", "JA", "true", "1", " x ", "X", 1, 1.0, True)]
    + [(w, False) for w in ("no", "Nej", "FALSE", "0", 0, False)],
)
def test_yes_and_no(cell: Any, answer: bool) -> None:
    assert value("volunteers", "smoker", cell) is answer


@pytest.mark.parametrize(
    ("table", "column", "text", "expected"),
    [
        ("children", "programme", "Storebror/Storesøster", "storebror"),
        ("children", "gender", " PIGE ", "girl"),
        ("children", "wants_gender", "mand", "man"),
        ("volunteers", "transport", "cykel", "bike"),
        ("volunteers", "programmes", "Voksenven|familieven;voksenven", ("voksenven", "familieven")),
        (
            "children",
            "availability",
            "man_aften; LØR_morgen |søn_eftermiddag,fri_evening",
            ("mon_evening", "sat_morning", "sun_afternoon", "fri_evening"),
        ),
        ("children", "likes", "Fodbold; soccer;; FOOTBALL ;Brætspil;board_games", ("football", "board games")),
        ("children", "languages", "Dansk;klingon", ("danish", "klingon")),
        ("children", "allergies", "Hund|katte", ("dog", "cat")),
        ("children", "initiative", "Bryd boblen", ("bryd_boblen",)),
        ("meetings", "volunteers", "V1; v1 ;007", ("V1", "v1", "007")),
        (
            "venues",
            "closed",
            "2027-07-01/2027-07-02|1-8-2027/ 02.08.2027",
            ((date(2027, 7, 1), date(2027, 7, 2)), (date(2027, 8, 1), date(2027, 8, 2))),
        ),
        ("venues", "name", " =1+1 ", "=1+1"),
        ("venues", "name", "NA", "NA"),
        ("venues", "venue_id", "0012", "0012"),
        ("venues", "venue_id", 12.0, "12"),
        ("venues", "venue_id", True, "True"),
        ("venues", "venue_id", 1.5, "1.5"),
    ],
)
def test_words_lists_and_ids(table: str, column: str, text: Any, expected: Any) -> None:
    assert value(table, column, text) == expected


def test_a_comma_separates_only_where_the_file_uses_another_separator() -> None:
    assert value("children", "likes", "fodbold, tennis", ";|,") == ("football", "tennis")
    assert value("children", "likes", "fodbold, tennis", ";|") == ("fodbold, tennis",)


def test_accents_are_one_word_however_they_are_stored() -> None:
    for form in ("NFC", "NFD"):
        assert value("children", "likes", unicodedata.normalize(form, "Brætspil;Løb")) == ("board games", "running")
        assert value("venues", "name", unicodedata.normalize(form, "Åse")) == "Åse"


def test_the_danish_and_the_english_word_for_one_thing_are_equal() -> None:
    for dictionary in ("languages", "animals", "interests", "initiatives"):
        assert words.vocabulary(dictionary)
        for word in words.vocabulary(dictionary):
            assert words.canonical_word(dictionary, words.danish_word(dictionary, word).upper()) == (word, True)
            assert words.canonical_word(dictionary, word) == (word, True)


def test_no_word_of_the_alias_file_means_two_things() -> None:
    for table in TABLES:
        meant: dict[str, str] = {}
        for column in table.columns:
            for heading in words.headings((column.name,)):
                assert meant.setdefault(heading, column.name) == column.name
            said: dict[str, str] = {}
            for choice in column.choices:
                for word in words.codes((choice,)):
                    assert said.setdefault(word, choice) == choice
    for dictionary, entries in words.aliases()["words"].items():
        listed = {words.folded(word) for word in entries} | {words.folded(word) for more in entries.values() for word in more}
        assert len(words.free_words(dictionary)) == len(listed)
        for canonical, more in entries.items():
            assert {words.free_words(dictionary)[words.folded(word)] for word in (canonical, *more)} == {canonical}


def test_the_schema_covers_every_field_of_every_record() -> None:
    for table in TABLES:
        assert [column.field for column in table.columns] == list(table.record.model_fields)
        for column in table.columns:
            assert (column.kind is Kind.WORDS) == bool(column.words)


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 9999),
    st.sampled_from(["", "-"]),
    st.sampled_from(["", " ", "a", "x: ", "("]),
)
def test_every_cpr_number_is_seen(day: date, serial: int, hyphen: str, before: str) -> None:
    text = f"{before}{day:%d%m%y}{hyphen}{serial:04}"
    assert has_cpr(text)
    assert cells_with_cpr(["fine", text, "2027-03-01"]) == [1]
    assert not has_cpr("7" + text.strip("ax: ("))
    assert not has_cpr(text + "7")


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_as_text_has_no_useless_decimals(number: float) -> None:
    assert not text_of(number).endswith(".0")
