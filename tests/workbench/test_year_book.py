"""The Excel year plan as Excel opens it, and what it and the page both show: every meeting and person once, and no formula."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest

from constraints.calendar_rules import load_calendar
from matcher.calendar.planner import first_plan
from matcher.calendar.settings import LEVELS
from tests.calendar.years import case_of, year_of
from tests.workbench.years_shown import CHILD, GROUP, HOSTILE, LEADER, PLACE, planned, shown
from workbench.report.year_book import LONGEST_CELL, year_workbook
from workbench.report.year_view import view_of

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")  # openpyxl cannot read Excel 2010's bars

SHEETS = ["Jan–jun", "Jul–dec", "Møder", "Frivillige", "Matchere", "Steder", "Grupper", "Mangler", "Om"]
IN_ENGLISH = ["Jan–Jun", "Jul–Dec", "Meetings", "Volunteers", "Matchers", "Venues", "Groups", "Missing", "Changes", "About"]
LINES = ("19.00", "10.00", "16.00")


def opened(view, language="da"):
    return openpyxl.load_workbook(io.BytesIO(year_workbook(language, view)))


@pytest.fixture(scope="module")
def book():
    return opened(shown())


def rows(sheet):
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


def test_sheets(book):
    assert book.sheetnames == SHEETS
    assert opened(shown(replanned=True), "en").sheetnames == IN_ENGLISH


def test_every_meeting_stands_once_in_the_list(book):
    year, plan = planned()
    listed = rows(book["Møder"])
    assert [row["Mødets id"] for row in listed] == [row.meeting_id for row in plan.meetings]
    for row, meeting in zip(listed, plan.meetings, strict=True):
        assert row["Dato"].date() == meeting.date
        assert row["Uge"] == meeting.date.isocalendar().week
        assert row["Ugedag"][:2] == ("ma", "ti", "on", "to", "fr", "lø", "sø")[meeting.date.weekday()]
        assert row["Frivillige, der kommer"] == ", ".join(meeting.volunteers)
        assert row["Antal"] == len(meeting.volunteers)
        assert row["Gruppe"] == meeting.group
        assert row["Fast"] == ("ja" if meeting.pinned else None)
    at_first_place = [row.meeting_id for row in plan.meetings if row.venue_id == year.case.venues[0].venue_id]
    assert [row["Mødets id"] for row in listed if row["Sted"] == PLACE] == at_first_place != []
    first, last = listed[0], listed[-1]
    assert (first["Sted"], first["By"], first["Matcher"], first["Gruppe"]) == ("<u>ukendt</u>", None, "M-væk", GROUP)
    assert (first["Ledige pladser"], first["Program"]) == (None, "Voksenven")
    assert (last["Tid"], last["Matcher"], last["By"]) == ("19.00–21.00", LEADER, "1620 København")
    assert last["Program"] == "Storebror og Familieven"
    assert {row["Program"] for row in listed[1:-1]} == {"alle"}


def test_every_planned_volunteer_stands_once_with_her_dates(book):
    year, plan = planned()
    people = rows(book["Frivillige"])
    assert [row["Frivillig"] for row in people] == list(year.volunteers)
    assert set(HOSTILE) <= set(year.volunteers)
    for v, row in enumerate(people):
        mine = [meeting.date for meeting in plan.meetings if year.volunteers[v] in meeting.volunteers]
        said = [] if row["Datoer"] is None else row["Datoer"].split(" · ")
        assert [int(one.split()[1].strip(".")) for one in said] == [day.day for day in mine]
        assert (row["Får"], row["Skal mindst have"], row["Må højst have"]) == (len(mine), year.owed[v], year.allowed[v])
        assert row["Gruppe"] == plan.home[year.volunteers[v]]
        assert row["Mangler"] == plan.unmet.get(year.volunteers[v])


def test_what_is_missing_is_listed_with_its_reason(book):
    _, plan = planned()
    missing = rows(book["Mangler"])
    assert {row["Frivillig"]: row["Mangler"] for row in missing} == dict(plan.unmet)
    assert all(row["Hvorfor, og hvad der ville hjælpe"] == f"Fordi {row['Frivillig']} < alt" for row in missing)
    (row,) = rows(opened(replace(shown(), people=()))["Mangler"])
    assert row["Hvorfor, og hvad der ville hjælpe"] == "Alle får de møder, de skal have."


@pytest.mark.parametrize(("sheet", "head", "of"), [("Matchere", "Matcher", "matcher_id"), ("Steder", "Sted", "venue_id")])
def test_loads_are_counted_by_month(book, sheet, head, of):
    _, plan = planned()
    listed, months = rows(book[sheet]), ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    counts = Counter((getattr(row, of), row.date.month) for row in plan.meetings)
    assert sorted(n for row in listed for n in (row[month] for month in months) if n) == sorted(counts.values())
    assert [row["I alt"] for row in listed] == [sum(row[month] or 0 for month in months) for row in listed]
    assert sum(row["I alt"] for row in listed) == len(plan.meetings)
    assert len({row[head] for row in listed}) == len(listed)


def test_names_are_told_apart(book):
    year, _ = planned()
    named = [row["Matcher"] for row in rows(book["Matchere"])]
    assert named[:4] == ["M-væk", LEADER, f"Ida ({year.matchers[1]})", f"Ida ({year.matchers[2]})"]
    places = {row["Sted"]: row for row in rows(book["Steder"])}
    assert (places["L-tom"]["By"], places["L-tom"]["I alt"], places["L-tom"]["Pladser"]) == ("0999", 0, 8)
    assert places["<u>ukendt</u>"]["Pladser"] is None


def test_groups_have_all_members_and_meetings_once(book):
    year, plan = planned()
    groups = rows(book["Grupper"])
    members = [name for row in groups for name in (row["Medlemmer"] or "").split(", ") if name]
    assert sorted(members) == sorted(year.volunteers)
    assert sum(row["Antal"] for row in groups) == len(year.volunteers)
    assert sum(len((row["Gruppens møder"] or "").splitlines()) for row in groups) == len(plan.meetings)
    assert [row["Gruppe"] for row in groups] == sorted(row["Gruppe"] for row in groups)


def test_promises_not_kept_are_listed_by_person():
    _, plan = planned()
    promised, guest = rows(opened(shown(replanned=True))["Ændringer"])
    assert promised["Frivillig"] == plan.meetings[-2].volunteers[0]
    assert promised["Aftalt møde, der falder bort"] == "mandag 11. oktober kl. 19.00–21.00, Mødested 9"
    assert f"ma {plan.meetings[-2].date.day}. okt" in promised["Datoer nu"]
    assert (guest["Frivillig"], guest["Datoer nu"]) == ("gæst", "on 13. jan")


def test_the_wall_calendar_has_every_meeting_in_its_day(book):
    _, plan = planned()
    view = shown()
    found = 0
    for meeting in view.meetings:
        sheet, month = book[SHEETS[meeting.date.month > 6]], (meeting.date.month - 1) % 6
        label, cell = sheet.cell(meeting.date.day + 1, 2 * month + 1), sheet.cell(meeting.date.day + 1, 2 * month + 2)
        assert label.value.split()[1] == str(meeting.date.day)
        assert f"{meeting.clock[:5].replace(':', '.')} {meeting.place} · {meeting.matcher}" in cell.value.splitlines()
        assert cell.fill.fgColor.rgb == "FFDCEBF8"
    for name in SHEETS[:2]:
        texts = [str(cell.value or "") for row in book[name].iter_rows(min_row=2) for cell in row[1::2]]
        found += sum(line.startswith(LINES) for text in texts for line in text.splitlines())
    assert found == len(plan.meetings)


def test_the_wall_calendar_shades_days_without_meetings(book):
    spring, autumn = (book[name] for name in SHEETS[:2])
    shut, open_day = spring.cell(27, 6), spring.cell(25, 6)  # 26 and 24 March
    assert (shut.value, shut.fill.fgColor.rgb, shut.font.italic) == ("Langfredag", "FFE4E4E0", True)
    assert (open_day.value, open_day.fill.fgColor.rgb) == (None, "00000000")
    assert {autumn.cell(day + 1, 2).fill.fgColor.rgb for day in range(1, 32)} == {"FFE4E4E0"}  # July
    assert autumn.cell(26, 12).value.splitlines() == ["Juledag", f"19.00 {PLACE} · {LEADER}"]
    assert (spring.cell(16, 4).value, spring.cell(17, 4).value) == ("vinterferie", None)  # 15 and 16 February
    assert [spring.cell(1, 2 * k + 1).value for k in range(2)] == ["Januar 2027", "Februar 2027"]


def test_closed_days_are_those_that_the_rules_leave_out():
    year, _ = planned()
    open_days = set(year.day.tolist())
    closed = shown().closed
    for k in range(365):
        day = date(2027, 1, 1) + timedelta(days=k)
        if day >= year.planning_date:
            assert (day in closed) != (day.toordinal() in open_days)
    assert date(2027, 1, 13) not in closed


def test_about_says_each_level_and_what_is_proved(book):
    year, plan = planned()
    said = {row["Emne"]: row for row in rows(book["Om"])}
    levels = [row for row in rows(book["Om"]) if row["Planen"] is not None]
    assert [row["Planen"] for row in levels] == [getattr(plan.objective, level) for level in LEVELS]
    assert levels[0]["Forklaring"] == "Ikke bevist. Ingen plan, der er lige så god på punkterne før, kommer under 0."
    assert said["Planlægningsdato"]["Forklaring"] == "10-02-2027"
    assert said["Startværdi for de tilfældige valg"]["Forklaring"] == "7"
    assert said["Indstillinger, der afviger"]["Forklaring"] == "ingen"
    assert "matcher " in said["Versioner"]["Forklaring"]
    best = replace(plan, bound=plan.objective, status="optimal", cut=True, data_hash="12345678")
    changed = replace(year, book=load_calendar({"calendar.slack.unmet": 2.0, "calendar.spacing.min_days": 28}))
    sure = rows(opened(view_of(changed, best, unmet={}, seats_left={}))["Om"])
    assert sure[0]["Forklaring"].endswith("bevist, at planen er den bedst mulige. Beregningen blev standset før tid.")
    assert all(row["Forklaring"].startswith("Bevist") for row in sure[1:6])
    assert {"calendar.slack.unmet = 2 (standard 0)", "1234 5678"} <= {row["Forklaring"] for row in sure}


def test_a_level_within_its_slack_is_not_called_the_best():
    year, plan = planned()
    loose = replace(year, book=load_calendar({"calendar.slack.unmet": 3.0}))
    bound = replace(plan.objective, unmet=plan.objective.unmet - 3)
    said = rows(opened(view_of(loose, replace(plan, bound=bound, status="optimal"), unmet={}, seats_left={}))["Om"])
    assert said[0]["Forklaring"].endswith("intet punkt ligger længere fra det bedst mulige, end indstillingerne giver lov til.")
    assert said[1]["Forklaring"].startswith(f"Bevist, at ingen plan kommer under {bound.unmet}; forskellen er ikke større")
    strict = view_of(year, replace(plan, bound=bound), unmet={}, seats_left={})
    assert rows(opened(strict)["Om"])[1]["Forklaring"].startswith("Ikke bevist.")


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_cell_is_a_formula_or_a_link_and_no_child_is_named(language):
    for sheet in opened(shown(replanned=True), language).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
        assert [cell.coordinate for cell in cells if CHILD in str(cell.value)] == []


def test_the_same_view_gives_the_same_bytes():
    assert year_workbook("da", shown()) == year_workbook("da", shown())


def test_a_text_that_excel_cannot_hold_is_cut_not_lost():
    view = shown()
    long = replace(view.people[0], why="å" * 100_000)
    row = rows(opened(replace(view, people=(long, *view.people[1:])))["Frivillige"])[0]
    said = row["Hvorfor, og hvad der ville hjælpe"]
    assert len(said) == LONGEST_CELL
    assert said.endswith("å…")


def test_a_year_with_nobody_is_a_workbook_too():
    year = year_of(case_of([], []))
    book = opened(view_of(year, first_plan(year), unmet={}, seats_left={}))
    assert book.sheetnames == SHEETS
    assert rows(book["Om"])[0]["Forklaring"].startswith("0 møder for 0 frivillige. Alle får")
