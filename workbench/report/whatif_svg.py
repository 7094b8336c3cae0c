"""Pictures as SVG by matplotlib, their text as text: for a file, or put into a page with words for who cannot see them."""

from __future__ import annotations

import io
import textwrap
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from workbench.report.year_html import Html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
DEEP, MILD, GREY, INK = "#1F3B57", "#E08E45", "#9AA7B3", "#1B2733"
ALIKE: Mapping[Any, Any] = {"svg.fonttype": "none", "text.parse_math": False}
LOOK: Mapping[Any, Any] = {
    "font.size": 10,
    "figure.constrained_layout.h_pad": 0.12,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
}
ET.register_namespace("", SVG)
ET.register_namespace("xlink", LINK)


@contextmanager
def drawing(key: str, look: Mapping[Any, Any] = LOOK) -> Iterator[None]:
    """Draw so that one picture is always the same bytes, and no text is read as a formula; ``key`` names the picture."""
    with mpl.rc_context({**look, **ALIKE, "svg.hashsalt": key}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name may have signs that only the reader's fonts know
        yield


def written(figure: Any) -> bytes:  # noqa: ANN401  matplotlib has no types of its own here
    """Close a figure and return its file, without a date or a maker."""
    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    plt.close(figure)
    return content.getvalue()


def inline(figure: Any, key: str, name: str, told: str) -> Html:  # noqa: ANN401
    """Close a figure and return it as an element; ``told`` describes it in words.

    Ids get the key before them, so that several pictures can be on one page.
    """
    top = ET.fromstring(written(figure))  # noqa: S314  made above
    for parent in list(top.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:  # a style would hold for the whole page
                parent.remove(child)
    for node in top.iter():
        for attribute, value in node.attrib.items():
            node.set(attribute, _keyed(attribute, value, key))
    for tag, text in (("desc", told), ("title", name)):
        node = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{key}-{tag}"})
        node.text = text
        top.insert(0, node)
    top.attrib |= {"role": "img", "aria-labelledby": f"{key}-title {key}-desc"}
    top.attrib |= {"style": "stroke-linejoin: round; stroke-linecap: butt"}
    return Html(ET.tostring(top, encoding="unicode"))


def _keyed(attribute: str, value: str, key: str) -> str:
    if attribute == "id":
        return f"{key}-{value}"
    if attribute == f"{{{LINK}}}href":
        return value.replace("#", f"#{key}-", 1)
    return value.replace("url(#", f"url(#{key}-")


def short(name: str, letters: int = 30, lines: int = 2) -> str:
    """A name as a label of few lines; what does not fit is cut."""
    return "\n".join(textwrap.wrap(name, letters, max_lines=lines, placeholder=" …"))
