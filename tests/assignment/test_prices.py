"""The proof from the prices: it accepts best plans only, and says what a place is worth."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from matcher.assignment import certify, solve
from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import prices_of
from matcher.errors import CertificateError
from tests.assignment.brute import random_pairs, random_region
from tests.volume import volume


def test_proof_accepts_every_best_plan_and_refuses_every_plan_one_pair_worse() -> None:
    spent = []
    for seed in range(volume(ci=40, long=1_000)):
        pairs = random_region(seed, 300, 300, 0.1, n_groups=seed % 3)
        solved = solve(pairs, np.arange(300))
        network = build(pairs, solved.fixed)
        started = time.process_time()
        prices = prices_of(pairs, solved.fixed, network, plan_flow(pairs, solved.chosen))
        assert certify(pairs, solved.chosen, solved.fixed, prices) == solved.total
        spent.append(time.process_time() - started)
        worse = solved.chosen.copy()
        worse[np.flatnonzero(worse)[seed % solved.matched]] = False
        with pytest.raises(CertificateError, match="not the plan's value"):
            certify(pairs, worse, solved.fixed, prices)
        with pytest.raises(CertificateError, match="can be improved"):
            prices_of(pairs, solved.fixed, network, plan_flow(pairs, worse))
    assert np.median(spent) < 0.1


def test_proof_refuses_a_plan_with_two_partners_exchanged() -> None:
    refused = 0
    for seed in range(volume(ci=40, long=1_000)):
        pairs = random_region(seed, 30, 30, 1.0)
        solved = solve(pairs, np.arange(30))
        one, two = np.random.default_rng(seed).permutation(30)[:2]
        swapped = solved.chosen.copy()
        at = [int(np.flatnonzero(solved.chosen & (pairs.left == i))[0]) for i in (one, two)]
        new = [int(i * 30 + pairs.right[p]) for i, p in zip((one, two), reversed(at), strict=True)]
        swapped[at], swapped[new] = False, True
        if pairs.points[swapped].sum() < solved.total:
            refused += 1
            with pytest.raises(CertificateError):
                certify(pairs, swapped, solved.fixed, solved.prices)
    assert refused > 30


def test_proof_refuses_prices_that_prove_nothing() -> None:
    pairs = random_region(1, 30, 30, 0.3, n_groups=2)
    solved = solve(pairs, np.arange(30))
    prices, none = solved.prices, np.zeros(pairs.n_pairs, dtype=np.bool_)
    for broken in (
        replace(prices, right=prices.right + 1),
        replace(prices, left=prices.left * 0),
        replace(prices, right=prices.right // 2),
        replace(prices, left=-prices.left),
    ):
        with pytest.raises(CertificateError):
            certify(pairs, solved.chosen, none, broken)
    over = np.ones(pairs.n_pairs, dtype=np.bool_)
    with pytest.raises(CertificateError, match="exceeds a capacity"):
        certify(pairs, over, none, prices)
    fixed = none.copy()
    fixed[np.flatnonzero(~solved.chosen)[0]] = True
    with pytest.raises(CertificateError, match="leaves out a fixed pair"):
        certify(pairs, solved.chosen, fixed, prices)


def test_prices_cover_every_pair_and_say_what_a_place_is_worth() -> None:
    for case in range(volume(ci=1_000, long=30_000)):
        pairs = random_pairs(np.random.default_rng(case), single=True)
        solved = solve(pairs, np.arange(pairs.n_left))
        prices = solved.prices
        worth = solved.matched * prices.match_weight + solved.total
        assert prices.slack(pairs).min(initial=0) == 0
        dual = prices.left.sum() + pairs.right_capacity @ prices.right + pairs.group_limit @ prices.group
        assert min(prices.left.min(initial=0), prices.right.min(initial=0), prices.group.min(initial=0)) == 0
        assert worth == dual
        for j in np.flatnonzero(pairs.right_capacity > 0):
            fewer = pairs.right_capacity.copy()
            fewer[j] -= 1
            rest = solve(replace(pairs, right_capacity=fewer), np.arange(pairs.n_left))
            assert worth - rest.matched * prices.match_weight - rest.total == prices.right[j], case
        for k in np.flatnonzero(pairs.group_limit > 0):
            more = pairs.group_limit.copy()
            more[k] += 1
            gain = solve(replace(pairs, group_limit=more), np.arange(pairs.n_left))
            assert gain.matched * prices.match_weight + gain.total - worth == prices.group[k], case
