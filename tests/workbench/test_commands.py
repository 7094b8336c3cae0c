"""The commands end to end: files to the letter, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from decimal import Decimal

import pytest

from matcher.engine import Engine
from matcher.errors import CertificateError
from tests.workbench.desk import ask, child, load, rows_of, run, same, three_by_three, volunteer, write_case, write_rows
from workbench.cli import main
from workbench.timer import UNTIL

MATCHER = (sys.executable, "-m", "workbench")

CRITERIA = (
    "travel_time",
    "interests",
    "common_slots",
    "expected_length",
    "programme_age",
    "volunteer_stability",
    "age_wish",
    "languages",
    "transport",
)
PROPOSAL_COLUMNS = ("child_id", "rank", "volunteer_id", "score", *CRITERIA, "minutes", "plan_cost", "matches_lost")


@pytest.fixture
def case(tmp_path):
    return three_by_three(tmp_path / "case")


@pytest.fixture
def broken(tmp_path):
    return write_case(tmp_path / "broken", [child(gender="grl"), child(child_id="B2", birth_date="31-02-2018")], [volunteer()])


def test_propose_writes_the_contract(case, tmp_path):
    done = run("propose", case)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == ["forslag.xlsx", "proposals.csv", "summary.json"]
    rows = rows_of(out / "proposals.csv")
    assert tuple(rows[0])[: len(PROPOSAL_COLUMNS)] == PROPOSAL_COLUMNS
    assert [(r["child_id"], r["rank"], r["volunteer_id"]) for r in rows] == [
        ("B1", "1", "V1"),
        ("B1", "2", "V2"),
        ("B2", "1", "V1"),
        ("B2", "2", "V2"),
    ]
    for row in rows:
        assert sum(Decimal(row[name]) for name in CRITERIA) == Decimal(row["score"])
        assert all(re.fullmatch(r"\d+\.\d{3}", row[name]) for name in ("score", *CRITERIA, "minutes"))
    assert b"\r" not in (out / "proposals.csv").read_bytes()
    summary = load((out / "summary.json").read_text("utf-8"))
    assert (summary["proposals"], summary["children"], summary["planning_date"]) == (4, 2, "2027-01-04")
    assert summary["seconds"] >= 0
    assert set(summary["versions"]) == {"matcher", "ortools", "numpy", "numba"}


def test_assign_writes_the_contract(case, tmp_path):
    done = ask("assign", case, "--out", tmp_path / "plan", "--language", "en")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "plan"
    names = ["assignment.csv", "pairs.csv", "plan.xlsx", "summary.json", "unmatched.csv"]
    assert sorted(path.name for path in out.iterdir()) == names
    plan, pairs, unmatched = (rows_of(out / f"{name}.csv") for name in ("assignment", "pairs", "unmatched"))
    assert list(plan[0])[:3] == list(pairs[0])[:3] == ["child_id", "volunteer_id", "score"]
    assert list(unmatched[0])[:2] == ["child_id", "reason"]
    assert [row["child_id"] for row in unmatched] == ["B3"]
    assert len(pairs) == 4
    text = (out / "summary.json").read_text("utf-8")
    summary = load(text)
    total = sum(Decimal(row["score"]) for row in plan)
    assert f'"total": {total}' in text
    assert f'"bound": {total}' in text
    assert (summary["matched"], summary["status"], summary["pairs"], summary["seed"]) == (2, "optimal", 4, 1)
    assert "2 of 3 children" in done.stdout


@pytest.mark.parametrize("arguments", [("propose",), ("assign",), ("propose", "--child", "B2"), ("propose", "--volunteer", "V1")])
def test_json_is_what_the_files_hold(case, tmp_path, arguments):
    command, *rest = arguments
    done = ask(command, case, *rest, "--format", "json", "--out", tmp_path / "o")
    assert done.returncode == 0, done.stderr
    data = load(done.stdout)
    for path in (tmp_path / "o").glob("*.csv"):
        rows = rows_of(path)
        listed = data.pop(path.stem)
        assert len(rows) == len(listed)
        assert all(same(cell, row[name]) for row, item in zip(rows, listed, strict=True) for name, cell in item.items())
    assert data == {"summary": load((tmp_path / "o" / "summary.json").read_text("utf-8"))}


def test_named_children_and_volunteers(case, tmp_path, capsys):
    assert main(["propose", str(case), "--child", "B2", "--child", "B1", "--top", "1", "--out", str(tmp_path / "o")]) == 0
    assert [(r["child_id"], r["volunteer_id"]) for r in rows_of(tmp_path / "o" / "proposals.csv")] == [("B1", "V1"), ("B2", "V1")]
    assert "B2 har ventet 582 dage; brudte venskaber før: 1." in capsys.readouterr().out
    assert main(["propose", str(case), "--volunteer", "V2", "--out", str(tmp_path / "o")]) == 0
    assert {r["volunteer_id"] for r in rows_of(tmp_path / "o" / "proposals.csv")} == {"V2"}
    assert "Ingen forslag med" not in capsys.readouterr().out
    assert main(["propose", str(case), "--volunteer", "V3", "--out", str(tmp_path / "o")]) == 0
    assert "Ingen forslag med V3." in capsys.readouterr().out


def test_a_child_without_proposals_is_an_answer(case, tmp_path, capsys):
    assert main(["propose", str(case), "--child", "B3", "--out", str(tmp_path / "o")]) == 0
    assert rows_of(tmp_path / "o" / "proposals.csv") == []
    assert "1 barn har ingen forslag" in capsys.readouterr().out


def test_an_empty_case_is_answered(tmp_path):
    case = write_case(tmp_path / "case", [], [])
    (case / "children.csv").write_text(",".join(child()) + "\n", encoding="utf-8")
    (case / "volunteers.csv").write_text(",".join(volunteer()) + "\n", encoding="utf-8")
    for command in ("propose", "assign", "check"):
        done = ask(command, case)
        assert done.returncode == 0, done.stdout + done.stderr
    assert load((tmp_path / "out" / "summary.json").read_text("utf-8"))["matched"] == 0


def test_sentences_follow_the_language_and_codes_do_not(case, tmp_path):
    for language in ("da", "en"):
        assert ask("propose", case, "--language", language, "--out", tmp_path / language).returncode == 0
    danish, english = (rows_of(tmp_path / language / "proposals.csv") for language in ("da", "en"))
    assert "minutters rejse" in danish[0]["reasons"]
    assert "fælles interesser: fodbold og musik" in danish[2]["reasons"]
    assert "interests in common: football and music" in english[2]["reasons"]
    for row in (*danish, *english):
        row.pop("reasons")
    assert danish == english
    assert (tmp_path / "en" / "proposals.xlsx").exists()


def test_check_names_every_fault_and_writes_nothing(broken, tmp_path):
    done = ask("check", broken)
    assert done.returncode == 2
    assert done.stdout.startswith("2 fejl og ")
    assert re.search(r"  children\.csv, række 2, kolonne gender, værdi xxx: ", done.stdout)
    assert re.search(r"  children\.csv, række 3, kolonne birth_date, værdi 99-99-9999: ", done.stdout)
    assert "grl" not in done.stdout
    assert not (tmp_path / "out").exists()


def test_check_as_json(broken):
    done = run("check", broken, "--format", "json", "--language", "en")
    assert (done.returncode, done.stderr) == (2, "")
    data = load(done.stdout)
    assert data["summary"]["faults"] == 2
    assert [(f["severity"], f["row"], f["column"]) for f in data["findings"]] == [
        ("fault", 2, "gender"),
        ("fault", 3, "birth_date"),
    ]


def test_warnings_do_not_refuse(tmp_path):
    case = write_case(tmp_path / "case", [child(likes="football;knurhår")], [volunteer()])
    done = ask("check", case)
    assert done.returncode == 0
    assert "1 advarsel og ingen fejl" in done.stdout
    assigned = ask("assign", case)
    assert assigned.returncode == 0
    assert "1 advarsel i" in assigned.stderr
    assert "advarsel" not in assigned.stdout


@pytest.mark.parametrize("command", ["propose", "assign", "why"])
def test_a_case_with_faults_is_refused(broken, tmp_path, command):
    rest = ["--child", "B1"] if command == "why" else []
    done = run(command, broken, *rest)
    assert (done.returncode, done.stdout) == (2, "")
    assert "række 2, kolonne gender" in done.stderr
    assert "række 3, kolonne birth_date" in done.stderr
    as_json = run(command, broken, *rest, "--format", "json")
    assert as_json.returncode == 2
    assert len(load(as_json.stdout)["findings"]) == 2
    assert not (tmp_path / "out").exists()


def test_no_case_no_settings_file(tmp_path, case):
    assert ask("assign", tmp_path / "nowhere").returncode == 2
    assert ask("check", tmp_path / "nowhere.xlsx").returncode == 2
    assert ask("check", case, "--settings", tmp_path / "nowhere.toml").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["propose", "--child", "B11"], "Der er intet barn med id B11 i dataene. Mente du B1?"),
        (["propose", "--volunteer", "V9"], "Der er ingen frivillig med id V9 i dataene. Mente du V"),
        (["why", "--child", "B1", "--volunteer", "v1"], "Der er ingen frivillig med id v1 i dataene. Mente du V1?"),
        (["assign", "--workers", "0"], "workers skal mindst være 1."),
        (["assign", "--seed", "x"], "seed skal være et helt tal."),
        (["assign", "--time-limit", "nan"], "time_limit skal være et tal."),
    ],
)
def test_wrong_questions_are_refused(case, capsys, arguments, said):
    command, *rest = arguments
    assert main([command, str(case), *rest]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_settings_above_settings(case, tmp_path):
    (tmp_path / "other.toml").write_text("travel_time.max_minutes = 1\nseed = 7\n", encoding="utf-8")
    done = ask("assign", case, "--settings", tmp_path / "other.toml", "--format", "json", "--seed", "9")
    data = load(done.stdout)
    assert (data["summary"]["seed"], data["summary"]["pairs"], data["assignment"]) == (9, 0, [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("travel_time.max_minuts = 4", "Mente du travel_time.max_minutes?"),
        ("course.min_hours = 1", "låst"),
        ('seed = "x"', "seed skal være et helt tal."),
    ],
)
def test_impossible_settings_refuse_the_case(case, capsys, line, said):
    with (case / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert main(["check", str(case)]) == 2
    assert said in capsys.readouterr().out


def test_weights_that_are_all_zero_are_refused(case, capsys):
    with (case / "settings.toml").open("a", encoding="utf-8") as file:
        file.write("".join(f"weights.{name} = 0\n" for name in CRITERIA))
    assert main(["assign", str(case)]) == 2
    assert "Mindst ét kriterium skal have en vægt over 0." in capsys.readouterr().err


def test_a_result_that_its_proof_refuses_is_never_written(case, tmp_path, monkeypatch):
    def refused(_):
        raise CertificateError(["total is not the sum"])

    monkeypatch.setattr(Engine, "assign", refused)
    done = ask("assign", case)
    assert done.returncode == 70
    assert "total is not the sum" in done.stderr
    assert not (tmp_path / "out").exists()


def lock(child_id, volunteer_id):
    return {"child_id": child_id, "volunteer_id": volunteer_id, "kind": "lock", "by": "M1"}


@pytest.mark.parametrize(
    ("locks", "code", "said"),
    [
        ([lock("B1", "V3")], "lock_not_eligible", "B1 er låst til V3, men parret er ikke muligt: interview."),
        ([lock("B1", "V1"), lock("B1", "V2")], "lock", "B1 kan kun få 1 frivillig."),
        ([lock("B1", "V1"), lock("B2", "V1")], "lock", "V1 har kun 1 ledig plads."),
    ],
)
def test_no_feasible_plan_is_explained(case, tmp_path, locks, code, said):
    write_rows(case / "decisions.csv", locks)
    done = ask("assign", case)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    as_json = ask("assign", case, "--format", "json")
    assert as_json.returncode == 1
    assert load(as_json.stdout)["clashing"][0]["code"] == code
    assert not (tmp_path / "out").exists()


LATE = f"import os, time\nif {UNTIL!r} in os.environ:\n    time.sleep(1.0)\n"


@pytest.mark.parametrize("deaf", [False, True], ids=["", "SIGINT ignored, as below nohup"])
def test_out_of_time(case, tmp_path, deaf):
    """The process that is timed begins late, so the limit always strikes; SIGINT plays no part in it."""
    (tmp_path / "sitecustomize.py").write_text(LATE, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [*MATCHER, "assign", str(case), "--time-limit", "0,01", "--out", str(tmp_path / "o")]
    ignore = (lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if deaf else None
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, check=False, preexec_fn=ignore, env=environment
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "Tiden (0.01 sekunder) løb ud" in done.stderr
    as_json = subprocess.run(
        [*command, "--format", "json"], capture_output=True, encoding="utf-8", timeout=60, check=False, env=environment
    )
    assert as_json.returncode == 3
    assert load(as_json.stdout)
    assert not (tmp_path / "o").exists()


def test_a_fault_of_the_program_repeats_nothing_of_the_case(case, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("B1 lives here")

    monkeypatch.setattr(Engine, "assign", broken)
    done = ask("assign", case)
    assert (done.returncode, done.stdout) == (70, "")
    assert "ZeroDivisionError" in done.stderr
    assert "lives" not in done.stderr


def test_a_limit_that_is_not_reached_changes_nothing(case, tmp_path):
    plain, timed = (
        run("assign", case, *more, "--out", tmp_path / name) for name, more in (("a", ()), ("b", ("--time-limit", "60")))
    )
    assert timed.returncode == 0
    assert timed.stdout.replace(str(tmp_path / "b"), "") == plain.stdout.replace(str(tmp_path / "a"), "")
    assert timed.stderr == plain.stderr
    assert (tmp_path / "a" / "assignment.csv").read_bytes() == (tmp_path / "b" / "assignment.csv").read_bytes()


def test_a_limit_in_the_settings_holds_too(case):
    (case / "settings.toml").write_text("time_limit = 0.01", "utf-8")
    assert run("propose", case).returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["assign"], 0),
        (["propose", "--child", "B9", "--format", "json"], 2),
        (["assign", "--settings", "nowhere.toml"], 2),
        (["fly"], 2),
    ],
)
def test_exit_codes_of_the_process(case, arguments, code):
    command, *rest = arguments
    done = run(command, case, *rest)
    assert done.returncode == code
    assert (done.stdout == "") == (code == 2 and "json" not in rest)
    assert "Traceback" not in done.stderr


def test_an_impossible_lock_ends_the_process_with_1(case):
    write_rows(case / "decisions.csv", [lock("B1", "V3")])
    assert run("assign", case).returncode == 1


def test_why_a_pair(case, tmp_path, capsys):
    assert main(["why", str(case), "--child", "B1", "--volunteer", "V3"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("B1 og V3 er ikke et muligt par: »Samtale«.")
    assert "✗ Samtale (interview): " in text
    assert "✓ Barnets alder (child_age): barnets program: voksenven; barnets alder: 8" in text
    assert not (tmp_path / "out").exists()
    assert main(["why", str(case), "--child", "B1", "--volunteer", "V3", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["failing"] == ["interview"]
    assert {rule["rule"] for rule in data["rules"] if not rule["holds"]} == {"interview"}


def test_why_a_child(case, tmp_path, capsys):
    assert main(["why", str(case), "--child", "B3", "--out", str(tmp_path / "o"), "--language", "en"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("B3: possible: 0 of 3 volunteers.")
    assert "Travel time (travel_time): 3 volunteers; that rule alone: 2 (V1, V2)" in text
    relaxations = rows_of(tmp_path / "o" / "relaxations.csv")
    assert {row["consent"] for row in relaxations} == {"both"}
    assert "[locked]" in text


def test_a_waiver_shows(case, capsys):
    far = {"child_id": "B3", "volunteer_id": "V1", "kind": "waive", "rule": "travel_time", "by": "M1"}
    write_rows(case / "decisions.csv", [far])
    assert main(["why", str(case), "--child", "B3", "--volunteer", "V1"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("B3 og V1 er et muligt par")
    assert "~ Rejsetid (travel_time)" in text
    assert "dispensation efter en matchers beslutning" in text


@pytest.mark.parametrize("command", ["rules", "settings"])
def test_papers_are_printed_and_are_json(capsys, tmp_path, command):
    assert main([command]) == 0
    assert "travel_time" in capsys.readouterr().out
    assert main([command, "--format", "json", "--out", str(tmp_path / "o")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data[command]) == len(rows_of(tmp_path / "o" / f"{command}.csv")) > 20


def test_settings_can_be_used_as_a_file(capsys, case):
    assert main(["settings"]) == 0
    printed = capsys.readouterr().out
    (case / "mine.toml").write_text(printed, encoding="utf-8")
    assert main(["check", str(case), "--settings", str(case / "mine.toml")]) == 0
