"""``matcher meet`` and ``matcher outing``: files, exit codes, and what a person reads."""

from __future__ import annotations

import pytest

from tests.workbench.desk import ask, child, load, rows_of, same, volunteer, write_case

DATES = "kind rank date slot begins ends place venue_id matcher_id child_id volunteer_id"
MINUTES = "volunteer_minutes family_minutes matcher_minutes"
MEETING = {"date": "2027-01-11", "slot": "mon_evening", "venue_id": "L1", "matcher_id": "M1", "programme": "voksenven"}


@pytest.fixture
def case(tmp_path):
    children = [child(child_id=f"B{k}", municipality="Ballerup", matcher_id="M2") for k in (1, 2)]
    people = [volunteer(volunteer_id=f"V{k}") for k in (1, 2)]
    bonds = [
        {
            "friendship_id": f"F{k}",
            "child_id": f"B{k}",
            "volunteer_id": f"V{k}",
            "programme": "voksenven",
            "started_on": "2026-09-01",
        }
        for k in (1, 2)
    ]
    return write_case(
        tmp_path / "case",
        children,
        people,
        friendships=bonds,
        matchers=[
            {"matcher_id": "M1", "name": "Ann Ager", "postcode": "2750"},
            {"matcher_id": "M2", "postcode": "2740", "absent": "2027-01-04/2027-01-10"},
        ],
        venues=[{"venue_id": "L1", "name": "Mødested 8", "postcode": "2750", "capacity": "4"}],
        meetings=[{"meeting_id": "N1", "volunteers": "V2", "pinned": "yes", **MEETING}],
    )


def test_dates_are_written_and_said(case, tmp_path):
    done = ask("meet", case, "--kind", "first_meeting", "--child", "B1", "--volunteer", "V1", "--top", "3")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "out" / "meet" / "dates.csv")
    assert " ".join(rows[0]) == f"{DATES} {MINUTES}"
    assert [(row["rank"], row["date"], row["slot"], row["place"], row["venue_id"], row["matcher_id"]) for row in rows] == [
        ("1", "2027-01-04", "mon_evening", "venue", "L1", "M1"),
        ("2", "2027-01-11", "mon_evening", "matcher_place", "", "M2"),
        ("3", "2027-01-18", "mon_evening", "venue", "L1", "M2"),
    ]
    assert (rows[0]["begins"], rows[0]["ends"], rows[1]["matcher_minutes"]) == ("19:00", "21:00", "")
    assert float(rows[0]["volunteer_minutes"]) < float(rows[0]["family_minutes"])
    assert sorted(path.name for path in (tmp_path / "out" / "meet").iterdir()) == ["dates.csv", "hindrances.csv", "summary.json"]
    summary = load((tmp_path / "out" / "meet" / "summary.json").read_text("utf-8"))
    assert (summary["dates"], summary["from"], summary["to"]) == (3, "2027-01-04", "2027-02-28")
    assert "Første møde mellem V1 og forælderen til B1, uden barnet, de næste 3 datoer:" in done.stdout
    assert " 2. mandag aften 11-01-2027 kl. 19:00-21:00, hos M2, med M2. På vejen, cirka: den frivillige" in done.stdout
    assert " 1. mandag aften 04-01-2027 kl. 19:00-21:00, sted Mødested 8 (L1), med Ann Ager (M1)." in done.stdout


