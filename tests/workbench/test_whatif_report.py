"""What a leader takes to the board: page and workbook hold the whole comparison, and no name can smuggle anything in."""

from __future__ import annotations

import dataclasses
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from constraints.rulebook import load_rulebook
from matcher.case import read_case
from matcher.engine import Engine
from matcher.errors import InfeasibleError
from matcher.geography.postcodes import load_postcodes
from scenarios.change import kinds
from scenarios.changes.lose import Lose
from scenarios.changes.quota import Quota
from scenarios.changes.recruit import Recruit
from scenarios.compare import compare
from scenarios.comparison import Row
from scenarios.scenario import Scenario
from scenarios.scenario_file import looked_through
from scenarios.stream.settings import OBJECTIVES, POLICIES, StreamSettings
from scenarios.world import World
from tests.workbench.desk import ask, child, volunteer, write_case
from tests.workbench.test_locale import SOURCES as CODE
from tests.workbench.test_locale import is_used, keys_of
from tests.workbench.test_year_page import body_rows, part, read
from workbench.report import whatif_picture as picture
from workbench.report import whatif_words as words
from workbench.report.whatif_book import whatif_workbook
from workbench.report.whatif_page import whatif_page
from workbench.words import knows, say

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")

TAG, SUM, STRANGE, LONG = "<script>alert(1)</script>", "=1+1", "🚀 $\\frac{1}{0}$ {x} %s שלום", "A" * 200
REMEMBER = "Husk <b>dette</b>."
NOTE = "</style><img src=x onerror=alert(1)> & \"'"
DOCS = Path(__file__).parents[2] / "docs/whatif.md"
SHEETS = ["Scenarier", "For alle børn", "Ventetid i grupper", "Alle tal", "Hvem der venter, og hvorfor", "Hvem det ændrer"]
SHEETS += ["Hvad tallene betyder", "Om"]
ASKED = (
    Scenario(name=TAG, note=NOTE, change=(Recruit(number=6, gender="man", municipality="Ballerup"),)),
    Scenario(name=SUM, note='=HYPERLINK("x")', baseline=TAG, change=(Lose(number=1),)),
    Scenario(name=STRANGE, mode="stream", years=1, replications=3, change=(Recruit(number=4),)),
    Scenario(name=LONG, mode="stream", years=1, replications=3, baseline=STRANGE),
    Scenario(name="Umuligt", change=(Quota(dimension="gender", value="dreng", at_least=10),)),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Six boys who want a man, two girls, and five volunteers."""
    boys = [child(child_id=f"B{k}", wants_gender="man", registered_on=f"2026-0{k}-01") for k in range(1, 7)]
    girls = [child(child_id=f"G{k}", gender="girl") for k in range(2)]
    people = [volunteer(volunteer_id=f"V{k}", gender="man" if k < 2 else "woman") for k in range(5)]
    case, _ = read_case(write_case(tmp_path_factory.mktemp("what if"), boys + girls, people), today=date(2027, 1, 4))
    return Engine.of(case, load_rulebook(case.planning_date), load_postcodes())


@pytest.fixture(scope="module")
def found(engine):
    world = World(case=engine.case, rulebook=engine.rulebook, postcodes=load_postcodes(), stream=StreamSettings.standard())
    return compare(ASKED, world)


@pytest.fixture(scope="module")
def raw(found, engine):
    """The page and the workbook, as they are written."""
    return whatif_page("da", found, engine, [REMEMBER]), whatif_workbook("da", found, engine)


@pytest.fixture(scope="module")
def page(raw):
    return read(raw[0])


@pytest.fixture(scope="module")
def book(raw):
    return openpyxl.load_workbook(io.BytesIO(raw[1]))


def rows(sheet):
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


def number(metric, value):
    """What the workbook's cell holds: shares as per cent."""
    return None if value is None else pytest.approx(float(value * 100 if metric in words.SHARES else value))


def test_the_comparison_has_all_that_is_to_be_shown(found):
    assert {row.mode for row in found.rows} == {"today", "stream"}
    assert found.refused.keys() == {"Umuligt"}
    assert {pair.scenario for pair in found.pairs} == {TAG, SUM}
    assert any(row.group and row.value is None for row in found.rows)


def test_every_row_is_in_the_workbook(found, book):
    assert book.sheetnames == SHEETS
    listed = rows(book["Alle tal"])
    assert len(listed) == len(found.rows)
    for cells, row in zip(listed, found.rows, strict=True):
        assert (cells["Scenarie"], cells["Mål"]) == (row.scenario, words.measure("da", row.metric))
        assert cells["Børn"] == words.group("da", row.group)
        assert cells["Sammenlignet med"] == (row.baseline or "dataene, som de er")
        shown = [cells[name] for name in ("Til sammenligning", "I scenariet", "Bånd fra", "Bånd til")]
        shown += [cells[name] for name in ("Forskel", "Forskel fra", "Forskel til")]
        told = (row.baseline_value, row.value, row.low, row.high, row.difference, row.difference_low, row.difference_high)
        assert shown == [number(row.metric, one) for one in told]


def test_what_holds_the_others_back_adds_up(found, book):
    """In each scenario of today, as many as still wait; the workbook says the same."""
    assert found.held.keys() == {TAG, SUM}
    for name, held in found.held.items():
        waiting = found.value(name, "unmatched")
        assert (sum(one for one, _ in held.values()), sum(one for _, one in held.values())) == (
            waiting.baseline_value,
            waiting.value,
        )
        shown = {
            cells["Grund"]: cells["I scenariet"]
            for cells in rows(book["Hvem der venter, og hvorfor"])
            if cells["Scenarie"] == name
        }
        assert shown == {words.reason("da", code): after for code, (_, after) in held.items()}


def test_a_comparison_of_today_alone_has_no_empty_columns(found, engine):
    alone = replace(found, rows=tuple(row for row in found.rows if row.mode == "today"))
    made = openpyxl.load_workbook(io.BytesIO(whatif_workbook("en", alone, engine)))
    assert "Waiting by group" not in made.sheetnames
    heads = [cell.value for cell in made["All figures"][1]]
    assert heads[-4:] == ["For comparison", "In the scenario", "Difference", "The difference is"]


def test_the_workbook_says_what_is_meant_and_whom_it_changes(found, book):
    whole = [row for row in found.rows if not row.group]
    meant = rows(book["For alle børn"])
    assert [row["Hvad det betyder"] for row in meant] == [words.meaning("da", row.metric) for row in whole]
    moved = rows(book["Hvem det ændrer"])
    assert [(row["Scenarie"], row["Barn"]) for row in moved] == [(pair.scenario, pair.child_id) for pair in found.pairs]
    assert {row["Mål"] for row in rows(book["Hvad tallene betyder"])} == {words.measure("da", row.metric) for row in whole}
    waits = rows(book["Ventetid i grupper"])
    of = {(row.scenario, row.group): row for row in found.rows if row.metric == "wait_p90_days"}
    assert [row["Ventetid, 9 af 10 er under, dage"] for row in waits] == [number("", row.value) for row in of.values()]
    about = "\n".join(str(cell.value) for row in book["Om"].iter_rows() for cell in row)
    assert all(say("da", f"about.{note}.text") in about for note in words.NOTES)
    asked = {row["Scenarie"]: row for row in rows(book["Scenarier"])}
    assert asked[TAG]["Ændringer"] == "flere frivillige (antal: 6, køn: mand, kommune: Ballerup)"
    assert asked[LONG]["Ændringer"] == "ingen ændring"
    assert asked[STRANGE]["Hvornår"] == "Over 1 år, 3 gennemspilninger"
    assert "mindst 10" in asked["Umuligt"]["Svar"]


def test_no_name_becomes_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {SUM, TAG, STRANGE, LONG, NOTE} <= {cell.value for cell in cells}


def test_every_figure_for_all_children_is_on_the_page(found, page):
    for mode in ("today", "stream"):
        tables = iter(part(page, mode).all("table"))
        whole = [row for row in found.rows if row.mode == mode and not row.group]
        for metric in dict.fromkeys(row.metric for row in whole):
            table = next(tables)
            mine = [row for row in whole if row.metric == metric]
            assert table.all("caption")[0].text == words.measure("da", metric)
            for cells, row in zip(body_rows(table), mine, strict=True):
                assert cells[0].startswith(row.scenario)
                assert cells[1:3] == [words.said("da", metric, one) for one in (row.baseline_value, row.value)]
                assert words.signed("da", metric, row.difference) in cells[3:]
        assert all(words.meaning("da", row.metric) in part(page, mode).text for row in whole)


def test_waiting_is_told_by_group(found, page):
    streams = [one.name for one in found.scenarios if one.mode == "stream"]
    for name, table in zip(streams, part(page, "waits").all("table"), strict=True):
        of = {row.group: row for row in found.rows if (row.scenario, row.metric) == (name, "wait_median_days")}
        assert {"", "gender=boy", "programme=voksenven"} <= of.keys()
        assert [cells[:2] for cells in body_rows(table)] == [
            [words.group("da", group), words.said("da", row.metric, row.value)] for group, row in of.items()
        ]


def test_small_groups_are_blank(page):
    (table,) = [one for one in part(page, "today").all("table") if one.all("caption")[0].text.startswith("Hvem der får")]
    heads = [cell.text for cell in table.all("thead")[0].all("th")]
    boys = {cells[0]: dict(zip(heads, cells, strict=True)) for cells in body_rows(table)}
    assert boys[SUM]["Piger"] == "–"
    assert "under fem børn" in part(page, "today").text


def test_names_are_read_as_they_are(raw, page):
    content = raw[0].decode()
    assert all(text in page.text for text in (TAG, SUM, STRANGE, LONG, NOTE, REMEMBER))
    assert "<script" not in content
    assert "<img" not in content
    assert "<b>" not in content
    assert page.all("style")[0].text.count("</") == 0


def test_the_same_bytes_twice(found, engine, raw):
    assert (whatif_page("da", found, engine, [REMEMBER]), whatif_workbook("da", found, engine)) == raw


def test_pictures_hold_text_and_are_told_to_who_cannot_see_them(found, page):
    pictures = page.all("svg")
    streams = sum(one.mode == "stream" for one in found.scenarios)
    assert len(pictures) == 2 + streams
    for one in pictures:
        titles = one.all("title") + one.all("desc")
        assert one.told["role"] == "img"
        assert one.told["aria-labelledby"].split() == [node.told["id"] for node in titles]
        assert all(node.text.strip() for node in titles)
        assert one.all("text")
        assert not one.all("style", "metadata", "image")
    assert any(SUM in node.text for node in pictures[0].all("text"))
    told = pictures[1].all("desc")[0].text
    assert all(words.gap("da", row) in told for row in found.rows if row.mode == "stream" and not row.group)


def test_ids_are_once_and_links_lead_somewhere_on_the_page(raw, page):
    content = raw[0].decode()
    nodes = [node for node in everything(page) if "id" in node.told]
    ids = Counter(node.told["id"] for node in nodes)
    assert set(ids.values()) == {1}
    links = [node.told[name] for node in everything(page) for name in ("href", "xlink:href") if name in node.told]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)
    assert content.count("url(") == content.count("url(#")
    assert content.count(" src=") == content.count("&lt;img src=x") > 0


