"""Calendar files: read back and counted against the plan; what changed is told once; nobody is named who must not be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from matcher.calendar.plan import PlannedMeeting, YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.year import Year
from matcher.errors import UsageError
from matcher.records import Case, Matcher, Venue
from tests.calendar.years import along, case_of, friendship, volunteer, year_of
from tests.volume import volume
from workbench.report.ics import calendars, personal_calendars, year_calendar
from workbench.report.ics_earlier import told_by
from workbench.report.ics_events import events_of
from workbench.report.ics_names import file_names, left_over
from workbench.words import say

HOSTILE = ("a,b;c:d", 'say "hi"\\n', "line\nbreak\r\x07\u2028end", "👩‍👧 Åse Ærø", "=1+1", "%2C{x}", "END:VEVENT", "long " * 400)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def components(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def by_meeting(content: bytes) -> dict[str, Any]:
    """Events by the id that people read in them."""
    return {str(c["DESCRIPTION"]).rpartition(": ")[2]: c for c in components(content)}


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


def meeting(name: str, day: date = date(2027, 3, 1), **facts: Any) -> PlannedMeeting:
    known: dict[str, Any] = {"slot": "mon_evening", "venue_id": "L1", "matcher_id": "M1", "group": "G01", "pinned": False}
    people: dict[str, Any] = {"programme": ("voksenven",), "volunteers": ("V1", "V2")}
    return PlannedMeeting(meeting_id=name, date=day, **{**known, **people, **facts})


@pytest.fixture(scope="module")
def case() -> Case:
    """A synthetic year whose children have ids that stand out wherever they are."""
    found = along(26, 3)
    new = {row.child_id: f"BARNET-{k}-HEMMELIG" for k, row in enumerate(found.children)}
    children = tuple(row.model_copy(update={"child_id": new[row.child_id]}) for row in found.children)
    bonds = tuple(row.model_copy(update={"child_id": f"BARNET-{row.child_id}-HEMMELIG"}) for row in found.friendships)
    return found.model_copy(update={"children": children, "friendships": bonds})


@pytest.fixture(scope="module")
def year(case: Case) -> Year:
    return year_of(case)


@pytest.fixture(scope="module")
def plan(year: Year) -> YearPlan:
    return first_plan(year)


@pytest.fixture(scope="module")
def small() -> Year:
    """Three volunteers, two matchers, two venues."""
    return year_of(
        case_of(
            [volunteer(name) for name in ("V1", "V2", "V3")],
            [friendship(name) for name in ("V1", "V2", "V3")],
            matchers=(Matcher(matcher_id="M1", name="Anna", postcode="2750"), Matcher(matcher_id="M2", postcode="2750")),
            venues=(
                Venue(venue_id="L1", name="Salen", postcode="2750", capacity=9),
                Venue(venue_id="L2", postcode="2740", capacity=9),
            ),
        )
    )


def planned(small: Year, *meetings: PlannedMeeting, on: date | None = None) -> YearPlan:
    return replace(first_plan(small), meetings=meetings, planning_date=on or small.planning_date)


# Read back


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_year_holds_every_meeting(year: Year, plan: YearPlan, language: str) -> None:
    assert len(plan.meetings) > 5
    found = by_meeting(year_calendar(language, year, plan))
    assert set(found) == {row.meeting_id for row in plan.meetings}
    venues = {row.venue_id: row for row in year.case.venues}
    matchers = {row.matcher_id: row.name for row in year.case.matchers}
    for row in plan.meetings:
        event = found[row.meeting_id]
        said = str(event["DESCRIPTION"])
        assert event["DTSTART"].dt == datetime(row.date.year, row.date.month, row.date.day, 19, tzinfo=COPENHAGEN)
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=2)
        assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
        assert event["DTSTAMP"].dt == datetime(2026, 12, 1, tzinfo=UTC)
        assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
        assert event["LOCATION"] == f"{venues[row.venue_id].name}, {venues[row.venue_id].postcode}"
        assert event["SUMMARY"] == say(language, "ics.meeting", place=event["LOCATION"])
        assert say(language, "ics.led_by", matcher=matchers[row.matcher_id]) in said
        assert set(re.findall(r"V\d{4}", said)) == set(row.volunteers)
    uids = {str(event["UID"]) for event in found.values()}
    assert len({UUID(uid) for uid in uids}) == len(plan.meetings)


def test_everybody_has_a_file_of_her_own_meetings(year: Year, plan: YearPlan) -> None:
    files = personal_calendars("da", year, plan)
    assert len(files) == len(year.volunteers) + len(year.matchers)
    whole = {name: str(event["UID"]) for name, event in by_meeting(year_calendar("da", year, plan)).items()}
    for name in year.volunteers:
        content = files[f"calendars/volunteer-{name}.ics"]
        own = {row.meeting_id for row in plan.meetings if name in row.volunteers}
        assert {m: str(event["UID"]) for m, event in by_meeting(content).items()} == {m: whole[m] for m in own}
        assert set(re.findall(r"V\d{4}", unfolded(content))) == {name}
    for name in year.matchers:
        found = by_meeting(files[f"calendars/matcher-{name}.ics"])
        assert set(found) == {row.meeting_id for row in plan.meetings if row.matcher_id == name}
        for row in plan.meetings:
            if row.matcher_id == name:
                assert set(re.findall(r"V\d{4}", str(found[row.meeting_id]["DESCRIPTION"]))) == set(row.volunteers)


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_child_is_named(year: Year, plan: YearPlan, language: str) -> None:
    earlier = year_calendar(language, year, plan)
    fewer = replace(plan, meetings=plan.meetings[1:])
    again = [year_calendar(language, year, fewer, earlier), *personal_calendars(language, year, fewer, earlier).values()]
    texts = [unfolded(content) for content in (earlier, *personal_calendars(language, year, plan).values(), *again)]
    assert [text for text in texts if "BARNET" in text or "HEMMELIG" in text] == []
    assert "BARNET" in str(year.case.friendships)


def test_the_same_plan_gives_the_same_bytes(year: Year, plan: YearPlan) -> None:
    once = year_calendar("da", year, plan)
    shuffled = replace(plan, meetings=plan.meetings[::-1])
    assert year_calendar("da", year, shuffled) == once
    assert personal_calendars("da", year, plan) == personal_calendars("da", year, shuffled)
    assert year_calendar("da", year, plan, once) == once
    assert calendars("da", year, plan, once) == {"calendar.ics": once, **personal_calendars("da", year, plan)}


def test_lines_end_and_fold_as_the_standard_says(year: Year, plan: YearPlan) -> None:
    for content in (year_calendar("da", year, plan), *personal_calendars("da", year, plan).values()):
        lines = content.split(b"\r\n")
        assert lines[-1] == b""
        assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
        assert "".join(line.decode() for line in lines).encode() == b"".join(lines)  # no letter is cut in two


# Time


def test_clock_times_are_settings(small: Year) -> None:
    times = {
        "calendar.times.morning": "9:05-11:00",
        "calendar.times.afternoon": "14:00-15:30",
        "calendar.times.evening": "18:30-20:15",
    }
    year = year_of(small.case, times)
    rows = [meeting(part, slot=f"mon_{part}") for part in ("morning", "afternoon", "evening")]
    found = by_meeting(year_calendar("da", year, planned(year, *rows)))
    clocks = {name: f"{event['DTSTART'].dt:%H:%M}-{event['DTEND'].dt:%H:%M}" for name, event in found.items()}
    assert clocks == {"morning": "09:05-11:00", "afternoon": "14:00-15:30", "evening": "18:30-20:15"}


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2027, 3, 27), 18), (date(2027, 3, 28), 17), (date(2027, 10, 30), 17), (date(2027, 10, 31), 18)],
)
def test_meetings_around_the_change_of_clocks(small: Year, day: date, hour: int) -> None:
    content = year_calendar("da", small, planned(small, meeting("N1", day)))
    (event,) = components(content)
    expected = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    assert event["DTSTART"].dt.astimezone(UTC) == expected
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    alone = zone.to_tz(lookup_tzid=False)  # from the file's own rules, as a program without our zone must read it
    assert event["DTSTART"].dt.replace(tzinfo=alone).astimezone(UTC) == expected


def test_the_files_own_time_zone_is_right_for_years(small: Year) -> None:
    (zone,) = Calendar.from_ical(year_calendar("da", small, planned(small))).walk("VTIMEZONE")
    for change in zone.subcomponents:  # the clocks of the whole Union change at 01:00 UTC
        assert (change["DTSTART"].dt - change["TZOFFSETFROM"].td).hour == 1
    alone = zone.to_tz(lookup_tzid=False)
    for hours in range(0, 24 * 365 * 12, volume(ci=31, long=1)):
        moment = datetime(2025, 1, 1, tzinfo=COPENHAGEN) + timedelta(hours=hours)  # by the clock on the wall
        last_sunday = moment.month in {3, 10} and moment.weekday() == 6 and moment.day > 24
        if not (last_sunday and moment.hour in {1, 2, 3}):  # of these hours, one is missing and one is there twice
            assert moment.replace(tzinfo=alone).utcoffset() == moment.utcoffset(), moment


# What changed


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({}, 0),
        ({"pinned": True, "volunteers": ("V2", "V1")}, 0),
        ({"volunteers": ("V1", "V3")}, 1),
        ({"volunteers": ("V1",)}, 1),
        ({"volunteers": ("V1", "V2", "V3")}, 1),
        ({"programme": ("voksenven", "storebror")}, 1),
        ({"group": "G02"}, 1),
        ({"group": "", "volunteers": ("V3",)}, 1),
        ({"date": date(2027, 3, 8)}, 1),
        ({"slot": "mon_morning"}, 1),
        ({"venue_id": "L2"}, 1),
        ({"matcher_id": "M2"}, 1),
        ({"matcher_id": "M2", "venue_id": "L2", "date": date(2027, 4, 5)}, 1),
    ],
)
def test_sequence_counts_what_changed_for_people(small: Year, change: dict[str, Any], sequence: int) -> None:
    earlier = year_calendar("da", small, planned(small, meeting("N1")))
    moved = planned(small, replace(meeting("N1"), **change))
    later = year_calendar("da", small, moved, earlier)
    (before,), (after,) = components(earlier), components(later)
    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after["STATUS"]) == (sequence, "CONFIRMED")
    assert components(year_calendar("en", small, moved, later))[0]["SEQUENCE"] == sequence
    assert components(year_calendar("da", small, planned(small, meeting("N1")), later))[0]["SEQUENCE"] == 2 * sequence


def test_sequence_counts_a_new_name_of_place_or_leader_too(small: Year) -> None:
    earlier = year_calendar("da", small, planned(small, meeting("N1")))
    first, second = small.case.venues
    anna, other = small.case.matchers
    for tables in (
        {"venues": (first.model_copy(update={"name": "Biblioteket"}), second)},
        {"matchers": (anna.model_copy(update={"name": "Hanne"}), other)},
    ):
        named = year_of(small.case.model_copy(update=tables))
        later = year_calendar("da", named, planned(named, meeting("N1")), earlier)
        assert [event["SEQUENCE"] for event in components(later)] == [1]
        assert year_calendar("da", named, planned(named, meeting("N1")), later) == later


@settings(max_examples=volume(ci=25, long=1_000), deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from(["V1", "V2"])), st.sampled_from(["M1", "M2"]), st.booleans()), max_size=7))
def test_sequence_rises_with_what_is_told_and_never_falls(small: Year, steps: list[tuple[set[str], str, bool]]) -> None:
    """However plans follow on each other, in everybody's file."""
    earlier, before = None, dict[str, tuple[int, str]]()
    for names, matcher, held in steps:
        rows = [meeting("N1", volunteers=tuple(sorted(names)), matcher_id=matcher)] if held else []
        files = calendars("da", small, planned(small, *rows), earlier)
        earlier = files["calendar.ics"]
        now = {name: event for name, content in files.items() for event in components(content)}
        told = {name: (int(event["SEQUENCE"]), f"{event['STATUS']} {event['DESCRIPTION']}") for name, event in now.items()}
        assert set(before) <= set(told)
        for name in before:
            risen, changed = told[name][0] - before[name][0], told[name][1] != before[name][1]
            assert risen >= changed
            assert risen == changed or name != "calendar.ics"
        before = told


