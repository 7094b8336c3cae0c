"""The benchmark's contestants find the same pairs and points; nothing is timed here that a test would judge."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import scoring
from benchmarks.peers import numpy_best, ours
from benchmarks.peers.instance import instance
from benchmarks.tools.section import Section


def test_contestants_agree_and_the_section_travels_as_json():
    found = scoring.scored(30, turns=1)
    assert 0 < found.share < 1
    names = {name.split(" (")[0] for name in found.seconds}
    assert names == {scoring.LOOP, scoring.DOOR, scoring.MASK, scoring.WRITING, *scoring.PEERS}
    section = scoring.section([found])
    assert Section.of_json(section.json()) == section


def test_a_contestant_that_errs_is_refused(monkeypatch):
    def one_point_more(given, *, rows):
        call = numpy_best.prepare(given, rows=rows)

        def wrong():
            child, volunteer, points = call()
            return child, volunteer, points + 1

        return wrong

    monkeypatch.setattr(scoring, "PEERS", {"wrong": (one_point_more, (30,))})
    with pytest.raises(ValueError, match="wrong finds other pairs or points"):
        scoring.scored(30, turns=1)


def test_everybody_passes_the_rules_about_one_person():
    given = instance(30, seed=2)
    assert given.pairs == 900
    child, volunteer, _ = ours.door(given)()
    assert np.array_equal(np.lexsort((volunteer, child)), np.arange(len(child)))
