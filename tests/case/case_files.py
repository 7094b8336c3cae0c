"""Small fictional cases as real files, and what reading them finds."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from matcher.case import read_case
from matcher.errors import CaseError
from matcher.findings import Finding
from matcher.records import Case, Postcode

TODAY = date(2027, 3, 1)
KNOWN = {
    "2750": Postcode(postcode="2750", latitude=55.73, longitude=12.36, municipality="Ballerup"),
    "2100": Postcode(postcode="2100", latitude=55.70, longitude=12.58, municipality="København"),
    "8000": Postcode(postcode="8000", latitude=56.15, longitude=10.20, municipality="Aarhus"),
}
USUAL = {
    "child_age.min_voksenven": 6,
    "child_age.max_voksenven": 12,
    "child_age.min_storebror": 11,
    "child_age.max_storebror": 15,
    "child_age.min_familieven": 0,
    "child_age.max_familieven": 6,
    "volunteer_age.min_years": 18,
    "volunteer_age.min_storebror": 20,
    "volunteer_age.max_storebror": 35,
    "child_certificate.max_months": 24,
}
Row = dict[str, Any]
Tables = dict[str, list[Row]]

BASE: Tables = {
    "children": [
        {
            "child_id": "c1",
            "programme": "voksenven",
            "birth_date": "2018-05-12",
            "gender": "girl",
            "postcode": "2750",
            "registered_on": "2026-01-01",
        }
    ],
    "volunteers": [
        {
            "volunteer_id": "v1",
            "programmes": "voksenven",
            "birth_date": "1990-01-01",
            "gender": "woman",
            "postcode": "2750",
            "child_certificate_on": "2026-09-01",
        }
    ],
    "friendships": [
        {
            "friendship_id": "f1",
            "child_id": "c1",
            "volunteer_id": "v1",
            "programme": "voksenven",
            "started_on": "2026-05-01",
            "ended_on": "2026-12-01",
        }
    ],
    "declines": [{"child_id": "c1", "volunteer_id": "v1", "declined_on": "2026-12-01"}],
    "offers": [{"child_id": "c1", "volunteer_id": "v1", "opened_on": "2027-02-01"}],
    "decisions": [{"child_id": "c1", "volunteer_id": "v1", "kind": "lock", "by": "Ane"}],
    "quotas": [{"dimension": "municipality", "value": "Ballerup", "at_least": "1"}],
    "matchers": [{"matcher_id": "m1", "postcode": "2750"}],
    "venues": [{"venue_id": "l1", "postcode": "2750", "capacity": "10"}],
    "postcodes": [{"postcode": "2760", "latitude": "55.74", "longitude": "12.31", "municipality": "Ballerup"}],
    "meetings": [
        {
            "meeting_id": "n1",
            "date": "2027-04-07",
            "slot": "wed_evening",
            "venue_id": "l1",
            "matcher_id": "m1",
            "programme": "voksenven",
            "pinned": "yes",
            "volunteers": "v1",
        }
    ],
    "closures": [{"from": "2027-07-01", "to": "2027-07-31"}],
}


def case_with(table: str = "", **changes: Any) -> Tables:
    """The base case with the first row of one table changed; a value ``None`` takes the column away."""
    tables = {name: [dict(row) for row in rows] for name, rows in BASE.items()}
    if table:
        row = tables[table][0]
        row.update(changes)
        tables[table] = [{column: value for column, value in row.items() if value is not None}]
    return tables


def also(tables: Tables, table: str, **changes: Any) -> Tables:
    """The same tables with one more row: the first one changed."""
    return {**tables, table: [*tables[table], {**tables[table][0], **changes}]}


def write_csv(folder: Path, tables: Tables, separator: str = ",") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        heading = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow(heading)
            writer.writerows([row.get(column, "") for column in heading] for row in rows)
    return folder


def write_xlsx(path: Path, tables: Tables) -> Path:
    """Text stays text; numbers, truths, dates and times become Excel's own."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            heading = list(dict.fromkeys(column for row in rows for column in row))
            for index, column in enumerate(heading):
                sheet.write_string(0, index, column)
                for number, row in enumerate(rows, start=1):
                    value = row.get(column, "")
                    if isinstance(value, date | datetime):
                        sheet.write_datetime(number, index, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, index, value)
                    else:
                        sheet.write(number, index, value)
    return path


def read(path: Path, **options: Any) -> tuple[Case | None, list[Finding]]:
    """The case, or nothing where it is refused, and all that was found."""
    try:
        case, findings = read_case(path, today=TODAY, **{"postcodes": KNOWN, "usual": USUAL, **options})
    except CaseError as error:
        return None, list(error.findings)
    return case, list(findings)


def good(path: Path, **options: Any) -> Case:
    """A case that must be read without a word."""
    case, findings = read(path, **options)
    assert case is not None, findings
    assert findings == []
    return case


class Cost(NamedTuple):
    """What reading took in a process of its own: seconds of work, peak memory with the interpreter's, and what came of it."""

    seconds: float
    megabytes: float
    children: int
    findings: list[tuple[str, int]]


# The peak is the kernel's own for this program (VmHWM); getrusage would count that of the test run it was started from.
_READING = """
import json, re, sys, time
from datetime import date
from pathlib import Path
from matcher.case import read_case
from matcher.errors import CaseError

before, children = time.process_time(), 0
try:
    case, findings = read_case(Path(sys.argv[1]), today=date(2027, 3, 1))
    children = len(case.children)
except CaseError as error:
    findings = error.findings
seconds = time.process_time() - before
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
said = [(finding.code, sum(map(len, finding.facts.values()))) for finding in findings]
print(json.dumps([seconds, peak / 1024, children, said]))
"""


def cost_of(path: Path) -> Cost:
    done = subprocess.run([sys.executable, "-c", _READING, str(path)], capture_output=True, text=True, check=True, timeout=300)
    seconds, megabytes, children, said = json.loads(done.stdout)
    return Cost(seconds, megabytes, children, [(code, length) for code, length in said])
