"""``matcher calendar`` as a person runs it: the contract's files, planning anew, limits, interrupts, bad questions."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.case import read_case, write_case
from matcher.case.plan_files import read_plan, strangers
from matcher.errors import CaseError
from matcher.records import Case
from tests.calendar.years import along
from tests.workbench.desk import ask, rows_of, run
from workbench.findings import line

YEAR = ("--year", "2027")
QUICK = (*YEAR, "--effort", "quick")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year") / "sag"
    write_case(along(20, 2), folder)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Too large to be done in seconds."""
    folder = tmp_path_factory.mktemp("large") / "sag"
    write_case(along(40, 3), folder)
    return folder


@pytest.fixture(scope="module")
def planned(case: Path) -> Path:
    out = case.parent / "out"
    done = ask("calendar", case, *QUICK)
    assert done.returncode == 0, done.stderr
    return out


def summary(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "summary.json").read_text("utf-8")))


def test_files_of_the_contract(planned: Path) -> None:
    meetings, attendance = rows_of(planned / "meetings.csv"), rows_of(planned / "attendance.csv")
    assert list(meetings[0])[:7] == ["meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group"]
    assert list(attendance[0]) == ["meeting_id", "volunteer_id"]
    assert {row["meeting_id"] for row in attendance} == {row["meeting_id"] for row in meetings}
    assert [row["meeting_id"] for row in meetings] == sorted(row["meeting_id"] for row in meetings)
    assert {row["programme"] for row in meetings} == {"voksenven;storebror;familieven"}
    assert {row["volunteer_id"] for row in attendance} <= {row["volunteer_id"] for row in rows_of(planned / "groups.csv")}
    found = summary(planned)
    levels = {"unmet", "meetings", "changes", "travel_minutes", "load_spread"}
    assert set(found["objective"]) == set(found["bound"]) == levels
    assert found["meetings"] == found["objective"]["meetings"] == len(meetings)
    assert found["unmet"] == sum(int(row["missing"]) for row in rows_of(planned / "unmet.csv"))
    assert all(row["reason"] and row["explanation"] for row in rows_of(planned / "unmet.csv"))
    assert found["proved"]["unmet"]
    assert found["proved"]["meetings"]
    assert {"aarsplan.xlsx", "aarsplan.html", "calendar.ics", "followups.csv"} <= {path.name for path in planned.iterdir()}
    assert not list(planned.rglob("*.tmp"))


def test_no_child_is_named(case: Path, planned: Path) -> None:
    found, _ = read_case(case, today=date(2026, 12, 1))
    children = [row.child_id for row in found.children]
    for path in planned.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            text = path.read_text("utf-8")
            assert not [name for name in children if name in text], path


def test_same_bytes_in_any_order_and_process(case: Path, planned: Path, tmp_path: Path) -> None:
    found, _ = read_case(case, today=date(2026, 12, 1))
    turned = {name: tuple(reversed(getattr(found, name))) for name in ("volunteers", "friendships", "matchers", "venues")}
    write_case(found.model_copy(update=turned), tmp_path / "sag")
    done = run("calendar", tmp_path / "sag", *QUICK, "--out", tmp_path / "out", seed="7")
    assert done.returncode == 0, done.stderr
    for path in planned.rglob("*"):
        if path.is_file() and path.name != "summary.json":
            assert (tmp_path / "out" / path.relative_to(planned)).read_bytes() == path.read_bytes(), path.name
    first, second = ({**summary(out), "seconds": 0} for out in (planned, tmp_path / "out"))
    assert first == second


def test_json_holds_the_same(case: Path, planned: Path, tmp_path: Path) -> None:
    done = ask("calendar", case, *QUICK, "--format", "json", "--out", tmp_path)
    data = json.loads(done.stdout)
    assert done.stderr == "" or "advars" in done.stderr
    assert len(data["meetings"]) == len(rows_of(planned / "meetings.csv"))
    assert data["summary"]["objective"] == summary(planned)["objective"]


def test_planned_anew_keeps_every_promise_that_it_can(case: Path, planned: Path, tmp_path: Path) -> None:
    found, _ = read_case(case, today=date(2026, 12, 1))
    later = _one_matcher_away(found)
    write_case(later, tmp_path / "sag")
    asked = ("--keep", planned, "--from", "1/4-2027", "--out", tmp_path / "ny", "--effort", "quick")
    done = ask("calendar", tmp_path / "sag", *asked)
    assert done.returncode == 0, done.stderr
    before = {row["meeting_id"]: row for row in rows_of(planned / "meetings.csv") if row["date"] < "2027-04-01"}
    after = {row["meeting_id"]: row for row in rows_of(tmp_path / "ny" / "meetings.csv")}
    places = ("date", "slot", "venue_id", "matcher_id")
    assert all([after[name][key] for key in places] == [row[key] for key in places] for name, row in before.items())
    kept = _promises(planned) - _promises(tmp_path / "ny")
    told = {tuple(row.values()) for row in rows_of(tmp_path / "ny" / "changed_promises.csv")}
    assert told == kept
    assert summary(tmp_path / "ny")["changed_promises"] == len(kept)


