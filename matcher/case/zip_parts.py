"""The zip container of a workbook, opened with suspicion: nothing is unpacked before its list of entries is sound."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from matcher.case.kinds import container_kind
from matcher.case.text import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ENTRIES = 10_000
MAX_RATIO = 100
MAX_UNPACKED = 100_000_000
"""Bytes; refused only where the ratio is beyond its own limit too."""
MAX_LAID_OUT = 100_000_000
"""Characters of all values together, each place of a row counting for four: a text that is shared costs a file only once,
and so does a long heading over many short rows, but both cost the reader every time."""

# All that zipfile and its unpackers raise on damaged or unsupported bytes.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError),
)


class PartError(Exception):
    """A workbook cannot be read; ``flaw`` says why. Never leaves the reader of workbooks."""

    def __init__(self, code: str, **facts: str) -> None:
        self.flaw = Flaw(code, facts)
        super().__init__(code)


class Parts:
    """The parts of a workbook by name, without regard to case, as the format has it."""

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
            entries = self._zip.infolist()
        except _DAMAGE as error:
            raise PartError("zip_damaged") from error
        self._left = MAX_LAID_OUT
        self._entries = {entry.filename.casefold(): entry for entry in entries}
        _refuse_unsound(entries)
        self._refuse_document_types()

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def lay_out(self, amount: int) -> None:
        """Count what the values of the workbook take. Raises ``PartError`` beyond ``MAX_LAID_OUT``."""
        self._left -= amount
        if self._left < 0:
            raise PartError("workbook_too_large", limit=str(MAX_LAID_OUT // 1_000_000))

    def parse(self, name: str, parser: expat.XMLParserType) -> None:
        """Feed a whole part to ``parser``. Raises ``PartError`` where it is missing, damaged or no sound XML."""
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refusal("xml_document_type", name)
        parser.XmlDeclHandler = _only_unicode(name)
        if name not in self:
            raise PartError("part_missing", part=name)
        try:
            with self._zip.open(self._entries[name.casefold()]) as stream:
                parser.ParseFile(stream)
        except expat.ExpatError as error:
            raise PartError("part_damaged", part=name) from error
        except _DAMAGE as error:
            raise PartError("zip_damaged") from error

    def _refuse_document_types(self) -> None:
        """Look at the head of every XML part, also of those that are never read: a bomb anywhere refuses the file."""
        for name, entry in self._entries.items():
            if name.endswith((".xml", ".rels", ".vml")):
                self._look_at_head(entry)

    def _look_at_head(self, entry: zipfile.ZipInfo) -> None:
        parser = expat.ParserCreate()
        started: list[str] = []
        parser.StartElementHandler = lambda name, _: started.append(name)
        parser.StartDoctypeDeclHandler = _refusal("xml_document_type", entry.filename)
        try:
            with self._zip.open(entry) as stream:
                while not started and (chunk := stream.read(4096)):
                    parser.Parse(chunk)
        except (expat.ExpatError, LookupError):
            return  # broken, or of an unknown encoding: a part that is needed is refused when it is read
        except _DAMAGE as error:
            raise PartError("zip_damaged") from error


def _refusal(code: str, part: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise PartError(code, part=part)

    return refuse


def _only_unicode(part: str) -> Callable[..., None]:
    """The format allows UTF-8 and UTF-16; for any other name the parser would ask Python's codecs."""

    def check(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in {"utf-8", "utf-16", "us-ascii"}:
            raise PartError("part_damaged", part=part)

    return check


def _refuse_unsound(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise PartError("zip_too_many_entries", found=str(len(entries)), limit=str(MAX_ENTRIES))
    if any(entry.flag_bits & 1 for entry in entries):
        raise PartError("encrypted_workbook")
    for name, count in Counter(map(str.casefold, names)).items():
        if count > 1:
            raise PartError("zip_entry_twice", part=name)
    for entry in entries:
        # orig_filename is the name as it stands in the file; zipfile cuts it at a NUL and turns backslashes.
        if _leads_out(entry.orig_filename):
            raise PartError("zip_entry_outside", part=entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise PartError("zip_entry_link", part=entry.filename)
    _refuse_bomb(entries)
    _refuse_other_containers(frozenset(names))


def _leads_out(name: str) -> bool:
    steps = name.split("/")
    return not steps[0] or ":" in steps[0] or ".." in steps or "\\" in name or "\0" in name


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED and unpacked > MAX_RATIO * packed:
        raise PartError("zip_bomb", unpacked=str(unpacked // 1_000_000), ratio=str(unpacked // max(packed, 1)))


def _refuse_other_containers(names: frozenset[str]) -> None:
    lower = {name.casefold() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise PartError("macro_workbook")
    if "[content_types].xml" not in lower or "xl/workbook.bin" in lower or "word/document.xml" in lower:
        raise PartError("not_workbook", kind=container_kind(names))
