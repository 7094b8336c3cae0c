"""Runs every benchmark, each in a process of its own with one thread, and writes ``docs/performance.md``.

``python -m benchmarks`` measures them all; ``python -m benchmarks scoring`` only prints that one.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import subprocess
import sys
import tempfile
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import benchmarks
from benchmarks.tools.section import Section

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Variables that hold every library to one thread; they must be set before it is imported."""


def names() -> list[str]:
    """Every benchmark: the plain modules of this package."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.ispkg]
    return sorted((name for name in found if not name.startswith("_")), reverse=True)


def measured(name: str) -> Section:
    """Run one benchmark in a fresh process."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "section.json"
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        subprocess.run(  # noqa: S603  this very Python, and a module named above
            [sys.executable, "-m", "benchmarks", name, "--to", str(answer)], cwd=ROOT, env=environment, check=True
        )
        return Section.of_json(answer.read_text("utf-8"))


def main() -> None:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=names(), help="measure this one only, and print it")
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.to is not None:
        asked.to.write_text(import_module(f"benchmarks.{asked.name}").measure().json(), "utf-8")
        return
    from benchmarks.tools import machine, page  # noqa: PLC0415  a measuring process draws nothing

    sections = [measured(name) for name in ([asked.name] if asked.name else names())]
    print("\n\n".join(page.in_words(section) for section in sections))
    if not asked.name:
        day = datetime.now(ZoneInfo("Europe/Copenhagen")).date()
        written = page.write_page(sections, ROOT / "docs", day=day, facts=machine.facts())
        print(f"\n{written.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
