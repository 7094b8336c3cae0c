"""``matcher advise``: match now or keep for others, with what is gained and risked; who is unknown or barred is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scenarios.stream.advice import NEWCOMER, NOBODY, Advice
from scenarios.stream.bands import Band
from tests.workbench.desk import ask, child, load, rows_of, same, volunteer, write_case, write_rows
from workbench.commands.advise import lines

FOUND = Advice(
    child_id="B1",
    volunteer_id="V1",
    now=True,
    gain=Band(value=1.0, low=0.5, high=1.5, replications=100),
    sure=True,
    says_yes=0.6,
    child_kept_for=NEWCOMER,
    child_kept_share=0.4,
    volunteer_kept_for=NOBODY,
    volunteer_kept_share=0.7,
    volunteer_lost=0.5,
    volunteer_lost_now=0.2,
    child_left=0.1,
    child_left_now=0.0,
    futures=100,
    cut=False,
    policy="weekly",
    objective="score",
)
REGION = Path(__file__).parents[2] / "examples" / "hovedstaden.xlsx"
RISK = "Risiko for, at den frivillige stopper uden et nyt venskab:"


def case_in(folder: Path, **tables: list[dict[str, str]]) -> Path:
    """B1 and V1 are possible together; V2 has not been interviewed; B10 has a friend."""
    children = [child(child_id="B1"), child(child_id="B2", registered_on="2025-06-01"), child(child_id="B10")]
    volunteers = [volunteer(volunteer_id="V1"), volunteer(volunteer_id="V2", interview_on=""), volunteer(volunteer_id="V3")]
    friends = {
        "friendship_id": "F1",
        "child_id": "B10",
        "volunteer_id": "V3",
        "programme": "voksenven",
        "started_on": "2026-03-01",
    }
    return write_case(folder, children, volunteers, friendships=[friends], **tables)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One advice, for all who read it."""
    folder = tmp_path_factory.mktemp("advise")
    return folder / "out", ask("advise", case_in(folder / "case"), "--child", "B1", "--volunteer", "V1", "--out", folder / "out")


def test_a_matcher_reads_what_to_do_and_what_is_risked(said):
    _, done = said
    assert done.returncode == 0, done.stderr
    found = done.stdout.splitlines()
    assert "B1 og V1" in found[0]
    assert "point i forhold til at lade dem vente (" in found[1]
    assert found[2].startswith("  Chancen for, at det bliver til et venskab, hvis de spørges: ")
    assert found[3].startswith("  Holdes B1 tilbage, får barnet oftest ")
    assert found[4].startswith("  Holdes V1 tilbage, får den frivillige oftest ")
    assert found[5].startswith(f"  {RISK} ")
    assert found[6].startswith("  Risiko for, at barnet ikke har fået en ven om 2 år: ")
    assert found[7] == "Regnet med match én gang om ugen. For hvert barn tæller det første nye venskab med sine point."
    assert found[8].endswith(": et menneske beslutter.")


def test_the_files_say_the_same(said):
    out, done = said
    assert sorted(path.name for path in out.iterdir()) == ["advice.csv", "summary.json"]
    (row,) = rows_of(out / "advice.csv")
    summary = load((out / "summary.json").read_text("utf-8"))
    assert all(same(summary[name], cell) for name, cell in row.items())
    assert (row["child_id"], row["volunteer_id"], summary["eligible"]) == ("B1", "V1", True)
    assert (row["policy"], row["objective"], summary["cut"], summary["repeatable"]) == ("weekly", "score", False, True)
    assert row["advice"] == ("now" if float(row["gain"]) >= 0 else "wait")
    assert float(row["gain_low"]) <= float(row["gain"]) <= float(row["gain_high"])
    assert (row["sure"] == "no") == ("er klart bedst" in done.stdout)
    now, kept = (round(100 * float(row[f"volunteer_lost_{name}"])) for name in ("now", "kept"))
    assert f"{RISK} {now} % hvis de spørges nu, {kept} % hvis de venter." in done.stdout


def test_the_same_question_has_the_same_answer_in_english_too(said, tmp_path):
    out, _ = said
    asked = ("--child", "B1", "--volunteer", "V1", "--out", tmp_path / "out", "--language", "en")
    done = ask("advise", case_in(tmp_path / "case"), *asked)
    assert (tmp_path / "out" / "advice.csv").read_bytes() == (out / "advice.csv").read_bytes()
    assert done.stdout.splitlines()[8].endswith(": a person decides.")


def test_a_policy_and_months_may_be_asked_for(tmp_path):
    asked = ("--child", "B1", "--volunteer", "V1", "--policy", "quarterly", "--objective", "friendship_months")
    done = ask("advise", case_in(tmp_path / "case"), *asked, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    found = done.stdout.splitlines()
    assert "måneder i forhold til at lade dem vente (" in found[1]
    assert found[7] == "Regnet med match én gang i kvartalet. Hvert nyt venskab tæller de måneder, det ventes at vare."
    assert "af højst 1.600 tænkte fremtider" in done.stderr
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["policy"], summary["objective"]) == ("quarterly", "friendship_months")


@pytest.mark.parametrize(
    ("option", "word", "told"),
    [
        (
            "--policy",
            "weekley",
            "--policy har en ugyldig værdi. Forventet: greedy, weekly, monthly, quarterly eller prices. Mente du",
        ),
        ("--policy", "week", "Mente du weekly?"),
        ("--policy", "ugentlig", "Forventet: greedy, weekly, monthly, quarterly eller prices."),
        ("--objective", "scor", "--objective har en ugyldig værdi. Forventet: score eller friendship_months. Mente du score?"),
    ],
)
def test_an_unknown_policy_or_objective_is_refused_with_the_nearest(tmp_path, option, word, told):
    done = ask("advise", case_in(tmp_path / "case"), "--child", "B1", "--volunteer", "V1", option, word)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="there is no interrupt of a single process there")
