"""``python -m workbench``: the command ``matcher``."""

from __future__ import annotations

import os
import sys

from workbench.cli import main
from workbench.timer import HELD

if __name__ == "__main__":
    code = main()
    if HELD in os.environ:  # at a time limit: the answer is out, and Python takes its time to end
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
