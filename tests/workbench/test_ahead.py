"""What is compiled ahead is all that large questions need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
import sys
from pathlib import Path
from matcher.loops import Loop
from workbench.ahead import compile_all
compile_all()
loops = []
for name, module in sorted(sys.modules.items()):
    if name.startswith(("matcher.assignment.", "matcher_fused_")):
        own = [value for value in vars(module).values() if getattr(value, "__module__", "") == name]
        loops += [value.compiled if isinstance(value, Loop) else value for value in own if hasattr(value, "_numba_type_")]
kept = [Path(loop.stats.cache_path, loop._cache._cache_file._index_name) for loop in loops if loop.stats.cache_path]
print(len(kept), *(path.name for path in kept if not path.exists()))
"""


def test_every_loop_of_the_solvers_is_compiled_and_kept():
    """Each has an index of compiled code on disk, the loops that only other loops call too."""
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    number, *missing = done.stdout.split()
    assert int(number) > 20
    assert missing == []
