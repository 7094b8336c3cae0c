"""A 4-ary heap in two arrays, keys and nodes; a node may lie in it several times."""

from __future__ import annotations

from matcher.compiling import light

ARITY = 4


@light
def push(heap, size, key, node):  # type: ignore[no-untyped-def]
    """Add a node to the heap of ``size`` entries."""
    keys, nodes = heap
    here = size
    while here:
        above = (here - 1) // ARITY
        if keys[above] <= key:
            break
        keys[here], nodes[here] = keys[above], nodes[above]
        here = above
    keys[here], nodes[here] = key, node


@light
def drop_top(heap, size):  # type: ignore[no-untyped-def]
    """Take the top, a smallest key, off the heap, which has ``size`` entries afterwards."""
    keys, nodes = heap
    key, here, child = keys[size], 0, 1
    while child < size:
        least = child
        for other in range(child + 1, min(child + ARITY, size)):
            if keys[other] < keys[least]:
                least = other
        if keys[least] >= key:
            break
        keys[here], nodes[here] = keys[least], nodes[least]
        here, child = least, ARITY * least + 1
    keys[here], nodes[here] = key, nodes[size]
