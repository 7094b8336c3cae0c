"""The parts of a workbook that its sheets lean on: the list of sheets, shared strings, number formats."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from matcher.case.number_formats import Meaning, meaning_of
from matcher.case.text import composed
from matcher.case.zip_parts import PartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matcher.case.zip_parts import Parts

    Attributes = dict[str, str]

_MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_RELATION_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, the part that holds its cells (none: a chart sheet), whether Excel hides it."""

    name: str
    part: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets of one workbook share. ``computed``: a spreadsheet has worked its formulas out."""

    sheets: tuple[Sheet, ...]
    strings: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    from_1904: bool
    computed: bool


def spreadsheet_names(handlers: dict[str, Callable[..., None]]) -> dict[str, Callable[..., None]]:
    """Handlers by full element name, in both namespaces of the format."""
    return {f"{space} {name}": handler for space in _MAIN for name, handler in handlers.items()}


def unescaped(text: str) -> str:
    r"""Excel writes characters that XML cannot hold as ``_x000D_``.

    >>> unescaped("a_x000A_b, _x005F_x000A_")
    'a\nb, _x000A_'
    """
    return composed(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text)


def read_book(parts: Parts) -> Book:
    """Everything but the sheets themselves."""
    home = next((target for kind, target in _relations(parts, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    listed, flags = _listed_sheets(parts, home)
    if not listed:
        raise PartError("part_damaged", part=home)
    related = _relations(parts, home)
    sheets = []
    for name, state, relation in listed:
        kind, part = related.get(relation, ("", ""))
        sheets.append(Sheet(name, part if kind == "worksheet" else None, hidden=state in {"hidden", "veryHidden"}))
    read = [sheet.part for sheet in sheets if sheet.part is not None]
    if len(read) != len(set(read)):  # one large part as a thousand sheets
        raise PartError("part_damaged", part=home)
    shared = {kind: part for kind, part in related.values() if kind in {"sharedStrings", "styles"}}
    return Book(
        sheets=tuple(sheets),
        strings=_shared_strings(parts, shared["sharedStrings"]) if "sharedStrings" in shared else (),
        meanings=_meanings(parts, shared["styles"]) if "styles" in shared else (),
        from_1904=flags.get("date1904") in {"1", "true"},
        computed=flags.get("fullCalcOnLoad") not in {"1", "true"},
    )


def _relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """The parts that ``part`` points to, by relation id: (kind, name)."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (posixpath.basename(attributes.get("Type", "")), target)

    if listing in parts:
        _walk(parts, listing, start)
    return found


def _walk(parts: Parts, part: str, start: Callable[[str, Attributes], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parts.parse(part, parser)


def _listed_sheets(parts: Parts, home: str) -> tuple[list[tuple[str, str, str]], Attributes]:
    listed: list[tuple[str, str, str]] = []
    flags: Attributes = {}

    def sheet(attributes: Attributes) -> None:
        relation = next((attributes[key] for key in _RELATION_IDS if key in attributes), "")
        listed.append((composed(attributes.get("name", "")), attributes.get("state", "visible"), relation))

    handlers = spreadsheet_names({"sheet": sheet, "workbookPr": flags.update, "calcPr": flags.update})
    _walk(parts, home, lambda element, attributes: handlers[element](attributes) if element in handlers else None)
    return listed, flags


def _shared_strings(parts: Parts, part: str) -> tuple[str, ...]:
    """The text of each shared string; readings in another script (``rPh``) are left out."""
    strings: list[str] = []
    text: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    reading = False

    def start(element: str, _: Attributes) -> None:
        nonlocal reading
        if element in items:
            text.clear()
        elif element in readings:
            reading = True
        elif element in texts and not reading:
            parser.CharacterDataHandler = text.append

    def end(element: str) -> None:
        nonlocal reading
        parser.CharacterDataHandler = None
        if element in items:
            strings.append(unescaped("".join(text)))
        elif element in readings:
            reading = False

    items, texts, readings = (frozenset(f"{space} {name}" for space in _MAIN) for name in ("si", "t", "rPh"))
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parts.parse(part, parser)
    return tuple(strings)


def _meanings(parts: Parts, part: str) -> tuple[Meaning, ...]:
    """What each cell style makes of a number."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    section = ""

    def start(element: str, attributes: Attributes) -> None:
        nonlocal section
        name = element.rpartition(" ")[2]
        if name in {"numFmts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            section = name
        elif name == "numFmt" and section == "numFmts":
            codes[_number(attributes.get("numFmtId"), part)] = attributes.get("formatCode", "")
        elif name == "xf" and section == "cellXfs":
            formats.append(_number(attributes.get("numFmtId", "0"), part))

    _walk(parts, part, start)
    return tuple(meaning_of(number, codes) for number in formats)


def _number(text: str | None, part: str) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise PartError("part_damaged", part=part)
