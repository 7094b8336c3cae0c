"""HiGHS through highspy: a plan as a linear program of one column a pair, with a row for each left, right and limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.tools.clock import Contestant

if TYPE_CHECKING:
    from collections.abc import Sequence

    import highspy

    from benchmarks.peers.markets import Int, Market

Rows = tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Of some rows: the row of each pair (-1: none), and each row's least and most."""


def program(market: Market, objective: Int, rows: Sequence[Rows], *, whole: bool) -> highspy.HighsLp:
    """The program that maximises ``objective``; every pair has one entry in each of ``rows``, or none."""
    import highspy  # noqa: PLC0415  only the benchmarks' own environment has it

    pairs = market.left.size
    first = np.cumsum([0, *(least.size for _, least, _ in rows)])
    at = np.stack([np.where(of >= 0, of + begin, -1) for (of, _, _), begin in zip(rows, first[:-1], strict=True)], axis=1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = pairs, int(first[-1])
    lp.col_cost_ = objective.astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(pairs), np.ones(pairs)
    lp.row_lower_ = np.concatenate([least for _, least, _ in rows])
    lp.row_upper_ = np.concatenate([most for _, _, most in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum((at >= 0).sum(axis=1))]).astype(np.int32)
    lp.a_matrix_.index_ = at[at >= 0].astype(np.int32)
    lp.a_matrix_.value_ = np.ones(int((at >= 0).sum()))
    lp.sense_ = highspy.ObjSense.kMaximize
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * pairs
    return lp


def at_most(of: npt.NDArray[np.int32], most: npt.ArrayLike, rows: int) -> Rows:
    """Rows without a least."""
    return of, np.zeros(rows), np.broadcast_to(np.asarray(most, dtype=np.float64), rows).copy()


def solver(lp: highspy.HighsLp) -> highspy.Highs:
    """A silent HiGHS with one thread that holds the program, and proves whole programs to the last point."""
    import highspy  # noqa: PLC0415  as above

    found: highspy.Highs = highspy.Highs()
    found.silent()
    found.setOptionValue("threads", 1)
    found.setOptionValue("mip_rel_gap", 0.0)
    found.setOptionValue("mip_abs_gap", 0.5)
    found.passModel(lp)
    return found


def taken(highs: highspy.Highs) -> npt.NDArray[np.bool_]:
    """The pairs of its solution.

    Raises
    ------
    ValueError
        There is no proved solution, or it is not whole.
    """
    if highs.getModelStatus().name != "kOptimal":
        raise ValueError(f"HiGHS: {highs.getModelStatus()}")
    x = np.array(highs.getSolution().col_value)
    if np.abs(x - np.rint(x)).max(initial=0.0) > 1e-5:
        raise ValueError("HiGHS: a pair is taken in part")
    return x > 0.5


def linear(market: Market) -> Contestant:
    """The linear program, ready; its corners are whole, so no more is needed."""
    rows = [at_most(market.left, 1, market.n_left), at_most(market.right, 1, market.n_right)]
    highs = solver(program(market, market.points + market.weight, rows, whole=False))

    def call() -> npt.NDArray[np.bool_]:
        highs.clearSolver()
        highs.run()
        return taken(highs)

    return Contestant(call, lambda found: market.value(market.left[found], market.right[found]))
