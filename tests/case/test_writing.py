"""What is written reads back as the same case, in every form and language; the template reads back as an empty case."""

from __future__ import annotations

import typing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.case import read_case, words, write_case, write_template
from matcher.case.tables import TABLES, Column, Kind
from matcher.case.truths import QUOTA_CHOICES
from matcher.records import Case, Volunteer
from tests.case.case_files import BASE, KNOWN, TODAY, good, read, write_csv
from tests.volume import volume

MARKS = "æøåÅé ßÿ-_'\"<>=+#&.!?%$€\U0001f600"
TEXTS = st.text(st.sampled_from("abcXYZ0127" + MARKS), min_size=1, max_size=12).map(words.plain).filter(bool)
TEXTS_OR_ODD = st.one_of(
    TEXTS,
    st.sampled_from(["NA", "null", "True", "=1+1", "<script>", "007", "1e5", "2027-03-01", "None", "to\nlinjer", "a,b;c|d"]),
)
NUMBERS = st.integers(0, 10**9).map(lambda number: number / 10**6)
DATES = st.dates(date(1800, 1, 1), date(9999, 12, 31))
RANGES = st.tuples(DATES, DATES).map(lambda ends: (min(ends), max(ends)))


def ids(table: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{table[:2]} {number}" for number in range(4)] + ["007", "7", "NA", "Åse"])


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Values that a column's cells may mean."""
    free = st.sampled_from(words.vocabulary(column.words) if column.words else ("x",))
    unknown = TEXTS.map(words.folded).filter(lambda word: not column.words or words.canonical_word(column.words, word)[0] == word)
    return {
        Kind.ID: ids(column.name),
        Kind.TEXT: TEXTS_OR_ODD,
        Kind.CODE: st.sampled_from(column.choices or ("x",)),
        Kind.DATE: DATES,
        Kind.NUMBER: NUMBERS,
        Kind.WHOLE: st.integers(0, 1000),
        Kind.YES_NO: st.booleans(),
        Kind.POSTCODE: st.sampled_from(["2750", "8000", "0800", "9999"]),
        Kind.LATITUDE: st.integers(545, 579).map(lambda tenths: tenths / 10),
        Kind.LONGITUDE: st.integers(80_0000, 153_0000).map(lambda parts: parts / 10**5),
        Kind.IDS: st.lists(ids("volunteer_id"), max_size=3, unique=True).map(tuple),
        Kind.CODES: st.lists(st.sampled_from(column.choices or ("x",)), max_size=4, unique=True).map(tuple),
        Kind.WORDS: st.lists(st.one_of(free, unknown), max_size=4, unique=True).map(tuple),
        Kind.RANGES: st.lists(RANGES, max_size=3, unique=True).map(tuple),
    }[column.kind]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case without faults: drawn freely, then what cannot be true is taken out."""
    tables: dict[str, Any] = {}
    for table in TABLES:
        rows = [draw_row(draw, table.columns, table.name) for _ in range(draw(st.integers(0, 3)))]
        tables[table.name] = list({row[table.key] if table.key else number: row for number, row in enumerate(rows)}.values())
    people = {
        "child_id": {r["child_id"] for r in tables["children"]},
        "volunteer_id": {r["volunteer_id"] for r in tables["volunteers"]},
    }
    for name in ("friendships", "offers", "decisions"):
        tables[name] = [row for row in tables[name] if all(row[column] in known for column, known in people.items())]
    given = draw(
        st.dictionaries(
            st.sampled_from(["seed", "travel.detour", "name x"]),
            st.sampled_from([1, 2.5, True, "abc", ("a", "b"), date(2027, 1, 2)]),
        )
    )
    made = {
        t.name: tuple(t.record(**{t.by_name[k].field: v for k, v in row.items() if v is not None}) for row in tables[t.name])
        for t in TABLES
    }
    return Case(planning_date=TODAY, settings=given, **made)


def draw_row(draw: st.DrawFn, columns: tuple[Column, ...], table: str) -> dict[str, Any]:
    row: dict[str, Any] = {c.name: draw(cells(c)) for c in columns if c.required or draw(st.booleans())}
    row = {name: value for name, value in row.items() if value != () or name in {"programmes", "programme"}}
    if ("latitude" in row) != ("longitude" in row):
        row.pop("latitude", None), row.pop("longitude", None)
    if "birth_date" in row:
        row["birth_date"] = min(row["birth_date"], TODAY)
    for start, end in (("started_on", "ended_on"), ("paused_from", "paused_until"), ("from", "to")):
        if start in row and end in row:
            row[start], row[end] = sorted((row[start], row[end]))
    for column in ("programmes", "programme"):
        if row.get(column) == ():
            row[column] = ("voksenven",)
    return row | special(draw, row, table)


def special(draw: st.DrawFn, row: dict[str, Any], table: str) -> dict[str, Any]:
    """What the reader would fill in, and what a row's values must agree on."""
    if table in {"children", "volunteers"}:
        filled = {"municipality": draw(st.sampled_from(["Ballerup", "Aarhus", "Ukendt By"]))}
        return filled | ({"previous_friendships": 1} if table == "children" else {})
    if table == "quotas":
        return {
            "value": draw(
                st.sampled_from(
                    QUOTA_CHOICES.get(row["dimension"], ("bryd_boblen", "Nyt"))
                    if row["dimension"] != "initiative"
                    else ("bryd_boblen",)
                )
            )
        }
    if table == "decisions":
        return {"rule": "travel_time" if row["kind"] == "waive" else ""}
    if table == "meetings":
        return {"slot": words_day(row["date"]) + row["slot"][3:], "pinned": False}
    return {}


def words_day(day: date) -> str:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]


