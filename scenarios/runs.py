"""Many runs of one function: here, in processes of this machine, or on a Dask cluster; the results are the same, bit for bit."""

from __future__ import annotations

import signal
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from matcher.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = Callable[[int, int], None]
"""Is told how many runs are done, and of how many."""

STARTING = 3.0
"""Seconds until the processes of a pool have started and imported what they need (measured: 2 to 4)."""
CONNECTING = 4.0
"""Seconds that a cluster's scheduler has to answer in."""
ANSWERING = 10.0
"""Seconds that its workers then have for the first result."""


class Runs(Iterator[Result], Generic[Result]):
    """Results in the order of their tasks, each as soon as it and all before it are done.

    An interrupt ends them early: what was done has been given out, ``interrupted`` is true, and no process is left. Whoever
    may stop before the end uses ``with``, or calls ``close``.
    """

    def __init__(self, source: Generator[Result, None, None], number: int, progress: Told | None) -> None:
        self._source, self._number, self._progress = source, number, progress
        self.done, self.interrupted = 0, False

    def __next__(self) -> Result:
        try:
            found = next(self._source)
        except KeyboardInterrupt:
            self.interrupted = True
            raise StopIteration from None
        self.done += 1
        if self._progress is not None:
            self._progress(self.done, self._number)
        return found

    def close(self) -> None:
        """Give up what is not done."""
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # joblib's, that not all was used: that is why
            self._source.close()

    def __enter__(self) -> Runs[Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def run_all(
    tasks: Sequence[Task],
    function: Callable[[Task], Result],
    *,
    workers: int = 1,
    cluster: str | None = None,
    progress: Told | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Runs[Result]:
    """Run a function on each task.

    Parameters
    ----------
    function
        Depends on its task alone; it and the tasks can be pickled. A fault of it is raised here, and ends the others.
    workers
        So many processes at most. They are started only where that saves more time than it takes: the first run is timed here.
    cluster
        Address of a Dask scheduler, such as ``tcp://10.0.0.7:8786``, on whose workers this project is installed; ``workers``
        is then the cluster's own affair.
    clock
        Seconds since any fixed moment. It decides where something runs, never what comes out.

    Raises
    ------
    UsageError
        ``cluster_needs_dask``, ``cluster_silent``: while the results are read.
    """
    if cluster is not None:
        source = _on_cluster(tasks, function, cluster)
    elif workers > 1:
        source = _where_faster(tasks, function, workers, clock)
    else:
        source = (_called(function, task) for task in tasks)
    return Runs(source, len(tasks), progress)


def _called(function: Callable[[Task], Result], task: Task) -> Result:
    with interrupts_heard():
        return function(task)


@contextmanager
def interrupts_heard() -> Iterator[None]:
    """Compiled code that is interrupted says so in another error's clothes; this takes them off."""
    try:
        yield
    except SystemError as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from None
        raise


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an interrupt stands behind an error, however many others lie between."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _where_faster(
    tasks: Sequence[Task], function: Callable[[Task], Result], workers: int, clock: Callable[[], float]
) -> Generator[Result, None, None]:
    """Begin here, and go over to processes once the rest would gain by it."""
    fastest = 0.0
    for number, task in enumerate(tasks):
        left = len(tasks) - number
        if fastest * (left - -(-left // workers)) > STARTING:
            yield from _in_processes(tasks[number:], function, workers)
            return
        began = clock()
        found = _called(function, task)
        spent = clock() - began
        fastest = min(fastest, spent) if number else spent
        yield found


def _in_processes(tasks: Sequence[Task], function: Callable[[Task], Result], workers: int) -> Generator[Result, None, None]:
    """Run them in processes, which stay for the next runs unless these are broken off; arrays are handed over, never shared."""
    from joblib import Parallel, delayed  # type: ignore[import-untyped]  # noqa: PLC0415  only where it pays

    pool = Parallel(n_jobs=workers, backend="loky", return_as="generator", max_nbytes=None, initializer=_deaf)
    try:
        yield from pool(delayed(_called)(function, task) for task in tasks)
    except BaseException:
        end_processes()
        raise


def _deaf() -> None:
    """The keyboard's interrupt is for the process that reads the results; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end_processes() -> None:
    """End the processes that wait for more runs, where there are any; at the end of this process they end by themselves."""
    from joblib.externals.loky import get_reusable_executor  # type: ignore[import-untyped]  # noqa: PLC0415

    get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)


def _on_cluster(tasks: Sequence[Task], function: Callable[[Task], Result], address: str) -> Generator[Result, None, None]:
    """Run them on the workers of a Dask cluster."""
    from joblib import Parallel, delayed, parallel_config  # noqa: PLC0415

    with _client(address) as client:
        with parallel_config("dask", client=client, wait_for_workers_timeout=ANSWERING):
            pool = Parallel(n_jobs=-1, return_as="generator")  # keeps this backend; whoever reads the results is not in it
        try:
            yield from pool(delayed(function)(task) for task in tasks)
        except TimeoutError:
            raise UsageError("cluster_silent", cluster=address) from None


def _client(address: str) -> Any:  # noqa: ANN401  Dask is not there for everybody
    try:
        from distributed import Client  # noqa: PLC0415  only whoever has a cluster has it
        from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415
    except ImportError:
        raise UsageError("cluster_needs_dask") from None
    try:
        get_address_host_port(address)  # a client of no address would wait for itself when it is cleared away
        return Client(address, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise UsageError("cluster_silent", cluster=address) from None
