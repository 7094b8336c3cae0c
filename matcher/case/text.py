"""Characters: from bytes to text, and what no cell may hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from matcher.case.raw import MAX_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a text cannot be trusted: the code of its finding and the facts of its sentence."""

    code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text in composed form (NFC); ``certain`` where the bytes can be nothing but UTF-8."""

    text: str
    certain: bool


_UTF8_BOM = b"\xef\xbb\xbf"
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))
_WIDE_BOMS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))

# What UTF-8 looks like when it was read as Windows-1252 on its way: "Ã¸" for "ø", "â€™" for an apostrophe.
_CONTINUATION = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(f"Ã[{_CONTINUATION}]|Â[\u0080-\u00bf]|ã[¸¦¥]|â€|ðŸ|\ufffd")
# Mac and DOS letters (å, ø, æ) when they are read as Windows-1252: "blŒ", "s¿n", "¯ster", "bl†".
_OTHER_CODE_PAGE = re.compile("[a-z][Œ¿¾¯†]|¯[a-z]|[A-Za-z]›[a-z]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"  # control characters and halves of characters
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"  # unseen, or turning the direction of reading
    "\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_JOINED_EMOJI = re.compile("(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")
# A spreadsheet's error values, in English and in Danish.
_ERRORS = frozenset((
    "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!",
    "#CONNECT!", "#GETTING_DATA", "#BUSY!", "#REFERENCE!", "#I/T", "#DIVISION/0!", "#VÆRDI!", "#NAVN?", "#NUL!", "#OVERLØB!",
    "#BEREGN!", "#FELT!", "#BLOKERET!", "#UKENDT!", "#FORBIND!",
))  # fmt: skip


def decode(data: bytes) -> Decoded | Flaw:
    """Read bytes as UTF-8, or as Windows-1252 where they are not valid UTF-8.

    A file that mixes both is read as Windows-1252; its UTF-8 letters then show as misread ones, which ``flaw_of`` finds.
    """
    flaw = _no_text(data)
    if flaw:
        return flaw
    try:
        return Decoded(composed(data.removeprefix(_UTF8_BOM).decode("utf-8")), certain=True)
    except UnicodeDecodeError as error:
        if data.startswith(_UTF8_BOM):
            return _undecodable(data, error.start + 3)
    try:
        return Decoded(data.decode("cp1252"), certain=False)  # which has no separate accents to compose
    except UnicodeDecodeError as error:
        return _undecodable(data, error.start)


def _no_text(data: bytes) -> Flaw | None:
    for mark, name in _WIDE_BOMS:
        if data.startswith(mark):
            return Flaw("encoding_wide", MappingProxyType({"encoding": name}))
    start = data[:400]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) * 4 > len(start):
        return Flaw("encoding_wide", MappingProxyType({"encoding": "UTF-16"}))
    head = data[:65536]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return Flaw("binary_file", MappingProxyType({})) if controls >= 8 and controls * 50 > len(head) else None


def composed(text: str) -> str:
    """The text with each accented letter as one character (NFC), so that two spellings of "Åse" are equal."""
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _undecodable(data: bytes, position: int) -> Flaw:
    line = data.count(b"\n", 0, position) + 1
    return Flaw("encoding_unknown", MappingProxyType({"line": str(line), "byte": f"{data[position]:02X}"}))


def may_have_flaws(text: str, *, certain: bool = True) -> bool:
    """Whether some part of a long text may have a flaw: one quick look before cells are inspected one by one."""
    if text.isascii() and text.isprintable() and "#" not in text:
        return False
    other = not certain and _OTHER_CODE_PAGE.search(text)
    return bool("#" in text or _FORBIDDEN.search(text) or _MISREAD.search(text) or other)


def flaw_of(text: str, *, certain: bool = True) -> Flaw | None:
    """Why this cell cannot be trusted, or ``None``.

    Nothing is stripped in silence: an unseen character makes two equal-looking ids differ. The joiner inside
    an emoji and line breaks and tabs inside a cell are let through.
    """
    if len(text) > MAX_CELL:
        return Flaw("cell_too_long", MappingProxyType({"limit": str(MAX_CELL)}))
    return None if text.isascii() and text.isprintable() and "#" not in text else _flaw_within(text, certain=certain)


def _flaw_within(text: str, *, certain: bool) -> Flaw | None:
    if text.strip() in _ERRORS:
        return Flaw("error_value", MappingProxyType({"error": text.strip()}))
    if found := _FORBIDDEN.search(_JOINED_EMOJI.sub("", text)):
        return _forbidden(found[0])
    if found := _MISREAD.search(text):
        return Flaw("misread_letters", MappingProxyType({"letters": found[0]}))
    if not certain and (found := _OTHER_CODE_PAGE.search(text)):
        return Flaw("encoding_other_page", MappingProxyType({"letter": re.sub("[A-Za-z]", "", found[0])}))
    return None


def _forbidden(character: str) -> Flaw:
    code = "control_character" if unicodedata.category(character) in {"Cc", "Cs"} else "invisible_character"
    return Flaw(code, MappingProxyType({"character": f"U+{ord(character):04X}"}))
