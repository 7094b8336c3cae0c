"""How much a test tries: a part in the ordinary run, all of trust's figures in the long run."""

from __future__ import annotations

import os

LONG = os.environ.get("MATCHER_LONG") == "1"


def volume(*, ci: int, long: int) -> int:
    """The number of cases for this run."""
    return long if LONG else ci
