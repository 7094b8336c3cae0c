"""The printable year as a browser reads it: whole tags, nothing from elsewhere, every text escaped, every meeting and person."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from matcher.calendar.planner import first_plan
from tests.calendar.years import case_of, year_of
from tests.workbench.years_shown import CHILD, GROUP, HOSTILE, LEADER, PLACE, planned, shown
from workbench.report.year_html import element, table
from workbench.report.year_page import year_page
from workbench.report.year_view import view_of

VOID = {"meta", "br", "col"}
TAGS = set(
    re.findall(
        r"\w+",
        "html head meta title style body header h1 h2 h3 p nav ul li a main section div table caption thead tbody tr th td"
        " abbr span small sup bdi svg rect dl dt dd",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"[\w-]+",
        "lang charset name content http-equiv class id href aria-label aria-hidden title scope data-label width height rx"
        " viewbox tabindex role",
    )
)


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    told: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, *tags: str) -> list[Node]:
        below = [one for one in self.inside if isinstance(one, Node)]
        return [found for one in below for found in ([one] if one.tag in tags else []) + one.all(*tags)]


class Reader(HTMLParser):
    """Builds the tree; refuses a tag that is not closed, or closed twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Node("", {})
        self.open = [self.top]

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        node = Node(tag, dict(attrs))
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def read(content: bytes) -> Node:
    reader = Reader()
    reader.feed(content.decode())
    reader.close()
    assert reader.open == [reader.top]
    return reader.top


@pytest.fixture(scope="module")
def page():
    return read(year_page("da", shown()))


def part(page: Node, key: str) -> Node:
    (found,) = [one for one in page.all("section") if one.told["id"] == key]
    return found


def body_rows(node: Node) -> list[list[str]]:
    return [[cell.text for cell in row.all("th", "td")] for body in node.all("tbody") for row in body.all("tr")]


@pytest.mark.parametrize("language", ["da", "en"])
def test_tags_are_whole_and_known(language):
    content = year_page(language, shown(replanned=True))
    page = read(content)
    everything = [node for tag in TAGS for node in page.all(tag)]
    assert content.startswith(b"<!DOCTYPE html>\n")
    assert page.all("html")[0].told == {"lang": language}
    assert {node.tag for node in page.all(*TAGS, "script", "i", "b", "u")} == TAGS
    assert {name for node in everything for name in node.told} == ATTRIBUTES
    ids = [node.told["id"] for node in everything if "id" in node.told]
    assert len(ids) == len(set(ids))
    assert {node.told["href"] for node in page.all("a")} <= {f"#{one}" for one in ids}


def test_nothing_comes_from_elsewhere(page):
    content = year_page("da", shown()).decode()
    style = page.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    assert "<" not in style
    assert " src=" not in content
    assert content.count("http") - content.count("kilde http://example.org/x") == 1  # http-equiv, and the id that looks like one
    assert all(node.told["href"].startswith("#") for node in page.all("a"))
    (policy,) = [node for node in page.all("meta") if "http-equiv" in node.told]
    assert policy.told["content"].startswith("default-src 'none'")


def test_every_meeting_stands_once_with_who_comes(page):
    view = shown()
    listed = body_rows(part(page, "months"))
    assert len(listed) == len(view.meetings)
    for cells, row in zip(listed, view.meetings, strict=True):
        day, clock, place, matcher, group, people, seats, _ = cells
        assert f" {row.date.day}. " in day
        assert clock == row.clock.replace(":", ".").replace("-", "–")
        assert (place, matcher, group) == (row.place + row.town, row.matcher, row.group)
        assert people == ", ".join(row.volunteers)
        assert seats == ("–" if row.seats is None else str(row.seats))
    assert listed[0][0] == "onsdag 13. januar"


def test_every_planned_volunteer_stands_once_in_her_group(page):
    year, plan = planned()
    groups = part(page, "groups")
    people = {cells[0]: cells for cells in body_rows(groups)}
    assert sorted(cells[0] for cells in body_rows(groups)) == list(year.volunteers)
    for v, name in enumerate(year.volunteers):
        mine = [row for row in plan.meetings if name in row.volunteers]
        assert people[name][2:] == [str(len(mine)), str(year.owed[v])]
        assert len(people[name][1].split(" · ")) == max(1, len(mine))
    assert sum(len(one.all("li")) for one in groups.all("ul")) == len(plan.meetings)
    assert {heading.text.split(" · ")[0] for heading in groups.all("h3")} >= {GROUP, *plan.home.values()}


