"""pandas: a cross join of some children with all volunteers, masks, then points for the rows that are left.

Only the columns that rules ask for are joined; what criteria ask for is fetched by index for the rows that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.peers import expressions
from benchmarks.peers.expressions import CHILD_ASKED, CHILD_SCORED, VOLUNTEER_ASKED, VOLUNTEER_SCORED, Words
from benchmarks.peers.instance import in_few_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.instance import Instance, Pairs

WORDS = Words(
    choose=np.where,
    bits=np.bitwise_count,
    root=np.sqrt,
    smaller=np.minimum,
    larger=np.maximum,
    blank=np.isnan,
    fill=lambda column, otherwise: column.fillna(otherwise),
    whole=lambda value: np.floor(value).astype(np.int64),
)


def prepare(given: Instance, *, rows: int) -> Callable[[], Pairs]:
    """Return the call that finds and scores all pairs, ``rows`` children at a time."""
    children, volunteers = pd.DataFrame(in_few_bytes(given.children)), pd.DataFrame(in_few_bytes(given.volunteers))
    some = children[list(CHILD_ASKED)].assign(child=np.arange(len(children)))
    everybody = volunteers[list(VOLUNTEER_ASKED)].assign(volunteer=np.arange(len(volunteers)))
    children, volunteers = children[list(CHILD_SCORED)], volunteers[list(VOLUNTEER_SCORED)]
    settings, caps = given.all_settings(), given.caps

    def block(start: int) -> pd.DataFrame:
        crossed = some.iloc[start : start + rows].merge(everybody, how="cross")
        left = crossed[np.logical_and.reduce(expressions.rules(crossed.__getitem__, WORDS, settings))]
        far = expressions.minutes(left.__getitem__, WORDS)
        longest = expressions.limit(left.__getitem__, WORDS, settings)
        pairs = left[["child", "volunteer"]].assign(far=far, longest=longest)[far <= longest]
        facts = pd.concat(
            [
                pairs.reset_index(drop=True),
                children.iloc[pairs["child"]].reset_index(drop=True),
                volunteers.iloc[pairs["volunteer"]].reset_index(drop=True),
            ],
            axis="columns",
        )
        points = expressions.points(facts.__getitem__, WORDS, settings, caps)
        return pd.DataFrame({"child": facts["child"], "volunteer": facts["volunteer"], "points": points})

    def call() -> Pairs:
        found = pd.concat([block(start) for start in range(0, len(children), rows)])
        child, volunteer, points = (found[name].to_numpy() for name in ("child", "volunteer", "points"))
        return child, volunteer, points

    return call
