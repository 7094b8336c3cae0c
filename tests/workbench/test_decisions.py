"""Decisions there and back: the workbook of propose, filled in as a matcher would, handed back with ``--decisions``."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from constraints.rulebook import load_rulebook
from matcher.case import words
from matcher.case.decisions_file import read_files
from tests.workbench.desk import ask, child, load, rows_of, three_by_three, volunteer, write_case, write_rows
from workbench.report.entry import ROWS
from workbench.words import say

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")  # openpyxl cannot read Excel 2010's bars

BOOK = {"da": ("forslag", "Forslag", "Beslutninger"), "en": ("proposals", "Proposals", "Decisions")}
KIND = {"da": ("lås", "forbyd", "dispenser"), "en": ("lock", "forbid", "waive")}


class Form:
    """The workbook of propose, opened to be filled in."""

    def __init__(self, folder: Path, language: str) -> None:
        name, proposals, decisions = BOOK[language]
        self.book = openpyxl.load_workbook(folder / f"{name}.xlsx")
        self.sheet, self.table = self.book[proposals], self.book[decisions]
        titles = [cell.value for cell in self.sheet[1]]
        self.at = {
            key: titles.index(say(language, f"heading.{key}")) + 1
            for key in ("child", "volunteer", "rank", "decision", "decided_by", "reason")
        }

    def pairs(self) -> dict[tuple[str, str], int]:
        """Each proposed pair and its row."""
        rows = range(2, self.sheet.max_row + 1)
        return {(self.sheet.cell(r, self.at["child"]).value, self.sheet.cell(r, self.at["volunteer"]).value): r for r in rows}

    def decide(self, row: int, kind: object, by: object = "Ane", reason: object = None) -> None:
        for key, value in (("decision", kind), ("decided_by", by), ("reason", reason)):
            self.sheet.cell(row, self.at[key]).value = value

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example's proposals in both languages, and its plan."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(Path(__file__).parents[2] / "examples" / "hovedstaden.xlsx", folder / "case.xlsx")
    for language in BOOK:
        assert ask("propose", folder / "case.xlsx", "--language", language).returncode == 0
    assert ask("assign", folder / "case.xlsx").returncode == 0
    return folder


@pytest.mark.parametrize("language", ["da", "en"])
def test_there_and_back(example, tmp_path, language):
    plan = {(row["child_id"], row["volunteer_id"]) for row in rows_of(example / "out" / "assignment.csv")}
    form, (lock, forbid, _) = Form(example / "out", language), KIND[language]
    pairs = form.pairs()
    locked = next(pair for pair, row in pairs.items() if form.sheet.cell(row, form.at["rank"]).value == 2 and pair not in plan)
    forbidden = next(pair for pair in pairs if pair in plan and locked[0] != pair[0] and locked[1] != pair[1])
    form.decide(pairs[locked], lock, reason="kender hinanden")
    form.decide(pairs[forbidden], forbid)
    file = form.save(tmp_path / "mine.xlsx")
    done = ask("assign", example / "case.xlsx", "--decisions", file, "--out", tmp_path / "out", "--language", language)
    assert done.returncode == 0, done.stderr
    after = {(row["child_id"], row["volunteer_id"]) for row in rows_of(tmp_path / "out" / "assignment.csv")}
    assert locked in after - plan
    assert forbidden in plan - after
    again = ask("propose", example / "case.xlsx", "--decisions", file, "--out", tmp_path / "out", "--language", language)
    assert again.returncode == 0
    proposed = {(row["child_id"], row["volunteer_id"]): row for row in rows_of(tmp_path / "out" / "proposals.csv")}
    assert forbidden not in proposed
    assert proposed[locked]["plan_cost"] == "0.000"
    assert "mine.xlsx" not in done.stderr
    why = ask(
        "why",
        example / "case.xlsx",
        "--child",
        forbidden[0],
        "--volunteer",
        forbidden[1],
        "--decisions",
        file,
        "--format",
        "json",
    )
    assert load(why.stdout)["summary"]["forbidden"] is True


@pytest.mark.parametrize("language", ["da", "en"])
def test_an_untouched_workbook_changes_nothing_and_says_so(example, tmp_path, language):
    file = example / "out" / f"{BOOK[language][0]}.xlsx"
    done = ask("assign", example / "case.xlsx", "--decisions", file, "--out", tmp_path, "--language", language)
    assert done.returncode == 0
    assert say(language, "no_decisions") in done.stderr
    assert rows_of(tmp_path / "assignment.csv") == rows_of(example / "out" / "assignment.csv")


def lists(sheet):
    return {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_drop_downs(example, language):
    form, kinds = Form(example / "out", language), KIND[language]
    letter = form.sheet.cell(1, form.at["decision"]).column_letter
    assert lists(form.sheet) == {f"{letter}2:{letter}{form.sheet.max_row}": f'"{",".join(kinds[:2])}"'}
    names = sorted(rule.title[language] for rule in load_rulebook(date(2027, 1, 4)).eligibility if not rule.locked)
    assert lists(form.table) == {f"C2:C{ROWS + 1}": f'"{",".join(kinds)}"', f"D2:D{ROWS + 1}": f'"{",".join(names)}"'}
    assert form.table.max_row == ROWS + 1


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_is_to_be_filled_in_looks_so_and_keeps_ids_as_text(example, language):
    form = Form(example / "out", language)
    entry = [form.at[key] for key in ("decision", "decided_by", "reason")]
    assert entry == list(range(entry[0], entry[0] + 3))
    for cell in form.sheet[2]:
        is_entry = cell.column in entry
        assert (cell.fill.fgColor.rgb == "FFFFF8DC") == is_entry
        assert (cell.number_format == "@") == is_entry
        assert not (is_entry and cell.value)
    assert {cell.number_format for row in form.table.iter_rows(min_row=2) for cell in row} == {"@"}
    assert [cell.value for row in form.table.iter_rows(min_row=2) for cell in row if cell.value] == []
    known = words.headings(("child_id", "volunteer_id", "kind", "rule", "by", "reason"))
    assert [known[words.as_heading(cell.value)] for cell in form.table[1]] == list(dict.fromkeys(known.values()))


def test_the_table_of_decisions_and_its_waiver(tmp_path):
    """B3 is too far away from V1 in a small case; a waiver of the journey, by the rule's Danish name, lets her have him."""
    case = write_case(
        tmp_path / "case", [child(child_id="B3", latitude="57.0400", longitude="9.9200", postcode="9000")], [volunteer()]
    )
    assert ask("assign", case).returncode == 0
    assert rows_of(tmp_path / "out" / "assignment.csv") == []
    assert ask("propose", case).returncode == 0
    form = Form(tmp_path / "out", "da")
    for place, value in enumerate(("B3", "V1", "dispenser", "Rejsetid", "Ane", "flytter"), start=1):
        form.table.cell(2, place).value = value
    file = form.save(tmp_path / "b.xlsx")
    done = ask("assign", case, "--decisions", file)
    assert done.returncode == 0, done.stderr
    assert [row["volunteer_id"] for row in rows_of(tmp_path / "out" / "assignment.csv")] == ["V1"]
    form.table.cell(2, 4).value = "Børneattest"
    done = ask("assign", case, "--decisions", form.save(tmp_path / "b.xlsx"))
    assert done.returncode == 0
    assert "b.xlsx [Beslutninger], række 2, kolonne regel" in done.stderr
    assert say("da", "waive_of_locked_rule") in done.stderr
    assert rows_of(tmp_path / "out" / "assignment.csv") == []