def test_a_meeting_that_is_not_held_is_called_off_for_all_who_were_told(small: Year) -> None:
    earlier = year_calendar("da", small, planned(small, meeting("N1"), meeting("N2", date(2027, 4, 5), volunteers=("V3",))))
    without = planned(small, meeting("N2", date(2027, 4, 5), volunteers=("V3",)), on=date(2027, 2, 1))
    content = year_calendar("da", small, without, earlier)
    files = personal_calendars("da", small, without, earlier)
    for file in (content, *(files[f"calendars/{who}.ics"] for who in ("matcher-M1", "volunteer-V1", "volunteer-V2"))):
        gone = by_meeting(file)["N1"]
        assert (gone["SEQUENCE"], gone["STATUS"], gone["TRANSP"]) == (1, "CANCELLED", "TRANSPARENT")
        assert gone["SUMMARY"] == "Aflyst: Netværksmøde: Salen, 2750"
        assert gone["DTSTART"].dt == datetime(2027, 3, 1, 19, tzinfo=COPENHAGEN)
    assert by_meeting(content)["N2"]["STATUS"] == "CONFIRMED"
    assert set(by_meeting(files["calendars/volunteer-V3.ics"])) == {"N2"}
    assert components(files["calendars/matcher-M2.ics"]) == []

    again = year_calendar("da", small, without, content)
    assert again == content  # told again, not counted again
    back = year_calendar("da", small, planned(small, meeting("N1")), content)
    assert (by_meeting(back)["N1"]["SEQUENCE"], by_meeting(back)["N1"]["STATUS"]) == (2, "CONFIRMED")


