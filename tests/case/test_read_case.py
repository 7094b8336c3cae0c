"""A case as a whole: headings and words of both languages, defaults, order, settings, postcodes, what is missing."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.case import words
from matcher.case.tables import BY_NAME
from matcher.geography.postcodes import load_postcodes
from matcher.records import SLOTS
from tests.case.case_files import BASE, TODAY, Tables, also, case_with, cost_of, good, read, write_csv, write_xlsx
from tests.volume import volume


def in_danish(tables: Tables) -> Tables:
    def word(table: str, column: str, value: Any) -> Any:
        choices = BY_NAME[table].by_name[column].choices
        return words.danish_code(value) if value in choices else {"yes": "ja"}.get(value, value)

    return {
        words.danish_table(table).upper(): [
            {f" {words.danish_column(column).title()}": word(table, column, value) for column, value in row.items()}
            for row in rows
        ]
        for table, rows in tables.items()
    }


def test_danish_and_english_files_are_one_case(tmp_path: Path) -> None:
    english = good(write_csv(tmp_path / "en", BASE))
    assert good(write_csv(tmp_path / "da", in_danish(BASE), ";")) == english
    assert good(write_xlsx(tmp_path / "da.xlsx", in_danish(BASE))) == english


def test_every_danish_alias_is_read(tmp_path: Path) -> None:
    for heading in words.headings(("registered_on",)):
        tables = case_with("children", registered_on=None, **{heading.replace("_", " ").capitalize(): "2026-01-01"})
        assert good(write_csv(tmp_path / heading, tables)).children[0].registered_on == date(2026, 1, 1)


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path: Path) -> None:
    tables = BASE
    for table, key in (
        ("children", "child_id"),
        ("volunteers", "volunteer_id"),
        ("friendships", "friendship_id"),
        ("venues", "venue_id"),
    ):
        for number in ("10", "2", "Å", "a"):
            tables = also(tables, table, **{key: number})
    tables = also(also(tables, "declines", declined_on="2026-11-01"), "closures", to="2027-07-02")
    expected, _ = read(write_csv(tmp_path / "0", tables))
    assert expected is not None
    assert [child.child_id for child in expected.children] == ["10", "2", "a", "c1", "Å"]
    for seed in range(1, 6):
        dice = random.Random(seed)
        mixed = {
            name: [dict(dice.sample(sorted(row.items()), len(row))) for row in dice.sample(rows, len(rows))]
            for name, rows in tables.items()
        }
        assert read(write_csv(tmp_path / str(seed), mixed))[0] == expected


def test_defaults(tmp_path: Path) -> None:
    tables = also(case_with(), "friendships", friendship_id="f2", started_on="2025-01-01", ended_on="2025-02-01")
    case = good(write_csv(tmp_path, tables))
    child, volunteer, matcher = case.children[0], case.volunteers[0], case.matchers[0]
    assert (child.languages, child.municipality, child.previous_friendships) == (("danish",), "Ballerup", 2)
    assert (child.wants_gender, child.max_minutes, child.smoke_free, child.availability) == (None, None, False, ())
    assert (volunteer.capacity, volunteer.transport, volunteer.smoker, volunteer.wants_gender) == (1, "public", None, None)
    assert (matcher.programmes, matcher.max_meetings_per_month) == (("voksenven", "storebror", "familieven"), 4)
    assert (case.offers[0].state, case.declines[0].declined_by) == ("open", None)
    assert case.planning_date == TODAY


def test_a_given_count_of_earlier_friendships_stands(tmp_path: Path) -> None:
    assert good(write_csv(tmp_path, case_with("children", previous_friendships="5"))).children[0].previous_friendships == 5


def test_one_coordinate_alone_is_left_out(tmp_path: Path) -> None:
    case, findings = read(write_csv(tmp_path, case_with("children", latitude="55.7")))
    assert case is not None
    assert [f.code for f in findings] == ["half_coordinates"]
    assert (case.children[0].latitude, case.children[0].longitude) == (None, None)


@pytest.mark.parametrize(
    ("dimension", "text", "value"),
    [
        ("gender", "Pige", "girl"),
        ("programme", "Voksenven", "voksenven"),
        ("municipality", "ballerup kommune", "Ballerup"),
        ("initiative", "Bryd boblen", "bryd_boblen"),
        ("matcher", "m1", "m1"),
    ],
)
def test_a_quota_is_in_the_words_of_its_dimension(dimension: str, text: str, value: str, tmp_path: Path) -> None:
    assert good(write_csv(tmp_path, case_with("quotas", dimension=dimension, value=text))).quotas[0].value == value


def test_a_waived_rule_is_kept_under_its_key(tmp_path: Path) -> None:
    tables = case_with("decisions", kind="waive", rule=" Travel_Time")
    assert good(write_csv(tmp_path, tables), rules={"travel_time"}).decisions[0].rule == "travel_time"


@pytest.mark.parametrize("missing", ["children", "volunteers"])
def test_children_and_volunteers_must_be_there(missing: str, tmp_path: Path) -> None:
    tables = {name: rows for name, rows in BASE.items() if name != missing}
    for path in (write_csv(tmp_path / "case", tables), write_xlsx(tmp_path / "case.xlsx", tables)):
        case, findings = read(path)
        assert case is None
        assert [(f.code, f.table, f.file) for f in findings] == [("missing_table", missing, path.name)]


def test_the_other_tables_may_be_missing(tmp_path: Path) -> None:
    case = good(write_csv(tmp_path, {name: BASE[name] for name in ("children", "volunteers")}))
    assert (len(case.children), case.friendships) == (1, ())


def test_a_path_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    assert [f.code for f in read(tmp_path / "nothing")[1]] == ["path_missing"]


def test_a_heading_that_is_a_row_of_data_is_not_repeated(tmp_path: Path) -> None:
    tables = case_with() | {"children": [{"Anna": "Bo", "Sørensen": "Hansen", "12-05-2018": "13-05-2018"}]}
    _, findings = read(write_csv(tmp_path, tables))
    assert findings[0].code == "no_known_heading"
    assert "Anna" not in repr(findings)


def test_unknown_sheets_and_files_warn_and_are_searched_for_cpr_numbers(tmp_path: Path) -> None:
    tables = BASE | {"Ark1": [{"a": "1", "b": "2"}]}
    assert [f.code for f in read(write_csv(tmp_path / "c", tables))[1]] == ["unknown_file"]
    assert [f.code for f in read(write_xlsx(tmp_path / "c.xlsx", tables))[1]] == ["unknown_sheet"]


def test_a_case_may_bring_its_own_postcodes(tmp_path: Path) -> None:
    own = {"postcode": "2750", "latitude": "56.15", "longitude": "10.2"}
    tables = case_with("postcodes", **own, municipality="")
    tables["children"][0] |= {"latitude": "55.73", "longitude": "12.36"}
    case, findings = read(write_csv(tmp_path, tables))
    assert case is not None
    assert [f.code for f in findings] == ["far_from_postcode"]
    assert case.children[0].municipality == "Ballerup"
    tables = case_with("children", postcode="2999") | {"postcodes": [own | {"postcode": "2999", "municipality": "Nyby"}]}
    assert good(write_csv(tmp_path, tables)).children[0].municipality == "Nyby"


def test_the_product_knows_its_own_postcodes(tmp_path: Path) -> None:
    case = good(write_csv(tmp_path, BASE), postcodes=None)
    assert case.children[0].municipality == load_postcodes()["2750"].municipality


def refuse_seven(key: str, value: object) -> tuple[str, dict[str, str]] | None:
    return ("seven", {"key": key}) if value == 7 else None


class TestSettings:
    def test_a_file_in_the_folder(self, tmp_path: Path) -> None:
        text = (
            '\ufeffplanning_date = "01-02-2027"\n[travel_time]\nmax_minutes = 60\n[criteria.interests]\nrare = ["chess", "go"]\n'
        )
        (write_csv(tmp_path, BASE) / "settings.toml").write_text(text, encoding="utf-8")
        case = read(tmp_path)[0]
        assert case is not None
        assert case.planning_date == date(2027, 2, 1)
        assert case.settings == {
            "planning_date": date(2027, 2, 1),
            "travel_time.max_minutes": 60,
            "criteria.interests.rare": ("chess", "go"),
        }

    def test_a_named_file_stands_before_the_folders(self, tmp_path: Path) -> None:
        (write_csv(tmp_path / "case", BASE) / "settings.toml").write_text("planning_date = 2027-03-02\nseed = 1\n")
        (tmp_path / "other.toml").write_text("seed = 2\n")
        case = good(tmp_path / "case", settings_file=tmp_path / "other.toml")
        assert case.settings == {"planning_date": date(2027, 3, 2), "seed": 2}

    def test_a_sheet(self, tmp_path: Path) -> None:
        rows = [
            ("planning_date", date(2027, 3, 3)),
            ("travel.detour", "1,3"),
            ("seed", 5.0),
            ("year", "2028"),
            ("a", "x;y"),
            ("b", "ja"),
            ("c", "z"),
            ("d", ""),
        ]
        tables = BASE | {"Indstillinger": [{"Nøgle": key, "værdi": value} for key, value in rows]}
        case = good(write_xlsx(tmp_path / "case.xlsx", tables))
        assert case.settings == {
            "planning_date": date(2027, 3, 3),
            "travel.detour": 1.3,
            "seed": 5,
            "year": 2028,
            "a": ("x", "y"),
            "b": True,
            "c": "z",
        }

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ('["voksenven+storebror", "familieven"]', ("voksenven+storebror", "familieven")),
            (' ["voksenven+storebror","familieven",] ', ("voksenven+storebror", "familieven")),
            ("[“voksenven+storebror”, „familieven”]", ("voksenven+storebror", "familieven")),
            ("['voksenven+storebror', 'familieven']", ("voksenven+storebror", "familieven")),
            ('[["voksenven", "storebror"], ["familieven"]]', ("voksenven+storebror", "familieven")),
            ("voksenven+storebror;familieven", ("voksenven+storebror", "familieven")),
            ('["a;b", "1"]', ("a;b", "1")),
            ("[]", ()),
            ("[voksenven, familieven]", "[voksenven, familieven]"),
            ('["voksenven"', '["voksenven"'),
            (f"[{'1' * 5000}]", f"[{'1' * 5000}]"),
            ("[" * 9000, "[" * 9000),
            ('["a"]\nb = ["c"]', '["a"]\nb = ["c"]'),
        ],
    )
    def test_a_list_in_a_sheet_may_be_written_as_in_the_file(self, cell: str, value: object, tmp_path: Path) -> None:
        tables = BASE | {"settings": [{"key": "together", "value": cell}]}
        assert good(write_xlsx(tmp_path / "case.xlsx", tables)).settings == {"together": value}

    @pytest.mark.parametrize(
        ("text", "code", "row"),
        [
            ("a = 1\nb = \n", "settings_not_toml", 2),
            ("a = 1\n[t]\nb.c = nan\n", "setting_not_finite", 3),
            ("a = [[1]]", "setting_not_plain", 1),
            ("a = 10:00:00", "setting_not_plain", 1),
            ("planning_date = 2027-03-01T10:00:00", "planning_date_unreadable", 1),
            ('planning_date = "31-02-2027"', "planning_date_unreadable", 1),
            ("x = 1\ny = 7", "seven", 2),
            (b"a = '\xff'", "settings_not_text", None),
        ],
    )
    def test_faults_name_file_and_line(self, text: str | bytes, code: str, row: int | None, tmp_path: Path) -> None:
        path = write_csv(tmp_path, BASE) / "settings.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        case, findings = read(tmp_path, check_setting=refuse_seven)
        assert case is None
        assert [(f.code, f.file, f.row) for f in findings] == [(code, "settings.toml", row)]

    def test_faults_of_a_sheet_name_the_row(self, tmp_path: Path) -> None:
        tables = BASE | {
            "settings": [{"key": key, "value": value} for key, value in (("y", "7"), ("z", "1"), ("z", "2"), ("", "3"))]
        }
        _, findings = read(write_xlsx(tmp_path / "case.xlsx", tables), check_setting=refuse_seven)
        assert sorted((f.code, f.row) for f in findings) == [("blank_required", 5), ("setting_twice", 4), ("seven", 2)]
        _, findings = read(write_xlsx(tmp_path / "case.xlsx", BASE | {"settings": [{"key": "a", "b": "c"}]}))
        assert [(f.code, f.column) for f in findings] == [("missing_column", "value")]

    def test_a_named_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert [f.code for f in read(write_csv(tmp_path, BASE), settings_file=tmp_path / "no.toml")[1]] == ["settings_not_found"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_many_rows_are_read_quickly_and_in_little_memory(kind: str, tmp_path: Path) -> None:
    number, dice = volume(ci=10_000, long=100_000), random.Random(1)
    interests = words.vocabulary("interests")
    rows = [
        BASE["children"][0]
        | {
            "child_id": f"c{at:06}",
            "birth_date": f"{dice.randint(2016, 2020)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "latitude": f"{55.7 + dice.random() / 20:.6f}",
            "longitude": f"{12.35 + dice.random() / 20:.6f}",
            "likes": ";".join(dice.sample(interests, 5)),
            "availability": ";".join(dice.sample(SLOTS, 7)),
        }
        for at in range(number)
    ]
    tables = {"children": rows, "volunteers": BASE["volunteers"]}
    taken = cost_of(write_csv(tmp_path, tables) if kind == "csv" else write_xlsx(tmp_path / "case.xlsx", tables))
    assert taken.children == number
    assert taken.seconds < 30 * number / 100_000
    assert taken.megabytes < 100 + 900 * number / 100_000
