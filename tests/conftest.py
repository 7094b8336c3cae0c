"""What all tests begin with."""

from __future__ import annotations

import signal

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would every program that they start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