def _one_matcher_away(case: Case) -> Case:
    first, *others = case.matchers
    ill = first.model_copy(update={"absent": (*first.absent, (date(2027, 4, 1), date(2027, 5, 31)))})
    return case.model_copy(update={"matchers": (ill, *others), "planning_date": date(2027, 3, 30)})


def _promises(out: Path) -> set[tuple[str, ...]]:
    meetings = {row["meeting_id"]: row for row in rows_of(out / "meetings.csv")}
    return {
        (row["volunteer_id"], *(meetings[row["meeting_id"]][key] for key in ("date", "slot", "venue_id")))
        for row in rows_of(out / "attendance.csv")
        if meetings[row["meeting_id"]]["date"] >= "2027-04-01"
    }


def test_unchanged_case_keeps_everything(case: Path, planned: Path, tmp_path: Path) -> None:
    done = ask("calendar", case, "--keep", planned, "--out", tmp_path / "ny", "--effort", "quick")
    assert done.returncode == 0, done.stderr
    assert rows_of(tmp_path / "ny" / "changed_promises.csv") == []
    assert "holdes" in done.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--from", "2027-03-01"), "--keep"),
        (("--keep", "findes-ikke"), "findes-ikke"),
        (("--keep", ".", "--from", "i går"), "--from"),
        (("--year", "27"), "27"),
        (("--effort", "meget"), "quick"),
    ],
)
def test_bad_questions(case: Path, asked: tuple[str, ...], said: str) -> None:
    done = ask("calendar", case, *asked)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_folder_without_a_plan(case: Path, tmp_path: Path) -> None:
    done = ask("calendar", case, *YEAR, "--keep", tmp_path)
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("meetings.csv", "attendance.csv", "groups.csv"))


def test_every_fault_of_an_earlier_plan_is_told(tmp_path: Path) -> None:
    head = "meeting_id,date,slot,venue_id,matcher_id,programme,group\n"
    rows = [
        "A,2027-02-01,tue_evening,L1,M1,voksenven,G1",
        "A,2027-02-31,mon_evening,L1,M1,sangkor,G1",
        "C,2028-02-07,mon_evening,L1,M1,voksenven,G1",
    ]
    (tmp_path / "meetings.csv").write_text(head + "\n".join(rows), "utf-8")
    (tmp_path / "attendance.csv").write_text("meeting_id,volunteer_id\nA,V1\nA,V1\nB,V1\n", "utf-8")
    (tmp_path / "groups.csv").write_text(
        "volunteer_id,group,matcher_id\nV1,G1,M1\nV1,G2,M1\nV2,G1,M2\nV3,G1,\nV4,G1,M1\n", "utf-8"
    )
    with pytest.raises(CaseError) as error:
        read_plan(tmp_path)
    assert {(one.file, one.row, one.code) for one in error.value.findings if one.is_fault} >= {
        ("meetings.csv", 2, "slot_on_other_day"),
        ("meetings.csv", 3, "impossible_date"),
        ("meetings.csv", 3, "duplicate_id"),
        ("attendance.csv", 3, "duplicate_id"),
        ("attendance.csv", 4, "unknown_id"),
        ("groups.csv", 3, "duplicate_id"),
        ("meetings.csv", 4, "meetings_of_two_years"),
        ("groups.csv", 4, "group_with_two_matchers"),
        ("groups.csv", 5, "group_with_two_matchers"),
    }
    assert ("groups.csv", 6, "group_with_two_matchers") not in {(one.file, one.row, one.code) for one in error.value.findings}


