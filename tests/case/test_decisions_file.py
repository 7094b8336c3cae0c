"""A file of decisions beside a case: forms and plain tables that are read, and every way in which one is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.case import words
from matcher.case.decisions_file import holds_decisions
from tests.case.case_files import BASE, read, write_csv
from tests.case.test_findings_words import PLACES, SENTENCES, placeholders
from tests.volume import volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from matcher.findings import Finding
    from matcher.records import Case, Decision

PEOPLE = {
    **{name: rows for name, rows in BASE.items() if name in {"children", "volunteers"}},
    "decisions": [{"child_id": "c1", "volunteer_id": "v1", "kind": "lock", "by": "Ane"}],
}
PEOPLE["children"] = [
    {**PEOPLE["children"][0], "child_id": c, "birth_date": f"2018-05-{n}"} for n, c in enumerate(("c1", "c2", "007"), 11)
]
PEOPLE["volunteers"] = [
    {**PEOPLE["volunteers"][0], "volunteer_id": v, "birth_date": f"1990-05-{n}"} for n, v in enumerate(("v1", "v2"), 11)
]
RULES: dict[str, Any] = {
    "rules": {"travel_time", "smoke_free"},
    "locked": {"smoke_free"},
    "rule_titles": {"Rejsetid": "travel_time", "Travel time": "travel_time", "Rygning": "smoke_free"},
}
DA = ("Barn", "Nr.", "Frivillig", "Point (0–100)", "Beslutning", "Besluttet af", "Begrundelse", "Grunde")
EN = ("Child", "No.", "Volunteer", "Points (0–100)", "Decision", "Decided by", "Reason", "Reasons")
PLAIN = ("child_id", "volunteer_id", "kind", "rule", "by", "reason")
Sheets = dict[str, list[tuple[Any, ...]]]


def form(heading: tuple[str, ...], *decisions: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The proposals' sheet; a decision is child, volunteer, decision, by and reason."""
    rows = [(child, 1, volunteer, 55.5, *rest, "…") for child, volunteer, *rest in decisions]
    return [heading, *rows]


def book(path: Path, sheets: Sheets) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def with_decisions(folder: Path, *files: Path, **options: Any) -> tuple[Case | None, list[Finding]]:
    case = write_csv(folder / "case", PEOPLE)
    return read(case, decisions=files, **RULES, **options)


def added(case: Case | None) -> list[tuple[str, ...]]:
    """The decisions beside the case's own."""
    assert case is not None
    return [said(row) for row in case.decisions if row.by != "Ane"]


def said(row: Decision) -> tuple[str, ...]:
    return row.child_id, row.volunteer_id, row.kind, row.rule, row.by, row.reason


GOOD = [("c1", "v2", "forbyd", "Bo", "for langt"), ("c2", "v1", None, None, None), ("c2", "v2", "lås", "Bo", None)]
MEANT = [("c1", "v2", "forbid", "", "Bo", "for langt"), ("c2", "v2", "lock", "", "Bo", "")]


@pytest.mark.parametrize("heading", [DA, EN])
def test_a_form_in_either_language(tmp_path: Path, heading: tuple[str, ...]) -> None:
    path = book(tmp_path / "f.xlsx", {"Mine": form(heading, *GOOD), "Om": [("Om dette regneark",), (None, "Spørgsmålet")]})
    case, findings = with_decisions(tmp_path, path)
    assert added(case) == MEANT
    assert findings == []
    assert holds_decisions(path)


