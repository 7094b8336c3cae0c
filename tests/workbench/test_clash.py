"""No answer, explained, as a person and a program read it: exit 1, in both languages, and the ways out really are ways."""

from __future__ import annotations

import csv

import pytest

from tests.workbench.desk import ask, child, load, rows_of, volunteer, write_case, write_rows


def lock(child_id, volunteer_id):
    return {"child_id": child_id, "volunteer_id": volunteer_id, "kind": "lock", "by": "M1"}


@pytest.fixture
def case(tmp_path):
    children = [
        child(child_id=f"B{n}", matcher_id="M1", gender="girl" if n == 4 else "boy", wants_gender="any") for n in range(1, 5)
    ]
    volunteers = [volunteer(volunteer_id=f"V{n}", wants_gender="any") for n in range(1, 4)]
    return write_case(tmp_path / "case", children, volunteers, matchers=[{"matcher_id": "M1", "postcode": "2750"}])


def said(done):
    """The lines from the clash on; before them it is told how many warnings the case has."""
    lines = done.stderr.splitlines()
    return lines[next(at for at, line in enumerate(lines) if line.endswith(":")) :]


def test_two_locks_on_one_place(case, tmp_path):
    write_rows(case / "decisions.csv", [lock("B1", "V1"), lock("B3", "V1"), lock("B2", "V2")])
    done = ask("assign", case, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert said(done) == [
        "Disse krav kan ikke alle opfyldes:",
        "  B1 er låst til V1 (af M1).",
        "  B3 er låst til V1 (af M1).",
        "  V1 har kun 1 ledig plads.",
        "Det kan løses på en af disse måder, de mindste ændringer først:",
        "  ophæv låsen af B1 til V1",
        "  ophæv låsen af B3 til V1",
        "  giv V1 1 plads mere",
    ]
    assert not (tmp_path / "out").exists()


def test_a_child_with_two_volunteers_in_english(case):
    write_rows(case / "decisions.csv", [lock("B1", "V1"), lock("B1", "V2")])
    done = ask("assign", case, "--language", "en")
    assert done.returncode == 1
    assert said(done) == [
        "These demands cannot all be met:",
        "  B1 is locked to V1 (by M1).",
        "  B1 is locked to V2 (by M1).",
        "  B1 can have only 1 volunteer.",
        "Any one of these solves it, the smallest changes first:",
        "  remove the lock of B1 to V1",
        "  remove the lock of B1 to V2",
    ]


def test_a_quota_beyond_the_volunteers(case):
    write_rows(case / "quotas.csv", [{"dimension": "gender", "value": "boy", "at_least": "5"}])
    done = ask("assign", case)
    assert done.returncode == 1
    assert "kræver mindst 5 match, men med de frivillige, der er, kan der højst blive 3 match." in done.stderr
    assert "fra mindst 5 til mindst 3" in done.stderr


def test_the_data_say_the_same(case):
    """A quota and a matcher's limit, with a clash of locks behind them: no single change is enough."""
    write_rows(case / "matchers.csv", [{"matcher_id": "M1", "postcode": "2750", "max_new_friendships": "2"}])
    write_rows(case / "quotas.csv", [{"dimension": "programme", "value": "voksenven", "at_least": "3"}])
    write_rows(case / "decisions.csv", [lock("B1", "V1"), lock("B2", "V1")])
    for language in ("da", "en"):
        done = ask("assign", case, "--format", "json", "--language", language)
        assert done.returncode == 1
        data = load(done.stdout)
        assert data["error"]["exit"] == 1
        assert [one["code"] for one in data["clashing"]] == ["lock", "lock", "places"]
        first = data["ways_out"][0]
        assert first["everything_possible"]
        assert [one["code"] for one in first["changes"]] == ["lock", "quota_least"]
        assert all(one["message"] for one in data["clashing"])
        halfway = [way for way in data["ways_out"] if not way["everything_possible"]]
        assert {one["code"] for one in halfway[0]["still_clashing"]} == {"quota_least", "matcher_most"}
        assert first["message"] in data["error"]["message"]


CHANGED = {
    "quota_least": ("quotas", "at_least"),
    "quota_most": ("quotas", "at_most"),
    "matcher_most": ("matchers", "max_new_friendships"),
}


def follow(case, changes):
    """Make the changes in the case's own files."""
    for one in changes:
        if one["code"] == "lock":
            rows = [
                row
                for row in rows_of(case / "decisions.csv")
                if (row["child_id"], row["volunteer_id"]) != (one["child"], one["volunteer"])
            ]
            write_table(case / "decisions.csv", rows)
        elif one["code"] == "places":
            rows = rows_of(case / "volunteers.csv")
            write_rows(
                case / "volunteers.csv",
                [{**r, "capacity": one["becomes"] if r["volunteer_id"] == one["volunteer"] else "1"} for r in rows],
            )
        else:
            table, column = CHANGED[one["code"]]
            rows = rows_of(case / f"{table}.csv")
            write_rows(
                case / f"{table}.csv", [{**row, column: one["becomes"]} if row.get(column) == one["was"] else row for row in rows]
            )


def write_table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["child_id", "volunteer_id", "kind", "by"])
        writer.writeheader()
        writer.writerows(rows)


def test_whoever_follows_a_way_out_gets_a_plan(case, tmp_path):
    write_rows(case / "matchers.csv", [{"matcher_id": "M1", "postcode": "2750", "max_new_friendships": "2"}])
    write_rows(case / "quotas.csv", [{"dimension": "gender", "value": "boy", "at_least": "3"}])
    write_rows(case / "decisions.csv", [lock("B4", "V1"), lock("B2", "V3")])
    files = {path: path.read_bytes() for path in case.iterdir()}
    ways = load(ask("assign", case, "--format", "json").stdout)["ways_out"]
    followed = [way for way in ways if way["everything_possible"]]
    assert followed
    for way in ways:
        follow(case, way["changes"])
        assert ask("assign", case, "--out", tmp_path / "out").returncode == (0 if way["everything_possible"] else 1), way
        for path, content in files.items():
            path.write_bytes(content)


def test_many_ways_are_cut_for_a_person_only(case):
    children = [child(child_id=f"B{n}", matcher_id="M1") for n in range(1, 10)]
    volunteers = [volunteer(volunteer_id=f"V{n}") for n in range(1, 10)]
    limit = [{"matcher_id": "M1", "postcode": "2750", "max_new_friendships": "8"}]
    locks = [lock(f"B{n}", f"V{n}") for n in range(1, 10)]
    write_case(case, children, volunteers, matchers=limit, decisions=locks)
    done = ask("assign", case)
    assert done.stderr.splitlines()[-1] == "  … og 4 andre muligheder (se dem alle med --format json)"
    assert len(load(ask("assign", case, "--format", "json").stdout)["ways_out"]) == 10
