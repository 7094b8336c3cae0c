"""Every fault and warning of a cell, a row and of tables together, each on a real file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.case.case_files import BASE, TODAY, USUAL, Tables, also, case_with, good, read, write_csv, write_xlsx
from workbench.findings import message


@dataclass
class Example:
    """A change of the base case and the one finding it brings."""

    code: str
    table: str
    column: str
    changes: dict[str, Any]
    fault: bool = True
    row: int = 2
    more: tuple[tuple[str, dict[str, Any]], ...] = ()
    others: frozenset[str] = field(default_factory=frozenset)
    options: dict[str, Any] = field(default_factory=dict)

    def tables(self) -> Tables:
        made = case_with(self.table, **self.changes)
        for table, changes in self.more:
            made = also(made, table, **changes)
        return made


def warns(code: str, table: str, column: str, changes: dict[str, Any], **more: Any) -> Example:
    return Example(code, table, column, changes, fault=False, **more)


C, V, F, M = "children", "volunteers", "friendships", "meetings"

NUMBERS = [
    *(
        Example("not_a_number", C, "max_minutes", {"max_minutes": text})
        for text in ("NaN", "inf", "1e400", "1E+07", "ti", "50 %")
    ),
    *(
        Example("not_a_number", C, "max_minutes", {"max_minutes": text})
        for text in ("1.000,5", "1.000.000", "+4512345678 x", "٤٥", "0x10")
    ),
    Example("number_too_large", V, "capacity", {"capacity": "1" + "0" * 30}),
    Example("number_too_large", V, "course_hours", {"course_hours": "9" * 5000}),
    Example("negative_number", V, "course_hours", {"course_hours": "-3"}),
    Example("negative_number", C, "previous_friendships", {"previous_friendships": "-1"}),
    Example("not_whole", V, "capacity", {"capacity": "1.5"}),
    Example("not_whole", V, "capacity", {"capacity": "0.99999999999999999"}),
    Example("not_whole", "venues", "capacity", {"capacity": "2,5"}),
    Example("negative_number", "matchers", "max_new_friendships", {"max_new_friendships": "-0.5"}),
    warns("thousands_or_decimals", C, "max_minutes", {"max_minutes": "1.000"}),
    *(
        Example("postcode_not_four_digits", C, "postcode", {"postcode": text})
        for text in ("555", "27500", "DK-2750", "2750.0", "27 50")
    ),
    warns("unknown_postcode", C, "postcode", {"postcode": "2999"}),
]
DATES = [
    *(
        Example("impossible_date", C, "birth_date", {"birth_date": text})
        for text in ("2015-13-01", "31-02-2018", "29.02.2023", "0/1-2018", "0000-01-01")
    ),
    *(
        Example("two_digit_year", C, "birth_date", {"birth_date": text})
        for text in ("12-05-18", "1/3-18", "12.05.18", "18-05-12")
    ),
    *(
        Example("not_a_date", C, "birth_date", {"birth_date": text})
        for text in (
            "12. maj 2018",
            "42136",
            "12/05/2018",
            "2018-05-12T00:00:00Z",
            "2018-05-12 02:30",
            "20180512",
            "maj",
            "2018-05",
        )
    ),
    Example(
        "born_after_planning",
        C,
        "birth_date",
        {"birth_date": "2027-03-02"},
        others=frozenset({"before_birth", "friendship_before_birth"}),
    ),
    Example(
        "born_after_planning",
        V,
        "birth_date",
        {"birth_date": "2028-01-01"},
        others=frozenset({"before_birth", "friendship_before_birth"}),
    ),
    warns("very_old", V, "birth_date", {"birth_date": "1899-01-01"}),
    Example("end_before_start", F, "ended_on", {"ended_on": "2026-04-30"}),
    Example("end_before_start", V, "paused_until", {"paused_from": "2027-06-02", "paused_until": "2027-06-01"}),
    Example("end_before_start", "closures", "to", {"to": "2027-06-30"}),
    Example("end_before_start", "matchers", "absent", {"absent": "2027-07-02/2027-07-01"}),
    Example("end_before_start", "venues", "closed", {"closed": "2027-05-01/2027-05-02;02-01-2027/01-01-2027"}),
    Example("not_a_range", "venues", "closed", {"closed": "2027-05-01"}),
    Example("not_a_range", "venues", "closed", {"closed": "1/3-2027/2/3-2027"}),
    Example("two_digit_year", "venues", "closed", {"closed": "01-03-27/02-03-27"}),
    Example("slot_on_other_day", M, "slot", {"slot": "thu_evening"}),
    warns("before_birth", C, "registered_on", {"registered_on": "2018-05-11"}),
    warns("before_birth", V, "interview_on", {"interview_on": "1989-12-31"}),
    warns("in_the_future", V, "criminal_record_on", {"criminal_record_on": "2027-03-02"}),
    warns("visit_before_registration", C, "home_visit_on", {"home_visit_on": "2025-12-31"}),
]
WORDS = [
    Example("unknown_code_near", C, "programme", {"programme": "storbror"}),
    Example("unknown_code", C, "gender", {"gender": "?"}),
    Example("unknown_code", C, "gender", {"gender": "NA"}),
    Example("unknown_code", C, "availability", {"availability": "25:00"}),
    Example("unknown_code_near", C, "availability", {"availability": "mon_evening;mon_evning"}),
    Example("unknown_code_near", V, "programmes", {"programmes": "voksenven|voksenvenn"}),
    Example("not_yes_no", V, "smoker", {"smoker": "maybe"}),
    Example("unknown_code", "quotas", "value", {"dimension": "programme", "value": "Ballerup"}),
    warns("unfamiliar_word_near", C, "likes", {"likes": "svømning;fodbol"}),
    warns("unfamiliar_word", C, "likes", {"likes": "kvantefysik i praksis"}),
    warns("unknown_municipality_near", C, "municipality", {"municipality": "Balerup"}),
    warns("unknown_municipality", C, "municipality", {"municipality": "Xyz"}),
    *(Example("blank_required", C, "programme", {"programme": text}) for text in ("", "  ")),
    Example("blank_required", V, "programmes", {"programmes": " ; |"}),
    Example("missing_column", C, "registered_on", {"registered_on": None}, row=1),
    Example(
        "missing_column_near",
        C,
        "postcode",
        {"postcode": None, "postkode": "2750"},
        row=1,
        others=frozenset({"unknown_column_near"}),
    ),
    Example("column_twice", C, "fødselsdato", {"fødselsdato": "2018-05-12"}, row=1),
    warns("unknown_column", C, "shoe size xx", {"shoe size xx": "33"}, row=1),
    warns("unknown_column_near", C, "likess", {"likess": "x"}, row=1),
]
IDENTITY = [
    Example("duplicate_id", C, "child_id", {}, row=3, more=((C, {}),)),
    Example("duplicate_id", C, "child_id", {"child_id": " c1"}, row=3, more=((C, {"child_id": "c1 ", "gender": "boy"}),)),
    Example("duplicate_id", "postcodes", "postcode", {}, row=3, more=(("postcodes", {"latitude": "55.75"}),)),
    warns("maybe_same_person", C, "child_id", {}, row=3, more=((C, {"child_id": "c2"}),)),
    warns("row_twice", "declines", "child_id", {}, row=3, more=(("declines", {}),)),
    *(
        Example("unknown_id", F, column, {column: "zz", "ended_on": end}, others=frozenset({"beyond_capacity"}))
        for column in ("child_id", "volunteer_id")
        for end in ("", "2027-03-02")
    ),
    *(Example("unknown_id", "offers", column, {column: "zz"}) for column in ("child_id", "volunteer_id")),
    *(Example("unknown_id", "decisions", column, {column: "zz"}) for column in ("child_id", "volunteer_id")),
    *(Example("unknown_id", M, column, {column: "zz"}) for column in ("venue_id", "matcher_id", "volunteers")),
    *(warns("unknown_id", M, column, {column: "zz", "pinned": "no"}) for column in ("venue_id", "matcher_id", "volunteers")),
    *(warns("unknown_id", "declines", column, {column: "zz"}) for column in ("child_id", "volunteer_id")),
    warns("unknown_id", "offers", "child_id", {"child_id": "zz", "state": "closed"}),
    warns("unknown_id", C, "matcher_id", {"matcher_id": "zz"}),
    warns("unknown_id", "quotas", "value", {"dimension": "matcher", "value": "zz"}),
    warns("waive_without_rule", "decisions", "rule", {"kind": "waive"}),
    warns(
        "waive_of_locked_rule",
        "decisions",
        "rule",
        {"kind": "waive", "rule": "Child_Certificate"},
        options={"rules": {"travel_time", "child_certificate"}, "locked": {"child_certificate"}},
    ),
    *(
        Example("unknown_rule", "decisions", "rule", {"kind": kind, "rule": "Zorb"}, options={"rules": {"travel_time"}})
        for kind in ("lock", "forbid")
    ),
    Example(
        "unknown_rule_near", "decisions", "rule", {"kind": "waive", "rule": "travel_tim"}, options={"rules": {"travel_time"}}
    ),
    Example("unknown_rule", "decisions", "rule", {"kind": "waive", "rule": "xxxx"}, options={"rules": {"travel_time"}}),
]
ACTIVE = {"ended_on": ""}
FIT = [
    Example("swapped_coordinates", C, "latitude", {"latitude": "12.36", "longitude": "55.73"}),
    Example("outside_denmark", C, "latitude", {"latitude": "58.0", "longitude": "12.36"}),
    Example("outside_denmark", V, "longitude", {"latitude": "55.73", "longitude": "15.31"}),
    Example("outside_denmark", C, "latitude", {"latitude": "-55.7", "longitude": "12.36"}),
    Example("outside_denmark", "postcodes", "longitude", {"longitude": "1"}),
    Example("outside_denmark", C, "longitude", {"longitude": "1"}, others=frozenset({"half_coordinates"})),
    warns("half_coordinates", C, "latitude", {"latitude": "55.73"}),
    warns("half_coordinates", "venues", "longitude", {"longitude": "12.36"}),
    warns("far_from_postcode", V, "latitude", {"latitude": "56.15", "longitude": "10.20"}),
    warns("municipality_elsewhere", C, "municipality", {"municipality": "Aarhus"}),
    warns("child_too_young", C, "birth_date", {"birth_date": "2021-03-02", "registered_on": "2026-01-01"}),
    warns("child_too_old", C, "birth_date", {"birth_date": "2014-03-01"}),
    warns("volunteer_too_young", V, "birth_date", {"birth_date": "2009-03-02"}),
    warns("volunteer_age_storebror", V, "birth_date", {"programmes": "storebror;voksenven"}),
    warns("age_wish_empty", V, "wants_age_max", {"wants_age_min": "9", "wants_age_max": "8"}),
    warns("capacity_zero", "venues", "capacity", {"capacity": "0"}, others=frozenset({"venue_too_small"})),
    warns("quota_empty", "quotas", "at_most", {"at_least": "2", "at_most": "1"}),
    warns(
        "two_active_friendships",
        F,
        "child_id",
        ACTIVE,
        row=3,
        more=((F, {"friendship_id": "f2"}),),
        others=frozenset({"beyond_capacity"}),
    ),
    warns("beyond_capacity", "offers", "volunteer_id", {}, row=3, more=(("offers", {"opened_on": "2027-02-02"}),)),
    warns("friendship_before_birth", F, "started_on", {"started_on": "2018-05-11"}),
    warns("friendship_other_programme", F, "programme", {"programme": "familieven"}),
    warns("friendship_programme_not_offered", F, "programme", {}, more=((V, {"volunteer_id": "v2"}),)),
]
SAFETY = [
    *(
        Example(
            "cpr_number",
            C,
            column,
            {column: text},
            others=frozenset({"unknown_column", "unfamiliar_word", "sensitive_column", "unknown_municipality"}),
        )
        for column, text in (
            ("child_id", "120518-1234"),
            ("note", "mor: 1205181234, far"),
            ("CPR", "120518-1234"),
            ("likes", "fodbold;2902041111"),
            ("municipality", "x120518-9999x"),
        )
    ),
    warns("sensitive_column", C, "Adgangskode", {"Adgangskode": "x"}, row=1),
    warns("sensitive_text", F, "end_reason", {"end_reason": "Barnet fik en diagnose (ADHD)"}),
]
EXAMPLES = [
    example for example in NUMBERS + DATES + WORDS + IDENTITY + FIT + SAFETY if example.code != "friendship_programme_not_offered"
]


def check(example: Example, path: Path) -> None:
    case, findings = read(path, **example.options)
    hits = [finding for finding in findings if finding.code == example.code]
    assert len(hits) == 1, findings
    assert {finding.code for finding in findings} - example.others <= {example.code, "unknown_id"}, findings
    found = hits[0]
    assert (found.table, found.row, found.column, found.is_fault) == (example.table, example.row, example.column, example.fault)
    assert (case is None) == example.fault
    where = path.name if path.suffix else f"{example.table}.csv"
    assert found.file.startswith(where)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.code}-{e.table}-{e.column}")
def test_one_finding_in_a_folder_of_csv_files(example: Example, tmp_path: Path) -> None:
    check(example, write_csv(tmp_path / "case", example.tables()))


@pytest.mark.parametrize("example", EXAMPLES[::3], ids=lambda e: f"{e.code}-{e.table}-{e.column}")
def test_one_finding_in_a_workbook(example: Example, tmp_path: Path) -> None:
    check(example, write_xlsx(tmp_path / "case.xlsx", example.tables()))


def test_the_base_case_says_nothing(tmp_path: Path) -> None:
    assert good(write_csv(tmp_path, BASE)) == good(write_xlsx(tmp_path / "case.xlsx", BASE))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"child_certificate_on": "2025-02-28"}, "certificate_expired"),
        ({"child_certificate_on": ""}, "certificate_missing"),
        ({"paused_from": "2027-03-01"}, "active_while_paused"),
        ({"paused_until": "2027-03-01"}, "active_while_paused"),
        ({"programmes": "familieven"}, "friendship_programme_not_offered"),
    ],
)
def test_an_active_friendship_of_an_unfit_volunteer_warns(changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    tables = case_with(F, **ACTIVE) | {"volunteers": case_with(V, **changes)["volunteers"], "offers": []}
    del tables["offers"]
    case, findings = read(write_csv(tmp_path, tables))
    assert case is not None
    assert [(f.code, f.table, f.row) for f in findings] == [(code, F, 2)]


@pytest.mark.parametrize("changes", [{"child_certificate_on": "2025-03-01"}, {"paused_until": "2027-02-28"}])
def test_a_certificate_of_exactly_24_months_and_a_pause_that_is_over_are_fine(changes: dict[str, Any], tmp_path: Path) -> None:
    tables = case_with(F, **ACTIVE) | {"volunteers": case_with(V, **changes)["volunteers"]}
    del tables["offers"]
    good(write_csv(tmp_path, tables))


TRUE = [
    (C, {"birth_date": "2027-03-01", "programme": "familieven", "registered_on": "2027-03-01"}),
    (C, {"latitude": "57.9", "longitude": "8", "postcode": "9990"}),
    (C, {"municipality": "Ballerup Kommune", "matcher_id": "m1"}),
    (V, {"capacity": "2,0", "max_minutes": "12,5", "stops_on": "9999-12-31"}),
    (F, {"child_id": "gone", "volunteer_id": "away", "matcher_id": "left"}),
    (F, {"ended_on": "2027-03-01", "child_id": "gone"}),
    ("venues", {"name": "Robert'); DROP TABLE <script>", "closed": "01-07-2027/2027-07-01 | 01.08.2027/02.08.2027"}),
    ("matchers", {"name": "null", "programmes": "", "absent": "2027-07-01/2027-07-01"}),
]


@pytest.mark.parametrize(("table", "changes"), TRUE)
def test_what_can_be_true_is_not_refused(table: str, changes: dict[str, Any], tmp_path: Path) -> None:
    case, findings = read(write_csv(tmp_path, case_with(table, **changes)))
    assert case is not None, findings
    assert {f.code for f in findings} <= {
        "unknown_postcode",
        "unknown_id",
        "friendship_other_programme",
        "friendship_before_birth",
    }


@pytest.mark.parametrize(
    "text", ["55.1205181234", "41205181234", "12051812345", "320518-1234", "120518 1234", "3.1205181234", "1,1205181234"]
)
def test_ten_digits_that_are_no_cpr_number(text: str, tmp_path: Path) -> None:
    _, findings = read(write_csv(tmp_path, case_with(C, note=text)))
    assert [f.code for f in findings] == ["unknown_column"]


def test_a_cpr_number_is_found_everywhere_and_repeated_nowhere(tmp_path: Path) -> None:
    number = "010203-4321"
    tables = case_with(C, child_id=number, note=number, birth_date=number, programme=number, **{f"x {number}": "1"})
    tables = also(tables, C) | {"Ark1": [{"who": number, "what": "x"}]}
    for path in (write_csv(tmp_path / "case", tables), write_xlsx(tmp_path / "case.xlsx", tables)):
        case, findings = read(path)
        assert case is None
        hits = [f for f in findings if f.code == "cpr_number"]
        assert len(hits) == 1 + 2 * 4 + 1
        assert "4321" not in repr(findings)
        assert "010203" not in repr(findings)


def test_typed_cells_of_a_workbook(tmp_path: Path) -> None:
    tables = case_with(C, child_id=7.0, postcode=2750.0, birth_date=date(2018, 5, 12), max_minutes=45, smoke_free=True)
    tables["volunteers"][0] |= {
        "capacity": 2.0,
        "smoker": 0,
        "interview_on": datetime.fromisoformat("2026-01-02"),
        "course_hours": 12.5,
    }
    for table in (F, "declines", "offers", "decisions"):
        tables[table][0]["child_id"] = "7"
    case = good(write_xlsx(tmp_path / "case.xlsx", tables))
    child, volunteer = case.children[0], case.volunteers[0]
    assert (child.child_id, child.postcode, child.birth_date, child.max_minutes) == ("7", "2750", date(2018, 5, 12), 45)
    assert child.smoke_free
    assert (volunteer.capacity, volunteer.smoker, volunteer.course_hours) == (2, False, 12.5)


@pytest.mark.parametrize(
    ("changes", "code", "fault"),
    [
        ({"birth_date": 43232}, "number_not_date", True),
        ({"birth_date": datetime.fromisoformat("2018-05-12T14:30")}, "time_of_day", False),
        ({"max_minutes": date(2027, 5, 1)}, "date_not_number", True),
        ({"max_minutes": True}, "not_a_number", True),
        ({"postcode": 800}, "postcode_not_four_digits", True),
        ({"note": 1205181234}, "cpr_number", True),
        ({"max_minutes": 1e30}, "number_too_large", True),
    ],
)
def test_typed_cells_that_are_wrong_or_unusual(changes: dict[str, Any], code: str, fault: bool, tmp_path: Path) -> None:
    case, findings = read(write_xlsx(tmp_path / "case.xlsx", case_with(C, **changes)))
    assert code in {f.code for f in findings}
    assert (case is None) == fault


def test_every_fault_of_a_case_is_told_at_once_in_file_order(tmp_path: Path) -> None:
    tables = case_with(C, birth_date="31-02-2018", gender="x", postcode="1")
    tables["volunteers"][0]["capacity"] = "-1"
    tables[F][0] |= {"ended_on": "", "child_id": "zz"}
    tables[M][0]["slot"] = "mon_evening"
    (write_csv(tmp_path, tables) / "settings.toml").write_text("planning_date = 3\n")
    _, findings = read(tmp_path)
    assert [f.code for f in findings if f.is_fault] == [
        "planning_date_unreadable",
        "impossible_date",
        "unknown_code",
        "postcode_not_four_digits",
        "negative_number",
        "unknown_id",
        "slot_on_other_day",
    ]


def test_findings_repeat_no_cell(tmp_path: Path) -> None:
    hidden = "Hemmelig"
    tables = case_with(C, child_id=hidden, gender=hidden, birth_date=hidden, likes=hidden, latitude=hidden, municipality=hidden)
    tables = also(tables, C)
    _, findings = read(write_csv(tmp_path, tables))
    assert len(findings) >= 8
    assert hidden.casefold() not in repr(findings).casefold()


def test_bounds_of_the_warnings_follow_the_settings(tmp_path: Path) -> None:
    folder = write_csv(tmp_path, case_with(C, birth_date="2014-03-01"))
    assert [f.code for f in read(folder)[1]] == ["child_too_old"]
    assert read(folder, usual=USUAL | {"child_age.max_voksenven": 13})[1] == []
    assert read(folder, usual={})[1] == []
    (folder / "settings.toml").write_text("child_age.max_voksenven = 13\n")
    assert read(folder)[1] == []
    assert completed(TODAY) == 13


def completed(day: date) -> int:
    return day.year - 2014


def test_waivers_that_count_and_other_decisions_of_a_locked_rule_are_not_warned_of(tmp_path: Path) -> None:
    names = {"rules": {"travel_time", "child_certificate"}, "locked": {"child_certificate"}}
    good(write_csv(tmp_path / "a", case_with("decisions", kind="waive", rule="travel_time")), **names)
    good(write_csv(tmp_path / "b", case_with("decisions", kind="lock", rule="child_certificate")), **names)


def test_a_missing_id_names_its_table_in_both_languages(tmp_path: Path) -> None:
    _, (found,) = read(write_csv(tmp_path, case_with("decisions", child_id="zz")))
    assert message("da", found) == "1 id findes ikke i tabellen børn (children)."
    assert message("en", found) == "1 id not found in the table children (børn)."


@pytest.mark.parametrize("value", ["1" + "0" * 400, "-1", "'12 years'"])
def test_bounds_of_a_case_that_cannot_be_do_not_count(value: str, tmp_path: Path) -> None:
    folder = write_csv(tmp_path, case_with(C, birth_date="2014-03-01"))
    (folder / "settings.toml").write_text(f"child_age.max_voksenven = {value}\nchild_certificate.max_months = {value}\n")
    assert [f.code for f in read(folder)[1]] == ["child_too_old"]