def test_json_is_what_the_files_hold(case, tmp_path):
    done = ask("meet", case, "--kind", "home_visit", "--volunteer", "V1", "--format", "json", "--out", tmp_path / "o")
    data = load(done.stdout)
    for name in ("dates", "hindrances"):
        rows = rows_of(tmp_path / "o" / f"{name}.csv")
        assert all(same(cell, row[key]) for found, row in zip(data[name], rows, strict=True) for key, cell in found.items())
    assert {row["matcher_id"] for row in data["dates"]} == {"M1;M2"}
    assert data["dates"][0]["place"] == "volunteer_home"
    assert data["summary"]["dates"] == len(data["dates"]) == 5


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("interview", ["--volunteer", "V1"]),
        ("home_visit", ["--child", "B1"]),
        ("first_visit", ["--child", "B1", "--volunteer", "V1"]),
        ("follow_up", ["--child", "B2"]),
        ("follow_up", ["--volunteer", "V2", "--matcher", "M1"]),
    ],
)
def test_every_kind_answers_in_both_languages(case, kind, who, language):
    done = ask("meet", case, "--kind", kind, *who, "--language", language, "--from", "5/1-2027")
    assert done.returncode == 0, done.stderr
    assert "19:00-21:00" in done.stdout
    assert ("mandag" in done.stdout) == (language == "da")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("calendar.july.closed_month = 13", "calendar.july.closed_month skal være en måned fra 1 til 12, eller 0 for ingen."),
        ('calendar.meet.without = ["closures"]', "calendar.meet.without kan kun nævne regler om dage: closure, july, "),
        ("calendar.obligation.min_meetings = 7", "calendar.obligation.min_meetings (7) må ikke være større end"),
        ("calendar.meeting_size.max_volunteers = 3", "må ikke være større end calendar.meeting_size.max_volunteers (3)."),
    ],
)
def test_settings_that_cannot_be_are_refused(case, line, said):
    with (case / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(line)
    for asked in (("meet", case, "--kind", "follow_up", "--child", "B1"), ("outing", case), ("calendar", case)):
        done = ask(*asked)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
    done = ask("check", case)
    assert (done.returncode, said in done.stdout + done.stderr) == (2, True)


def test_a_pair_that_must_not_meet_is_told(case, tmp_path):
    asked = ("meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1")
    done = ask(*asked)
    summary = tmp_path / "out" / "meet" / "summary.json"
    assert ("Se efter" in done.stderr, load(summary.read_text("utf-8"))["unfit"]) == (False, [])
    people = [volunteer(volunteer_id="V1", child_certificate_on=""), volunteer(volunteer_id="V2")]
    write_case(tmp_path / "case", [child(child_id="B1"), child(child_id="B2")], people)
    done = ask(*asked)
    assert done.returncode == 0
    assert "Se efter, før der inviteres: B1 og V1 opfylder ikke »Børneattest«." in done.stderr
    assert load(summary.read_text("utf-8"))["unfit"] == ["child_certificate"]


def test_no_date_is_explained(case, tmp_path):
    done = ask(
        "meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1", "--matcher", "M1", "--from", "2028-01-01"
    )
    assert done.returncode == 0
    (tmp_path / "case" / "matchers.csv").write_text(
        "matcher_id,name,postcode,availability\nM1,Bo Busk,2750,tue_evening\n", "utf-8"
    )
    done = ask("meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1")
    assert done.returncode == 1
    assert "ingen tid fra 04-01-2027 til 28-02-2027" in done.stdout
    assert "Matcheren Bo Busk (M1): Matcherens tider (matcher_available); det kunne give 7 tider" in done.stdout
    assert rows_of(tmp_path / "out" / "meet" / "dates.csv") == []
    assert rows_of(tmp_path / "out" / "meet" / "hindrances.csv") == [
        {"who": "matcher", "id": "M1", "rule": "matcher_available", "dates": "7"}
    ]


def test_no_date_is_explained_by_people(case, tmp_path):
    (tmp_path / "case" / "matchers.csv").write_text("matcher_id,postcode,availability\nM1,2750,tue_evening\n", "utf-8")
    done = ask("meet", case, "--kind", "home_visit", "--child", "B1", "--language", "en")
    assert (done.returncode, "The case has 1 matchers; 2 are needed." in done.stdout) == (1, True)
    for table in ("meetings", "friendships"):
        (tmp_path / "case" / f"{table}.csv").unlink()
    write_case(tmp_path / "case", [child(availability="wed_evening")], [volunteer(availability="thu_evening")])
    done = ask("meet", case, "--kind", "follow_up", "--child", "B1")
    assert "Familien til B1: Familiens tider (family_available)" in done.stdout
    done = ask("meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1")
    assert (done.returncode, "Flere personer eller steder står i vejen på én gang." in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("meet {case} --kind interview --child B1", "Den frivillige skal være med (--kind interview): angiv --volunteer."),
        ("meet {case} --kind home_visit", "familie eller den frivillige skal være med (--kind home_visit): angiv --child eller"),
        (
            "meet {case} --kind first_visit --child B1",
            "familie og den frivillige skal være med (--kind first_visit): angiv --child og",
        ),
        ("meet {case} --kind visit --child B1", "--kind har en ugyldig værdi. Forventet: interview, home_visit"),
        ("meet {case} --child B1", "--kind mangler."),
        ("meet {case} --kind follow_up --child B9", "Der er intet barn med id B9"),
        ("meet {case} --kind follow_up --child B1 --matcher M3", "Der er ingen matcher med id M3 i dataene. Mente du M"),
        ("meet {case} --kind follow_up --child B1 --from mandag", "--from skal være en dato"),
        ("meet {case} --kind follow_up --child B1 --keep nowhere", "nowhere er ikke en mappe"),
        ("outing {case} --programme voksen", "--programme har en ugyldig værdi. Forventet: voksenven, storebror, familieven."),
        ("outing {case} --municipality Balerup", "en kommune, der hedder Balerup. Mente du Ballerup?"),
        ("outing {case} --year 2026", "Der er ingen dage at vælge mellem i 2026"),
        ("outing {case} --from 2027-03-01 --to 2027-02-01", "--from 01-03-2027 ligger efter --to 01-02-2027."),
        ("outing {case} --from 2028-03-01 --to 2027-02-01 --language en", "--from 2028-03-01 is later than --to 2027-02-01."),
        ("outing {case} --year 2027 --from 2028-02-01 --to 2028-03-01", "Der er ingen dage at vælge mellem i 2027"),
        ("outing {case} --to 2026-12-31", "Der er ingen dage at vælge mellem i 2026"),
        ("outing {case} --at-least 0", "--at-least har en ugyldig værdi. Forventet: et helt tal fra 1."),
    ],
)
def test_a_wrong_question_is_refused(case, line, said):
    done = ask(*line.format(case=case).split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_unknown_id_is_named_at_once(case, language):
    who = ["--child", "B9", "--volunteer", "V9", "--matcher", "M9"]
    done = ask("meet", case, "--kind", "first_visit", *who, "--language", language)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()[1:]  # the first says that the case has warnings
    assert [name for line, name in zip(lines, ("B9", "V9", "M9"), strict=True) if name in line] == ["B9", "V9", "M9"]
    assert [line.count("?") for line in lines] == [1, 1, 1]  # each with the nearest that there is
    done = ask("meet", case, "--kind", "first_visit", "--child", "B9", "--format", "json", "--language", language)
    said = load(done.stdout)["error"]["message"].splitlines()
    assert (done.returncode, len(said)) == (2, 2)
    assert ("--volunteer" in said[0], "B9" in said[1]) == (True, True)


@pytest.mark.parametrize(
    ("kind", "child_id", "volunteer_id", "da", "en"),
    [
        ("interview", "", "V1", "Samtale med V1: --child B1 skal", "Interview of V1: --child B1 is not needed"),
        ("home_visit", "B1", "", "Hjemmebesøg hos B1: --volunteer V1 skal", "Home visit at B1: --volunteer V1 is not needed"),
        ("follow_up", "B1", "", "Opkald til B1: --volunteer V1 skal", "Call to B1: --volunteer V1 is not needed"),
        ("first_meeting", "B1", "V1", "", ""),
        ("first_visit", "B1", "V1", "", ""),
    ],
)
def test_every_kind_takes_both_and_leaves_aside_whom_it_does_not_need(case, tmp_path, kind, child_id, volunteer_id, da, en):
    for language, said in (("da", da), ("en", en)):
        done = ask("meet", case, "--kind", kind, "--child", "B1", "--volunteer", "V1", "--language", language)
        assert done.returncode == 0, done.stderr
        lines = done.stderr.splitlines()[1:]  # the first says that the case has warnings
        assert [line.startswith(said) for line in lines] == ([True] if said else [])
    rows = rows_of(tmp_path / "out" / "meet" / "dates.csv")
    assert {(row["child_id"], row["volunteer_id"]) for row in rows} == {(child_id, volunteer_id)}
    summary = load((tmp_path / "out" / "meet" / "summary.json").read_text("utf-8"))
    assert (summary["child_id"] or "", summary["volunteer_id"] or "") == (child_id, volunteer_id)
    assert summary["asked"]["child_id"] == "B1"
    assert summary["asked"]["volunteer_id"] == "V1"
    assert summary["asked"]["left_aside"] == ("--child" if not child_id else "--volunteer" if not volunteer_id else None)


def test_nobody_is_called_away_from_the_years_plan(case, tmp_path):
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "meetings.csv").write_text(
        "meeting_id,date,slot,venue_id,matcher_id,programme,group\n"
        "N1,2027-01-18,mon_evening,L1,M1,voksenven,G01\n"
        "N2,2027-01-25,mon_evening,L1,M1,voksenven,G01\n",
        "utf-8",
    )
    (plan / "attendance.csv").write_text("meeting_id,volunteer_id\nN2,V1\n", "utf-8")
    (plan / "groups.csv").write_text("volunteer_id,group,matcher_id\nV1,G01,M1\n", "utf-8")
    done = ask("meet", case, "--kind", "follow_up", "--volunteer", "V1", "--matcher", "M1", "--keep", plan)
    assert done.returncode == 0, done.stderr
    days = [row["date"] for row in rows_of(tmp_path / "out" / "meet" / "dates.csv")]
    assert days == ["2027-01-04", "2027-01-18", "2027-02-01", "2027-02-08", "2027-02-15"]  # N1 is pinned on the 11th in the case


