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
            {"matcher_id": "M1", "postcode": "2750"},
            {"matcher_id": "M2", "postcode": "2740", "absent": "2027-01-04/2027-01-10"},
        ],
        venues=[{"venue_id": "L1", "postcode": "2750", "capacity": "4"}],
        meetings=[{"meeting_id": "N1", "volunteers": "V2", "pinned": "yes", **MEETING}],
    )


def test_dates_are_written_and_said(case, tmp_path):
    done = ask("meet", case, "--kind", "first_meeting", "--child", "B1", "--volunteer", "V1", "--top", "3")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "out" / "dates.csv")
    assert " ".join(rows[0]) == f"{DATES} {MINUTES}"
    assert [(row["rank"], row["date"], row["slot"], row["place"], row["venue_id"], row["matcher_id"]) for row in rows] == [
        ("1", "2027-01-04", "mon_evening", "venue", "L1", "M1"),
        ("2", "2027-01-11", "mon_evening", "matcher_place", "", "M2"),
        ("3", "2027-01-18", "mon_evening", "venue", "L1", "M2"),
    ]
    assert (rows[0]["begins"], rows[0]["ends"], rows[1]["matcher_minutes"]) == ("19:00", "21:00", "")
    assert float(rows[0]["volunteer_minutes"]) < float(rows[0]["family_minutes"])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["dates.csv", "hindrances.csv", "summary.json"]
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["dates"], summary["from"], summary["to"]) == (3, "2027-01-04", "2027-02-28")
    assert "Første møde mellem V1 og forælderen til B1, uden barnet, de næste 3 datoer:" in done.stdout
    assert " 2. mandag aften 11-01-2027 kl. 19:00-21:00, hos M2, med M2. På vejen, cirka: den frivillige" in done.stdout


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


def test_a_pair_that_must_not_meet_is_told(case, tmp_path):
    asked = ("meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1")
    done = ask(*asked)
    assert ("Se efter" in done.stderr, load((tmp_path / "out" / "summary.json").read_text("utf-8"))["unfit"]) == (False, [])
    people = [volunteer(volunteer_id="V1", child_certificate_on=""), volunteer(volunteer_id="V2")]
    write_case(tmp_path / "case", [child(child_id="B1"), child(child_id="B2")], people)
    done = ask(*asked)
    assert done.returncode == 0
    assert "Se efter, før der inviteres: B1 og V1 opfylder ikke »Børneattest«." in done.stderr
    assert load((tmp_path / "out" / "summary.json").read_text("utf-8"))["unfit"] == ["child_certificate"]


def test_no_date_is_explained(case, tmp_path):
    done = ask(
        "meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1", "--matcher", "M1", "--from", "2028-01-01"
    )
    assert done.returncode == 0
    (tmp_path / "case" / "matchers.csv").write_text("matcher_id,postcode,availability\nM1,2750,tue_evening\n", "utf-8")
    done = ask("meet", case, "--kind", "first_visit", "--child", "B1", "--volunteer", "V1")
    assert done.returncode == 1
    assert "ingen tid fra 04-01-2027 til 28-02-2027" in done.stdout
    assert "Matcheren M1: Matcherens tider (matcher_available); det kunne give 7 tider" in done.stdout
    assert rows_of(tmp_path / "out" / "dates.csv") == []
    assert rows_of(tmp_path / "out" / "hindrances.csv") == [
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
        ("meet {case} --kind interview --child B1", "interview er med en frivillig: angiv --volunteer, og ikke --child."),
        ("meet {case} --kind home_visit --child B1 --volunteer V1", "angiv enten --child eller --volunteer."),
        ("meet {case} --kind first_visit --child B1", "angiv både --child og --volunteer."),
        ("meet {case} --kind visit --child B1", "--kind har en ugyldig værdi. Forventet: interview, home_visit"),
        ("meet {case} --child B1", "--kind mangler."),
        ("meet {case} --kind follow_up --child B9", "Der er intet barn med id B9"),
        ("meet {case} --kind follow_up --child B1 --matcher M3", "Der er ingen matcher med id M3 i dataene. Mente du M"),
        ("meet {case} --kind follow_up --child B1 --from mandag", "--from skal være en dato"),
        ("meet {case} --kind follow_up --child B1 --keep nowhere", "nowhere er ikke en mappe"),
        ("outing {case} --programme voksen", "--programme har en ugyldig værdi. Forventet: voksenven, storebror, familieven."),
        ("outing {case} --municipality Balerup", "en kommune, der hedder Balerup. Mente du Ballerup?"),
        ("outing {case} --year 2026", "Der er ingen dage at vælge mellem i 2026"),
        ("outing {case} --from 2027-03-01 --to 2027-02-01", "Der er ingen dage at vælge mellem i 2027"),
        ("outing {case} --at-least 0", "--at-least har en ugyldig værdi. Forventet: et helt tal fra 1."),
    ],
)
def test_a_wrong_question_is_refused(case, line, said):
    done = ask(*line.format(case=case).split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


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
    days = [row["date"] for row in rows_of(tmp_path / "out" / "dates.csv")]
    assert days == ["2027-01-04", "2027-01-18", "2027-02-01", "2027-02-08", "2027-02-15"]  # N1 is pinned on the 11th in the case


def test_an_outing_is_written_and_said(case, tmp_path):
    done = ask("outing", case, "--year", "2027", "--municipality", "Ballerup Kommune", "--at-least", "2", "--top", "2")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "out" / "outings.csv")
    columns = "rank,date,slot,begins,ends,venue_id,matcher_id,come,could,invited,minutes,friendships"
    assert ",".join(rows[0]) == columns
    assert [(row["date"], row["venue_id"], row["come"], row["friendships"]) for row in rows] == [
        ("2027-01-04", "L1", "2", "F1;F2"),
        ("2027-01-18", "L1", "2", "F1;F2"),
    ]
    assert "2 venskaber er inviteret. Flest kan komme her:" in done.stdout
    assert "1. mandag aften 04-01-2027 kl. 19:00-21:00, sted L1 med M1: 2 venskaber kan komme;" in done.stdout
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["invited"], summary["best"], summary["outings"]) == (2, 2, 2)


def test_too_few_for_an_outing_is_explained(case, tmp_path):
    (tmp_path / "case" / "venues.csv").write_text("venue_id,postcode,capacity\nL1,2750,3\n", "utf-8")
    done = ask("outing", case, "--at-least", "2", "--language", "en")
    assert done.returncode == 1
    assert "2 friendships are invited, and there is no day on which 2 of them can come." in done.stdout
    assert "Most can come Monday evening 2027-01-04 19:00-21:00, venue L1 with M1: 1 friendship can come;" in done.stdout
    assert "More can (2), but there is no room." in done.stdout
    assert rows_of(tmp_path / "out" / "outings.csv") == []
    assert load((tmp_path / "out" / "summary.json").read_text("utf-8"))["best"] == 1
    (tmp_path / "case" / "meetings.csv").unlink()
    (tmp_path / "case" / "venues.csv").unlink()
    assert "Intet sted er ledigt, når en matcher kan." in ask("outing", case).stdout
    (tmp_path / "case" / "matchers.csv").unlink()
    assert "Ingen matcher, der følger alle de inviteredes programmer" in ask("outing", case).stdout
