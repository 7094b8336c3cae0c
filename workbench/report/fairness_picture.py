"""The trade-off between fairness and score as a picture (SVG); the same figures give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import pyplot as plt

from workbench.report.whatif_svg import drawing, written
from workbench.sentences import group_name
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.fairness import Floor

DEEP, LIGHT = "#1F3B57", "#E08E45"
MOST_GROUPS = 15
"""More groups than this are for the workbook; the picture shows the dearest."""


def picture(language: str, waited: Sequence[Floor], groups: Sequence[Floor]) -> bytes:
    """Left: points given up for the longest waiting. Right: points, and matches, given up for one match more to a group."""
    dear = sorted((f for f in groups if f.at_least == f.without + 1), key=lambda f: -f.gives_up)[:MOST_GROUPS]
    with drawing("fairness", {"font.size": 10}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(11, 1.6 + 0.3 * max(8, len(dear))), layout="constrained")
        _curve(left, language, waited)
        _bars(right, language, dear)
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
        return written(figure)


def _curve(axes: Any, language: str, waited: Sequence[Floor]) -> None:  # noqa: ANN401  matplotlib's own
    axes.step([f.at_least for f in waited], [f.gives_up / 1000 for f in waited], where="post", color=DEEP, linewidth=2)
    axes.plot([f.at_least for f in waited], [f.gives_up / 1000 for f in waited], "o", color=DEEP)
    axes.set_xlabel(say(language, "heading.guaranteed"))
    axes.set_ylabel(say(language, "heading.gives_up"))
    axes.set_ylim(bottom=0)
    axes.set_title(say(language, "picture.waited"))


def _bars(axes: Any, language: str, dear: Sequence[Floor]) -> None:  # noqa: ANN401
    names = [group_name(language, f.dimension, f.value) for f in dear]
    colours = [LIGHT if f.matches_lost else DEEP for f in dear]
    drawn = axes.barh(range(len(dear)), [f.gives_up / 1000 for f in dear], color=colours)
    labels = [say(language, "picture.matches", number=f.matches_lost) if f.matches_lost else "" for f in dear]
    axes.bar_label(drawn, labels=labels, padding=3, fontsize=8)
    axes.set_yticks(range(len(dear)), names)
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set_xlabel(say(language, "heading.gives_up"))
    axes.set_title(say(language, "picture.groups"))