def test_what_is_past_or_of_another_year_is_not_called_off(small: Year) -> None:
    earlier = year_calendar("da", small, planned(small, meeting("N1")))
    after = planned(small, on=date(2027, 3, 2))
    assert components(year_calendar("da", small, after, earlier)) == []
    assert len(components(year_calendar("da", small, replace(after, planning_date=date(2027, 3, 1)), earlier))) == 1
    next_year = replace(planned(small, meeting("N1", date(2028, 3, 6), volunteers=("V1",))), year=2028)
    (event,) = components(year_calendar("da", small, next_year, earlier))
    assert event["SEQUENCE"] == 0
    assert event["UID"] != components(earlier)[0]["UID"]
    fact = planned(small, meeting("N1", volunteers=("V1",)), on=date(2027, 3, 2))
    assert components(personal_calendars("da", small, fact, earlier)["calendars/volunteer-V2.ics"]) == []


def test_who_is_taken_off_and_put_back_is_told_each_time(small: Year) -> None:
    with_her, without = planned(small, meeting("N1")), planned(small, meeting("N1", volunteers=("V1",)))
    earlier, told = None, []
    for plan in (with_her, without, without, with_her, without):
        (own,) = components(personal_calendars("da", small, plan, earlier)["calendars/volunteer-V2.ics"])
        earlier = year_calendar("da", small, plan, earlier)
        told.append((own["SEQUENCE"], str(own["STATUS"])))
        assert [event["SEQUENCE"] for event in components(earlier)] == [own["SEQUENCE"]]
    off, on = "CANCELLED", "CONFIRMED"
    assert told == [(0, on), (1, off), (1, off), (2, on), (3, off)]
    assert own["SUMMARY"] == "Udgår for dig: Netværksmøde: Salen, 2750"


