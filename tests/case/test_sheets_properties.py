"""Reading, held against other readers and against chance: round trips, a second reader, damaged and random bytes."""

from __future__ import annotations

import csv
import io
import random
import re
import time
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from matcher.case.csv_files import read_csv
from matcher.case.text import flaw_of
from matcher.case.workbooks import read_workbook
from matcher.findings import Finding
from tests.case.sheet_files import HEADING, cells, name_of, number, parts, read, row, sentence, sheet, text, zipped
from tests.volume import volume

ROUND_TRIPS = settings(max_examples=volume(ci=150, long=20_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.lists(st.text("abcdefghijæøåÅé_ ", min_size=1, max_size=9).filter(str.strip), min_size=2, max_size=6)


def fine(cell: str) -> bool:
    return flaw_of(unicodedata.normalize("NFC", cell), certain=False) is None


def some_text(codec: str | None = None) -> st.SearchStrategy[str]:
    printable = st.characters(codec=codec, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"))
    return st.text(st.one_of(printable, st.sampled_from(";,\"\n\r\t |#'æøåÆØÅ")), max_size=12).filter(fine)


@st.composite
def tables(draw: st.DrawFn, codec: str | None = None) -> tuple[list[str], list[list[str]]]:
    """A heading of distinct names and rows of the same width, none of them blank."""
    heading = [unicodedata.normalize("NFC", " ".join(name.split())) for name in draw(NAMES)]
    assume(len({name.casefold() for name in heading}) == len(heading))
    line = st.lists(some_text(codec), min_size=len(heading), max_size=len(heading))
    rows = draw(st.lists(line.filter(lambda made: any(map(str.strip, made)) and made != heading), max_size=5))
    return heading, rows


def as_csv(heading: list[str], rows: list[list[str]], separator: str, ends: str, quoting: int) -> str:
    stream = io.StringIO(newline="")
    # Only what stands inside quotation marks may hold a line end of another kind than the file's own.
    writer = csv.writer(stream, delimiter=separator, lineterminator=ends, quoting=quoting)
    writer.writerows([heading, *rows])
    return stream.getvalue()


FORMS = {"separator": st.sampled_from(";,"), "ends": st.sampled_from(["\n", "\r\n", "\r"])}


@ROUND_TRIPS
@given(made=tables(), quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]), mark=st.booleans(), **FORMS)
def test_any_table_survives_utf8(
    made: tuple[list[str], list[list[str]]], separator: str, ends: str, quoting: int, mark: bool
) -> None:
    heading, rows = made
    data = as_csv(heading, rows, separator, ends, quoting).encode("utf-8-sig" if mark else "utf-8")
    table, findings = read_csv(data, "children", "children.csv")
    assert not [finding for finding in findings if finding.code != "heading_again"]
    assert table is not None
    assert table.heading == tuple(heading)
    assert [list(row.cells) for row in table.rows] == [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    assert [row.number for row in table.rows] == list(range(2, len(rows) + 2))


@ROUND_TRIPS
@given(made=tables("cp1252"), **FORMS)
def test_any_table_survives_windows_1252(made: tuple[list[str], list[list[str]]], separator: str, ends: str) -> None:
    heading, rows = made
    text = as_csv(heading, rows, separator, ends, csv.QUOTE_ALL)
    data = text.encode("cp1252")
    assume(not is_utf8(data) or text.isascii())
    table, findings = read_csv(data, "children", "children.csv")
    assume(not any(finding.code == "binary_file" for finding in findings))
    assert not [finding for finding in findings if finding.code != "heading_again"]
    assert table is not None
    assert [list(row.cells) for row in table.rows] == [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def to_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=12).filter(fine),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 4)),
    st.booleans(),
    st.dates(date(1930, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime.fromisoformat("1930-01-01"), datetime.fromisoformat("2100-01-01")).map(to_seconds),
)


