"""Loops that run as plain Python on small questions and compiled on large ones, with the same numbers either way.

Compiled code must be loaded, and that alone takes longer than a small question does. Nobody knows how many questions a
process will get, so it does as one who may rent or buy: it runs plain until that has cost as much as loading would have,
this question included, and is compiled from then on; it never costs more than twice the best choice [1]_.

.. [1] A. Karlin, M. Manasse, L. Rudolph and D. Sleator, Competitive snoopy caching, Algorithmica 3, 1988.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, TypeAlias

from matcher.compiling import compiled

Reading: TypeAlias = Literal["plain", "compiled"]

LOADING = 400_000
"""What loading numba and the compiled loops costs, in steps. A step is about a microsecond of plain Python."""

_asked: ContextVar[Reading | None] = ContextVar("reading", default=None)
_parts: list[Callable[..., Any]] = []


class _Account:
    """Steps that this process has run plain, up to the price of loading."""

    def __init__(self) -> None:
        self.spent = 0
        self._lock = threading.Lock()

    def pays(self, steps: int) -> bool:
        with self._lock:
            self.spent = min(self.spent + steps, LOADING)
            return self.spent >= LOADING


_account = _Account()


def ready_for(steps: int) -> bool:
    """Whether compiled code should answer a question of so many steps; the steps of one that stays plain are noted."""
    asked = _asked.get()
    return _account.pays(steps) if asked is None else asked == "compiled"


@contextmanager
def reading(wanted: Reading) -> Iterator[None]:
    """Within it, in this thread, questions of every size are answered plain, or compiled."""
    before = _asked.set(wanted)
    try:
        yield
    finally:
        _asked.reset(before)


class Loop:
    """A loop with two readings; each call takes the one that its steps ask for. Compiled code may call it too."""

    def __init__(self, body: Callable[..., Any], steps: Callable[..., int]) -> None:
        self.plain = body
        self.steps = steps
        functools.update_wrapper(self, body)

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401  arrays and numbers, as the body takes them
        """Answer by the reading that pays."""
        return (self.compiled if ready_for(int(self.steps(*arguments))) else self.plain)(*arguments)

    @functools.cached_property
    def compiled(self) -> Callable[..., Any]:
        """The body as numba's dispatcher; its code is kept on disk."""
        from numba.extending import register_jitable  # noqa: PLC0415  importing numba takes longer than most questions

        while _parts:
            register_jitable(_parts.pop())
        dispatcher: Callable[..., Any] = compiled(self.plain)
        return dispatcher

    @property
    def _numba_type_(self) -> Any:  # noqa: ANN401
        """What numba sees where compiled code names this loop: its dispatcher."""
        return self.compiled._numba_type_  # type: ignore[attr-defined]


def loop(steps: Callable[..., int]) -> Callable[[Callable[..., Any]], Loop]:
    """Make a function a loop; ``steps`` estimates from the same arguments how many steps it will take."""
    return lambda body: Loop(body, steps)


def part(body: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function one that loops call: plain within plain ones, compiled within compiled ones."""
    _parts.append(body)
    return body