def test_who_no_longer_leads_is_told_and_who_leads_now(small: Year) -> None:
    earlier = year_calendar("en", small, planned(small, meeting("N1")))
    ill = planned(small, meeting("N1", matcher_id="M2"))
    files = personal_calendars("en", small, ill, earlier)
    (first,), (second,) = (components(files[f"calendars/matcher-{who}.ics"]) for who in ("M1", "M2"))
    assert (first["STATUS"], first["SEQUENCE"]) == ("CANCELLED", 1)
    assert "Somebody else leads the meeting now." in first["DESCRIPTION"]
    assert (second["STATUS"], second["SEQUENCE"]) == ("CONFIRMED", 1)
    later = year_calendar("en", small, ill, earlier)
    assert components(personal_calendars("en", small, ill, later)["calendars/matcher-M1.ics"])[0]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Else//EN\r\nEND:VCALENDAR\r\n",
        b"cut",
        b"SEQUENCE:0|SEQUENCE:x",
        b"DTSTART;TZID=Europe/Copenhagen:20270301T190000|DTSTART;VALUE=DATE:20270301",
        b"DTSTART;TZID=Europe/Copenhagen:20270301T190000|DTSTART:20270301T190000",
        b"X-MATCHER-MEETING:N1\r\n|",
        b"X-MATCHER-GROUP:G01\r\n|",
        b"X-MATCHER-VENUE:L1|X-MATCHER-VENUE:L1\r\nX-MATCHER-VENUE:L2",
    ],
)
def test_an_earlier_file_that_is_none_of_ours_is_refused(small: Year, content: bytes) -> None:
    ours = year_calendar("da", small, planned(small, meeting("N1")))
    old, new = content.split(b"|") if b"|" in content else (b"", b"")
    broken = ours.replace(old, new) if old else ours[:-40] if content == b"cut" else content
    assert broken != ours
    with pytest.raises(UsageError, match="earlier_calendar"):
        year_calendar("da", small, planned(small), broken)


# Hostile words


