"""The example's year in docs/calendar.md and its picture are what the program answers."""

from __future__ import annotations

import re
import runpy
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from matcher.case import read_case
from tests.volume import LONG

ROOT = Path(__file__).parents[1]
MADE: dict[str, Any] = runpy.run_path(str(ROOT / "docs/sources/make_calendar.py"))
PROOF = r"det er bevist, at det ikke kan komme under ([\d.]+)|bevist bedst muligt|hvor få det kunne blive, er (ikke) bevist"
LEVEL = re.compile(rf"  (\D+): ([\d.]+?)[;,.] ?(?:{PROOF})\.")


def shown() -> str:
    """The answer that the page shows."""
    found = MADE["SHOWN"].search(MADE["PAGE"].read_text("utf-8"))
    assert found is not None
    return str(found[2])


def levels(text: str) -> dict[str, tuple[int, int]]:
    """Value and bound of each level that the text names, in its order."""
    whole = lambda said: int(said.replace(".", ""))  # noqa: E731
    return {name: (whole(value), 0 if none else whole(bound or value)) for name, value, bound, none in LEVEL.findall(text)}


def test_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    said, _ = MADE["answered"](tmp_path, "--effort", "quick")
    assert len(levels(said)) == 5
    for ours, theirs in zip_longest(shown().splitlines(), said.splitlines(), fillvalue=""):
        if LEVEL.fullmatch(theirs) is None:
            assert ours == theirs
    assert [*levels(shown())] == [*levels(said)]
    assert [*levels(shown()).values()][:2] == [*levels(said).values()][:2]
    assert [value for value, _ in levels(shown()).values()] <= [value for value, _ in levels(said).values()]  # tried more


def test_picture_shows_as_many_meetings_as_the_page_says() -> None:
    drawn = re.findall(rf'<g id="({MADE["YEAR"]}\d\d\d\d-[^"]+)"', MADE["PICTURE"].read_text("utf-8"))
    said, _ = levels(shown())["Møder"]
    assert len({*drawn}) == len(drawn) == said


@pytest.mark.skipif(not LONG, reason="plans the year with all effort; the long run does")
def test_page_and_picture_are_what_their_script_makes(tmp_path: Path) -> None:
    said, plan = MADE["answered"](tmp_path)
    assert said == shown(), "run: python docs/sources/make_calendar.py"
    case, _ = read_case(ROOT / MADE["EXAMPLE"], today=date(MADE["YEAR"], 1, 1))
    assert MADE["picture"](case, plan) == MADE["PICTURE"].read_text("utf-8"), "run: python docs/sources/make_calendar.py"
