"""What the words of ``matcher.bodies`` mean to numba; importing it registers them. The table there is the promise kept here."""

# numba reads these signatures as types, not values, and compiles what they return.
# ruff: noqa: ARG001, PLW0108
# mypy: disable-error-code="no-untyped-def, misc, no-untyped-call, call-arg, operator"
from __future__ import annotations

import math

import numpy as np
from numba import njit
from numba.core import types
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.extending import intrinsic, overload, register_jitable

from matcher import bodies


@intrinsic
def _popcount(typingctx, word):
    """One machine instruction where the processor has it; vectorised where it does not."""

    def codegen(context, builder, signature, args):
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), codegen


@overload(bodies.choose, inline="never")
def _choose(condition, yes, no):
    return lambda condition, yes, no: yes if condition else no


@overload(bodies.root)
def _root(value):
    return lambda value: math.sqrt(value)


@overload(bodies.both)
def _both(a, b):
    if isinstance(a, types.BaseTuple):

        def of_sets(a, b):
            found = a
            for k in range(len(a)):
                found = tuple_setitem(found, k, a[k] & b[k])
            return found

        return of_sets
    return lambda a, b: a & b


@overload(bodies.count)
def _count(a):
    if isinstance(a, types.BaseTuple):

        def of_set(a):
            total = 0
            for word in a:
                total += types.int64(_popcount(word))
            return total

        return of_set
    return lambda a: types.int64(_popcount(a))


for _name in ("known", "blank", "given", "by_programme", "least", "most", "clip01", "weighed"):
    register_jitable(getattr(bodies, _name))


@njit(error_model="numpy")
def widened(values, used, room):
    """A longer array with the same first ``used`` values."""
    wider = np.empty(room, values.dtype)
    wider[:used] = values[:used]
    return wider
