"""What the tests run many times, in a module that a new process imports at once."""

from __future__ import annotations

import math
import os


def summed(task: int) -> tuple[int, float]:
    """Where it ran, and a sum whose last bit depends on its order."""
    return os.getpid(), sum(math.sin(task * n) for n in range(1, 2000))


def failing(task: int) -> int:
    if task == 2:
        raise ArithmeticError("two")
    return task
