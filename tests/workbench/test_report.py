"""The workbooks as Excel opens them: sheets, frozen headings, filters, bars and colours; no formula, ever."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.workbench.desk import ask, child, rows_of, three_by_three, volunteer, write_case
from workbench.report.book import Book
from workbench.report.grid import Column, Row, draw, lines_of

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")  # openpyxl cannot read Excel 2010's bars


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    case = three_by_three(folder / "case")
    for command in ("propose", "assign"):
        for language in ("da", "en"):
            assert ask(command, case, "--language", language).returncode == 0
    return folder / "out"


def opened(path):
    return openpyxl.load_workbook(path)


def shown(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("name", "sheets"),
    [
        ("forslag", ["Forslag", "Børn", "Hvorfor ikke", "Beslutninger", "Om"]),
        ("proposals", ["Proposals", "Children", "Why not", "Decisions", "About"]),
        ("plan", ["Plan", "Without a match", "About"]),
    ],
)
def test_sheets(out, name, sheets):
    book = opened(out / f"{name}.xlsx")
    assert book.sheetnames == sheets
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes[1:] == "2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.font.bold for cell in sheet[1])
        assert all(sheet.column_dimensions[cell.column_letter].width > 4 for cell in sheet[1])
        assert sheet.page_setup.orientation == "landscape"


@pytest.mark.parametrize("name", ["forslag", "proposals", "plan"])
def test_no_cell_is_a_formula(out, name):
    for sheet in opened(out / f"{name}.xlsx").worksheets:
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_proposals_sheet_says_what_the_file_says(out):
    sheet = opened(out / "forslag.xlsx")["Forslag"]
    rows, listed = shown(sheet), rows_of(out / "proposals.csv")
    heads = [cell.value for cell in sheet[1]]
    first = heads.index("Rejsetid (af 25)")
    assert len(rows) == len(listed) == 4
    for row, proposal in zip(rows, listed, strict=True):
        assert row[:3] == [proposal["child_id"], int(proposal["rank"]), proposal["volunteer_id"]]
        assert Decimal(str(row[3])) == Decimal(proposal["score"])
        assert row[4:6] == [int(proposal["waiting_days"]), int(proposal["previous_friendships"])]
        assert row[6] == round(float(proposal["minutes"]))
        parts = [Decimal(str(value)) for value in row[first : first + 9]]
        assert sum(parts) == Decimal(proposal["score"])
    assert heads[8:11] == ["Beslutning", "Besluttet af", "Begrundelse"]
    assert heads[first + 1] == "Interesser (af 20)"


def test_score_is_a_bar_and_parts_are_shaded(out):
    sheet = opened(out / "forslag.xlsx")["Forslag"]
    kinds = {str(area.sqref): rules[0].type for area, rules in sheet.conditional_formatting._cf_rules.items()}
    assert kinds["D2:D5"] == "dataBar"
    assert sum(kind == "colorScale" for kind in kinds.values()) == 9
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == "Rejsetid (af 25)")
    (rule,) = sheet.conditional_formatting[f"{letter}2:{letter}5"]
    assert [c.rgb for c in rule.colorScale.color] == ["FFFFFFFF", "FF6FA8DC"]
    assert [(v.type, v.val) for v in rule.colorScale.cfvo] == [("num", 0.0), ("num", 25.0)]


def test_minutes_from_a_postcode_are_about(tmp_path):
    case = write_case(tmp_path / "case", [child(latitude="", longitude="")], [volunteer()])
    assert ask("propose", case).returncode == 0
    cell = opened(tmp_path / "out" / "forslag.xlsx")["Forslag"]["G2"]
    assert cell.number_format == '"ca. "0" min."'
    assert cell.value == int(cell.value)
    assert "ca. " in rows_of(tmp_path / "out" / "proposals.csv")[0]["reasons"].lower()


def test_children_and_why_not(out):
    book = opened(out / "forslag.xlsx")
    children = shown(book["Børn"])
    assert [(row[0], row[7], row[8]) for row in children] == [("B1", 2, "V1"), ("B2", 2, "V1"), ("B3", 0, None)]
    assert {row[-1] for row in children} == {"V1", "V2", None}
    ((child_id, *_, way, would_help),) = shown(book["Hvorfor ikke"])
    assert child_id == "B3"
    assert way.startswith("Rejsetid udelukker 3, heraf 2 alene af den grund")
    assert would_help.startswith("1. Begges grænse for rejsen 45/45 → ")


def test_why_not_is_there_where_everybody_has_proposals(tmp_path):
    case = write_case(tmp_path / "case", [child()], [volunteer()])
    assert ask("propose", case).returncode == 0
    assert "Alle børn har forslag." in shown(opened(tmp_path / "out" / "forslag.xlsx")["Hvorfor ikke"])[0]


def test_an_own_rule_is_said_with_what_it_would_open(tmp_path):
    case = write_case(tmp_path / "case", [child(home_visit_on="")], [volunteer()])
    assert ask("propose", case).returncode == 0
    row = shown(opened(tmp_path / "out" / "forslag.xlsx")["Hvorfor ikke"])[0]
    assert row[-1] == "Når hjemmebesøget er gennemført, er der mulighed for 1 frivillig (V1)."


def test_about_says_what_it_is_and_what_differs(tmp_path):
    case = three_by_three(tmp_path / "case")
    with (case / "settings.toml").open("a", encoding="utf-8") as file:
        file.write("travel_time.max_minutes = 60\n")
    assert ask("propose", case, "--child", "B1", "--top", "2").returncode == 0
    about = dict(row[:2] for row in shown(opened(tmp_path / "out" / "forslag.xlsx")["Om"]))
    assert about["Spørgsmålet"] == "De bedste frivillige til B1; højst 2 forslag til hvert barn."
    assert about["Indstillinger, der afviger"] == "travel_time.max_minutes = 60 (standard 45)"
    assert about["Planlægningsdato"] == "04-01-2027"
    assert "værd eller risiko" in about["Hvad point er"]
    assert about["Et menneske beslutter"].startswith("Dette er forslag til to matchere")


@pytest.mark.parametrize("text", ["=1+1", "+45", "-1", "@SUM(A1)", "{=A1}", "http://example.org", "mailto:a@example.org"])
def test_text_stays_text(tmp_path, text):
    book = Book("t")
    draw(book, "S", [Column(title=text, width=10)], [Row("g", (text,))], frozen=1)
    (tmp_path / "t.xlsx").write_bytes(book.content())
    sheet = opened(tmp_path / "t.xlsx")["S"]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in (sheet["A1"], sheet["A2"])] == [(text, "s", None)] * 2


def test_ids_that_look_like_formulas_stay_ids(tmp_path):
    case = write_case(tmp_path / "case", [child(child_id="=1+1")], [volunteer(volunteer_id="@V")])
    for command in ("propose", "assign"):
        assert ask(command, case).returncode == 0
    for name in ("forslag", "plan"):
        for sheet in opened(tmp_path / "out" / f"{name}.xlsx").worksheets:
            assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert rows_of(tmp_path / "out" / "assignment.csv")[0]["child_id"] == "=1+1"


def test_lines_are_counted_as_they_wrap():
    assert lines_of("kort", 10) == 1
    assert lines_of("en\nto\ntre", 10) == 3
    assert lines_of("ord " * 40, 20) >= 160 / (20 * 1.17)
