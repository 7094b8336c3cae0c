"""Workbooks: what reads, what refuses, and where the fault is said to be. Each file is made part by part."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from matcher.case import zip_parts
from matcher.case.number_formats import Meaning, meaning_of
from tests.case.sheet_files import (
    GOOD,
    HEADING,
    MAIN,
    OFFICE,
    STYLES,
    book,
    cells,
    number,
    parts,
    read,
    row,
    sentence,
    sheet,
    text,
    zipped,
)


def saved(tmp_path: Path, data: bytes, name: str = "sag.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def raw(reference: str, inside: str, attributes: str = "") -> str:
    return f'<c r="{reference}"{attributes}>{inside}</c>'


def only(tmp_path: Path, data: bytes) -> list[tuple[object, ...]]:
    tables, findings = read(saved(tmp_path, data))
    assert not findings
    assert len(tables) == 1
    return cells(tables[0])


def test_a_plain_workbook(tmp_path: Path) -> None:
    tables, findings = read(saved(tmp_path, book(GOOD)))
    assert not findings
    assert (tables[0].table, tables[0].file, tables[0].list_separators) == ("children", "sag.xlsx [children]", ";|,")
    assert tables[0].heading == ("child_id", "programme", "birth_date")
    assert [(r.number, r.cells) for r in tables[0].rows] == [(2, ("c1", "storebror", date(2015, 3, 1)))]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (number("C2", "42064", 1), date(2015, 3, 1)),
        (number("C2", "42064.75", 2), datetime.fromisoformat("2015-03-01T18:00")),
        (number("C2", "43891.57291666666", 1), datetime.fromisoformat("2020-03-01T13:45")),
        (number("C2", "42064.9999999", 1), date(2015, 3, 2)),
        (number("C2", "1", 1), date(1900, 1, 1)),
        (number("C2", "59", 1), date(1900, 2, 28)),
        (number("C2", "61", 1), date(1900, 3, 1)),
        (number("C2", "2958465", 1), date(9999, 12, 31)),
        (number("C2", "1.5", 3), "36:00"),
        (number("C2", "0.03125", 5), "00:45"),
        (number("C2", "12", 4), 12),
        (number("C2", "42064"), 42064),
        (number("C2", "2100"), 2100),
        (number("C2", "7.0"), 7),
        (number("C2", "1E+7"), 10_000_000),
        (number("C2", "12345678901234567890"), 12345678901234567890.0),
        (number("C2", "-3.25"), -3.25),
        (number("C2", "nan"), "nan"),
        (number("C2", "1e400"), "1e400"),
        (number("C2", "1_0"), "1_0"),
        (raw("C2", "<v>1</v>", ' t="b"'), True),
        (raw("C2", "<v>0</v>", ' t="b"'), False),
        (raw("C2", "<v>2015-03-01T00:00:00</v>", ' t="d"'), date(2015, 3, 1)),
        (raw("C2", "<v>2015-03-01T10:30:00</v>", ' t="d"'), datetime.fromisoformat("2015-03-01T10:30")),
        (raw("C2", "<v>maj</v>", ' t="d"'), "maj"),
        (raw("C2", "<f>A1</f><v>x</v>", ' t="str"'), "x"),
        (raw("C2", "<f>A1</f><v></v>", ' t="str"'), ""),
        (raw("C2", "<f>2*3</f><v>6</v>"), 6),
        (raw("C2", '<is><r><t>fod</t></r><r><t>bold</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>', ' t="inlineStr"'), "fodbold"),
        (text("C2", "a_x000A_b_x005F_x000A_"), "a\nb_x000A_"),
        (text("C2", "A\u030ase"), "Åse"),
        (text("C2", "&lt;script&gt; &amp; 👨‍👩‍👧"), "<script> & 👨‍👩‍👧"),
        (text("C2", "01234567"), "01234567"),
        (text("C2", "   "), ""),
        (raw("C2", "<!-- note --><v>4<![CDATA[2]]></v>"), 42),
    ],
)
def test_values(tmp_path: Path, cell: str, value: object) -> None:
    found = only(tmp_path, book(row(2, text("A2", "c1"), cell)))[0][2]
    assert (found, type(found)) == (value, type(value))


def test_dates_from_1904(tmp_path: Path) -> None:
    data = zipped(parts(sheet(HEADING, row(2, text("A2", "c1"), number("C2", "40602", 1))), flags=' date1904="1"'))
    assert only(tmp_path, data)[0][2] == date(2015, 3, 1)


@pytest.mark.parametrize(("serial", "day"), [("0", date(1904, 1, 1)), ("2957003", date(9999, 12, 31)), ("2957004", None)])
def test_the_ends_of_the_1904_calendar(tmp_path: Path, serial: str, day: date | None) -> None:
    data = zipped(parts(sheet(HEADING, row(2, text("A2", "c1"), number("C2", serial, 1))), flags=' date1904="1"'))
    tables, findings = read(saved(tmp_path, data))
    assert tables[0].rows[0].cells[2] == day if day else findings[0].code == "impossible_date_cell"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("[$-406]d. mmmm yyyy;@", Meaning.DATE),
        ("mmm", Meaning.DATE),
        ("yyyy-mm-dd hh:mm", Meaning.DATE),
        ("hh:mm:ss", Meaning.TIME),
        ("[mm]:ss", Meaning.TIME),
        ("[Red]0.0", Meaning.NUMBER),
        ('0 "dage"', Meaning.NUMBER),
        ("0\\d", Meaning.NUMBER),
        ("General", Meaning.NUMBER),
        ("0.00E+00", Meaning.NUMBER),
        ('#,##0;[Red]"d"', Meaning.NUMBER),
    ],
)
def test_number_formats(code: str, meaning: Meaning) -> None:
    assert meaning_of(200, {200: code}) is meaning


def test_formats_of_conditional_styles_are_not_those_of_cells(tmp_path: Path) -> None:
    made = parts(sheet(HEADING, GOOD))
    other = '<dxfs><dxf><numFmt numFmtId="164" formatCode="0"/></dxf></dxfs></styleSheet>'
    made["xl/styles.xml"] = STYLES.replace("</styleSheet>", other)
    assert only(tmp_path, zipped(made))[0][2] == date(2015, 3, 1)


def test_a_large_workbook_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_parts, "MAX_UNPACKED", 1_000)
    assert len(only(tmp_path, book(GOOD))) == 1


def test_row_numbers_stay_true(tmp_path: Path) -> None:
    rows = [
        row(5, text("A5", "c1")),
        row(6),
        row(7, raw("A7", "", ' s="1"')),
        row(9, text("B9", "x")),
        row(1_048_576, text("A1048576", "z")),
    ]
    tables, findings = read(saved(tmp_path, book(*rows)))
    assert not findings
    assert [r.number for r in tables[0].rows] == [5, 9, 1_048_576]


def test_missing_references_count_on(tmp_path: Path) -> None:
    xml = sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c><c><v>4</v></c></row>")
    tables, _ = read(saved(tmp_path, zipped(parts(xml))))
    assert (tables[0].heading, tables[0].rows[0].number, tables[0].rows[0].cells) == (("1", "2"), 3, (3, 4))


def test_a_false_dimension_hides_no_row(tmp_path: Path) -> None:
    many = [row(n, text(f"A{n}", f"c{n}")) for n in range(2, 2002)]
    tables, findings = read(saved(tmp_path, book(*many, before='<dimension ref="A1:B2"/>')))
    assert not findings
    assert len(tables[0].rows) == 2000


@pytest.mark.parametrize("form", ["prefixed", "strict"])
def test_other_spellings_of_the_format(tmp_path: Path, form: str) -> None:
    made = parts(sheet(HEADING, GOOD))
    if form == "prefixed":
        for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
            xml = made[name].replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
            made[name] = xml
    else:
        made = {
            name: xml.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
                OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
            )
            for name, xml in made.items()
        }
    assert only(tmp_path, zipped(made)) == [("c1", "storebror", date(2015, 3, 1))]


def test_sheets_by_their_danish_names_in_any_case(tmp_path: Path) -> None:
    made = parts({"BØRN": sheet(HEADING, GOOD), " Frivillige": sheet(HEADING), "Noter": sheet(GOOD)})
    tables, findings = read(saved(tmp_path, zipped(made)))
    assert [(t.table, t.file, len(t.rows)) for t in tables] == [
        ("children", "sag.xlsx [BØRN]", 1),
        ("volunteers", "sag.xlsx [ Frivillige]", 0),
    ]
    assert [(f.code, f.file, f.is_fault) for f in findings] == [("unknown_sheet", "sag.xlsx [Noter]", False)]


def test_links_and_capital_endings_are_fine(tmp_path: Path) -> None:
    saved(tmp_path, book(GOOD), "A.XLSX")
    (tmp_path / "link").symlink_to(tmp_path / "A.XLSX")
    assert not read(tmp_path / "link")[1]
    assert not read(tmp_path / "A.XLSX")[1]


UNSEEN = {
    "hidden sheet": (parts(sheet(HEADING, GOOD), states={"children": "hidden"}), "hidden_sheet", {}),
    "very hidden sheet": (parts(sheet(HEADING, GOOD), states={"children": "veryHidden"}), "hidden_sheet", {}),
    "hidden rows": (
        parts(sheet(HEADING, GOOD, *(row(n, text(f"A{n}", f"c{n}"), attributes=' hidden="1"') for n in (3, 5, 6)))),
        "hidden_rows",
        {"count": "3", "rows": "3, 5-6"},
    ),
    "filtered rows": (
        parts(
            sheet(
                HEADING,
                GOOD,
                row(3, text("A3", "c3"), attributes=' hidden="1"'),
                after='<autoFilter ref="A1:C3"><filterColumn colId="0"><filters/></filterColumn></autoFilter>',
            )
        ),
        "filtered_rows",
        {"count": "1", "rows": "3"},
    ),
    "hidden columns": (
        parts(sheet(HEADING, GOOD, before='<cols><col min="2" max="16384" hidden="1" width="9"/></cols>')),
        "hidden_columns",
        {"columns": "B-C"},
    ),
    "never computed": (
        parts(
            sheet(HEADING, GOOD, row(3, text("A3", "c3"), raw("B3", "<f>B2</f><v>0</v>"))),
            calculation='<calcPr fullCalcOnLoad="1"/>',
        ),
        "formulas_not_computed",
        {"count": "1"},
    ),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_excel_does_not_show_is_read_and_told(name: str, tmp_path: Path) -> None:
    made, code, facts = UNSEEN[name]
    tables, findings = read(saved(tmp_path, zipped(made)))
    assert tables[0].rows[0].cells[0] == "c1"
    assert [(f.code, f.is_fault, f.table, dict(f.facts)) for f in findings] == [(code, False, "children", facts)]


def test_an_empty_sheet_warns(tmp_path: Path) -> None:
    tables, findings = read(saved(tmp_path, zipped(parts({"children": sheet(HEADING, GOOD), "volunteers": sheet()}))))
    assert len(tables) == 1
    assert [(f.code, f.is_fault, f.table) for f in findings] == [("empty_sheet", False, "volunteers")]


def test_merged_cells_beside_the_table_do_no_harm(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="E1:F2"/><mergeCell ref="A5:B6"/><mergeCell ref="A1:A1"/></mergeCells>'
    assert only(tmp_path, book(GOOD, after=merged)) == [("c1", "storebror", date(2015, 3, 1))]


MERGED = '<mergeCells><mergeCell ref="B2:B4"/></mergeCells>'
WITH_NAME = text("A2", "c1")
BAD_CELLS = {
    "error": (
        row(2, WITH_NAME, raw("C2", "<v>#REF!</v>", ' t="e"')),
        "",
        "error_value",
        2,
        "birth_date",
        {"error": "#REF!", "cell": "C2"},
    ),
    "error by formula": (
        row(2, WITH_NAME, raw("B2", "<f>NA()</f><v>#N/A</v>", ' t="e"')),
        "",
        "error_value",
        2,
        "programme",
        {"error": "#N/A"},
    ),
    "error as text": (row(2, WITH_NAME, text("B2", "#I/T")), "", "error_value", 2, "programme", {"error": "#I/T"}),
    "error in a row of its own": (
        row(7, raw("C7", "<v>#DIV/0!</v>", ' t="e"')),
        "",
        "error_value",
        7,
        "birth_date",
        {"cell": "C7"},
    ),
    "formula": (row(2, WITH_NAME, raw("B2", "<f>A2</f>")), "", "formula_without_value", 2, "programme", {"cell": "B2"}),
    "formula, empty value": (
        row(2, WITH_NAME, raw("B2", "<f>A2</f><v></v>")),
        "",
        "formula_without_value",
        2,
        "programme",
        {"cell": "B2"},
    ),
    "shared formula": (
        row(2, WITH_NAME, raw("C2", '<f t="shared" si="0"/>')),
        "",
        "formula_without_value",
        2,
        "birth_date",
        {"cell": "C2"},
    ),
    "29 February 1900": (row(2, WITH_NAME, number("C2", "60", 1)), "", "impossible_date_cell", 2, "birth_date", {"cell": "C2"}),
    "day zero": (row(2, WITH_NAME, number("C2", "0", 1)), "", "impossible_date_cell", 2, "birth_date", {}),
    "negative day": (row(2, WITH_NAME, number("C2", "-3", 1)), "", "impossible_date_cell", 2, "birth_date", {}),
    "day after all": (row(2, WITH_NAME, number("C2", "2958466", 1)), "", "impossible_date_cell", 2, "birth_date", {}),
    "huge day": (row(2, WITH_NAME, number("C2", "1E+300", 2)), "", "impossible_date_cell", 2, "birth_date", {}),
    "mojibake": (row(2, WITH_NAME, text("B2", "SÃ¸")), "", "misread_letters", 2, "programme", {"letters": "Ã¸"}),
    "escaped nul": (row(2, WITH_NAME, text("B2", "a_x0000_b")), "", "control_character", 2, "programme", {"character": "U+0000"}),
    "half a character": (
        row(2, WITH_NAME, text("B2", "a_xD83D_b")),
        "",
        "control_character",
        2,
        "programme",
        {"character": "U+D83D"},
    ),
    "right to left": (
        row(2, WITH_NAME, text("B2", "a\u202eb")),
        "",
        "invisible_character",
        2,
        "programme",
        {"character": "U+202E"},
    ),
    "zero width": (row(2, text("A2", "c\u200b1")), "", "invisible_character", 2, "child_id", {"character": "U+200B"}),
    "huge cell": (row(2, WITH_NAME, text("B2", "x" * 1_000_000)), "", "cell_too_long", 2, "programme", {}),
    "far cell": (GOOD + row(1_048_576, number("XFD1048576", "1")), "", "value_without_heading", 1_048_576, "XFD", {"count": "1"}),
    "note beside the table": (row(2, WITH_NAME, text("E2", "husk")), "", "value_without_heading", 2, "E", {"count": "1"}),
    "merged": (GOOD, MERGED, "merged_cells", 2, "B", {"area": "B2:B4"}),
    "heading again": (GOOD + HEADING.replace('r="1"', 'r="3"').replace('1" t', '3" t'), "", "heading_again", 3, "", {}),
}


@pytest.mark.parametrize("name", BAD_CELLS)
def test_bad_cell(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows, after, code, at, column, facts = BAD_CELLS[name]
    _, findings = read(saved(tmp_path, book(rows, after=after)))
    found = next(finding for finding in findings if finding.code == code)
    assert (found.is_fault, found.file, found.table) == (True, "sag.xlsx [children]", "children")
    assert (found.row, found.column) == (at, column)
    assert facts.items() <= found.facts.items()
    assert capfd.readouterr() == ("", "")


HEADINGS = {
    "title above": (
        sheet(row(1, text("A1", "Vores liste")), row(3, text("A3", "child_id"), text("B3", "programme"))),
        "heading_not_first",
        {"first": "3"},
    ),
    "first row blank": (sheet(row(2, text("A2", "child_id"), text("B2", "programme"))), "heading_not_first", {"first": "2"}),
    "table not in A1": (sheet(row(3, text("C3", "child_id"), text("D3", "programme"))), "heading_not_first", {"first": "3"}),
    "merged title": (
        sheet(
            row(1, text("A1", "Liste")), HEADING.replace('1"', '2"'), after='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
        ),
        "merged_cells",
        {"area": "A1:C1"},
    ),
    "two rows of headings": (
        sheet(row(1, text("A1", "Barn"), text("C1", "Kontakt")), row(2, text("A2", "id"), text("B2", "alder"), text("C2", "by"))),
        "value_without_heading",
        {"count": "1"},
    ),
    "heading twice": (
        sheet(row(1, text("A1", "gender"), text("B1", "x"), text("C1", " GENDER"))),
        "heading_twice",
        {"first": "A", "second": "C"},
    ),
    "error in the heading": (
        sheet(row(1, text("A1", "gender"), raw("B1", "<v>#REF!</v>", ' t="e"'))),
        "error_value",
        {"cell": "B1"},
    ),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_bad_heading(name: str, tmp_path: Path) -> None:
    xml, code, facts = HEADINGS[name]
    _, findings = read(saved(tmp_path, zipped(parts(xml))))
    found = next(finding for finding in findings if finding.code == code)
    assert found.is_fault
    assert found.row in {1, 2}
    assert facts.items() <= found.facts.items()


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**parts(sheet(HEADING, GOOD)), name: content})


def without_part(name: str) -> bytes:
    return zipped({key: value for key, value in parts(sheet(HEADING, GOOD)).items() if key != name})


def with_sheet(old: str, new: str) -> bytes:
    xml = sheet(HEADING, GOOD)
    assert old in xml
    return zipped(parts(xml.replace(old, new)))


def one_part_twice() -> bytes:
    made, listing = parts({"children": sheet(HEADING, GOOD), "b": sheet(HEADING)}), "xl/_rels/workbook.xml.rels"
    return zipped({**made, listing: made[listing].replace("sheet2", "sheet1")})


def twice() -> bytes:
    stream = io.BytesIO(book(GOOD))
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("XL/worksheets/sheet1.xml", sheet(HEADING))
    return stream.getvalue()


def linked() -> bytes:
    stream = io.BytesIO(book(GOOD))
    entry = zipfile.ZipInfo("xl/media/x.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(entry, "/etc/hostname")
    return stream.getvalue()


def locked() -> bytes:
    data = bytearray(book(GOOD))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def bomb() -> bytes:
    return with_part("xl/media/x.bin", bytes(120_000_000))


def crowd() -> bytes:
    return zipped({**parts(sheet(HEADING)), **{f"xl/media/{n}": b"" for n in range(10_001)}}, zipfile.ZIP_STORED)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
WIDE = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<a/>'
NO_AREA = '<mergeCells><mergeCell ref="?"/></mergeCells>'
NO_NUMBER = STYLES.replace('numFmtId="164"/>', 'numFmtId="x"/>')
NO_STRING = raw("B2", "<v>0</v>", ' t="s"')
RELATED = "xl/_rels/workbook.xml.rels"
WHOLE = book(GOOD)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

BAD_FILES = {
    "empty": (lambda: b"", "empty_file", {}),
    "pdf": (lambda: b"%PDF-1.7", "not_workbook", {"kind": "PDF"}),
    "png": (lambda: b"\x89PNG\r\n\x1a\n", "not_workbook", {"kind": "PNG"}),
    "html": (lambda: b"<html><table>", "not_workbook", {"kind": "HTML"}),
    "xml 2003": (lambda: b'\xef\xbb\xbf<?xml version="1.0"?>', "not_workbook", {"kind": "XML"}),
    "csv": (lambda: b"child_id;programme\n", "not_workbook_unknown", {}),
    "noise": (lambda: bytes(range(200)), "not_workbook_unknown", {}),
    "xls": (lambda: OLE, "not_workbook", {"kind": "Excel 97-2003 (.xls)"}),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted_workbook", {}),
    "zip password": (locked, "encrypted_workbook", {}),
    "ods": (lambda: zipped({"mimetype": "x", "content.xml": "<a/>"}), "not_workbook", {"kind": "OpenDocument (.ods)"}),
    "docx": (
        lambda: zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
        "not_workbook",
        {"kind": "Word (.docx)"},
    ),
    "xlsb": (
        lambda: zipped({"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"}),
        "not_workbook",
        {"kind": "Excel binary (.xlsb)"},
    ),
    "numbers": (lambda: zipped({"Index/Document.iwa": "x"}), "not_workbook", {"kind": "Numbers"}),
    "other zip": (lambda: zipped({"a.txt": "x"}), "not_workbook", {"kind": "ZIP"}),
    "no entries": (lambda: b"PK\x05\x06" + bytes(18), "not_workbook", {"kind": "ZIP"}),
    "truncated": (lambda: WHOLE[: len(WHOLE) // 2], "zip_damaged", {}),
    "only the head": (lambda: WHOLE[:4], "zip_damaged", {}),
    "last byte missing": (lambda: WHOLE[:-1], "zip_damaged", {}),
    "same entry twice": (twice, "zip_entry_twice", {"part": "xl/worksheets/sheet1.xml"}),
    "entry outside": (lambda: with_part("../../x", "x"), "zip_entry_outside", {"part": "../../x"}),
    "entry outside, inner": (lambda: with_part("xl/../../x", "x"), "zip_entry_outside", {}),
    "absolute entry": (lambda: with_part("/etc/x", "x"), "zip_entry_outside", {}),
    "entry with a drive": (lambda: with_part("C:/x", "x"), "zip_entry_outside", {}),
    "entry with backslashes": (lambda: with_part("xl\\..\\x", "x"), "zip_entry_outside", {}),
    "entry is a link": (linked, "zip_entry_link", {"part": "xl/media/x.png"}),
    "too many entries": (crowd, "zip_too_many_entries", {"limit": "10000"}),
    "bomb": (bomb, "zip_bomb", {"unpacked": "120"}),
    "macros": (lambda: with_part("xl/vbaProject.bin", "x"), "macro_workbook", {}),
    "billion laughs": (
        lambda: with_sheet("<worksheet", LAUGHS + "<worksheet"),
        "xml_document_type",
        {"part": "xl/worksheets/sheet1.xml"},
    ),
    "external entity": (lambda: with_sheet("<worksheet", EXTERNAL + "<worksheet"), "xml_document_type", {}),
    "document type after a long comment": (
        lambda: with_part("docProps/app.xml", f"<!--{'x' * 9000}-->{LAUGHS}<a/>"),
        "xml_document_type",
        {},
    ),
    "document type in an unread part": (lambda: with_part("customXml/item1.xml", LAUGHS + "<a/>"), "xml_document_type", {}),
    "document type in utf-16": (lambda: with_part("docProps/core.xml", WIDE.encode("utf-16")), "xml_document_type", {}),
    "unknown encoding": (lambda: with_sheet("UTF-8", "UTF-88"), "part_damaged", {}),
    "encoding outside the format": (lambda: with_sheet("UTF-8", "cp1252"), "part_damaged", {}),
    "no workbook part": (lambda: without_part("xl/workbook.xml"), "part_missing", {"part": "xl/workbook.xml"}),
    "styles nobody points to": (lambda: with_part(RELATED, parts("")[RELATED].replace("/styles", "/other")), "part_damaged", {}),
    "chart sheet": (lambda: with_part(RELATED, parts("")[RELATED].replace("/worksheet", "/chartsheet")), "not_worksheet", {}),
    "no sheets": (lambda: with_part("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>'), "part_damaged", {}),
    "no sheet part": (lambda: without_part("xl/worksheets/sheet1.xml"), "part_missing", {"part": "xl/worksheets/sheet1.xml"}),
    "no relations": (lambda: without_part(RELATED), "not_worksheet", {}),
    "no styles": (lambda: without_part("xl/styles.xml"), "part_missing", {"part": "xl/styles.xml"}),
    "sheet is not well formed": (lambda: with_sheet("</sheetData>", ""), "part_damaged", {"part": "xl/worksheets/sheet1.xml"}),
    "sheet ends early": (lambda: with_part("xl/worksheets/sheet1.xml", sheet(HEADING, GOOD)[:-40]), "part_damaged", {}),
    "sheet is something else": (lambda: with_part("xl/worksheets/sheet1.xml", "<a/>"), "part_damaged", {}),
    "two tables of cells": (lambda: with_sheet("</sheetData>", "</sheetData><sheetData/>"), "part_damaged", {}),
    "same row twice": (lambda: with_sheet('<row r="2">', '<row r="1">'), "part_damaged", {}),
    "rows out of order": (lambda: with_sheet(GOOD, GOOD.replace('2"', '9"') + row(3)), "part_damaged", {}),
    "same row and cells twice": (lambda: with_sheet(GOOD, GOOD + GOOD), "part_damaged", {}),
    "same cell twice": (lambda: with_sheet('r="B2"', 'r="A2"'), "part_damaged", {}),
    "cells out of order": (lambda: with_sheet('r="A2"', 'r="F2"'), "part_damaged", {}),
    "cell of another row": (lambda: with_sheet('r="B2"', 'r="B3"'), "part_damaged", {}),
    "cell beyond the last column": (lambda: with_sheet('r="C2"', 'r="XFE2"'), "part_damaged", {}),
    "cell without letters": (lambda: with_sheet('r="C2"', 'r="2"'), "part_damaged", {}),
    "row beyond the last": (lambda: with_sheet(GOOD, row(1_048_577)), "part_damaged", {}),
    "row zero": (lambda: with_sheet('<row r="2">', '<row r="0">'), "part_damaged", {}),
    "shared string that is not there": (lambda: with_sheet(text("B2", "storebror"), NO_STRING), "part_damaged", {}),
    "style that is not there": (lambda: with_sheet('s="1"', 's="99"'), "part_damaged", {}),
    "unknown type of cell": (lambda: with_sheet('t="inlineStr"', 't="zz"'), "part_damaged", {}),
    "merged area that is none": (lambda: with_sheet("</sheetData>", "</sheetData>" + NO_AREA), "part_damaged", {}),
    "too many merged areas": (
        lambda: with_sheet("</sheetData>", "</sheetData>" + "".join(f'<mergeCell ref="X{n}:Y{n}"/>' for n in range(1, 10_002))),
        "too_many_merged",
        {"limit": "10000"},
    ),
    "one part as two sheets": (one_part_twice, "part_damaged", {"part": "xl/workbook.xml"}),
    "style number that is none": (lambda: with_part("xl/styles.xml", NO_NUMBER), "part_damaged", {}),
    "same table twice": (
        lambda: zipped(parts({"children": sheet(HEADING), "Børn": sheet(HEADING)})),
        "table_twice",
        {"first": "children", "second": "Børn"},
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_workbook(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make, code, facts = BAD_FILES[name]
    _, findings = read(saved(tmp_path, make()))
    found = next(finding for finding in findings if finding.is_fault)
    assert found.code == code
    assert found.file.startswith("sag.xlsx")
    assert facts.items() <= found.facts.items()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("rows", [0, 500])
def test_damage_in_the_middle_is_found_by_its_checksum(tmp_path: Path, rows: int) -> None:
    many = [row(n, text(f"A{n}", "x")) for n in range(3, rows)]
    data = bytearray(zipped(parts(sheet(HEADING, GOOD, *many)), zipfile.ZIP_STORED))
    data[data.index(b"storebror")] ^= 1
    assert read(saved(tmp_path, bytes(data)))[1][0].code == "zip_damaged"


def test_a_workbook_without_styles_has_plain_numbers(tmp_path: Path) -> None:
    made = parts(sheet(HEADING, row(2, number("A2", "7"))))
    made[RELATED] = made[RELATED].replace("/styles", "/other")
    assert only(tmp_path, zipped(made)) == [(7, "", "")]


@pytest.mark.parametrize("ending", ["xlsm", "XLSM", "xltm"])
def test_a_macro_workbook_by_its_name(tmp_path: Path, ending: str) -> None:
    assert [f.code for f in read(saved(tmp_path, book(GOOD), f"sag.{ending}"))[1]] == ["macro_workbook"]


def test_all_faults_of_a_workbook_are_listed(tmp_path: Path) -> None:
    children = sheet(
        HEADING, row(2, text("A2", "c\u200b1"), raw("B2", "<v>#REF!</v>", ' t="e"')), row(4, raw("A4", "<f>A2</f>")), after=MERGED
    )
    volunteers = sheet(row(1, text("A1", "x"), text("B1", "X")))
    _, findings = read(saved(tmp_path, zipped(parts({"children": children, "volunteers": volunteers, "børn": sheet()}))))
    assert [(f.table, f.row, f.column, f.code) for f in findings] == [
        ("children", 2, "child_id", "invisible_character"),
        ("children", 2, "programme", "error_value"),
        ("children", 2, "B", "merged_cells"),
        ("children", 4, "child_id", "formula_without_value"),
        ("volunteers", 1, "X", "heading_twice"),
        ("children", None, "", "table_twice"),
    ]


def test_the_pattern_sentence(tmp_path: Path) -> None:
    _, findings = read(saved(tmp_path, b"%PDF-1.7"))
    assert sentence(findings[0], "da") == "Filen er ikke et regneark (.xlsx): den begynder som PDF. Gem som .xlsx, og prøv igen."


def test_workbooks_of_the_usual_writers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page, day = made.add_worksheet("children"), made.add_format({"num_format": "d. mmmm yyyy"})
        page.write_row(0, 0, ["child_id", "birth_date", "likes"])
        page.write_row(1, 0, ["c1", "", "fodbold;musik"])
        page.write_datetime(1, 1, date(2015, 3, 1), day)
        page.write_blank(1, 9, None, day)
    assert cells(read(path)[0][0]) == [("c1", date(2015, 3, 1), "fodbold;musik")]
    book_ = openpyxl.Workbook()
    page = book_.active
    page.title = "børn"
    page.append(["child_id", "birth_date", "capacity", "smoker"])
    page.append(["c1", date(2015, 3, 1), 2, True])
    book_.create_sheet("frivillige").append(["=1+1", "b"])
    book_.save(path)
    tables, findings = read(path)
    assert cells(tables[0]) == [("c1", date(2015, 3, 1), 2, True)]
    assert [(f.table, f.row, f.code) for f in findings if f.is_fault] == [("volunteers", 1, "formula_without_value")]


def test_values_in_no_column_are_kept_to_be_looked_at(tmp_path: Path) -> None:
    rows = [row(1, text("A1", "Liste")), row(3, text("A3", "id"), text("C3", "note")), row(4, number("B4", "7"))]
    tables, _ = read(saved(tmp_path, zipped(parts(sheet(*rows)))))
    assert (tables[0].heading, tables[0].rows) == ((), ())
    assert [(r.number, r.cells) for r in tables[0].loose] == [(1, ("Liste",)), (3, ("id",)), (3, ("note",)), (4, (7,))]
