"""Small workbooks that ask for much: what each costs is bounded, and the bound is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.case.places import column_letters
from tests.case.case_files import Cost, cost_of
from tests.case.sheet_files import HEADING, MAIN, OFFICE, PACKAGE, parts, row, sheet, text, zipped

TIMES = 20_000


def cost(made: dict[str, str], folder: Path) -> Cost:
    """Of a workbook that is small as a file."""
    path = folder / "sag.xlsx"
    path.write_bytes(zipped(made))
    assert path.stat().st_size < 500_000
    return cost_of(path)


def codes(taken: Cost) -> list[str]:
    return [code for code, _ in taken.findings]


def with_strings(page: str, string: str) -> dict[str, str]:
    made, listing = parts(page), "xl/_rels/workbook.xml.rels"
    relation = f'<Relationship Id="rId91" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    strings = f'<sst xmlns="{MAIN}"><si><t>{string}</t></si></sst>'
    assert PACKAGE in made[listing]
    return {**made, listing: made[listing].replace("</Relationships>", relation), "xl/sharedStrings.xml": strings}


@pytest.mark.parametrize("heading", [HEADING, row(1, *(text(f"{column_letters(n)}1", f"n{n}") for n in range(16_384)))])
def test_hidden_columns_again_and_again(heading: str, tmp_path: Path) -> None:
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * TIMES + "</cols>"
    taken = cost(parts(sheet(heading, before=columns)), tmp_path)
    assert [length for code, length in taken.findings if code == "hidden_columns"] == [
        len("A-C" if heading == HEADING else "A-XFD")
    ]
    assert taken.seconds < 5
    assert taken.megabytes < 200


def test_one_merged_area_again_and_again(tmp_path: Path) -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * TIMES + "</mergeCells>"
    taken = cost(parts(sheet(HEADING, after=merged)), tmp_path)
    assert codes(taken).count("merged_cells") == 1
    assert taken.seconds < 5
    assert taken.megabytes < 200


def test_hidden_rows_by_the_thousand(tmp_path: Path) -> None:
    rows = (row(n, text(f"A{n}", "x"), attributes=' hidden="1"') for n in range(2, TIMES, 2))
    taken = cost(parts(sheet(HEADING, *rows)), tmp_path)
    assert [length < 60 for code, length in taken.findings if code == "hidden_rows"] == [True]
    assert taken.seconds < 10
    assert taken.megabytes < 300


def test_a_long_heading_over_many_short_rows(tmp_path: Path) -> None:
    heading = row(1, *(text(f"{column_letters(n)}1", f"n{n}") for n in range(16_384)))
    taken = cost(parts(sheet(heading, *(row(n, text(f"A{n}", "x")) for n in range(2, TIMES)))), tmp_path)
    assert "workbook_too_large" in codes(taken)
    assert taken.seconds < 5
    assert taken.megabytes < 400


def test_a_long_text_in_many_cells(tmp_path: Path) -> None:
    page = sheet(HEADING, *(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(2, TIMES)))
    taken = cost(with_strings(page, "x" * 100_000), tmp_path)
    assert "workbook_too_large" in codes(taken)
    assert taken.seconds < 5
    assert taken.megabytes < 200