def test_what_an_earlier_plan_names_and_the_case_has_not_is_told(case, tmp_path):
    plan = tmp_path / "plan"
    plan.mkdir()
    row = "N1,2027-01-18,mon_evening,L7,M7,voksenven,G01\n"
    (plan / "meetings.csv").write_text(f"meeting_id,date,slot,venue_id,matcher_id,programme,group\n{row}", "utf-8")
    (plan / "attendance.csv").write_text("meeting_id,volunteer_id\nN1,V1\nN1,V7\nN1,V8\n", "utf-8")
    (plan / "groups.csv").write_text("volunteer_id,group,matcher_id\nV1,G01,M1\n", "utf-8")
    for asked in (("meet", case, "--kind", "follow_up", "--volunteer", "V1"), ("outing", case)):
        done = ask(*asked, "--keep", plan, "--language", "en")
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[1:4] == [
            "meetings.csv, column venue_id: 1 id not found in the table venues (lokaler).",
            "meetings.csv, column matcher_id: 1 id not found in the table matchers (matchere).",
            "attendance.csv, column volunteer_id: 2 id not found in the table volunteers (frivillige).",
        ]


def test_nothing_of_the_calendar_is_overwritten(case, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.json").write_text("{}", "utf-8")
    ask("meet", case, "--kind", "follow_up", "--volunteer", "V1")
    ask("outing", case)
    assert (out / "summary.json").read_text("utf-8") == "{}"
    assert sorted(path.name for path in out.iterdir()) == ["meet", "outing", "summary.json"]


@pytest.mark.parametrize(
    ("times", "da", "en"),
    [("", "lørdag formiddag", "Saturday morning"), ("08:00-10:00", "lørdag morgen", "Saturday morning")],
)
def test_from_nine_on_it_is_no_longer_morning_in_danish(case, times, da, en):
    if times:
        with (case / "settings.toml").open("a", encoding="utf-8") as file:
            file.write(f'calendar.times.morning = "{times}"')
    free = "matcher_id,postcode,availability\nM1,2750,sat_morning\n"
    (case / "matchers.csv").write_text(free, "utf-8")
    (case / "meetings.csv").unlink()
    for language, said in (("da", da), ("en", en)):
        done = ask("meet", case, "--kind", "follow_up", "--child", "B1", "--language", language)
        assert f" 1. {said} " in done.stdout


def test_an_outing_is_written_and_said(case, tmp_path):
    done = ask("outing", case, "--year", "2027", "--municipality", "Ballerup Kommune", "--at-least", "2", "--top", "2")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "out" / "outing" / "outings.csv")
    columns = "rank,date,slot,begins,ends,venue_id,matcher_id,come,could,invited,minutes,friendships"
    assert ",".join(rows[0]) == columns
    assert [(row["date"], row["venue_id"], row["come"], row["friendships"]) for row in rows] == [
        ("2027-01-04", "L1", "2", "F1;F2"),
        ("2027-01-18", "L1", "2", "F1;F2"),
    ]
    assert "2 venskaber er inviteret. Flest kan komme her:" in done.stdout
    assert "1. mandag aften 04-01-2027 kl. 19:00-21:00, sted Mødested 8 (L1) med Ann Ager (M1): 2 venskaber kan" in done.stdout
    summary = load((tmp_path / "out" / "outing" / "summary.json").read_text("utf-8"))
    assert (summary["invited"], summary["best"], summary["outings"]) == (2, 2, 2)