@pytest.mark.parametrize("text", HOSTILE)
def test_any_name_or_id_comes_back_whole(text: str) -> None:
    people = [volunteer(text), volunteer("V2")]
    year = year_of(
        case_of(
            people,
            [friendship(text), friendship("V2")],
            matchers=(Matcher(matcher_id=text, name=text, postcode="2750"),),
            venues=(Venue(venue_id=text, name=text, postcode="2750", capacity=9),),
        )
    )
    plan = planned(year, meeting(text, venue_id=text, matcher_id=text, group=text, volunteers=(text, "V2")))
    content = year_calendar("da", year, plan)
    files = personal_calendars("da", year, plan)
    said = " ".join(re.sub(r"[\x00-\x1f\u2028]", " ", text).split())
    assert len(files) == 3
    for file in (content, *files.values()):
        (event,) = components(file)
        assert event["LOCATION"] == f"{said}, 2750"
        assert f"Mødet ledes af {said}." in event["DESCRIPTION"]
        assert str(event["DESCRIPTION"]).endswith(f"Mødets id: {said}")
        assert all(len(line.decode().encode()) <= 75 for line in file.split(b"\r\n"))
        titles = re.findall(r"^(?:X-WR-CALNAME|NAME):(.*)\r$", unfolded(file), re.MULTILINE)
        assert len(titles) == 2
        assert [title for title in titles if re.search(r"(?<!\\)[,;]", title)] == []
    assert list(told_by(content).values()) == events_of(year, plan, {})
    assert year_calendar("da", year, plan, content) == content


NAMES = [
    "..",
    "../../x",
    "/x",
    "a/b",
    "a\\b",
    "CON",
    "nul.",
    "V1",
    "v1",
    "Åse",
    "A\u030ase",
    "x" * 300,
    " V2",
    "V2",
    "V2 ",
    "a:b*?",
    "V1~",
    ".",
]


@pytest.mark.parametrize("role", ["matcher", "volunteer"])
def test_file_names_are_safe_and_never_shared(role: str) -> None:
    check_names(role, NAMES)
    assert file_names(role, ["V0001", "a.b-c_d"]) == {
        "V0001": f"calendars/{role}-V0001.ics",
        "a.b-c_d": f"calendars/{role}-a.b-c_d.ics",
    }


@given(st.sets(st.text(st.characters(codec="utf-8"), min_size=1, max_size=70), max_size=20))
def test_file_names_of_any_ids(ids: set[str]) -> None:
    check_names("volunteer", [*ids, *(name.swapcase() for name in ids)])


def check_names(role: str, ids: list[str]) -> None:
    names = file_names(role, ids)
    assert names.keys() == set(ids)
    assert len({name.lower() for name in names.values()}) == len(names)
    assert [name for name in names.values() if not re.fullmatch(rf"calendars/{role}-[A-Za-z0-9._~-]{{1,80}}\.ics", name)] == []


def test_files_that_an_earlier_run_left_are_found(small: Year, tmp_path: Path) -> None:
    files = personal_calendars("da", small, planned(small, meeting("N1")))
    (tmp_path / "calendars" / "folder.ics").mkdir(parents=True)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "calendars" / "mine.ics").write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//Somebody//Else//EN\r\nEND:VCALENDAR\r\n")
    (tmp_path / "calendars" / "notes.txt").write_bytes(b"mine")
    assert left_over(tmp_path, files) == ()
    fewer = {name: content for name, content in files.items() if "V2" not in name}
    assert left_over(tmp_path, fewer) == ("calendars/volunteer-V2.ics",)
    assert left_over(tmp_path / "missing", files) == ()


def test_whoever_is_no_longer_planned_keeps_her_file_until_nothing_is_left_to_call_off(tmp_path: Path) -> None:
    """Her meetings are CANCELLED in it, at the next plan and those after; only a file without news is an earlier run's."""
    people = ("V1", "V2", "V3")
    before, after = (
        year_of(case_of([volunteer(name) for name in names], [friendship(name) for name in names]))
        for names in (people, people[:2])
    )
    came, alone = (meeting("N1", volunteers=people), meeting("N2", date(2027, 4, 5), volunteers=people)), (meeting("N1"),)
    told, hers = None, "calendars/volunteer-V3.ics"
    for year, rows, on, status in (
        (before, came, date(2026, 12, 1), "CONFIRMED"),
        (after, alone, date(2026, 12, 2), "CANCELLED"),
        (after, alone, date(2026, 12, 3), "CANCELLED"),
        (after, alone, date(2027, 4, 6), ""),
    ):
        files = calendars("da", year, planned(year, *rows, on=on), told)
        assert left_over(tmp_path, files) == (() if status else (hers,))
        assert (hers in files) == bool(status)
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
        if status:
            found = by_meeting(files[hers])
            assert {name: event["STATUS"] for name, event in found.items()} == dict.fromkeys(("N1", "N2"), status)
        told = files["calendar.ics"]
