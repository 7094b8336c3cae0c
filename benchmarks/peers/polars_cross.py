"""polars: lazy queries, each a cross join of some children with all volunteers, filtered by the rules.

Only the columns that rules ask for are joined; what criteria ask for is fetched by index for the rows that are left. The
rows come in any order, as polars likes; its in-memory engine is three times as fast here as its streaming one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.peers import expressions
from benchmarks.peers.expressions import CHILD_ASKED, CHILD_SCORED, VOLUNTEER_ASKED, VOLUNTEER_SCORED, Words
from benchmarks.peers.instance import in_few_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.instance import Columns, Instance, Pairs


def _expression(value: Any) -> pl.Expr:  # noqa: ANN401  a number or an expression
    return value if isinstance(value, pl.Expr) else pl.lit(value)


WORDS = Words(
    choose=lambda condition, yes, no: pl.when(condition).then(_expression(yes)).otherwise(_expression(no)),
    bits=lambda words: words.bitwise_count_ones(),
    root=lambda value: value.sqrt(),
    smaller=lambda a, b: pl.min_horizontal(_expression(a), _expression(b)),
    larger=lambda a, b: pl.max_horizontal(_expression(a), _expression(b)),
    blank=lambda column: column.is_null(),
    fill=lambda column, otherwise: column.fill_null(otherwise),
    whole=lambda value: value.floor().cast(pl.Int64),
)


def prepare(given: Instance, *, rows: int) -> Callable[[], Pairs]:
    """Return the call that finds and scores all pairs, ``rows`` children a query."""
    children, volunteers = _frame(given.children), _frame(given.volunteers)
    some = children.select(CHILD_ASKED).with_row_index("child").lazy()
    everybody = volunteers.select(VOLUNTEER_ASKED).with_row_index("volunteer").lazy()
    children, volunteers = children.select(CHILD_SCORED), volunteers.select(VOLUNTEER_SCORED)
    settings = given.all_settings()
    cheap = expressions.rules(pl.col, WORDS, settings)
    travel = {"far": expressions.minutes(pl.col, WORDS), "longest": expressions.limit(pl.col, WORDS, settings)}
    score = expressions.points(pl.col, WORDS, settings, given.caps).alias("points")

    def block(start: int) -> pl.DataFrame:
        crossed = some.slice(start, rows).join(everybody, how="cross").filter(*cheap)
        near = crossed.with_columns(**travel).filter(pl.col("far") <= pl.col("longest"))
        pairs = near.select("child", "volunteer", "far", "longest").collect(engine="in-memory")
        facts = pl.concat([pairs, children[pairs["child"]], volunteers[pairs["volunteer"]]], how="horizontal")
        return facts.select("child", "volunteer", score)

    def call() -> Pairs:
        found = pl.concat([block(start) for start in range(0, len(children), rows)])
        child, volunteer, points = (found[name].to_numpy() for name in ("child", "volunteer", "points"))
        return child, volunteer, points

    return call


def _frame(columns: Columns) -> pl.DataFrame:
    return pl.DataFrame(in_few_bytes(columns)).with_columns(pl.col(pl.Float64).fill_nan(None))