@pytest.mark.parametrize(
    ("asked", "first", "last", "said"),
    [
        ("", "2027-01-04", "2027-12-31", False),
        ("--from 2028-03-01", "2028-03-01", "2028-12-31", False),
        ("--to 2028-03-01", "2028-01-01", "2028-03-01", False),
        ("--from 2028-03-01 --to 2028-04-01", "2028-03-01", "2028-04-01", False),
        ("--from 2027-11-01 --to 2028-02-01", "2027-11-01", "2027-12-31", True),
        ("--year 2028 --from 2027-11-01 --to 2028-02-01", "2028-01-01", "2028-02-01", True),
        ("--from 2027-01-01 --to 2027-02-01", "2027-01-04", "2027-02-01", True),
        ("--from 2025-06-01 --to 2027-02-01", "2027-01-04", "2027-02-01", True),
        ("--year 2027", "2027-01-04", "2027-12-31", False),
    ],
)
def test_the_days_follow_the_dates_given_and_what_is_left_out_is_said(case, tmp_path, asked, first, last, said):
    done = ask("outing", case, *asked.split(), "--language", "en")
    assert done.returncode == 0, done.stderr
    summary = load((tmp_path / "out" / "outing" / "summary.json").read_text("utf-8"))
    assert (summary["from"], summary["to"]) == (first, last)
    sentence = f"Only {first} to {last} is looked at: days of {first[:4]} that are not before the planning date, 2027-01-04."
    assert done.stderr.splitlines()[1:] == ([sentence] if said else [])