@settings(max_examples=volume(ci=80, long=5_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.dictionaries(st.integers(1, 30), st.lists(VALUES, max_size=5), max_size=8), from_1904=st.booleans())
def test_a_second_reader_sees_the_same(rows: dict[int, list[object]], from_1904: bool) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"date_1904": from_1904, "in_memory": True}) as made:
        page = made.add_worksheet("children")
        day, moment = made.add_format({"num_format": "dd-mm-yyyy"}), made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page.write_row(0, 0, list("abcde"))
        for at, line in rows.items():
            for column, value in enumerate(line):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, moment if isinstance(value, datetime) else day)
                elif isinstance(value, str):
                    page.write_string(at, column, value)
                elif value is not None:
                    page.write(at, column, value)
    ours, findings = read_workbook(io.BytesIO(stream.getvalue()), "a.xlsx", name_of)
    assert not findings
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).get_sheet_by_index(0).to_python(skip_empty_area=False)
    seen = {row.number: [plain(cell) for cell in row.cells] for row in ours[0].rows}
    expected = {n: [plain(cell) for cell in line] for n, line in enumerate(theirs, start=1) if n > 1}
    assert seen == {n: line for n, line in expected.items() if any(cell != "" for cell in line)}


def plain(cell: object) -> object:
    """One form for what two readers may give differently: whole numbers, midnight, composed letters, blanks."""
    if isinstance(cell, str):
        return "" if cell.isspace() else unicodedata.normalize("NFC", cell)
    if isinstance(cell, bool):
        return ("yes/no", cell)
    if isinstance(cell, datetime):
        return cell
    return datetime.fromisoformat(cell.isoformat()) if isinstance(cell, date) else cell


def test_shared_strings_are_read_with_their_runs_and_without_trust_in_their_count() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = (
        f'<sst xmlns="{space}" count="18446744073709551615" uniqueCount="4294967295">'
        "<si><t>child_id</t></si><si><t>navn</t></si><si><r><t>fod</t></r><r><rPr><b/></rPr>"
        '<t xml:space="preserve">bold </t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si/></sst>'
    )

    def shared(reference: str, index: int) -> str:
        return f'<c r="{reference}" t="s"><v>{index}</v></c>'

    made = parts(sheet(row(1, shared("A1", 0), shared("B1", 1)), row(2, shared("A2", 2), shared("B2", 3))))
    related = made["xl/_rels/workbook.xml.rels"]
    link = '<Relationship Id="rId91" Type="http://x/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    made["xl/_rels/workbook.xml.rels"] = related.replace("</Relationships>", link)
    ours, findings = read_workbook(io.BytesIO(zipped({**made, "xl/sharedStrings.xml": strings})), "a.xlsx", name_of)
    assert not findings
    assert (ours[0].heading, cells(ours[0])) == (("child_id", "navn"), [("fodbold ", "")])


