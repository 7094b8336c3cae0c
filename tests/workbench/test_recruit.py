"""``matcher recruit``: the files, the words, the map, and what is refused."""

from __future__ import annotations

import re

import openpyxl
import pytest

from scenarios.recruiting import Worth
from scenarios.recruits import Kind
from tests.workbench.desk import ask, child, load, rows_of, same, volunteer, write_case, write_rows
from workbench.report.recruit_map import picture

COLUMNS = ["gender", "age_group", "municipality", "programme", "matches", "matches_low", "matches_high"]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Six boys wait in Ballerup, and one man; a woman would help nobody."""
    folder = tmp_path_factory.mktemp("recruit") / "case"
    boys = [child(child_id=f"B{n}", registered_on=f"2026-01-0{n}", availability="") for n in range(1, 7)]
    return write_case(folder, boys, [volunteer(volunteer_id="V1", availability="")])


@pytest.fixture(scope="module")
def asked(case):
    done = ask("recruit", case, "--draws", "3")
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.usefixtures("asked")
def test_the_file_has_every_kind_with_its_worth(case):
    rows = rows_of(case.parent / "out" / "recruit.csv")
    assert list(rows[0])[:7] == COLUMNS
    key = [tuple(row[name] for name in COLUMNS[:4]) for row in rows]
    assert key == sorted(key)
    assert len(set(key)) == len(rows) == 24
    assert {row["municipality"] for row in rows} == {"Ballerup"}
    useful = [row for row in rows if row["matches"] != "0.000"]
    assert useful
    assert {row["programme"] for row in useful} == {"voksenven"}
    assert all(float(row["matches_low"]) <= float(row["matches"]) <= float(row["matches_high"]) <= 1 for row in rows)
    assert all(float(row["score_low"]) <= float(row["score"]) <= float(row["score_high"]) for row in rows)
    assert {row["exact"] for row in rows} == {"yes"}
    assert sum(row["resolved"] == "yes" for row in rows) == 5
    assert {row["children"] for row in rows} <= {"", "5", "6"}


def test_a_leader_reads_where_and_what_it_rests_on(asked, case):
    lines = asked.stdout.splitlines()
    assert lines[0] == "Planen i dag giver 1 barn en ven. Én frivillig mere ville hjælpe mest her:"
    assert lines[1].startswith("  1. En mand på ")
    assert " i Ballerup til Voksenven: i snit 1,0 match mere (+" in lines[1]
    assert "kan ikke lægges sammen" in asked.stdout
    assert "Alle tal er eksakte" in asked.stdout
    english = ask("recruit", case, "--draws", "1", "--language", "en", "--out", case.parent / "en").stdout
    assert " in Ballerup for Voksenven: 1.0 more matches on average (+" in english


def test_summary_and_json_are_the_files(case):
    done = ask("recruit", case, "--draws", "3", "--format", "json", "--out", case.parent / "json")
    data, rows = load(done.stdout), rows_of(case.parent / "json" / "recruit.csv")
    assert done.stderr == ""
    assert all(same(cell, row[name]) for found, row in zip(data["recruit"], rows, strict=True) for name, cell in found.items())
    summary = data["summary"]
    assert (summary["matched"], summary["kinds"], summary["draws"], summary["exact"]) == (1, 24, 3, True)
    assert summary["plans"] == 5 * 3 + 20
    assert summary["best"][0] == max(data["recruit"], key=lambda row: (row["matches"], row["score"]))


@pytest.mark.usefixtures("asked")
def test_the_same_seed_has_the_same_bytes_and_another_has_others(case):
    ask("recruit", case, "--draws", "3", "--out", case.parent / "again")
    ask("recruit", case, "--draws", "3", "--seed", "7", "--out", case.parent / "other")
    for name in ("recruit.csv", "recruit.svg", "rekruttering.xlsx"):
        first = (case.parent / "out" / name).read_bytes()
        assert (case.parent / "again" / name).read_bytes() == first
        assert name == "recruit.svg" or (case.parent / "other" / name).read_bytes() != first


@pytest.mark.usefixtures("asked")
def test_the_sheet_begins_with_the_best(case):
    sheet, about = openpyxl.load_workbook(case.parent / "out" / "rekruttering.xlsx").worksheets
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert (sheet.title, len(rows), len(rows[0])) == ("Hvor", 24, 10)
    assert (rows[0][0], rows[0][2], rows[0][3], rows[0][9]) == ("Mand", "Ballerup", "Voksenven", "eksakt, planen lagt om")
    assert [row[4] for row in rows] == sorted((row[4] for row in rows), reverse=True)
    assert any("kan ikke lægges sammen" in str(cell) for row in about.iter_rows(values_only=True) for cell in row)


@pytest.mark.usefixtures("asked")
def test_the_map_names_places_in_each_part(case):
    text = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", (case.parent / "out" / "recruit.svg").read_text("utf-8")))
    assert all(f"{who} til {what}" in text for who in ("Mænd", "Kvinder") for what in ("Voksenven", "Storebror", "Familieven"))
    assert text.count("Ballerup") >= 6
    assert "Ballerup 1,0" in text
    assert text.count("intet sted") == 5


def test_decisions_in_a_file_of_their_own_count(case, tmp_path):
    """All six forbidden to V1, the plan of today has nobody."""
    file = tmp_path / "mine.csv"
    write_rows(file, [{"child_id": f"B{n}", "volunteer_id": "V1", "kind": "forbid", "by": "Ane"} for n in range(1, 7)])
    done = ask("recruit", case, "--draws", "1", "--format", "json", "--out", tmp_path / "out", "--decisions", file)
    assert done.returncode == 0, done.stderr
    assert load(done.stdout)["summary"]["matched"] == 0


def test_where_nobody_waits_nobody_helps(tmp_path):
    folder = write_case(tmp_path / "case", [child(home_visit_on="")], [volunteer()])
    done = ask("recruit", folder, "--draws", "1")
    assert done.returncode == 0
    assert "Ingen af de typiske frivillige ville gøre den bedre lige nu." in done.stdout


def test_an_unknown_municipality_is_refused_with_the_nearest(case):
    done = ask("recruit", case, "--municipality", "Balerup")
    assert done.returncode == 2
    assert "Mente du Ballerup?" in done.stderr


def test_no_name_on_the_map_is_read_as_a_formula():
    name = r"By $\frac{1}{0}$ og $x$"
    worth = Worth(
        kind=Kind(gender="man", ages=(25, 35), municipality=name, programme="voksenven"), gains=((1, 9),), children=5, exact=True
    )
    drawn = picture("da", [worth], {name: (55.7, 12.4)}).decode()
    assert name in re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert picture("da", [worth], {name: (55.7, 12.4)}).decode() == drawn