def canonical(case: Case) -> dict[str, Any]:
    by = {table.name: [table.key] if table.key else [column.field for column in table.columns] for table in TABLES}
    return {
        name: sorted(
            (record.model_dump() for record in getattr(case, name)),
            key=lambda record, name=name: [str(record[field]) for field in by[name]],
        )
        for name in by
    } | {"settings": dict(case.settings)}


@given(case=cases(), language=st.sampled_from(["en", "da"]), form=st.sampled_from(["case", "case.xlsx"]))
@settings(
    max_examples=volume(ci=60, long=5_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_written_reads_back_equal(case: Case, language: str, form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("round") / form
    write_case(case, path, language=language)
    again, _ = read_case(path, today=TODAY, postcodes=KNOWN)
    assert canonical(again) == canonical(case)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_same_case_gives_the_same_bytes(language: str, tmp_path: Path) -> None:
    case = good(write_csv(tmp_path / "in", BASE))
    for name in ("1", "2"):
        write_case(case, tmp_path / name, language=language)
        write_case(case, tmp_path / f"{name}.xlsx", language=language)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    for file in (tmp_path / "1").iterdir():
        assert file.read_bytes() == (tmp_path / "2" / file.name).read_bytes()
    assert good(tmp_path / "1.xlsx") == good(tmp_path / "1") == case


def test_danish_workbooks_speak_danish(tmp_path: Path) -> None:
    case = good(write_csv(tmp_path / "in", BASE))
    write_case(case, tmp_path / "case.xlsx", language="da")
    book = openpyxl.load_workbook(tmp_path / "case.xlsx")
    assert book.sheetnames[:2] == ["børn", "frivillige"]
    heading, row = book["børn"].iter_rows(max_row=2, values_only=True)
    found = dict(zip(heading, row, strict=True))
    assert (found["køn"], found["fødselsdato"].date(), found["postnummer"], found["sprog"]) == (
        "pige",
        date(2018, 5, 12),
        "2750",
        "dansk",
    )


def test_text_stays_text_in_a_workbook(tmp_path: Path) -> None:
    tables = {**BASE, "venues": [BASE["venues"][0] | {"name": "=1+1"}]}
    write_case(good(write_csv(tmp_path / "in", tables)), tmp_path / "case.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "case.xlsx")["venues"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_what_a_file_cannot_hold_is_refused(tmp_path: Path) -> None:
    case = good(write_csv(tmp_path / "in", BASE))
    split = case.model_copy(update={"volunteers": (case.volunteers[0].model_copy(update={"likes": ("a;b",)}),)})
    with pytest.raises(ValueError, match="two"):
        write_case(split, tmp_path / "out")
    long = case.model_copy(update={"venues": (case.venues[0].model_copy(update={"name": "x" * 40_000}),)})
    with pytest.raises(ValueError, match="too long"):
        write_case(long, tmp_path / "out.xlsx")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_template_is_an_empty_case(language: str, tmp_path: Path) -> None:
    path = tmp_path / "skabelon.xlsx"
    write_template(path, language=language)
    case = good(path)
    assert not any(getattr(case, table.name) for table in TABLES)
    first = path.read_bytes()
    write_template(path, language=language)
    assert path.read_bytes() == first


def test_the_template_explains_and_offers_choices(tmp_path: Path) -> None:
    path = tmp_path / "skabelon.xlsx"
    write_template(path, language="da")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [*(words.danish_table(table.name) for table in TABLES), "indstillinger", "vejledning"]
    children = book["børn"]
    assert children.freeze_panes == "B2"
    notes = {cell.value: cell.comment.text for cell in children[1]}
    assert "pige, dreng, andet" in notes["køn"]
    assert all(notes.values())
    assert {v.formula1 for v in children.data_validations.dataValidation} >= {
        '"pige,dreng,andet"',
        '"voksenven,storebror,familieven"',
    }
    slots = book["møder"].data_validations.dataValidation[0].formula1
    assert slots == "'vejledning'!$G$2:$G$22"
    assert [row[0].value for row in book["vejledning"]["G2:G22"]] == [
        words.danish_code(s) for s in typing.cast("Any", TABLES[10].by_name["slot"].choices)
    ]


def test_a_filled_template_is_read(tmp_path: Path) -> None:
    path = tmp_path / "skabelon.xlsx"
    write_template(path, language="da")
    book = openpyxl.load_workbook(path)
    for table in ("children", "volunteers"):
        sheet = book[words.danish_table(table)]
        for column, value in BASE[table][0].items():
            at = [cell.value for cell in sheet[1]].index(words.danish_column(column)) + 1
            sheet.cell(2, at, value)
    book.save(path)
    case, findings = read(path)
    assert case is not None, findings
    assert (len(case.children), isinstance(case.volunteers[0], Volunteer)) == (1, True)