def test_closed_days_are_told_with_their_rule(case, tmp_path):
    (tmp_path / "case" / "closures.csv").write_text("from,to,what\n2027-06-20,2027-06-30,sommer\n", "utf-8")
    asked = ("outing", case, "--from", "2027-06-25", "--to", "2027-07-10")
    done = ask(*asked)
    assert (done.returncode, "sommer" in done.stdout) == (1, False)
    closed = "Alle dage er lukket: Lukkedage (closure) fra 20-06-2027 til 30-06-2027, 6 dage; Juli (july), 10 dage."
    assert closed in done.stdout
    assert load((tmp_path / "out" / "outing" / "summary.json").read_text("utf-8"))["closed"] == {"closure": 6, "july": 10}
    said = ask(*asked, "--language", "en").stdout
    assert "Every day is closed: Closures (closure) from 2027-06-20 to 2027-06-30, 6 days; July (july), 10 days." in said


def test_too_few_for_an_outing_is_explained(case, tmp_path):
    (tmp_path / "case" / "venues.csv").write_text("venue_id,postcode,capacity\nL1,2750,3\n", "utf-8")
    done = ask("outing", case, "--at-least", "2", "--language", "en")
    assert done.returncode == 1
    assert "2 friendships are invited, and there is no day on which 2 of them can come." in done.stdout
    assert "Most can come Monday evening 2027-01-04 19:00-21:00, venue L1 with Ann Ager (M1): 1 friendship can" in done.stdout
    assert "More can (2), but there is no room." in done.stdout
    assert rows_of(tmp_path / "out" / "outing" / "outings.csv") == []
    assert load((tmp_path / "out" / "outing" / "summary.json").read_text("utf-8"))["best"] == 1
    (tmp_path / "case" / "meetings.csv").unlink()
    (tmp_path / "case" / "venues.csv").unlink()
    assert "Intet sted er ledigt, når en matcher kan." in ask("outing", case).stdout
    (tmp_path / "case" / "matchers.csv").unlink()
    assert "Ingen matcher, der følger alle de inviteredes programmer" in ask("outing", case).stdout
