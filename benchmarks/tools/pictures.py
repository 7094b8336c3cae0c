"""Pictures as SVG, the same bytes for the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from benchmarks.tools.section import Bars, Lines

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0b6e6e", "#e08e45", "#5b5f97", "#b8b8d1")
MARKS = "osD^vP"


def draw(picture: Bars | Lines, path: Path) -> None:
    """Write one picture."""
    if isinstance(picture, Lines):
        _draw_lines(picture, path)
    else:
        _draw_bars(picture, path)


def _draw_lines(lines: Lines, path: Path) -> None:
    """A line for each name, both scales logarithmic; the first is ours and stands out."""
    with mpl.rc_context({"svg.hashsalt": lines.name, "svg.fonttype": "none", "font.size": 10}):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
        for k, (name, points) in enumerate(lines.lines.items()):
            across, up = zip(*points, strict=True)
            colour, mark = COLOURS[k % len(COLOURS)], MARKS[k % len(MARKS)]
            axes.plot(across, up, marker=mark, color=colour, label=name, linewidth=2.5 if k == 0 else 1.2, markersize=5)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(lines.across)
        axes.set_ylabel(lines.unit)
        axes.set_title(lines.title)
        axes.grid(visible=True, which="major", alpha=0.25)
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
        _save(figure, axes, path)


def _draw_bars(bars: Bars, path: Path) -> None:
    """Horizontal bars, one colour a group, a logarithmic scale, figures at the bars' ends."""
    thick = 0.8 / len(bars.groups)
    with mpl.rc_context({"svg.hashsalt": bars.name, "svg.fonttype": "none", "font.size": 10}):
        figure, axes = plt.subplots(figsize=(8, 0.8 + 0.28 * len(bars.labels) * len(bars.groups)), layout="constrained")
        for k, (group, values) in enumerate(bars.groups.items()):
            at = [place + k * thick for place in range(len(bars.labels))]
            drawn = axes.barh(at, values, height=thick * 0.9, color=COLOURS[k % len(COLOURS)], label=group)
            axes.bar_label(drawn, labels=[f"{value:,.3g}" for value in values], padding=3, fontsize=8)
        axes.set_yticks([place + 0.4 - thick / 2 for place in range(len(bars.labels))], bars.labels)
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.margins(x=0.12)
        axes.set_xlabel(bars.unit)
        axes.set_title(bars.title)
        axes.legend(loc="lower right", frameon=False)
        _save(figure, axes, path)


def _save(figure: Figure, axes: Axes, path: Path) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