def test_faults_of_the_case_and_of_the_files_are_told_at_once(tmp_path):
    case = three_by_three(tmp_path / "case")
    write_rows(case / "decisions.csv", [{"child_id": "B1", "volunteer_id": "V1", "kind": "lock", "by": "Ane"}])
    write_rows(tmp_path / "mine.csv", [{"child_id": "B1", "volunteer_id": "V1", "kind": "forbid", "by": "Bo"}])
    (tmp_path / "other.csv").write_text("child_id,volunteer_id,kind,by\nSøren,V1,lås,\n", encoding="utf-8")
    for language, said in (("da", "Parret er både låst og forbudt"), ("en", "The pair is both locked and forbidden")):
        done = ask(
            "assign", case, "--decisions", tmp_path / "mine.csv", "--decisions", tmp_path / "other.csv", "--language", language
        )
        assert done.returncode == 2
        assert said in done.stderr
        assert all(text in done.stderr for text in ("mine.csv", "other.csv", "decisions.csv", "xxxxx"))
        assert "Søren" not in done.stderr
        assert done.stdout == ""
    assert not (tmp_path / "out").exists()
    done = ask("check", case, "--decisions", tmp_path / "other.csv", "--format", "json")
    assert done.returncode == 2
    assert {(found["code"], found["row"]) for found in load(done.stdout)["findings"]} == {
        ("unknown_id", 2),
        ("blank_required", 2),
    }


def test_a_lock_that_cannot_be_is_explained(tmp_path):
    case = three_by_three(tmp_path / "case")
    write_rows(tmp_path / "mine.csv", [{"child_id": "B3", "volunteer_id": "V1", "kind": "lock", "by": "Ane"}])
    done = ask("assign", case, "--decisions", tmp_path / "mine.csv")
    assert done.returncode == 1
    assert "B3" in done.stderr


def test_a_workbook_with_decisions_is_not_overwritten(tmp_path):
    case = three_by_three(tmp_path / "case")
    assert ask("propose", case).returncode == 0
    assert ask("propose", case).returncode == 0
    form = Form(tmp_path / "out", "da")
    form.decide(2, "lås")
    file = form.save(tmp_path / "out" / "forslag.xlsx")
    before = file.read_bytes()
    for more in ((), ("--decisions", file)):
        done = ask("propose", case, *more)
        assert done.returncode == 2
        assert "bliver ikke overskrevet" in done.stderr
        assert file.read_bytes() == before
    assert ask("assign", case, "--decisions", file).returncode == 0
    assert ask("propose", case, "--decisions", file, "--out", tmp_path / "next").returncode == 0


def test_many_warnings_are_left_to_check(tmp_path):
    case = three_by_three(tmp_path / "case")
    assert ask("propose", case).returncode == 0
    form = Form(tmp_path / "out", "da")
    for number in range(20):
        for place, value in enumerate(("B1", "V1", "dispenser", None, f"Ane {number}"), start=1):
            form.table.cell(2 + number, place).value = value
    file = form.save(tmp_path / "b.xlsx")
    done = ask("assign", case, "--decisions", file)
    assert done.returncode == 0
    assert done.stderr.count(say("da", "waive_without_rule")) == 10
    assert f"matcher check {case} --decisions {file}" in done.stderr
    assert ask("check", case, "--decisions", file).stdout.count(say("da", "waive_without_rule")) == 20


def test_the_headings_of_every_language_are_read(example):
    for name, *_ in BOOK.values():
        tables, findings = read_files([example / "out" / f"{name}.xlsx"])
        assert len(tables) == 2
        assert [finding.code for finding in findings] == ["no_decisions"]
