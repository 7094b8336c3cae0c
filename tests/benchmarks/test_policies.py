"""The table of policies is made of what the engine says of them."""

from __future__ import annotations

from benchmarks import policies
from scenarios.stream.settings import POLICIES


def test_the_table_has_every_policy_below_what_nobody_exceeds(monkeypatch):
    monkeypatch.setattr(policies, "YEARS", 1)
    monkeypatch.setattr(policies, "NEWCOMERS", (50.0,))
    table = policies.table(2, sure=True)
    assert [row[0] for row in table.rows] == [*POLICIES, policies.UNFORESEEN]
    shares = [float(row[1].partition(" ")[0]) for row in table.rows]
    assert max(shares[:-1]) < shares[-1] < 1.0