def everything(node):
    below = [one for one in node.inside if not isinstance(one, str)]
    return [node, *(found for one in below for found in everything(one))]


def test_headings_follow_each_other_and_tables_have_captions(page):
    levels = [int(node.tag[1]) for node in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(table.all("caption")[0].text.strip() for table in page.all("table"))
    assert all(cell.told["scope"] in ("col", "row") for cell in page.all("th"))


def test_what_is_not_known_is_said(page):
    text = part(page, "unknown").text
    assert all(say("da", f"about.{note}.text") in text for note in words.NOTES)
    assert "ikke foreningens egne tal" in text


def test_the_refused_and_the_unfinished_are_said(found, engine):
    told = read(whatif_page("en", replace(found, unfinished=(LONG,)), engine))
    assert "at least 10" in part(told, "short").text
    assert "Was not finished." in part(told, "short").text
    states = {cells[0]: cells[-1] for cells in body_rows(part(told, "about"))}
    assert (states["Umuligt"], states[LONG], states[TAG]) == ("no plan possible", "not finished", "finished")


def test_a_page_where_nothing_could_be_answered(found, engine):
    none = replace(found, scenarios=found.scenarios[-1:], rows=(), pairs=())
    told = read(whatif_page("da", none, engine))
    assert [one.told["id"] for one in told.all("section")] == ["short", "unknown", "about"]
    assert openpyxl.load_workbook(io.BytesIO(whatif_workbook("da", none, engine))).sheetnames[0] == "Scenarier"
    assert isinstance(none.refused["Umuligt"], InfeasibleError)


def test_many_scenarios_are_drawn_in_several_pictures(found, engine):
    names = [f"S{k:02d}" for k in range(2 * picture.MOST_ROWS + 1)]
    asked = tuple(replace(found.scenarios[0], name=name) for name in names)
    mine = [found.value(TAG, metric) for metric in ("matched", "unmatched")]
    many = replace(found, scenarios=asked, rows=tuple(replace(one, scenario=name) for one in mine for name in names))
    pictures = read(whatif_page("da", many, engine)).all("svg")
    assert len(pictures) == 3
    drawn = [node.text for one in pictures for node in one.all("text")]
    assert set(names) <= set(drawn)


# Words


def row(metric="friendships", mode="stream", **values):
    given = {key: None if value is None else Decimal(value) for key, value in values.items()}
    return Row(scenario="A", baseline="", mode=mode, metric=metric, group="", value=Decimal(1), **given)


@pytest.mark.parametrize(
    ("change", "low", "high", "said"),
    [
        ("2", "1", "3", "højere"),
        ("-2", "-3", "-1", "lavere"),
        ("2", "-1", "5", "kan ikke skelnes fra nul"),
        ("2", "0", "4", "kan ikke skelnes fra nul"),
        ("0", "0", "0", "uændret"),
        (None, None, None, "kan ikke opgøres"),
        ("2", None, None, "kan ikke opgøres"),
    ],
)
def test_what_a_difference_over_time_says(change, low, high, said):
    assert words.reading("da", row(difference=change, difference_low=low, difference_high=high)) == said


@pytest.mark.parametrize(("change", "said"), [("1", "higher"), ("-1", "lower"), ("0", "unchanged"), (None, "cannot be measured")])
def test_what_an_exact_difference_says(change, said):
    assert words.reading("en", row("matched", "today", difference=change)) == said


@pytest.mark.parametrize(
    ("metric", "value", "said", "signed"),
    [
        ("lasting_12_months", "0.8120", "81,2", "+81,2"),
        ("offers_per_match", "-0.004", "0,00", "±0,00"),
        ("wait_median_days", "1466.6", "1.467", "+1.467"),
        ("matched", "-3", "−3", "−3"),
        ("total_score", "2351.407", "2.351,4", "+2.351,4"),
    ],
)
def test_figures_in_words(metric, value, said, signed):
    assert words.said("da", metric, Decimal(value)) == said
    assert words.signed("da", metric, Decimal(value)) == signed


def test_every_measure_and_kind_of_change_is_explained():
    metrics = [metric for part in words.MEASURES.values() for metric in part]
    assert [one for one in metrics if not knows(f"whatif_report.means.{one}")] == []
    assert [one for one in words.MEASURES["stream"] if not knows(f"whatif_report.picture.short.{one}")] == []
    assert [kind for kind in kinds() if not knows(f"whatif_report.change.{kind}")] == []
    fields = {item.name for kind in kinds().values() for item in dataclasses.fields(kind)}
    assert [one for one in sorted(fields) if not knows(f"whatif_report.field.{one}")] == []


def test_every_sentence_is_used():
    text = "\n".join(path.read_text("utf-8") for path in CODE)
    assert [key for key in keys_of("whatif_report") if not is_used(key, text)] == []


def test_the_page_for_leaders_knows_every_kind_and_measure():
    danish, _, english = DOCS.read_text("utf-8").partition("\n# What if?")
    for text in (danish, english):
        listed = {
            name for line in re.findall(r"^\| (`[a-z_`, ]+`) \|", text, re.MULTILINE) for name in re.findall("[a-z_]+", line)
        }
        assert kinds().keys() <= listed
        assert all(f"`{metric}`" in text for part in words.MEASURES.values() for metric in part)
        assert all(f"`{name}`" in text for name in (*POLICIES, *OBJECTIVES))
    (example,) = re.findall(r"```toml\n(.+?)```", danish, re.DOTALL)
    assert [one.mode for one in looked_through(example.encode(), "eksempel.toml").scenarios] == ["today", "stream"]


def test_dots_are_filled_where_the_band_does_not_reach_zero():
    clear, unclear = (row(difference="2", difference_low=low, difference_high="3") for low in ("1", "-1"))
    drawn = read(str(picture.differences("da", [clear, replace(unclear, scenario="B")], "k")).encode())
    marks = [node.told["style"] for node in drawn.all("use") if "stroke: #1f3b57" in node.told.get("style", "")]
    assert sorted("#ffffff" in one for one in marks) == [False, True]


def test_the_command_writes_both_in_the_language_asked_for(tmp_path):
    case = write_case(tmp_path / "case", [child(child_id="B1")], [volunteer(volunteer_id="V1"), volunteer(volunteer_id="V2")])
    done = ask("whatif", case, "--library", "laengere-rejsetid", "--language", "en")
    assert done.returncode == 0, done.stderr
    told = read((tmp_path / "out" / "what_if.html").read_bytes())
    assert told.all("html")[0].told == {"lang": "en"}
    assert "Where a rule or a weight is changed, points are measured with another yardstick" in part(told, "short").text
    assert openpyxl.load_workbook(tmp_path / "out" / "what_if.xlsx").sheetnames[0] == "Scenarios"
