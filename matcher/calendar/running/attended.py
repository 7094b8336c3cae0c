"""Work in threads, while the main one waits: it alone hears Ctrl-C, and then has the work end with what there is.

A signal is heard between any two steps of the main thread. Were the work done there, an interrupt could fall anywhere in it.
"""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from matcher.calendar.running.watch import Progress, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOKED = 0.05
"""Seconds between two looks of the main thread."""
Answer = TypeVar("Answer")


def attended(
    jobs: Sequence[Callable[[], Answer]], stop: Callable[[], None], tell: Callable[[], None], workers: int
) -> list[Answer]:
    """The answers of all jobs, in their order.

    Parameters
    ----------
    jobs : what is done, so many at a time as there are ``workers``.
    stop : makes every job end with what it has; called from the first Ctrl-C on, or once a job has failed, until all have ended.
    tell : passes on what the jobs say; called all the while from the main thread. It may raise ``KeyboardInterrupt`` too.
    """
    with ThreadPoolExecutor(workers) as pool:
        running: list[Future[Answer]] = []
        stopped = False
        while True:
            try:
                while len(running) < len(jobs):
                    running.append(pool.submit(jobs[len(running)]))
                done, left = wait(running, LOOKED, FIRST_EXCEPTION)
                if stopped or any(one.exception() for one in done):
                    stop()
                else:
                    tell()
                if not left:
                    return [one.result() for one in running]
            except KeyboardInterrupt:
                stopped = True


class Relay:
    """Carries progress from the thread that works to the one that waits."""

    def __init__(self, watch: Watch) -> None:
        self._news: SimpleQueue[Progress] = SimpleQueue()
        self._listener = watch.listener
        self.watch = Watch(watch.clock, self._news.put)

    def tell(self) -> None:
        """Pass on what has come."""
        while True:
            try:
                progress = self._news.get_nowait()
            except Empty:
                return
            if self._listener is not None:
                self._listener(progress)
