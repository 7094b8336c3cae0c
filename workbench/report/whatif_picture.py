"""The pictures of a comparison: whom a plan moves, differences with their bands, and waiting by group."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from workbench.report import whatif_words as words
from workbench.report.whatif_svg import DEEP, GREY, INK, MILD, drawing, inline, short
from workbench.words import point_or_comma, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.comparison import Comparison, Row
    from workbench.report.year_html import Html

WIDTH = 11.0
MOST_ROWS = 12
"""More scenarios than this are drawn in several pictures, so that each fits on a printed page."""
ACROSS = 3
"""So many measures stand beside each other."""


def moves(language: str, found: Comparison, names: Sequence[str], key: str) -> Html:
    """Children who gain a match (right) and lose theirs (left) in each scenario; who gets another is said beside."""
    moved: dict[str, Counter[str]] = {name: Counter(pair.how for pair in found.pairs if pair.scenario == name) for name in names}
    title = say(language, "whatif_report.picture.moves")
    with drawing(key):
        figure, axes = plt.subplots(figsize=(WIDTH, 1.1 + 0.45 * len(names)), layout="constrained")
        gains, loses = ([moved[name][how] for name in names] for how in ("gains", "loses"))
        axes.barh(range(len(names)), gains, color=DEEP, height=0.6)
        axes.barh(range(len(names)), [-n for n in loses], color=MILD, height=0.6)
        for row, name in enumerate(names):
            _numbers(axes, language, row, moved[name])
        axes.axvline(0, color=INK, linewidth=0.8)
        _rows(axes, [short(name) for name in names])
        most = max(1, *gains, *loses)
        axes.set_xlim(-1.35 * most, 1.6 * most)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xlabel(say(language, "whatif_report.picture.moves_axis"))
        told = " ".join(f"{name}: {words.moves(language, name, found)}" for name in names)
        return inline(figure, key, title, told)


def _numbers(axes: Any, language: str, row: int, moved: Counter[str]) -> None:  # noqa: ANN401  matplotlib's own
    """How many, at the end of each bar."""
    if moved["loses"]:
        axes.annotate(f"−{moved['loses']}", (-moved["loses"], row), (-4, 0), textcoords="offset points", ha="right", va="center")
    said = [f"+{moved['gains']}"] if moved["gains"] else []
    said += [say(language, "whatif_report.picture.moved", changes=moved["changes"])] if moved["changes"] else []
    axes.annotate(", ".join(said), (moved["gains"], row), (4, 0), textcoords="offset points", va="center")


def differences(language: str, rows: Sequence[Row], key: str) -> Html:
    """A part for each measure: the difference of each scenario as a dot, its band as a line; filled where it is clear."""
    names = list(dict.fromkeys(row.scenario for row in rows))
    of = {(row.metric, row.scenario): row for row in rows}
    metrics = [one for one in words.MEASURES["stream"] if any(metric == one for metric, _ in of)]
    down = -(-len(metrics) // ACROSS)
    with drawing(key):
        size = (WIDTH, 0.5 + down * (0.85 + 0.32 * len(names)))
        figure, parts = plt.subplots(down, ACROSS, figsize=size, layout="constrained", squeeze=False, sharey=True)
        for axes in parts.flat[len(metrics) :]:
            axes.set_visible(False)
        for axes, metric in zip(parts.flat, metrics, strict=False):
            axes.set_title(say(language, f"whatif_report.picture.short.{metric}"))
            for at, name in enumerate(names):
                if (metric, name) in of:
                    _difference(axes, of[metric, name], at)
            axes.axvline(0, color=GREY, linewidth=1)
            axes.margins(x=0.12)
            if not any(of[metric, name].difference for name in names if (metric, name) in of):
                axes.set_xlim(-1, 1)
            _rows(axes, [short(name) for name in names])
            axes.tick_params(labelsize=8.5)
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.xaxis.set_major_formatter(lambda x, _: _tick(language, x))
        told = [f"{row.scenario}, {words.measure(language, row.metric)}: {words.gap(language, row)}." for row in rows]
        title = say(language, "whatif_report.picture.differences")
        return inline(figure, key, title, f"{say(language, 'whatif_report.picture.differences_key')} {' '.join(told)}")


def _difference(axes: Any, row: Row, at: int) -> None:  # noqa: ANN401
    scale = 100 if row.metric in words.SHARES else 1
    if row.difference is None:
        return
    if row.difference_low is not None and row.difference_high is not None:
        ends = [float(row.difference_low) * scale, float(row.difference_high) * scale]
        axes.plot(ends, [at, at], color=DEEP, linewidth=1.6, solid_capstyle="round")
    face = DEEP if words.is_clear(row) else "white"
    axes.plot(float(row.difference) * scale, at, "o", markersize=6.5, markerfacecolor=face, markeredgecolor=DEEP)


def waits(language: str, rows: Sequence[Row], key: str, title: str) -> Html:
    """The middle child's wait and that which nine of ten are below, by group: ring before, dot and its band in the scenario."""
    groups = list(dict.fromkeys(row.group for row in rows))
    of = {(row.metric, row.group): row for row in rows}
    shown = words.WAITS[:2]
    with drawing(key):
        size = (WIDTH, 1.2 + 0.32 * len(groups))
        figure, parts = plt.subplots(1, len(shown), figsize=size, layout="constrained", sharey=True)
        for axes, metric in zip(parts, shown, strict=True):
            axes.set_title(say(language, f"whatif_report.picture.short.{metric}"))
            for at, group in enumerate(groups):
                if (metric, group) in of:
                    _wait(axes, of[metric, group], at)
            _rows(axes, [short(words.group(language, group)) for group in groups])
            axes.set_xlim(left=0)
            axes.set_xlabel(say(language, "whatif_report.picture.days"))
            axes.xaxis.set_major_formatter(lambda x, _: _tick(language, x))
            axes.grid(axis="x", color="#E4E9EE", linewidth=0.8)
            axes.set_axisbelow(True)
        told = [_told(language, row) for row in rows if row.metric in shown]
        return inline(figure, key, title, " ".join(told))


def _told(language: str, row: Row) -> str:
    who, what = words.group(language, row.group), words.measure(language, row.metric)
    return f"{who}, {what}: {words.said(language, row.metric, row.value)}, {words.gap(language, row)}."


def _wait(axes: Any, row: Row, at: int) -> None:  # noqa: ANN401
    if row.low is not None and row.high is not None:
        axes.plot([float(row.low), float(row.high)], [at, at], color=DEEP, linewidth=1.6, solid_capstyle="round")
    if row.value is not None:
        axes.plot(float(row.value), at, "o", markersize=6.5, color=DEEP)
    if row.baseline_value is not None:
        ring = {"markersize": 9.5, "markerfacecolor": "none", "markeredgecolor": MILD, "markeredgewidth": 1.8}
        axes.plot(float(row.baseline_value), at, "o", **ring)


def _rows(axes: Any, labels: Sequence[str]) -> None:  # noqa: ANN401
    """Rows from the top, each with its name."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _tick(language: str, x: float) -> str:
    return point_or_comma(language, f"{round(x, 6) + 0.0:,.6g}").replace("-", "−")
