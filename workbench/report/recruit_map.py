"""A map of where one more volunteer would help (SVG): municipalities at the middle of their postcodes; no outside data."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from matcher.records import PROGRAMMES
from scenarios.recruits import GENDERS
from workbench.report.recruit_words import programme
from workbench.report.whatif_svg import drawing, written
from workbench.words import decimals, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenarios.recruiting import Worth

COLOURS, EDGE, EMPTY, INK = "Blues", "#1F3B57", "#9AA7B3", "#333333"
GROUND = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.6}
LARGEST = 320.0
"""Area of the circle of one match, in points of print, squared."""
NAMED = 3
"""So many municipalities stand below each part of the map: those where most is gained."""


def picture(language: str, worths: Sequence[Worth], centres: Mapping[str, tuple[float, float]]) -> bytes:
    """A part for each gender and programme; a circle's area and colour are the matches gained, on average over ages."""
    means = _means(worths)
    names = sorted({name for *_, name in means} & centres.keys())
    with drawing("recruit", {"font.size": 9}):
        figure, parts = plt.subplots(len(GENDERS), len(PROGRAMMES), figsize=(11, 14), layout="constrained", squeeze=False)
        for row, gender in zip(parts, GENDERS, strict=True):
            for axes, code in zip(row, PROGRAMMES, strict=True):
                values = {name: means.get((gender, code, name), 0.0) for name in names}
                title = say(language, f"recruit.map.{gender}")
                axes.set_title(say(language, "recruit.map.title", gender=title, programme=programme(language, code)))
                _part(axes, language, values, centres)
        shades = mpl.cm.ScalarMappable(norm=mpl.colors.Normalize(0.0, 1.0), cmap=COLOURS)
        figure.colorbar(shades, ax=parts, location="bottom", shrink=0.4, aspect=40, label=say(language, "recruit.map.scale"))
        return written(figure)


def _means(worths: Sequence[Worth]) -> dict[tuple[str, str, str], float]:
    """Matches gained by gender, programme and municipality: the mean over ages."""
    found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for one in worths:
        found[one.kind.gender, one.kind.programme, one.kind.municipality].append(one.matches)
    return {key: sum(values) / len(values) for key, values in found.items()}


def _part(axes: Any, language: str, values: Mapping[str, float], centres: Mapping[str, tuple[float, float]]) -> None:  # noqa: ANN401
    """One part: those without a gain are small rings, so that it is seen that they were looked at."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.margins(x=0.22, y=0.08)
    if not values:
        return
    axes.set_aspect(1.0 / math.cos(math.radians(sum(centres[name][0] for name in values) / len(values))))
    most_first = sorted(values, key=lambda name: (-values[name], name))
    gaining = [name for name in most_first if values[name] > 0]
    none = [name for name in most_first if values[name] <= 0]
    axes.scatter([centres[n][1] for n in none], [centres[n][0] for n in none], s=12, facecolors="none", edgecolors=EMPTY)
    axes.scatter(
        [centres[name][1] for name in gaining],
        [centres[name][0] for name in gaining],
        s=[LARGEST * values[name] for name in gaining],
        c=[values[name] for name in gaining],
        cmap=COLOURS,
        vmin=0.0,
        vmax=1.0,
        edgecolors=EDGE,
        alpha=0.85,
    )
    for name in values:
        look = {"xytext": (5, 3), "textcoords": "offset points", "fontsize": 6, "color": INK, "bbox": GROUND}
        axes.annotate(name, (centres[name][1], centres[name][0]), **look)
    most = [
        say(language, "recruit.map.place", municipality=name, matches=decimals(language, values[name], 1))
        for name in gaining[:NAMED]
    ]
    axes.set_xlabel(", ".join(most) or say(language, "recruit.map.nowhere"))
