"""What every test begins with."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> None:
    """Whatever ran before: a shell that runs the tests in the background has them ignore it, and what they start would too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
