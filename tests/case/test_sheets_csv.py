"""CSV files: what reads, what refuses, and where the fault is said to be."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from matcher.case.raw import MAX_CELL
from tests.case.sheet_files import book, cells, read, sentence

HEADING = "child_id;programme;municipality\n"
GOOD = HEADING + "c1;storebror;København\n"


def folder(tmp_path: Path, data: bytes | str, name: str = "children.csv", encoding: str = "utf-8") -> Path:
    (tmp_path / name).write_bytes(data.encode(encoding) if isinstance(data, str) else data)
    return tmp_path


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
def test_encodings_separators_and_line_ends_read_alike(tmp_path: Path, separator: str, encoding: str, ends: str) -> None:
    text = GOOD.replace(";", separator).replace("\n", ends)
    tables, findings = read(folder(tmp_path, text, encoding=encoding))
    assert not findings
    assert tables[0].table == "children"
    assert tables[0].file == "children.csv"
    assert tables[0].heading == ("child_id", "programme", "municipality")
    assert [(row.number, row.cells) for row in tables[0].rows] == [(2, ("c1", "storebror", "København"))]
    assert tables[0].list_separators == (";|," if separator == ";" else ";|")


def test_a_file_of_one_control_character_is_a_fault(tmp_path: Path) -> None:
    """Found by the long fuzz run: str.splitlines leaves nothing of it."""
    tables, findings = read(folder(tmp_path, "\x1c"))
    assert not tables or not tables[0].rows
    assert any(finding.is_fault for finding in findings)


def test_values_are_never_changed(tmp_path: Path) -> None:
    odd = ["NA", "null", "True", "01234567", "1E+07", "=1+1", "Robert'); DROP", "<script>", "👨‍👩‍👧", "10,5", " x "]
    text = "child_id;programme\n" + "".join(f'c{i};"{value}"\n' for i, value in enumerate(odd))
    tables, findings = read(folder(tmp_path, text))
    assert not findings
    assert [row[1] for row in cells(tables[0])] == odd


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    tables, _ = read(folder(tmp_path, unicodedata.normalize("NFD", HEADING + "c1;storebror;Åse\n")))
    assert cells(tables[0])[0][2] == "Åse"


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = HEADING + '\nc1;"to\nlinjer\r\nher";x\n;;\n  \nc2;storebror;y\n\n'
    tables, findings = read(folder(tmp_path, text))
    assert not findings
    assert [(row.number, row.cells[0]) for row in tables[0].rows] == [(3, "c1"), (6, "c2")]
    assert tables[0].rows[0].cells[1] == "to\nlinjer\r\nher"


@pytest.mark.parametrize(
    ("text", "heading", "first"),
    [
        ("child_id;likes, dislikes;gender\nc1;a,b;x\n", ("child_id", "likes, dislikes", "gender"), ("c1", "a,b", "x")),
        ("child_id,likes; dislikes,gender\nc1,a;b;c;d,x\n", ("child_id", "likes; dislikes", "gender"), ("c1", "a;b;c;d", "x")),
        ('"child_id,no";gender\n"c;1";x\n', ("child_id,no", "gender"), ("c;1", "x")),
    ],
)
def test_the_other_separator_may_stand_in_text(
    tmp_path: Path, text: str, heading: tuple[str, ...], first: tuple[str, ...]
) -> None:
    tables, findings = read(folder(tmp_path, text))
    assert not findings
    assert (tables[0].heading, cells(tables[0])) == (heading, [first])


def test_equal_counts_are_decided_by_the_rows(tmp_path: Path) -> None:
    tables, findings = read(folder(tmp_path, "child_id,likes;programme\n" + "a,b;c\n" + "d;e\n"))
    assert (tables[0].heading, tables[0].list_separators, findings) == (("child_id,likes", "programme"), ";|,", ())


def test_heading_alone_is_an_empty_table(tmp_path: Path) -> None:
    tables, findings = read(folder(tmp_path, HEADING))
    assert not findings
    assert tables[0].rows == ()


def test_empty_cells_beyond_the_heading_are_left_out(tmp_path: Path) -> None:
    tables, findings = read(folder(tmp_path, "child_id;programme;;\nc1;storebror;;\nc2;storebror\nc3;storebror;;;;;\n"))
    assert not findings
    assert cells(tables[0]) == [(f"c{n}", "storebror") for n in (1, 2, 3)]


def test_nameless_column_without_values_is_left_out(tmp_path: Path) -> None:
    tables, findings = read(folder(tmp_path, "child_id;;programme\nc1;;storebror\n"))
    assert not findings
    assert (tables[0].heading, cells(tables[0])) == (("child_id", "programme"), [("c1", "storebror")])


PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le")
SECOND = "c1;storebror;København\n"


def bad(line: str, heading: str = HEADING) -> bytes:
    return (heading + SECOND + line).encode()


BAD = {
    # File
    "empty": (b"", "empty_file", None, "", {}),
    "only a byte order mark": (b"\xef\xbb\xbf", "empty_file", None, "", {}),
    "only blank lines": (b"\r\n\n  \n", "empty_file", None, "", {}),
    "only separators": (b";;;\n;;;\n", "empty_file", None, "", {}),
    "only quotation marks": (b'"",""\n', "empty_file", None, "", {}),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "not_csv", None, "", {"kind": "PDF"}),
    "png": (PNG, "not_csv", None, "", {"kind": "PNG"}),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(30), "not_csv", None, "", {"kind": "JPEG"}),
    "gif": (b"GIF89a;;;", "not_csv", None, "", {"kind": "GIF"}),
    "gzip": (b"\x1f\x8b\x08" + bytes(30), "not_csv", None, "", {"kind": "gzip"}),
    "seven zip": (b"7z\xbc\xaf\x27\x1c" + bytes(30), "not_csv", None, "", {"kind": "7-Zip"}),
    "rar": (b"Rar!\x1a\x07", "not_csv", None, "", {"kind": "RAR"}),
    "sqlite": (b"SQLite format 3\x00", "not_csv", None, "", {"kind": "SQLite"}),
    "parquet": (b"PAR1\x15\x04", "not_csv", None, "", {"kind": "Parquet"}),
    "rtf": (b"{\\rtf1;;}", "not_csv", None, "", {"kind": "RTF"}),
    "html": (b"<!DOCTYPE html><table></table>", "not_csv", None, "", {"kind": "HTML"}),
    "html after a byte order mark": (b"\xef\xbb\xbf\n<html>", "not_csv", None, "", {"kind": "HTML"}),
    "xml": (b'<?xml version="1.0"?><a/>', "not_csv", None, "", {"kind": "XML"}),
    "xls": (OLE, "not_csv", None, "", {"kind": "Excel 97-2003 (.xls)"}),
    "xlsx": (book(), "csv_is_zip", None, "", {"kind": "ZIP"}),
    "empty zip": (b"PK\x05\x06" + bytes(18), "csv_is_zip", None, "", {"kind": "ZIP"}),
    "password": (ENCRYPTED, "encrypted_workbook", None, "", {}),
    "zeros": (bytes(5000), "binary_file", None, "", {}),
    "noise": (bytes(range(1, 32)) * 20, "binary_file", None, "", {}),
    # Encoding
    "utf-16 with mark": (GOOD.encode("utf-16"), "encoding_wide", None, "", {"encoding": "UTF-16"}),
    "utf-16 big-endian": (b"\xfe\xff" + GOOD.encode("utf-16-be"), "encoding_wide", None, "", {"encoding": "UTF-16"}),
    "utf-16 without mark": (GOOD.encode("utf-16-le"), "encoding_wide", None, "", {"encoding": "UTF-16"}),
    "utf-32": (GOOD.encode("utf-32"), "encoding_wide", None, "", {"encoding": "UTF-32"}),
    "neither": (bad("c2;storebror;") + b"\x81\xe5", "encoding_unknown", 3, "", {"byte": "81"}),
    "mark but no utf-8": (b"\xef\xbb\xbf" + bad("c2;x;") + b"bl\xe5", "encoding_unknown", 3, "", {"byte": "E5"}),
    "mac": (
        HEADING.encode() + SECOND.encode("cp1252") + "c2;x;blå\n".encode("mac-roman"),
        "encoding_other_page",
        3,
        "municipality",
        {"letter": "Œ"},
    ),
    "mac ø": ("a;b\nc1;blå\nc2;s".encode("cp1252") + b"\xbfren\n", "encoding_other_page", 3, "b", {"letter": "¿"}),
    "dos": (b"a;b\nc1;bl" + "å".encode("cp850") + b"t\n", "encoding_other_page", 2, "b", {"letter": "†"}),
    "mojibake ø": (bad("c2;storebror;SÃ¸rensen\n"), "misread_letters", 3, "municipality", {"letters": "Ã¸"}),
    "mojibake Å": (bad("c2;storebror;Ã…rhus\n"), "misread_letters", 3, "municipality", {"letters": "Ã…"}),
    "mojibake in lower case": (bad("c2;storebror;sã¸rensen\n"), "misread_letters", 3, "municipality", {"letters": "ã¸"}),
    "mojibake apostrophe": (bad("c2;storebror;Lisâ€™s\n"), "misread_letters", 3, "municipality", {"letters": "â€"}),
    "mojibake twice": (bad("c2;storebror;SÃƒÂ¸\n"), "misread_letters", 3, "municipality", {"letters": "Ãƒ"}),
    "mojibake in a mixed file": (bad("c2;storebror;") + b"bl\xe5\n", "misread_letters", 2, "municipality", {"letters": "Ã¸"}),
    "mojibake in the heading": ("child_id;kÃ¸n\nc1;x\n".encode(), "misread_letters", 1, "B", {"letters": "Ã¸"}),
    "replacement character": (bad("c2;storebror;S\ufffdren\n"), "misread_letters", 3, "municipality", {"letters": "\ufffd"}),
    "nul": (bad("c2;store\0bror;x\n"), "control_character", 3, "programme", {"character": "U+0000"}),
    "bell": (bad("c\a2;storebror;x\n"), "control_character", 3, "child_id", {"character": "U+0007"}),
    "end of file mark": (bad("c2;storebror;x\x1a\n"), "control_character", 3, "municipality", {"character": "U+001A"}),
    "c1 control": (bad("c2;storebror;x\x85y\n"), "control_character", 3, "municipality", {"character": "U+0085"}),
    "right to left": (bad("c2;storebror;x\u202ey\n"), "invisible_character", 3, "municipality", {"character": "U+202E"}),
    "isolate": (bad("c2;storebror;\u2066y\n"), "invisible_character", 3, "municipality", {"character": "U+2066"}),
    "left to right mark": (bad("c2\u200e;storebror;y\n"), "invisible_character", 3, "child_id", {"character": "U+200E"}),
    "zero width space": (bad("c\u200b2;storebror;y\n"), "invisible_character", 3, "child_id", {"character": "U+200B"}),
    "joiner between letters": (bad("c\u200d2;storebror;y\n"), "invisible_character", 3, "child_id", {"character": "U+200D"}),
    "byte order mark inside": (bad("\ufeffc2;storebror;y\n"), "invisible_character", 3, "child_id", {"character": "U+FEFF"}),
    "soft hyphen": (bad("c2;store\u00adbror;y\n"), "invisible_character", 3, "programme", {"character": "U+00AD"}),
    "line separator": (bad("c2;storebror;x\u2028y\n"), "invisible_character", 3, "municipality", {"character": "U+2028"}),
    "error value": (bad("c2;storebror;#REF!\n"), "error_value", 3, "municipality", {"error": "#REF!"}),
    "Danish error value": (bad("c2; #I/T ;y\n"), "error_value", 3, "programme", {"error": "#I/T"}),
    # Shape
    "lone quote": (bad('"c2;storebror;y\nc3;x;y\n'), "quote_astray", 3, "", {}),
    "quote closed inside": (bad('c2;"store"bror;y\n'), "quote_astray", 3, "", {}),
    "lone quote in the heading": (b'"child_id;programme\nc1;x\n', "quote_astray", 1, "", {}),
    "huge cell": (bad("c2;" + "x" * 1_000_000 + ";y\n"), "cell_too_long", 3, "", {"limit": str(MAX_CELL)}),
    "missing cell": (bad("c2;storebror\n"), "ragged_row", 3, "", {"found": "2", "expected": "3"}),
    "one cell": (bad("c2\n"), "ragged_row", 3, "", {"found": "1", "expected": "3"}),
    "extra cell": (bad("c2;storebror;y;z\n"), "ragged_row", 3, "", {"found": "4", "expected": "3"}),
    "extra cell far out": (bad("c2;storebror;y;;;z;;\n"), "ragged_row", 3, "", {"found": "6", "expected": "3"}),
    "separator in text": (bad("c2;storebror;a;b\n"), "ragged_row", 3, "", {"found": "4", "expected": "3"}),
    "after a quoted newline": (bad('c2;"a\nb";y\nc3;x\n'), "ragged_row", 4, "", {"found": "2", "expected": "3"}),
    "comma decimals in a comma file": (b"child_id,latitude\nc1,55,6\n", "ragged_row", 2, "", {"found": "3", "expected": "2"}),
    "tab": (GOOD.replace(";", "\t").encode(), "separator_unknown", 1, "", {"separator": "TAB"}),
    "bar": (GOOD.replace(";", "|").encode(), "separator_unknown", 1, "", {"separator": "|"}),
    "both separators": (b"child_id;programme,gender\n", "separator_unclear", 1, "", {}),
    "heading twice": (b"child_id;gender;Gender \nc1;x;y\n", "heading_twice", 1, "Gender", {"first": "B", "second": "C"}),
    "heading again": (bad("Child_ID; programme;municipality\n"), "heading_again", 3, "", {}),
    "value without heading": (
        b"child_id;;gender\nc1;;x\nc2;oops;x\nc3;oops;x\n",
        "value_without_heading",
        3,
        "B",
        {"count": "2"},
    ),
    "title above": (b"Vores liste\nchild_id;programme\nc1;x\n", "heading_not_first", 1, "", {"first": "2"}),
    "title above, saved by a spreadsheet": (
        b"Vores liste;;\n;;\nchild_id;programme;x\n",
        "heading_not_first",
        1,
        "",
        {"first": "3"},
    ),
    "blank line above": (b"\nchild_id;programme\nc1;x\n", "heading_not_first", 1, "", {"first": "2"}),
    "separator line": (b"sep=;\nchild_id;programme\nc1;x\n", "heading_not_first", 1, "", {"first": "2"}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_csv(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, code, row, column, facts = BAD[name]
    _, findings = read(folder(tmp_path, data))
    found = next(finding for finding in findings if finding.code == code)
    assert found.is_fault
    assert (found.file, found.table, found.row, found.column) == ("children.csv", "children", row, column)
    assert facts.items() <= found.facts.items()
    assert not any(digit in found.value for digit in "012345678")
    assert capfd.readouterr() == ("", "")


def test_all_faults_are_listed_with_their_rows(tmp_path: Path) -> None:
    lines = ["c2;storebror", "c3;SÃ¸;x", "c4;x;y;z", "c5;\u200b;#I/T", "c6;storebror;fine"]
    (tmp_path / "volunteers.csv").write_bytes(b"")
    _, findings = read(folder(tmp_path, HEADING + "\n".join(lines)))
    assert [(f.table, f.row, f.code) for f in findings] == [
        ("children", 2, "ragged_row"),
        ("children", 3, "misread_letters"),
        ("children", 4, "ragged_row"),
        ("children", 5, "invisible_character"),
        ("children", 5, "error_value"),
        ("volunteers", None, "empty_file"),
    ]


def test_sentences_say_what_to_do(tmp_path: Path) -> None:
    _, findings = read(folder(tmp_path, b"%PDF-1.7"))
    assert (
        sentence(findings[0], "da") == "Filen er ikke en CSV-fil: den begynder som PDF. Gem tabellen som CSV UTF-8, og prøv igen."
    )


class TestFolder:
    def test_missing(self, tmp_path: Path) -> None:
        _, findings = read(tmp_path / "ingen")
        assert [(f.code, f.file) for f in findings] == [("path_missing", "ingen")]

    @pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
    def test_impossible_path(self, tmp_path: Path, name: str) -> None:
        _, findings = read(tmp_path / name)
        assert findings[0].is_fault

    def test_without_csv(self, tmp_path: Path) -> None:
        assert read(tmp_path)[1][0].code == "folder_without_csv"

    def test_named_by_a_dot(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert read(Path())[1][0].file == tmp_path.name

    def test_with_a_workbook_only(self, tmp_path: Path) -> None:
        _, findings = read(folder(tmp_path, book(), "sag.xlsx"))
        assert (findings[0].code, findings[0].facts["workbook"]) == ("folder_with_workbook", "sag.xlsx")

    def test_one_csv_is_no_case(self, tmp_path: Path) -> None:
        assert read(folder(tmp_path, GOOD) / "children.csv")[1][0].code == "single_csv"

    def test_two_files_of_one_table(self, tmp_path: Path) -> None:
        folder(tmp_path, GOOD, "Børn.CSV")
        tables, findings = read(folder(tmp_path, GOOD))
        assert len(tables) == 1
        assert [(f.code, f.file, f.table, dict(f.facts)) for f in findings] == [
            ("table_twice", "children.csv", "children", {"first": "Børn.CSV", "second": "children.csv"})
        ]

    def test_decomposed_file_name(self, tmp_path: Path) -> None:
        tables, _ = read(folder(tmp_path, GOOD, unicodedata.normalize("NFD", "børn.csv")))
        assert tables[0].table == "children"

    def test_what_is_no_table_only_warns(self, tmp_path: Path) -> None:
        for name in ("noter.csv", "laes.txt", "settings.toml", ".hidden", "~$sag.xlsx"):
            folder(tmp_path, "x", name)
        (tmp_path / "out").mkdir()
        tables, findings = read(folder(tmp_path, GOOD))
        assert len(tables) == 1
        assert [(f.code, f.file, f.is_fault) for f in findings] == [
            ("unknown_file", "laes.txt", False),
            ("unknown_file", "noter.csv", False),
        ]

    def test_folder_named_as_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "children.csv").mkdir()
        assert [(f.code, f.table) for f in read(tmp_path)[1]] == [("not_regular_file", "children")]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_pipe_does_not_hang(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "children.csv")
        assert read(tmp_path)[1][0].code == "not_regular_file"
        assert read(tmp_path / "children.csv")[1][0].code == "not_regular_file"

    def test_links(self, tmp_path: Path) -> None:
        case, outside = tmp_path / "case", tmp_path / "outside.csv"
        case.mkdir()
        outside.write_text(GOOD, "utf-8")
        (case / "børn.csv").symlink_to(outside)
        assert [(f.code, f.table) for f in read(case)[1]] == [("link_out_of_folder", "children")]
        (case / "børn.csv").unlink()
        (case / "børn.csv").symlink_to("dangling.csv")
        assert read(case)[1][0].code == "file_unreadable"
        (case / "børn.csv").unlink()
        (case / "børn.csv").symlink_to("børn.csv")
        assert read(case)[1][0].code == "file_unreadable"
        (case / "børn.csv").unlink()
        (case / "notes").mkdir()
        (case / "notes" / "list.csv").write_text(GOOD, "utf-8")
        (case / "børn.csv").symlink_to("notes/list.csv")
        assert not read(case)[1]
        (tmp_path / "link").symlink_to(case)
        assert read(tmp_path / "link")[0][0].table == "children"


def test_values_in_no_column_are_kept_to_be_looked_at(tmp_path: Path) -> None:
    tables, _ = read(folder(tmp_path, "child_id;;programme\nc1;a;x\nc2;x;y;loose\nc3\n"))
    assert cells(tables[0]) == [("c1", "x")]
    assert [(row.number, row.cells) for row in tables[0].loose] == [(2, ("a",)), (3, ("c2", "x", "y", "loose")), (4, ("c3",))]
    tables, _ = read(folder(tmp_path, "Liste\n\nc2;x;y\n"))
    assert (tables[0].heading, tables[0].rows) == ((), ())
    assert "y" in {cell for row in tables[0].loose for cell in row.cells}


def test_flaws_are_found_in_ragged_rows_too(tmp_path: Path) -> None:
    _, findings = read(folder(tmp_path, HEADING + "c1;SÃ¸;x;y\n"))
    assert [(f.row, f.code) for f in findings] == [(2, "ragged_row"), (2, "misread_letters")]
