"""Exit codes of the contract, in one place, and what a person is told beside them."""

from __future__ import annotations

from enum import IntEnum

from matcher.errors import CaseError, InfeasibleError, MatcherError, TimeLimitError, UsageError
from matcher.settings import SettingError


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    NO_ANSWER = 1
    REFUSED = 2
    OUT_OF_TIME = 3
    BROKEN = 70
    INTERRUPTED = 130


def exit_of(error: MatcherError) -> Exit:
    """Exit code that an error ends a command with; ``BROKEN`` is this product's own fault."""
    if isinstance(error, InfeasibleError):
        return Exit.NO_ANSWER
    if isinstance(error, CaseError | UsageError | SettingError):
        return Exit.REFUSED
    return Exit.OUT_OF_TIME if isinstance(error, TimeLimitError) else Exit.BROKEN
