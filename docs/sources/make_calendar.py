"""Makes the example's year in ``docs/calendar.md`` and its picture ``docs/calendar-2027.svg``, from what the program answers.

Run from the project's root: ``python docs/sources/make_calendar.py``. The same plan gives the same bytes.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from matcher.calendar.obligations import first_years
from matcher.case import read_case
from matcher.case.plan_files import read_plan
from matcher.geography.postcodes import load_postcodes

if TYPE_CHECKING:
    from matcher.calendar.anew.promises import Earlier
    from matcher.records import Case

DOCS = Path(__file__).resolve().parents[1]
PAGE, PICTURE = DOCS / "calendar.md", DOCS / "calendar-2027.svg"
EXAMPLE, YEAR = "examples/hovedstaden.xlsx", 2027
ASKED = ("calendar", EXAMPLE, "--year", str(YEAR), "--out", "out")
SHOWN = re.compile(rf"(```text\nmatcher {re.escape(' '.join(ASKED))}\n```\n\n```text\n)(.*?)(```\n)", re.DOTALL)
"""The command, and what stands as its answer."""

INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"
COLORS = ("#332288", "#44aa99", "#cc6677", "#999933", "#882255", "#88ccee", "#117733", "#ddcc77", "#aa4499")
"""Paul Tol's "muted"."""
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
STYLE: Any = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "the year",  # the same picture is the same bytes
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlepad": 10,
    "legend.frameon": False,
}


def answered(folder: Path, *more: str) -> tuple[str, Earlier]:
    """What the command prints and the plan that it writes, run in an empty folder that has the example."""
    (folder / EXAMPLE).parent.mkdir()
    shutil.copy(DOCS.parent / EXAMPLE, folder / EXAMPLE)
    command = [sys.executable, "-m", "workbench", *ASKED, *more]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)  # noqa: S603  its own program
    return done.stdout.decode("utf-8"), read_plan(folder / "out")


def page(text: str, said: str) -> str:
    """The page with this answer."""
    found = SHOWN.search(text)
    if found is None:
        raise ValueError(f"{PAGE.name} does not show the command: matcher {' '.join(ASKED)}")
    return text[: found.start(2)] + said + text[found.end(2) :]


def picture(case: Case, plan: Earlier) -> str:
    """The year as SVG: a circle for each meeting, by day and place, and how many are in their first year."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10, 5.8), layout="constrained")
        meetings, people = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        _meetings(meetings, case, plan)
        _people(people, case)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _meetings(ax: Any, case: Case, plan: Earlier) -> None:  # noqa: ANN401  matplotlib's axes
    towns = load_postcodes()
    used = Counter(one.venue_id for one in plan.meetings)
    venues = [row for row in sorted(case.venues, key=lambda row: row.venue_id) if used[row.venue_id]]
    row_of = {row.venue_id: y for y, row in enumerate(venues)}
    groups = sorted({one.group for one in plan.meetings})
    for one in plan.meetings:
        y, color = row_of[one.venue_id], COLORS[groups.index(one.group) % len(COLORS)]
        ax.scatter(one.date, y, s=30 * len(one.volunteers), color=color, edgecolor="white", gid=one.meeting_id, zorder=3)
        ax.text(one.date, y, str(len(one.volunteers)), ha="center", va="center", color="white", fontsize=8, zorder=4)
    for group, color in zip(groups, COLORS * len(groups), strict=False):
        ax.scatter([], [], s=60, color=color, label=f"gruppe {group}")
    ax.grid(axis="y", color=PALE, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.set_yticks(range(len(venues)), [f"{row.name}, {towns[row.postcode].municipality}" for row in venues])
    ax.set_ylim(len(venues) - 0.4, -0.6)
    ax.tick_params(left=False)
    ax.spines.left.set_visible(False)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=len(groups))
    ax.set_title(f"{YEAR}: {len(plan.meetings)} netværksmøder; tallet er, hvor mange frivillige der kommer")


def _people(ax: Any, case: Case) -> None:  # noqa: ANN401  matplotlib's axes
    first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
    days = [first + timedelta(days=d) for d in range((last - first).days + 1)]
    own = first_years(case, YEAR).values()
    ax.fill_between(days, [sum(one.first <= day <= one.last for one in own) for day in days], color=PALE, linewidth=0)
    ax.set_xlim(first, last)
    ax.set_ylim(0, None)
    ax.set_xticks([date(YEAR, month, 1) for month in range(1, 13)], MONTHS)
    ax.set_title("Frivillige i deres første år", fontsize=10, pad=4)


def main() -> None:
    """Write both anew."""
    with tempfile.TemporaryDirectory() as folder:
        said, plan = answered(Path(folder))
    case, _ = read_case(DOCS.parent / EXAMPLE, today=date(YEAR, 1, 1))
    PAGE.write_text(page(PAGE.read_text("utf-8"), said), encoding="utf-8", newline="\n")
    PICTURE.write_text(picture(case, plan), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