@given(order=st.permutations(range(8)), rows=st.permutations(range(3)))
@settings(max_examples=volume(ci=20, long=300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sorted_rows_and_moved_columns_say_the_same(tmp_path: Path, order: list[int], rows: list[int]) -> None:
    made = form(DA, *(GOOD[row] for row in rows))
    path = book(tmp_path / "f.xlsx", {"Forslag": [tuple(row[at] for at in order) for row in made]})
    assert added(with_decisions(tmp_path, path)[0]) == MEANT


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("danish", [False, True])
def test_a_plain_table(tmp_path: Path, suffix: str, danish: bool) -> None:
    heading = tuple(map(words.danish_column, PLAIN)) if danish else PLAIN
    rows: list[tuple[Any, ...]] = [
        heading,
        ("007", "v2", "waive", "travel_time", "Bo", "har bil nu"),
        ("c2", "v2", "dispenser", " REJSETID", "Bo", ""),
        ("c1", "v2", "Lock", "", "Bo", ""),
    ]
    path = tmp_path / f"mine.{suffix}"
    if suffix == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    else:
        book(path, {"beslutninger" if danish else "decisions": rows})
    case, findings = with_decisions(tmp_path, path)
    assert findings == []
    assert added(case) == [
        ("007", "v2", "waive", "travel_time", "Bo", "har bil nu"),
        ("c1", "v2", "lock", "", "Bo", ""),
        ("c2", "v2", "waive", "travel_time", "Bo", ""),
    ]


def test_a_form_saved_as_csv_and_several_files(tmp_path: Path) -> None:
    first, second = tmp_path / "decisions.csv", book(tmp_path / "f.xlsx", {"Forslag": form(DA, *GOOD)})
    with first.open("w", encoding="cp1252", errors="replace", newline="") as file:
        csv.writer(file, delimiter=";").writerows(form(DA, ("007", "v1", "lås", "Bo", "Åse spurgte"), *GOOD[1:]))
    case, findings = with_decisions(tmp_path, first, second, first)
    assert findings == []
    assert added(case) == [("007", "v1", "lock", "", "Bo", "Åse spurgte"), *MEANT]


def test_the_same_decision_counts_once(tmp_path: Path) -> None:
    again = [("c1", "v1", "lås", "Bo", "igen"), ("c1", "v2", "forbyd", "Bo", "x")]
    path = book(
        tmp_path / "f.xlsx",
        {
            "Forslag": form(DA, *again),
            "Forslag (2)": form(DA, *again),
            "Beslutninger": [PLAIN, ("c1", "v2", "forbid", "", "Bo", "y")],
        },
    )
    case, findings = with_decisions(tmp_path, path)
    assert case is not None
    assert findings == []
    assert list(map(said, case.decisions)) == [("c1", "v1", "lock", "", "Ane", ""), ("c1", "v2", "forbid", "", "Bo", "x")]


def test_filtered_rows_count_and_are_told_of(tmp_path: Path) -> None:
    path = book(tmp_path / "f.xlsx", {"Forslag": form(DA, *GOOD)})
    made = openpyxl.load_workbook(path)
    made["Forslag"].row_dimensions[2].hidden = True
    made["Forslag"].column_dimensions["H"].hidden = True
    made.save(path)
    case, findings = with_decisions(tmp_path, path)
    assert added(case) == MEANT
    assert {finding.code for finding in findings} == {"hidden_rows", "hidden_columns"}
    assert not any(finding.is_fault for finding in findings)


def test_what_stands_in_other_columns_and_sheets_is_nobodys_concern(tmp_path: Path) -> None:
    rows = form((*DA, "Note", "note"), *((*row,) for row in GOOD))
    rows[1] = (*rows[1], "#N/A", "a\u200bb")
    path = book(tmp_path / "f.xlsx", {"Børn": [("Barn", "Alder"), ("c1", "#REF!"), ("c9", 9)], "Forslag": rows})
    case, findings = with_decisions(tmp_path, path)
    assert added(case) == MEANT
    assert findings == []


@pytest.mark.parametrize("by", [None, "Bo"])
def test_nothing_decided_is_told_and_changes_nothing(tmp_path: Path, by: str | None) -> None:
    path = book(tmp_path / "f.xlsx", {"Forslag": form(DA, ("c1", "v1", None, by, None))})
    case, findings = with_decisions(tmp_path, path)
    assert added(case) == []
    assert {finding.code for finding in findings} == {"no_decisions", *(["row_without_decision"] if by else [])}
    assert holds_decisions(path) == bool(by)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    case, findings = with_decisions(tmp_path)
    assert added(case) == []
    assert findings == []
    assert not holds_decisions(tmp_path / "nothing.xlsx")


@dataclass
class Bad:
    """A file and what is said of it: code, row, column, masked value, and whether it refuses."""

    sheets: Sheets
    code: str
    row: int | None = 2
    column: str = ""
    value: str = ""
    fault: bool = True


def of_form(code: str, column: str, *decision: Any, value: str = "", heading: tuple[str, ...] = DA) -> Bad:
    return Bad({"Forslag": form(heading, decision)}, code, 2, column, value)


def of_table(code: str, column: str, *decision: Any, value: str = "", fault: bool = True) -> Bad:
    return Bad({"Beslutninger": [PLAIN, decision]}, code, 2, column, value, fault)


CPR = "010203-1234"
ALSO = {  # what else is wrong with such a cell
    "cpr_number": ("unknown_id",),
    "formula_without_value": ("unknown_code", "formulas_not_computed"),
    "invisible_character": ("unknown_code_near",),
}
BAD = {
    "unknown child": of_form("unknown_id", "Barn", "Søren", "v2", "lås", "Bo", None, value="xxxxx"),
    "unknown volunteer": of_form("unknown_id", "Volunteer", "c1", "v77", "lock", "Bo", None, value="x99", heading=EN),
    "unknown word": of_form("unknown_code", "Beslutning", "c1", "v2", "måske", "Bo", None, value="xxxxx"),
    "misspelt word": of_form("unknown_code_near", "Beslutning", "c1", "v2", "forbydd", "Bo", None, value="xxxxxxx"),
    "a number for a word": of_form("unknown_code", "Beslutning", "c1", "v2", 1, "Bo", None, value="9"),
    "nobody decided": of_form("blank_required", "Besluttet af", "c1", "v2", "lås", None, "sødt"),
    "nobody decided, only spaces": of_form("blank_required", "Besluttet af", "c1", "v2", "lås", "  ", None),
    "no child": of_form("blank_required", "Barn", None, "v2", "lås", "Bo", None),
    "no volunteer": of_form("blank_required", "Frivillig", "c1", None, "lås", "Bo", None),
    "against the case": of_form("locked_and_forbidden", "Beslutning", "c1", "v1", "forbyd", "Bo", None, value="xxxxxx"),
    "CPR in a reason": of_form("cpr_number", "Begrundelse", "c1", "v2", "lås", "Bo", CPR, value="999999-9999"),
    "CPR in an id": of_form("cpr_number", "Barn", CPR, "v2", "lås", "Bo", None, value="999999-9999"),
    "a formula without a value": of_form("formula_without_value", "Beslutning", "c1", "v2", "=A1", "Bo", None, value="?"),
    "an invisible letter": of_form("invisible_character", "Beslutning", "c1", "v2", "lå\u200bs", "Bo", None, value="xx·x"),
    "unknown rule": of_table("unknown_rule", "rule", "c1", "v2", "waive", "xyzzy", "Bo", None, value="xxxxx"),
    "misspelt rule": of_table("unknown_rule_near", "rule", "c1", "v2", "waive", "Rejsetidd", "Bo", None, value="xxxxxxxxx"),
    "nobody decided a plain lock": of_table("blank_required", "by", "c1", "v2", "lock", None, None, "x"),
    "a table's row without a kind": of_table("blank_required", "kind", "c1", "v2", None, None, "Bo", None),
    "a waiver without a rule": of_table("waive_without_rule", "rule", "c1", "v2", "waive", None, "Bo", None, fault=False),
    "a waiver of a locked rule": of_table(
        "waive_of_locked_rule", "rule", "c1", "v2", "waive", "Rygning", "Bo", None, value="xxxxxxx", fault=False
    ),
    "CPR on another sheet": Bad(
        {"Forslag": form(DA, *GOOD), "Noter": [("Barn", "Note"), ("c1", f"mor {CPR}")]},
        "cpr_number", 2, "Note", "xxx 999999-9999",
    ),
    "both in one file": Bad(
        {"Forslag": form(DA, *GOOD), "Beslutninger": [PLAIN, ("c1", "v2", "lock", None, "Bo", None)]},
        "locked_and_forbidden", 2, "kind", "xxxx",
    ),
    "the children's column is gone": Bad({"Forslag": [row[1:] for row in form(DA, *GOOD)]}, "missing_column", 1, "child_id"),
    "by's column is gone": Bad({"Forslag": [row[:5] + row[6:] for row in form(DA, *GOOD)]}, "missing_column", 1, "by"),
    "two decision columns": Bad({"Forslag": form((*DA, "Slags"), *GOOD)}, "column_twice", 1, "Slags"),
    "no decision column": Bad({"Forslag": [row[:4] for row in form(DA, *GOOD)]}, "no_decision_column", None),
    "the decision column renamed": Bad(
        {"Forslag": form((*DA[:4], "Beslutningen", *DA[5:]), *GOOD), "Beslutninger": [PLAIN]}, "no_decision_column_near", None
    ),
    "another workbook": Bad({"Ark1": [("Navn", "Alder"), ("Bo", 9)]}, "no_decision_column", None),
    "an empty workbook": Bad({"Ark1": []}, "no_decision_column", None),
    "a title above the heading": Bad(
        {"Forslag": [("Uge 12",), *form(DA, *GOOD)], "Beslutninger": [PLAIN]}, "heading_not_first", 1
    ),
    "a wide title above the heading": Bad(
        {"Forslag": [("Uge 12", "Bo", "2027"), *form(DA, *GOOD)], "Beslutninger": [PLAIN]}, "heading_not_first", 1
    ),
    "a value under no heading": Bad(
        {"Forslag": [(*row, None, "lås") if number else row for number, row in enumerate(form(DA, *GOOD))]},
        "value_without_heading", 2, "J",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refused_or_warned_of(tmp_path: Path, name: str) -> None:
    bad = BAD[name]
    case, findings = with_decisions(tmp_path, book(tmp_path / "f.xlsx", bad.sheets))
    assert {finding.code for finding in findings} <= {bad.code, *ALSO.get(bad.code, ())}
    found = next(finding for finding in findings if finding.code == bad.code)
    assert (found.code, found.row, found.column, found.value) == (bad.code, bad.row, bad.column, bad.value)
    assert found.file.startswith("f.xlsx")
    assert found.is_fault == bad.fault == (case is None)
    assert CPR not in repr(findings)
    for sentence in SENTENCES[found.code].values():
        assert placeholders(sentence) <= PLACES | found.facts.keys()


def test_a_locked_rule_is_not_waived_and_everything_is_told_at_once(tmp_path: Path) -> None:
    rows = form(DA, ("c9", "v9", "lås", None, None), ("c1", "v1", "forbyd", "Bo", None), ("c1", "v2", "nej", "Bo", CPR))
    case, findings = with_decisions(
        tmp_path, book(tmp_path / "f.xlsx", {"Forslag": rows}), tmp_path / "nothing.csv", settings_file=tmp_path / "none.toml"
    )
    assert case is None
    assert {(finding.code, finding.row) for finding in findings if finding.file.startswith("f.xlsx")} == {
        ("unknown_id", 2), ("blank_required", 2), ("locked_and_forbidden", 3), ("unknown_code", 4), ("cpr_number", 4),
    }  # fmt: skip
    assert ("path_missing", "nothing.csv") in {(finding.code, finding.file) for finding in findings}
    assert len({finding.file for finding in findings}) == 3


def damaged(path: Path) -> Path:
    """A sound zip whose sheet is cut short."""
    book(path, {"Forslag": form(DA, *GOOD)})
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    path.write_bytes(content.getvalue())
    return path


def entity(path: Path) -> Path:
    book(path, {"Forslag": form(DA, *GOOD)})
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, b'<!DOCTYPE x [<!ENTITY a "b">]>' + data if "sheet1" in name else data)
    path.write_bytes(content.getvalue())
    return path


def holding(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


FILES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "missing": ("f.xlsx", lambda path: path, "path_missing"),
    "folder": ("f", a_folder, "no_decision_column"),
    "empty": ("f.xlsx", holding(b""), "empty_file"),
    "empty csv": ("f.csv", holding(b""), "empty_file"),
    "text": ("f.xlsx", holding(b"lock c1 v1"), "not_workbook_unknown"),
    "pdf": ("f.xlsx", holding(b"%PDF-1.7 x"), "not_workbook"),
    "zip end": ("f.xlsx", holding(b"PK\x03\x04" + b"\0" * 99), "zip_damaged"),
    "xlsx as csv": ("f.csv", holding(b"PK\x03\x04" + b"\0" * 99), "csv_is_zip"),
    "binary csv": ("f.csv", holding(bytes(range(32)) * 9), "binary_file"),
    "ragged csv": ("f.csv", holding(b"child_id,volunteer_id,kind,by\nc1,v2,lock,Bo,more\n"), "ragged_row"),
    "csv without decisions": ("f.csv", holding(b"navn;alder\nBo;9\n"), "no_decision_column"),
    "macros": ("f.xlsm", holding(b"PK\x03\x04"), "macro_workbook"),
    "damaged sheet": ("f.xlsx", damaged, "part_damaged"),
    "document type": ("f.xlsx", entity, "xml_document_type"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    file, make, code = FILES[name]
    path = make(tmp_path / file)
    case, findings = with_decisions(tmp_path, path)
    assert case is None
    assert [finding.code for finding in findings] == [code]
    assert findings[0].file.startswith(file)
    assert not holds_decisions(path) or name == "ragged csv"


@given(data=st.binary(max_size=200), csv_too=st.booleans())
@settings(max_examples=volume(ci=60, long=5_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_the_reader(tmp_path: Path, data: bytes, csv_too: bool) -> None:
    path = holding(data)(tmp_path / ("f.csv" if csv_too else "f.xlsx"))
    case, findings = with_decisions(tmp_path, path)
    assert case is None
    assert findings


def test_a_decision_of_someone_in_a_table_that_cannot_be_read_is_not_called_unknown(tmp_path: Path) -> None:
    path = book(tmp_path / "f.xlsx", {"Forslag": form(DA, ("c1", "v2", "lås", "Bo", None))})
    folder = write_csv(tmp_path / "case", PEOPLE)
    (folder / "volunteers.csv").write_bytes(b"")
    case, findings = read(folder, decisions=(path,), **RULES)
    assert case is None
    assert [finding.code for finding in findings] == ["empty_file"]


def test_titles_of_rules_are_read_in_the_case_too(tmp_path: Path) -> None:
    own = {"child_id": "c1", "volunteer_id": "v2", "kind": "waive", "rule": "Rejsetid", "by": "Ane"}
    case, findings = read(write_csv(tmp_path / "case", {**PEOPLE, "decisions": [own]}), **RULES)
    assert findings == []
    assert case is not None
    assert case.decisions[0].rule == "travel_time"


def test_a_table_with_room_for_more(tmp_path: Path) -> None:
    """Rows that name a pair, or nothing, and say nothing of it; a column of somebody's own."""
    rows = [(*PLAIN, "set"), ("c1", "v2", "lock", None, "Bo", None, "x"), ("c2", "v1", *[None] * 5), (*[None] * 6, "x")]
    case, findings = with_decisions(tmp_path, book(tmp_path / "f.xlsx", {"decisions": rows}))
    assert added(case) == [("c1", "v2", "lock", "", "Bo", "")]
    assert [(finding.code, finding.column) for finding in findings] == [("unknown_column", "set")]


def test_typed_cells_are_the_text_that_a_person_sees(tmp_path: Path) -> None:
    path = book(tmp_path / "f.xlsx", {"Forslag": form(DA, ("c1", "v2", "lås", 7, date(2027, 3, 1)))})
    assert added(with_decisions(tmp_path, path)[0]) == [("c1", "v2", "lock", "", "7", "2027-03-01")]
