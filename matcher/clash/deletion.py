"""A smallest set of demands that cannot hold together, found by deletion and confirmed twice.

Irreducible: without any one of them there is a plan for the others [1]_. Of the many such sets the one is looked for that a
matcher understands at once and can act on: first a quota that cannot be met whatever else is decided; then what
locks, places and upper limits exceed by mere counting; then quotas and limits that clash whatever is locked; then all
together. A lock is named only where the clash needs it, and of equal ones the smallest ids are.

.. [1] J. W. Chinneck, Feasibility and Infeasibility in Optimization, 2008, section 6.2 (the deletion filter); halves
   at a time as in U. Junker, QuickXplain, AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from matcher.clash.demands import FACTS, Demand, Ground
from matcher.clash.plans import plan_of, refuted
from matcher.errors import CertificateError

Demands: TypeAlias = tuple[Demand, ...]


def irreducible(ground: Ground, demands: Demands) -> Demands:
    """An irreducible clash among ``demands``, in their order; none where they can all hold.

    Raises
    ------
    CertificateError
        The second opinion, or a plan without one of its demands, does not confirm the clash.
    """
    if plan_of(ground, demands) is not None:
        return ()
    part = next(part for part in _parts(demands) if part == demands or plan_of(ground, part) is None)
    clash = tuple(sorted(_needed(ground, (), part[::-1]), key=lambda one: one.order))
    _confirm(ground, clash)
    ground.known.append(clash)
    return clash


def _parts(demands: Demands) -> Iterator[Demands]:
    """Where a clash is looked for, the plainest first."""
    facts = tuple(one for one in demands if one.code in FACTS)
    for one in demands:
        if one.code == "quota_least":
            yield (one, *facts)
    yield tuple(one for one in demands if one.code != "quota_least")
    yield tuple(one for one in demands if one.code != "lock")
    yield demands


def _needed(ground: Ground, kept: Demands, group: Demands) -> Demands:
    """Those of ``group`` that a clash with all of ``kept`` needs; the first are given up first. Together they must clash."""
    if plan_of(ground, kept) is None:
        return ()
    if len(group) == 1:
        return group
    first, last = group[: len(group) // 2], group[len(group) // 2 :]
    of_first = _needed(ground, kept + last, first)
    return of_first + _needed(ground, kept + of_first, last)


def _confirm(ground: Ground, clash: Demands) -> None:
    """Ask again whether the clash is one, and whether all of it is needed."""
    if not refuted(ground, clash):
        raise CertificateError(["the second opinion finds a plan where the first found none"])
    for one in clash:
        if plan_of(ground, without(clash, one)) is None:
            raise CertificateError([f"the clash does not need {one.code} {dict(one.facts)}"])


def without(demands: Sequence[Demand], *those: Demand) -> Demands:
    """The demands but some of them."""
    return tuple(one for one in demands if one not in those)


def changed(demands: Sequence[Demand], old: Demand, new: Demand | None) -> Demands:
    """The demands with one in another's place; None for none."""
    return tuple(one for here in demands if (one := new if here is old else here) is not None)
