"""How good is a policy? Its gain as a share of what hindsight would have gained, over replications of the same world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from scenarios.stream.bands import Band, band
from scenarios.stream.foresight import bound_unforeseen
from scenarios.stream.hindsight import gained, hindsight, known_stream, with_sure_answers
from scenarios.stream.prices import bid_prices
from scenarios.stream.rates import rates_of
from scenarios.stream.run import simulate
from scenarios.stream.settings import POLICIES

if TYPE_CHECKING:
    from scenarios.stream.prepare import Prepared
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A policy beside hindsight: the share of the bound, the friendships a replication, and the bound itself in score points."""

    share: Band
    friendships: Band
    bound: Band


def shares_of_hindsight(
    world: World, years: float, replications: int, seed: int, *, sure: bool, policies: Sequence[str] = POLICIES
) -> dict[str, Share]:
    """Each policy's share of the hindsight optimum, with its band.

    The share is the quotient of the means; its band is that of the residuals (the delta method).

    Parameters
    ----------
    sure
        Whether every offer is accepted and counts its expected value, so that the optimum is reached by who knows all; else
        the bound is one that no policy reaches (``scenarios.stream.hindsight``).
    """
    known = known_stream(world, years, sure=sure)
    bounds = np.array([hindsight(known, seed, replication).bound for replication in range(replications)])
    found = {}
    for policy in policies:
        ready = under(known, policy, sure=sure)
        if policy == "prices":
            ready = replace(ready, prices=bid_prices(ready))
        histories = [simulate(ready, seed, replication) for replication in range(replications)]
        gains = np.array([gained(ready, history) for history in histories])
        begun = [float(history.bonds.count[0]) - history.before for history in histories]
        found[policy] = Share(share=_share(gains, bounds), friendships=band(begun), bound=band(bounds.tolist()))
    return found


def share_without_foresight(world: World, years: float, replications: int, seed: int, *, sure: bool) -> Band:
    """The share of hindsight that no policy exceeds which does not know how long people stay (``scenarios.stream.foresight``)."""
    known = known_stream(world, years, sure=sure)
    prices = bid_prices(under(known, "prices", sure=sure))
    bounds = [hindsight(known, seed, replication).bound for replication in range(replications)]
    less = [bound_unforeseen(known, prices, seed, replication) for replication in range(replications)]
    return _share(np.array(less), np.array(bounds))


def _share(some: FloatArray, of: FloatArray) -> Band:
    """The quotient of the means, with the band of the residuals."""
    share = some.sum() / of.sum()
    return band((share + (some - share * of) / of.mean()).tolist())


def under(known: Prepared, policy: str, *, sure: bool) -> Prepared:
    """The same stream under another policy."""
    world = replace(known.world, stream=known.world.stream.with_values({"policy": policy}))
    rates = rates_of(world, known.weeks, known.rates.valid_days, unlimited=True)
    return replace(known, world=world, rates=with_sure_answers(rates) if sure else rates)
