"""Walks that cool down, two at a time, each round from the best plan so far; steps are counted, so runs can be repeated."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import pairwise
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.groups.grouping import Groups
    from matcher.calendar.running.solver import Clock
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.walk.anneal import Kept
    from matcher.calendar.walk.state import Ground

CHAINS = 2
"""Walks of a round, whatever the number of processors, so that this does not change the plan."""
HEATS = ((0.4, 0.02), (0.25, 0.02))
"""In changes: where a walk of the first round begins and ends, and one of a later round."""
CHUNK = 40_000
"""Steps between two looks at the clock: less than a tenth of a second."""
TOLD, LOOKED = 0.5, 0.02
COMPILING = 20.0
"""Seconds that compiling the walk may take; with less left it is not begun."""
TURNS = 1000
"""More than there are rounds, so that no two seeds share one."""
NO_VALUE = 1e18


def cooled(
    draft: Draft, groups: Groups, most_unmet: int, seed: int, turn: int, steps: int, watch: Watch
) -> list[tuple[Draft, Groups]]:
    """The best plans of the walks of one round from this plan; ``turn`` numbers the round. None where the clock was up first.

    No plan leaves more than ``most_unmet`` units unmet; each has as many meetings as this one.
    """
    if not len(draft.held) or not len(draft.entries) or not _compiled_in_time(watch.clock):
        return []
    from matcher.calendar.walk.ground import ground_of, plan_of  # noqa: PLC0415  numba takes long to load

    ground = ground_of(draft.sessions, len(draft.held))
    chains = [_Chain(ground, draft, groups, most_unmet, CHAINS * (TURNS * seed + turn) + k) for k in range(CHAINS)]
    heats = HEATS[min(turn, 1)]
    with ThreadPoolExecutor(CHAINS) as pool:
        running = [pool.submit(one.walk, steps, heats, watch.clock) for one in chains]
        _wait(running, chains, watch)
    found = [one.kept for one in chains if one.kept.value[0] < NO_VALUE]
    return [plan_of(draft.sessions, ground, kept.meeting, kept.people, kept.person, kept.group) for kept in found]


def _wait(running: list[Future[None]], chains: list[_Chain], watch: Watch) -> None:
    """Tell how far the walks are until they end."""
    while wait(running, TOLD).not_done:
        value = min(one.kept.value[0] for one in chains)
        if value < NO_VALUE:
            watch.tell("changes", chains[0].changes(value), 0)
    for one in running:
        one.result()


class _Chain:
    def __init__(self, ground: Ground, draft: Draft, groups: Groups, most_unmet: int, seed: int) -> None:
        from matcher.calendar.walk.anneal import Kept  # noqa: PLC0415
        from matcher.calendar.walk.ground import walk_of  # noqa: PLC0415

        self.ground, self.most_unmet = ground, most_unmet
        self.state = walk_of(draft, groups, seed)
        s = self.state
        self.kept: Kept = Kept(s.meeting.copy(), s.people.copy(), s.person.copy(), s.group.copy(), np.array([NO_VALUE]))

    def walk(self, steps: int, heats: tuple[float, float], clock: Clock) -> None:
        """Cool down in chunks until the clock is up."""
        from matcher.calendar.walk.anneal import WORTH, walked  # noqa: PLC0415

        hot, cold = heats
        edges = [*range(0, steps, CHUNK), steps]
        for first, last in pairwise(edges):
            if clock.calls_time():
                return
            begin, end = (hot * (cold / hot) ** (at / steps) for at in (first, last))
            walked(self.ground, self.state, WORTH, self.kept, self.most_unmet, last - first, begin, end)

    @staticmethod
    def changes(value: float) -> int:
        """Changes of a kept value."""
        from matcher.calendar.walk.anneal import KEY  # noqa: PLC0415

        return int(value // KEY)


def _compiled_in_time(clock: Clock) -> bool:
    """Load or compile the walk; whether that was done before time was up (compiling cannot be ended, only left behind).

    Whatever loading it raises is raised here.
    """
    loaded: Future[bool] = Future()
    Thread(target=_load, args=(loaded, clock.left()), daemon=True).start()
    while not loaded.done() and not clock.calls_time():
        wait([loaded], LOOKED)
    if loaded.done() and not loaded.result():
        clock.cut = True  # with more time there would have been a walk
    return loaded.done() and loaded.result()


def _load(loaded: Future[bool], left: float | None) -> None:
    """Load the walk, or compile it where so many seconds are enough for that; whether that was done."""
    try:
        from matcher.calendar.walk.anneal import is_compiled, load  # noqa: PLC0415

        enough = left is None or left >= COMPILING or is_compiled()
        if enough:
            load()
        loaded.set_result(enough)
    except Exception as error:  # noqa: BLE001  whatever it is, who waits must hear of it
        loaded.set_exception(error)