def test_an_interrupt_keeps_the_futures_that_are_done(tmp_path):
    """On a region, where the futures take some seconds."""
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from workbench.cli import main; sys.exit(main())"
    asked = ("advise", REGION, "--child", "B0001", "--volunteer", "V0006", "--out", tmp_path / "out")
    command = [sys.executable, "-c", code, *map(str, asked)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", process_group=0) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if "tænkte fremtider" in line)  # the first tenth is done
        process.send_signal(signal.SIGINT)
        told = process.communicate()[0]
    assert process.returncode == 0
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["cut"], summary["repeatable"]) == (True, False)
    assert 160 <= summary["futures"] < 1600
    assert f"kun {summary['futures']} fremtider blev spillet igennem" in told.replace(".", "")


@pytest.mark.parametrize(
    ("child_id", "volunteer_id", "told"),
    [("B11", "V1", "Der er intet barn med id B11 i dataene. Mente du B1?"), ("B1", "V11", "Mente du V1?")],
)
def test_an_unknown_id_is_refused_with_the_nearest(tmp_path, child_id, volunteer_id, told):
    done = ask("advise", case_in(tmp_path / "case"), "--child", child_id, "--volunteer", volunteer_id)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_pair_that_the_rules_keep_apart_is_explained_and_an_earlier_advice_goes(tmp_path):
    case, out = case_in(tmp_path / "case"), tmp_path / "out"
    out.mkdir()
    (out / "advice.csv").write_text("of an earlier pair", "utf-8")
    done = ask("advise", case, "--child", "B1", "--volunteer", "V2", "--out", out)
    assert done.returncode == 1
    assert "B1 og V2 er ikke et muligt par: »" in done.stdout
    assert "matcher why --child B1 --volunteer V2 viser alle regler." in done.stdout
    assert [path.name for path in out.iterdir()] == ["summary.json"]
    summary = load((out / "summary.json").read_text("utf-8"))
    assert (summary["eligible"], summary["failing"]) == (False, ["interview"])


def test_who_has_a_friend_already_is_not_free(tmp_path):
    done = ask(
        "advise", case_in(tmp_path / "case"), "--child", "B10", "--volunteer", "V1", "--language", "en", "--format", "json"
    )
    assert done.returncode == 1
    assert load(done.stdout)["summary"]["failing"] == ["child_free"]


def test_a_matchers_decision_counts(tmp_path):
    forbidden = {"child_id": "B1", "volunteer_id": "V1", "kind": "forbid", "by": "M1", "reason": "kender hinanden"}
    done = ask("advise", case_in(tmp_path / "case", decisions=[forbidden]), "--child", "B1", "--volunteer", "V1")
    assert done.returncode == 1
    assert "forbudt af en matcher" in done.stdout


def test_a_pair_that_is_only_possible_by_a_waiver_cannot_be_asked_today(tmp_path):
    """The stream asks nobody whom a rule about that person keeps back."""
    waiver = {"child_id": "B1", "volunteer_id": "V4", "kind": "waive", "rule": "not_paused", "by": "M1", "reason": "aftalt"}
    case = case_in(tmp_path / "case", decisions=[waiver])
    paused = volunteer(volunteer_id="V4", paused_from="2026-12-01", paused_until="2027-03-01")
    write_rows(case / "volunteers.csv", [*rows_of(case / "volunteers.csv"), paused])
    done = ask("advise", case, "--child", "B1", "--volunteer", "V4")
    assert done.returncode == 1
    assert "Reglerne tillader B1 og V4 sammen, men en af dem kan ikke spørges i dag." in done.stdout
    assert load((tmp_path / "out" / "summary.json").read_text("utf-8"))["eligible"] is True


@pytest.mark.parametrize(
    ("now", "sure", "told"),
    [
        (True, True, "Match B1 og V1 nu."),
        (False, True, "Vent med B1 og V1: lad dem stå til andre."),
        (True, False, "Hverken nu eller senere er klart bedst for B1 og V1; tallene hælder til at matche nu."),
        (False, False, "Hverken nu eller senere er klart bedst for B1 og V1; tallene hælder til at vente."),
    ],
)
def test_how_sure_it_is_stands_first(now, sure, told):
    gain = Band(value=4.0 if now else -4.0, low=-9.0, high=9.04, replications=100)
    found = list(lines("da", replace(FOUND, now=now, sure=sure, gain=gain)))
    assert found[0] == told
    assert f"{'+' if now else '−'}4,0 point i forhold til at lade dem vente (−9,0 til +9,0)." in found[1]


def test_months_and_an_early_end_are_said():
    found = list(lines("da", replace(FOUND, objective="friendship_months", policy="prices", cut=True, futures=40)))
    assert "tilsammen +1,0 måneder i forhold til at lade dem vente (+0,5 til +1,5)." in found[1]
    assert found[7].startswith("Regnet med match efter, hvad det er værd at vente. Hvert nyt venskab tæller de måneder")
    assert "kun 40 fremtider" in found[8]


def test_for_whom_each_is_kept():
    assert "får barnet oftest en frivillig, som endnu ikke er kommet (40 % af gangene)." in list(lines("da", FOUND))[3]
    assert "får den frivillige oftest ingen (70 % af gangene)." in list(lines("da", FOUND))[4]
    known = replace(FOUND, child_kept_for="V2", volunteer_kept_for=NEWCOMER)
    assert "the child most often gets V2 (40 % of the times)." in list(lines("en", known))[3]
    assert "the volunteer most often gets a child who has not come yet" in list(lines("en", known))[4]
