"""Pictures as SVG, the same bytes for the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.tools.section import Bars

COLOURS = ("#0b6e6e", "#e08e45", "#5b5f97", "#b8b8d1")


def draw(bars: Bars, path: Path) -> None:
    """Write one picture: horizontal bars, one colour a group, a logarithmic scale, figures at the bars' ends."""
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
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="lower right", frameon=False)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)
