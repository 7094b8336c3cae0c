"""``matcher whatif``: the contract's file, words for a leader, and what is refused."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import scenarios
import workbench
from scenarios import library
from tests.workbench.desk import ask, child, load, rows_of, same, three_by_three, volunteer, write_case, write_rows
from workbench.report import whatif_words as words
from workbench.words import knows, sentences

COLUMNS = ["scenario", "metric", "group", "value", "low", "high", "difference", "difference_low", "difference_high"]
FILE = """
[[scenario]]
name = "Længere rejsetid"
note = "En time."
change = [{ kind = "setting", name = "travel_time.max_minutes", value = 60 }]

[[scenario]]
name = "Uden V1"
change = [{ kind = "lose", number = 1, transport = "car", capacity = 1, age = [36, 36] }]

[[scenario]]
name = "Ingen ændring"
baseline = "Uden V1"
change = [{ kind = "lose", number = 1, transport = "car", capacity = 1, age = [36, 36] }]
"""


@pytest.fixture
def case(tmp_path):
    """V3 becomes free to be matched, and V1 alone is 36."""
    folder = three_by_three(tmp_path / "case")
    write_case(
        folder,
        [child(child_id="B1"), child(child_id="B2", likes="football;music", registered_on="2025-06-01")],
        [volunteer(volunteer_id="V1"), volunteer(volunteer_id="V2", birth_date="1980-01-01", likes="cooking")],
    )
    return folder


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "scenarier.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_the_contracts_file(case, asked, tmp_path):
    done = ask("whatif", case, asked)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir() if path.suffix in {".csv", ".json"}) == [
        "comparison.csv",
        "pairs_changed.csv",
        "summary.json",
    ]
    rows = rows_of(out / "comparison.csv")
    assert list(rows[0])[: len(COLUMNS)] == COLUMNS
    found = {(row["scenario"], row["metric"]): row for row in rows if not row["group"]}
    assert [row["scenario"] for row in rows if row["metric"] == "matched" and not row["group"]] == [
        "Længere rejsetid",
        "Uden V1",
        "Ingen ændring",
    ]
    assert (found["Længere rejsetid", "matched"]["value"], found["Længere rejsetid", "matched"]["difference"]) == ("2", "0")
    assert (found["Uden V1", "matched"]["value"], found["Uden V1", "matched"]["difference"]) == ("1", "-1")
    assert found["Uden V1", "unmatched"]["difference"] == "1"
    assert (found["Uden V1", "eligible_pairs"]["value"], found["Uden V1", "eligible_pairs"]["difference"]) == ("2", "-2")
    assert all(Decimal(row["difference"]) == 0 for (name, _), row in found.items() if name == "Ingen ændring")
    assert all(row["low"] == row["high"] == row["difference_low"] == "" for row in rows)
    assert {row["value"] for row in rows if row["group"]} == {""}
    (lost,) = [row for row in rows_of(out / "pairs_changed.csv") if row["change"] == "loses"]
    assert (lost["scenario"], lost["after"], lost["score_after"]) == ("Uden V1", "", "")
    summary = load((out / "summary.json").read_text("utf-8"))
    assert [one["matched"] for one in summary["scenarios"]] == [2, 1, 1]
    assert [one["held_back"] for one in summary["scenarios"]] == [{}, {"others_fit": 1}, {"others_fit": 1}]
    assert (summary["refused"], summary["unfinished"], summary["repeatable"]) == ([], [], True)


def test_a_leader_reads_what_changes(case, asked):
    done = ask("whatif", case, asked)
    assert "Længere rejsetid – i dag, sammenlignet med dataene, som de er\n  En time." in done.stdout
    assert "  Børn, der får et match: fra 2 til 1 (−1)" in done.stdout
    assert "  1 barn får intet match, men ville ellers have fået et" in done.stdout
    assert 'Ingen ændring – i dag, sammenlignet med "Uden V1"' in done.stdout
    assert "  Planen er den samme for hvert barn." in done.stdout
    assert "Når en frivillig stopper, ophører også de venskaber, der er i gang" in done.stdout
    assert "Hvor en regel eller en vægt er ændret, måles point med et andet mål" in done.stdout
    assert "Nye frivillige og børn er opdigtede" not in done.stdout
    english = ask("whatif", case, asked, "--language", "en").stdout
    assert "  Children who get a match: from 2 to 1 (−1)" in english
    assert "  The plan is the same for every child." in english
    assert "  1 child without a match: 1 with only volunteers whom the plan uses better with other children." in english


def test_json_is_the_files(case, asked, tmp_path):
    done = ask("whatif", case, asked, "--format", "json")
    data, rows = load(done.stdout), rows_of(tmp_path / "out" / "comparison.csv")
    assert done.stderr == ""
    assert len(data["comparison"]) == len(rows)
    assert all(same(cell, row[name]) for found, row in zip(data["comparison"], rows, strict=True) for name, cell in found.items())


def test_the_same_question_has_the_same_bytes(case, asked, tmp_path):
    for name in ("a", "b"):
        assert ask("whatif", case, asked, "--out", tmp_path / name, "--library", "flere-boern-til-efteraaret").returncode == 0
    for file in ("comparison.csv", "pairs_changed.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_the_case_as_it_is_is_the_one_with_the_decisions(case, asked, tmp_path):
    """As ``matcher assign`` sees it: what is forbidden in a file of its own is in no plan here either."""
    file = tmp_path / "mine.csv"
    write_rows(file, [{"child_id": "B2", "volunteer_id": name, "kind": "forbid", "by": "Ane"} for name in ("V1", "V2")])
    assert ask("assign", case, "--decisions", file, "--format", "json", "--out", tmp_path / "assign").returncode == 0
    plan = load((tmp_path / "assign" / "summary.json").read_text("utf-8"))
    done = ask("whatif", case, asked, "--decisions", file)
    assert done.returncode == 0, done.stderr
    rows = {(row["scenario"], row["metric"]): row for row in rows_of(tmp_path / "out" / "comparison.csv") if not row["group"]}
    matched = rows["Længere rejsetid", "matched"]
    assert (matched["value"], matched["baseline_value"], plan["matched"]) == ("1", "1", 1)
    assert load((tmp_path / "out" / "summary.json").read_text("utf-8"))["data_hash"] == plan["data_hash"]
    assert ask("whatif", case, asked, "--decisions", tmp_path / "nowhere.csv").returncode == 2


def test_saved_scenarios_are_asked_by_name(case, tmp_path):
    done = ask("whatif", case, "--library", "laengere-rejsetid", "--language", "en")
    assert done.returncode == 0
    assert {row["scenario"] for row in rows_of(tmp_path / "out" / "comparison.csv")} == {"Længere rejsetid"}
    wrong = ask("whatif", case, "--library", "længere-rejsetid", "--language", "en")
    assert wrong.returncode == 2
    assert "There is no saved scenario of that name. The saved ones are: bryd-boblen-for-piger, " in wrong.stderr
    assert "Did you mean laengere-rejsetid?" in wrong.stderr


def test_a_question_without_scenarios_lists_the_saved_ones(case):
    done = ask("whatif", case)
    assert done.returncode == 2
    assert all(name in done.stderr for name in library.names())
    assert ask("whatif", case, case / "nowhere.toml").returncode == 2
    assert ask("whatif", case, case).returncode == 2


def test_a_faulty_file_is_refused_whole_with_its_places(case, tmp_path):
    path = tmp_path / "fejl.toml"
    path.write_text(
        '[[scenario]]\nname = "Ti mænd"\nchange = [{ kind = "recrut", number = 10 }]\n'
        '[[scenario]]\nname = "B"\nchange = [{ kind = "lose", number = 5 }]\n',
        encoding="utf-8",
    )
    done = ask("whatif", case, path)
    assert done.returncode == 2
    assert "2 fejl og 0 advarsler i fejl.toml" in done.stderr
    assert (
        'fejl.toml, scenarie "Ti mænd", linje 1, change 1, felt kind: Den slags ændring kendes ikke. Mente du recruit?'
        in done.stderr
    )
    assert (
        'fejl.toml, scenarie "B", linje 4, change 1: Der bedes om 5, men kun 2 frivillige passer. Bed om færre, eller stil færre'
        in done.stderr
    )
    assert not (tmp_path / "out").exists()
    data = load(ask("whatif", case, path, "--format", "json").stdout)
    assert [found["code"] for found in data["findings"]] == ["whatif.too_few_volunteers", "whatif.kind_unknown_near"]
    places = [(found["row"], found["column"]) for found in data["findings"]]
    assert places == [(4, "B › change 1"), (1, "Ti mænd › change 1 › kind")]


def test_a_scenario_without_a_plan_is_explained_beside_the_others(case, tmp_path):
    path = tmp_path / "umuligt.toml"
    path.write_text(
        '[[scenario]]\nname = "Ti drenge"\n'
        'change = [{ kind = "quota", dimension = "gender", value = "dreng", at_least = 10 }]\n'
        '[[scenario]]\nname = "B"\n',
        encoding="utf-8",
    )
    done = ask("whatif", case, path)
    assert done.returncode == 1
    assert "mindst 10" in done.stdout
    assert {row["scenario"] for row in rows_of(tmp_path / "out" / "comparison.csv")} == {"B"}
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["refused"] == ["Ti drenge"]
    assert [one["state"] for one in summary["scenarios"]] == ["refused", "done"]


def test_a_baseline_without_a_plan_is_no_fault_of_its_neighbour(case, tmp_path):
    path = tmp_path / "baseline.toml"
    path.write_text(
        '[[scenario]]\nname = "A"\n'
        'change = [{ kind = "quota", dimension = "gender", value = "dreng", at_least = 10 }]\n'
        '[[scenario]]\nname = "B"\nbaseline = "A"\n',
        encoding="utf-8",
    )
    done = ask("whatif", case, path)
    assert done.returncode == 1
    assert 'B – i dag, sammenlignet med "A"\n  Intet at sammenligne med: "A" har ingen mulig plan.\n' in done.stdout
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["refused"], summary["without_baseline"], summary["unfinished"]) == (["A"], ["B"], [])
    assert [one["state"] for one in summary["scenarios"]] == ["refused", "without_baseline"]
    assert ">intet at sammenligne med<" in (tmp_path / "out" / "hvad_nu_hvis.html").read_text("utf-8")


def test_the_page_names_only_whom_a_scenario_names(case, tmp_path):
    """The case itself has locked B1 to V1, and a scenario locks B2 to V1 too: the workbook says who, the page does not."""
    write_rows(case / "decisions.csv", [{"child_id": "B1", "volunteer_id": "V1", "kind": "lock", "by": "Mette"}])
    path = tmp_path / "par.toml"
    path.write_text(
        '[[scenario]]\nname = "To til én"\nchange = [{ kind = "lock", child_id = "B2", volunteer_id = "V1" }]\n', encoding="utf-8"
    )
    done = ask("whatif", case, path)
    assert done.returncode == 1
    assert "B1 er låst til V1." in done.stdout
    page = (tmp_path / "out" / "hvad_nu_hvis.html").read_text("utf-8")
    for said in ("Et barn er låst til V1.", "B2 er låst til V1.", "V1 har kun 1 ledig plads.", "ophæv låsen af et barn til V1"):
        assert said in page
    assert not re.search(r"\bB1\b|\bV2\b|Mette", page)
    book = openpyxl.load_workbook(tmp_path / "out" / "hvad_nu_hvis.xlsx")
    assert "B1 er låst til V1" in "\n".join(str(cell.value) for cells in book["Scenarier"].iter_rows() for cell in cells)


def test_a_lock_that_cannot_be_is_said_on_the_page_without_a_command(case, tmp_path):
    """The two have one slot in common, and a scenario asks for two."""
    write_rows(case / "decisions.csv", [{"child_id": "B1", "volunteer_id": "V1", "kind": "lock", "by": "Mette"}])
    path = tmp_path / "tider.toml"
    path.write_text(
        '[[scenario]]\nname = "To tider"\nchange = [{ kind = "setting", name = "common_slots.min_common", value = 2 }]\n',
        encoding="utf-8",
    )
    assert ask("whatif", case, path).returncode == 1
    page = (tmp_path / "out" / "hvad_nu_hvis.html").read_text("utf-8")
    assert "Et barn er låst til en frivillig, men parret er ikke muligt: common_slots. Regnearket siger hvem." in page
    assert not re.search(r"\bB1\b|\bV1\b", page)


def test_the_screen_and_the_page_round_alike(case, tmp_path):
    path = tmp_path / "over.toml"
    path.write_text('[[scenario]]\nname = "A"\nmode = "stream"\nyears = 1\nreplications = 3\n', encoding="utf-8")
    said = ask("whatif", case, path).stdout
    row = next(
        row for row in rows_of(tmp_path / "out" / "comparison.csv") if (row["metric"], row["group"]) == ("wait_p90_days", "")
    )
    days = words.said("da", "wait_p90_days", Decimal(row["value"]))
    assert "," not in days
    assert f"Ventetid, som 9 af 10 børn er under, i dage: {days} (" in said


def test_the_calendar_comes_when_it_is_asked_for(case, asked, tmp_path):
    done = ask("whatif", case, asked, "--calendar", "--year", "2028")
    assert done.returncode == 0
    assert {row["metric"] for row in rows_of(tmp_path / "out" / "comparison.csv")} >= {"unmet", "meetings"}
    assert "Kalenderen for 2028 er fundet med en hurtig søgning" in done.stdout


def test_over_time_is_said_with_its_bands(case, tmp_path):
    path = tmp_path / "over.toml"
    path.write_text('[[scenario]]\nname = "A"\nmode = "stream"\nyears = 1\nreplications = 2\n', encoding="utf-8")
    done = ask("whatif", case, path)
    assert done.returncode == 0, done.stderr
    assert "A – over 1 år, sammenlignet med dataene, som de er" in done.stdout
    assert "; forskel ±0 (±0 til ±0)" in done.stdout
    rows = {row["metric"]: row for row in rows_of(tmp_path / "out" / "comparison.csv") if not row["group"]}
    assert float(rows["friendships"]["low"]) <= float(rows["friendships"]["value"]) <= float(rows["friendships"]["high"])


# Sentences


def codes() -> set[str]:
    """Codes of ``refused`` and ``one_of`` in the floor of scenarios; where a near name is given, the one that says it too."""
    found = set()
    for path in Path(scenarios.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            at = {"refused": 0, "one_of": 2}.get(name)
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                near = name == "one_of" or len(node.args) > 1
                found |= {node.args[at].value} | ({f"{node.args[at].value}_near"} if near else set())
    return found - {"library_unknown_near"}  # said on the command line, where the nearest is a sentence of its own


def test_every_refusal_has_its_sentence():
    assert len(codes()) > 40
    assert [code for code in codes() if not knows(f"whatif.{code}")] == []


def test_every_sentence_is_said():
    said = {key.removeprefix("whatif.") for key in sentences() if key.startswith("whatif.")}
    text = "\n".join(path.read_text("utf-8") for path in Path(workbench.__file__).parent.rglob("*.py"))
    own = {f"too_few_{who}" for who in ("volunteers", "children", "matchers", "venues")}
    own |= {"rule", "word_unknown", "word_unknown_near", "heading_today", "heading_stream"}
    others = said - codes() - own
    assert [key for key in others if f"whatif.{key}" not in text and f"whatif.{key.split('.')[0]}." not in text] == []
