"""The rules' page is made from the code, and the one in docs is today's."""

from __future__ import annotations

from pathlib import Path

import pytest

from constraints.handbook import handbook
from constraints.policy import load_policy
from tests.constraints.asking import BOOK

POLICY = load_policy()
DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_docs_is_current() -> None:
    assert (DOCS / "rules.md").read_text("utf-8") == handbook(BOOK, POLICY), "make docs/rules.md anew"


@pytest.mark.parametrize(
    ("language", "heading", "other"), [("da", "Hårde regler", "Hard rules"), ("en", "Hard rules", "Hårde regler")]
)
def test_a_page_in_one_language(language: str, heading: str, other: str) -> None:
    page = handbook(BOOK, POLICY, (language,))
    assert f"## {heading}\n" in page
    assert other not in page


def test_it_says_everything_of_a_rule() -> None:
    page = handbook(BOOK, POLICY, ("en",))
    section = page.partition("### Child certificate: `child_certificate`")[2].partition("###")[0]
    for said in (
        "børneattest",
        "the volunteer",
        "Locked: yes",
        "nobody",
        "bestyrelsen",
        "`child_certificate.max_months` = 24",
        "højst {max_months}",
    ):
        assert said in section
    assert "volunteer_child_certificate_months = 25: does not hold" in section
    assert all(f"`{f.key}`" in page for f in (*BOOK.eligibility, *BOOK.criteria))


def test_codes_and_blanks_are_shown_in_words() -> None:
    page = handbook(BOOK, POLICY, ("en",))
    assert "child_programme = voksenven; volunteer_programmes = voksenven, familieven: holds" in page
    assert "minutes = –; child_max_minutes = 60; volunteer_max_minutes = 60: does not hold" in page
    assert "child_slots = mon_morning, mon_afternoon; volunteer_slots = mon_afternoon, mon_evening: earns 0.333" in page
    assert "nan" not in page
