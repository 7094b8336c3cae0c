"""What a file is, told by its first bytes and not by its name."""

from __future__ import annotations

ZIP = "ZIP"
OLE = "Excel 97-2003 (.xls)"

_MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
)
_MARKUP = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<?xml", "XML"), (b"<table", "HTML"))
# Well-known entries of zip containers that are no Excel workbook.
_CONTAINERS = (
    ("word/document.xml", "Word (.docx)"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("xl/workbook.bin", "Excel binary (.xlsb)"),
    ("Index/Document.iwa", "Numbers"),
    ("content.xml", "OpenDocument (.ods)"),
)
# A workbook with a password is an OLE container that holds this stream.
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def kind_of(head: bytes) -> str | None:
    """The name of the format that these first bytes begin, or ``None`` (text, or unknown)."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    return next((name for magic, name in _MARKUP if start.startswith(magic)), None)


def container_kind(names: frozenset[str]) -> str:
    """What a zip file with these entries is, when it is no workbook."""
    return next((name for entry, name in _CONTAINERS if entry in names), ZIP)


def is_encrypted_office(data: bytes) -> bool:
    """Whether an OLE container is an Office file behind a password."""
    return _ENCRYPTED_STREAM in data
