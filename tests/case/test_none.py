"""The word for none: a blank in a list, but for pets a fact of its own; a CPR number is found in cells of no column too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.case import read_case, write_case
from matcher.errors import CaseError

HEADING = "child_id,programme,birth_date,gender,postcode,registered_on,allergies,likes"
CHILD = HEADING + "\nB1,voksenven,2018-01-01,boy,2750,2026-01-01,{0},{0}\n"
VOLUNTEER = "volunteer_id,programmes,birth_date,gender,postcode,pets\nV1,voksenven,1980-01-01,man,2750,{0}\n"
TODAY = date(2027, 1, 1)


def write(folder: Path, word: str) -> Path:
    (folder / "children.csv").write_text(CHILD.format(word), "utf-8")
    (folder / "volunteers.csv").write_text(VOLUNTEER.format(word), "utf-8")
    return folder


@pytest.mark.parametrize("word", ["none", "Ingen", " INGENTING "])
def test_none_is_blank_but_for_pets(tmp_path: Path, word: str) -> None:
    case, findings = read_case(write(tmp_path, word), today=TODAY)
    assert (case.children[0].allergies, case.children[0].likes, case.volunteers[0].pets) == ((), (), ("none",))
    assert findings == ()


def test_no_pets_are_written_in_danish_and_read_back(tmp_path: Path) -> None:
    case, _ = read_case(write(tmp_path, "none"), today=TODAY)
    write_case(case, tmp_path / "sag.xlsx", language="da")
    assert read_case(tmp_path / "sag.xlsx", today=TODAY)[0] == case


def test_cpr_number_beyond_the_heading(tmp_path: Path) -> None:
    write(tmp_path, "none")
    with (tmp_path / "children.csv").open("a", encoding="utf-8") as file:
        file.write("B2,voksenven,2018-01-01,boy,2750,2026-01-01,,,,010190-1234\n")
    with pytest.raises(CaseError) as refused:
        read_case(tmp_path, today=TODAY)
    assert ("cpr_number", 3) in {(f.code, f.row) for f in refused.value.findings}
