"""Small fictional cases on disk, and the command line run as a person would run it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workbench.cli import main

CHILD = {
    "child_id": "B1",
    "programme": "voksenven",
    "birth_date": "2018-05-01",
    "gender": "boy",
    "postcode": "2750",
    "latitude": "55.7300",
    "longitude": "12.3600",
    "registered_on": "2026-01-01",
    "home_visit_on": "2026-02-01",
    "likes": "football;cooking",
    "availability": "mon_evening;sat_morning",
}
VOLUNTEER = {
    "volunteer_id": "V1",
    "programmes": "voksenven",
    "birth_date": "1990-05-01",
    "gender": "man",
    "postcode": "2750",
    "latitude": "55.7350",
    "longitude": "12.3700",
    "likes": "football;music",
    "availability": "mon_evening;sun_morning",
    "transport": "car",
    "interview_on": "2026-01-05",
    "home_visit_on": "2026-01-06",
    "criminal_record_on": "2026-01-07",
    "child_certificate_on": "2026-01-08",
    "course_hours": "20",
}
SETTINGS = 'planning_date = "2027-01-04"\n'


def child(**values: str) -> dict[str, str]:
    return {**CHILD, **values}


def volunteer(**values: str) -> dict[str, str]:
    return {**VOLUNTEER, **values}


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_case(
    folder: Path, children: list[dict[str, str]], volunteers: list[dict[str, str]], **tables: list[dict[str, str]]
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {"children": children, "volunteers": volunteers, **tables}.items():
        write_rows(folder / f"{name}.csv", rows)
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def three_by_three(folder: Path) -> Path:
    """Two who can be matched, in competition; one too far away; one volunteer who may not yet."""
    children = [
        child(child_id="B1"),
        child(child_id="B2", likes="football;music", registered_on="2025-06-01", previous_friendships="1"),
        child(child_id="B3", latitude="57.0400", longitude="9.9200", postcode="9000"),
    ]
    volunteers = [
        volunteer(volunteer_id="V1"),
        volunteer(volunteer_id="V2", latitude="55.8000", longitude="12.5000", likes="cooking"),
        volunteer(volunteer_id="V3", interview_on=""),
    ]
    return write_case(folder, children, volunteers)


def run(*arguments: str | Path, seed: str = "0", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The console command in a process of its own."""
    code = "import sys; from workbench.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        check=False,
    )


def ask(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The same in this process, where no fresh one is needed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, arguments)])
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(cell: Any, text: str) -> bool:
    """Whether a JSON value is what the CSV file says."""
    if cell is None or isinstance(cell, bool):
        return text == {None: "", True: "yes", False: "no"}[cell]
    return float(text) == cell if isinstance(cell, int | float) else text == cell


def load(text: str) -> Any:
    return json.loads(text)
