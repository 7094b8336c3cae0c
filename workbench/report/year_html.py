"""HTML from text: whatever is put into an element is escaped, unless it is an element itself."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_VOID = frozenset({"br", "col", "meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(tag: str, /, *inside: str, **attributes: str) -> Html:
    """An element; ``class_`` is the attribute class, ``data_label`` is data-label.

    >>> element("td", "<b>", element("br"), class_="x")
    '<td class="x">&lt;b&gt;<br></td>'
    """
    said = "".join(f' {name.strip("_").replace("_", "-")}="{_safe(value)}"' for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{said}>")
    return Html(f"<{tag}{said}>{joined(inside)}</{tag}>")


def joined(inside: Iterable[str]) -> Html:
    """Pieces after one another, each escaped unless it is HTML."""
    return Html("".join(piece if isinstance(piece, Html) else _safe(piece) for piece in inside))


def own(text: str) -> Html:
    """A name or id from the case, whose direction of writing stays its own."""
    return element("bdi", text)


def owns(texts: Sequence[str]) -> Html:
    """Several of them, apart by commas."""
    return joined(piece for k, text in enumerate(texts) for piece in ((", ",) if k else ()) + (own(text),))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, class_: str = "") -> Html:
    """A table whose first column heads its rows; on a narrow screen every cell says its heading."""
    top = element("tr", *(element("th", head, scope="col") for head in heads))
    body = []
    for first, *rest in rows:
        cells = (element("td", cell, data_label=head) for head, cell in zip(heads[1:], rest, strict=True))
        body.append(element("tr", element("th", first, scope="row"), *cells))
    said = {"class_": class_} if class_ else {}
    return element("table", element("caption", caption), element("thead", top), element("tbody", *body), **said)


def _safe(text: str) -> str:
    """Escaped, for text and attributes; signs that no page may hold become a question mark in a box."""
    return escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)