def test_who_and_what_of_an_earlier_plan_is_gone_is_told(case: Path, planned: Path) -> None:
    found, _ = read_case(case, today=date(2026, 12, 1))
    earlier = read_plan(planned)
    assert strangers(earlier, found) == ()
    venue, matcher = earlier.meetings[0].venue_id, earlier.meetings[0].matcher_id
    people = set(earlier.meetings[0].volunteers[:2])
    fewer = {
        "venues": tuple(row for row in found.venues if row.venue_id != venue),
        "matchers": tuple(row for row in found.matchers if row.matcher_id != matcher),
        "volunteers": tuple(row for row in found.volunteers if row.volunteer_id not in people),
    }
    told = strangers(earlier, found.model_copy(update=fewer))
    assert {(one.file, one.column, one.facts["target"], one.facts["count"]) for one in told} >= {
        ("meetings.csv", "venue_id", "venues", "1"),
        ("meetings.csv", "matcher_id", "matchers", "1"),
        ("attendance.csv", "volunteer_id", "volunteers", "2"),
        ("groups.csv", "volunteer_id", "volunteers", "2"),
    }
    assert not any(one.is_fault for one in told)
    assert line("en", told[0]) == "meetings.csv, column venue_id: 1 id not found in the table venues (lokaler)."
    assert not any(name in line("da", one) for one in told for name in (venue, matcher, *people))


def test_pinned_meetings_that_clash(case: Path, tmp_path: Path) -> None:
    found, _ = read_case(case, today=date(2026, 12, 1))
    write_case(found, tmp_path / "sag")
    venues = [row.venue_id for row in found.venues]
    head = "meeting_id,date,slot,venue_id,matcher_id,programme,pinned\n"
    rows = [f"N{k},2027-02-01,mon_evening,{venues[k]},{found.matchers[0].matcher_id},voksenven,yes\n" for k in (0, 1)]
    (tmp_path / "sag" / "meetings.csv").write_text(head + "".join(rows), "utf-8")
    done = ask("calendar", tmp_path / "sag", *YEAR, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "N0" in done.stderr
    assert "N1" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_time_limit_is_kept(large: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    done = run("calendar", large, *YEAR, "--effort", "thorough", "--time-limit", "7", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 7 + 1 + 2, "the limit, a second, and the start of Python on a busy machine"
    assert summary(tmp_path / "out")["repeatable"] is False


@pytest.mark.skipif(os.name == "nt", reason="there is no interrupt of a single process there")
def test_an_interrupt_keeps_the_best_so_far(large: Path, tmp_path: Path) -> None:
    code = "import sys; from workbench.cli import main; sys.exit(main())"
    asked = ["calendar", str(large), *YEAR, "--effort", "thorough", "--out", str(tmp_path / "out")]
    with subprocess.Popen([sys.executable, "-c", code, *asked], stderr=subprocess.PIPE, encoding="utf-8") as child:
        assert child.stderr is not None
        for line in child.stderr:
            if "møder" in line and "efter" in line:
                break
        child.send_signal(signal.SIGINT)
        child.stderr.read()
    assert child.returncode == 0
    assert summary(tmp_path / "out")["repeatable"] is False
    assert rows_of(tmp_path / "out" / "meetings.csv")


def test_nobody_to_plan(case: Path, tmp_path: Path) -> None:
    done = ask("calendar", case, "--year", "2035", "--out", tmp_path)
    assert done.returncode == 0
    assert rows_of(tmp_path / "meetings.csv") == []
    assert "2035" in done.stdout


def test_the_year_where_nobody_says_which(case: Path, tmp_path: Path) -> None:
    """The case is planned on 1 December 2026, when it is the next year that is to be planned."""
    ask("calendar", case, "--effort", "quick", "--out", tmp_path)
    assert summary(tmp_path)["year"] == 2027


def test_a_plan_in_the_folder_of_the_one_that_is_kept_replaces_it(case: Path, planned: Path, tmp_path: Path) -> None:
    shutil.copytree(planned, tmp_path / "plan")
    found, _ = read_case(case, today=date(2026, 12, 1))
    gone = sorted(rows_of(planned / "attendance.csv"), key=lambda row: row["meeting_id"])[-1]["volunteer_id"]
    bonds = tuple(row for row in found.friendships if row.volunteer_id != gone)
    people = tuple(row for row in found.volunteers if row.volunteer_id != gone)
    write_case(found.model_copy(update={"friendships": bonds, "volunteers": people}), tmp_path / "sag")
    asked = ("calendar", tmp_path / "sag", "--effort", "quick", "--out", tmp_path / "plan")
    done = ask(*asked, "--keep", tmp_path / "plan", "--language", "en")
    assert done.returncode == 0, done.stderr
    assert f"The plan in {tmp_path / 'plan'} is the one that is kept (--keep), and the new one replaces it" in done.stderr
    assert "attendance.csv, column volunteer_id: 1 id not found in the table volunteers (frivillige)." in done.stderr
    assert b"STATUS:CANCELLED" in (tmp_path / "plan" / "calendars" / f"volunteer-{gone}.ics").read_bytes()
