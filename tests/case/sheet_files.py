"""Real files for the tests of reading: workbooks part by part, and one way to read them."""

from __future__ import annotations

import io
import string
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.case.sheets import RawTable, read_tables

if TYPE_CHECKING:
    from matcher.findings import Finding

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = {
    "children": "children",
    "børn": "children",
    "volunteers": "volunteers",
    "frivillige": "volunteers",
    "settings": "settings",
}
SENTENCES = Path(__file__).parents[2] / "workbench" / "locale" / "findings" / "files.toml"


def name_of(name: str) -> str | None:
    return NAMES.get(name.casefold())


def read(path: Path) -> tuple[tuple[RawTable, ...], tuple[Finding, ...]]:
    """Read a case's files; each finding must have its sentence in both languages."""
    tables, findings = read_tables(path, name_of)
    for finding in findings:
        for language in ("da", "en"):
            assert sentence(finding, language)
    return tables, findings


def sentence(finding: Finding, language: str) -> str:
    place = {"file": finding.file, "table": finding.table, "row": finding.row, "column": finding.column, "value": finding.value}
    return string.Formatter().vformat(_sentences()[finding.code][language], (), {**place, **finding.facts})


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(SENTENCES.read_text("utf-8"))


def cells(table: RawTable) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def number(reference: str, value: str, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def row(index: int, *made: str, attributes: str = "") -> str:
    return f'<row r="{index}"{attributes}>{"".join(made)}</row>'


HEADING = row(1, text("A1", "child_id"), text("B1", "programme"), text("C1", "birth_date"))
GOOD = row(2, text("A2", "c1"), text("B2", "storebror"), number("C2", "42064", 1))


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0.0&quot; dage&quot;"/></numFmts>'
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="166"/>'
    '<xf numFmtId="20"/></cellXfs></styleSheet>'
)


def parts(
    sheets: dict[str, str] | str, *, states: dict[str, str] | None = None, flags: str = "", calculation: str = ""
) -> dict[str, str]:
    """The parts of a workbook by name; a single sheet is named ``children``."""
    sheets = {"children": sheets} if isinstance(sheets, str) else sheets
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{_state(states, name)}/>' for n, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr{flags}/><sheets>{listed}</sheets>'
        f"{calculation}</workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{relations}'
        f'<Relationship Id="rId90" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), start=1)},
    }


def _state(states: dict[str, str] | None, name: str) -> str:
    return f' state="{states[name]}"' if states and name in states else ""


def zipped(entries: dict[str, str] | dict[str, bytes] | dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def book(*rows: str, before: str = "", after: str = "") -> bytes:
    """A workbook with the sheet ``children``: the usual heading, then these rows."""
    return zipped(parts(sheet(HEADING, *rows, before=before, after=after)))
