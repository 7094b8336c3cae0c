"""Strong components of a directed graph."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light


@compiled
def strong_components(start, end):  # type: ignore[no-untyped-def]
    """The component of every node, and how many there are; arcs of node x lead to ``end[start[x]:start[x + 1]]`` [1]_.

    .. [1] R. Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1(2), 1972.
    """
    n_nodes = start.size - 1
    component, number, lowest = np.full(n_nodes, -1, np.int64), np.zeros(n_nodes, np.int64), np.empty(n_nodes, np.int64)
    arc, trail, stack = start[:-1].copy(), np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int64)
    n_components, n_met, height = 0, 0, 0
    for root in range(n_nodes):
        if number[root]:
            continue
        depth, entered = 0, root
        while depth >= 0:
            if entered >= 0:
                n_met += 1
                number[entered], lowest[entered], trail[depth], stack[height] = n_met, n_met, entered, entered
                height += 1
                entered = -1
            node = trail[depth]
            if arc[node] < start[node + 1]:
                far = end[arc[node]]
                arc[node] += 1
                if not number[far]:
                    depth, entered = depth + 1, far
                elif component[far] < 0:
                    lowest[node] = min(lowest[node], number[far])
                continue
            depth -= 1
            if depth >= 0:
                lowest[trail[depth]] = min(lowest[trail[depth]], lowest[node])
            if lowest[node] == number[node]:
                height = _close(node, component, n_components, stack, height)
                n_components += 1
    return component, n_components


@light
def _close(node, component, number, stack, height):  # type: ignore[no-untyped-def]
    """Take a component off the stack, down to its first ``node``; the answer is how high the stack is now."""
    while True:
        height -= 1
        component[stack[height]] = number
        if stack[height] == node:
            return height
