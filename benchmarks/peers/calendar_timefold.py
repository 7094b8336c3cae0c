"""Timefold's solver on the calendar: writes the year as numbers, runs ``CalendarTimefold.java``, and reads its plans.

The solver's jars are those of the Python package ``timefold``; its model is in Java, since the package's Python models run in
a slower translation. It starts from the greedy plan, as the hint of the CP-SAT model, and searches by its default moves.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.peers.calendar_answer import Few, Grouped, able_to_lead, in_minutes
from matcher.calendar.finish import group_most
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.calendar.meetings.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.peers.calendar_answer import Tell
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Year

MODEL = Path(__file__).with_name("CalendarTimefold.java")
SPARE = 4
"""Meetings that it may hold beside as many as the greedy plan has: one in so many."""
NEEDED = ("timefold-solver-core", "slf4j-api", "commons", "micrometer", "gizmo", "jandex", "jspecify", "asm", "jakarta", "jaxb")
MOST_MEMORY = "-Xmx6g"


def missing() -> str:
    """What is not there of what it needs; empty where all is."""
    lacks = [] if importlib.util.find_spec("timefold") else ["the package timefold"]
    lacks += [] if shutil.which("javac") and shutil.which("java") else ["a Java compiler"]
    return " and ".join(lacks)


def planned(year: Year, *, moments: Sequence[float], seed: int, tell: Tell) -> list[YearPlan]:
    """The best plan after each of some moments, in seconds, of one run; it has no bounds."""
    classes = prepared()
    began, sessions = time.time(), sessions_of(year)
    few, start = Few.of(sessions, group_most(year)), Grouped.of(greedy_draft(sessions))
    command = ["java", MOST_MEMORY, "-cp", classes, "CalendarTimefold", str(began), str(seed)]
    child = subprocess.Popen(  # noqa: S603  the system's Java, and the model beside this file
        [*command, *map(str, moments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if child.stdin is None or child.stdout is None:
        raise OSError("the solver has no pipes")
    child.stdin.write("\n".join(_as_numbers(sessions, few, start)) + "\n")
    child.stdin.close()
    plans = _read(child.stdout, sessions, tell)
    if child.wait() != 0 or len(plans) != len(moments):
        raise OSError(f"Timefold's solver ended with {child.returncode} after {len(plans)} of {len(moments)} plans")
    return plans


@cache
def prepared() -> str:
    """Where the solver's and the model's classes are; the model is compiled once a process."""
    subprocess.run(["javac", "-cp", _jars(), "-d", _folder().name, str(MODEL)], check=True)  # noqa: S603, S607  the system's Java
    return os.pathsep.join((_jars(), _folder().name))


@cache
def _folder() -> TemporaryDirectory[str]:
    """Is removed when the process ends."""
    return TemporaryDirectory(prefix="calendar-timefold-")


def _jars() -> str:
    found = importlib.util.find_spec("timefold.solver")
    places = [] if found is None else found.submodule_search_locations or []
    jars = [jar for place in places for jar in sorted(Path(place, "jars").glob("*.jar"))]
    return os.pathsep.join(str(jar) for jar in jars if jar.name.startswith(NEEDED) and not jar.stem.endswith("tests"))


def _as_numbers(sessions: Sessions, few: Few, start: Grouped) -> Iterator[str]:
    """What the model reads: sizes, sessions, matchers, groups, meetings, and each volunteer with her home, ways and seats."""
    year = sessions.year
    n_meetings = len(start.led) + max(1, len(start.led) // SPARE)
    sizes = (len(sessions), len(year.volunteers), len(year.matchers), len(start.matcher), n_meetings, len(year.venues))
    yield _line((*sizes, few.members))
    for s, able in enumerate(able_to_lead(sessions)):
        day = int(sessions.day[s])
        head = (day, date.fromordinal(day).month, int(sessions.slot[s]), int(sessions.venue[s]))
        who = sessions.who[sessions.start[s] : sessions.start[s + 1]].tolist()
        yield _line((*head, int(sessions.least[s]), int(sessions.most[s]), len(who), *who, len(able), *able))
    for m, a_month in enumerate(few.a_month):
        yield _line((a_month, int(m in few.able)))
    yield _line(start.matcher)
    for s, m in start.led:
        yield _line((s, m, start.label[s]))
    for _ in range(n_meetings - len(start.led)):
        yield _line((-1, 0, 0))
    place = {s: k for k, (s, _) in enumerate(start.led)}
    seats: list[list[int]] = [[] for _ in year.volunteers]
    for e in start.entries:
        seats[int(sessions.who[e])].append(place[int(sessions.session_of[e])])
    for v, taken in enumerate(seats):
        most = max(few.most[v], len(taken))
        yield _line((int(year.need[v]), few.gap[v], start.home[v], *year.minutes[v].tolist(), most))
        yield _line((*taken, *[-1] * (most - len(taken))))


def _line(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _read(lines: Iterable[str], sessions: Sessions, tell: Tell) -> list[YearPlan]:
    """Every plan that it writes, and what it tells on the way of plans that keep its rules."""
    plans: list[list[list[str]]] = []
    for line in lines:
        word, *rest = line.split()
        if word == "best":
            _told([float(one) for one in rest], int(sessions.year.need.sum()), tell)
        elif word == "at":
            plans.append([])
        else:
            plans[-1].append([word, *rest])
    return [_plan(rows, sessions) for rows in plans]


def _told(figures: list[float], need: int, tell: Tell) -> None:
    _, broken, met, *costs = figures
    if broken == 0:
        tell("unmet", need - met, None)
        for level, cost in zip(("meetings", "changes", "travel_minutes", "load_spread"), costs, strict=True):
            tell(level, in_minutes(-cost) if level == "travel_minutes" else -cost, None)


def _plan(rows: list[list[str]], sessions: Sessions) -> YearPlan:
    """A plan's meetings that have seats enough. A plan that breaks the model's rules comes out as it is, and is refused later."""
    of: dict[str, list[list[int]]] = {"meeting": [], "seat": [], "home": [], "group": []}
    for word, *numbers in rows:
        of[word].append([int(one) for one in numbers])
    coming: dict[int, list[int]] = {}
    for v, k in of["seat"]:
        if k >= 0 and of["meeting"][k][0] >= 0:
            coming.setdefault(k, []).append(v)
    held = {k: people for k, people in coming.items() if len(people) >= sessions.least[of["meeting"][k][0]]}
    return Grouped(
        led=tuple((of["meeting"][k][0], of["meeting"][k][1]) for k in held),
        entries=tuple(sessions.entry(of["meeting"][k][0], v) for k, people in held.items() for v in people),
        label={of["meeting"][k][0]: of["meeting"][k][2] for k in held},
        home=tuple(g for (g,) in of["home"]),
        matcher=tuple(m for (m,) in of["group"]),
    ).plan(sessions)