SEED_PARTS = parts(
    {
        "children": sheet(
            HEADING,
            row(2, text("A2", "c1"), '<c r="B2" t="str"><f>A1</f><v>x</v></c>', number("C2", "42064.5", 1)),
            row(4, '<c r="A4" t="b"><v>1</v></c>', '<c r="B4" t="e"><v>#N/A</v></c>', number("C4", "-1e5", 2)),
            before='<dimension ref="A1:C4"/><cols><col min="1" max="2" hidden="1"/></cols>',
            after='<autoFilter ref="A1:C4"/><mergeCells><mergeCell ref="A9:B9"/></mergeCells>',
        ),
        "Noter": sheet(),
    },
    flags=' date1904="0"',
)
SEED_CSV = 'child_id;programme;"lik""es"\r\nc1;storebror;"fod\nbold|x"\r\n\r\nc2;æøå;#N/A\r\n'.encode()
TOKENS = [
    b'"',
    b";",
    b",",
    b"\0",
    b"<",
    b">",
    b"&",
    b"\r",
    b"\xff",
    b"\xc3",
    b"9" * 30,
    b"-1",
    b"1e999",
    b"A",
    b"<!DOCTYPE a>",
    b"<row>",
    b"<c>",
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few random edits: bytes changed, removed, doubled, or replaced by something awkward."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        to = min(len(made), at + chance.choice([0, 1, 1, 2, 8, 40]))
        edit = chance.randrange(4)
        piece = (bytes([chance.randrange(256)]), b"", bytes(made[at:to]) * 2, chance.choice(TOKENS))[edit]
        made[at:to] = piece
    return bytes(made)


def sound(outcome: tuple[object, list[Finding]]) -> bool:
    """A table or a finding, and every finding has its sentences."""
    found, findings = outcome
    assert all(sentence(finding, "da") and sentence(finding, "en") for finding in findings)
    return bool(found) or bool(findings)


@pytest.mark.parametrize("kind", ["csv bytes", "random bytes", "zip bytes", "parts"])
def test_damaged_files_give_tables_or_faults(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(kind)
    whole = zipped(SEED_PARTS, zipfile.ZIP_STORED)
    packed = zipped(SEED_PARTS)
    slowest = 0.0
    for turn in range(volume(ci=800, long=200_000)):
        before = time.perf_counter()
        if kind == "csv bytes":
            outcome = read_csv(mutated(SEED_CSV, chance), "children", "children.csv")
        elif kind == "random bytes":
            noise = chance.choice([b"", b"PK\x03\x04", b"\xef\xbb\xbf"]) + chance.randbytes(chance.randrange(300))
            outcome = read_csv(noise, "children", "children.csv")
            assert sound(read_workbook(io.BytesIO(noise), "a.xlsx", name_of))
        elif kind == "zip bytes":
            outcome = read_workbook(io.BytesIO(mutated(whole if turn % 2 else packed, chance)), "a.xlsx", name_of)
        else:
            name = chance.choice(list(SEED_PARTS))
            broken = {**SEED_PARTS, name: mutated(SEED_PARTS[name].encode(), chance)}
            outcome = read_workbook(io.BytesIO(zipped(broken, zipfile.ZIP_STORED)), "a.xlsx", name_of)
        slowest = max(slowest, time.perf_counter() - before)
        assert sound(outcome)
    assert slowest < 5
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_seen_are_rows_in_the_file(kind: str, tmp_path: Path) -> None:
    count = volume(ci=5_000, long=100_000)
    if kind == "csv":
        path = tmp_path
        (path / "children.csv").write_text("child_id;likes\n" + "".join(f'c{n};"a\n{n}"\n' for n in range(count)), "utf-8")
    else:
        path = tmp_path / "a.xlsx"
        page = sheet(
            row(1, text("A1", "child_id"), text("B1", "likes")),
            *(row(2 * n + 2, text(f"A{2 * n + 2}", f"c{n}")) for n in range(count)),
        )
        path.write_bytes(zipped(parts(page)))
        assert len(re.findall("<row ", page)) == count + 1
    before = time.process_time()
    found, findings = read(path)
    assert not findings
    assert len(found[0].rows) == count
    assert time.process_time() - before < 30 * count / 100_000 + 1


def test_far_cells_cost_no_more_than_near_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    far = [row(n, number(f"XFD{n}", "1")) for n in range(1_047_577, 1_048_577)]
    path.write_bytes(zipped(parts(sheet(HEADING, *far))))
    before = time.process_time()
    _, findings = read(path)
    assert [(f.code, f.row, f.column, f.facts["count"]) for f in findings] == [
        ("value_without_heading", 1_047_577, "XFD", "1000")
    ]
    heading = row(1, text("A1", "child_id"), text("XFD1", "note"))
    path.write_bytes(zipped(parts(sheet(heading, *(row(n, text(f"A{n}", "x")) for n in range(2, 3_002))))))
    tables, findings = read(path)
    assert (tables[0].heading, len(tables[0].rows), findings) == (("child_id", "note"), 3_000, ())
    assert time.process_time() - before < 3