def test_what_is_missing_and_what_is_changed_is_said(page):
    _, plan = planned()
    missing = {cells[0]: cells for cells in body_rows(part(page, "missing"))}
    assert {name: int(cells[2]) for name, cells in missing.items()} == dict(plan.unmet)
    assert all(cells[4] == f"Fordi {name} < alt" for name, cells in missing.items())
    changed = body_rows(part(read(year_page("da", shown(replanned=True))), "changed"))
    assert [cells[0] for cells in changed] == [plan.meetings[-2].volunteers[0], "gæst"]
    assert "changed" not in {one.told["id"] for one in page.all("section")}


def test_hostile_texts_are_read_as_they_are(page):
    read_text = page.text
    raw = year_page("da", shown()).decode()
    assert all(text in read_text for text in (*HOSTILE, PLACE, LEADER, GROUP, "<u>ukendt</u>"))
    assert "<script" not in raw
    assert "<i>" not in raw
    assert read(element("p", "a\x00b\x1bc", title='"\x07').encode()).all("p")[0].text == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_child_is_named_and_bytes_are_the_same(language):
    content = year_page(language, shown(replanned=True))
    assert CHILD not in content.decode()
    assert content == year_page(language, shown(replanned=True))


def test_headings_and_tables_are_told_to_a_screen_reader(page):
    levels = [int(node.tag[1]) for node in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    for node in page.all("table"):
        assert node.all("caption")[0].text.strip()
        assert all(cell.told["scope"] in ("col", "row") for cell in node.all("th"))
        heads = [cell.text for cell in node.all("thead")[0].all("th")]
        for row in node.all("tbody")[0].all("tr"):
            labels = [cell.told.get("data-label") for cell in row.all("td")]
            assert labels in (heads[1:], [None] * len(labels))
    assert all(node.told["aria-hidden"] == "true" for node in page.all("svg"))


def month_cells(page: Node) -> list[Node]:
    months = [node for node in page.all("table") if node.told.get("class") == "month"]
    assert len(months) == 12
    return [cell for month in months for cell in month.all("td") if cell.text.strip()]


def test_small_months_show_meetings_and_days_without(page):
    view, cells = shown(), month_cells(page)
    days = [date(2027, 1, 1) + timedelta(days=k) for k in range(365)]
    held = Counter(row.date for row in view.meetings)
    assert len(cells) == 365
    for day, cell in zip(days, cells, strict=True):
        kind = "held" if day in held else "shut" if day in view.closed else None
        assert cell.told.get("class") == kind
        if kind == "held":
            (link,) = cell.all("a")
            assert link.text == f"{day.day}{held[day] if held[day] > 1 else ''}"
            assert link.told["href"] == f"#d{day}"
        else:
            assert cell.text.split()[0] == str(day.day)
    assert cells[84].text == "26 ingen møder: Langfredag"
    assert "Ingen møder: 15.–21. (vinterferie)." in part(page, "months").text


def test_weeks_are_numbered_as_danes_do_in_a_leap_year():
    year = year_of(case_of([], []), year=2028)
    page = read(year_page("en", view_of(year, first_plan(year), unmet={}, seats_left={})))
    assert len(month_cells(page)) == 366
    months = [node for node in page.all("table") if node.told.get("class") == "month"]
    weeks = [cell.text for month in (months[0], months[11]) for cell in month.all("tbody")[0].all("th")]
    assert weeks == ["52", "1", "2", "3", "4", "5", "48", "49", "50", "51", "52"]
    assert "No meetings: 1–31 (July)." in part(page, "months").text
    assert "Everybody gets the meetings they are owed." in page.text
    assert part(page, "months").text.count("There are no meetings this month.") == 12


def test_loads_are_those_of_the_plan(page):
    view = shown()
    listed = body_rows(part(page, "matchers"))
    assert [cells[0] for cells in listed] == [load.name for load in view.matchers]
    assert [[int(cell or 0) for cell in cells[1:13]] for cells in listed] == [list(load.months) for load in view.matchers]
    assert [int(cells[13]) for cells in listed] == [sum(load.months) for load in view.matchers]


def test_a_table_escapes_its_heads_too():
    raw = table("<c>", ["<h>", '"k"'], [("<a>", "b")])
    assert "<c>" not in raw
    assert read(raw.encode()).all("td")[0].told == {"data-label": '"k"'}
