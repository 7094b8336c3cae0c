"""When to match: what each policy gains of what hindsight would have gained, beside what nobody exceeds without foresight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peers.whatif_runs import SEED, world_of
from benchmarks.tools.figures import short
from benchmarks.tools.section import Section, Table
from scenarios.stream.policies import share_without_foresight, shares_of_hindsight

if TYPE_CHECKING:
    from scenarios.stream.bands import Band

CHILDREN, VOLUNTEERS, FRIENDSHIPS, YEARS = 70, 25, 200, 3
NEWCOMERS = (50.0, 20.0)
"""Volunteers who come a year: the region's own, and where they are scarce."""
REPLICATIONS, QUICK = 60, 8
UNFORESEEN = "nobody without foresight of leaving exceeds"
TEXT = (
    f"{YEARS} years of a fictional region: {CHILDREN} children wait and {VOLUNTEERS} volunteers are free on the first day; hours "
    "have no end, and nobody comes back, so that only the choice counts. Gains in score points, as a share of the hindsight "
    "optimum, which knows who comes, who leaves and when; in brackets 95 % bands of the quotient of the means.",
    "- *Sure*: everybody says yes, and a pair counts what it is expected to gain; the optimum is reached by whoever knows all. "
    "*Unsure*: people say yes or no, and the bound is one that no policy reaches.\n"
    f"- *{UNFORESEEN}*: a bound on every policy that does not know how long people stay, even if it knows who will come "
    "(information relaxation with a penalty; `scenarios/stream/foresight.py`).",
)


def measure(*, quick: bool = False) -> Section:
    """Measure the shares; ``quick``: over few replications."""
    number = QUICK if quick else REPLICATIONS
    return Section(
        title="When to match",
        text=(*TEXT, f"{number} replications, seed {SEED}."),
        tables=tuple(table(number, sure=sure) for sure in (True, False)),
    )


def table(number: int, *, sure: bool) -> Table:
    """Each policy's share and friendships, by how many volunteers come."""
    worlds = [world_of(CHILDREN, VOLUNTEERS, FRIENDSHIPS, volunteers_per_year=each) for each in NEWCOMERS]
    found = [shares_of_hindsight(world, YEARS, number, SEED, sure=sure) for world in worlds]
    most = [share_without_foresight(world, YEARS, number, SEED, sure=sure) for world in worlds]
    rows = [
        (name, *(cell for one in found for cell in (in_words(one[name].share), short(one[name].friendships.value))))
        for name in found[0]
    ]
    heading = ["policy", *(f"{each:.0f} volunteers a year: {what}" for each in NEWCOMERS for what in ("share", "friendships"))]
    last = (UNFORESEEN, *(cell for one in most for cell in (in_words(one), "")))
    return Table(caption="sure" if sure else "unsure", heading=tuple(heading), rows=(*rows, last))


def in_words(share: Band) -> str:
    """A share with its band."""
    return f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}]"
