"""The stream and the same written with SimPy say the same; no test judges a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import count

import numpy as np
import pytest

from benchmarks import whatif
from benchmarks.peers import whatif_runs
from benchmarks.peers.whatif_facts import Facts
from benchmarks.peers.whatif_runs import Beside, world_of
from benchmarks.tools import page
from benchmarks.tools.section import Section
from scenarios.stream.bands import band
from scenarios.stream.prepare import Prepared, prepared
from tests.volume import volume

BENCH_ONLY = "in the benchmarks' own environment only"
REPLICATIONS = volume(ci=40, long=600)
FAR = 4.0
"""Standard errors: of nine metrics, one in 1,700 runs is further apart by chance."""


@cache
def small() -> Prepared:
    return prepared(world_of(25, 12, 15, newcomers=120, children_per_year=20, volunteers_per_year=16), 2.0)


def furthest(agreed: dict[str, tuple[whatif.Band, whatif.Band]]) -> float:
    return max(abs(whatif.apart(*pair)) for pair in agreed.values())


def test_both_say_the_same():
    pytest.importorskip("simpy", reason=BENCH_ONLY)
    assert furthest(whatif.agreement(small(), REPLICATIONS)) < FAR


@pytest.mark.parametrize("wrong", ["gate", "budget", "variance"])
def test_a_stream_of_other_figures_says_something_else(wrong):
    pytest.importorskip("simpy", reason=BENCH_ONLY)
    facts = Facts.of(small())
    other = {"gate": facts.gate**2, "budget": [0.1 * hours for hours in facts.budget], "variance": 50.0 * facts.variance}
    assert furthest(whatif.agreement(small(), 25, replace(facts, **{wrong: other[wrong]}))) > FAR


def test_everybody_is_somewhere_and_nobody_twice():
    pytest.importorskip("simpy", reason=BENCH_ONLY)
    from benchmarks.peers.whatif_simpy import Branch  # noqa: PLC0415

    for seed in range(5):
        branch = Branch(Facts.of(small()), seed).run()
        pairs = [(id(bond.child), id(bond.volunteer)) for bond in branch.bonds]
        assert len(set(pairs)) == len(pairs) > 15
        now = [bond.child for bond in branch.together]
        assert len(set(map(id, now))) == len(now)
        assert not set(map(id, now)) & set(map(id, branch.waiting))
        assert all(bond.volunteer.friends <= bond.volunteer.capacity for bond in branch.together if bond.new)
        assert all(child.friends == 0 and child.visited and not child.gone for child in branch.waiting)


def test_what_is_worked_out_twice_is_the_same():
    ready, facts = small(), Facts.of(small())
    np.testing.assert_allclose(facts.gate, ready.rates.gate, rtol=1e-12)
    np.testing.assert_allclose(facts.budget, ready.rates.budget)
    days = np.arange(0, 4_000, 7)
    np.testing.assert_allclose([facts.lasting.summed(day) for day in days], ready.rates.hazard[days], rtol=1e-12)
    assert [facts.lasting.age_at(facts.lasting.summed(day)) for day in days.tolist()] == pytest.approx(days.tolist())
    week = np.mean([facts.arrivals(52.0, day) for day in np.arange(0.0, 7.0 * 52)])
    assert week == pytest.approx(1.0 / 7.0, rel=0.02)
    np.testing.assert_allclose([first for first, _ in facts.child], ready.children.birthday, atol=1.5)
    np.testing.assert_allclose(facts.grown, ready.grown, atol=2.0)


def test_two_processes_find_what_one_finds_and_a_difference_is_refused(monkeypatch):
    found = whatif.at_once(small().world, 2)
    assert min(*found.clock, *found.cpu) > 0.0
    calls = count()
    monkeypatch.setattr(whatif_runs, "timed", lambda _: ([{("friendships", ""): float(next(calls))}], 0.1))
    with pytest.raises(ValueError, match="other results"):
        whatif.at_once(small().world, 1)


def test_a_tiny_section_is_drawn_and_travels_as_json():
    beside = Beside(clock=(4.0, 2.5, 2.0), cpu=(4.0, 4.4, 4.4))
    seconds = {whatif.ALL: 0.01, whatif.LOOP: 0.005}
    sizes = [whatif.Sized(factor=k, people=100 * k, ready=0.1, seconds=seconds) for k in (1, 2)]
    again = [whatif.made_again((20, 15), "one volunteer stops")]
    alone = whatif.section(whatif.QUICK, sizes, {}, beside, again)
    assert Section.of_json(alone.json()) == alone
    assert "SimPy is left out" in page.in_words(alone)
    one, other = band([1.0, 2.0, 3.0]), band([1.5, 2.5, 3.0])
    timed = [replace(size, seconds={**size.seconds, whatif.SIMPY: 0.25}) for size in sizes]
    both = whatif.section(whatif.QUICK, timed, {"friendships": (one, other)}, beside, again)
    words = page.in_words(both)
    assert "| CPU of SimPy's | 0.04 | <= 0.05 | reached |" in words.replace("1 x region: ", "")
    assert "| 0.80 |" in words
