"""Shortest paths in residual networks: loops over plain arrays, all lengths int64; plain or compiled (``matcher.loops``)."""

from __future__ import annotations

import numpy as np

from matcher.loops import loop, part

FAR = 2**62


@loop(steps=lambda key, n_keys: key.size + n_keys)
def grouped(key, n_keys):  # type: ignore[no-untyped-def]
    """Positions by key, in their own order: those of key k are ``position[start[k]:start[k + 1]]`` (counting sort)."""
    start = np.zeros(n_keys + 1, dtype=np.int64)
    for k in key:
        start[k + 1] += 1
    for k in range(n_keys):
        start[k + 1] += start[k]
    free = start[:-1].copy()
    position = np.empty(key.size, dtype=np.int64)
    for i in range(key.size):
        position[free[key[i]]] = i
        free[key[i]] += 1
    return start, position


@loop(steps=lambda start, end, *_: start.size + end.size)
def spread(start, end, length, root):  # type: ignore[no-untyped-def]
    """Lengths of the shortest paths from ``root`` to every node, FAR where there is none; lengths may be negative.

    Arcs of node x are ``start[x]:start[x + 1]``. Bellman and Ford's labels, corrected from a queue. The second answer is
    False where a cycle of negative length was met (a path of as many arcs as there are nodes).
    """
    n_nodes = start.size - 1
    label = np.full(n_nodes, FAR, dtype=np.int64)
    arcs_of_path = np.zeros(n_nodes, dtype=np.int64)
    waiting = np.zeros(n_nodes, dtype=np.bool_)
    queue = np.empty(n_nodes, dtype=np.int64)
    label[root], waiting[root], queue[0] = 0, True, root
    first, size = 0, 1
    while size:
        node = queue[first]
        first, size = (first + 1) % n_nodes, size - 1
        waiting[node] = False
        for arc in range(start[node], start[node + 1]):
            far = end[arc]
            candidate = label[node] + length[arc]
            if candidate < label[far]:
                label[far] = candidate
                arcs_of_path[far] = arcs_of_path[node] + 1
                if arcs_of_path[far] >= n_nodes:
                    return label, False
                if not waiting[far]:
                    waiting[far] = True
                    queue[(first + size) % n_nodes] = far
                    size += 1
    return label, True


@part
def _reach(root, radius, graph, pending, waiting_for, label, came_from, work):  # type: ignore[no-untyped-def]
    """Dijkstra from ``root``, no length negative, until it has met ``waiting_for`` ``pending`` nodes or all within reach.

    ``graph`` is (start, end, length). ``label`` is FAR everywhere before. The pending nodes that are less than ``radius``
    away get their distance in it, and ``came_from`` leads from them to the root. ``work`` is (touched, heap, place): of
    the answer's n, the first n ``touched`` are those whose label has changed.
    """
    start, end, length = graph
    touched, heap, place = work
    label[root], touched[0], heap[0], place[root] = 0, root, root, 0
    n_touched, size = 1, 1
    while size:
        node = heap[0]
        waiting_for -= pending[node]
        if not waiting_for:
            break
        size -= 1
        if size:
            _sink(heap[size], size, heap, place, label)
        for arc in range(start[node], start[node + 1]):
            far = end[arc]
            candidate = label[node] + length[arc]
            if candidate < radius and candidate < label[far]:
                if label[far] == FAR:
                    touched[n_touched], place[far] = far, size
                    n_touched, size = n_touched + 1, size + 1
                label[far], came_from[far] = candidate, node
                _rise(far, heap, place, label)
    return n_touched


@loop(steps=lambda _, __, graph, *___: graph[0].size + graph[1].size)
def reach(root, radius, graph, pending, waiting_for, label, came_from, work):  # type: ignore[no-untyped-def]
    """One search: see ``_reach``."""
    return _reach(root, radius, graph, pending, waiting_for, label, came_from, work)


@part
def _rise(node, heap, place, label):  # type: ignore[no-untyped-def]
    """Move ``node`` up the binary heap to where its label belongs."""
    here = place[node]
    while here and label[heap[(here - 1) // 2]] > label[node]:
        heap[here] = heap[(here - 1) // 2]
        place[heap[here]] = here
        here = (here - 1) // 2
    heap[here], place[node] = node, here


@part
def _sink(node, size, heap, place, label):  # type: ignore[no-untyped-def]
    """Put ``node`` at the top of the heap of ``size`` nodes and move it down to where its label belongs."""
    here, child = 0, 1
    while child < size:
        if child + 1 < size and label[heap[child + 1]] < label[heap[child]]:
            child += 1
        if label[heap[child]] >= label[node]:
            break
        heap[here] = heap[child]
        place[heap[here]] = here
        here, child = child, 2 * child + 1
    heap[here], place[node] = node, here


@loop(steps=lambda root, _, __, graph: (1 + np.count_nonzero(np.diff(root))) * graph[1].size)
def reach_each(root, wanted, radius, graph):  # type: ignore[no-untyped-def]
    """The distance of each ``wanted[i]`` from ``root[i]``, FAR where it is ``radius[root[i]]`` or more; roots are sorted."""
    n_nodes = graph[0].size - 1
    label, pending = np.full(n_nodes, FAR, dtype=np.int64), np.zeros(n_nodes, dtype=np.bool_)
    came_from = np.zeros(n_nodes, dtype=np.int32)
    work = (np.zeros(n_nodes, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32))
    distance = np.empty(wanted.size, dtype=np.int64)
    first = 0
    while first < wanted.size:
        last = first
        while last < wanted.size and root[last] == root[first]:
            pending[wanted[last]] = True
            last += 1
        n_touched = _reach(root[first], radius[root[first]], graph, pending, last - first, label, came_from, work)
        for i in range(first, last):
            distance[i], pending[wanted[i]] = label[wanted[i]], False
        for node in work[0][:n_touched]:
            label[node] = FAR
        first = last
    return distance


@loop(steps=lambda near, _, n_nodes, __: near.size + n_nodes)
def breadth_first(near, far, n_nodes, root):  # type: ignore[no-untyped-def]
    """The node before each node on a way from ``root`` with the fewest arcs ``near -> far``; -1 where there is none."""
    start, position = grouped(near, n_nodes)
    parent = np.full(n_nodes, -1, dtype=np.int32)
    queue = np.zeros(n_nodes, dtype=np.int32)
    parent[root], queue[0], first, last = root, root, 0, 1
    while first < last:
        node = queue[first]
        first += 1
        for slot in range(start[node], start[node + 1]):
            end = far[position[slot]]
            if parent[end] < 0:
                parent[end], queue[last] = node, end
                last += 1
    return parent
