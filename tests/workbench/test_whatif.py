"""``matcher whatif``: the contract's file, words for a leader, and what is refused."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest

import scenarios
import workbench
from scenarios import library
from tests.workbench.desk import ask, child, load, rows_of, same, three_by_three, volunteer, write_case
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
        "fejl.toml, række 1, kolonne Ti mænd › change 1 › kind: Den slags ændring kendes ikke. Mente du recruit?" in done.stderr
    )
    assert "fejl.toml, række 4, kolonne B › change 1: Der bedes om 5, men kun 2 frivillige passer." in done.stderr
    assert not (tmp_path / "out").exists()
    data = load(ask("whatif", case, path, "--format", "json").stdout)
    assert [found["code"] for found in data["findings"]] == ["whatif.too_few_volunteers", "whatif.kind_unknown_near"]


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
